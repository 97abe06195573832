"""A small trained network in ngspice: whole and in parts the same spikes, and those of the spiking network."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from neurokit.circuits import NeuronCircuit
from neurokit.device.accuracy import Accuracy
from neurokit.errors import OutOfRangeError
from neurokit.simulation import simulate
from neurokit.snn.network import Network
from neurokit.snn.rate import Rate
from neurokit.spikes.transfer_measure import transfer_curve
from neurokit.verification.board import Board
from neurokit.verification.by_twin import spikes_by_twin, twin_board
from neurokit.verification.cells import Cells
from neurokit.verification.mapping import Parts, mapped
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
    circuit, missing = mapped(network, CELLS.former, 5e-6, Parts(series="any"))
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


def apart_and_whole(sizes, cells):
    """Every neuron behind the input, simulated apart, and its pulse times in the whole."""
    _, circuit = make(sizes)
    drives = make(sizes)[0].pixel_drive(torch.linspace(255.0, 30.0, sizes[0])).tolist()
    whole = simulate(whole_netlist(circuit, cells, drives, WINDOW, "sources")).checked().waveforms
    before = [simulate(input_netlist(circuit, cells, v, WINDOW)).checked().waveforms for v in drives]
    heard = [recorded(cells, waves, "_1_1", WINDOW) for waves in before]
    for k, size in enumerate(sizes[1:]):
        pulses = np.array([one.pulses for one in heard])
        heard = []
        for j in range(size):
            waves = simulate(neuron_netlist_of(circuit, cells, k, j, pulses, WINDOW)).checked().waveforms
            heard.append(recorded(cells, waves, f"_{k + 2}_{j + 1}", WINDOW))
            yield heard[-1], times(whole, k + 2, j + 1)


# narrower bins and smaller tolerances than the usual ones, so that what is seen is the partition alone
CLOSE = Accuracy(reltol=3e-6, trtol=1.0, step=0.7)
EXACT = replace(CELLS, accuracy=CLOSE, accuracy_heard=CLOSE, bin=10e-9)


@pytest.mark.parametrize("sizes", [(4, 3, 2), pytest.param((16, 8, 4), marks=pytest.mark.slow)])
def test_layers_apart_spike_as_in_the_whole_within_one_time_step(sizes):
    for apart, together in apart_and_whole(sizes, EXACT):
        assert apart.spikes == pytest.approx(together, abs=CELLS.step)


def test_at_the_usual_settings_they_are_some_time_steps_apart_and_as_many():
    for apart, together in apart_and_whole((4, 3, 2), CELLS):
        assert len(apart.spikes) > 3
        assert apart.spikes == pytest.approx(together, abs=3 * CELLS.step)
        assert abs(apart.energy.residual) < 0.005


def test_controlled_sources_are_the_same_adders_as_resistors(simulated):
    _, circuit, _, drives, whole = simulated
    by_sources = simulate(whole_netlist(circuit, CELLS, drives, WINDOW, "sources")).checked().waveforms
    for layer, size in enumerate((4, 3, 2), start=1):
        for neuron in range(1, size + 1):
            assert times(by_sources, layer, neuron) == pytest.approx(times(whole, layer, neuron), abs=CELLS.step)
    with pytest.raises(OutOfRangeError, match="adder 'transistors'"):
        whole_netlist(circuit, CELLS, drives, WINDOW, "transistors")


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
    board = Board(circuit, (), CELLS, np.array(drives), WINDOW)
    layers = spikes_by_twin(twin_board(board), range(len(drives)))
    for layer, spikes in enumerate(layers, start=1):
        for neuron, found in enumerate(spikes, start=1):
            assert abs(len(found) - len(times(whole, layer, neuron))) <= 1
