"""The regime of a neuron under a constant drive: un-firing, oscillating or firing, and how sure that is.

Two things end the question: a neuron that rests will rest for ever, and one whose intervals between spikes repeat will
go on so. Everything else is still changing, and is read as what it is nearer to, with less confidence.
"""

from dataclasses import dataclass
from enum import Enum
from math import log

import numpy as np
from numpy.typing import NDArray

from neurokit.spikes.switching import rising_crossings

Floats = NDArray[np.float64]

INTERVALS = 3  # that must repeat; two are not enough: an oscillation that dies away can pause for one
HOPELESS = 0.1  # a relative change at which a reading is no better than a guess


class Regime(Enum):
    """What a neuron does under a constant drive, in the words of the tri-state diagram."""

    UN_FIRING = "un-firing"  # the device stays insulating
    OSCILLATING = "oscillating"  # it fires again and again
    FIRING = "firing"  # it has fired and stays metallic


@dataclass(frozen=True)
class Certainty:
    """When a reading counts as certain; the defaults err within some 1e-4 of a boundary, as relative voltage."""

    span: float  # s over which a neuron must rest: R_s C and the thermal time together are enough
    rest: float = 1e-3  # by this share may voltage and current vary over a span
    repeat: float = 1e-3  # by this share may the last three intervals differ


@dataclass(frozen=True)
class Reading:
    """What a waveform says about its neuron."""

    regime: Regime
    confidence: float  # 1: certain by `Certainty`; 0.5: no better than a guess; between, by the logarithm of the change
    frequency: float  # Hz, of the settled intervals; 0 where nothing repeats
    frequency_error: float  # Hz, standard error of that from the spread of the intervals
    amplitude: float  # V, peak to peak of v(osc) over the settled part; 0 at rest
    duty: float  # share of a settled period in which the device is on
    first_latency: float  # s until the device switches on for the first time; infinite if it does not
    spikes: int  # in the whole waveform; a latched device has one
    settled: tuple[float, float]  # s, the part of the waveform that frequency and amplitude are taken from

    @property
    def certain(self) -> bool:
        return self.confidence == 1.0


def read_regime(time: Floats, v_osc: Floats, i_device: Floats, i_switch: float, certainty: Certainty) -> Reading:
    """The regime of a neuron from its membrane voltage and device current, from the moment it was switched on.

    `i_switch` (A) separates the currents of the insulating and of the metallic device, as
    `neurokit.device.closed_form.switching_current` does.
    """
    spikes = rising_crossings(time, i_device, i_switch, 0.0)
    rest = _change_at_rest(time, (v_osc, i_device), certainty.span)
    repeat = _change_of_intervals(spikes, float(time[-1]))
    latency = float(spikes[0] - time[0]) if len(spikes) else float("inf")
    if rest / certainty.rest <= repeat / certainty.repeat:
        regime = Regime.FIRING if i_device[-1] > i_switch else Regime.UN_FIRING
        settled = (max(float(time[-1]) - certainty.span, float(time[0])), float(time[-1]))
        return Reading(regime, _confidence(rest, certainty.rest), 0.0, 0.0, 0.0, 0.0, latency, len(spikes), settled)
    intervals = np.diff(_settled(spikes, certainty.repeat))
    mean = float(intervals.mean())
    settled = (float(spikes[-1 - len(intervals)]), float(spikes[-1]))
    inside = (time >= settled[0]) & (time <= settled[1])
    return Reading(
        regime=Regime.OSCILLATING,
        confidence=_confidence(repeat, certainty.repeat),
        frequency=1 / mean,
        frequency_error=float(intervals.std(ddof=1)) / len(intervals) ** 0.5 / mean**2,
        amplitude=float(np.ptp(v_osc[inside])),
        duty=_share_above(time, i_device, i_switch, settled),
        first_latency=latency,
        spikes=len(spikes),
        settled=settled,
    )


def _change_at_rest(time: Floats, signals: tuple[Floats, ...], span: float) -> float:
    """The largest relative variation of any signal over the last span; infinite if there is no whole span."""
    if time[-1] - time[0] < span * (1 - 1e-9):
        return float("inf")
    last = slice(int(np.searchsorted(time, time[-1] - span, side="right")) - 1, None)
    return max(_relative(float(s[last].min()), float(s[last].max())) for s in signals)


def _change_of_intervals(spikes: Floats, end: float) -> float:
    """By how much the last intervals differ; infinite below three, or if the next spike is overdue."""
    intervals = np.diff(spikes[-1 - INTERVALS :])
    if len(intervals) < INTERVALS or end - spikes[-1] > 1.5 * intervals.max():
        return float("inf")
    return _relative(float(intervals.min()), float(intervals.max()))


def _relative(low: float, high: float) -> float:
    return (high - low) / max(abs(low), abs(high), np.finfo(float).tiny)


def _confidence(change: float, tolerance: float) -> float:
    if change <= tolerance:
        return 1.0
    return max(0.5, 1.0 - 0.5 * log(change / tolerance) / log(HOPELESS / tolerance)) if change < HOPELESS else 0.5


def _settled(spikes: Floats, repeat: float) -> Floats:
    """The last spikes whose intervals agree with the mean of the last three, these at least."""
    intervals = np.diff(spikes)
    last = intervals[-INTERVALS:]
    strange = np.abs(intervals - last.mean()) > max(repeat * last.mean(), float(np.ptp(last)))
    first = int(np.flatnonzero(strange)[-1]) + 1 if strange.any() else 0
    return spikes[min(first, len(spikes) - 1 - INTERVALS) :]


def _share_above(time: Floats, signal: Floats, level: float, window: tuple[float, float]) -> float:
    begin, end = window
    t = np.concatenate([[begin], time[(time > begin) & (time < end)], [end]])
    above = np.interp(t, time, signal) > level
    return float(np.sum(np.diff(t)[above[:-1] & above[1:]]) / (end - begin))
