"""What a device or a neuron does, read off its waveforms: switching voltages of a sweep, amplitude and frequency."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neurokit.errors import NeurokitError

Floats = NDArray[np.float64]

SMALLEST_JUMP = 0.05  # of ln(conductance) between neighbouring voltages: less is a curve, not a switch
AMPLITUDE_FLOOR = 0.05  # V, peak to peak: a neuron that moves less is counted as silent
HYSTERESIS = 0.1  # of the amplitude, on both sides of the middle: noise within it makes no crossing

_VOLTAGES = 2000  # voltages between which the jump of an edge is sought: a resolution of 0.05 % of its range
_LOWEST_SHARE = 0.02  # of the largest voltage: below it, conductance is a ratio of two small numbers


@dataclass(frozen=True)
class SwitchingVoltages:
    """Where the device of a slow sweep switched on and off, one number for each triangle of either sign."""

    v_threshold: Floats  # V, magnitude
    v_hold: Floats  # V, magnitude


@dataclass(frozen=True)
class Oscillation:
    """How a neuron's membrane swings once it has settled."""

    amplitude: float  # V, peak to peak
    frequency: float  # Hz, 0 where it does not oscillate


def switching_voltages(v: ArrayLike, i: ArrayLike) -> SwitchingVoltages:
    """V_th of each rising edge and V_hold of each falling edge of a sweep: where conductance jumps.

    Works on magnitudes, so negative triangles count as well. An edge without a jump is an error: an ohmic device has no
    thresholds.
    """
    voltage, current = np.abs(np.asarray(v, dtype=np.float64)), np.abs(np.asarray(i, dtype=np.float64))
    turns = _turning_points(voltage)
    edges = [slice(a, b + 1) for a, b in pairwise(turns)]
    jumps = [(voltage[e.start] < voltage[e.stop - 1], _jump(voltage[e], current[e])) for e in edges]
    return SwitchingVoltages(
        v_threshold=np.array([value for rising, value in jumps if rising]),
        v_hold=np.array([value for rising, value in jumps if not rising]),
    )


def oscillation(time: ArrayLike, v: ArrayLike, floor: float = AMPLITUDE_FLOOR) -> Oscillation:
    """Amplitude and frequency over the second half of the time, when the first charging is over."""
    t, voltage = np.asarray(time, dtype=np.float64), np.asarray(v, dtype=np.float64)
    settled = t >= (t[0] + t[-1]) / 2
    t, voltage = t[settled], voltage[settled]
    amplitude = float(np.ptp(voltage))
    if amplitude < floor:
        return Oscillation(amplitude, 0.0)
    crossings = rising_crossings(t, voltage, float(voltage.min()) + amplitude / 2, HYSTERESIS * amplitude)
    if len(crossings) < 2:
        return Oscillation(amplitude, 0.0)
    return Oscillation(amplitude, float((len(crossings) - 1) / (crossings[-1] - crossings[0])))


def rising_crossings(t: Floats, v: Floats, level: float, band: float) -> Floats:
    """Times at which v rises through level, counted once between leaving level - band and reaching level + band."""
    upward = np.flatnonzero((v[:-1] < level) & (v[1:] >= level))
    low, high = np.flatnonzero(v < level - band), np.flatnonzero(v >= level + band)
    crossings: list[float] = []
    at = 0
    while len(below := low[low >= at]) and len(above := high[high > below[0]]):
        at = int(above[0])
        k = int(upward[(upward < at) & (upward >= below[0])][-1])  # the last one before v is clearly above
        crossings.append(float(t[k] + (level - v[k]) / (v[k + 1] - v[k]) * (t[k + 1] - t[k])))
    return np.array(crossings)


def _turning_points(voltage: Floats) -> list[int]:
    """Where each edge of a triangle begins and ends; equal neighbours belong to the edge before them."""
    direction = np.sign(np.diff(voltage))
    moving = np.flatnonzero(direction)
    if not len(moving):
        raise NeurokitError("the voltage of this sweep never changes: it has no edges")
    turns = [int(b) for a, b in pairwise(moving) if direction[a] != direction[b]]
    return [0, *turns, len(voltage) - 1]


def _jump(voltage: Floats, current: Floats) -> float:
    """The last voltage before the largest change of ln(conductance) along one edge, in its own direction."""
    rising = voltage[0] < voltage[-1]
    used = voltage >= _LOWEST_SHARE * voltage.max()
    v, i = voltage[used], current[used]
    if not rising:
        v, i = v[::-1], i[::-1]
    grid = np.linspace(v[0], v[-1], _VOLTAGES)
    steps = np.diff(np.log(np.interp(grid, v, i / v)))
    k = int(np.argmax(steps))
    if steps[k] < SMALLEST_JUMP:
        raise NeurokitError(
            f"no switching up to {voltage.max():g} V: ln(conductance) steps by {steps[k]:.2g} at most, a jump is "
            f"{SMALLEST_JUMP:g}; sweep to a higher voltage, or more slowly"
        )
    return float(grid[k] if rising else grid[k + 1])
