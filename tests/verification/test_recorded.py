"""What is kept of a simulated neuron is what its waveforms say."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from neurokit.circuits.pulse import PulseFormer
from neurokit.spikes.energy import EnergyBalance
from neurokit.verification.recorded import LEVELS, Recorded, bin_edges, means

FORMER = PulseFormer()


@given(st.lists(st.floats(0.01, 5), min_size=2, max_size=40), st.integers(0, 1000), st.integers(1, 30))
def test_bins_hold_the_area_of_a_waveform_whatever_its_time_steps(steps, seed, count):
    time = np.concatenate([[0.0], np.cumsum(steps)])
    values = np.random.default_rng(seed).normal(size=len(time))
    edges = np.linspace(0.0, time[-1], count + 1)
    found = means(time, values, edges)
    assert np.isclose((found * np.diff(edges)).sum(), np.trapezoid(values, time), atol=1e-9 * time[-1])
    assert (found <= values.max() + 1e-9).all()
    assert (found >= values.min() - 1e-9).all()


@given(st.floats(1e-6, 1e-3), st.floats(1e-9, 1e-6))
def test_bins_are_no_wider_than_asked_for_and_fill_the_window(t_stop, width):
    edges = bin_edges(t_stop, width)
    assert (edges[0], edges[-1]) == (0.0, t_stop)
    assert np.diff(edges).max() <= width * (1 + 1e-9) or len(edges) == 2


@given(st.lists(st.floats(0, 5), max_size=50), st.lists(st.floats(0, 1e-4), max_size=20))
def test_a_neuron_comes_back_from_the_journal_with_its_spikes_and_its_pulses_to_a_level(pulses, spikes):
    energy = EnergyBalance(1e-7, 2e-8, 3e-8, 1e-9, 4e-8, 5e-5)
    kept = Recorded(np.array(spikes), np.array(pulses), energy, 1e-8)
    found = Recorded.from_json(kept.to_json(FORMER), FORMER)
    assert found.spikes.tolist() == spikes
    assert np.abs(found.pulses - pulses).max(initial=0.0) <= FORMER.height / LEVELS / 2 * 1.001
    assert (found.energy, found.charge) == (energy, 1e-8)
