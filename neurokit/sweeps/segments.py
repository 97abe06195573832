"""The boundaries of a two-axis diagram as straight pieces, one cell at a time, with a regime on either side.

On the border of a cell every place is known at which the regime changes. Two places of the same change are joined by a
straight line; where three changes meet, each is joined to their middle. The regime at any point of the cell is then
that of the side of the nearest piece on which it lies: nothing comes between it and that piece.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurokit.spikes.regime import Regime
from neurokit.sweeps.boundary import Crossing, Known, crossings
from neurokit.sweeps.lattice import Lattice, Site

Floats = NDArray[np.float64]

_SQUARELY = 1e-9


@dataclass(frozen=True)
class Segment:
    """A straight piece of a boundary in the unit square; going from `start` to `end`, `left` lies on the left."""

    start: tuple[float, float]
    end: tuple[float, float]
    left: Regime
    right: Regime


@dataclass(frozen=True)
class Cell:
    """A cell that is not cut any further, with what runs through it."""

    origin: Site
    step: int
    pieces: tuple[Segment, ...]
    corner: Regime | None  # regime of its first corner that has one
    triple: bool  # three boundaries meet in it


def cells(lattice: Lattice, known: Known) -> dict[tuple[Site, int], Cell]:
    """Every cell of a diagram, by its origin and the length of its sides."""
    by_line = _crossings_by_line(crossings(known))
    found = {}
    for origin, step in _leaves(lattice, known):
        pieces, triple = _joined(lattice, _around(by_line, origin, step))
        corner = next((r for c in lattice.corners(origin, step) if (r := known.get(c)) is not None), None)
        found[origin, step] = Cell(origin, step, pieces, corner, triple)
    return found


def regimes_at(lattice: Lattice, found: Mapping[tuple[Site, int], Cell], places: Floats) -> list[Regime | None]:
    """The regime at each place of the unit square; None where nothing is known."""
    members: dict[tuple[Site, int], list[int]] = {}
    for number, place in enumerate(places):
        members.setdefault(_cell_of(lattice, found, place), []).append(number)
    regimes: list[Regime | None] = [None] * len(places)
    for key, numbers in members.items():
        cell = found[key]
        inside = _by_side(cell.pieces, places[numbers]) if cell.pieces else [cell.corner] * len(numbers)
        for number, regime in zip(numbers, inside, strict=True):
            regimes[number] = regime
    return regimes


def _cell_of(lattice: Lattice, found: Mapping[tuple[Site, int], Cell], place: Floats) -> tuple[Site, int]:
    x, y = (min(int(p * size), size - 1) for p, size in zip(place, lattice.sizes, strict=True))
    step = lattice.step
    while (key := ((x - x % step, y - y % step), step)) not in found:
        step //= 2
    return key


def _by_side(pieces: Sequence[Segment], places: Floats) -> list[Regime]:
    """The regime of each place by the side of the nearest piece, on which it lies."""
    starts, ends = (np.array([getattr(p, name) for p in pieces]) for name in ("start", "end"))
    way, to = ends - starts, places[:, None] - starts
    across = way[:, 0] * to[..., 1] - way[:, 1] * to[..., 0]
    length = np.hypot(*way.T)
    share = np.clip(np.sum(to * way, axis=-1) / length**2, 0, 1)
    distance = np.linalg.norm(to - share[..., None] * way, axis=-1)
    # Of two pieces that meet in the nearest place, the one that the point lies more squarely beside tells the side.
    best = np.argmin(distance - _SQUARELY * np.abs(across) / length, axis=1)
    on_left = across[np.arange(len(places)), best] > 0
    return [pieces[n].left if left else pieces[n].right for n, left in zip(best, on_left, strict=True)]


def _leaves(lattice: Lattice, known: Known) -> Iterable[tuple[Site, int]]:
    """The cells that are not cut any further, with the length of their sides."""
    waiting = [(origin, lattice.step) for origin in lattice.origins()]
    while waiting:
        origin, step = waiting.pop()
        half = step // 2
        if half and (origin[0] + half, origin[1] + half) in known:
            waiting += [(part, half) for part in lattice.corners(origin, half)]
        else:
            yield origin, step


def _crossings_by_line(found: Sequence[Crossing]) -> dict[tuple[int, int], list[Crossing]]:
    """The crossings on each line of the lattice: by the axis along which they cross and the number of the line."""
    lines: dict[tuple[int, int], list[Crossing]] = {}
    for c in found:
        axis = 0 if c.low[0] != c.high[0] else 1
        lines.setdefault((axis, c.low[1 - axis]), []).append(c)
    return lines


def _around(by_line: Mapping[tuple[int, int], list[Crossing]], origin: Site, step: int) -> list[Crossing]:
    """The crossings on a cell's border, counter-clockwise from its origin, each as it is met."""
    border: list[Crossing] = []
    x, y = origin
    sides = ((0, y, x, False), (1, x + step, y, False), (0, y + step, x, True), (1, x, y, True))
    for axis, line, start, backwards in sides:
        side = [c for c in by_line.get((axis, line), []) if start <= c.low[axis] < start + step]
        side.sort(key=lambda c: c.low[axis], reverse=backwards)
        border += [Crossing(c.high, c.low, c.above, c.below) if backwards else c for c in side]
    return border


def _joined(lattice: Lattice, border: Sequence[Crossing]) -> tuple[tuple[Segment, ...], bool]:
    """Join the crossings around a cell: what one enters another of the same two regimes leaves.

    What remains, three crossings of three kinds as a rule, meets in the middle.
    """
    pieces: list[Segment] = []
    open_: list[Crossing] = []
    for c in border:
        if open_ and {open_[-1].below, open_[-1].above} == {c.below, c.above}:
            pieces.append(_piece(lattice, open_.pop(), c))
        else:
            open_.append(c)
    while len(open_) > 1 and {open_[0].below, open_[0].above} == {open_[-1].below, open_[-1].above}:
        pieces.append(_piece(lattice, open_.pop(0), open_.pop()))
    if len(open_) > 1:
        x, y = np.mean([place(lattice, c) for c in open_], axis=0)
        pieces += [Segment(place(lattice, c), (float(x), float(y)), c.below, c.above) for c in open_]
    return tuple(pieces), len(open_) > 1


def _piece(lattice: Lattice, entered: Crossing, left: Crossing) -> Segment:
    """From where the border enters another regime to where it leaves that: it lies on the right of the way."""
    return Segment(place(lattice, entered), place(lattice, left), entered.below, entered.above)


def place(lattice: Lattice, c: Crossing) -> tuple[float, float]:
    """The middle of a crossing, in the unit square."""
    (a, b), (p, q) = lattice.position(c.low), lattice.position(c.high)
    return (a + p) / 2, (b + q) / 2
