"""Why a neuron of the circuit parts from that of the network: each cause from spikes that have it."""

import numpy as np
import pytest

from neurokit.verification.partings import Pair, Parting, parting

WINDOW, V_RAIL = 50e-6, 20.0
TRAIN = np.arange(3e-6, 50e-6, 4e-6)


def why(circuit, network, v=12.0, rate=0.0):
    return parting(Pair(np.array(circuit), np.array(network), v, rate), WINDOW, V_RAIL)


def test_as_many_spikes_is_no_parting_whenever_they_fall():
    assert why(TRAIN + 1e-6, TRAIN) is Parting.SAME
    assert why([], []) is Parting.SAME


def test_a_neuron_that_stops_while_its_model_goes_on_has_latched():
    assert why(TRAIN[:5], TRAIN) is Parting.LATCHED


def test_a_late_first_spike_explains_the_spikes_that_are_missing():
    late = TRAIN + 5e-6
    assert why(late[late < WINDOW], TRAIN) is Parting.START


def test_one_spike_at_the_end_of_the_window_is_phase():
    assert why(TRAIN[:-1] + 0.5e-6, TRAIN) is Parting.PHASE
    assert why([], TRAIN[-1:]) is Parting.PHASE


@pytest.mark.parametrize("v", [-1.0, 19.5, 30.0])
def test_a_drive_that_the_amplifier_cannot_give_is_the_rail(v):
    assert why(TRAIN[1:], TRAIN, v=v, rate=-0.1) is Parting.RAIL


def test_what_nothing_else_explains_is_another_rate():
    slower = np.arange(3e-6, 50e-6, 5e-6)
    assert why(slower, TRAIN, rate=-0.15) is Parting.RATE
    assert why([], TRAIN) is Parting.RATE
