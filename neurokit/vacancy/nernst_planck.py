"""Drift and diffusion of charged vacancies in a body that none enters or leaves (Nernst-Planck), by finite volumes.

    dc/dt = -div J        J = D k (-grad c + z e c E / kT)        k = sinh(s) / s        s = z e |E| d / 2kT

k is what a field adds to hopping over barriers a distance d apart (Mott and Gurney). It multiplies drift and diffusion
alike, so that the steady profile stays Boltzmann's, c ~ exp(-z e phi / kT), however strong the field. Through each face
the flux is that of Scharfetter and Gummel, which is exact for a constant field: from cell i to its neighbour at h,

    J = D k / h [B(-w) c_i - B(w) c_j]        w = z e (phi_i - phi_j) / kT        B(w) = w / (e^w - 1)

With h = d its rates are D/d^2 exp(+-w/2), those of hops between neighbouring lattice sites: on such a grid this is no
approximation of hopping but hopping itself. k is taken face by face, from the field across that face.

Time goes in equal implicit (backward Euler) steps with one sparse factorisation: first order, but contents stay
positive and their sum stays what it was (each column of the matrix sums to 0). The vacancies' own field is left out
(the body is dilute: at the published 3.66e14 cm^-3 and a permittivity of 300, assumed, the Debye length is half a
micrometre), and so are full sites.
"""

from dataclasses import dataclass

import numpy as np

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.vacancy.model import ASSUMED, Floats, stated

BOLTZMANN = 1.380649e-23  # J/K, exact in the SI
CHARGE = 1.602176634e-19  # C, exact in the SI
ROUNDING = 1e-6  # share of the vacancies by which rounding may be off before it is set right; 1e-15 as a rule
DROP_MAX = 100.0  # z e (phi_i - phi_j) / 2kT between neighbours: beyond it rates leave what numbers can hold

SOURCE = "Kim, Kalinin, Chen, Noh: flexoelectric manipulation of oxygen vacancies (SrTiO3)"


