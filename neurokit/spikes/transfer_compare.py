"""Neurons compared by their transfer curves: the voltage and the power at which they reach the same frequency.

With one R_s and C for all devices, a device of larger x oscillates faster, and R_s takes up what its lower threshold
saves, as that needs a larger current. `matched` gives each device the circuit in which devices can be compared.
"""

from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device.closed_form import triple_point, v_firing_onset, v_latching
from neurokit.device.vo2x import Vo2x
from neurokit.spikes.operating_point import measure_by_twin
from neurokit.spikes.transfer import TransferCurve

Floats = NDArray[np.float64]

POINTS = 2001
_VOLTAGES = 80
_ROUNDS = 4  # frequency goes nearly as 1 / C: more change nothing


@dataclass(frozen=True)
class SameFrequency:
    """One neuron against another where both reach the same frequency, each on its way up; not numbers where never."""

    low: float  # Hz, the band that both reach
    high: float  # Hz
    voltage_ratio: float  # of this one's to the other's, mean over the band
    voltage_ratio_span: tuple[float, float]  # the lowest and highest in it
    power_ratio: float
    power_ratio_span: tuple[float, float]

    @property
    def overlaps(self) -> bool:
        return self.high > self.low


def matched(neuron: NeuronCircuit, device: Vo2x) -> NeuronCircuit:
    """The neuron with another device: R_s in the same ratio to its triple point, C for the same top frequency."""
    if device == neuron.device:
        return neuron
    ratio = triple_point(device).r_series / triple_point(neuron.device).r_series
    found = replace(neuron, device=device, r_series=neuron.r_series * ratio, capacitance=neuron.capacitance / ratio)
    wanted = _top_frequency(neuron)
    for _ in range(_ROUNDS):
        reached = _top_frequency(found)
        if not (wanted and reached):  # one of the two never oscillates: the same R_s C is all that can be matched
            return found
        found = replace(found, capacitance=found.capacitance * reached / wanted)
    return found


def _top_frequency(neuron: NeuronCircuit) -> float:
    """The highest frequency in Hz by the twin, over the closed form's window; 0 where it does not oscillate."""
    v_in = np.linspace(
        float(v_firing_onset(neuron.device, neuron.r_series)),
        float(v_latching(neuron.device, neuron.r_series)),
        _VOLTAGES,
    )
    points = measure_by_twin([neuron] * _VOLTAGES, [float(v) for v in v_in])
    return max(point.frequency for point in points)


def same_frequency(this: TransferCurve, other: TransferCurve) -> SameFrequency:
    """`this` neuron against the `other` over the frequencies that both reach between v_on and their maximum."""
    rises = [_rise(curve) for curve in (this, other)]
    if any(rise is None for rise in rises):
        return SameFrequency(nan, nan, nan, (nan, nan), nan, (nan, nan))
    (v_this, f_this), (v_other, f_other) = (rise for rise in rises if rise)
    low, high = max(f_this[0], f_other[0]), min(f_this[-1], f_other[-1])
    if not low < high:
        return SameFrequency(float(low), float(high), nan, (nan, nan), nan, (nan, nan))
    band = np.linspace(low, high, POINTS)
    at_this, at_other = np.interp(band, f_this, v_this), np.interp(band, f_other, v_other)
    voltage, power = at_this / at_other, this.power(at_this) / other.power(at_other)
    return SameFrequency(
        float(low),
        float(high),
        float(voltage.mean()),
        (float(voltage.min()), float(voltage.max())),
        float(power.mean()),
        (float(power.min()), float(power.max())),
    )


def _rise(curve: TransferCurve) -> tuple[Floats, Floats] | None:
    """Voltages and frequencies from the first oscillating point to the highest frequency, or None."""
    run = curve.oscillating
    if run is None or len(run.points) < 2:
        return None
    v = run.between()
    f = run.frequency(v)
    top = int(np.argmax(f))
    rising = np.maximum.accumulate(f[: top + 1])
    return v[: top + 1], rising
