"""Networks in ngspice: the order of rates that the paper names, and other shapes from the same function."""

from dataclasses import replace

import numpy as np
import pytest

from neurokit.circuits import Network, NeuronCircuit, OpAmp, Synapse, network_netlist, wished_network
from neurokit.circuits.drive import Constant
from neurokit.circuits.wish import PLACES, drive_at, mean_output
from neurokit.device import DEVICES, Vo2x
from neurokit.errors import OutOfRangeError
from neurokit.simulation import simulate, simulate_many
from neurokit.simulation.twin import simulate_twin, spike_times
from neurokit.spikes.train import spike_train

SETTLED = 100e-6  # s, some time constants of the synapses
MISMATCH = 0.0373  # of thresholds, device to device, Li Z. et al. 2024


def _rates(outcome, t_stop=400e-6):
    """Rates by the numbers of layer and neuron, in Hz."""
    waves = outcome.checked().waveforms
    names = [name for name in waves.signals if name.startswith("v(spk_")]
    trains = {n: spike_train(waves.time, waves[n], window=(SETTLED, t_stop)) for n in names}
    return {tuple(map(int, n[6:-1].split("_"))): train.frequency()[0] for n, train in trains.items()}


def _in_order(rates):
    first = rates[1, 1], rates[1, 2]
    return rates[2, 1] > max(first) and rates[2, 2] < min(first)


def _drawn(network, rng):
    """The same network of other devices: thresholds differ from device to device."""

    def other(neuron):
        return replace(neuron, device=replace(neuron.device, d_threshold=MISMATCH * rng.standard_normal()))

    return replace(network, layers=tuple(tuple(other(neuron) for neuron in layer) for layer in network.layers))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_2x2_network_fires_in_the_wished_order(number):
    rates = _rates(simulate(network_netlist(wished_network(NeuronCircuit(DEVICES[number])))))
    assert _in_order(rates)
    assert rates[1, 1] == pytest.approx(rates[1, 2], rel=1e-3)
    assert rates[2, 1] > 1.05 * rates[1, 1]


def test_neurons_of_a_network_have_the_rates_of_their_drives():
    neuron = NeuronCircuit(DEVICES[1])
    rates = _rates(simulate(network_netlist(wished_network(neuron))))
    wished = {(1, 1): "unchanged", (2, 1): "excited", (2, 2): "inhibited"}
    drives = [Constant(drive_at(neuron, PLACES[wish])) for wish in wished.values()]
    alone = spike_times([neuron] * 3, drives, 400e-6).rates
    assert [rates[key] for key in wished] == pytest.approx(alone, rel=0.03)


def test_the_order_survives_mismatch_in_a_handful_of_draws():
    network, rng = wished_network(NeuronCircuit(DEVICES[1])), np.random.default_rng(5)
    outcomes = simulate_many([network_netlist(_drawn(network, rng)) for _ in range(4)])
    assert all(_in_order(_rates(outcome)) for outcome in outcomes)


def _roomy(number):
    """A circuit that gives a narrow window room: at 6 kohm and 5 nF, with op-amps on 30 V for its higher drives."""
    neuron = NeuronCircuit(DEVICES[number], r_series=6e3, capacitance=5e-9)
    places = {"unchanged": 0.22, "excited": 0.54, "silenced": -0.3}
    return wished_network(neuron, ("excited", "silenced"), synapse=Synapse(OpAmp(v_rail=30.0)), places=places)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "least"),
    [
        (wished_network(NeuronCircuit(DEVICES[1])), 95),
        (wished_network(NeuronCircuit(DEVICES[2])), 95),
        (wished_network(NeuronCircuit(DEVICES[3])), 95),
        (wished_network(NeuronCircuit(DEVICES[4]), ("excited", "silenced")), 80),  # its window at 3 kohm is too narrow
        (_roomy(4), 95),
    ],
    ids=["device 1", "device 2", "device 3", "device 4 at 3 kohm", "device 4 with room"],
)
def test_the_order_survives_mismatch_in_so_many_of_100_draws(network, least):
    rng = np.random.default_rng(5)
    outcomes = simulate_many([network_netlist(_drawn(network, rng)) for _ in range(100)])
    assert sum(_in_order(_rates(outcome)) for outcome in outcomes) >= least


