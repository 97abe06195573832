"""Curves of real neurons, against many points of the twin, the closed form, and ngspice itself."""

import hashlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from neurokit.circuits.drive import Constant
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device.accuracy import FINE
from neurokit.device.closed_form import v_firing_onset, v_latching
from neurokit.device.vo2x import DEVICES, FILMS, Vo2x
from neurokit.errors import OutOfRangeError
from neurokit.simulation.causes import failed
from neurokit.simulation.engine import simulate
from neurokit.simulation.outcome import Cause
from neurokit.spikes.operating_point import measure_by_twin, point_netlist
from neurokit.spikes.regime import Regime
from neurokit.spikes.transfer_compare import matched, same_frequency
from neurokit.spikes.transfer_file import read_curve
from neurokit.spikes.transfer_measure import BUDGET, Placement, transfer_curve

COMMITTED = Path(__file__).parents[2] / "training" / "curves"
THREE = (Regime.UN_FIRING, Regime.OSCILLATING, Regime.FIRING)


def within(curve, count=400):
    """So many voltages, evenly spaced in the oscillating range."""
    return np.linspace(curve.v_on.v_in, curve.v_off.v_in, count + 2)[1:-1]


def by_twin(neuron, v):
    return np.array([point.frequency for point in measure_by_twin([neuron] * len(v), [float(x) for x in v])])


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_curve_is_within_1_percent_of_400_points_from_less_than_40(number):
    neuron = NeuronCircuit(DEVICES[number])
    curve = transfer_curve(neuron, engine="twin")
    v = within(curve)
    assert np.abs(curve.frequency(v) / by_twin(neuron, v) - 1).max() < 0.01
    assert curve.provenance["simulations"] == len(curve.points) <= BUDGET
    assert tuple(run.regime for run in curve.runs) == THREE


def test_a_curve_by_ngspice_is_within_1_percent_of_400_points_of_the_twin():
    neuron = NeuronCircuit(DEVICES[4])
    curve = transfer_curve(neuron)
    v = within(curve)
    assert np.abs(curve.frequency(v) / by_twin(neuron, v) - 1).max() < 0.01
    assert curve.provenance["simulations"] <= BUDGET
    assert curve.provenance["versions"]["ngspice"]
    inside = (curve.power(v) > 0) & (curve.energy_per_spike(v) < 1e-6)
    assert inside.all()


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_curve_is_within_1_percent_of_400_simulations_by_ngspice(number):
    neuron = NeuronCircuit(DEVICES[number])
    curve = transfer_curve(neuron)
    ends = curve.v_on.v_in, curve.v_off.v_in
    many = transfer_curve(neuron, placement=Placement(even=402, v_range=ends)).oscillating.points[1:-1]
    v = np.array([point.v_in for point in many])
    assert len(v) >= 398
    assert np.abs(curve.frequency(v) / [point.frequency for point in many] - 1).max() < 0.01
    assert np.abs(curve.power(v) / [point.power for point in many] - 1).max() < 0.01
    assert curve.provenance["simulations"] <= BUDGET


def test_oscillation_begins_where_the_closed_form_says_if_rc_is_long():
    neuron = NeuronCircuit(DEVICES[2], capacitance=100e-9)
    curve = transfer_curve(neuron, engine="twin")
    assert curve.v_on.v_in == pytest.approx(float(v_firing_onset(neuron.device, neuron.r_series)), rel=2e-3)
    assert curve.v_off.v_in == pytest.approx(float(v_latching(neuron.device, neuron.r_series)), rel=5e-3)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_frequency_rises_up_to_its_maximum_and_over_more_than_half_of_the_range(number):
    curve = transfer_curve(NeuronCircuit(DEVICES[number]), engine="twin")
    rates = np.array([point.frequency for point in curve.oscillating.points])
    assert (np.diff(rates[: rates.argmax() + 1]) > 0).all()
    assert curve.rising_share > 0.55


def test_device_5_does_not_oscillate_at_3_kohm_and_its_curve_says_so():
    curve = transfer_curve(NeuronCircuit(DEVICES[5]), engine="twin")
    assert curve.oscillating is None
    assert [run.regime for run in curve.runs] == [Regime.UN_FIRING, Regime.FIRING]
    assert not curve.frequency(np.linspace(0, 20, 50)).any()


def test_in_matched_circuits_the_same_frequencies_are_reached_at_lower_voltage():
    first = NeuronCircuit(DEVICES[1])
    curves = [transfer_curve(matched(first, DEVICES[n]), engine="twin") for n in (1, 2, 3, 4)]
    for other, this in pairwise(curves):
        assert this.v_off.v_in < 0.8 * other.v_off.v_in
        found = same_frequency(this, other)
        assert found.overlaps
        assert found.voltage_ratio_span[1] < 0.85


