"""What a fit finds of devices that are known."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from made_up import RANGES, TRUTH, described, iv_record, rt_record, true_device

from neurokit.calibration.description import Free
from neurokit.calibration.fit import end_of, fit, with_lines
from neurokit.calibration.intervals import profiled
from neurokit.calibration.model import Model, share_of, value_at
from neurokit.calibration.predict import predicted
from neurokit.calibration.records import Record
from neurokit.calibration.search import Effort, polished, search
from neurokit.simulation import simulate_many

DRAWS = 100
NOISE = 0.03


def truth_of(model):
    return np.array([share_of(free, TRUTH[free.name]) for free in model.description.free])


@pytest.mark.parametrize("name", RANGES)
def test_a_share_of_a_range_is_a_value_and_back(name):
    free = Free(name, *RANGES[name])
    assert share_of(free, value_at(free, 0.3)) == pytest.approx(0.3)


def test_the_search_finds_the_device_that_was_measured():
    description = described([rt_record(0.01, 1), iv_record(0.01, 2)])
    with ThreadPoolExecutor(1) as executor:
        found = fit(description, Effort(starts=1, generations=60), executor, simulate_many, lambda _: None)
    for interval in found.intervals:
        assert interval.value == pytest.approx(TRUTH[interval.name], rel=0.05)
        assert interval.determined
    assert found.holds
    assert found.verdict[0] == "Explained of what was fitted: 2 of 2."


def test_a_parameter_that_the_data_do_not_feel_is_called_not_determined():
    records = [rt_record(NOISE, 1)]
    names = [name for name in TRUTH if name != "s_thermal"]
    model = Model(described(records, names, [Free("tau_up", 1e-9, 1e-6, "log")]), tuple(records))
    point = np.append([share_of(free, TRUTH[free.name]) for free in model.description.free[:-1]], 0.5)
    found = profiled(model, polished(model, point))
    assert [interval.name for interval in found.intervals if not interval.determined] == ["tau_up"]
    assert (found.intervals[-1].low, found.intervals[-1].high) == pytest.approx((1e-9, 1e-6))


def test_an_interval_reaches_out_to_another_valley_that_is_as_deep():
    records = (rt_record(NOISE, 1),)
    model = Model(described(records, [name for name in TRUTH if name != "s_thermal"]), records)
    best = polished(model, truth_of(model))
    away = best.point.copy()
    away[0] = 0.9
    rival = replace(best, point=away, cost=best.cost + 1.0)
    high = replace(rival, cost=best.cost + 100.0)
    assert profiled(model, best, [rival]).intervals[0].high == pytest.approx(value_at(model.description.free[0], 0.9))
    assert profiled(model, best, [high]).intervals[0].high < value_at(model.description.free[0], 0.9)


def test_a_check_record_is_scored_and_never_fitted():
    apart = replace(iv_record(NOISE, 2), use="check", measured={"current": 3 * iv_record(NOISE, 2).measured["current"]})
    description = described([rt_record(NOISE, 1), apart], [name for name in TRUTH if name != "s_thermal"])
    with ThreadPoolExecutor(1) as executor:
        found = fit(description, Effort(starts=1, generations=30), executor, simulate_many, lambda _: None)
    assert {score.use: score.explained for score in found.scores} == {"fit": True, "check": False}
    assert any("checked and never fitted" in sentence for sentence in found.verdict)


def test_what_is_assumed_or_missing_is_no_number_to_explain():
    record = rt_record(NOISE, 1)
    measured = {"resistance": np.where(np.arange(len(record)) < 5, np.nan, record.measured["resistance"])}
    assumed = replace(record, name="assumed", assumed=True)
    records = (replace(record, measured=measured), assumed)
    model = Model(described(records), records)
    assert model.known == len(record) - 5
    assert len(model.residuals(truth_of(model))) == 2 * len(record)


def test_other_ends_are_run_in_ngspice_and_those_not_ruled_out_lend_their_lines():
    v_in = np.array([8.0, 10.0, 12.0])
    circuit = {"supply": v_in, "r_series": np.full(3, 3e3), "capacitance": np.full(3, 1.8e-9), "rise": np.zeros(3)}
    blank = Record("drive", "oscillation", "fit", {}, (), {"frequency": v_in}, {"frequency": v_in}, circuit)
    frequency = predicted(blank, true_device(), {})["frequency"]
    record = replace(blank, measured={"frequency": frequency}, errors={"frequency": 0.05 * frequency})
    model = Model(described([record], ["r_metal"]), (record,))
    point = truth_of(model)
    best, near, far = (end_of(model, point, cost, 10.0, simulate_many) for cost in (1.0, 5.0, 50.0))
    assert [end.allowed for end in (best, near, far)] == [True, True, False]
    assert [len(end.answers[0].lines) for end in (best, near, far)] == [1, 1, 0]
    assert len(with_lines(best, [near, far]).answers[0].lines) == 2
    assert "ngspice against what was fitted, drive: frequency" in far.agreement
    assert far.confirmed[0].predicted["frequency"] == pytest.approx(frequency, rel=0.02, nan_ok=True)


@pytest.mark.slow
def test_parameters_lie_within_their_intervals_in_95_of_100_draws():
    names = [name for name in TRUTH if name != "s_thermal"]
    covered = dict.fromkeys(names, 0)
    for draw in range(DRAWS):
        records = (rt_record(NOISE, draw),)
        model = Model(described(records, names), records)
        found = profiled(model, polished(model, truth_of(model)))
        for interval in found.intervals:
            covered[interval.name] += interval.low <= TRUTH[interval.name] <= interval.high
    # 95 % intervals: of 600 in all 570 are expected, with a standard deviation of some 5 of independent ones.
    assert sum(covered.values()) >= 0.95 * DRAWS * len(names) - 3 * 5, covered
    assert min(covered.values()) >= 88, covered


def test_the_same_seed_ends_in_the_same_device_and_leaves_the_global_generator_alone():
    description = described([rt_record(NOISE, 1)], [name for name in TRUTH if name != "s_thermal"])
    ends = []
    for global_seed in (1, 2):
        np.random.seed(global_seed)
        before = np.random.get_state()[1].copy()
        with ThreadPoolExecutor(1) as executor:
            ends.append(search(description, Effort(starts=2, generations=5, seed=3), executor, lambda _: None))
        assert (np.random.get_state()[1] == before).all()
    for one, other in zip(*ends, strict=True):
        assert one.point.tolist() == other.point.tolist()
