"""Oxygen transport into an oxide overlayer: TiO2 grown on VO2 takes the oxygen that it lacks out of the VO2 below.

    TiO2-d + VO2 -> TiO2 + VO2-d         dG(d) = -(a d + b d^2), through both published energies
    dmu(d) = a + 2 b d                   gain per oxygen moved, the driving force
    d_0    = d_unoxidised exp(-s phi)    of TiO2 as it arrives; phi O2 molecules strike for each Ti that arrives:
    phi    = p / sqrt(2 pi m k T_gas) / (N_Ti v)
    J      = k [c_TiO2 - c_VO2 exp(-dmu / kT)]         vacancies through the interface, k = D / hop
    dc/dt  = d/dz (D dc/dz)              in either layer
    D      = D_ref exp[E/k (1/T_ref - 1/T)]            along [001]; across it less, by the anisotropy

A site without its oxygen stays empty with probability exp(-s phi): until it is buried, gas strikes it. That is why low
oxygen pressure outside raises the supply from inside. Overlayer and film are closed otherwise; the overlayer grows
by one monolayer after the other at rate v, then everything stays at temperature for `hold` seconds.

Epitaxial TiO2: at its front, vacancies arrive at the rate v d_0 and leave for the VO2 at D d/L, so of them the share
L/(L + D/v) is there when the next monolayer buries it (quasi-steady; the simulation of the whole stack gives 1/2 at
D/v too). As long as it is below 1/2, which is assumed, TiO2 crystallises on its template; from L* = D/v on it is
amorphous and the template is lost: L(t) = min(v t, L*).

Boundaries between domains, in the film only and smeared out over it, conduct along themselves and not across, f the
share of the volume that they take and alpha their angle to the film's normal (0 vertical, 90 deg horizontal):

    D_z     = D_along cos^2(alpha) + D_across sin^2(alpha)
    D_along = D (1 - f + f g_along)      D_across = D / (1 - f + f / g_across)

What is known and what is not: vacancies in the bulk of reduced rutile (147 and 91 cm^2/s along and across [001],
2.4 eV: Iguchi and Yajima, "Diffusion of oxygen vacancies in reduced rutile", 1972) have 4e-31 m^2/s at 150 C, eleven
decades too little for what Park et al. saw. D here is effective, set by where epitaxy ends; only D/v is, the growth
rate being assumed. dG is taken as independent of temperature and x as dilute.

What is wrong: Zhou, Yao and Qiao find the lattice as much expanded under 1.7 nm of TiO2 as under 13 nm. Here every
nanometre takes as much oxygen as the one before, so 1.7 nm expand it an eighth as much.
"""

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.diffusion import Layer, Stack, arrhenius, depths, diffuse
from neurokit.vacancy.model import ASSUMED, Deficiency, Floats, check_validity, stated, warn_beyond_single_phase
from neurokit.vacancy.response import VANADIUM

PROCESS = "oxygen transport into a TiO2 overlayer"
MILLITORR = 0.133322  # Pa

Boundaries = Literal["none", "vertical", "inclined", "horizontal"]
Channels = Literal["out of plane", "in plane"]
BOUNDARIES: dict[Boundaries, float] = {"none": 0.0, "vertical": 0.0, "inclined": 45.0, "horizontal": 90.0}  # deg

# dG of the reaction at 150 C in J/mol against d: Park et al., Nat. Commun. 11, 1401 (2020).
REACTION_ENERGIES = {0.125: -18.69e3, 0.5: -82.77e3}
# Lowest oxygen chemical potential in eV at which each is stable (DFT), same source.
OXYGEN_LIMITS = {"VO2": -8.767, "TiO2": -9.624}

EV = 96485.332  # J/mol in one eV, CODATA 2018
# Titanium atoms per m^3: two in a cell of a^2 c, bulk rutile, 0.4594 and 0.2959 nm (textbook values).
TITANIUM = 2 / (0.4594e-9**2 * 0.2959e-9)
MONOLAYER = 0.2959e-9 / 2  # m, of TiO2(001)
HOP = 0.2959e-9  # m, along [001]

