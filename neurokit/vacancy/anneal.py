"""Annealing VO2-x: in vacuum it loses oxygen through its surface, in air it takes oxygen up again.

    J(0)   = r - k_s c(0)                           vacancies into the film, c(0) those at its surface
    r      = N_s nu exp(-E_r / kT) / (1 + p / p_r)  release of oxygen; gas above p_r heals at once what it leaves
    k_s    = k_air exp[E_u/k (1/573 K - 1/T)] (p / p_air)^n         uptake, n = 1/2: O2 must split
    dc/dt  = d/dz (D dc/dz)                         in the film, its lower face closed

Where diffusion is fast against exchange the film has one x:

    x(t)   = x_e + (x_0 - x_e) exp(-k_s t / L)      x_e = r / (k_s N_V)

r is what vacuum annealing does, not an equilibrium with O2: vacuum strips oxygen by its residual gas, and
thermodynamics alone would keep VO2 at 300 C in 1e-9 bar of O2. So r and k_s obey no detailed balance and x_e between
vacuum and air is a guess. Air does not stop at VO2 when it is hot or takes long (V2O5): not contained. Of the
published anneals 300 C, 2 h and air are given, but not what "mild" and "extensive" vacuum were: MILD and EXTENSIVE are
assumed. The surface is bare. Through a closed TiO2 overlayer vacancies alone would take oxygen back immeasurably
slowly (they would have to climb 0.86 eV or more): if a film recovers under one, oxygen has gone through boundaries or
defects that this model does not contain.
"""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.diffusion import BOLTZMANN, Exchange, Layer, Stack, arrhenius, depths, diffuse
from neurokit.vacancy.model import ASSUMED, Deficiency, Floats, check_validity, stated, warn_beyond_single_phase
from neurokit.vacancy.response import VANADIUM

PROCESS = "annealing"
P_AIR = 0.2095 * 101325  # Pa, O2 in dry air
SURFACE_SITES = 1e19  # oxygen atoms per m^2 that could leave, assumed: about one monolayer

_ZHOU = "Zhou, Yao and Qiao, supporting information on directional oxygen transport in TiO2/VO2/Al2O3"
_CELLS, _STEPS, _STEPS_POINT = 40, 600, 20


@dataclass(frozen=True)
class Anneal:
    """One anneal of a bare film; the field names' symbols are in the module's equations."""

    temperature: float = stated(573.15, "temperature T", "K", 450, 750, f"300 C, {_ZHOU}; other ones assumed")
    duration: float = stated(7200.0, "time t", "s", 0, 1e5, f"2 h, {_ZHOU}")
    oxygen_pressure: float = stated(P_AIR, "partial pressure p of O2", "Pa", 0, 101325, f"air, {_ZHOU}")
    film_thickness: float = stated(26e-9, "thickness L of the VO2", "m", 5e-9, 100e-9, f"about 26 nm, {_ZHOU}")
    uptake_velocity: float = stated(
        1.2e-11,
        "uptake velocity k_air at 300 C in air",
        "m/s",
        1e-12,
        1e-9,
        f"fitted to T_MI back within 3 K, {_ZHOU}: a lower bound, any faster one would do",
    )
    uptake_barrier: float = stated(0.3, "barrier E_u of uptake", "eV", 0, 1, ASSUMED)
    uptake_order: float = stated(
        0.5, "power n of the pressure", "", 0.5, 1, "assumed: O2 splits before its atoms are taken up"
    )
    release_attempts: float = stated(1e13, "attempts nu of an oxygen atom to leave", "1/s", 1e12, 1e14, ASSUMED)
    release_barrier: float = stated(
        2.2, "barrier E_r of release", "eV", 1.5, 3, "assumed; with it mild vacuum does little, extensive vacuum all"
    )
    release_pressure: float = stated(
        1e-2, "pressure p_r at which half of the release is healed at once", "Pa", 1e-4, 1, ASSUMED
    )
    diffusivity: float = stated(
        1e-19, "diffusivity D of vacancies at 150 C", "m^2/s", 1e-20, 1e-18, "as under an overlayer"
    )
    barrier: float = stated(0.7, "barrier of diffusion", "eV", 0.4, 1.2, ASSUMED)

    def __post_init__(self) -> None:
        if not min(self.temperature, self.film_thickness, self.diffusivity) > 0:
            raise OutOfRangeError("temperature, film_thickness and diffusivity must be above 0")


RECOVERY = Anneal()  # 300 C, 2 h, air: Zhou, Yao and Qiao, supporting information
MILD = Anneal(temperature=523.15, duration=1800.0, oxygen_pressure=1e-4)  # assumed: 250 C, 30 min
EXTENSIVE = Anneal(temperature=723.15, duration=1800.0, oxygen_pressure=1e-4)  # assumed: 450 C, 30 min


def annealed(model: Anneal, x_start: ArrayLike = 0.0) -> Deficiency:
    """x of the film against depth below its surface; x_start is one number, or a profile in equal layers."""
    found = check_validity(model)
    stack = _stack(model)
    x = diffuse(stack, _resampled(x_start), model.duration, _STEPS).concentration / VANADIUM
    found += warn_beyond_single_phase(x)
    return Deficiency(x, PROCESS, asdict(model), position=depths(stack), along="from the surface down", warnings=found)


def anneal_history(model: Anneal, x_start: ArrayLike = 0.0, points: int = 30) -> tuple[Floats, Floats]:
    """Time (s) and mean x of the film, from the start to the end of the anneal."""
    check_validity(model)
    stack, c = _stack(model), _resampled(x_start)
    time, x_mean = np.linspace(0, model.duration, points + 1), [c.mean() / VANADIUM]
    for _ in range(points):
        c = diffuse(stack, c, model.duration / points, _STEPS_POINT).concentration
        x_mean.append(c.mean() / VANADIUM)
    return time, np.array(x_mean)


def uptake_velocity(model: Anneal) -> float:
    """k_s in m/s: how fast vacancies at the surface are filled from the gas."""
    at_air = arrhenius(model.uptake_velocity, 573.15, model.uptake_barrier, model.temperature)
    return float(at_air * (model.oxygen_pressure / P_AIR) ** model.uptake_order)


def release(model: Anneal) -> float:
    """r in 1/(m^2 s): oxygen atoms that leave, vacancies that come."""
    into_vacuum = model.release_attempts * np.exp(-model.release_barrier / (BOLTZMANN * model.temperature))
    return float(SURFACE_SITES * into_vacuum / (1 + model.oxygen_pressure / model.release_pressure))


def _stack(model: Anneal) -> Stack:
    d = arrhenius(model.diffusivity, 423.15, model.barrier, model.temperature)
    surface = Exchange(velocity=uptake_velocity(model), supply=release(model))
    return Stack((Layer(model.film_thickness, d, _CELLS),), model.temperature, surface=surface)


def _resampled(x_start: ArrayLike) -> Floats:
    """Concentrations of the cells that hold as many vacancies as a profile in layers of equal thickness."""
    x = np.atleast_1d(np.asarray(x_start, dtype=np.float64))
    if x.ndim != 1 or not np.isfinite(x).all() or (x < -1e-12).any():
        raise OutOfRangeError(f"x_start = {x_start!r} must be one number or a profile, finite and not below 0")
    filled = np.interp(np.linspace(0, len(x), _CELLS + 1), np.arange(len(x) + 1), np.append(0, np.cumsum(x)))
    return np.asarray(np.clip(np.diff(filled) * _CELLS / len(x), 0, None) * VANADIUM)
