from dataclasses import replace

import numpy as np
import pytest

from neurokit.calibration.records import DOWN, UP, Record, oscillates
from neurokit.calibration.residuals import HOLE, LARGEST, WRONG, residuals
from neurokit.calibration.result import Answers
from neurokit.calibration.scores import scores_of


def make_record(kind, measured, error):
    columns = {name: np.array(values, dtype=float) for name, values in measured.items()}
    return Record("a", kind, "fit", {}, (), columns, {name: np.full(len(v), error) for name, v in columns.items()})


def test_an_iv_may_begin_at_0_volts_and_lack_cells():
    record = make_record("iv", {"current": [0.0, 2e-9, np.nan, 1e-3]}, 1e-5)
    assert residuals(record, {"current": np.array([0.0, 0.0, 5.0, 1e-3])}) == pytest.approx([0, 0, 0, 0])


def test_a_current_of_the_other_sign_is_far_off():
    record = make_record("iv", {"current": [1e-3]}, 1e-5)
    assert residuals(record, {"current": np.array([-1e-3])}) == pytest.approx([LARGEST])


def test_frequency_0_is_no_oscillation():
    assert list(oscillates(np.array([0.0, np.nan, 1e6]))) == [False, False, True]
    record = make_record("oscillation", {"frequency": [0.0, 1e6]}, 1e4)
    assert residuals(record, {"frequency": np.array([np.nan, 1e6])}) == pytest.approx([0, 0])
    assert residuals(record, {"frequency": np.array([1e6, np.nan])}) == pytest.approx([WRONG, WRONG])


def test_far_away_residuals_still_grow():
    record = make_record("threshold", {"voltage": [1.0]}, 1e-3)
    near, far = (residuals(record, {"voltage": np.array([v])})[0] for v in (2.0, 3.0))
    assert LARGEST < near < far < 1e3


def test_pulses_of_which_a_row_is_wrong_are_not_explained():
    record = make_record("pulse", {"fires": [1.0, 0.0]}, 0.25)
    right, wrong = (scores_of(Answers(record, {"fires": np.array(found)}))[0] for found in ([1.0, 0.6], [0.6, 0.2]))
    assert right.words == ""
    assert not wrong.explained
    assert wrong.words == "row 1 should fire"


def test_a_device_without_a_threshold_does_not_explain_one():
    record = make_record("threshold", {"voltage": [6.5]}, 0.1)
    (score,) = scores_of(Answers(record, {"voltage": np.array([np.nan])}))
    assert not score.explained


@pytest.mark.parametrize(
    ("frequency", "holes"),
    [
        ([0, 0, 1, 1, 1, 0], 0),
        ([0, 0, 0, 0, 0, 0], 0),
        ([1, 1, 1, 1, 1, 1], 0),
        ([1, 0, 1, 1, 0, 0], 1),
        ([1, 0, 0, 0, 0, 1], 4),
    ],
)
def test_quiet_rows_within_what_is_assumed_to_be_one_range_count(frequency, holes):
    record = replace(make_record("range", {"frequency": [np.nan] * 6}, 1.0), branch=(DOWN,) * 3 + (UP,) * 3)
    assert residuals(record, {"frequency": np.array(frequency, dtype=float)}) == pytest.approx([HOLE * np.sqrt(holes)])