_PARK = "Park et al., Nat. Commun. 11, 1401 (2020)"
_O2_MASS, _BOLTZMANN_SI, _T_GAS = 5.3135e-26, 1.380649e-23, 300.0  # kg, J/K, K; the gas is assumed not to be heated
_FILM_CELLS, _STEPS_MONOLAYER, _STEPS_HOLD, _HOLD_POINTS = 48, 6, 30, 10


@dataclass(frozen=True)
class Overlayer:
    """One growth of TiO2 on VO2; the field names' symbols are in the module's equations."""

    oxygen_pressure: float = stated(
        24 * MILLITORR, "oxygen pressure p during growth", "Pa", 0.5, 4.0, f"24 and 6 mTorr, {_PARK}"
    )
    temperature: float = stated(423.15, "temperature during growth and hold", "K", 420, 580, f"150 to 300 C, {_PARK}")
    thickness: float = stated(6e-9, "thickness of the TiO2", "m", 0.3e-9, 20e-9, f"6 nm, {_PARK}")
    film_thickness: float = stated(12e-9, "thickness of the VO2", "m", 5e-9, 60e-9, f"12 nm, {_PARK}")
    growth_rate: float = stated(1e-11, "growth rate v of the TiO2", "m/s", 3e-12, 3e-11, ASSUMED)
    hold: float = stated(900.0, "time at temperature after growth", "s", 0, 1e5, ASSUMED)
    unoxidised: float = stated(
        0.125,
        "deficiency of TiO2 grown without oxygen",
        "",
        0,
        0.5,
        "assumed: Ti8O15, the smaller anchor of dG; any from 0.11 up meets both pressures",
    )
    sticking: float = stated(
        1.965e-5, "share s of O2 that fills a vacant site it strikes", "", 1e-6, 1e-3, f"fitted to T_MI 260 K, {_PARK}"
    )
    diffusivity: float = stated(
        1e-19,
        "diffusivity D_ref of vacancies along [001] at 150 C",
        "m^2/s",
        1e-20,
        1e-18,
        f"fitted to 10 nm of epitaxial TiO2 with the assumed growth rate, {_PARK}",
    )
    barrier: float = stated(
        0.7, "barrier E of diffusion", "eV", 0.4, 1.2, "assumed; linear growth at 300 C asks for > 0.4"
    )
    film_diffusivity_ratio: float = stated(1.0, "diffusivity in VO2 over that in TiO2", "", 0.1, 100, ASSUMED)
    anisotropy: float = stated(
        1.6,
        "diffusivity along [001] over that across",
        "",
        1,
        10,
        "147 / 91 cm^2/s along and across, both with 2.4(3) eV, Iguchi and Yajima 1972 (bulk, 800-1100 C)",
    )
    boundary_spacing: float = stated(20e-9, "distance of domain boundaries", "m", 5e-9, 1e-6, ASSUMED)
    boundary_width: float = stated(1e-9, "width of a domain boundary", "m", 0.3e-9, 2e-9, ASSUMED)
    boundary_along: float = stated(10.0, "diffusivity along a boundary over the bulk's", "", 1, 1e4, ASSUMED)
    boundary_across: float = stated(1e-4, "diffusivity across a boundary over the bulk's", "", 1e-8, 1, ASSUMED)
    boundaries: Boundaries = "none"
    channels: Channels = "out of plane"  # how [001] lies

    def __post_init__(self) -> None:
        if self.boundaries not in BOUNDARIES:
            raise OutOfRangeError(f"boundaries {self.boundaries!r} must be one of {', '.join(BOUNDARIES)}")
        if self.channels not in ("out of plane", "in plane"):
            raise OutOfRangeError(f"channels {self.channels!r} must be 'out of plane' or 'in plane'")
        if not min(self.thickness, self.film_thickness, self.growth_rate, self.temperature, self.diffusivity) > 0:
            raise OutOfRangeError("thicknesses, growth rate, temperature and diffusivity must be above 0")
        if self.boundary_width >= self.boundary_spacing:
            raise OutOfRangeError(
                f"boundary_width {self.boundary_width:g} m must be below boundary_spacing {self.boundary_spacing:g} m"
            )


