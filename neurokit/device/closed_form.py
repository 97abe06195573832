"""What a device does without simulating it: static I-V, thresholds, tri-state boundaries, resistance loops.

Along a branch of the hysteresis the metal fraction is a function of temperature; at rest the heat loss equals v * i.
So temperature is the parameter of the static curve: v(theta) = sqrt(theta s / g(theta)). V_th is its local maximum on
the heating branch and V_hold its local minimum on the cooling branch; between them the differential resistance is
negative.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neurokit.device.equations import (
    X_HIGH,
    conductance,
    cooling_branch,
    heat_loss,
    heating_branch,
    metal,
    reversible_branch,
)
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import Vo2x, device_coefficients
from neurokit.errors import OutOfRangeError

Branch = Literal["heating", "cooling"]
Floats = NDArray[np.float64]

_GRID = 20_001  # temperatures at which the static curve is sampled before its extremum is refined
_REACH = 6.0  # half-widths of a branch beyond which it is flat to 1e-5


class NoThresholdsError(OutOfRangeError):
    """A device without thresholds was asked for them."""


@dataclass(frozen=True)
class StaticCurve:
    """The static I-V curve along one branch, parametrised by the temperature above ambient."""

    theta: Floats  # K
    v: Floats  # V
    i: Floats  # A
    u: Floats  # metal fraction, that with hysteresis


@dataclass(frozen=True)
class Thresholds:
    """Where a voltage-driven device switches: on at (v_threshold, i_threshold), off at (v_hold, i_hold)."""

    v_threshold: float  # V
    i_threshold: float  # A
    theta_threshold: float  # K above ambient
    v_hold: float  # V
    i_hold: float  # A
    theta_hold: float  # K above ambient


@dataclass(frozen=True)
class TriplePoint:
    """Series resistance and supply at which un-firing, oscillating and firing meet."""

    r_series: float  # ohm
    v_in: float  # V


@dataclass(frozen=True)
class ResistanceLoop:
    """Resistance against temperature at vanishing current, heating and cooling."""

    temperature: Floats  # K
    heating: Floats  # ohm
    cooling: Floats  # ohm


def static_curve(device: Vo2x, which: Branch, theta: ArrayLike, u_most: float = 1.0) -> StaticCurve:
    """The static curve of one branch at the given temperatures above ambient.

    A device that was not heated through comes down with the metal fraction u_most that it had reached, until it meets
    the cooling branch.
    """
    xp, c, theta = numpy_maths(), device_coefficients(device), np.asarray(theta, dtype=np.float64)
    u = np.minimum(_fraction(c, which, theta), u_most)
    m = metal(xp, c, u, reversible_branch(xp, c, theta))
    g = conductance(xp, c, theta, m)
    v = np.sqrt(heat_loss(xp, c, theta, u) / g)
    return StaticCurve(theta=theta, v=v * (1 + g * c.r_lead), i=v * g, u=u)


@lru_cache(maxsize=4096)  # a map asks for those of one device again and again
def thresholds(device: Vo2x) -> Thresholds:
    """V_th, V_hold and their currents, or a clear error for a device that does not snap on and off.

    There are none at large x, where the device is ohmic, nor close to the transition: a loop remains in the sweep of a
    warm device, but without negative differential resistance on both branches nothing jumps, and nothing oscillates.
    Nor are there where the heat loss grows so much with the filament that a metallic device needs the higher voltage,
    or less current than at V_th.
    """
    on = _extremum(device, "heating", +1)
    off = _extremum(device, "cooling", -1)
    if on is None or off is None or not (off[0] < on[0] and off[1] > on[1]):
        raise NoThresholdsError(
            f"x = {device.x:g} at {device.t_ambient:g} K does not snap on and off, so it has no V_th and V_hold "
            f"(film {device.film.name!r}): {_missing(on, off)}; take {_way_out(device)}"
        )
    return Thresholds(*on, *off)


@lru_cache(maxsize=4096)  # every point of a map asks for that of its device
def switching_current(device: Vo2x) -> float:
    """A device current (A) between those of the insulating and of the metallic state: whoever carries more has fired.

    The geometric mean of the currents at V_th and V_hold; of a device without thresholds the one at which it is half
    metal on the heating branch.
    """
    if has_thresholds(device):
        t = thresholds(device)
        return float(np.sqrt(t.i_threshold * t.i_hold))
    centre = max(float(device_coefficients(device).theta_heating), 0.0)
    return float(static_curve(device, "heating", [centre]).i[0])


def has_thresholds(device: Vo2x) -> bool:
    """Whether a slow voltage sweep snaps this device on at V_th and off at a lower V_hold, there with more current."""
    try:
        thresholds(device)
    except NoThresholdsError:
        return False
    return True


def threshold_limit(device: Vo2x) -> float:
    """The largest x up to which devices like this one have thresholds, to 1e-6; 0 where none has."""
    if not has_thresholds(replace(device, x=0.0)):
        return 0.0
    low, high = 0.0, X_HIGH
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if has_thresholds(replace(device, x=middle)) else (low, middle)
    return low


def v_firing_onset(device: Vo2x, r_series: ArrayLike) -> Floats:
    """Supply at which the neuron begins to oscillate: un-firing below it (V)."""
    t = thresholds(device)
    return t.v_threshold + np.asarray(r_series, dtype=np.float64) * t.i_threshold


def v_latching(device: Vo2x, r_series: ArrayLike) -> Floats:
    """Supply at which the neuron stays metallic ("firing"): oscillating below it (V)."""
    t = thresholds(device)
    return t.v_hold + np.asarray(r_series, dtype=np.float64) * t.i_hold


def triple_point(device: Vo2x) -> TriplePoint:
    """Where both boundaries cross; below its resistance nothing oscillates.

    The boundaries hold where RC is long against the thermal and phase times; a simulation differs where it is not.
    """
    t = thresholds(device)
    r_series = (t.v_threshold - t.v_hold) / (t.i_hold - t.i_threshold)
    return TriplePoint(r_series=r_series, v_in=t.v_threshold + r_series * t.i_threshold)


def resistance_loop(device: Vo2x, temperature: ArrayLike) -> ResistanceLoop:
    """The major R(T) loop: the device itself at each temperature, nothing heated by current."""
    t = np.asarray(temperature, dtype=np.float64)
    heating, cooling = (_resistance(device, t, _static_fraction(device, t, which)) for which in BRANCHES)
    return ResistanceLoop(temperature=t, heating=heating, cooling=cooling)


def resistance_history(device: Vo2x, temperature: ArrayLike, u_start: float | None = None) -> Floats:
    """Resistance along a history of temperatures: minor loops, first-order reversal curves.

    Slow against the switching times, the metal fraction is pushed up by the heating branch and down by the cooling
    branch and rests between them (a play operator). It starts on the heating branch unless u_start is given.
    """
    t = np.asarray(temperature, dtype=np.float64)
    low, high = (_static_fraction(device, t, which) for which in BRANCHES)
    u = np.empty_like(t)
    held = low[0] if u_start is None else u_start
    for k in range(len(t)):
        held = min(max(held, low[k]), high[k])
        u[k] = held
    return _resistance(device, t, u)


def film_bar(device: Vo2x, r_pristine: float, r_metal: float, t_pristine: float = 300.0) -> Vo2x:
    """A bar of the bare film with the same x, without the constriction and the contacts that a device adds.

    `r_pristine` is its resistance at x = 0 and t_pristine, `r_metal` its metallic resistance. The paper's film goes
    from about 1e4 to 10 ohm, three decades; a device of it, whose on-state is a filament with contacts, about two.
    """
    bare = replace(device, film=replace(device.film, r_metal=r_metal))
    pristine = resistance_loop(replace(bare, x=0.0), [t_pristine]).heating[0]
    return replace(bare, film=replace(bare.film, g_insulating=bare.film.g_insulating * pristine / r_pristine))


def critical_temperature(device: Vo2x) -> float:
    """Middle of the transition in K: mean of heating and cooling branch, where resistance is read in the literature."""
    c = device_coefficients(device)
    return float(device.t_ambient + (c.theta_heating + c.theta_cooling) / 2)


BRANCHES: tuple[Branch, Branch] = ("heating", "cooling")


def _fraction(c: Any, which: Branch, theta: Floats) -> Floats:
    law = heating_branch if which == "heating" else cooling_branch
    return np.asarray(law(numpy_maths(), c, theta))


def _static_fraction(device: Vo2x, temperature: Floats, which: Branch) -> Floats:
    return _fraction(device_coefficients(device), which, temperature - device.t_ambient)


def _resistance(device: Vo2x, temperature: Floats, u: Floats) -> Floats:
    xp, c = numpy_maths(), device_coefficients(device, t_ambient=temperature)
    cold = np.zeros_like(temperature)
    return np.asarray(c.r_lead + 1 / conductance(xp, c, cold, metal(xp, c, u, reversible_branch(xp, c, cold))))


def _missing(on: "Fold | None", off: "Fold | None") -> str:
    """What a device lacks that has no thresholds."""
    if on is None:
        return "as it heats, its voltage nowhere falls"
    switching = f"it switches on at {on[0]:.4g} V and {on[1]:.3g} A, but "
    if off is None:
        return f"{switching}as it cools its voltage has no minimum, and it comes back without a jump"
    return f"{switching}as it cools it turns at {off[0]:.4g} V and {off[1]:.3g} A, not at less voltage and more current"


def _way_out(device: Vo2x) -> str:
    ways = ["a smaller x"] * (device.x > 0) + ["a smaller s_growth"] * (device.film.s_growth > 0)
    return " or ".join([*ways, "a lower ambient temperature"])


Fold = tuple[float, float, float]  # (v, i, theta)


def _extremum(device: Vo2x, which: Branch, sign: int) -> Fold | None:
    """The first local maximum (sign +1) or last local minimum (-1) of the static curve's voltage."""
    c = device_coefficients(device)
    top = max(c.theta_heating + _REACH / c.beta, c.theta_cooling + _REACH / c.beta_cooling)
    if top <= 0:
        return None
    curve = static_curve(device, which, np.linspace(top / _GRID, top, _GRID))
    rise = np.diff(sign * curve.v) > 0
    turns = np.flatnonzero(rise[:-1] & ~rise[1:]) + 1
    if not len(turns):
        return None
    k = int(turns[0] if sign > 0 else turns[-1])
    fine = static_curve(device, which, np.linspace(curve.theta[k - 1], curve.theta[k + 1], 2001))
    best = int(np.argmax(sign * fine.v))
    return float(fine.v[best]), float(fine.i[best]), float(fine.theta[best])
