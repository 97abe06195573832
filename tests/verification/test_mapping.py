"""A network as resistors: read back within the series' step, and the same drives in ngspice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from neurokit.circuits import Netlist
from neurokit.circuits.eseries import SERIES, nearest
from neurokit.circuits.opamp import single_supply_subcircuit, supplied_opamps
from neurokit.circuits.pulse import PulseFormer
from neurokit.circuits.values import spice_value
from neurokit.errors import OutOfRangeError
from neurokit.simulation import simulate
from neurokit.snn.network import Network, Realisation
from neurokit.snn.rate import Rate
from neurokit.spikes.transfer_file import read_curve
from neurokit.verification.mapping import Parts, adder_tail, former_of, mapped, series_of, weight_elements

CURVE = read_curve(Path(__file__).parents[2] / "training" / "curves" / "device1.csv")
RATE = Rate(CURVE, v_rail=12.5)
FORMER, TAU = PulseFormer(), 5e-6


def half_step(series):
    """The largest relative distance from a preferred value: half of the widest gap, by ratio."""
    if series == "any":
        return 1e-6
    values = np.sort([*SERIES[series], 10.0])
    return float((values[1:] / values[:-1]).max() ** 0.5 - 1) + 1e-6


def make_network(sizes=(8, 5, 3), seed=1, scale=3.0):
    torch.manual_seed(seed)
    network = Network(sizes, RATE, 0.5, Realisation())
    with torch.no_grad():
        for weight in network.weights:
            weight.mul_(scale)
    return network


@given(st.floats(1, 1e8), st.sampled_from(["E12", "E24", "E96"]))
def test_the_nearest_preferred_value_is_one_of_the_series_and_none_is_nearer(ohm, series):
    found = float(nearest(ohm, series))
    others = [value * 10.0**decade for decade in range(-1, 10) for value in SERIES[series]]
    assert min(abs(np.log(found / other)) for other in others) < 1e-9
    assert abs(np.log(found / ohm)) <= min(abs(np.log(other / ohm)) for other in others) + 1e-9


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 1000), st.sampled_from(["any", "E24", "E96"]))
def test_weights_are_read_back_within_half_a_step_of_the_series(seed, series):
    network = make_network(seed=seed)
    circuit, missing = mapped(network, FORMER, TAU, Parts(series=series))
    assert all(lost.resistor > Parts().r_most for lost in missing)  # weights near 0, by chance
    step = half_step(series)
    for k in range(2):
        weights, biases = circuit.read_back(k)
        wished, rest = (part.detach().double().numpy().copy() for part in network.parts(k))
        for lost in missing:
            if lost.layer == k + 2:
                wished[lost.neuron - 1, lost.source - 1] = 0.0
        assert weights == pytest.approx(wished, rel=step)
        at_rest = network.onset + network.span * rest
        assert network.onset + network.span * biases == pytest.approx(at_rest, rel=step)


@pytest.mark.parametrize("series", ["E12", "E24", "E96"])
def test_weights_trained_as_resistors_of_a_series_are_built_of_that_series_exactly(series):
    network = make_network()
    network.realised = Realisation(resistors=series)
    parts = Parts(series=series_of(network))
    circuit, missing = mapped(network, former_of(network, parts), TAU, parts)
    assert not missing
    for k in range(2):
        weights, biases = circuit.read_back(k)
        wished, rest = (part.detach().double().numpy() for part in network.parts(k))
        assert weights == pytest.approx(wished, rel=1e-5)
        assert biases == pytest.approx(rest, abs=1e-5)
    assert circuit.layers[0].feedback == 100e3
    assert circuit.layers[0].tau == pytest.approx(TAU, rel=half_step("E24"))


def test_pulses_keep_their_height_where_weights_were_not_trained_as_those_resistors():
    network = make_network()
    assert former_of(network, Parts()) == FORMER
    network.realised = Realisation(resistors="E24")
    assert former_of(network, Parts(series="E96")) == FORMER
    changed = former_of(network, Parts(series="E24"))
    assert changed == replace(FORMER, height=changed.height)
    assert 10**-0.5 <= changed.height / FORMER.height <= 10**0.5


def test_a_weight_that_no_resistor_makes_is_named_and_left_out_or_made_as_large_as_can_be():
    network = make_network()
    with torch.no_grad():
        network.weights[0][2, 4] = 1e-9
        network.weights[1][0, 1] = -1e6
        network.weights[1][2, 3] = 0.0
    circuit, missing = mapped(network, FORMER, TAU)
    assert [(m.layer, m.neuron, m.source) for m in missing] == [(2, 3, 5), (3, 1, 2)]
    assert missing[0].resistor > 1e8
    assert missing[1].resistor < 100
    assert circuit.read_back(0)[0][2, 4] == 0
    assert circuit.layers[1].weights[0, 1] == -100  # as near as it can be made
    assert circuit.layers[1].weights[2, 3] == 0


def test_the_bill_counts_every_part():
    circuit, _ = mapped(make_network(), FORMER, TAU)
    bill = circuit.bill_of_materials()
    resistors = sum(count for (kind, _), count in bill.items() if kind == "resistor")
    assert resistors == 8 * 5 + 5 * 3 + 8 * (1 + 2 + 1)  # weights; supply, two of the first adder and feedback
    assert bill["op-amp", 12.5] == 16
    assert circuit.layers[0].capacitor == pytest.approx(51e-12)  # of E24, the nearest to 50 pF
    assert bill["capacitor", circuit.layers[0].capacitor] == 8
    assert circuit.layers[0].tau == pytest.approx(TAU, rel=half_step("E96"))


def drives_in_ngspice(circuit, layer, pulses, node="in"):
    inputs = [f"pulse_{i + 1}" for i in range(len(pulses))]
    neurons = range(len(circuit.layers[layer].supply))
    lines = [
        "adders of a layer",
        *supplied_opamps(circuit.opamp),
        single_supply_subcircuit(circuit.opamp).rstrip(),
        *(f"V_{node} {node} 0 {spice_value(v)}" for node, v in zip(inputs, pulses, strict=True)),
        *(line for j in neurons for line in weight_elements(circuit, layer, j, inputs)),
        *(line for j in neurons for line in adder_tail(circuit, layer, j)),
        ".options method=trap reltol=1e-5",
        ".tran 0.5u 60u 0 0.5u uic",
        ".end",
    ]
    probes = tuple(f"v({node}_{layer + 2}_{j + 1})" for j in neurons)
    waves = simulate(Netlist("adders", "\n".join(lines) + "\n", probes, 60e-6)).checked().waveforms
    return np.array([waves[probe][-1] for probe in probes])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_adders_in_ngspice_give_the_drives_of_the_network_between_0_and_the_supply(seed):
    network = make_network(seed=seed)
    circuit, _ = mapped(network, FORMER, TAU, Parts(series="any"))
    rates = torch.rand(8, generator=torch.Generator().manual_seed(seed))
    weights, biases = network.parts(0)
    wished = network.drive(weights @ rates + biases).detach().double().numpy().clip(0.0, 12.5)
    found = drives_in_ngspice(circuit, 0, circuit.v_full * rates.double().numpy())
    assert found == pytest.approx(wished, abs=0.06)


def test_all_pulses_at_once_do_not_reach_the_rails_of_the_first_adder():
    network = make_network((20, 4), scale=3.0)
    circuit, _ = mapped(network, FORMER, TAU)
    found = drives_in_ngspice(circuit, 0, [FORMER.height] * 20, "inverted")
    positive = 1 / np.where(circuit.layers[0].weights > 0, circuit.layers[0].weights, np.inf)
    wished = -circuit.layers[0].first * positive.sum(axis=1) * FORMER.height
    assert found == pytest.approx(wished, rel=0.01)
    assert (np.abs(wished) < circuit.opamp.v_rail).all()


@pytest.mark.parametrize("wrong", [{"r_least": 1e6}, {"r_most": 1e3}, {"headroom": 0.0}])
def test_parts_that_cannot_be_are_refused(wrong):
    with pytest.raises(OutOfRangeError):
        Parts(**wrong)
    with pytest.raises(OutOfRangeError, match="tau = 0"):
        mapped(make_network(), FORMER, 0.0)
