"""Writing with a scanning tip: vacancies are driven from under it by voltage or force; the x that is left, its decay.

A contact sets a potential phi in the film that pushes vacancies (charge +2) away; nernst_planck.py moves them.

    by voltage   phi = (2 V / pi) arcsin(2 a / (sqrt((r-a)^2 + z^2) + sqrt((r+a)^2 + z^2)))   disc of radius a at V
    by force     phi = kappa theta,   theta = (p0 / a) Im[R - z ln(z + i a + R)],   R = sqrt(r^2 + (z + i a)^2)
                 p0 = 3 F / (2 pi a^2)

theta is the harmonic function that equals Hertz's pressure on the surface, 0 outside the contact. Under a normal load
the dilatation is that function times -2 (1+nu)(1-2nu)/E, so the flexoelectric polarisation, which follows its gradient,
has no charge inside; its depolarisation field E = -P/eps has a potential of the same form. Its sign is that of the
experiment: force depletes. A voltage drives vacancies into the bulk; the field of a force returns to the surface around
the contact, so that some of them come up beside it.

In Hertz's contact p0 / a = 2 E* / (pi R) does not depend on the force. That depletion grows with force means that the
sharp tip's contact hardly grows: it has a flat end of radius b, and as a worn sphere (its pressure Hertz's: assumed)

    (2 a^2 + b^2) sqrt(a^2 - b^2) = 3 R F / (2 E*)        b = 0: Hertz

A raster stays over each point for scan_time * pi a^2. Its lines are computed in the plane through the axis across the
scan (x, z): hops are exponential in the field, so they happen while the tip is over that plane, and what it moves ahead
it moves back when it has passed (assumed; a full three-dimensional scan is not computed). A spot is computed in (r, z).

What is fitted. Of the film 3 numbers: scan_time, kappa and read_depth, which is one of five whole unit cells tried
(only 3 meets all: at 2 gain and share are just too high, at 4 M by voltage is 16 % low); they were set by hand on X0,
M and onset of both sigmoids and on drop, gain and share of the sharp tip at 5.7 uN. Of these 9 figures 5 are
independent: onsets follow from X0 and M, the drop from the sigmoid, the share is gain by drop. Of the readings 4
numbers, a floor and a span each: to A1 and A2 of both sigmoids, 4 figures. Of the blunt tip 2 numbers, its radius
(published: above 200 nm) and the elongation of its contact: to drop and gain, 2 figures; the one number that was
asked for does not do: a round tip of 200 nm has the drop, but half the gain. So 9 numbers for 11 independent figures.

What was chosen knowing the figures, without being a number: lines in (x, z), for a spot of the same exposure has 0.78
go sideways where a third is published; D of the published simulation rather than that of decay (it enters as D times
scan_time only); Hertz's pressure over the flat end; the form that the blunt contact is drawn out to. Taken as
published: the sharp tip's contacts. The 0.4 V per uN is a ratio of two fitted X0 here, so it tests nothing beyond
them.

Cells as deep as lattice planes are part of the model: hops do not get shorter on a finer grid. With planes halved M
falls by 13 % by force and 6 % by voltage, other figures by up to 4 %; a finer lateral grid or time changes all by 1
%.

What is wrong: with the sharp tip at 9.5 uN nothing is seen to gather beside the contact; here a third does. And the
field that hops need is about 7 times P / (300 eps0) at the published P (permittivity assumed): kappa counts whatever
else a force does to the barriers, and is an effective number.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.model import ASSUMED, Deficiency, Floats, check_validity, stated
from neurokit.vacancy.nernst_planck import SOURCE, Grid, Ions, evolve, middles

FITTED = "fitted to " + SOURCE
UNIT_CELL = 3.905e-10  # m, SrTiO3; assumed (the value of handbooks)

# m2/s at room temperature by thickness in unit cells: SOURCE, 9.4(3)e-19 and 3.8(2)e-18 cm2/s
D_DECAY: Mapping[int, float] = {14: 9.4e-23, 120: 3.8e-22}

ON_VO2 = "SrTiO3's parameters are used for VO2-x: assumed"

_STEPS = 48  # in time; four times as many change a drop by less than 0.01
_NOTHING = 1e-12  # change that is rounding
_RIDGE_POINTS = 128
_IN_CELL = 6  # points a side of a cell of a map
_WIDE, _DEEP = 6.0, 120 * UNIT_CELL  # contact radii, m: where the body ends


@dataclass(frozen=True)
class Film:
    """How vacancies of SrTiO3 answer a tip, and how they are read."""

    ions: Ions = field(default_factory=Ions)
    # s/m2; 230 s for a square micrometre
    scan_time: float = stated(2.3e14, "time of a raster by area", "s/m2", 1e12, 1e16, FITTED + " (X0, M by voltage)")
    kappa: float = stated(1.19e-10, "potential by pressure", "V/Pa", 1e-12, 1e-9, FITTED + " (X0 by force)")
    read_depth: float = stated(
        3 * UNIT_CELL, "depth that is read", "m", UNIT_CELL, 6 * UNIT_CELL, FITTED + " (of 1 to 5 unit cells)"
    )

    @property
    def flexovoltage(self) -> float:
        """kappa as V by dilatation, with E = 270 GPa and nu = 0.24 of SrTiO3 (assumed)."""
        return self.kappa * 270e9 / (2 * (1 + 0.24) * (1 - 2 * 0.24))


@dataclass(frozen=True)
class Tip:
    """The end of a tip, as the surface feels it."""

    radius: float = stated(25e-9, "radius of curvature", "m", 5e-9, 1e-6, SOURCE)
    flat: float = stated(15e-9, "radius of the flat end", "m", 0.0, 50e-9, SOURCE)
    # Pa; makes Hertz's contact 8 nm at 25 nm and 4 uN
    modulus: float = stated(1.46e11, "modulus of the contact", "Pa", 5e10, 3e11, "from 8 nm at 4 uN, " + SOURCE)
    elongation: float = stated(
        0.0, "half-length of the contact along the scan, in radii beyond the round", "1", 0, 5, ASSUMED
    )
    # m, under a small force
    electrical: float = stated(8e-9, "radius of the contact in an electrical scan", "m", 2e-9, 50e-9, SOURCE)


SHARP = Tip()
BLUNT_ROUND = Tip(radius=200e-9, flat=0.0)  # m, "above 200 nm" (SOURCE), nothing fitted
# Both numbers fitted to SOURCE, blunt tip at 9.5 uN
BLUNT = Tip(radius=350e-9, flat=0.0, elongation=3.0)


@dataclass(frozen=True)
class Voltage:
    """A scan or spot at this voltage of the tip; positive drives vacancies away."""

    volts: float = stated(2.6, "voltage of the tip", "V", -8.0, 8.0, SOURCE)


@dataclass(frozen=True)
class Force:
    """A scan or spot at this force on the tip, without voltage."""

    newtons: float = stated(5.7e-6, "force on the tip", "N", 0.0, 14e-6, SOURCE)


@dataclass(frozen=True)
class Reading:
    """What the instrument shows: floor + span * (share of vacancies left in read_depth)."""

    floor: float
    span: float


# Fitted to A1 and A2 of the two sigmoids, SOURCE
READ_VOLTAGE, READ_FORCE = Reading(0.0427, 0.8227), Reading(0.0465, 0.8780)


@dataclass(frozen=True)
class Sigmoid:
    """a2 + (a1 - a2) / (1 + exp((v - x0) / m)): how the reading falls with voltage (V) or force (N)."""

    a1: float
    a2: float
    x0: float
    m: float

    def __call__(self, v: Floats) -> Floats:
        return self.a2 + (self.a1 - self.a2) / (1 + np.exp((np.asarray(v) - self.x0) / self.m))

    @property
    def onset(self) -> float:
        """Where it has fallen to 0.9 a1."""
        return self.x0 + self.m * float(np.log((self.a1 - self.a2) / (0.9 * self.a1 - self.a2) - 1))


# SOURCE: 0.86(3), 0.03(4), 2.6(1) V, 0.6(1) V; 0.93(1), 0.004(25), 6.8(1) uN, 1.9(1) uN
PUBLISHED_VOLTAGE = Sigmoid(0.86, 0.03, 2.6, 0.6)
PUBLISHED_FORCE = Sigmoid(0.93, 0.004, 6.8e-6, 1.9e-6)


@dataclass(frozen=True, eq=False)
class Written:
    """What a tip left: concentration of each cell relative to before, across the line or around the spot."""

    grid: Grid
    relative: Floats  # 1 where nothing changed, lateral by depth
    contact: float  # m, radius
    process: str
    parameters: Mapping[str, Any]
    warnings: tuple[str, ...]

    def profile(self, depth: float) -> Floats:
        """Relative concentration by lateral cell, mean from the surface to this depth in m."""
        edges = self.grid.depth
        if not edges[0] < depth <= edges[-1] * (1 + 1e-12):
            raise OutOfRangeError(
                f"depth ({depth:g} m) must be above 0 and not above {edges[-1]:g} m, where the body ends"
            )
        share = np.clip(depth - edges[:-1], 0.0, np.diff(edges))
        return np.asarray(self.relative @ share / share.sum())


@dataclass(frozen=True)
class Partition:
    """Where vacancies went: all in shares of what the read layer under the contact held."""

    drop: float  # missing under the contact
    sideways: (
        float  # of those missing from the read layer, the share that is beside the contact in it; the rest is deeper
    )

    @property
    def gain(self) -> float:
        """Rise beside the contact if it covers as much area as the contact, as the publication compares them."""
        return self.drop * self.sideways


def hertz_radius(tip: Tip, force: float) -> float:
    """Radius in m of Hertz's contact of this tip without its flat end."""
    return float((3 * tip.radius * force / (4 * tip.modulus)) ** (1 / 3))


