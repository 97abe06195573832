"""`neurokit design`: what it prints, draws and ends with."""

import json

import click
import pytest
from click.testing import CliRunner

from neurokit.cli.design import design
from neurokit.cli.group import NeurokitGroup

FEASIBLE = ("--frequency", "200k", "--v-in", "12", "--device-energy", "30n", "--threshold", "4", "--c-max", "2n")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command in an empty folder, with a cache of its own; without ngspice unless asked for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEUROKIT_CACHE", str(tmp_path / "cache"))
    group = NeurokitGroup("neurokit", commands={"design": design})
    return lambda *words: CliRunner().invoke(group, ["design", *words])


def test_wishes_that_are_met_end_well_and_are_tables(run):
    ended = run(*FEASIBLE, "--engine", "twin")
    assert ended.exit_code == 0, ended.output
    assert "met: " in ended.stdout
    assert "v_threshold" in ended.stdout
    assert "all wishes are met within 2 %" in ended.stderr
    assert "position on the line" in ended.stdout
    assert "vacuum anneal, 30 min" in ended.stdout


def test_wishes_that_cannot_be_met_end_in_code_1_and_name_the_nearest(run, tmp_path):
    ended = run("--frequency", "200k", "--v-in", "12", "--energy", "20n", "--threshold", "4", "--c-max", "1n",
                "--engine", "twin", "--runs", "30", "--seed", "1", "--json", "--out", "design.png")  # fmt: skip
    assert ended.exit_code == 1, ended.output
    document = json.loads(ended.stdout)
    assert document["verdict"] == "infeasible"
    (missed,) = [item for item in document["reached"] if not item["met"]]
    assert missed["name"] == "energy"
    assert missed["nearest"] > 50e-9
    assert document["runs"] <= 30
    position, *_ = document["ways"]
    assert -0.0225 < position["value"] < 0.025
    assert position["error"] > 0
    assert (tmp_path / "design.png").read_bytes().startswith(b"\x89PNG")


def test_a_range_of_frequencies_is_one_over_the_drive(run):
    ended = run("--frequency", "80k..150k", "--v-in", "9..12", "--engine", "twin", "--json")
    assert ended.exit_code == 0, ended.output
    wished = {item["name"]: item["wished"] for item in json.loads(ended.stdout)["reached"]}
    assert wished == {"frequency": 150e3, "frequency_low": 80e3, "v_in": 12.0, "v_low": 9.0}


def test_ngspice_answers_unless_told_otherwise(run):
    ended = run(*FEASIBLE, "--jobs", "1", "--json", "--quiet")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["provenance"]["engine"] == "ngspice"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "nothing is wished"),
        (("--frequency", "200K"), "k for kilo"),
        (("--frequency", "200k..100k"), "must be below"),
        (("--v-in", "9..12"), "says nothing without frequency_low"),
        (("--frequency", "1k", "--c-min", "1u"), "c_limits = 1e-06 to 1e-07"),
        (("--energy", "-1n"), "energy = -1e-09 J"),
    ],
    ids=str,
)
def test_a_wrong_wish_is_a_usage_error_that_names_it(run, words, message):
    refused = run(*words)
    assert refused.exit_code == 2
    assert message in " ".join(refused.stderr.split())
    assert isinstance(design, click.Command)
