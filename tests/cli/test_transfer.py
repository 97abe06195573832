"""`neurokit transfer`: what it prints, writes and ends with."""

import json

import pytest

from neurokit.simulation import Cache, Cause
from neurokit.simulation.causes import failed
from neurokit.spikes.transfer_file import read_curve


def test_one_device_is_one_line_with_its_boundaries_and_ranges(neurokit):
    ended = neurokit("transfer", "--device", "3", "--r-series", "3k", "--c", "1.8n", "--engine", "twin")
    assert ended.exit_code == 0, ended.output
    assert "Device 3 (interpolated)" in ended.stdout
    assert "8.624" in ended.stdout


def test_a_curve_by_ngspice_is_written_and_read_back_with_what_made_it(neurokit, tmp_path):
    ended = neurokit("transfer", "--device", "4", "--points", "5", "--v-in", "9..13", "--csv", "four.csv", "--json")
    assert ended.exit_code == 0, ended.output
    assert ended.stderr == "wrote four.csv\n"
    curve = read_curve(tmp_path / "four.csv")
    assert curve.provenance["versions"]["ngspice"]
    assert curve.provenance["simulations"] >= 5
    (record,) = json.loads(ended.stdout)["curves"]
    assert [point["frequency"] for point in record["points"]] == list(curve.rates)
    assert [point["regime"] for point in record["points"]] == ["un-firing"] * 2 + ["oscillating"] * 2 + ["firing"]


def test_several_devices_are_drawn_in_one_figure_and_compared(neurokit, tmp_path):
    ended = neurokit("transfer", "--devices", "1-5", "--matched", "--engine", "twin", "--out", "k.png", "--curves", "c")
    assert ended.exit_code == 0, ended.output
    assert (tmp_path / "k.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in (tmp_path / "c").iterdir()) == [f"device{n}.csv" for n in range(1, 6)]
    assert "at the same frequency" in ended.stdout


def test_json_holds_boundaries_comparison_and_provenance(neurokit):
    ended = neurokit("transfer", "--devices", "1-2", "--engine", "twin", "--json", "--quiet")
    assert (ended.exit_code, ended.stderr) == (0, "")
    document = json.loads(ended.stdout)
    assert {"neurokit", "engine", "versions", "parameters", "netlist_sha256"} <= set(document["provenance"])
    first, second = document["curves"]
    assert [boundary["above"] for boundary in first["boundaries"]] == ["oscillating", "firing"]
    assert first["points"][-1]["power"] is None
    (compared,) = document["same_frequency"]
    assert (compared["device"], compared["other"]) == (second["device"], first["device"])
    assert compared["voltage_ratio"] < 1


def test_a_device_that_does_not_oscillate_is_no_failure(neurokit):
    ended = neurokit("transfer", "--device", "5", "--engine", "twin")
    assert ended.exit_code == 0
    assert "does not oscillate" in ended.stderr
    assert "never" in ended.stdout


@pytest.mark.parametrize(("cause", "code"), [(Cause.TIME_LIMIT, 4), (Cause.NO_SIMULATOR, 3)])
def test_failed_simulations_are_told_and_are_the_exit_code(neurokit, monkeypatch, cause, code):
    monkeypatch.setattr(Cache, "simulate", lambda self, netlist, by, *rest: failed(netlist, by, cause, "no luck"))
    ended = neurokit("transfer", "--device", "4", "--points", "2")
    assert ended.exit_code == code
    assert f"{cause.value}: no luck" in ended.stderr
    assert "unknown" in ended.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--devices", "1-2", "--csv", "one.csv"), "--curves DIR"),
        (("--r-series", "3K"), "k for kilo"),
        (("--r-series", "-3"), "r_series = -3"),
        (("--points", "1"), "1 is not in the range"),
        (("--budget", "5"), "5 simulations is too small"),
        (("--tolerance", "0"), "tolerance = 0"),
        (("--v-in", "9..8"), "must be below"),
        (("--x", "0.09", "--engine", "twin"), "--v-in"),
        (("--devices", "1,2", "--x", "0.01"), "two ways"),
    ],
    ids=str,
)
def test_a_wrong_value_is_a_usage_error_that_names_it(neurokit, words, message):
    refused = neurokit("transfer", *words)
    assert refused.exit_code == 2
    assert message in " ".join(refused.stderr.split())
