"""From a description to a fit: search, profile, ngspice, verdict."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from neurokit.calibration.ablation import ablated
from neurokit.calibration.confirm import Simulate, confirmed
from neurokit.calibration.description import Description
from neurokit.calibration.intervals import correlations, profiled
from neurokit.calibration.model import Model
from neurokit.calibration.predict import predicted
from neurokit.calibration.records import CHECK, Record, over_drive
from neurokit.calibration.result import Answers, End, Fit
from neurokit.calibration.scores import confirmation, scores_of, strongest_of, verdict
from neurokit.calibration.search import Effort, search
from neurokit.device.vo2x import Vo2x
from neurokit.vacancy.model import Floats

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
    say("ngspice")
    points = [(profile.point, profile.cost), *((end.point, end.cost) for end in found[1:])]
    best, *others = [end_of(model, point, cost, profile.allowed, simulate) for point, cost in points]
    best = with_lines(best, others)
    scores = tuple(score for answer in best.answers for score in scores_of(answer))
    related = correlations(model, profile.point, [interval.determined for interval in profile.intervals])
    starts = tuple(end.cost for end in found)
    strongest = strongest_of([interval.name for interval in profile.intervals], related)
    assumed = [record.name for record in description.records if record.assumed]
    return Fit(
        description=description,
        best=best,
        others=tuple(others),
        numbers=model.known,
        intervals=profile.intervals,
        correlations=related,
        scores=scores,
        verdict=verdict(best.answers, best.confirmed, scores, profile.intervals, strongest, starts, assumed),
        starts=starts,
        seed=effort.seed,
        cpu_s=sum(end.cpu_s for end in found) + time.process_time() - began,
        evaluations=sum(end.evaluations for end in found),
        ablations=ablated(description, profile.point, effort, executor, say) if ablate else (),
    )


def end_of(model: Model, point: Floats, cost: float, allowed: float, simulate: Simulate) -> End:
    """An optimum with what it gives in every record, by the twin and by ngspice."""
    description, device, circuit = model.description, model.device(point), model.circuit(point)
    answers = tuple(
        Answers(record, predicted(record, device, circuit), _line(record, device, circuit) if cost <= allowed else ())
        for record in description.measured
    )
    by_ngspice = confirmed(answers, device, circuit, simulate)
    named = _circuit_names(description)
    return End(
        chi_square=cost,
        allowed=cost <= allowed,
        device=device,
        circuit={name: value for name, value in circuit.items() if name in named},
        answers=answers,
        confirmed=by_ngspice,
        agreement=confirmation(answers, by_ngspice),
    )


def _line(record: Record, device: Vo2x, circuit: Mapping[str, float]) -> tuple[Answers, ...]:
    """What it does over the drive of a record; rows kept apart belong to a record that has a line already."""
    asked = None if record.numbers and record.use == CHECK else over_drive(record)
    return () if asked is None else (Answers(asked, predicted(asked, device, circuit)),)


def with_lines(best: End, others: Sequence[End]) -> End:
    """The best end, each of its answers with the lines of the other ends that are not ruled out."""
    answers = [
        replace(own, lines=sum((end.answers[k].lines for end in others), own.lines))
        for k, own in enumerate(best.answers)
    ]
    return replace(best, answers=tuple(answers))


def _circuit_names(description: Description) -> set[str]:
    parts = [part for record in description.records for part in (*record.circuit.values(), record.t_ambient)]
    named = {part for part in parts if isinstance(part, str)}
    return named | set(description.fixed_circuit)