@pytest.mark.slow
def test_in_matched_circuits_the_power_range_falls_with_each_device():
    first = NeuronCircuit(DEVICES[1])
    curves = [transfer_curve(matched(first, DEVICES[n])) for n in (1, 2, 3, 4)]
    highest = [max(point.power for point in curve.oscillating.points) for curve in curves]
    assert all(this < 0.85 * other for other, this in pairwise(highest))
    assert same_frequency(curves[3], curves[0]).power_ratio < 0.95


def test_matched_leaves_the_first_device_as_it_is_and_keeps_the_top_frequency():
    first = NeuronCircuit(DEVICES[1])
    assert matched(first, DEVICES[1]) == first
    other = matched(first, DEVICES[3])
    tops = [max(transfer_curve(neuron, engine="twin").rates) for neuron in (first, other)]
    assert tops[1] == pytest.approx(tops[0], rel=5e-3)
    assert other.r_series < first.r_series


def test_frequencies_that_two_neurons_do_not_share_are_no_comparison():
    curves = [transfer_curve(NeuronCircuit(DEVICES[n]), engine="twin") for n in (1, 4, 5)]
    assert not same_frequency(curves[1], curves[0]).overlaps
    assert not same_frequency(curves[2], curves[0]).overlaps


def test_the_number_of_simulations_at_a_time_does_not_matter():
    neuron, few = NeuronCircuit(DEVICES[4]), Placement(even=4)
    assert transfer_curve(neuron, placement=few, jobs=1) == transfer_curve(neuron, placement=few, jobs=3)


def test_both_ways_to_run_ngspice_give_the_same_curve():
    neuron, few = NeuronCircuit(DEVICES[4]), Placement(even=3, v_range=(10.5, 12.5))
    one, other = (transfer_curve(neuron, engine=engine, placement=few) for engine in ("ngspice", "pyspice"))
    assert one.rates == pytest.approx(other.rates, rel=1e-6)
    assert other.provenance["versions"]["pyspice"]


def test_a_failed_simulation_is_a_point_with_its_cause():
    def sometimes(netlist, backend, *rest):
        fails = f"V_in in 0 {Constant(11.0).source()}\n" in netlist.text
        return failed(netlist, backend, Cause.TIME_LIMIT, "too slow") if fails else simulate(netlist, backend, *rest)

    curve = transfer_curve(
        NeuronCircuit(DEVICES[4]), placement=Placement(even=3, v_range=(10.5, 11.5)), simulate=sometimes
    )
    (point,) = curve.failures
    assert (point.v_in, point.cause) == (11.0, Cause.TIME_LIMIT)
    assert point.message.startswith("too slow")  # and what to try
    assert len(curve.oscillating.points) == 2


def test_a_device_without_thresholds_needs_a_range():
    ohmic = NeuronCircuit(Vo2x(x=0.09))
    with pytest.raises(OutOfRangeError, match=r"x = 0\.09.*give the range"):
        transfer_curve(ohmic, engine="twin")
    assert transfer_curve(ohmic, engine="twin", placement=Placement(v_range=(1.0, 5.0))).oscillating is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"even": 1}, "1 points are no curve"),
        ({"tolerance": 0.0}, "tolerance = 0"),
        ({"v_range": (3.0, 2.0)}, "3 V to 2 V"),
        ({"v_range": (0.0, 2.0)}, "above 0 V"),
    ],
)
def test_a_placement_that_means_nothing_is_refused(wrong, message):
    with pytest.raises(OutOfRangeError, match=message):
        Placement(**wrong)


def test_an_engine_that_is_none_is_refused():
    with pytest.raises(OutOfRangeError, match=r"'spectre'.*ngspice, pyspice, twin"):
        transfer_curve(NeuronCircuit(), engine="spectre")


@pytest.mark.parametrize("number", DEVICES)
def test_a_committed_curve_is_of_the_netlists_that_the_code_writes(number):
    curve = read_curve(COMMITTED / f"device{number}.csv")
    known = curve.provenance["parameters"]
    device = replace(DEVICES[number], film=FILMS[known["film"]])
    neuron = NeuronCircuit(device, **{name: known[name] for name in ("r_series", "capacitance", "r_sense")})
    assert curve.provenance["engine"] == "ngspice"
    assert not curve.failures
    for point in curve.points:
        text = point_netlist(neuron, point.v_in, point.t_stop, replace(FINE, step=point.step)).text
        assert hashlib.sha256(text.encode()).hexdigest() == point.netlist_sha256