@pytest.mark.parametrize(
    ("inputs", "wishes"), [(1, ("unchanged",)), (1, ("excited",) * 5), (3, ("inhibited", "excited"))]
)
def test_any_number_of_neurons_goes_into_any_other(inputs, wishes):
    network = wished_network(NeuronCircuit(DEVICES[2]), wishes, inputs)
    rates = _rates(simulate(network_netlist(network, 200e-6)), 200e-6)
    assert len(rates) == inputs + len(wishes)
    for k, wish in enumerate(wishes):
        shift = rates[2, k + 1] / rates[1, 1] - 1
        assert {"excited": shift > 0.05, "inhibited": shift < -0.05, "unchanged": abs(shift) < 0.02}[wish]


def test_three_layers_pass_their_spikes_on():
    two = wished_network(NeuronCircuit(DEVICES[1]), ("excited", "inhibited"))
    three = replace(
        two,
        layers=(*two.layers, two.layers[0][:1]),
        weights=(*two.weights, ((10.0, -10.0),)),
        biases=(*two.biases, (10.0,)),
    )
    assert set(_rates(simulate(network_netlist(three)))) == {(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)}


def test_a_single_layer_needs_no_amplifier():
    network = Network(layers=((NeuronCircuit(DEVICES[1]),),), drives=(Constant(12.5),))
    text = network_netlist(network).text
    assert "opamp" not in text
    assert "V_plus" not in text


def test_neurons_of_one_network_may_differ():
    neurons = NeuronCircuit(DEVICES[1]), NeuronCircuit(DEVICES[3], r_series=4e3, capacitance=1e-9)
    text = network_netlist(Network(layers=(neurons,), drives=(Constant(11.0), Constant(12.0)))).text
    assert "R_series_1_2 in_1_2 osc_1_2 4000.0" in text
    assert "X_vo2_1_2 osc_1_2 spk_1_2 vo2x x=0.02" in text


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_mean_output_is_what_the_twin_gives(number):
    neuron = NeuronCircuit(DEVICES[number])
    drive = drive_at(neuron, PLACES["unchanged"])
    waves = simulate_twin(neuron, Constant(drive), 1e-3).waveforms
    late = waves.time > SETTLED
    mean = np.trapezoid(waves["v(spk)"][late], waves.time[late]) / np.ptp(waves.time[late])
    assert mean_output(neuron, drive) == pytest.approx(mean, rel=0.06)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda n: Network(layers=(), drives=()), r"layers of \[\] neurons"),
        (lambda n: Network(layers=((n,), ()), drives=(Constant(1.0),)), r"layers of \[1, 0\] neurons"),
        (lambda n: Network(layers=((n, n),), drives=(Constant(1.0),)), r"drives: \[1\] given, .* need \[2\]"),
        (lambda n: Network(((n,), (n,)), (Constant(1.0),), (((1.0,),),)), r"biases: \[\] given, .* need \[1\]"),
        (
            lambda n: Network(((n,), (n,)), (Constant(1.0),), (((1.0, 2.0),),), ((0.0,),)),
            r"weights in each row: \[2\] given, .* need \[1\]",
        ),
        (
            lambda n: wished_network(n, ("happy",)),
            "wish 'happy' is not known: choose one of silenced, inhibited, unchanged, excited",
        ),
        (lambda n: wished_network(n, inputs=0), "inputs = 0 must be at least 1"),
        (
            lambda n: wished_network(replace(n, r_series=1e3)),
            r"r_series = 1000.0 ohm is below the triple point of x = 0",
        ),
        (lambda n: wished_network(replace(n, device=Vo2x(x=0.1))), "does not snap on and off"),
        (lambda n: network_netlist(wished_network(n), 0.0), r"t_stop = 0.0 s must be above 0"),
    ],
)
def test_a_network_that_cannot_be_is_refused(make, message):
    with pytest.raises(OutOfRangeError, match=message):
        make(NeuronCircuit(DEVICES[1]))
