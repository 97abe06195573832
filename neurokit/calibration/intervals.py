"""What the data say of each parameter: the profile of chi-square, and correlations from its slopes.

Each parameter is moved away from its best value, the others follow by least squares, until chi-square has risen by
what belongs to 95 % (3.84, times the chi-square per degree of freedom where the model explains the data less well than
their errors allow). A parameter that reaches a bound before that is not determined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from neurokit.calibration.model import Model, value_at
from neurokit.calibration.result import Interval
from neurokit.calibration.search import Found, jacobian, polished
from neurokit.device.vo2x import PARAMETER_FIELDS
from neurokit.vacancy.model import Floats

CONFIDENCE = 3.841  # of chi-square with one degree of freedom at 95 %: tables
FOLLOWS = 5  # steps of least squares by which the other parameters follow
BISECTIONS = 3
REACHES = 14  # doublings of a step at most
SMALLEST, LARGEST = 1e-4, 0.3  # of a range: the first step to a side
BETTER = 0.995  # of chi-square: what a profile finds below this is a new best point

_UNITS = {item.name: item.metadata["unit"] for item in PARAMETER_FIELDS}


@dataclass(frozen=True, eq=False)
class Profile:
    """The intervals about a point, or a better point that was found on the way."""

    point: Floats
    cost: float
    allowed: float  # chi-square up to which the data allow a device beside the best one
    intervals: tuple[Interval, ...]


def profiled(model: Model, found: Found, rivals: Sequence[Found] = (), rounds: int = 3) -> Profile:
    """Intervals of all parameters; where a profile finds a better point, about that one.

    A profile stays in its valley. `rivals` are other ends of the search: those whose chi-square is allowed too belong
    to the 95 %, and intervals reach out to them.
    """
    best = found
    for left in reversed(range(rounds)):
        intervals = []
        better: Found | None = None
        for k in range(len(best.point)):
            interval, lowest = _interval(model, best, k)
            intervals.append(interval)
            if lowest.cost < BETTER * (better or best).cost:
                better = lowest
        if better is None or not left:
            break
        best = better
    allowed = best.cost + _allowed(model, best)
    near = [model.values(rival.point) for rival in rivals if rival.cost <= allowed]
    return Profile(best.point, best.cost, allowed, tuple(_reaching(interval, near) for interval in intervals))


def correlations(model: Model, point: Floats, determined: Sequence[bool]) -> Floats:
    """Correlations of the determined parameters from the slopes of the residuals; nan for the others."""
    count = len(point)
    places = [k for k in range(count) if determined[k]]
    found = np.full((count, count), np.nan)
    if places:
        slopes = jacobian(model, point, places)
        covariance = np.linalg.pinv(slopes.T @ slopes)
        size = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
        found[np.ix_(places, places)] = np.clip(covariance / np.outer(size, size), -1, 1)
    return found


def _interval(model: Model, best: Found, k: int) -> tuple[Interval, Found]:
    free = model.description.free[k]
    allowed = _allowed(model, best)
    slopes = jacobian(model, best.point, [k])[:, 0]
    step = float(np.clip(np.sqrt(allowed / max(float(slopes @ slopes), 1e-300)), SMALLEST, LARGEST))
    (low, low_held, first), (high, high_held, second) = (
        _edge(model, best, k, sign * step, allowed) for sign in (-1, 1)
    )
    interval = Interval(
        name=free.name,
        value=value_at(free, best.point[k]),
        low=value_at(free, low),
        high=value_at(free, high),
        determined=low_held and high_held,
        unit=_UNITS.get(free.name, ""),
    )
    return interval, min((best, first, second), key=lambda end: end.cost)


def _allowed(model: Model, best: Found) -> float:
    """By how much chi-square may rise."""
    return CONFIDENCE * max(best.cost / max(model.known - len(best.point), 1), 1.0)


def _reaching(interval: Interval, near: Sequence[Mapping[str, float]]) -> Interval:
    values = [values[interval.name] for values in near]
    return replace(interval, low=min([interval.low, *values]), high=max([interval.high, *values]))


def _edge(model: Model, best: Found, k: int, step: float, allowed: float) -> tuple[float, bool, Found]:
    """Where to one side chi-square has risen by `allowed`, whether it does before the bound, the lowest point met."""
    inner, at, lowest = float(best.point[k]), best.point, best
    for _ in range(REACHES):
        outer = float(np.clip(inner + step, 0.0, 1.0))
        end = _followed(model, at, k, outer)
        lowest = min((lowest, end), key=lambda found: found.cost)
        if end.cost - best.cost >= allowed:
            return _narrowed(model, best, k, (inner, outer), at, allowed), True, lowest
        if outer in (0.0, 1.0):
            return outer, False, lowest
        inner, at, step = outer, end.point, 2 * step
    return inner, False, lowest


def _narrowed(model: Model, best: Found, k: int, span: tuple[float, float], at: Floats, allowed: float) -> float:
    inner, outer = span
    for _ in range(BISECTIONS):
        middle = (inner + outer) / 2
        end = _followed(model, at, k, middle)
        if end.cost - best.cost >= allowed:
            outer = middle
        else:
            inner, at = middle, end.point
    return (inner + outer) / 2


def _followed(model: Model, point: Floats, k: int, share: float) -> Found:
    moved = point.copy()
    moved[k] = share
    return polished(model, moved, [k], FOLLOWS)
