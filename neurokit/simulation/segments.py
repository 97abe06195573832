"""A drive in segments of time along which it is a straight line, and the threshold noise one number."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.drive import Constant, Drive, Pulse, Pwl, Sine
from neurokit.device.vo2x import Vo2x
from neurokit.errors import OutOfRangeError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Segments:
    """Straight lines of voltage between breaks, on top of which there may be a sine."""

    breaks: Floats  # s, from 0 to the last time
    v_start: Floats  # V, where each segment begins
    slope: Floats  # V/s, along each segment
    sine_amplitude: float  # V
    sine_omega: float  # rad/s

    def voltage(self, time: Floats) -> Floats:
        """The drive at these times, in V; at a jump its later value."""
        k = np.clip(np.searchsorted(self.breaks, time, side="right") - 1, 0, len(self.slope) - 1)
        line = self.v_start[k] + self.slope[k] * (time - self.breaks[k])
        return np.asarray(line + self.sine_amplitude * np.sin(self.sine_omega * time))


def segments(drive: Drive, device: Vo2x, t_stop: float, edge: float) -> Segments:
    """The segments of a drive from 0 to t_stop; a pulse without a rise time takes `edge` (s), as ngspice does."""
    amplitude, omega = (drive.amplitude, 2 * math.pi / drive.period) if isinstance(drive, Sine) else (0.0, 0.0)
    time, v = _corners(drive, t_stop, edge)
    if len(time) == 1 and device.noise == 0:  # most points of a map
        return Segments(np.array([0.0, t_stop]), v, np.zeros(1), amplitude, omega)
    inside = time[(time > 0) & (time < t_stop)]
    breaks = np.unique(np.concatenate([[0.0, t_stop], inside, _noise_ticks(device, t_stop)]))
    step, rise = np.diff(time), np.diff(v)
    slopes = np.divide(rise, step, out=np.zeros_like(rise), where=step > 0)  # flat before the first and after the last
    k = np.searchsorted(time, breaks[:-1], side="right")
    slope = np.concatenate([[0.0], slopes, [0.0]])[k]
    corner = np.maximum(k - 1, 0)
    return Segments(breaks, v[corner] + slope * (breaks[:-1] - time[corner]), slope, amplitude, omega)


def _corners(drive: Drive, t_stop: float, edge: float) -> tuple[Floats, Floats]:
    """Times and voltages between which the drive is straight; two at one time are a jump."""
    match drive:
        case Constant():
            return np.zeros(1), np.array([drive.v])
        case Sine():
            return np.zeros(1), np.zeros(1)
        case Pulse():
            rise = drive.rise or edge
            time = np.array([0.0, rise, rise + drive.width, 2 * rise + drive.width])
            return _repeated(time, np.array([0.0, drive.v, drive.v, 0.0]), drive.delay, drive.period, t_stop)
        case Pwl():
            time, v = np.array(drive.corners, dtype=np.float64).T
            if drive.repeat and time[0] != 0:
                raise OutOfRangeError(
                    f"the first corner of a repeated PWL drive is at {time[0]} s: ngspice wants it at 0"
                )
            return _repeated(time, v, 0.0, time[-1] if drive.repeat else math.inf, t_stop)


def _repeated(time: Floats, v: Floats, delay: float, period: float, t_stop: float) -> tuple[Floats, Floats]:
    times = 1 if period == math.inf else max(1, math.ceil((t_stop - delay) / period))
    starts = delay + (np.arange(1, times) * period if times > 1 else np.zeros(0))
    return np.concatenate([delay + time, (starts[:, None] + time).ravel()]), np.tile(v, times)


def _noise_ticks(device: Vo2x, t_stop: float) -> Floats:
    """Where the threshold noise is drawn anew."""
    if device.noise == 0:
        return np.zeros(0)
    return np.arange(1, math.ceil(t_stop / device.noise_step), dtype=np.float64) * device.noise_step
