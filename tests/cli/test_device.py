import csv
import json
import re
from dataclasses import replace

import pytest

from neurokit.device.closed_form import thresholds
from neurokit.device.preset import write_device
from neurokit.device.vo2x import DEVICES, MEASURED_THRESHOLDS, Vo2x, parameters


@pytest.fixture
def ours(tmp_path):
    """A device in ours.toml, and the same without thresholds, as its heat loss grows too much, in flat.toml."""
    sources = Vo2x().film.sources | {"s_growth": "fitted"}
    film = replace(Vo2x().film, name="ours", description="measured here", r_metal=123.4, s_growth=2.0, sources=sources)
    device = Vo2x(film=film, x=0.004, t_ambient=310.0, width=1.5)
    write_device(device, tmp_path / "ours.toml", {})
    write_device(replace(device, film=replace(film, name="flat", s_growth=60.0)), tmp_path / "flat.toml", {})
    return device


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


def test_a_film_from_a_file_is_the_device_in_it(neurokit, ours):
    (row,) = json.loads(neurokit("device", "thresholds", "--film", "ours.toml", "--json").stdout)["thresholds"]
    assert (row["device"], row["basis"], row["x"]) == ("ours", "computed", 0.004)
    assert row["v_threshold"] == thresholds(ours).v_threshold


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ((), {}),
        (("--x", "0"), {"x": 0.0}),
        (("--t-ambient", "300", "--width", "1"), {"t_ambient": 300.0, "width": 1.0}),
        (("--x", "0.01", "--seed", "1", "--noise", "0.01"), {"x": 0.01, "noise": 0.01}),
    ],
)
def test_options_that_are_given_replace_what_the_file_says_and_others_do_not(neurokit, ours, words, changes):
    ended = neurokit("device", "show", "--film", "ours.toml", *words, "--json")
    (rows,) = json.loads(ended.stdout)["parameters"].values()
    assert {row["name"]: row["value"] for row in rows} == parameters(replace(ours, **changes))


def test_several_x_in_a_file_of_ones_own_are_several_devices_of_its_film(neurokit, ours):
    ended = neurokit("device", "thresholds", "--film", "ours.toml", "--x", "0", "--x", "0.01", "--json")
    assert [row["device"] for row in json.loads(ended.stdout)["thresholds"]] == ["ours, x = 0", "ours, x = 0.01"]


def test_a_device_from_a_file_has_curves_loops_sweeps_and_transfer_curves(neurokit, ours, tmp_path):
    assert neurokit("device", "iv", "--film", "ours.toml", "--out", "iv.csv").exit_code == 0
    assert neurokit("device", "rt", "--film", "ours.toml", "--out", "rt.csv").exit_code == 0
    circuit = ("--film", "ours.toml", "--engine", "twin", "--jobs", "1")
    assert neurokit("transfer", *circuit, "--points", "3", "--csv", "curve.csv").exit_code == 0
    assert neurokit("sweep", *circuit, "--grid", "3x3", "--out", "swept").exit_code == 0
    assert (tmp_path / "swept" / "points.parquet").exists()


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        (("device", "show", "--film", "ours"), ("'ours' is not one of mbe, pld-tio2, nor a file", ".toml")),
        (("device", "show", "--film", "none.toml"), ("--film", "cannot read none.toml")),
        (("device", "show", "--film", "bad.toml"), ("bad.toml is not TOML",)),
        (("device", "show", "--film", "ours.toml", "--device", "2"), ("give no --device with a file",)),
        (("device", "export", "--format", "verilog-a", "--film", "ours.toml"), ("for --format spice alone",)),
        (("device", "export", "--format", "spice", "--film", "mbe"), ("takes a FILE.toml",)),
        (("film", "rt", "--film", "ours.toml", "--rows", "2"), ("vo2x_cell has none of the additions", "'ours'")),
        (("device", "thresholds", "--film", "flat.toml"), ("(film 'flat')", "voltage nowhere falls", "s_growth")),
        (("sweep", "--film", "flat.toml"), ("no triple point to centre a diagram on", "--axis r_series=LOW..HIGH")),
        (("transfer", "--film", "flat.toml"), ("no thresholds to look around", "--v-in")),
        (("design", "--frequency", "1k", "--film", "flat.toml"), ("film 'flat'", "none oscillates")),
    ],
    ids=lambda words: " ".join(words),
)
def test_what_cannot_be_done_with_a_file_is_said(neurokit, ours, tmp_path, words, messages):
    (tmp_path / "bad.toml").write_text("no TOML")
    refused = neurokit(*words)
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
    told = " ".join(refused.stderr.split())
    for message in messages:
        assert message in told


def test_a_device_without_thresholds_is_left_out_of_the_table_and_that_is_said(neurokit, ours):
    ended = neurokit("device", "thresholds", "--film", "ours.toml", "--x", "0.004", "--x", "0.09", "--json")
    assert [row["x"] for row in json.loads(ended.stdout)["thresholds"]] == [0.004]
    assert ended.stderr.startswith("ours, x = 0.09: x = 0.09 at 310 K does not snap on and off")


def test_a_device_without_thresholds_has_its_curve_drawn_and_that_is_said(neurokit, ours):
    ended = neurokit("device", "iv", "--film", "flat.toml", "--json")
    assert ended.exit_code == 0
    assert max(json.loads(ended.stdout)["curves"][0]["v"]) == pytest.approx(5, rel=0.01)
    assert "does not snap on and off" in ended.stderr
    assert "drawn to 5 V; --v-max" in ended.stderr


def test_the_library_with_a_device_from_a_file_runs_in_a_netlist(neurokit, ours, tmp_path):
    assert neurokit("device", "export", "--format", "spice", "--film", "ours.toml", "--out", "ours.lib").exit_code == 0
    lines = ["one device", ".include ours.lib", "V1 a 0 1", "X1 a 0 vo2x_ours", ".op", ".end"]
    (tmp_path / "one.cir").write_text("\n".join(lines) + "\n")
    ended = neurokit("run", "one.cir")
    assert (ended.exit_code, "warning" in ended.stderr) == (0, False)