@dataclass(frozen=True, eq=False)
class Grown:
    """What a growth did, monolayer by monolayer and then while it was held at temperature."""

    time: Floats  # s
    overlayer_thickness: Floats  # m, against time
    x_mean: Floats  # of the film, against time
    d_front: Floats  # of the topmost monolayer just before the next one buries it, one for each monolayer
    depth: Floats  # m below the interface, cells of the film
    x: Floats  # of the film at the end, against depth
    height: Floats  # m above the interface, monolayers from the interface up
    d: Floats  # of the overlayer at the end, against height
    unbalanced: float  # share of the vacancies that the numbers lost or made


def overlayer_deficiency(model: Overlayer) -> Deficiency:
    """x of the film against depth below the interface, after growth and hold."""
    found = check_validity(model)
    grown = grow(model)
    found += warn_beyond_single_phase(grown.x)
    return Deficiency(
        grown.x, PROCESS, asdict(model), position=grown.depth, along="from the interface down", warnings=found
    )


def grow(model: Overlayer) -> Grown:
    """Deposit the overlayer monolayer by monolayer while vacancies move, then hold."""
    monolayers = max(1, round(model.thickness / MONOLAYER))
    step = model.thickness / monolayers
    arriving = as_deposited(model) * TITANIUM
    c = np.zeros(_FILM_CELLS)
    time, x_mean, front = [0.0], [0.0], []
    for count in range(1, monolayers + 1):
        stack = _stack(model, count, step, float(c[count - 2]) / TITANIUM if count > 1 else 0.0)
        c = np.concatenate([[arriving], c])
        c = diffuse(stack, c, step / model.growth_rate, _STEPS_MONOLAYER).concentration
        front.append(c[0] / TITANIUM)
        time.append(time[-1] + step / model.growth_rate)
        x_mean.append(c[count:].mean() / VANADIUM)
    for _ in range(_HOLD_POINTS if model.hold > 0 else 0):
        c = diffuse(stack, c, model.hold / _HOLD_POINTS, _STEPS_HOLD).concentration
        time.append(time[-1] + model.hold / _HOLD_POINTS)
        x_mean.append(c[monolayers:].mean() / VANADIUM)
    left = c[:monolayers].sum() * step + c[monolayers:].sum() * model.film_thickness / _FILM_CELLS
    deposited = arriving * model.thickness
    seconds = np.array(time)
    return Grown(
        time=seconds,
        overlayer_thickness=np.minimum(seconds * model.growth_rate, model.thickness),
        x_mean=np.array(x_mean),
        d_front=np.array(front),
        depth=depths(stack)[monolayers:] - model.thickness,
        x=c[monolayers:] / VANADIUM,
        height=(model.thickness - depths(stack)[:monolayers])[::-1],
        d=c[:monolayers][::-1] / TITANIUM,
        unbalanced=float(left / deposited - 1) if deposited > 0 else float(left),
    )


def as_deposited(model: Overlayer) -> float:
    """Deficiency d_0 of the TiO2 that arrives."""
    struck = model.oxygen_pressure / np.sqrt(2 * np.pi * _O2_MASS * _BOLTZMANN_SI * _T_GAS)
    return float(model.unoxidised * np.exp(-model.sticking * struck / (TITANIUM * model.growth_rate)))


def reaction_energy(d: ArrayLike) -> Floats:
    """dG in J/mol of TiO2-d + VO2 -> TiO2 + VO2-d at 150 C: the parabola through 0 and both published values."""
    values = np.asarray(d, dtype=np.float64)
    if not ((values >= 0) & (values <= max(REACTION_ENERGIES))).all():
        raise OutOfRangeError(f"d = {d!r} must be between 0 and {max(REACTION_ENERGIES)}, where dG is known")
    a, b = _parabola()
    return -(a * values + b * values**2)


