"""The pulse former behind neurons in ngspice: one pulse for each spike, all of the same area."""

from dataclasses import replace

import numpy as np
import pytest

from neurokit.circuits import Netlist, NeuronCircuit, neuron_netlist
from neurokit.circuits.drive import Constant
from neurokit.circuits.pulse import PulseFormer, pulse_subcircuit
from neurokit.device import DEVICES
from neurokit.device.accuracy import FINE, MAP
from neurokit.errors import OutOfRangeError
from neurokit.simulation import simulate
from neurokit.spikes.switching import rising_crossings

FAST = NeuronCircuit(DEVICES[1], r_series=6e3, capacitance=0.2e-9)
PAPER = NeuronCircuit(DEVICES[1])
DEVICE_4 = NeuronCircuit(DEVICES[4])
FORMER = PulseFormer()

# From just above the onset to just below latching; the middles of the spikes are at about these voltages.
SPIKING = [
    *((FAST, v_in, 60e-6, 0.04) for v_in in (11.35, 16.0, 19.0)),
    *((FAST, v_in, 40e-6, 0.037) for v_in in (20.6, 20.9, 21.2)),
    *((PAPER, v_in, 100e-6, 0.05) for v_in in (8.8, 10.0, 12.9)),
    *((DEVICE_4, v_in, 60e-6, 0.035) for v_in in (10.3, 11.5, 12.5)),
]


def _with_former(neuron, v_in, t_stop, former=FORMER, accuracy=FINE):
    netlist = neuron_netlist(neuron, Constant(v_in), t_stop, accuracy=accuracy)
    added = f"{pulse_subcircuit(former)}X_former spk pulse pulse_former\n.save v(pulse)\n.options"
    text = netlist.text.replace(".options", added, 1)
    return simulate(replace(netlist, text=text, probes=(*netlist.probes, "v(pulse)"))).checked().waveforms


def _pulses(waves, former=FORMER):
    """When each pulse is halfway up, and the area of each but the last, which the end of the run may cut."""
    time, pulse = waves.time, waves["v(pulse)"]
    begun = rising_crossings(time, pulse, former.height / 2, former.height / 4)
    area = np.concatenate([[0.0], np.cumsum(np.diff(time) * (pulse[1:] + pulse[:-1]) / 2)])
    return begun, np.diff(np.interp(begun - 0.3 * former.width, time, area))


@pytest.mark.parametrize(("neuron", "v_in", "t_stop", "level"), SPIKING)
def test_each_spike_makes_one_pulse_of_the_promised_area(neuron, v_in, t_stop, level):
    waves = _with_former(neuron, v_in, t_stop)
    spikes = rising_crossings(waves.time, waves["v(spk)"], level, 0.004)
    begun, areas = _pulses(waves)
    answered = spikes[spikes < t_stop - 1e-6]
    assert len(answered) >= 4
    assert len(answered) <= len(begun) <= len(spikes)
    delays = begun - spikes[: len(begun)]
    assert ((delays > 0) & (delays < 0.8e-6)).all()
    assert areas == pytest.approx(np.full(len(areas), FORMER.pulse_area), rel=0.005)
    assert waves["v(pulse)"].max() == pytest.approx(FORMER.height, rel=0.01)


@pytest.mark.parametrize(("neuron", "v_in"), [(FAST, 11.0), (PAPER, 8.7), (DEVICE_4, 10.0)])
def test_a_silent_neuron_makes_no_pulse_not_even_at_power_on(neuron, v_in):
    waves = _with_former(neuron, v_in, 60e-6)
    assert np.abs(waves["v(pulse)"]).max() < 1e-3 * FORMER.height


@pytest.mark.parametrize(("neuron", "v_in"), [(FAST, 25.0), (PAPER, 13.3), (DEVICE_4, 13.5)])
def test_a_latched_neuron_makes_the_pulse_of_its_switching_and_no_other(neuron, v_in):
    waves = _with_former(neuron, v_in, 60e-6)
    begun, _ = _pulses(waves)
    assert len(begun) == 1
    assert np.abs(waves["v(pulse)"][waves.time > 30e-6]).max() < 1e-3 * FORMER.height


@pytest.mark.parametrize(("width", "height"), [(0.2e-6, 1.0), (0.8e-6, 12.0)])
@pytest.mark.parametrize(("neuron", "v_in"), [(FAST, 20.6), (PAPER, 12.0)])
def test_other_widths_and_heights_keep_their_area(neuron, v_in, width, height):
    former = PulseFormer(width=width, height=height)
    _, areas = _pulses(_with_former(neuron, v_in, 60e-6, former), former)
    assert len(areas) >= 3
    assert areas == pytest.approx(np.full(len(areas), former.pulse_area), rel=0.02)


def test_the_area_holds_at_the_coarser_accuracy_of_maps():
    _, areas = _pulses(_with_former(FAST, 20.6, 60e-6, accuracy=MAP))
    assert areas == pytest.approx(np.full(len(areas), FORMER.pulse_area), rel=0.01)


def test_the_former_leaves_the_neuron_its_rate_and_costs_few_time_points():
    alone = simulate(neuron_netlist(FAST, Constant(20.6), 60e-6)).checked().waveforms
    formed = _with_former(FAST, 20.6, 60e-6)
    last = [rising_crossings(waves.time, waves["v(spk)"], 0.037, 0.004)[-1] for waves in (alone, formed)]
    assert last[1] == pytest.approx(last[0], rel=3e-4)
    assert len(formed.time) < 1.1 * len(alone.time)


@pytest.mark.parametrize(("slope", "pulses"), [(2.5e4, 0), (7e4, 1)])
def test_only_an_edge_above_the_given_slope_makes_a_pulse(slope, pulses):
    v_top = 0.05
    source = f"V_in in 0 PWL(0 0 1u 0 {1e-6 + v_top / slope} {v_top} 10u {v_top})"
    lines = ["edge", pulse_subcircuit(FORMER), source, "X_1 in pulse pulse_former", ".tran 10n 6u 0 10n uic", ".end"]
    waves = simulate(Netlist("edge", "\n".join(lines) + "\n", ("v(pulse)",))).checked().waveforms
    begun, _ = _pulses(waves)
    assert len(begun) == pulses
    assert begun == pytest.approx(1e-6 + v_top / slope + 0.2e-6, abs=0.1e-6)


def test_an_operating_point_is_found():
    lines = ["at rest", pulse_subcircuit(FORMER), "V_in in 0 DC 10m", "X_1 in pulse pulse_former", ".op", ".end"]
    waves = simulate(Netlist("at rest", "\n".join(lines) + "\n", ("v(pulse)",))).checked().waveforms
    assert waves["v(pulse)"][0] == pytest.approx(0.0, abs=1e-5 * FORMER.height)


@pytest.mark.parametrize("field", ["v_edge", "tau_edge", "height"])
@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), float("nan")])
def test_a_parameter_without_meaning_is_refused(field, value):
    with pytest.raises(OutOfRangeError, match=rf"{field} = {value} of a pulse former must be above 0 and finite"):
        PulseFormer(**{field: value})


@pytest.mark.parametrize("width", [0.0, 0.1e-6, -1e-6, float("inf"), float("nan")])
def test_a_pulse_that_time_steps_would_miss_is_refused(width):
    with pytest.raises(OutOfRangeError, match=rf"width = {width} s of a pulse former must be at least 2e-07 s"):
        PulseFormer(width=width)
