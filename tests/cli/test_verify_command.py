"""`neurokit verify`: what it prints, writes and refuses."""

import json

import pytest

QUICK = ("--dataset", "digits", "--digits", "1", "--twin", "3", "--devices", "0")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """784-4-10 whose window is short, so that a digit takes seconds; half trained, but that is not what is verified."""
    from click.testing import CliRunner

    from neurokit.cli import main

    folder = tmp_path_factory.mktemp("verify") / "trained"
    words = (
        "--dataset digits --hidden 4 --epochs 1 --r-series 6k --capacitance 0.2n --v-rail 20.9 --window 15u --tau 1u"
    )
    ended = CliRunner().invoke(main, ["train", *words.split(), "--no-figures", "--out", str(folder)])
    assert ended.exit_code == 0, ended.output
    return folder


def test_the_report_the_page_and_the_parts_are_written(neurokit, tmp_path, trained):
    ended = neurokit("verify", trained, *QUICK, "--out", "v", "--json")
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    assert document["summary"]["digits"] == 1
    assert document["twin"]["digits"] == 3
    assert document["provenance"]["seed"] == 1
    written = {path.name for path in (tmp_path / "v").iterdir()}
    assert written >= {
        "report.html",
        "report.json",
        "bill_of_materials.csv",
        "rasters.png",
        "rates.png",
        "points.jsonl",
    }
    kept = json.loads((tmp_path / "v" / "report.json").read_text())
    assert kept == {name: value for name, value in document.items() if name != "files"}
    page = (tmp_path / "v" / "report.html").read_text()
    assert page.count("<img") == page.count('src="data:image/png') == 4


def test_a_check_that_does_not_hold_is_seen_and_counts_where_asked(neurokit, trained, monkeypatch):
    monkeypatch.setattr("neurokit.verification.checks.MOST_RATE_ERROR", 0.0)
    loose = neurokit("verify", trained, *QUICK, "--out", "v")
    assert loose.exit_code == 0
    assert "NO" in loose.stdout
    assert loose.stdout.rstrip().endswith("v/report.html")
    assert neurokit("verify", trained, *QUICK, "--out", "v", "--strict").exit_code == 1


def test_results_that_are_spoilt_or_of_something_else_are_refused(neurokit, tmp_path, trained):
    ended = neurokit("verify", tmp_path)
    assert ended.exit_code == 2
    assert "result.json cannot be read" in ended.stderr
    spoilt = tmp_path / "spoilt"
    spoilt.mkdir()
    for path in trained.glob("*.*"):
        (spoilt / path.name).write_bytes(path.read_bytes())
    weights = spoilt / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x00")
    ended = neurokit("verify", spoilt, *QUICK)
    assert ended.exit_code == 2
    assert "weights.safetensors has SHA-256" in ended.stderr


def test_a_bin_wider_than_a_pulse_is_refused(neurokit, trained):
    ended = neurokit("verify", trained, *QUICK, "--bin", "1u")
    assert ended.exit_code == 2
    assert "bin = 1e-06 s must lie between" in ended.stderr
