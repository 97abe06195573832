"""Whether the additions to the equations earn their place: the same search without each of them, scored alike."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from neurokit.calibration.description import Description
from neurokit.calibration.model import Model
from neurokit.calibration.records import FIT, Record
from neurokit.calibration.result import Ablation, Answers
from neurokit.calibration.scores import scores_of
from neurokit.calibration.search import Effort, search
from neurokit.device.film import ACTIVE_ADDITIONS, ADDITIONS
from neurokit.vacancy.model import Floats


def ablated(
    description: Description, whole: Floats, effort: Effort, executor: Executor, say: Callable[[str], None]
) -> tuple[Ablation, ...]:
    """The whole model at the point of its fit, then without each addition that it uses, then without all of them."""
    used = additions_of(description)
    left_out = [(name,) for name in used] + ([used] if len(used) > 1 else [])
    found = [_scored(description, (), whole)]
    for names in left_out:
        say(f"without {', '.join(names)}")
        fewer = without(description, names)
        point = search(fewer, effort, executor, say)[0].point if fewer.free else np.zeros(0)
        found.append(_scored(fewer, names, point))
    return tuple(found)


def additions_of(description: Description) -> tuple[str, ...]:
    """The additions that do something in the described device."""
    free = {item.name for item in description.free}
    return tuple(
        name
        for name in ACTIVE_ADDITIONS
        if name in free or description.fixed.get(name, getattr(description.base.film, name)) != ADDITIONS[name]
    )


def without(description: Description, additions: Sequence[str]) -> Description:
    """The description with these additions neutral, and what only shapes them held."""
    gone = set(additions)
    if "u_reversible" in gone:
        gone |= ADDITIONS.keys() - set(ACTIVE_ADDITIONS)
    return replace(
        description,
        fixed={**description.fixed, **{name: ADDITIONS[name] for name in sorted(gone)}},
        free=tuple(item for item in description.free if item.name not in gone),
    )


def _scored(description: Description, gone: tuple[str, ...], point: Floats) -> Ablation:
    model = Model(description, description.measured)
    answers = [Answers(*pair) for pair in zip(model.records, model.predictions(point), strict=True)]
    scores = [score for answer in answers for score in scores_of(answer) if not score.explained]
    return Ablation(
        without=gone,
        parameters=len(description.free),
        fitted=_rms(description, [record for record in description.measured if record.use == FIT], point),
        checked=_rms(description, description.checked, point),
        missed=tuple(f"{s.record}: {s.quantity}" + (f" ({s.words})" if s.words else "") for s in scores),
    )


def _rms(description: Description, records: Sequence[Record], point: Floats) -> float:
    model = Model(description, tuple(records))
    return float(np.sqrt(model.cost(point) / model.known)) if model.known else np.nan
