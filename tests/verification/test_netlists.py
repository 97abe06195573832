"""A small trained network in ngspice: whole and in parts the same spikes, and those of the spiking network."""

from functools import cache

import numpy as np
import pytest
import torch

from neurokit.circuits import NeuronCircuit
from neurokit.errors import OutOfRangeError
from neurokit.simulation import simulate
from neurokit.snn.network import Network
from neurokit.snn.rate import Rate
from neurokit.spikes.transfer_measure import transfer_curve
from neurokit.verification.by_twin import spikes_by_twin
from neurokit.verification.mapping import Parts, mapped
from neurokit.verification.cells import Cells
from neurokit.verification.netlists import input_netlist, neuron_netlist_of, whole_netlist
from neurokit.verification.recorded import pulse_times, recorded

NEURON = NeuronCircuit(r_series=6e3, capacitance=0.2e-9)  # fast: low-pass and window hold many of its spikes
CELLS = Cells(NEURON)
WINDOW = 50e-6  # s


@cache
def curve():
    return transfer_curve(NEURON, engine="twin")


def make(sizes=(4, 3, 2), seed=2):
    torch.manual_seed(seed)
    network = Network(sizes, Rate(curve(), v_rail=20.0), 0.5)
    with torch.no_grad():
        for weight, bias in zip(network.weights, network.biases, strict=True):
            weight.mul_(1.5)
            bias.add_(0.3)
    v_full = CELLS.former.pulse_area * network.f_full
    circuit, missing = mapped(network, v_full, 5e-6, Parts(series="any"))
    assert not missing
    return network, circuit


@pytest.fixture(scope="module")
def simulated():
    network, circuit = make()
    greys = torch.tensor([255.0, 180.0, 90.0, 30.0])
    drives = network.pixel_drive(greys).tolist()
    whole = simulate(whole_netlist(circuit, CELLS, drives, WINDOW)).checked().waveforms
    return network, circuit, greys, drives, whole


def times(whole, layer, neuron):
    return pulse_times(whole.time, whole[f"v(pulse_{layer}_{neuron})"], CELLS.former)


def test_layers_apart_spike_as_in_the_whole_within_one_time_step(simulated):
    _, circuit, _, drives, whole = simulated
    before = [simulate(input_netlist(circuit, CELLS, v, WINDOW)).checked().waveforms for v in drives]
    heard = [recorded(CELLS, waves, "_1_1", WINDOW) for waves in before]
    for i, apart in enumerate(heard):
        assert apart.spikes == pytest.approx(times(whole, 1, i + 1), abs=CELLS.step)
    for k in (0, 1):
        pulses = np.array([one.pulses for one in heard])
        heard = []
        for j in range(len(circuit.layers[k].supply)):
            waves = simulate(neuron_netlist_of(circuit, CELLS, k, j, pulses, WINDOW)).checked().waveforms
            apart = recorded(CELLS, waves, f"_{k + 2}_{j + 1}", WINDOW)
            assert len(apart.spikes) > 3
            assert apart.spikes == pytest.approx(times(whole, k + 2, j + 1), abs=CELLS.step)
            assert abs(apart.energy.residual) < 0.005
            heard.append(apart)


@torch.no_grad()
def test_rates_in_the_circuit_are_those_of_the_network(simulated):
    network, _, greys, _, whole = simulated
    rates = [network.encode(greys[None, None])]
    rates += network.all_rates(rates[0])
    for layer, wished in enumerate(rates[:2], start=1):  # the last one hears ripples of single spikes
        for neuron, share in enumerate(wished[0].tolist(), start=1):
            spikes = times(whole, layer, neuron)
            late = spikes[spikes > 20e-6]
            found = (len(late) - 1) / (late[-1] - late[0]) if len(late) > 1 else 0.0
            assert found / network.f_full == pytest.approx(share, abs=0.03)


def test_drives_that_do_not_fit_the_network_are_refused():
    _, circuit = make()
    with pytest.raises(OutOfRangeError, match="3 drives: the network has 4 inputs"):
        whole_netlist(circuit, CELLS, [10.0] * 3, WINDOW)


def test_the_twin_spikes_as_often_as_ngspice_within_one(simulated):
    _, circuit, _, drives, whole = simulated
    layers = spikes_by_twin(circuit, CELLS, drives, WINDOW)
    for layer, spikes in enumerate(layers, start=1):
        for neuron, found in enumerate(spikes, start=1):
            assert abs(len(found) - len(times(whole, layer, neuron))) <= 1