def contact_radius(tip: Tip, force: float) -> float:
    """Radius in m of a round contact of this tip, a sphere worn flat, under this force."""
    from scipy.optimize import brentq

    load = 3 * tip.radius * force / (2 * tip.modulus)
    upper = (load / 2) ** (1 / 3)  # of s = sqrt(a^2 - b^2), reached where b = 0
    s = brentq(lambda q: q * (3 * tip.flat**2 + 2 * q**2) - load, 0.0, 1.001 * upper, xtol=1e-20) if load > 0 else 0.0
    return float(np.hypot(s, tip.flat))


def disc_potential(r: Floats, z: Floats, radius: float) -> Floats:
    """Of a disc at 1 V on a half-space whose remaining surface is free."""
    longest = np.hypot(r - radius, z) + np.hypot(r + radius, z)
    return np.asarray(2 / np.pi * np.arcsin(np.minimum(2 * radius / longest, 1.0)))


def pressure_potential(r: Floats, z: Floats, radius: float) -> Floats:
    """Harmonic below the surface, sqrt(1 - r^2/a^2) in the contact and 0 on the surface beside it."""
    w = z + 1j * radius
    root = np.sqrt(r**2 + w**2)
    return np.asarray(np.imag(root - z * np.log(w + root)) / radius)


