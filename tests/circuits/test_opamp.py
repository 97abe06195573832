"""The op-amp sub-circuit in ngspice against what its parameters promise."""

import numpy as np
import pytest

from neurokit.circuits import Netlist, OpAmp
from neurokit.circuits.opamp import opamp_subcircuit
from neurokit.errors import OutOfRangeError
from neurokit.simulation import simulate

SLOW = OpAmp(gain=2e3, gbw=5e6, slew=2e7, v_rail=12.0, r_out=50.0)


def _run(opamp, lines, analysis, probes=("v(out)",)):
    text = "\n".join(["op-amp", opamp_subcircuit(opamp), *lines, analysis, ".end"]) + "\n"
    return simulate(Netlist("op-amp", text, probes)).checked().waveforms


def test_gain_and_pole_of_the_open_loop_are_those_given():
    waves = _run(SLOW, ["V_in in 0 DC 0 AC 1", "X_1 in 0 out opamp"], ".ac dec 40 1 100meg")
    frequency, gain = np.abs(waves.signals["frequency"]), np.abs(waves.signals["v(out)"])
    pole = SLOW.gbw / SLOW.gain
    assert gain == pytest.approx(SLOW.gain / np.hypot(1, frequency / pole), rel=1e-3)


def test_the_output_follows_a_tanh_into_the_rails():
    waves = _run(SLOW, ["V_in in 0 DC 0", "X_1 in 0 out opamp"], ".dc V_in -0.05 0.05 0.0001", ("v(in)", "v(out)"))
    linear, out = SLOW.gain * waves["v(in)"], waves["v(out)"]
    inside = np.abs(linear) < SLOW.v_rail
    assert out[inside] == pytest.approx(SLOW.v_rail * np.tanh(linear[inside] / SLOW.v_rail), rel=1e-3)
    assert np.abs(out).max() == pytest.approx(SLOW.v_rail, rel=1e-2)
    assert np.abs(out).max() <= SLOW.v_rail


def test_a_large_step_is_followed_at_the_slew_rate():
    lines = ["V_in in 0 PULSE(-5 5 1u 1n 1n 5u)", "X_1 in out out opamp", "R_load out 0 10k"]
    waves = _run(SLOW, lines, ".tran 1n 3u 0 1n")
    begun, ended = (waves.time[waves["v(out)"] > level][0] for level in (-2.0, 2.0))
    linear = 2 * SLOW.v_rail * np.arctanh(2.0 / SLOW.v_rail)  # of the stage before the rails
    assert ended - begun == pytest.approx(linear / SLOW.slew, rel=0.03)


def test_the_output_resistance_divides_with_the_load():
    waves = _run(SLOW, ["V_in in 0 DC 1m", "X_1 in 0 out opamp", "R_load out 0 50"], ".op")
    assert waves["v(out)"][0] == pytest.approx(SLOW.v_rail * np.tanh(2 / SLOW.v_rail) / 2, rel=1e-3)


def test_an_overdriven_amplifier_comes_back_at_once():
    lines = ["V_in in 0 PULSE(5 -5 200u 1n 1n 1m)", "X_1 in 0 out opamp"]
    waves = _run(SLOW, lines, ".tran 10n 210u 0 10n uic")
    back = waves.time[(waves.time > 200e-6) & (waves["v(out)"] < 0)][0] - 200e-6
    assert back == pytest.approx(4 * SLOW.v_rail / SLOW.slew, rel=0.5)


@pytest.mark.parametrize("field", ["gain", "gbw", "slew", "v_rail", "r_out"])
@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), float("nan")])
def test_a_parameter_without_meaning_is_refused(field, value):
    with pytest.raises(OutOfRangeError, match=rf"{field} = {value} of an op-amp must be above 0 and finite"):
        OpAmp(**{field: value})
