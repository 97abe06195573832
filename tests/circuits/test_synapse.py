"""A synapse group: resistors from weights, weights from resistors, and the sum in ngspice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.circuits import Netlist, OpAmp, Synapse
from neurokit.circuits.opamp import opamp_subcircuit
from neurokit.circuits.synapse import synapse_elements
from neurokit.circuits.values import spice_number
from neurokit.errors import OutOfRangeError
from neurokit.simulation import simulate

WEIGHTS = st.lists(st.one_of(st.just(0.0), st.floats(1e-3, 1e3), st.floats(-1e3, -1e-3)), min_size=1, max_size=6)


def _lines(weights, bias=0.0, synapse=Synapse()):  # noqa: B008 - frozen
    return synapse_elements(synapse, "_2_1", [f"spk_1_{k + 1}" for k in range(len(weights))], weights, bias, "in_2_1")


def _read_back(lines, inputs, synapse):
    """The weights that resistors and nodes of a netlist make."""
    weights, bias = [0.0] * inputs, 0.0
    for line in lines:
        name, start, end, value, *_ = [*line.split(), ""]
        sign = 1 if end.startswith("first") else -1
        if name.startswith("R_weight"):
            weights[int(start.rpartition("_")[2]) - 1] = sign * synapse.r_feedback / spice_number(value)
        if name.startswith("R_bias"):
            v_supply = {"plus": 1, "minus": -1}[start] * synapse.opamp.v_rail
            bias = -v_supply * synapse.r_feedback / spice_number(value)
    return weights, bias


@given(WEIGHTS, st.floats(-14, 14).filter(lambda b: b == 0 or abs(b) > 1e-3), st.floats(1e3, 1e6))
def test_weights_and_bias_are_read_back_from_resistor_ratios(weights, bias, r_feedback):
    synapse = Synapse(r_feedback=r_feedback)
    read, read_bias = _read_back(_lines(weights, bias, synapse), len(weights), synapse)
    assert read == pytest.approx(weights, rel=1e-12)
    assert read_bias == pytest.approx(bias, rel=1e-12)


@pytest.mark.parametrize(
    ("weights", "bias"),
    [((2.0, 3.0), 1.0), ((-2.0, -3.0), 5.0), ((20.0, -30.0), 2.0), ((0.0, 1.0), -4.0), ((-1.0, 0.0), 0.0)],
)
def test_the_adders_give_the_weighted_sum(weights, bias):
    inputs = (0.12, 0.05)
    gain_error = (
        2 + sum(map(abs, weights)) + abs(bias)
    ) / OpAmp().gain  # noise gain of both adders over the open loop's
    text = [
        "adders",
        opamp_subcircuit(OpAmp()),
        *_lines(weights, bias),
        *(f"V_{k + 1} spk_1_{k + 1} 0 DC {v}" for k, v in enumerate(inputs)),
        "V_plus plus 0 15\nV_minus minus 0 -15\nR_load in_2_1 0 3k\n.op\n.end\n",
    ]
    out = simulate(Netlist("adders", "\n".join(text), ("v(in_2_1)",))).checked().waveforms["v(in_2_1)"][0]
    ideal = bias + float(np.dot(weights, inputs))
    assert out == pytest.approx(ideal, rel=3 * gain_error, abs=1e-3)


@pytest.mark.parametrize("weight", [1.0, -1.0])
def test_either_sign_is_smoothed_with_the_same_time_constant(weight):
    text = [
        "step",
        opamp_subcircuit(OpAmp()),
        *_lines((weight,)),
        "V_1 spk_1_1 0 PWL(0 0 1n 1)\nV_plus plus 0 15\nV_minus minus 0 -15\n.tran 10n 20u 0 10n uic\n.end\n",
    ]
    waves = simulate(Netlist("step", "\n".join(text), ("v(in_2_1)",))).checked().waveforms
    expected = weight * (1 - np.exp(-waves.time / Synapse().tau))
    assert waves["v(in_2_1)"] == pytest.approx(expected, abs=0.01)


def test_what_has_no_resistor_is_refused():
    for weight in (float("nan"), float("inf")):
        with pytest.raises(OutOfRangeError, match=f"weight {weight} has no resistor"):
            _lines((weight,))
    with pytest.raises(OutOfRangeError, match=r"bias 15\.5 V must lie within the rails of the op-amp, \+-15\.0 V"):
        _lines((1.0,), 15.5)
    for field in ("r_feedback", "tau"):
        with pytest.raises(OutOfRangeError, match=rf"{field} = 0\.0 of a synapse must be above 0"):
            Synapse(**{field: 0.0})
