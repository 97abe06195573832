"""The triple point: where the boundaries of the three regimes meet, and how well that is known.

It lies in the cell in which three boundaries meet. Each boundary is a line near its end: fitted to the crossings that
are closest, the two that border on oscillation are extended until they meet. If that is in the cell or beside it, it is
the triple point, with the uncertainty of the fits and by how far it is outside; boundaries that bend too much for lines
leave the cell itself. Where the boundaries end raggedly, in several such cells, their extent counts as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurokit.spikes.regime import Regime
from neurokit.sweeps.boundary import Crossing
from neurokit.sweeps.lattice import Lattice
from neurokit.sweeps.segments import Cell, place

Floats = NDArray[np.float64]
Line = tuple[Floats, Floats]  # offset and slope, and their covariance

NEAREST = 12  # crossings of each boundary that the lines are fitted to
FEWEST = 4

BESIDE = 2.0  # sides of the cell by which lines may meet outside it

ONSET = frozenset({Regime.UN_FIRING, Regime.OSCILLATING})
LATCHING = frozenset({Regime.OSCILLATING, Regime.FIRING})


@dataclass(frozen=True)
class TripleEstimate:
    """A triple point in the units of the two axes, each number with its standard uncertainty."""

    first: float
    first_error: float
    second: float
    second_error: float
    method: str  # "lines": where the fitted boundaries meet; "cell": in the cell that holds it or, of a grid, near it
    cells: int  # in which three boundaries meet; more than one is a ragged end, and the estimate its middle


def triple_estimate(lattice: Lattice, found: Sequence[Crossing], cells: Sequence[Cell]) -> TripleEstimate | None:
    """The triple point of a diagram of two axes, or None where its boundaries do not meet in it."""
    holding = [cell for cell in cells if cell.triple]
    if not holding:
        return None
    finest = min(cell.step for cell in holding)
    holding = [cell for cell in holding if cell.step == finest]
    low, high = _extent(lattice, holding)
    middle, half = (low + high) / 2, (high - low) / 2
    lines = _lines(lattice, found, middle)
    slip = _slip(lattice, lines)
    fitted = _meeting(*lines) if lines else None
    if fitted is not None and bool(np.all(np.abs(fitted[0] - middle) <= (1 + 2 * BESIDE) * half + slip)):
        at, error = fitted
        outside = at - np.clip(at, low, high)
        ragged = half / 3**0.5 if len(holding) > 1 else 0.0
        return _in_units(lattice, at, np.sqrt(error**2 + outside**2 + ragged**2), "lines", len(holding))
    return _in_units(lattice, middle, np.sqrt(half**2 / 3 + slip**2), "cell", len(holding))


def _extent(lattice: Lattice, cells: Sequence[Cell]) -> tuple[Floats, Floats]:
    """The smallest rectangle around these cells, in the unit square."""
    lows = np.array([lattice.position(cell.origin) for cell in cells])
    highs = np.array([lattice.position(tuple(o + cell.step for o in cell.origin)) for cell in cells])
    return lows.min(axis=0), highs.max(axis=0)


def _lines(lattice: Lattice, found: Sequence[Crossing], tip: Floats) -> "tuple[Line, Line] | None":
    """Both boundaries of the oscillation near its end, if there are enough crossings of each."""
    onset, latching = (_places(lattice, found, kind) for kind in (ONSET, LATCHING))
    if min(len(onset), len(latching)) < FEWEST:
        return None
    half_width = 0.5 / lattice.sizes[1]
    return _line(_nearest(onset, tip), half_width), _line(_nearest(latching, tip), half_width)


def _slip(lattice: Lattice, lines: "tuple[Line, Line] | None") -> Floats:
    """How far the end of the oscillation may lie beyond its cell: a wedge narrower than the finest step is not seen."""
    sides = 1 / np.array(lattice.sizes, dtype=np.float64)
    if lines is None:
        return sides
    slopes = np.array([lines[0][0][1], lines[1][0][1]])
    length = min(sides[1] / max(abs(float(slopes[0] - slopes[1])), 1e-9), 1.0)
    return np.array([length, length * float(np.abs(slopes).max())])


def _places(lattice: Lattice, found: Sequence[Crossing], kind: frozenset[Regime]) -> Floats:
    """The middles of these crossings, in the unit square; those along the second axis, which cross it cleanly."""
    rows = [place(lattice, c) for c in found if {c.below, c.above} == kind and c.low[0] == c.high[0]]
    return np.array(rows).reshape(-1, 2)


def _nearest(places: Floats, tip: Floats) -> Floats:
    return places[np.argsort(np.linalg.norm(places - tip, axis=1), kind="stable")[:NEAREST]]


def _line(places: Floats, half_width: float) -> Line:
    """y = a + b x through these places: (a, b) and their covariance, which grows where they are off a line."""
    x, y = places.T
    design = np.column_stack([np.ones_like(x), x])
    solution = np.linalg.lstsq(design, y, rcond=None)[0]
    scatter = float(np.sum((y - design @ solution) ** 2)) / max(len(x) - 2, 1)
    variance = half_width**2 / 3  # a crossing is anywhere between its two sites
    covariance = np.linalg.pinv(design.T @ design) * max(scatter, variance)
    covariance[0, 0] += variance  # and along a line that runs with the lattice all are off by the same
    return solution, covariance


def _meeting(one: Line, other: Line) -> tuple[Floats, Floats] | None:
    """Where two lines meet, and the standard uncertainty of both numbers to first order."""
    (a, b), cov_one = one
    (c, d), cov_other = other
    if abs(b - d) < 1e-9:
        return None
    x = (c - a) / (b - d)
    by_one = np.array([-1.0, -x]) / (b - d)  # derivatives of x by (a, b); those by (c, d) are the opposite
    y_by_one, y_by_other = np.array([1.0, x]) + b * by_one, -b * by_one
    var_x = by_one @ (cov_one + cov_other) @ by_one
    var_y = y_by_one @ cov_one @ y_by_one + y_by_other @ cov_other @ y_by_other
    return np.array([x, a + b * x]), np.sqrt([var_x, var_y])


def _in_units(lattice: Lattice, at: Floats, error: Floats, method: str, cells: int) -> TripleEstimate:
    numbers = [
        (axis.value(float(p)), (axis.value(float(p + dp)) - axis.value(float(p - dp))) / 2)
        for axis, p, dp in zip(lattice.axes, at, error, strict=True)
    ]
    return TripleEstimate(*numbers[0], *numbers[1], method, cells)
