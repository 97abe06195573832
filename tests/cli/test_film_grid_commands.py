import json

import pytest
from click.testing import CliRunner

from neurokit.cli import main


def run(*words):
    return CliRunner().invoke(main, ["film", *words])


def test_a_filament_is_told_with_what_made_it_and_drawn(tmp_path):
    result = run(
        "filament",
        "--rows",
        "4",
        "--columns",
        "4",
        "--spread",
        "0.004",
        "--seed",
        "3",
        "--json",
        "--out",
        str(tmp_path),
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["filaments"][0]["v_highest"] == pytest.approx(found["film_of_one_x"]["v_threshold"], rel=0.1)
    assert found["provenance"]["seed"] == 3
    assert found["provenance"]["netlist_sha256"]
    assert {path.name for path in tmp_path.iterdir()} == {"filament.png", "filament.csv", "filament.cir"}


def test_below_the_threshold_the_command_says_that_none_forms():
    result = run("filament", "--rows", "2", "--columns", "2", "--volts", "2")
    assert result.exit_code == 0
    assert "no filament forms up to 2 V" in result.stderr


def test_an_ohmic_film_needs_the_supply_to_be_said():
    result = run("filament", "--x", "0.09", "--rows", "2", "--columns", "2")
    assert result.exit_code == 2
    assert "--volts" in result.stderr


def test_the_map_of_a_written_line_becomes_the_x_of_cells(tmp_path):
    assert run("tip", "--volts", "4", "--cells", "4", "--out", str(tmp_path)).exit_code == 0
    result = run("rt", "--map", str(tmp_path / "map.csv"), "--temperature", "310..360", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["provenance"]["parameters"]["shape"] == [4, 4]
    assert found["loop"]["heating"][0] > found["loop"]["heating"][-1]


def test_a_graded_film_has_its_loop_drawn(tmp_path):
    result = run("rt", "--x", "0", "--x-end", "0.03", "--rows", "2", "--columns", "4", "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.iterdir()} == {"film_rt.png", "film_rt.csv", "film_rt.cir"}
