from dataclasses import replace

import numpy as np
import pytest

from neurokit.calibration.confirm import confirmed
from neurokit.calibration.predict import neurons_of, predicted, swept_down, swept_up
from neurokit.calibration.records import DOWN, UP, Record, parted
from neurokit.calibration.result import Answers
from neurokit.device import DEVICES
from neurokit.device.closed_form import thresholds
from neurokit.simulation import simulate_many

DEVICE = DEVICES[1]


def oscillation(supplies, r_series=3e3, capacitance=1.8e-9, rise=0.0):
    rows = len(supplies)
    circuit = {"supply": np.array(supplies, dtype=float)}
    circuit |= {
        name: np.full(rows, value)
        for name, value in (("r_series", r_series), ("capacitance", capacitance), ("rise", rise))
    }
    measured = {name: np.full(rows, np.nan) for name in ("mean", "peak_to_peak", "frequency")}
    return Record("drive", "oscillation", "fit", {}, (), measured, measured, circuit)


def test_a_sweep_snaps_on_at_the_threshold_and_off_at_hold():
    t = thresholds(DEVICE)
    below, above = swept_up(DEVICE, np.array([0.999, 1.001]) * t.v_threshold)
    assert above > 5 * below
    held, lost = swept_down(DEVICE, np.array([1.001, 0.999]) * t.v_hold)
    assert held > 5 * lost


def test_oscillations_are_found_with_mean_swing_and_frequency_and_rest_as_rest():
    found = predicted(oscillation([4.0, 11.0, 16.0]), DEVICE, {})
    assert np.isnan(found["frequency"][[0, 2]]).all()
    assert found["peak_to_peak"][[0, 2]] == pytest.approx([0, 0])
    assert found["frequency"][1] == pytest.approx(86.7e3, rel=0.01)
    assert found["peak_to_peak"][1] == pytest.approx(6.07, rel=0.01)


def test_ngspice_confirms_what_the_twin_predicts():
    record = oscillation([4.0, 11.0], rise=1e-6)
    answer = Answers(record, predicted(record, DEVICE, {}))
    (other,) = confirmed([answer], DEVICE, {}, simulate_many)
    assert np.isnan(other.predicted["frequency"][0])
    for name in ("mean", "peak_to_peak", "frequency"):
        assert other.predicted[name][1] == pytest.approx(answer.predicted[name][1], rel=0.01)


def test_a_current_drive_is_a_supply_behind_a_resistor_that_nothing_else_can_see():
    record = replace(oscillation([1.0]), circuit={"current": np.array([1e-3]), "capacitance": "c", "rise": np.zeros(1)})
    ((neuron, drive),) = neurons_of(record, DEVICE, {"c": 2e-12})
    assert neuron.capacitance == 2e-12
    assert drive.v / neuron.r_series == pytest.approx(1e-3)


def test_thresholds_are_those_of_the_closed_form():
    record = Record("t", "threshold", "fit", {}, (UP, DOWN), {"voltage": np.ones(2)}, {"voltage": np.ones(2)})
    t = thresholds(DEVICE)
    assert predicted(record, DEVICE, {})["voltage"] == pytest.approx([t.v_threshold, t.v_hold])
    assert np.isnan(predicted(record, replace(DEVICE, x=0.09), {})["voltage"]).all()


def other(kind, given, measured):
    rows = len(next(iter(given.values())))
    around = {"supply": 11.0, "r_series": 3e3, "capacitance": 1.8e-9, "rise": 0.0}
    circuit = {name: np.full(rows, value) for name, value in around.items()}
    columns = {name: np.array(values) for name, values in given.items()}
    return Record("other", kind, "fit", columns, (), {measured: np.ones(rows)}, {measured: np.ones(rows)}, circuit)


@pytest.mark.parametrize(
    ("record", "quantity"),
    [
        (other("waveform", {"time": [1e-6, 3e-6, 9e-6]}, "voltage"), "voltage"),
        (other("pulse", {"amplitude": [5.0, 14.0], "width": [20e-6, 20e-6]}, "fires"), "fires"),
    ],
    ids=["waveform", "pulse"],
)
def test_waveforms_and_pulses_are_predicted_and_confirmed(record, quantity):
    answer = Answers(record, predicted(record, DEVICE, {}))
    (found,) = confirmed([answer], DEVICE, {}, simulate_many)
    assert found.predicted[quantity] == pytest.approx(answer.predicted[quantity], rel=0.02, abs=0.01)
    if quantity == "fires":
        assert answer.predicted["fires"][1] == 1
        assert answer.predicted["fires"][0] < 0.5


def test_a_device_that_did_not_snap_comes_down_as_it_went_up():
    v = np.array([1.0, 2.0, 3.0])
    assert swept_down(DEVICE, v, v_top=3.0) == pytest.approx(swept_up(DEVICE, v), rel=1e-3)


def test_rows_of_a_sweep_kept_apart_know_where_it_turned():
    v = np.array([1.0, 3.0, 2.0, 1.0])
    whole = Record("I-V", "iv", "fit", {"voltage": v}, (UP, UP, DOWN, DOWN), {"current": v}, {"current": v})
    left, apart = parted(whole, np.array([False, False, True, False]))
    expected = predicted(whole, DEVICE, {})["current"]
    assert predicted(apart, DEVICE, {})["current"] == pytest.approx(expected[[2]], rel=1e-12)
    assert predicted(left, DEVICE, {})["current"] == pytest.approx(expected[[0, 1, 3]], rel=1e-12)


def test_a_record_at_another_temperature_is_of_the_device_there():
    cold = replace(oscillation([11.0]), t_ambient=290.0)
    expected = predicted(oscillation([11.0]), replace(DEVICE, t_ambient=290.0), {})
    assert predicted(cold, DEVICE, {})["frequency"] == pytest.approx(expected["frequency"])
    named = replace(cold, t_ambient="t_bath")
    assert predicted(named, DEVICE, {"t_bath": 290.0})["frequency"] == pytest.approx(expected["frequency"])
