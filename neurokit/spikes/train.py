"""Spikes in a waveform: when it left its resting level, which way, how far and for how long."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neurokit.errors import OutOfRangeError
from neurokit.spikes.switching import rising_crossings

Floats = NDArray[np.float64]

UPPER, LOWER = 0.6, 0.4  # of the swing between rest and peak: a spike rises above one and ends below the other
SMALLEST_SWING = 0.2  # of the largest value: a signal that varies less rests, or stays latched


@dataclass(frozen=True)
class SpikeTrain:
    """Spikes in a window, in their order; a spike belongs to the window in which it rises."""

    times: Floats  # s, where the signal rises through the middle between rest and peak
    signs: Floats  # +1 or -1
    peaks: Floats  # in the signal's unit, with its sign
    widths: Floats  # s above the middle; NaN for a spike that the window's end cuts off
    window: tuple[float, float]  # s

    def __len__(self) -> int:
        return len(self.times)

    @property
    def intervals(self) -> Floats:
        """Time between neighbouring spikes, in s."""
        return np.diff(self.times)

    @property
    def first_latency(self) -> float:
        """Time from the window's beginning to the first spike, in s; infinite without one."""
        return float(self.times[0] - self.window[0]) if len(self) else float("inf")

    @property
    def duty(self) -> float:
        """Share of the time between the first and the last spike that is spent above the middle; 0 below two."""
        if len(self) < 2:
            return 0.0
        return float(np.nansum(self.widths[:-1]) / (self.times[-1] - self.times[0]))

    def frequency(self) -> tuple[float, float]:
        """Spikes per second and its standard error, from the intervals; (0, 0) below two spikes.

        One interval has no spread: its error is then that of a count of one, 100 %.
        """
        n = len(self.intervals)
        if n == 0:
            return 0.0, 0.0
        mean = float(self.intervals.mean())
        spread = float(self.intervals.std(ddof=1)) / n**0.5 if n > 1 else mean
        return 1 / mean, spread / mean**2


def spike_train(
    time: ArrayLike,
    signal: ArrayLike,
    *,
    both_signs: bool = False,
    rest_and_peak: tuple[float, float] | None = None,
    window: tuple[float, float] | None = None,
) -> SpikeTrain:
    """The spikes of a signal such as v(spk); by default upward ones, with `both_signs` downward ones too.

    Rest and peak are the signal's own 5th percentile in time and its maximum, unless given: give them for a recording
    that may hold nothing but noise. A signal that is high from beginning to end (latched) holds no spikes, nor does a
    spike that had risen before the window began.
    """
    t, s = np.asarray(time, dtype=np.float64), np.asarray(signal, dtype=np.float64)
    if len(t) != len(s) or len(t) < 2 or not (np.diff(t) > 0).all():
        raise OutOfRangeError(
            f"{len(t)} times and {len(s)} values: a waveform needs as many, two or more, in rising time"
        )
    span = window or (float(t[0]), float(t[-1]))
    signs = (1.0, -1.0) if both_signs else (1.0,)
    found = [_spikes_upward(t, sign * s, rest_and_peak, sign) for sign in signs]
    rows = np.concatenate(found) if found else np.zeros((0, 4))
    rows = rows[(rows[:, 0] >= span[0]) & (rows[:, 0] <= span[1])]
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    return SpikeTrain(times=rows[:, 0], signs=rows[:, 1], peaks=rows[:, 2], widths=rows[:, 3], window=span)


def _spikes_upward(t: Floats, s: Floats, rest_and_peak: tuple[float, float] | None, sign: float) -> Floats:
    """Rows of (time, sign, peak, width), one for each spike of a signal that spikes upward."""
    rest, peak = rest_and_peak or (_resting_level(t, s), float(s.max()))
    if rest_and_peak is None and not (peak > 0 and peak - rest >= SMALLEST_SWING * peak):
        return np.zeros((0, 4))
    middle, band = rest + (peak - rest) * (UPPER + LOWER) / 2, (peak - rest) * (UPPER - LOWER) / 2
    starts = rising_crossings(t, s, middle, band)
    ends = -rising_crossings(-t[::-1], s[::-1], middle, band)[::-1]  # falls are rises of the reversed time
    rows = []
    for k, start in enumerate(starts):
        limit = starts[k + 1] if k + 1 < len(starts) else np.inf
        end = next((e for e in ends if start < e < limit), np.nan)
        inside = (t >= start) & (t <= (t[-1] if np.isnan(end) else end))
        rows.append((start, sign, sign * float(s[inside].max(initial=middle)), end - start))
    return np.array(rows).reshape(-1, 4)


def _resting_level(t: Floats, s: Floats) -> float:
    """The level below which the signal spends a twentieth of its time (not of its samples, which crowd in spikes)."""
    weights = np.gradient(t)
    order = np.argsort(s)
    return float(s[order][np.searchsorted(np.cumsum(weights[order]), 0.05 * weights.sum())])
