import csv
import json
import re

import pytest

from neurokit.device.vo2x import DEVICES, MEASURED_THRESHOLDS


@pytest.mark.parametrize("number", DEVICES)
def test_the_list_says_of_every_device_whether_its_threshold_is_measured(neurokit, number):
    row = json.loads(neurokit("device", "list", "--json").stdout)["devices"][number - 1]
    if number in MEASURED_THRESHOLDS:
        assert row["basis"] == "measured"
        assert row["v_threshold"] == pytest.approx(MEASURED_THRESHOLDS[number], rel=0.02)
    else:
        assert row["basis"] == "interpolated"
        assert "interpolated" in row["device"]


def test_a_device_that_deviates_is_no_longer_called_measured(neurokit):
    (row,) = json.loads(neurokit("device", "thresholds", "--t-ambient", "310", "--json").stdout)["thresholds"]
    assert (row["basis"], row["device"]) == ("computed", "Device 1, modified")
    assert row["v_threshold"] < 6.5


def test_another_seed_alone_does_not_make_another_device(neurokit):
    (row,) = json.loads(neurokit("device", "thresholds", "--seed", "5", "--json").stdout)["thresholds"]
    assert row["basis"] == "measured"


def test_show_names_a_source_for_every_parameter(neurokit):
    tables = json.loads(neurokit("device", "show", "--device", "1,3", "--json").stdout)["parameters"]
    assert len(tables) == 2
    assert all(row["source"] and row["meaning"] for rows in tables.values() for row in rows)


def test_several_x_are_several_rows(neurokit):
    ended = neurokit("device", "thresholds", "--x", "5m", "--x", "0.015", "--json")
    assert [row["x"] for row in json.loads(ended.stdout)["thresholds"]] == [0.005, 0.015]


def test_iv_as_csv_holds_both_branches_of_every_device(neurokit, tmp_path):
    ended = neurokit("device", "iv", "--device", "1-2", "--out", "iv.csv")
    assert (ended.exit_code, ended.stderr) == (0, "wrote iv.csv\n")
    rows = list(csv.DictReader((tmp_path / "iv.csv").read_text().splitlines()))
    assert {(row["device"], row["curve"]) for row in rows} == {
        (device, curve) for device in ("Device 1", "Device 2 (interpolated)") for curve in ("heating", "cooling")
    }
    assert max(float(row["v (V)"]) for row in rows if row["device"] == "Device 1") <= 1.25 * 6.6


def test_a_simulated_sweep_lies_on_the_closed_form(neurokit):
    ended = neurokit("device", "iv", "--device", "5", "--simulate", "--json", "--jobs", "1")
    assert ended.exit_code == 0
    document = json.loads(ended.stdout)
    heating, _, sweep = document["curves"]
    below = [(v, i) for v, i in zip(sweep["v"], sweep["i"], strict=True) if 1.0 < v < 1.2]
    nearest = [min(zip(heating["v"], heating["i"], strict=True), key=lambda p, v=v: abs(p[0] - v))[1] for v, _ in below]
    assert [i for _, i in below] == pytest.approx(nearest, rel=0.02)
    assert document["provenance"]["engine"] == "closed form and ngspice"
    assert "ngspice" in document["provenance"]["versions"]


def test_a_sweep_that_was_simulated_before_comes_from_the_cache(neurokit):
    words = ("device", "iv", "--device", "5", "--simulate", "--json")
    first, second = neurokit(*words), neurokit(*words)
    assert "from the cache" not in first.stderr
    assert second.stderr == "1 of 1 results from the cache\n"
    assert json.loads(second.stdout) == json.loads(first.stdout)


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_figures_are_written_by_suffix_with_their_provenance_inside(neurokit, tmp_path, suffix):
    assert neurokit("device", "rt", "--bar", "--out", f"rt.{suffix}").exit_code == 0
    data = (tmp_path / f"rt.{suffix}").read_bytes()
    assert data.startswith(b"\x89PNG" if suffix == "png" else b"<?xml")
    assert b"neurokit" in data
    assert b"closed form" in data


def test_a_bare_film_swings_over_three_decades(neurokit):
    (loop,) = json.loads(neurokit("device", "rt", "--bar", "--temperature", "300..380", "--json").stdout)["loops"]
    assert loop["heating"][0] == pytest.approx(1e4, rel=0.01)
    assert loop["heating"][-1] == pytest.approx(10, rel=0.01)


def test_a_minor_loop_stays_inside_the_major_loop(neurokit):
    major, minor = json.loads(neurokit("device", "rt", "--minor", "334..339", "--json").stdout)["loops"]
    assert min(major["cooling"]) < min(minor["resistance"])
    assert max(minor["temperature"]) == 339


@pytest.mark.parametrize(
    ("language", "beginning"), [("spice", r"\* vo2x\.lib"), ("verilog-a", r"//"), ("python", '"""The device equations')]
)
def test_export_prints_the_device_in_every_language(neurokit, language, beginning):
    ended = neurokit("device", "export", "--format", language)
    assert ended.exit_code == 0
    assert re.match(beginning, ended.stdout)
