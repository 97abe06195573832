"""The panels of the paper's figures: drawn from made-up data, and verdicts that fail where the data say otherwise."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from neurokit.errors import NeurokitError, SimulationFailedError
from neurokit.report.paper import (
    PANELS,
    Failed,
    Made,
    Panel,
    Workshop,
    drives,
    endurance,
    iv_loop,
    make_panels,
    pulse_response,
    thresholds,
)
from neurokit.report.paper.slow_sweep import Loop
from neurokit.simulation import Cause, Outcome, Status, Waveforms
from neurokit.simulation.causes import failed
from neurokit.spikes.switching import Oscillation
from neurokit.spikes.train import SpikeTrain

UNIT = re.compile(r"\((V|mA|ms|µs|\N{GREEK SMALL LETTER MU}s|layer, number|number|effective)\)$")
FROM_NETLISTS = [name for name, panel in PANELS.items() if panel.needs(1)]


def make_waveforms(probes):
    """A sweep that switches at 5 and 2 V whatever the device, a membrane that charges and then rests."""
    t = np.linspace(0, 4e-4 if "v(spk_1_1)" in probes else 1e-4, 2001)
    if "v(a)" in probes:
        v = 8 * (1 - np.abs(2 * t / t[-1] - 1))
        rising = t < t[-1] / 2
        on = np.where(rising, v > 5, v > 2)
        signals = {"v(a)": v, "i(v_sweep)": -v * np.where(on, 3e-3, 1e-4)}
    else:
        membrane = 3 * (1 - np.exp(-t / 5e-6))
        scale = {"v(os": 1.0, "v(sp": 1e-3, "i(v_": -1e-3}
        signals = {p: scale[p[:4]] * membrane if p[:4] in scale else 12 + 0 * t for p in probes}
    return Waveforms("Transient Analysis", "time", {"time": t} | signals)


def simulated(netlists):
    return [Outcome(Status.OK, netlist, "ngspice", (make_waveforms(netlist.probes),)) for netlist in netlists]


def never_simulated(netlists):
    return [failed(netlist, "ngspice", Cause.TIMESTEP_TOO_SMALL, "Timestep too small") for netlist in netlists]


@pytest.fixture(scope="module")
def made():
    return make_panels({name: PANELS[name] for name in FROM_NETLISTS}, Workshop(simulated))


@pytest.mark.parametrize("name", FROM_NETLISTS)
def test_no_panel_holds_for_waveforms_that_say_something_else(made, name):
    assert isinstance(made[name], Made)
    assert not made[name].holds


@pytest.mark.parametrize("name", FROM_NETLISTS)
def test_axes_have_units_and_legends_keep_off_the_data(made, name):
    figure = made[name].figure
    figure.draw_without_rendering()
    labels = [(axes.get_xlabel(), axes.get_ylabel()) for axes in figure.axes]
    assert all(UNIT.search(text) for pair in labels for text in pair if text)
    assert labels[-1][0]
    assert labels[0][1]
    boxes = [legend.get_window_extent() for legend in figure.legends]
    assert boxes or not any(axes.get_legend_handles_labels()[0] for axes in figure.axes)
    assert not any(box.overlaps(axes.get_window_extent()) for box in boxes for axes in figure.axes)


@pytest.mark.parametrize("name", PANELS)
def test_every_statement_is_told_as_the_text_says_it(name):
    assert PANELS[name].statement.startswith("The text says")


def test_panels_that_share_a_netlist_have_it_simulated_once_and_all_in_one_go():
    calls = []
    make_panels(
        {name: PANELS[name] for name in FROM_NETLISTS},
        Workshop(lambda netlists: calls.append(netlists) or simulated(netlists)),
    )
    assert len(calls) == 1
    assert set(Counter(calls[0]).values()) == {1}


def test_a_panel_whose_simulation_failed_says_why_and_leaves_the_others_alone():
    good = Panel("closed form alone", "The text says so.", lambda _: Made(None, True, "It is."))
    results = make_panels({"2G": PANELS["2G"], "9Z": good}, Workshop(never_simulated))
    assert isinstance(results["2G"], Failed)
    assert isinstance(results["2G"].error, SimulationFailedError)
    assert "timestep too small" in str(results["2G"].error)
    assert results["9Z"].holds


def test_a_panel_that_cannot_read_its_waveforms_is_a_failed_panel():
    def refuse(_):
        raise NeurokitError("no switching up to 8 V")

    (result,) = make_panels({"9Z": Panel("refuses", "The text says so.", refuse)}, Workshop(simulated)).values()
    assert str(result.error) == "no switching up to 8 V"


LOOPS = dict(enumerate((Loop(6.52, 1.48), Loop(4.3, 1.48), Loop(2.8, 1.49), Loop(2.1, 1.49), Loop(1.75, 1.5)), 1))


@pytest.mark.parametrize("number", LOOPS)
def test_a_loop_holds_with_its_published_threshold_or_between_its_neighbours(number):
    assert iv_loop.verdict(number, LOOPS)
    assert not iv_loop.verdict(number, LOOPS | {number: Loop(7.0, 1.5)})


def test_the_family_holds_only_while_threshold_and_hysteresis_shrink_to_the_published_ends():
    assert thresholds.verdict(LOOPS)
    assert not thresholds.verdict(LOOPS | {3: Loop(4.4, 1.5)})
    assert not thresholds.verdict(LOOPS | {4: Loop(2.5, 0.1)})
    assert not thresholds.verdict(LOOPS | {1: Loop(6.7, 1.5)})


def test_cycles_are_stable_without_drift_gaps_or_widening():
    v = np.random.default_rng(1).normal(6.5, 6.5 * endurance.NOISE, endurance.CYCLES)
    assert endurance.verdict(endurance.stability(v))
    assert not endurance.verdict(endurance.stability(v + np.linspace(0, 0.05, len(v))))
    assert not endurance.verdict(endurance.stability(v[:-1]))
    assert not endurance.verdict(endurance.stability(6.5 + 1.3 * (v - 6.5)))


SWINGS = {n: Oscillation(6.0 / n, 1e5 * n) for n in range(1, 5)} | {5: Oscillation(0.01, 0.0)}


@pytest.mark.parametrize("number", SWINGS)
def test_a_pulse_response_holds_while_amplitudes_fall_frequencies_change_and_device_5_is_quiet(number):
    assert pulse_response.verdict(number, SWINGS)
    if number < 5:
        assert not pulse_response.verdict(number, SWINGS | {number: Oscillation(0.0, 0.0)})
    if number > 1:
        assert not pulse_response.verdict(number, SWINGS | {number: Oscillation(7.0, 1e5 * number)})
    if 1 < number < 5:
        same = replace(SWINGS[number], frequency=SWINGS[number - 1].frequency)
        assert not pulse_response.verdict(number, SWINGS | {number: same})


def make_spikes(times, signs):
    times = np.array(times)
    return SpikeTrain(times, np.array(signs), np.ones(len(times)), np.ones(len(times)), (0.0, 10.0))


def test_a_constant_drive_must_give_a_rhythm():
    assert drives.constant_verdict(make_spikes([1.0, 2.0, 3.0], [1.0] * 3))
    assert not drives.constant_verdict(make_spikes([1.0, 2.0, 3.1], [1.0] * 3))
    assert not drives.constant_verdict(make_spikes([1.0, 2.0], [1.0] * 2))


@pytest.mark.parametrize(
    "wrong", [{"spikes": 25}, {"spikes": 0}, {"first_after": 1}, {"spikes_below": 1}, {"leak": 0.01}], ids=str
)
def test_pulses_must_be_integrated_and_leak(wrong):
    right = {"pulses": 25, "spikes": 8, "first_after": 2, "spikes_below": 0, "leak": 0.4}
    assert drives.pulse_verdict(**right)
    assert not drives.pulse_verdict(**right | wrong)


def test_a_sine_must_make_spikes_of_both_signs_and_none_against_it():
    spikes = make_spikes([1.0, 2.0], [1.0, -1.0])
    assert drives.sine_verdict(spikes, np.array([9.0, -9.0]))
    assert not drives.sine_verdict(spikes, np.array([9.0, 9.0]))
    assert not drives.sine_verdict(make_spikes([1.0], [1.0]), np.array([9.0]))


def test_the_leak_is_the_share_that_a_membrane_loses_between_two_pulses():
    pulse = drives.SILENT
    t = np.linspace(0, 10 * pulse.period, 20001)
    membrane = np.interp(t % pulse.period, [0, pulse.width, pulse.period], [0.6, 1.0, 0.6])
    waves = Waveforms("Transient Analysis", "time", {"time": t, "v(osc)": membrane})
    assert drives.leak_between_pulses(waves, pulse) == pytest.approx(0.4, abs=0.01)
