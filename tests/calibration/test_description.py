from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from neurokit.calibration.description import read_description
from neurokit.calibration.model import Model
from neurokit.calibration.records import UP, through_loop
from neurokit.device import Vo2x
from neurokit.device.preset import write_device
from neurokit.errors import NeurokitError

EXAMPLES = Path(__file__).parents[2] / "examples" / "fit"
HEAD = '[device]\nr_metal = { low = 10, high = 1000 }\n[circuit]\nc = { low = "1p", high = "1n" }\n'
RECORD = '[[records]]\nkind = "oscillation"\nfile = "a.csv"\ncolumns = { current = "i", frequency = "f" }\n'
CIRCUIT = 'circuit = { capacitance = "c" }\n'
LOOP = HEAD + '[[records]]\nkind = "iv"\nfile = "a.csv"\n'
LOOP += 'columns = { branch = "b", voltage = "v", current = "i" }\n'


TWO_VARY = HEAD + RECORD.replace('frequency = "f"', 'frequency = "f", rise = "i"') + CIRCUIT
WAVE = HEAD + '[[records]]\nkind = "waveform"\nfile = "a.csv"\ncolumns = { time = "i", voltage = "f" }\n'
WAVE += 'circuit = { supply = 5, r_series = 1, capacitance = "c" }\n'


def written(tmp_path, text, table="i,f\n1e-3,1e6\n2e-3,-\n3e-3,2e6\n"):
    (tmp_path / "a.csv").write_text(table)
    (tmp_path / "gap.csv").write_text("b,v,i\nup,1,1e-3\nup,2,-\n")
    (tmp_path / "loop.csv").write_text("b,v,i\nup,1,1e-3\nup,2,2e-3\n")
    path = tmp_path / "d.toml"
    path.write_text(text)
    return path


def test_a_description_has_fixed_and_free_parameters_and_records(tmp_path):
    found = read_description(written(tmp_path, HEAD + RECORD + CIRCUIT))
    assert [free.name for free in found.free] == ["r_metal", "c"]
    assert [free.scale for free in found.free] == ["log", "log"]
    (record,) = found.records
    assert np.isnan(record.measured["frequency"][1])
    assert record.errors["frequency"][0] == pytest.approx(0.07e6)
    assert record.circuit["capacitance"] == "c"


def test_rows_assumed_between_lie_between_and_are_no_measurements(tmp_path):
    found = read_description(written(tmp_path, HEAD + RECORD + CIRCUIT + "assume_between = 1\n"))
    measured, assumed = found.records
    assert not measured.assumed
    assert assumed.assumed
    assert assumed.circuit["current"] == pytest.approx([2e-3])
    assert assumed.measured["frequency"] == pytest.approx([1.5e6])


def test_one_range_is_looked_for_up_to_the_next_quiet_row_and_beyond_the_last(tmp_path):
    table = "i,f\n1e-3,-\n2e-3,1e6\n3e-3,2e6\n"
    path = written(tmp_path, HEAD + RECORD + CIRCUIT + "assume_one_range = true\n", table)
    _, assumed = read_description(path).records
    assert assumed.assumed
    drive = assumed.circuit["current"]
    assert drive == pytest.approx([1.2e-3, 1.4e-3, 1.6e-3, 1.8e-3, 3.18e-3, 3.36e-3, 3.54e-3, 3.72e-3])


def test_an_error_of_the_voltage_counts_by_what_the_loop_changes_within_it(tmp_path):
    table = "b,v,i\nup,1,1e-3\nup,2,2e-3\nup,3,3e-3\ndown,3,9e-3\ndown,1,9e-3\n"
    text = LOOP + "errors = { current = 0.1, voltage = 0.5 }\n"
    (record,) = read_description(written(tmp_path, text, table)).records
    share = np.log([2**0.5, 3**0.5, 1.5**0.5, 1, 1]) / 2
    assert record.errors["current"] == pytest.approx(np.hypot(0.1, share) * record.measured["current"])