def ridge_potential(x: Floats, z: Floats, radius: float, half_length: float) -> Floats:
    """In the plane across a contact drawn out along the scan: the same load, spread over round contacts in a row."""
    if half_length == 0:
        return pressure_potential(x, z, radius)
    points, weights = np.polynomial.legendre.leggauss(_RIDGE_POINTS)
    rows = (
        w / 2 * pressure_potential(np.hypot(x, p * half_length), z, radius)
        for p, w in zip(points, weights, strict=True)
    )
    return np.asarray(sum(rows))


def write_line(drive: Voltage | Force, tip: Tip = SHARP, film: Film | None = None) -> Written:
    """One line of a raster, as the film across it is after the scan."""
    return _write(drive, tip, film or Film(), None)


def write_spot(drive: Voltage | Force, duration: float, tip: Tip = SHARP, film: Film | None = None) -> Written:
    """A spot on which the tip rests for `duration` seconds."""
    if tip.elongation:
        raise OutOfRangeError(
            f"elongation ({tip.elongation:g}) must be 0 under a tip at rest: write a line, or use a round tip"
        )
    return _write(drive, tip, film or Film(), duration)


def _write(drive: Voltage | Force, tip: Tip, film: Film, duration: float | None) -> Written:
    found = [text for part in (drive, tip, film, film.ions) for text in check_validity(part)]
    if isinstance(drive, Voltage):
        radius = reach = tip.electrical
    else:
        reach = contact_radius(tip, drive.newtons)
        radius = reach / float(
            np.sqrt(1 + 4 * tip.elongation / np.pi)
        )  # the drawn-out contact has the round one's area
    if radius <= 0:
        raise OutOfRangeError("a force of 0 N has no contact: give a force above 0, or a tip with a flat end")
    grid = grid_under(radius, around=duration is not None)
    across, down = grid.centres
    if isinstance(drive, Voltage):
        potential = drive.volts * disc_potential(across, down, radius)
    else:
        pressure = 3 * drive.newtons / (2 * np.pi * radius**2)
        potential = film.kappa * pressure * ridge_potential(across, down, radius, tip.elongation * radius)
    time = film.scan_time * np.pi * reach**2 if duration is None else duration
    relative = evolve(grid, film.ions, np.ones(()), potential, time, _STEPS)
    name = ("line" if duration is None else "spot") + (" by voltage" if isinstance(drive, Voltage) else " by force")
    parameters = {"drive": asdict(drive), "tip": asdict(tip), "film": asdict(film), "duration": time}
    return Written(grid, relative, radius, f"scanning tip, {name}", parameters, tuple(found))


