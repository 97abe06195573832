"""From a description to a fit: search, profile, ngspice, verdict."""

import time
from collections.abc import Callable
from concurrent.futures import Executor

from neurokit.calibration.ablation import ablated
from neurokit.calibration.confirm import Simulate, confirmed
from neurokit.calibration.description import Description
from neurokit.calibration.intervals import correlations, profiled
from neurokit.calibration.model import Model
from neurokit.calibration.predict import predicted
from neurokit.calibration.result import Answers, Fit
from neurokit.calibration.scores import scores_of, strongest_of, verdict
from neurokit.calibration.search import Effort, search

Say = Callable[[str], None]


def fit(
    description: Description, effort: Effort, executor: Executor, simulate: Simulate, say: Say, ablate: bool = False
) -> Fit:
    """The fit of a description; every number in it was computed here.

    `ablate` searches once more without each addition to the equations, as far again for each.
    """
    found = search(description, effort, executor, say)
    model = Model(description, description.fitted)
    began = time.process_time()
    say("profiles of chi-square")
    profile = profiled(model, found[0], found[1:])
    device, circuit = model.device(profile.point), model.circuit(profile.point)
    measured = [record for record in description.records if not record.assumed]
    answers = tuple(Answers(record, predicted(record, device, circuit)) for record in measured)
    say("ngspice")
    by_ngspice = confirmed(answers, device, circuit, simulate)
    scores = tuple(score for answer in answers for score in scores_of(answer))
    related = correlations(model, profile.point, [interval.determined for interval in profile.intervals])
    starts = tuple(end.cost for end in found)
    names = [interval.name for interval in profile.intervals]
    return Fit(
        description=description,
        device=device,
        circuit={name: value for name, value in circuit.items() if name in _circuit_names(description)},
        chi_square=profile.cost,
        numbers=len(model.residuals(profile.point)),
        intervals=profile.intervals,
        correlations=related,
        answers=answers,
        confirmed=by_ngspice,
        scores=scores,
        verdict=verdict(answers, by_ngspice, scores, profile.intervals, strongest_of(names, related), starts),
        starts=starts,
        seed=effort.seed,
        cpu_s=sum(end.cpu_s for end in found) + time.process_time() - began,
        evaluations=sum(end.evaluations for end in found),
        ablations=ablated(description, profile.point, effort, executor, say) if ablate else (),
    )


def _circuit_names(description: Description) -> set[str]:
    named = {part for record in description.records for part in record.circuit.values() if isinstance(part, str)}
    return named | set(description.fixed_circuit)
