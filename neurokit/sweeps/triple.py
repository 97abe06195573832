"""The triple point: where the boundaries un-firing/oscillating and oscillating/firing meet, and how well that is known.

Each boundary is a line near its end: fitted to the crossings that are closest, the two are extended until they meet.
The uncertainty is that of the fits, from the width of the crossings and from how far they lie off a line. Beside it
stands what was seen without any fit: up to where un-firing turned into firing directly, and from where on the neuron
oscillated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurokit.spikes.regime import Regime
from neurokit.sweeps.boundary import Crossing
from neurokit.sweeps.lattice import Lattice

Floats = NDArray[np.float64]

NEAREST = 10  # crossings of each boundary that the lines are fitted to
FEWEST = 4

ONSET = frozenset({Regime.UN_FIRING, Regime.OSCILLATING})
LATCHING = frozenset({Regime.OSCILLATING, Regime.FIRING})
DIRECT = frozenset({Regime.UN_FIRING, Regime.FIRING})


@dataclass(frozen=True)
class TripleEstimate:
    """A triple point in the units of the two axes, each number with its standard uncertainty."""

    first: float
    first_error: float
    second: float
    second_error: float
    last_without: float  # largest value of the first axis at which un-firing was seen to turn into firing directly
    first_with: float  # smallest at which oscillation was seen


def triple_estimate(lattice: Lattice, found: Sequence[Crossing]) -> TripleEstimate | None:
    """The triple point of a diagram of two axes, or None where its boundaries do not meet in it."""
    if len(lattice.axes) != 2:
        return None
    onset, latching, direct = (_places(lattice, found, kind) for kind in (ONSET, LATCHING, DIRECT))
    if min(len(onset), len(latching)) < FEWEST:
        return None
    tip = _tip(onset, latching)
    lines = [_line(_nearest(places, tip), _half_width(lattice)) for places in (onset, latching)]
    meeting = _meeting(*lines)
    if meeting is None:
        return None
    (x, y), (dx, dy) = meeting
    if not (-0.05 <= x <= 1.05 and -0.05 <= y <= 1.05):
        return None
    first, second = lattice.axes
    return TripleEstimate(
        first=first.value(x),
        first_error=(first.value(x + dx) - first.value(x - dx)) / 2,
        second=second.value(y),
        second_error=(second.value(y + dy) - second.value(y - dy)) / 2,
        last_without=first.value(float(direct[:, 0].max())) if len(direct) else first.low,
        first_with=first.value(float(np.concatenate([onset, latching])[:, 0].min())),
    )


def _places(lattice: Lattice, found: Sequence[Crossing], kind: frozenset[Regime]) -> Floats:
    """The middles of these crossings, in the unit square; those along the second axis, which cross it cleanly."""
    rows = [
        np.add(lattice.position(c.low), lattice.position(c.high)) / 2
        for c in found
        if {c.below, c.above} == kind and c.low[0] == c.high[0]
    ]
    return np.array(rows).reshape(-1, 2)


def _half_width(lattice: Lattice) -> float:
    return 0.5 / lattice.sizes[1]


def _tip(onset: Floats, latching: Floats) -> Floats:
    """Half-way between the closest two of their crossings."""
    gaps = np.linalg.norm(onset[:, None] - latching[None], axis=2)
    a, b = np.unravel_index(np.argmin(gaps), gaps.shape)
    return np.asarray((onset[a] + latching[b]) / 2)


def _nearest(places: Floats, tip: Floats) -> Floats:
    return places[np.argsort(np.linalg.norm(places - tip, axis=1), kind="stable")[:NEAREST]]


def _line(places: Floats, half_width: float) -> tuple[Floats, Floats]:
    """y = a + b x through these places: (a, b) and their covariance, which grows where they are off a line."""
    x, y = places.T
    sigma = half_width / 3**0.5  # a crossing is anywhere between its two sites
    design = np.column_stack([np.ones_like(x), x])
    solution = np.linalg.lstsq(design, y, rcond=None)[0]
    scatter = float(np.sum((y - design @ solution) ** 2)) / max(len(x) - 2, 1)
    covariance = np.linalg.pinv(design.T @ design) * max(scatter, sigma**2)
    return solution, covariance


def _meeting(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Where two lines meet, and the standard uncertainty of both numbers to first order."""
    (a, b), cov_one = one
    (c, d), cov_other = other
    if abs(b - d) < 1e-9:
        return None
    x = (c - a) / (b - d)
    y = a + b * x
    by_one = np.array([-1.0, -x]) / (b - d)  # derivatives of x by (a, b) and by (c, d)
    by_other = -by_one
    y_by_one, y_by_other = np.array([1.0, x]) + b * by_one, b * by_other
    var_x = by_one @ cov_one @ by_one + by_other @ cov_other @ by_other
    var_y = y_by_one @ cov_one @ y_by_one + y_by_other @ cov_other @ y_by_other
    return (float(x), float(y)), (float(var_x) ** 0.5, float(var_y) ** 0.5)