def grid_under(radius: float, around: bool) -> Grid:
    """Lattice planes at the surface and a fine mesh under the contact and at its rim, coarser further out and down."""
    cells = max(int(np.ceil(radius / (1.2 * UNIT_CELL))), 8)  # an edge falls on the rim
    step = radius / cells
    inner = step * np.arange(int(1.6 * cells) + 1)
    lateral = _stretched(list(inner), step, 1.12, _WIDE * radius)
    return Grid(lateral, _stretched([0.0, *(UNIT_CELL * np.arange(1, 7))], UNIT_CELL, 1.12, _DEEP), around)


def _stretched(edges: list[float], step: float, growth: float, end: float) -> Floats:
    while edges[-1] < end:
        step *= growth
        edges.append(edges[-1] + step)
    return np.array(edges)


def partition(written: Written, depth: float) -> Partition:
    """How much the layer down to this depth (m) lost under the contact, and how much of it is beside the contact."""
    areas, change = written.grid.areas, written.profile(depth) - 1
    under = middles(written.grid.lateral) < written.contact
    lost = -float(areas @ np.minimum(change, 0.0))
    beside = float(areas @ np.maximum(change, 0.0))
    drop = -float(areas[under] @ change[under]) / float(areas[under].sum())
    return Partition(drop, beside / lost if lost > _NOTHING * float(areas.sum()) else 0.0)


def readings(
    drives: list[Voltage] | list[Force], reading: Reading, tip: Tip = SHARP, film: Film | None = None
) -> Floats:
    """What is read inside a raster at each voltage or force."""
    film = film or Film()
    left = [1 - partition(write_line(drive, tip, film), film.read_depth).drop for drive in drives]
    return reading.floor + reading.span * np.array(left)


def fit_sigmoid(v: Floats, values: Floats) -> Sigmoid:
    """The publication's sigmoid through these readings, by least squares."""
    from scipy.optimize import curve_fit

    scale = float(np.max(v))
    guess = (values[0], 0.05 * values[0], 0.5, 0.1)
    found, _ = curve_fit(lambda u, *p: Sigmoid(*p)(u), np.asarray(v) / scale, values, guess)
    return Sigmoid(float(found[0]), float(found[1]), float(found[2]) * scale, float(found[3]) * scale)


