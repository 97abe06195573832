"""Where a device oscillates, told over the range of its drive."""

import numpy as np
from made_up import rt_record

from neurokit.calibration.lines import range_sentences, ranges, ranges_text
from neurokit.calibration.predict import predicted
from neurokit.calibration.records import Record, over_drive
from neurokit.calibration.result import Answers
from neurokit.device import DEVICES


def oscillation(drive, frequency=None):
    rows = len(drive)
    circuit = {"supply": np.array(drive, dtype=float), "r_series": np.full(rows, 3e3), "rise": np.zeros(rows)}
    circuit["capacitance"] = np.full(rows, 1.8e-9)
    found = {"frequency": np.array(frequency or [np.nan] * rows, dtype=float)}
    return Record("drive", "oscillation", "fit", {}, (), found, found, circuit)


def line(frequency):
    record = oscillation(range(1, len(frequency) + 1), frequency)
    return Answers(record, record.measured)


def test_stretches_of_oscillation_are_told_from_first_to_last_drive():
    alive = line([np.nan, 1e3, 2e3, np.nan, 3e3, np.nan])
    assert ranges(alive) == [(2.0, 3.0), (5.0, 5.0)]
    assert ranges_text(alive) == "2 V to 3 V and 5 V to 5 V"


def test_a_stretch_that_reaches_the_end_of_what_was_looked_at_goes_beyond():
    assert ranges_text(line([1e3, 1e3, np.nan, 1e3])) == "below 1 V to 2 V and 4 V to beyond 4 V"
    assert ranges_text(line([np.nan, np.nan])) == "nowhere"


def test_other_ends_of_the_search_are_told_beside_the_device():
    own, other = line([np.nan, 1e3, 1e3]), line([1e3, 1e3, np.nan])
    (sentence,) = range_sentences([Answers(own.record, own.predicted, (own, other))])
    assert sentence == (
        "drive: the device oscillates from 2 V to beyond 3 V; other ends of the search that are not ruled out, from "
        "below 1 V to 2 V."
    )
    assert range_sentences([own]) == []


def test_a_device_asked_over_its_drive_begins_and_ends_where_single_runs_say_so():
    device = DEVICES[1]
    asked = over_drive(oscillation([6.0, 12.0]))
    found = predicted(asked, device, {})
    ((low, high),) = ranges(Answers(asked, found))
    step = np.diff(asked.circuit["supply"])[0]
    alone = predicted(oscillation([low - step, low, high, high + step]), device, {})["frequency"]
    assert np.isfinite(alone).tolist() == [False, True, True, False]


def test_only_an_oscillation_of_which_one_drive_varies_can_be_asked_over_it():
    both = oscillation([6.0, 12.0])
    both.circuit["r_series"][1] = 4e3
    assert over_drive(both) is None
    assert over_drive(oscillation([6.0, 6.0])) is None
    assert over_drive(rt_record(0.01, 1)) is None