def driving_force(d: ArrayLike) -> Floats:
    """Difference dmu of oxygen chemical potentials, VO2 over TiO2-d at 150 C, in eV for each oxygen that moves."""
    a, b = _parabola()
    return (a + 2 * b * np.asarray(d, dtype=np.float64)) / EV


def stable_oxides(mu_oxygen: float) -> tuple[str, ...]:
    """Which of VO2 and TiO2 are stable at an oxygen chemical potential in eV, on the scale of the published limits."""
    return tuple(oxide for oxide, limit in OXYGEN_LIMITS.items() if mu_oxygen >= limit)


def diffusivity(model: Overlayer) -> float:
    """D in m^2/s along the normal of the layers, in TiO2, at the temperature of growth."""
    along = arrhenius(model.diffusivity, 423.15, model.barrier, model.temperature)
    return along if model.channels == "out of plane" else along / model.anisotropy


def film_diffusivity(model: Overlayer) -> float:
    """D_z in m^2/s of the VO2 with its domain boundaries."""
    bulk = diffusivity(model) * model.film_diffusivity_ratio
    if model.boundaries == "none":
        return bulk
    f, angle = model.boundary_width / model.boundary_spacing, np.radians(BOUNDARIES[model.boundaries])
    along, across = 1 - f + f * model.boundary_along, 1 / (1 - f + f / model.boundary_across)
    return float(bulk * (along * np.cos(angle) ** 2 + across * np.sin(angle) ** 2))


def epitaxial_limit(model: Overlayer) -> float:
    """Thickness L* in m at which epitaxial growth of TiO2 ends."""
    return diffusivity(model) / model.growth_rate


def epitaxial_thickness(model: Overlayer, time: ArrayLike) -> Floats:
    """Thickness in m of epitaxial TiO2 after growing for `time` seconds."""
    return np.minimum(model.growth_rate * np.asarray(time, dtype=np.float64), epitaxial_limit(model))


def nucleation_barrier(
    gamma: float, dg_volume: float, dg_strain: float, contact_angle: float, shape: float = 1
) -> float:
    """dG* = 16 pi gamma^3 f / [3 (dG_v - dG_s)^2] S(theta) in J, as Park et al. write it.

    gamma in J/m^2, both energies in J/m^3, the contact angle in rad; f corrects for the shape of the nucleus and
    S = (2 + cos)(1 - cos)^2 / 4 for its bed. Oxygen from below raises |dG_v|, which lowers the barrier.
    """
    if dg_volume == dg_strain:
        raise OutOfRangeError(f"dg_volume = dg_strain = {dg_strain:g} J/m^3: no nucleus ever grows without a net gain")
    cosine = np.cos(contact_angle)
    bed = (2 + cosine) * (1 - cosine) ** 2 / 4
    return float(16 * np.pi * gamma**3 * shape / (3 * (dg_volume - dg_strain) ** 2) * bed)


def _parabola() -> tuple[float, float]:
    (d1, g1), (d2, g2) = REACTION_ENERGIES.items()
    b = (g2 / d2 - g1 / d1) / (d1 - d2)
    return -g1 / d1 - b * d1, b


def _stack(model: Overlayer, monolayers: int, step: float, d_interface: float) -> Stack:
    """Overlayer so far and film; the gain per oxygen is that of the deficiency next to the interface."""
    d = diffusivity(model)
    gain = float(driving_force(min(d_interface, max(REACTION_ENERGIES))))
    layers = (
        Layer(thickness=monolayers * step, diffusivity=d, cells=monolayers, energy=gain),
        Layer(thickness=model.film_thickness, diffusivity=film_diffusivity(model), cells=_FILM_CELLS),
    )
    return Stack(layers=layers, temperature=model.temperature, interface_velocity=d / HOP)
