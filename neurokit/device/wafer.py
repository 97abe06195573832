"""A wafer with a gradient of deficiency, seen by whoever measures R(T) along it and cuts devices from it.

Growth gives x(position), the film gives R(T, x) and V_th(x), and both are put together here. V_th falls with x, so each
threshold between those of the line's ends belongs to one place.

R(T) is that of a bar of the bare film. Its metallized share conducts as well as its metal does, so the model's film
falls from 1e4 to some 170 ohm at 300 K already at x = 0.01: the scale of x was fitted to thresholds of devices, whose
metallic resistance is 37 times the film's. The text gives no resistance but the pristine end's, so nothing contradicts
it; how far the film between falls is not to be read from this map.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from neurokit.device.closed_form import critical_temperature, film_bar, resistance_loop, threshold_limit, thresholds
from neurokit.device.vo2x import DEVICES, MEASURED_THRESHOLDS, Vo2x, device_label
from neurokit.errors import OutOfRangeError
from neurokit.vacancy.checks.check import Check, within_share
from neurokit.vacancy.growth import LINE_END, GrowthGradient, growth_deficiency, position_of, reachable
from neurokit.vacancy.model import Floats

# Ten points 5 mm apart along -25 to +25 mm: Li et al., arXiv 2405.00700. That they lie evenly about the centre, as the
# middles of ten pieces of 5 mm, is our reading.
MEASURED_POINTS = np.linspace(-22.5e-3, 22.5e-3, 10)  # m
R_PRISTINE, R_METAL = 1e4, 10.0  # ohm, the pristine end's film: about 1e4 -> 10 ohm, the same paper
T_COLD, T_HOT = 300.0, 370.0  # K, between which that is taken: assumed
MASK_STEP = 1e-4  # m, to which a mask is placed: assumed
SHIFT_ALLOWED = 2.0  # K, of the critical temperature along the line: what "not significantly reduced" is taken for
TOLERANCE = 0.05  # of V_th, within which a device cut from the gradient must come out

_SAME = 1e-3  # of a threshold: a wish this close to the best of the wafer is that


@dataclass(frozen=True, eq=False)
class WaferMap:
    """R(T) of bars of film along the line."""

    position: Floats  # m, n of them
    x: Floats  # n
    temperature: Floats  # K, m of them
    heating: Floats  # ohm, (n, m)
    cooling: Floats  # ohm, (n, m)
    critical_temperature: Floats  # K, n: middle of both branches
    steepest_temperature: Floats  # K, n: steepest fall of log R, mean of heating and cooling


@dataclass(frozen=True)
class Cut:
    """Where on the wafer a device is, and what it does."""

    label: str
    position: float  # m
    x: float
    v_threshold: float  # V
    v_hold: float  # V
    v_wished: float  # V, the threshold it is cut for
    window: tuple[float, float]  # m, where V_th is within 5 % of the wish


def resistance_map(
    gradient: GrowthGradient,
    position: ArrayLike = MEASURED_POINTS,
    temperature: ArrayLike | None = None,
    device: Vo2x | None = None,
) -> WaferMap:
    """R(T) at these places (m) and temperatures (K), of the film that `device` is made of."""
    device = device or Vo2x()
    deficiency = growth_deficiency(gradient, np.atleast_1d(position))
    centre = critical_temperature(device)
    t = np.linspace(centre - 40, centre + 40, 801) if temperature is None else np.asarray(temperature, dtype=np.float64)
    bars = [film_bar(_of(device, x), R_PRISTINE, R_METAL, T_COLD) for x in deficiency.x]
    loops = [resistance_loop(bar, t) for bar in bars]
    return WaferMap(
        position=np.atleast_1d(np.asarray(position, dtype=np.float64)),
        x=deficiency.x,
        temperature=t,
        heating=np.array([loop.heating for loop in loops]),
        cooling=np.array([loop.cooling for loop in loops]),
        critical_temperature=np.array([critical_temperature(bar) for bar in bars]),
        steepest_temperature=np.array([_steepest(bar) for bar in bars]),
    )


def cut_devices(gradient: GrowthGradient) -> tuple[Cut, ...]:
    """Devices 1 to 5: the places, to what a mask can be placed to, whose film has their x."""
    cuts = []
    for number, device in DEVICES.items():
        place = _placed(position_of(gradient, device.x), MASK_STEP)
        cuts.append(_cut(gradient, device, device_label(number), place, thresholds(device).v_threshold))
    return tuple(cuts)


def cut_for_threshold(
    gradient: GrowthGradient, v_threshold: float, device: Vo2x | None = None, step: float = MASK_STEP
) -> Cut:
    """The place for a wished V_th (V) of devices like this one, to a step in m (0: exactly)."""
    device = device or Vo2x()
    low, high = threshold_range(gradient, device)
    if not low * (1 - _SAME) <= v_threshold <= high * (1 + _SAME):
        raise OutOfRangeError(
            f"v_threshold = {v_threshold:g} V cannot be cut from this wafer, whose thresholds go from {low:.4g} to "
            f"{high:.4g} V: wish for one between, or change the gradient's `uptake` or the device's ambient temperature"
        )
    last = position_of(gradient, _switching_range(gradient, device)[1])
    place = min(_placed(_position_of_threshold(gradient, device, v_threshold), step), last)
    return _cut(gradient, device, f"V_th = {v_threshold:g} V", place, v_threshold)


def threshold_range(gradient: GrowthGradient, device: Vo2x | None = None) -> tuple[float, float]:
    """Lowest and highest V_th (V) on the line; where x is too high for a device to switch there is none."""
    device = device or Vo2x()
    x_low, x_high = _switching_range(gradient, device)
    return _v_threshold(device, x_high), _v_threshold(device, x_low)


def wafer_checks(gradient: GrowthGradient) -> tuple[Check, ...]:
    """Section A of the published figures (Li et al., arXiv 2405.00700), all but the spectra, beside this wafer's."""
    return (*resistance_checks(gradient), *critical_temperature_checks(gradient), *threshold_checks(gradient))


