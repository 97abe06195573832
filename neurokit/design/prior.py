"""What a neuron does by closed form alone: the mean that simulations correct, never an answer.

The device is a resistor of two values, V_th / I_th while the capacitor charges and V_hold / I_hold while it discharges,
and each cycle takes some thermal times more. Against simulations the frequency is off by some ten per cent where R_s C
is long against the thermal time and up to two times where it is not; powers are off by less.
"""

import numpy as np
from numpy.typing import NDArray

from neurokit.design.space import Space

Floats = NDArray[np.float64]

RESPONSES = ("frequency", "power", "device_power", "amplitude")  # Hz, W of the supply, W in the device, V

THERMAL_TIMES = 3.0  # that a cycle takes beyond charging and discharging: assumed, within a factor of two of the twin's
_SMALLEST = 1e-6  # of a ratio inside a logarithm: outside the window there is no period


def prior(space: Space, x: Floats, r: Floats, c: Floats, v: Floats) -> Floats:
    """The logarithms of the responses, a row for each operating point."""
    known = space.statics(x)
    top, bottom = known.v_threshold, known.v_hold
    middle, swing = (top + bottom) / 2, top - bottom
    charging = _crossing_time(v, r, c, top / known.i_threshold, bottom, top)
    discharging = _crossing_time(v, r, c, bottom / known.i_hold, top, bottom)
    frequency = 1 / (charging + discharging + THERMAL_TIMES * space.tau)
    current = np.maximum(v - middle, _SMALLEST) / r
    device_power = np.maximum(middle * current - swing**2 / (12 * r), _SMALLEST * v * current)
    return np.asarray(np.log(np.stack([frequency, v * current, device_power, swing], axis=1)))


def _crossing_time(v: Floats, r: Floats, c: Floats, r_device: Floats, begin: Floats, end: Floats) -> Floats:
    """s from one voltage of the capacitor to another, with a resistor in the device's place."""
    aim = v * r_device / (r + r_device)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (aim - begin) / (aim - end)
    ratio = np.where(np.isfinite(ratio) & (ratio > 1), ratio, 1 / _SMALLEST)
    return np.asarray(r * r_device / (r + r_device) * c * np.log(ratio))
