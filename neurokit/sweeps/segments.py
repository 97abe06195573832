"""The boundaries of a two-axis diagram as straight pieces, one cell at a time, with a regime on either side.

On the border of a cell every place is known at which the regime changes. Two places of the same change are joined by a
straight line; where three changes meet, each is joined to their middle. The regime at any point is then that of the
side of the nearest piece on which it lies: nothing comes between it and that piece.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurokit.spikes.regime import Regime
from neurokit.sweeps.boundary import Crossing, Known, crossings
from neurokit.sweeps.lattice import Lattice, Site

Floats = NDArray[np.float64]

_AT_ONCE = 2000  # places, for the size of the arrays
_SQUARELY = 1e-9


@dataclass(frozen=True)
class Segment:
    """A straight piece of a boundary in the unit square; going from `start` to `end`, `left` lies on the left."""

    start: tuple[float, float]
    end: tuple[float, float]
    left: Regime
    right: Regime


def segments(lattice: Lattice, known: Known) -> list[Segment]:
    """Every piece of boundary that these points show."""
    by_edge = _crossings_by_line(crossings(known))
    return [piece for origin, step in _leaves(lattice, known) for piece in _in_cell(lattice, by_edge, origin, step)]


def regimes_at(pieces: Sequence[Segment], places: Floats) -> list[Regime]:
    """The regime at each place of the unit square, by the side of the nearest piece."""
    starts, ends = (np.array([getattr(p, name) for p in pieces]) for name in ("start", "end"))
    regimes: list[Regime] = []
    for k in range(0, len(places), _AT_ONCE):
        some = places[k : k + _AT_ONCE, None]
        way, to = ends - starts, some - starts
        across = way[:, 0] * to[..., 1] - way[:, 1] * to[..., 0]
        length = np.hypot(*way.T)
        share = np.clip(np.sum(to * way, axis=-1) / length**2, 0, 1)
        distance = np.linalg.norm(to - share[..., None] * way, axis=-1)
        # Of two pieces that meet in the nearest place, the one that the point lies more squarely beside tells the side.
        best = np.argmin(distance - _SQUARELY * np.abs(across) / length, axis=1)
        on_left = across[np.arange(len(some)), best] > 0
        regimes += [pieces[n].left if left else pieces[n].right for n, left in zip(best, on_left, strict=True)]
    return regimes


def _leaves(lattice: Lattice, known: Known) -> Iterable[tuple[Site, int]]:
    """The cells that are not cut any further, with the length of their sides."""
    cells = [(origin, lattice.step) for origin in lattice.origins()]
    while cells:
        origin, step = cells.pop()
        half = step // 2
        if half and (origin[0] + half, origin[1] + half) in known:
            cells += [(part, half) for part in lattice.corners(origin, half)]
        else:
            yield origin, step


def _crossings_by_line(found: Sequence[Crossing]) -> dict[tuple[int, int], list[Crossing]]:
    """The crossings on each line of the lattice: by the axis along which they cross and the number of the line."""
    lines: dict[tuple[int, int], list[Crossing]] = {}
    for c in found:
        axis = 0 if c.low[0] != c.high[0] else 1
        lines.setdefault((axis, c.low[1 - axis]), []).append(c)
    return lines


def _in_cell(
    lattice: Lattice, by_line: dict[tuple[int, int], list[Crossing]], origin: Site, step: int
) -> Iterable[Segment]:
    """The pieces inside one cell, from the crossings on its border in their order around it."""
    border: list[Crossing] = []
    x, y = origin
    for axis, line, start, backwards in ((0, y, x, False), (1, x + step, y, False), (0, y + step, x, True), (1, x, y, True)):
        side = [c for c in by_line.get((axis, line), []) if start <= c.low[axis] < start + step]
        side.sort(key=lambda c: c.low[axis], reverse=backwards)
        border += [Crossing(c.high, c.low, c.above, c.below) if backwards else c for c in side]
    return _joined(lattice, border)


def _joined(lattice: Lattice, border: Sequence[Crossing]) -> Iterable[Segment]:
    """Join the crossings around a cell, counter-clockwise: what one enters another of the same two regimes leaves."""
    open_: list[Crossing] = []
    for c in border:
        if open_ and {open_[-1].below, open_[-1].above} == {c.below, c.above}:
            entered = open_.pop()
            yield Segment(_place(lattice, entered), _place(lattice, c), entered.below, entered.above)
        else:
            open_.append(c)
    while len(open_) > 1 and {open_[0].below, open_[0].above} == {open_[-1].below, open_[-1].above}:
        entered, left = open_.pop(0), open_.pop()
        yield Segment(_place(lattice, entered), _place(lattice, left), entered.below, entered.above)
    if len(open_) > 1:  # three boundaries meet in this cell
        centre = tuple(float(v) for v in np.mean([_place(lattice, c) for c in open_], axis=0))
        for c in open_:
            yield Segment(_place(lattice, c), (centre[0], centre[1]), c.below, c.above)


def _place(lattice: Lattice, c: Crossing) -> tuple[float, float]:
    (a, b), (p, q) = lattice.position(c.low), lattice.position(c.high)
    return (a + p) / 2, (b + q) / 2
