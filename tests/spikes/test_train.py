"""Spike detection on waveforms whose spikes are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.errors import OutOfRangeError
from neurokit.spikes.train import spike_train


def _pulses(t, centres, width=0.2e-6, height=1.0):
    """Bell-shaped spikes at known centres; each rises through half its height at centre - width."""
    return height * sum(np.exp(-np.log(2) * ((t - c) / width) ** 2) for c in centres)


@given(st.integers(2, 30), st.floats(2e-6, 10e-6), st.floats(0, 0.05), st.integers(0, 10_000))
def test_every_spike_of_a_noisy_train_is_found_where_it_is(count, period, noise, seed):
    centres = 3e-6 + period * np.arange(count)
    t = np.linspace(0, centres[-1] + 3e-6, 200 * (count + 2))
    signal = _pulses(t, centres) + noise * np.random.default_rng(seed).standard_normal(len(t))
    train = spike_train(t, signal, rest_and_peak=(0.0, 1.0))
    assert len(train) == count
    assert train.times == pytest.approx(centres - 0.2e-6, abs=0.15e-6)
    frequency, error = train.frequency()
    assert frequency == pytest.approx(1 / period, abs=6 * error + 0.02 / period)


@given(st.lists(st.floats(2e-6, 10e-6), min_size=1, max_size=15))
def test_spikes_of_both_signs_are_found_with_their_sign(gaps):
    centres = np.cumsum(gaps)
    t = np.linspace(0, centres[-1] + 2e-6, 2000 * (len(gaps) + 1))
    signs = np.where(np.arange(len(centres)) % 2, -1.0, 1.0)
    signal = sum(sign * _pulses(t, [c]) for sign, c in zip(signs, centres, strict=True))
    train = spike_train(t, signal, both_signs=True, rest_and_peak=(0.0, 1.0))
    assert train.signs == pytest.approx(signs)
    assert train.peaks == pytest.approx(signs, abs=0.01)


def test_the_width_of_a_spike_is_its_time_above_the_middle():
    t = np.linspace(0, 20e-6, 20_001)
    train = spike_train(t, _pulses(t, [5e-6, 12e-6]))
    assert train.widths == pytest.approx(0.4e-6, rel=0.01)
    assert train.duty == pytest.approx(0.4 / 7, rel=0.02)
    assert train.first_latency == pytest.approx(4.8e-6, rel=0.01)


def test_a_spike_cut_off_by_the_end_counts_and_one_cut_off_by_the_beginning_does_not():
    t = np.linspace(0, 10e-6, 10_001)
    train = spike_train(t, _pulses(t, [0.0, 5e-6, 10e-6]))
    assert train.times == pytest.approx([4.8e-6, 9.8e-6], rel=1e-3)
    assert np.isnan(train.widths[1])


@pytest.mark.parametrize("level", [0.0, 0.037, 1.0])
def test_a_constant_signal_at_rest_or_latched_holds_no_spike(level):
    t = np.linspace(0, 1e-4, 1001)
    train = spike_train(t, np.full_like(t, level))
    assert len(train) == 0
    assert train.frequency() == (0.0, 0.0)
    assert train.first_latency == float("inf")


def test_a_signal_that_latches_after_some_spikes_counts_the_last_rise_once():
    t = np.linspace(0, 30e-6, 30_001)
    signal = np.where(t < 20e-6, _pulses(t, [5e-6, 12e-6]), 1.0)
    assert len(spike_train(t, signal)) == 3


def test_time_between_samples_and_not_their_number_decides_what_rest_is():
    sparse, dense = np.linspace(0, 4e-6, 20), np.linspace(4.5e-6, 5.5e-6, 2000)
    t = np.concatenate([sparse, dense, sparse + 6e-6])
    assert len(spike_train(t, _pulses(t, [5e-6]))) == 1


def test_a_window_keeps_the_spikes_that_rise_in_it():
    t = np.linspace(0, 30e-6, 30_001)
    train = spike_train(t, _pulses(t, [5e-6, 12e-6, 20e-6]), window=(10e-6, 15e-6))
    assert train.times == pytest.approx([11.8e-6], rel=1e-3)


def test_a_waveform_whose_time_does_not_rise_is_refused():
    with pytest.raises(OutOfRangeError, match="rising time"):
        spike_train([0.0, 1.0, 1.0], [0.0, 0.0, 0.0])


@given(st.integers(3, 15), st.floats(0, 0.05), st.integers(0, 10_000))
def test_without_given_levels_noise_neither_adds_spikes_nor_hides_them(count, noise, seed):
    centres = 3e-6 + 4e-6 * np.arange(count)
    t = np.linspace(0, centres[-1] + 3e-6, 400 * (count + 2))
    signal = _pulses(t, centres) + noise * np.random.default_rng(seed).standard_normal(len(t))
    assert spike_train(t, signal).times == pytest.approx(centres - 0.2e-6, abs=0.15e-6)


@given(st.floats(0, 1), st.floats(0, 1))
def test_wherever_a_window_cuts_a_train_the_spikes_that_rise_in_it_are_there(begin, end):
    begin, end = sorted((30e-6 * begin, 30e-6 * end))
    t = np.linspace(0, 30e-6, 30_001)
    starts = np.array([2.8e-6, 9.8e-6, 16.8e-6, 24.8e-6])
    inside = starts[(starts > begin + 1e-8) & (starts < end - 1e-8)]
    found = spike_train(t, _pulses(t, starts + 0.2e-6), window=(begin, end)).times
    assert found[(found > begin + 1e-8) & (found < end - 1e-8)] == pytest.approx(inside, abs=2e-9)


def test_downward_spikes_alone_are_found_and_upward_search_sees_none():
    t = np.linspace(0, 30e-6, 30_001)
    signal = -_pulses(t, [5e-6, 12e-6, 20e-6])
    train = spike_train(t, signal, both_signs=True)
    assert (len(train), set(train.signs)) == (3, {-1.0})
    assert train.frequency()[0] == pytest.approx(1 / 7.5e-6, rel=1e-3)
    assert len(spike_train(t, signal, rest_and_peak=(0.0, 1.0))) == 0
