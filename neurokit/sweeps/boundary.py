"""Boundaries between regimes by following them: simulations go where regimes meet, and nowhere else.

    1. the corners of a coarse lattice
    2. every edge of it whose ends differ is halved, again and again: a crossing of the boundary between two sites
    3. cells in which three regimes meet are cut into smaller cells, with the same again: there is the triple point

Each step asks for a batch of points, so that all cores have work. `Ask` answers from what is known, so a sweep that was
interrupted goes through the same steps again without simulating anything twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from neurokit.spikes.regime import Regime
from neurokit.sweeps.lattice import Edge, Lattice, Site, edges, middle

Known = Mapping[Site, Regime | None]  # None: the simulation failed
Ask = Callable[[Sequence[Site]], Known]  # the regimes of these sites, simulated where they are not known yet

TRIPLE_HALVINGS = 4  # of a cell in which three regimes meet


class BudgetSpentError(Exception):
    """Raised by an `Ask` that may not simulate any more; what is known by then is the result."""


@dataclass(frozen=True)
class Crossing:
    """Two neighbouring sites of different regimes: a boundary runs between them."""

    low: Site
    high: Site
    below: Regime
    above: Regime


def follow(lattice: Lattice, ask: Ask) -> None:
    """Ask for every point that a diagram of this lattice needs."""
    known = dict(ask(lattice.coarse()))
    _close(_differing(known, edges(lattice.coarse(), lattice.step)), known, ask)
    if len(lattice.axes) == 2:
        _into_triple_points(lattice, known, ask)


def crossings(known: Known) -> list[Crossing]:
    """Every pair of neighbouring sites between which the regime changes, in the order of the sites."""
    found = [
        Crossing(low, high, below, above)
        for low, high in edges(list(known), 1)
        if (below := known[low]) is not None and (above := known[high]) is not None and below is not above
    ]
    return sorted(found, key=lambda c: (c.low, c.high))


def _differing(known: Known, pairs: Iterable[Edge]) -> list[Edge]:
    return [(a, b) for a, b in pairs if known[a] is not None and known[b] is not None and known[a] is not known[b]]


def _close(pairs: Sequence[Edge], known: dict[Site, Regime | None], ask: Ask) -> None:
    """Halve these edges until the sites at which the regime changes are neighbours."""
    while wanted := [(edge, centre) for edge in pairs if (centre := middle(edge)) is not None]:
        known.update(ask([centre for _, centre in wanted]))
        halves = [half for (a, b), centre in wanted for half in ((a, centre), (centre, b))]
        pairs = _differing(known, halves)


def _into_triple_points(lattice: Lattice, known: dict[Site, Regime | None], ask: Ask) -> None:
    origins, step = lattice.origins(), lattice.step
    for _ in range(min(TRIPLE_HALVINGS, lattice.halvings)):
        origins = [origin for origin in origins if len(_regimes_around(origin, step, known)) == len(Regime)]
        step //= 2
        corners = {
            site for origin in origins for part in lattice.corners(origin, step) for site in lattice.corners(part, step)
        }
        known.update(ask(sorted(corners)))
        _close(_differing(known, edges(sorted(corners), step)), known, ask)
        origins = [part for origin in origins for part in lattice.corners(origin, step)]


def _regimes_around(origin: Site, step: int, known: Known) -> set[Regime]:
    """The regimes on the border of a cell, whose edges have been halved."""
    first, second = origin
    return {
        regime
        for (p, q), regime in known.items()
        if regime is not None
        and first <= p <= first + step
        and second <= q <= second + step
        and (p in (first, first + step) or q in (second, second + step))
    }