@dataclass(frozen=True)
class Ions:
    """What moves: charged vacancies that hop."""

    # m2/s; 1.23e-15 cm2/s, of the published simulation
    diffusivity: float = stated(1.23e-19, "diffusion coefficient", "m2/s", 1e-23, 1e-16, SOURCE)
    charge: float = stated(2.0, "charge number of a vacancy", "1", 1.0, 2.0, ASSUMED)
    temperature: float = stated(300.0, "temperature", "K", 250.0, 400.0, ASSUMED)
    # m; 0 gives drift that is linear in the field
    jump: float = stated(3.905e-10, "distance of a hop: one unit cell of SrTiO3", "m", 0.0, 3.905e-10, ASSUMED)


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells of a cross-section: rings about an axis (around=True), or bars of 1 m along a line (around=False)."""

    lateral: Floats  # m, edges from the axis outwards
    depth: Floats  # m, edges from the surface down
    around: bool

    def __post_init__(self) -> None:
        for name in ("lateral", "depth"):
            edges = np.asarray(getattr(self, name), dtype=float)
            if edges.ndim != 1 or len(edges) < 2 or not np.isfinite(edges).all() or (np.diff(edges) <= 0).any():
                raise OutOfRangeError(f"{name} edges must be two or more finite numbers, each above the one before")
            object.__setattr__(self, name, edges)
        if self.lateral[0] < 0:
            raise OutOfRangeError(f"lateral edges start at {self.lateral[0]:g} m: they must not start below 0")

    @property
    def centres(self) -> tuple[Floats, Floats]:
        """Middles of the cells in m, lateral as a column and depth as a row."""
        return middles(self.lateral)[:, None], middles(self.depth)[None, :]

    @property
    def areas(self) -> Floats:
        """What each lateral cell covers of the surface, m2 (of half a line: m2 for a metre of it)."""
        return np.diff(np.pi * self.lateral**2) if self.around else np.diff(self.lateral)

    @property
    def volumes(self) -> Floats:
        """m3, lateral by depth."""
        return self.areas[:, None] * np.diff(self.depth)[None, :]


def middles(edges: Floats) -> Floats:
    """The middle between each edge and the next."""
    return np.asarray((edges[1:] + edges[:-1]) / 2)


def evolve(grid: Grid, ions: Ions, start: Floats, potential: Floats, duration: float, steps: int) -> Floats:
    """Concentration, in the unit of `start`, of every cell after `duration` s in a potential (V) that does not change.

    No vacancy leaves: the sum of concentration times volume is kept to 1e-9, or the answer is refused.
    """
    from scipy.sparse import diags
    from scipy.sparse.linalg import splu

    shape = grid.volumes.shape
    start, potential = (np.broadcast_to(np.asarray(field, dtype=float), shape) for field in (start, potential))
    if not (np.isfinite(start).all() and (start >= 0).all() and np.isfinite(potential).all()):
        raise OutOfRangeError("concentrations must be finite and not below 0, potentials finite, in every cell")
    if not np.isfinite(duration) or duration < 0 or steps < 1:
        raise OutOfRangeError(f"duration ({duration} s) must not be below 0 and steps ({steps}) not below 1")
    volumes = grid.volumes.ravel()
    dt = duration / steps
    system = diags(volumes) - dt * conductances(grid, ions, potential)
    factors = splu(system.tocsc())
    c = start.ravel()
    total = float(volumes @ c)
    for _ in range(steps):
        c = np.maximum(factors.solve(volumes * c), 0.0)  # below 0 by rounding alone: the inverse has no negative entry
        left = float(volumes @ c)
        if not abs(left - total) <= ROUNDING * total:
            raise NeurokitError(
                f"rounding has changed the number of vacancies by {abs(left / total - 1):.1e}, above {ROUNDING:g}: "
                "the field is too strong or the time too long for this grid; take more steps, or a finer grid"
            )
        # Steps far longer than it takes to be steady lose digits along the steady profile, and along it alone.
        c = c * (total / left) if left > 0 else c
    return np.asarray(c.reshape(shape))


def conductances(grid: Grid, ions: Ions, potential: Floats):  # type: ignore[no-untyped-def]  # scipy has no types
    """The sparse matrix that turns concentrations into the gain of each cell in vacancies a second."""
    from scipy.sparse import coo_matrix

    across, down = (middles(edges) for edges in (grid.lateral, grid.depth))
    rim = 2 * np.pi * grid.lateral[1:-1] if grid.around else np.ones(len(grid.lateral) - 2)
    faces = (
        (np.s_[:-1, :], np.s_[1:, :], rim[:, None] * np.diff(grid.depth)[None, :], np.diff(across)[:, None]),
        (np.s_[:, :-1], np.s_[:, 1:], grid.areas[:, None] * np.ones(len(down) - 1)[None, :], np.diff(down)[None, :]),
    )
    index = np.arange(grid.volumes.size).reshape(grid.volumes.shape)
    rows, columns, values = [], [], []
    for near, far, area, distance in faces:
        out, back = exchange(ions, area, distance, potential[near] - potential[far])
        i, j = index[near].ravel(), index[far].ravel()
        rows += [i, j, j, i]
        columns += [i, i, j, j]
        values += [-out, out, -back, back]
    ends = (np.concatenate(rows), np.concatenate(columns))
    return coo_matrix((np.concatenate(values), ends), shape=(index.size, index.size)).tocsc()


def exchange(ions: Ions, area: Floats, distance: Floats, fall: Floats) -> tuple[Floats, Floats]:
    """m3/s through faces, forth and back, for a concentration of 1, where the potential falls by `fall` V."""
    w = ions.charge * CHARGE * fall / (BOLTZMANN * ions.temperature)
    s = w * ions.jump / (2 * distance)
    worst = float(max(np.abs(s).max(initial=0.0), np.abs(w).max(initial=0.0) / 2))
    if worst > DROP_MAX:
        raise OutOfRangeError(
            f"the potential falls by {worst:.3g} half-units of kT/ze over one cell or hop, above {DROP_MAX:g}: "
            "apply less, or use a finer grid"
        )
    scale = ions.diffusivity * area / distance * ratio(np.sinh, s)
    return (scale * bernoulli(-w)).ravel(), (scale * bernoulli(w)).ravel()


def bernoulli(w: Floats) -> Floats:
    """w / (exp(w) - 1), and 1 where w is 0."""
    return np.asarray(1 / ratio(np.expm1, w))


def ratio(function: np.ufunc, argument: Floats) -> Floats:
    """function(y) / y, and 1 where y is 0."""
    safe = np.where(np.abs(argument) > 1e-12, argument, 1.0)
    return np.where(np.abs(argument) > 1e-12, function(safe) / safe, 1.0)