def decayed(written: Written, diffusivity: float, duration: float, steps: int = 200) -> Written:
    """The same after `duration` seconds without tip; `diffusivity` (m2/s) is a film's at room temperature: D_DECAY."""
    ions = Ions(**(written.parameters["film"]["ions"] | {"diffusivity": diffusivity}))
    found = check_validity(ions)
    relative = evolve(written.grid, ions, written.relative, np.zeros(()), duration, steps)
    return replace(
        written,
        relative=relative,
        parameters=dict(written.parameters) | {"decay": {"diffusivity": diffusivity, "duration": duration}},
        warnings=written.warnings + found,
    )


def recovery(time: Floats, depth: float, diffusivity: float) -> Floats:
    """S(t): how far the emptied layer of a half-space, `depth` m, has filled again, by Fick's second law.

    It sets out as sqrt(D t / pi) / depth, semi-parabolic, and approaches 1:

    S = erfc(q) + (1 - exp(-q^2)) / (q sqrt(pi)),   q = depth / sqrt(D t)
    """
    from scipy.special import erfc

    if depth <= 0 or diffusivity <= 0 or not (np.asarray(time) >= 0).all():
        raise OutOfRangeError(
            f"depth ({depth:g} m) and diffusivity ({diffusivity:g} m2/s) must be above 0, times not below 0"
        )
    with np.errstate(divide="ignore"):
        q = depth / np.sqrt(diffusivity * np.asarray(time, dtype=float))
    return np.asarray(erfc(q) - np.expm1(-(q**2)) / (q * np.sqrt(np.pi)))


def volts_per_newton(by_voltage: Sigmoid, by_force: Sigmoid) -> float:
    """The voltage that does what a newton does, by the ratio of X0."""
    return by_voltage.x0 / by_force.x0


def written_map(
    written: Written,
    positions: Floats,
    x_start: float,
    depth: float,
    start: tuple[float, float],
    end: tuple[float, float] | None = None,
    cell: float = 0.0,
) -> Deficiency:
    """x at positions (..., 2) in m, where it was x_start before a spot at `start`, or a line from there to `end`.

    x is the mean down to `depth` m, and over a square of side `cell` m about each position: rims are narrow, so give
    the side of a film grid's cells. A line's two ends are taken as round, with the profile that the line has across.
    """
    if not np.isfinite(x_start) or x_start < 0 or not np.isfinite(cell) or cell < 0:
        raise OutOfRangeError(f"x_start ({x_start}) and cell ({cell} m) must be finite and not below 0")
    positions = np.asarray(positions, dtype=float)
    if positions.shape[-1:] != (2,) or not np.isfinite(positions).all():
        raise OutOfRangeError(f"positions have shape {positions.shape}: they must be finite, (..., 2), in m")
    if (end is None) != written.grid.around:
        raise OutOfRangeError(
            "a line needs its end, and a spot has none: write_line goes with `end`, write_spot without"
        )
    offsets = cell * ((np.arange(_IN_CELL) + 0.5) / _IN_CELL - 0.5) if cell else np.zeros(1)
    known, across = written.profile(depth), middles(written.grid.lateral)
    relative = np.zeros(positions.shape[:-1])
    for shift in product(offsets, offsets):
        distance = distance_to(positions + np.array(shift), start, end or start)
        relative += np.interp(distance, across, known, right=1.0) / len(offsets) ** 2
    parameters = dict(written.parameters) | {
        "x_start": x_start,
        "depth": depth,
        "start": start,
        "end": end,
        "cell": cell,
    }
    notes = (*written.warnings, ON_VO2)
    return Deficiency(x_start * relative, written.process, parameters, positions, "from the tip", notes)


def distance_to(positions: Floats, start: tuple[float, float], end: tuple[float, float]) -> Floats:
    """Distance in m of positions (..., 2) from the line between two points, or from one point."""
    origin = np.array(start, dtype=float)
    along = np.array(end, dtype=float) - origin
    length = float(along @ along)
    share = np.clip((positions - origin) @ along / length, 0.0, 1.0) if length > 0 else np.zeros(positions.shape[:-1])
    return np.asarray(np.linalg.norm(positions - origin - share[..., None] * along, axis=-1))
