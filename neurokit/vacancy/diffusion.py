"""Vacancies that diffuse and drift through a stack of layers: finite volumes in one dimension, implicit in time.

With z the depth from the surface, c the concentration of vacancies, E their energy in a layer:

    dc/dt = -dJ/dz        J = -D dc/dz + v c                                        inside a layer
    J     = k (c_above - K c_below)     K = exp[-(E_above - E_below) / kT]          through an interface
    J     = supply + k_s (c_eq - c)                                                 into the stack, at either end

K is the ratio of the concentrations in equilibrium: vacancies go to the layer where their energy is lower. Between
two cell centres the flux is that of the steady profile (Scharfetter and Gummel 1969), the interface a resistance in
series with two half cells. So steady profiles come out exactly at the centres of cells. Time advances by implicit
Euler steps (`scipy.linalg.solve_banded`), as short in the beginning as the square root of time asks: first order,
but no step, however long, makes a concentration negative, and vacancies are conserved to rounding.

It holds for dilute vacancies: no site is taken twice, D does not depend on c, and no charge is left behind. Electrons
follow so fast in a metal or a degenerate semiconductor that the layers stay neutral.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_banded

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.model import Floats

BOLTZMANN = 8.617333262e-5  # eV/K, CODATA 2018


@dataclass(frozen=True)
class Layer:
    """One layer of a stack, from its upper to its lower face."""

    thickness: float  # m
    diffusivity: float  # m^2/s
    cells: int
    energy: float = 0.0  # eV, of a vacancy; only differences between layers matter
    drift: float = 0.0  # m/s, downwards

    def __post_init__(self) -> None:
        if not (self.thickness > 0 and self.diffusivity > 0 and self.cells >= 1):
            raise OutOfRangeError(
                f"a layer of {self.thickness:g} m, {self.diffusivity:g} m^2/s and {self.cells} cells is none: "
                "thickness and diffusivity must be above 0, with one cell at least"
            )


@dataclass(frozen=True)
class Exchange:
    """What comes in through an end of the stack, by default nothing; an infinite velocity holds c at `equilibrium`."""

    velocity: float = 0.0  # m/s
    equilibrium: float = 0.0  # 1/m^3
    supply: float = 0.0  # 1/(m^2 s)


@dataclass(frozen=True)
class Stack:
    """Layers from the surface down, and what happens at their interfaces and at both ends."""

    layers: tuple[Layer, ...]
    temperature: float  # K
    interface_velocity: float = np.inf  # m/s, k of every interface; infinite means equilibrium across it
    surface: Exchange = Exchange()
    bottom: Exchange = Exchange()


@dataclass(frozen=True, eq=False)
class Diffused:
    """Concentrations after a time, and the vacancies that have come in through both ends."""

    concentration: Floats  # 1/m^3, one for each cell
    entered_surface: float  # 1/m^2
    entered_bottom: float  # 1/m^2


@dataclass(frozen=True, eq=False)
class _Fluxes:
    """J at every face as a linear function of the concentrations: ahead * c_above - back * c_below."""

    ahead: Floats  # m/s, one for each inner face
    back: Floats  # m/s
    surface: float  # m/s, conductances of the ends
    bottom: float  # m/s


def diffuse(stack: Stack, concentration: Floats, duration: float, steps: int = 200) -> Diffused:
    """The stack's vacancies after `duration` seconds; the error falls with 1/steps."""
    c, h = np.asarray(concentration, dtype=np.float64), widths(stack)
    if c.shape != h.shape or not np.isfinite(c).all() or (c < 0).any():
        raise OutOfRangeError(f"{c.shape} concentrations for {len(h)} cells: give each a finite one, not below 0")
    if not (0 <= duration < np.inf and steps >= 1):
        raise OutOfRangeError(
            f"{duration:g} s in {steps} steps: a duration is finite, not below 0 and takes one step at least"
        )
    law, entered = _fluxes(stack, h), np.zeros(2)
    for dt in np.diff(duration * (np.arange(steps + 1) / steps) ** 2):
        c, passed = _step(stack, law, c, h, float(dt))
        entered += passed
    return Diffused(concentration=c, entered_surface=float(entered[0]), entered_bottom=float(entered[1]))


