"""The regime of a neuron under a constant drive: un-firing, oscillating or firing, and how sure that is.

Two things end the question: a neuron that rests will rest for ever, and one whose intervals between spikes repeat will
go on so. Everything else is still changing, and is read as what it is nearer to, with less confidence.
"""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from neurokit.spikes.switching import HYSTERESIS, rising_crossings

Floats = NDArray[np.float64]

SWING = 20.0  # of the tolerance of intervals: a waveform's samples do not meet its extremes
INTERVALS = 3  # that must repeat; two are not enough: an oscillation that dies away can pause for one
LATE = 2 / 3  # of a waveform, after which an oscillation that has settled is looked for
OVERDUE = 3.0  # longest intervals without a spike after which a noisy neuron has stopped
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
    rest: float = 5e-4  # by this share may voltage and current vary over a span
    repeat: float = 1e-3  # by this share may the last three intervals differ, and by SWING of it their swings


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


@dataclass(frozen=True)
class SpikeReading:
    """What its spikes alone say about a neuron."""

    regime: Regime
    confidence: float
    frequency: float  # Hz, of all intervals but the first
    frequency_error: float  # Hz, standard error


def read_regime(time: Floats, v_osc: Floats, i_device: Floats, i_switch: float, certainty: Certainty) -> Reading:
    """The regime of a neuron from its membrane voltage and device current, from the moment it was switched on.

    `i_switch` (A) separates the currents of the insulating and of the metallic device, as
    `neurokit.device.closed_form.switching_current` does.
    """
    spikes = rising_crossings(time, i_device, i_switch, 0.0)
    rest = _change_at_rest(time, (v_osc, i_device), certainty.span)
    repeat = _change_of_cycles(time, v_osc, spikes)
    latency = float(spikes[0] - time[0]) if len(spikes) else float("inf")
    if rest > certainty.rest and repeat > certainty.repeat:
        ripples = _ripples(time, i_device)  # an oscillation near latching may keep to one side of the level
        change = _change_of_cycles(time, v_osc, ripples)
        if change < repeat:
            spikes, repeat = ripples, change
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


def read_noisy(spikes: Floats, t_end: float, fired: bool, noise_step: float) -> SpikeReading:
    """The regime of a neuron whose thresholds fluctuate, from all of a long simulation.

    A fluctuation can end any regime, so none is certain: the confidence is what the rule of succession gives after so
    many intervals, or so many independent thresholds at rest, without a change.
    """
    intervals = np.diff(spikes)
    quiet = t_end - (float(spikes[-1]) if len(spikes) else 0.0)
    if len(intervals) < 2 or quiet > OVERDUE * intervals.max():
        seen = int(quiet / noise_step)
        return SpikeReading(Regime.FIRING if fired else Regime.UN_FIRING, (seen + 1) / (seen + 2), 0.0, 0.0)
    later = intervals[1:]  # the first begins with an empty capacitor
    mean = float(later.mean())
    spread = float(later.std(ddof=1)) if len(later) > 1 else mean
    return SpikeReading(
        Regime.OSCILLATING, (len(later) + 1) / (len(later) + 2), 1 / mean, spread / len(later) ** 0.5 / mean**2
    )


def _ripples(time: Floats, i_device: Floats) -> Floats:
    """When the current rises through the middle of its range, over the last part of the waveform."""
    late = time >= time[0] + LATE * (time[-1] - time[0])
    t, i = time[late], i_device[late]
    swing = float(np.ptp(i))
    return rising_crossings(t, i, float(i.min()) + swing / 2, HYSTERESIS * swing)


def _change_at_rest(time: Floats, signals: tuple[Floats, ...], span: float) -> float:
    """The largest relative variation of any signal over the last span; infinite if there is no whole span."""
    if time[-1] - time[0] < span * (1 - 1e-9):
        return float("inf")
    last = slice(int(np.searchsorted(time, time[-1] - span, side="right")) - 1, None)
    return max(_relative(float(s[last].min()), float(s[last].max())) for s in signals)


def _change_of_cycles(time: Floats, v_osc: Floats, spikes: Floats) -> float:
    """By how much the last intervals and swings differ; infinite below three, or if the next spike is overdue."""
    intervals = np.diff(spikes[-1 - INTERVALS :])
    if len(intervals) < INTERVALS or time[-1] - spikes[-1] > 1.5 * intervals.max():
        return float("inf")
    edges = np.searchsorted(time, spikes[-1 - INTERVALS :])
    swings = [float(np.ptp(v_osc[a:b])) for a, b in pairwise(edges) if b > a]
    change = _relative(min(swings), max(swings)) if len(swings) == INTERVALS else 0.0
    return max(_relative(float(intervals.min()), float(intervals.max())), change / SWING)


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
