"""ngspice where it matters: it is asked on both sides of the twin's boundaries, most of all around the triple point.

Where ngspice agrees at two neighbouring sites, the boundary between them is ngspice's as much as the twin's. Where it
does not, its own crossing is looked for along the same line, ever further away and then by halving.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from neurokit.spikes.regime import Regime
from neurokit.sweeps.boundary import Ask, Crossing, Known, crossings
from neurokit.sweeps.lattice import Lattice
from neurokit.sweeps.triple import LATCHING, NEAREST, ONSET

Item = TypeVar("Item")

INSIDE_SHARE = 0.08  # of the budget, for points away from all boundaries
RESERVE_SHARE = 0.12  # of the budget, for looking where ngspice disagrees


def confirm(lattice: Lattice, twin: Known, ask: Ask, budget: int) -> None:
    """Ask ngspice for the points that confirm the twin's map, or refute it."""
    found = crossings(twin)
    for_pairs = int(budget * (1 - INSIDE_SHARE - RESERVE_SHARE)) // 2
    pairs = _around_triple_point(lattice, found)
    pairs += _spread([c for c in found if c not in set(pairs)], max(for_pairs - len(pairs), 0))
    inside = _spread(lattice.coarse(), int(budget * INSIDE_SHARE))
    answer = ask(list(dict.fromkeys([*inside, *(site for c in pairs for site in (c.low, c.high))])))
    for c in pairs:
        if {answer[c.low], answer[c.high]} != {c.below, c.above}:
            _look_for(lattice, c, ask)


def _around_triple_point(lattice: Lattice, found: Sequence[Crossing]) -> list[Crossing]:
    """The crossings that the triple point's lines are fitted to, if two such boundaries come close at all."""
    if len(lattice.axes) != 2:
        return []
    along = [c for c in found if c.low[0] == c.high[0]]
    onset, latching = ([c for c in along if {c.below, c.above} == kind] for kind in (ONSET, LATCHING))
    if not (onset and latching):
        return []
    places = [np.array([lattice.position(c.low) for c in kind]) for kind in (onset, latching)]
    gaps = np.linalg.norm(places[0][:, None] - places[1][None], axis=2)
    a, b = np.unravel_index(np.argmin(gaps), gaps.shape)
    tip = (places[0][a] + places[1][b]) / 2
    nearest = []
    for kind, at in zip((onset, latching), places, strict=True):
        order = np.argsort(np.linalg.norm(at - tip, axis=1), kind="stable")[:NEAREST]
        nearest += [kind[int(k)] for k in order]
    return nearest


def _spread(items: Sequence[Item], count: int) -> list[Item]:
    """So many of them, evenly."""
    if count >= len(items):
        return list(items)
    return [items[int(k)] for k in np.linspace(0, len(items) - 1, count).round()] if count else []


def _look_for(lattice: Lattice, crossing: Crossing, ask: Ask) -> None:
    """ngspice's own crossing on the line of this one, as far as the diagram goes."""
    axis = next(i for i, (a, b) in enumerate(zip(crossing.low, crossing.high, strict=True)) if a != b)
    size = lattice.sizes[axis]

    def regime(k: int) -> Regime | None:
        site = (*crossing.low[:axis], k, *crossing.low[axis + 1 :])
        return ask([site])[site]

    low, high = crossing.low[axis], crossing.high[axis]
    reach = 1
    while regime(low) is regime(high) and (low > 0 or high < size):
        low, high = max(low - reach, 0), min(high + reach, size)
        reach *= 2
    below = regime(low)
    while high - low > 1 and below is not regime(high):
        centre = (low + high) // 2
        low, high = (centre, high) if regime(centre) is below else (low, centre)