def widths(stack: Stack) -> Floats:
    """Thickness of every cell (m)."""
    return np.concatenate([np.full(layer.cells, layer.thickness / layer.cells) for layer in stack.layers])


def depths(stack: Stack) -> Floats:
    """Depth of every cell's centre below the surface (m)."""
    h = widths(stack)
    return np.asarray(np.cumsum(h) - h / 2)


def arrhenius(value: float, at: float, barrier: float, temperature: float) -> float:
    """A rate known at one temperature (K), at another one: value * exp[barrier / k (1/at - 1/temperature)]."""
    return float(value * np.exp(barrier / BOLTZMANN * (1 / at - 1 / temperature)))


def _step(stack: Stack, law: _Fluxes, c: Floats, h: Floats, dt: float) -> tuple[Floats, Floats]:
    """One implicit step, and what came in through both ends; the change is made of fluxes, so nothing is lost."""
    top, bottom = stack.surface, stack.bottom
    leaving = np.append(law.ahead, law.bottom) + np.append(law.surface, law.back)
    matrix = np.zeros((3, len(c)))
    matrix[0, 1:] = -dt * law.back / h[:-1]
    matrix[1] = 1 + dt * leaving / h
    matrix[2, :-1] = -dt * law.ahead / h[1:]
    right = c.copy()
    right[0] += dt / h[0] * (top.supply + law.surface * top.equilibrium)
    right[-1] += dt / h[-1] * (bottom.supply + law.bottom * bottom.equilibrium)
    new = solve_banded((1, 1), matrix, right, overwrite_ab=True, check_finite=False)
    inside = law.ahead * new[:-1] - law.back * new[1:]
    first = top.supply + law.surface * (top.equilibrium - new[0])
    last = -(bottom.supply + law.bottom * (bottom.equilibrium - new[-1]))
    change = -np.diff(np.concatenate([[first], inside, [last]])) * dt
    return np.asarray(c + change / h), np.array([first, -last]) * dt


def _fluxes(stack: Stack, h: Floats) -> _Fluxes:
    d, v, energy = (
        np.concatenate([np.full(layer.cells, getattr(layer, name)) for layer in stack.layers])
        for name in ("diffusivity", "drift", "energy")
    )
    half, drop = 2 * d / h, v * h / (2 * d)  # conductance of half a cell in m/s, its Peclet number
    into, out = half * _bernoulli(-drop), half * _bernoulli(drop)
    interfaces = np.cumsum([layer.cells for layer in stack.layers])[:-1] - 1
    k = np.full(len(h) - 1, np.inf)
    k[interfaces] = stack.interface_velocity
    ratio = np.exp(-np.clip(-np.diff(energy) / (BOLTZMANN * stack.temperature), -300, 300))
    with np.errstate(divide="ignore"):
        resistance = 1 / k + 1 / out[:-1] + ratio / into[1:]
    return _Fluxes(
        ahead=np.exp(drop[:-1]) / resistance,
        back=ratio * np.exp(-drop[1:]) / resistance,
        surface=_end(stack.surface.velocity, half[0]),
        bottom=_end(stack.bottom.velocity, half[-1]),
    )


def _bernoulli(z: Floats) -> Floats:
    small = np.abs(z) < 1e-5
    safe = np.where(small, 1.0, z)
    return np.where(small, 1 - z / 2, safe / np.expm1(safe))


def _end(velocity: float, half: float) -> float:
    """Conductance of an end in m/s: exchange at the face in series with half a cell."""
    return 0.0 if velocity == 0 else float(1 / (1 / velocity + 1 / half))
