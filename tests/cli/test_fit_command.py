import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from neurokit.cli import main
from neurokit.device.closed_form import resistance_loop
from neurokit.device.preset import read_device

TABLE = "branch,T_K,R_ohm\n" + "".join(
    f"{branch},{t},{r:.1f}\n"
    for branch, rs in (
        ("heating", (9e3, 7e3, 5e3, 4e3, 1e3, 420, 380, 372)),
        ("cooling", (9e3, 7e3, 4.4e3, 600, 400, 378, 372, 371)),
    )
    for t, r in zip((310, 320, 330, 336, 342, 346, 350, 356), rs, strict=True)
)
DESCRIPTION = """
title = "made up"
source = "a test"
[device]
r_metal = { low = 100, high = 1000 }
g_insulating = { low = 1e-5, high = 1e-3 }
t_transition = { low = 330, high = 345 }
w_pristine = { low = 1, high = 15 }
[[records]]
name = "R(T)"
kind = "resistance"
file = "loop.csv"
columns = { temperature = "T_K", resistance = "R_ohm", branch = "branch" }
errors = { resistance = 0.1 }
"""


@pytest.fixture
def description(tmp_path):
    (tmp_path / "loop.csv").write_text(TABLE)
    path = tmp_path / "My loop.toml"
    path.write_text(DESCRIPTION)
    return path


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in ("fit", *words)])


def test_a_fit_leaves_a_device_that_other_commands_take_and_a_page(description, tmp_path):
    out = tmp_path / "out"
    result = run(description, "--starts", "1", "--generations", "40", "--out", out)
    assert result.exit_code == 0, result.output
    device = read_device(out / "device.toml")
    assert device.film.name == "fit_my_loop"
    assert resistance_loop(device, [356.0]).heating[0] == pytest.approx(372, rel=0.1)
    shown = CliRunner().invoke(main, ["device", "rt", "--film", str(out / "device.toml"), "--json"])
    assert shown.exit_code == 0, shown.output
    assert "made up" in (out / "fit.html").read_text()
    assert {"parameters.csv", "residuals.csv", "fit.json"} <= {path.name for path in out.iterdir()}


def test_the_document_says_what_made_it_and_what_was_found(description, tmp_path):
    result = run(
        description, "--starts", "1", "--generations", "40", "--seed", "5", "--out", tmp_path / "out", "--json"
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["provenance"]["seed"] == found["seed"] == 5
    assert [parameter["name"] for parameter in found["parameters"]] == [
        "r_metal",
        "g_insulating",
        "t_transition",
        "w_pristine",
    ]
    assert found["verdict"]


def test_a_row_that_cannot_be_read_is_refused_by_its_line(description):
    table = Path(description.parent / "loop.csv")
    table.write_text(table.read_text().replace("420", "four"))
    result = run(description)
    assert result.exit_code == 2
    assert "line 7: 'four.0' is no number" in result.stderr or "is no number" in result.stderr


def test_additions_are_left_out_one_by_one_and_scored_on_rows_kept_apart(description, tmp_path):
    description.write_text(DESCRIPTION.replace("w_pristine", "beta_ratio = { low = 0.2, high = 5 }\nw_pristine"))
    out = tmp_path / "out"
    searching = ("--starts", "1", "--generations", "20", "--out", out)
    result = run(description, *searching, "--check", "R(T)=3, 12", "--ablate", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [ablation["without"] for ablation in found["ablations"]] == [[], ["beta_ratio"]]
    assert [score["use"] for score in found["scores"]] == ["fit", "check"]
    assert "without" in (out / "ablations.csv").read_text()
    assert "rows kept apart" in (out / "fit.html").read_text()
    kept = [line for line in (out / "residuals.csv").read_text().splitlines() if "kept apart" in line]
    assert [line.split(",")[-6] for line in kept] == ["3", "12"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [("R(T)", "names no record"), ("R(T)=99", "must be numbers"), ("RT=1", "no record RT; there are R(T)")],
)
def test_rows_to_check_that_are_not_there_are_refused(description, rows, said):
    result = run(description, "--check", rows)
    assert result.exit_code == 2
    assert said in result.stderr


def test_rows_of_a_record_are_named_once(description):
    result = run(description, "--check", "R(T)=1", "--check", "R(T)=2")
    assert result.exit_code == 2
    assert "R(T) more than once" in result.stderr


def test_strict_tells_by_the_exit_code_that_a_record_is_not_explained(description, tmp_path):
    description.write_text(DESCRIPTION.replace("errors = { resistance = 0.1 }", "errors = { resistance = 1e-4 }"))
    result = run(description, "--starts", "1", "--generations", "20", "--strict", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "not R(T): resistance" in result.stdout
