"""What spikes are read as: the same rates as of the spiking network, and when the answer is settled."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from neurokit.snn.network import spike_rate
from neurokit.verification.readout import answer, decided, rates

WINDOW, DT = 50e-6, 0.5e-6
STEPS = 100


@given(st.lists(st.sets(st.integers(0, STEPS - 1)), min_size=1, max_size=10))
def test_rates_and_answers_are_those_of_the_spiking_network(steps):
    fired = torch.zeros(STEPS, 1, len(steps))
    for neuron, places in enumerate(steps):
        fired[sorted(places), 0, neuron] = 1.0
    spikes = [DT * (np.sort(np.array(sorted(places), dtype=float)) + 0.5) for places in steps]
    known = spike_rate(fired)[0] / DT
    found = rates(spikes, WINDOW)
    many = np.array([len(places) > 1 for places in steps])
    assert found[many] == pytest.approx(known.numpy()[many], rel=1e-5)
    assert (found > 0).tolist() == [len(places) > 0 for places in steps]
    if known.any() and (known == known.max()).sum() == 1:
        assert answer(spikes, WINDOW) == int(known.argmax())


def test_silence_is_no_answer():
    assert answer([np.zeros(0)] * 3, WINDOW) is None
    assert decided([np.zeros(0)] * 3, WINDOW) is None


def test_the_answer_is_decided_when_it_no_longer_changes():
    slow_but_early = np.array([1e-6, 21e-6, 41e-6])
    fast = np.array([5e-6, 10e-6, 15e-6, 20e-6, 25e-6])
    assert answer([slow_but_early, fast], WINDOW) == 1
    assert decided([slow_but_early, fast], WINDOW) == pytest.approx(10e-6)  # two spikes say more than one
    assert decided([fast], WINDOW) == pytest.approx(5e-6)


@given(
    st.lists(st.lists(st.integers(0, 5000).map(lambda k: 1e-8 * k), max_size=8, unique=True), min_size=1, max_size=4)
)
def test_from_the_decisive_spike_on_the_answer_stays(trains):
    spikes = [np.sort(np.array(times)) for times in trains]
    since, final = decided(spikes, WINDOW), answer(spikes, WINDOW)
    assert (since is None) == (final is None)
    for t in np.concatenate(spikes):
        if since is not None and t >= since:
            assert answer([times[times <= t] for times in spikes], WINDOW) == final