def test_rows_above_and_below_a_jump_are_as_uncertain_whatever_cells_are_missing():
    at, values = np.array([1.0, 1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 1.0, 1.0, 100.0, np.nan, 100.0])
    share = through_loop(at, 0.5, values, (UP,) * 6)
    assert share == pytest.approx([0, 0, np.log(10) / 2, np.log(10) / 2, 0, 0])


@pytest.mark.parametrize("use", ["fit", "check"])
def test_a_record_that_is_to_be_checked_is_not_fitted(tmp_path, use):
    text = HEAD + RECORD + CIRCUIT + RECORD + CIRCUIT + f'use = "{use}"\n'
    assert len(read_description(written(tmp_path, text)).fitted) == (2 if use == "fit" else 1)


@pytest.mark.parametrize(
    ("rows", "apart"), [("every 2", [2e-3]), ("1, 3", [1e-3, 3e-3]), (2, [2e-3]), ("2-3", [2e-3, 3e-3])]
)
def test_rows_that_are_kept_apart_are_a_record_of_their_own_which_is_not_fitted(tmp_path, rows, apart):
    path = written(tmp_path, HEAD + RECORD + CIRCUIT + f"check_rows = {rows!r}\n")
    fitted, checked = read_description(path).records
    assert checked.use == "check"
    assert checked.circuit["current"] == pytest.approx(apart)
    assert sorted([*fitted.circuit["current"], *apart]) == pytest.approx([1e-3, 2e-3, 3e-3])
    assert [checked.number(row) for row in range(len(apart))] == [round(1e3 * i) for i in apart]


def test_who_asks_for_other_rows_to_be_kept_apart_is_heard_before_the_file(tmp_path):
    path = written(tmp_path, HEAD + RECORD + 'name = "drive"\n' + CIRCUIT + 'check_rows = "1"\n')
    _, checked = read_description(path, {"drive": "3"}).records
    assert checked.circuit["current"] == pytest.approx([3e-3])
    with pytest.raises(NeurokitError, match="no record rive; there are drive"):
        read_description(path, {"rive": "3"})


def test_a_description_may_start_from_the_device_that_another_fit_left(tmp_path):
    film = replace(Vo2x().film, name="other", r_metal=123.0, sources=Vo2x().film.sources)
    write_device(Vo2x(film=film, t_ambient=280.0), tmp_path / "other.toml", {})
    text = (
        '[device]\nfilm = "other.toml"\ntau_up = { low = 1e-9, high = 1e-6 }\n' + HEAD.partition("high = 1000 }\n")[2]
    )
    found = read_description(written(tmp_path, text + RECORD + CIRCUIT))
    device = Model(found, found.fitted).device(np.full(2, 0.5))
    assert (device.film.r_metal, device.t_ambient) == (123.0, 280.0)
    assert device.film.tau_up == pytest.approx(10**-7.5)


