"""The regime of waveforms that were drawn by hand, so that frequency, duty, latency and certainty are known."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from neurokit.spikes.regime import Certainty, Regime, read_regime

I_SWITCH, I_OFF, I_ON = 1e-3, 0.1e-3, 3e-3
V_LOW, V_HIGH = 1.5, 6.5
STEPS = 400  # samples a period

QUICK = settings(max_examples=40, deadline=None)


def make_oscillation(intervals, duty=0.2, latency=1.0, tail=0.6):
    """Time, voltage and current of a device that switches on after `latency` and then after each interval."""
    starts = latency + np.concatenate([[0.0], np.cumsum(intervals)])
    lengths = np.append(intervals, intervals[-1])
    edge = 0.01 * lengths.min()
    corners, values = [0.0], [I_OFF]
    for start, length in zip(starts, lengths, strict=True):
        for at, value in ((-edge, I_OFF), (edge, I_ON), (duty * length - edge, I_ON), (duty * length + edge, I_OFF)):
            corners.append(start + at)
            values.append(value)
    end = starts[-1] + tail * lengths[-1]
    time = np.linspace(0, end, int(STEPS * end / lengths.min()))
    current = np.interp(time, corners, values)
    voltage = V_HIGH - (V_HIGH - V_LOW) * (current - I_OFF) / (I_ON - I_OFF)
    return time, voltage, current


def make_approach(level, away, tau, end):
    """A device that settles exponentially at a current, from `away` (a share of it) below."""
    time = np.linspace(0, end, 4001)
    shape = 1 - away * np.exp(-time / tau)
    return time, 5.0 * shape, level * shape


@QUICK
@given(st.integers(4, 25), st.floats(0.1, 50), st.floats(0.05, 0.5), st.floats(0.2, 5))
def test_a_periodic_device_oscillates_at_its_frequency_duty_and_latency(count, period, duty, latency):
    waves = make_oscillation(np.full(count, period), duty, latency * period)
    found = read_regime(*waves, I_SWITCH, Certainty(span=period))
    assert (found.regime, found.confidence, found.spikes) == (Regime.OSCILLATING, 1.0, count + 1)
    assert found.frequency == pytest.approx(1 / period, rel=1e-5)
    assert found.frequency_error <= 1e-4 / period
    assert found.duty == pytest.approx(duty, abs=0.015)
    assert found.first_latency == pytest.approx(latency * period, abs=0.01 * period)
    assert found.amplitude == pytest.approx(V_HIGH - V_LOW)


@QUICK
@given(st.integers(10, 40), st.floats(1e-3, 0.03), st.integers(0, 10_000))
def test_the_frequency_of_a_jittery_device_is_right_within_its_standard_error(count, jitter, seed):
    intervals = 1 + jitter * np.random.default_rng(seed).standard_normal(count)
    certainty = Certainty(1.0, repeat=8 * jitter)
    found = read_regime(*make_oscillation(intervals), I_SWITCH, certainty)
    assert (found.regime, found.confidence) == (Regime.OSCILLATING, 1.0)
    assert found.frequency == pytest.approx(1 / intervals.mean(), rel=3e-3)
    assert found.frequency == pytest.approx(1.0, abs=6 * found.frequency_error)
    assert found.frequency_error == pytest.approx(jitter / count**0.5, rel=0.9)


@QUICK
@given(st.sampled_from([I_OFF, I_ON]), st.floats(0.01, 0.9), st.floats(0.2, 3), st.floats(1, 20))
def test_a_device_rests_for_certain_when_it_moves_by_no_more_than_the_tolerance_in_a_span(level, away, tau, end):
    certainty = Certainty(span=1.0)
    moved = away * (np.exp(-(end - 1) / tau) - np.exp(-end / tau)) / (1 - away * np.exp(-end / tau))
    assume(abs(moved / certainty.rest - 1) > 0.02)
    found = read_regime(*make_approach(level, away, tau, end), I_SWITCH, certainty)
    assert found.certain == (moved <= certainty.rest)
    if found.certain:
        assert found.regime is (Regime.FIRING if level == I_ON else Regime.UN_FIRING)
        assert (found.frequency, found.frequency_error, found.amplitude) == (0.0, 0.0, 0.0)


@QUICK
@given(st.floats(2, 1000))
def test_a_slow_drift_is_not_rest(spans):
    """Nothing but the change over a span counts: the same drift is rest only where it is slow enough."""
    time = np.linspace(0, spans, 4001)
    drift = 1 + time / spans
    certainty = Certainty(span=1.0)
    assume(abs(1 / (2 * spans) / certainty.rest - 1) > 0.2)  # a span may reach back by a sample more
    found = read_regime(time, 3 * drift, I_OFF * drift, I_SWITCH, certainty)
    assert found.certain == (1 / (2 * spans) <= certainty.rest)


@QUICK
@given(st.floats(1.0001, 1.2), st.floats(1.0001, 1.2))
def test_confidence_is_whole_only_within_tolerance_and_falls_with_the_change_of_intervals(one, other):
    slow, fast = sorted((one, other))
    found = [read_regime(*make_oscillation(q ** np.arange(6.0)), I_SWITCH, Certainty(1.0)) for q in (slow, fast)]
    assert 0.5 <= found[1].confidence <= found[0].confidence <= 1.0
    for q, reading in zip((slow, fast), found, strict=True):
        change = 1 - q**-2  # of three intervals, each longer than the one before by q
        assume(abs(change / 1e-3 - 1) > 0.05)
        assert reading.certain == (change <= Certainty(1.0).repeat)


@QUICK
@given(st.floats(2, 8), st.floats(0.2, 0.6), st.floats(3, 30))
def test_a_fast_decaying_oscillation_about_a_metallic_state_is_never_certain_to_oscillate(tau, above, end):
    time = np.linspace(0, end, int(STEPS * end))
    swing = np.exp(-time / tau) * np.sin(2 * np.pi * time)
    current = I_SWITCH * (1 + above + 0.9 * swing)
    found = read_regime(time, 3 + 2 * swing, current, I_SWITCH, Certainty(1.0))
    assert not (found.regime is Regime.OSCILLATING and found.certain)
    if end > 12 * tau:
        assert (found.regime, found.certain) == (Regime.FIRING, True)


def test_a_decaying_oscillation_with_equal_intervals_is_not_certain_to_oscillate():
    time = np.linspace(0, 6.7, 3000)
    swing = np.exp(-time / 3) * np.sin(2 * np.pi * time + 0.1)
    assert not read_regime(time, 3 + 2 * swing, I_SWITCH * (1 + 0.9 * swing), I_SWITCH, Certainty(1.0)).certain


@pytest.mark.parametrize(("level", "regime"), [(I_OFF, Regime.UN_FIRING), (I_ON, Regime.FIRING)])
def test_a_device_that_stops_after_some_spikes_is_read_by_where_it_stays(level, regime):
    time, voltage, current = make_oscillation(np.full(8, 1.0), tail=0.0)
    more = np.linspace(time[-1], time[-1] + 3, 400)[1:]
    ends = np.append(time, more), np.append(voltage, np.full(399, 2.0)), np.append(current, np.full(399, level))
    found = read_regime(*ends, I_SWITCH, Certainty(1.0))
    assert (found.regime, found.confidence, found.frequency) == (regime, 1.0, 0.0)
    assert found.spikes in (8, 9)
    assert found.first_latency == pytest.approx(1.0, abs=0.01)


def test_a_device_that_never_switches_has_no_latency_and_no_spikes():
    found = read_regime(*make_approach(I_OFF, 0.9, 0.1, 10), I_SWITCH, Certainty(1.0))
    assert (found.regime, found.spikes, found.first_latency) == (Regime.UN_FIRING, 0, float("inf"))


def test_a_waveform_shorter_than_a_span_says_nothing_for_certain():
    time = np.linspace(0, 0.5, 100)
    found = read_regime(time, np.full(100, 3.0), np.full(100, I_OFF), I_SWITCH, Certainty(1.0))
    assert (found.regime, found.confidence) == (Regime.UN_FIRING, 0.5)


def test_intervals_before_the_settled_part_do_not_count():
    intervals = np.concatenate([[3.0, 2.0, 1.5], np.full(6, 1.0)])
    found = read_regime(*make_oscillation(intervals), I_SWITCH, Certainty(1.0))
    assert found.frequency == pytest.approx(1.0, rel=1e-3)
    assert found.settled == pytest.approx((7.5, 13.5), abs=0.01)


def test_a_sample_that_equals_the_switching_current_is_no_trouble():
    time = np.linspace(0, 5.7, 2000)
    swing = np.sin(2 * np.pi * time)
    found = read_regime(time, 3 + 2 * swing, I_SWITCH * (1 + 0.5 * swing), I_SWITCH, Certainty(1.0))
    assert (found.regime, found.confidence) == (Regime.OSCILLATING, 1.0)
