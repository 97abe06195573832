"""Points of a phase diagram by whole numbers: a coarse lattice, and as many halvings of its cells as are needed.

Whole numbers make points comparable: two ways that lead to one point lead to the same numbers, and so to the same
simulation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from neurokit.sweeps.axes import Axis
from neurokit.sweeps.spec import Values

Site = tuple[int, ...]  # one number for each axis, from 0 to Lattice.size
Edge = tuple[Site, Site]  # two sites that differ along one axis


@dataclass(frozen=True)
class Lattice:
    """So many cells along each axis, each of which can be halved `halvings` times; a plain grid halves none."""

    axes: tuple[Axis, ...]
    cells: tuple[int, ...]
    halvings: int = 0

    @property
    def sizes(self) -> tuple[int, ...]:
        """The last site along each axis."""
        return tuple(cells << self.halvings for cells in self.cells)

    @property
    def step(self) -> int:
        """Sites between neighbours of the coarse lattice."""
        return 1 << self.halvings

    def values(self, site: Site) -> Values:
        """What the axes are at a site."""
        return tuple(axis.value(p) for axis, p in zip(self.axes, self.position(site), strict=True))

    def position(self, site: Site) -> tuple[float, ...]:
        """The site in the unit cube."""
        return tuple(k / size for k, size in zip(site, self.sizes, strict=True))

    def coarse(self) -> list[Site]:
        """The corners of all cells, the last axis running fastest."""
        return list(product(*(range(0, size + 1, self.step) for size in self.sizes)))

    def corners(self, origin: Site, step: int) -> list[Site]:
        """The corners of the cell of this size that begins at origin."""
        return [
            tuple(o + d for o, d in zip(origin, corner, strict=True))
            for corner in product((0, step), repeat=len(origin))
        ]

    def origins(self) -> list[Site]:
        """Where the coarse cells begin."""
        return list(product(*(range(0, size, self.step) for size in self.sizes)))


def edges(sites: Sequence[Site], step: int) -> list[Edge]:
    """The pairs of these sites that are neighbours at this distance."""
    known = set(sites)
    pairs = []
    for site in sites:
        for axis in range(len(site)):
            other = (*site[:axis], site[axis] + step, *site[axis + 1 :])
            if other in known:
                pairs.append((site, other))
    return pairs


def middle(edge: Edge) -> Site | None:
    """The site half-way, or None between neighbours."""
    a, b = edge
    centre = tuple((p + q) // 2 for p, q in zip(a, b, strict=True))
    return None if centre in edge else centre