def test_what_is_assumed_between_rows_does_not_hear_of_one_kept_apart(tmp_path):
    table = "i,f\n1e-3,1e6\n2e-3,9e6\n3e-3,2e6\n"
    text = HEAD + RECORD + CIRCUIT + 'check_rows = "2"\nassume_between = 1\n'
    assumed = next(record for record in read_description(written(tmp_path, text, table)).records if record.assumed)
    assert assumed.measured["frequency"] == pytest.approx([1.5e6])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[device]\nr_metall = 3\n", "r_metall is not known"),
        ('[device]\nfilm = "tin"\n', "film 'tin' is not known"),
        ("[device]\nr_metal = { low = 10 }\n", "has low and high"),
        ("[device]\nr_metal = { low = 100, high = 10 }\n", "must rise within"),
        ("[device]\nx = { low = 0, high = 0.5 }\n", r"must rise within \[0, 0.1\]"),
        (HEAD, "no record to fit"),
        (HEAD + 2 * (RECORD + 'name = "a"\n' + CIRCUIT), "records share the name a"),
        (HEAD + '[[records]]\nkind = "smell"\n', "kind 'smell' is none of"),
        (HEAD + RECORD, "give the capacitance"),
        (HEAD + RECORD + 'circuit = { capacitance = "1p", supply = 3 }\n', "current or supply, one of them"),
        (HEAD + RECORD + CIRCUIT + "errors = { frequency = 0 }\n", "must be above 0"),
        (
            HEAD + '[[records]]\nkind = "resistance"\nfile = "a.csv"\ncolumns = { temperature = "i" }\n',
            "columns must name",
        ),
        (HEAD + RECORD + CIRCUIT + 'check_rows = "4"\n', "'4' must be numbers"),
        (HEAD + RECORD + CIRCUIT + 'check_rows = "1, 2, 3"\n', "leave some"),
        (HEAD + RECORD + CIRCUIT + 'check_rows = "3-2"\n', "'3-2' must be numbers"),
        (HEAD + RECORD + CIRCUIT + 'check_rows = "last"\n', "'last' must be numbers"),
        (HEAD + RECORD + CIRCUIT + 'check_rows = "1-9999999999"\n', "must be numbers"),
        (HEAD + RECORD + CIRCUIT + 'check_rows = "every 0"\n', "'every 0' must be"),
        (HEAD + RECORD + CIRCUIT + 'use = "check"\ncheck_rows = "2"\n', "checked as a whole"),
        (HEAD + RECORD + CIRCUIT + "assume_one_range = 3\n", "must be true or false"),
        (HEAD + RECORD + CIRCUIT + 'assume_between = 1\ncheck_rows = "1"\n', "keep fewer apart"),
        (TWO_VARY + "assume_one_range = true\n", "alone differs from row to row"),
        (WAVE + 'check_rows = "2"\n', "fitted or checked as a whole"),
        (LOOP.replace("a.csv", "gap.csv") + 'check_rows = "2"\n', "hold no measured number"),
        ('[device]\nfilm = ["mbe"]\n', "is not known"),
        (LOOP.replace("a.csv", "loop.csv") + "errors = { voltage = 0 }\n", "error of voltage = 0.0 must be above 0"),
        ("[device", "cannot read the description"),
        (HEAD + "[records]\n", "double brackets"),
        ("records = [3]\n" + HEAD, "must be a table"),
        (HEAD + RECORD + CIRCUIT + "errors = 0.1\n", "must be a table"),
        (HEAD + RECORD + CIRCUIT + 'units = { curent = "uA" }\n', "curent is not known"),
        (HEAD + RECORD + CIRCUIT + 'units = { current = "mV" }\n', "no unit of it"),
        (HEAD + RECORD + CIRCUIT + "errors = { frequency = 20 }\n", "a share of each value"),
        ("[device]\nr_metal = { low = 10, high = 1000 }\n[circuit]\nwidth = 2\n", "choose another name"),
        (
            HEAD + '[[records]]\nkind = "iv"\nfile = "a.csv"\ncircuit = { r_series = 3 }\n',
            "r_series is not known",
        ),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(tmp_path, text, said):
    with pytest.raises(NeurokitError, match=said):
        read_description(written(tmp_path, text))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_can_be_read_and_name_their_source(path):
    found = read_description(path)
    assert found.source
    assert found.fitted


def test_pulses_are_read_from_a_file_with_their_circuit(tmp_path):
    text = (
        HEAD + '[[records]]\nkind = "pulse"\nfile = "a.csv"\ncolumns = { amplitude = "v", width = "w", fires = "y" }\n'
    )
    text += 'units = { width = "us" }\ncircuit = { r_series = "3k", capacitance = "c" }\n'
    (record,) = read_description(written(tmp_path, text, "v,w,y\n5,2,0\n9,2,1\n")).records
    assert record.measured["fires"] == pytest.approx([0, 1])
    assert record.given["width"] == pytest.approx([2e-6, 2e-6])


def test_what_was_set_must_be_known_in_every_row(tmp_path):
    path = written(tmp_path, HEAD + RECORD + CIRCUIT, "i,f\n1e-3,1e6\n-,2e6\n")
    with pytest.raises(NeurokitError, match="current is missing in row 2"):
        read_description(path)


def test_times_of_a_waveform_rise_from_the_beginning_of_the_drive(tmp_path):
    path = written(tmp_path, WAVE, "i,f\n0,1\n3,1\n1,1\n")
    with pytest.raises(NeurokitError, match="times must rise from 0"):
        read_description(path)