def resistance_checks(gradient: GrowthGradient) -> tuple[Check, ...]:
    """The pristine end's resistances, and what falls along the line."""
    ends = resistance_map(gradient, temperature=[T_COLD, T_HOT])
    cold, jump = ends.heating[:, 0], ends.heating[:, 0] / ends.heating[:, 1]
    start = ends.heating[0]
    return (
        Check(
            f"film, pristine end, {T_COLD:g} -> {T_HOT:g} K",
            "about 1e4 -> 10 ohm",
            f"{start[0]:.4g} -> {start[1]:.4g} ohm",
            bool(np.allclose(start, [R_PRISTINE, R_METAL], rtol=0.05)),
        ),
        Check("resistance at 300 K along the line", "falls", _from_to(cold, "ohm"), bool((np.diff(cold) < 0).all())),
        Check("size of the jump along the line", "falls", _from_to(jump, "times"), bool((np.diff(jump) < 0).all())),
    )


def critical_temperature_checks(gradient: GrowthGradient) -> tuple[Check, ...]:
    """How far the critical temperature moves along the line, as either reading of R(T) has it."""
    wafer = resistance_map(gradient, temperature=[T_COLD, T_HOT])
    return (
        _shift_check("critical temperature, middle of both branches", wafer.critical_temperature),
        _shift_check("critical temperature, steepest fall of log R", wafer.steepest_temperature),
    )


def threshold_checks(gradient: GrowthGradient) -> tuple[Check, ...]:
    """The published thresholds, and those of all five devices, where the devices are cut."""
    cuts = dict(zip(DEVICES, cut_devices(gradient), strict=True))
    worst = max(abs(cut.v_threshold / cut.v_wished - 1) for cut in cuts.values())
    return (
        *(
            within_share(f"V_th of Device {number}", published, cuts[number].v_threshold, 0.02, "V")
            for number, published in MEASURED_THRESHOLDS.items()
        ),
        Check(
            "thresholds of the five devices out of the gradient",
            f"within {100 * TOLERANCE:g} %",
            f"{100 * worst:.2f} % off at most",
            worst < TOLERANCE,
        ),
    )


def _of(device: Vo2x, x: float) -> Vo2x:
    return replace(device, x=float(x))


def _v_threshold(device: Vo2x, x: float) -> float:
    return thresholds(_of(device, x)).v_threshold


def _switching_range(gradient: GrowthGradient, device: Vo2x) -> tuple[float, float]:
    low, high = reachable(gradient)
    limit = threshold_limit(device)
    if low >= limit:
        raise OutOfRangeError(
            f"no device of this wafer switches: its lowest x is {low:.4g}, and at {device.t_ambient:g} K only x below "
            f"{limit:.4g} does: lower the gradient's `uptake` or the ambient temperature"
        )
    return low, min(high, limit)


def _position_of_threshold(gradient: GrowthGradient, device: Vo2x, v: float) -> float:
    """Where V_th is v, or the end of the range nearest to it."""
    x_low, x_high = _switching_range(gradient, device)
    if v >= _v_threshold(device, x_low):
        return position_of(gradient, x_low)
    if v <= _v_threshold(device, x_high):
        return position_of(gradient, x_high)
    return position_of(gradient, float(brentq(lambda x: _v_threshold(device, x) - v, x_low, x_high, xtol=1e-9)))


def _placed(position: float, step: float) -> float:
    """The nearest place a mask can take that is still on the line."""
    return position if step == 0 else float(np.clip(round(position / step) * step, -LINE_END, LINE_END))


def _cut(gradient: GrowthGradient, device: Vo2x, label: str, position: float, v_wished: float) -> Cut:
    x = float(growth_deficiency(gradient, position).x)
    reached = thresholds(_of(device, x))
    window = _window(gradient, device, v_wished)
    return Cut(label, position, x, reached.v_threshold, reached.v_hold, v_wished, window)


def _window(gradient: GrowthGradient, device: Vo2x, v: float) -> tuple[float, float]:
    first, last = (_position_of_threshold(gradient, device, v * k) for k in (1 + TOLERANCE, 1 - TOLERANCE))
    return (-LINE_END if growth_deficiency(gradient, first).x == reachable(gradient)[0] else first), last


def _steepest(device: Vo2x) -> float:
    """Where log R falls most steeply with temperature, as an experimenter reads it: mean of both branches, in K."""
    t = critical_temperature(device) + np.linspace(-20, 20, 2001)
    loop = resistance_loop(device, t)
    return float(np.mean([t[np.argmin(np.gradient(np.log(r), t))] for r in (loop.heating, loop.cooling)]))


def _from_to(values: Floats, unit: str) -> str:
    return f"{values[0]:.4g} -> {values[-1]:.4g} {unit}"


def _shift_check(item: str, temperature: Floats) -> Check:
    shift = float(np.ptp(temperature))
    words = f"{shift:.2f} K ({_from_to(temperature, 'K')})"
    return Check(item, f"shift < {SHIFT_ALLOWED:g} K", words, shift < SHIFT_ALLOWED)
