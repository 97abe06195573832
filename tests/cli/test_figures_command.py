"""`neurokit figures`: figures, page and exit codes."""

import json
import os
from pathlib import Path

import pytest

from neurokit.device.vo2x import MEASURED_THRESHOLDS
from neurokit.report.panels import PANELS

NGSPICE_THAT_FAILS = """#!/bin/sh
[ "$1" = --version ] && echo "** ngspice-39 : fails" && exit
echo "doAnalyses: TRAN:  Timestep too small; time = 1e-6" >&2
exit 1
"""


@pytest.fixture
def failing_ngspice(tmp_path, monkeypatch):
    (tmp_path / "ngspice").write_text(NGSPICE_THAT_FAILS)
    (tmp_path / "ngspice").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_panels_are_drawn_and_shown_on_a_page_with_what_was_found(neurokit):
    ended = neurokit("figures", "3b", "2K", "--out", "figures", "--json", "--quiet")
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    assert [(row["panel"], row["verdict"]) for row in document["panels"]] == [("2K", "holds"), ("3B", "holds")]
    assert all(Path(row["file"]).stat().st_size > 10_000 for row in document["panels"])
    assert len(document["panels"][0]["provenance"]["netlist_sha256"][0]) == 64
    page = Path(document["page"]).read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 2
    assert "spikes in 100 µs" in page


def test_processes_of_a_film_are_panels_whatever_the_case_of_their_names(neurokit):
    ended = neurokit("figures", "1g", "Wafer", "--out", "figures", "--json", "--quiet")
    assert ended.exit_code == 1, ended.output  # 1G asks for a shift below 2 K by either reading
    transition, wafer = json.loads(ended.stdout)["panels"]
    assert (transition["panel"], transition["verdict"]) == ("1G", "does not hold")
    assert [check["met"] for check in transition["checks"]] == [True, False]
    assert (wafer["panel"], wafer["verdict"]) == ("wafer", "holds")
    assert Path(wafer["file"]).name == "wafer.png"
    assert "NOT met" in Path("figures/index.html").read_text(encoding="utf-8")


def test_the_same_panels_are_the_same_bytes_the_second_time(neurokit):
    for folder in ("first", "second"):
        assert neurokit("figures", "3B", "--out", folder, "--format", "svg", "--quiet").exit_code == 0
    for name in ("3B.svg", "index.html"):
        assert Path("first", name).read_bytes() == Path("second", name).read_bytes()


def test_a_statement_that_does_not_hold_is_exit_code_1(neurokit, monkeypatch):
    monkeypatch.setitem(MEASURED_THRESHOLDS, 1, 9.0)
    ended = neurokit("figures", "2G", "--json", "--quiet")
    assert ended.exit_code == 1
    assert json.loads(ended.stdout)["panels"][0]["verdict"] == "does not hold"


def test_a_failed_simulation_is_exit_code_4_and_its_panel_says_why(neurokit, failing_ngspice):
    Path("figures").mkdir()
    Path("figures/3B.png").write_bytes(b"of an earlier run")
    ended = neurokit("figures", "3B", "--out", "figures", "--json", "--quiet")
    assert ended.exit_code == 4, ended.output
    (row,) = json.loads(ended.stdout)["panels"]
    assert (row["verdict"], row["file"]) == ("failed", None)
    assert "timestep too small" in row["finding"]
    assert "timestep too small" in Path("figures/index.html").read_text(encoding="utf-8")
    assert not Path("figures/3B.png").exists()


def test_a_panel_that_is_not_there_is_refused_with_those_that_are(neurokit):
    ended = neurokit("figures", "7X")
    assert ended.exit_code == 2
    assert "7X" in ended.output
    assert all(name in ended.output for name in PANELS)


def test_the_list_shows_statements_and_simulates_nothing(neurokit, failing_ngspice):
    ended = neurokit("figures", "--list", "--json")
    assert ended.exit_code == 0
    assert {row["panel"]: row["statement"] for row in json.loads(ended.stdout)["panels"]} == {
        name: panel.statement for name, panel in PANELS.items()
    }
    assert "2G" in neurokit("figures", "--list").stdout
    assert not Path("out").exists()
