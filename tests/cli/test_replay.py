"""`neurokit replay`: a point of a sweep again, as it was."""

import json
import shutil

import pytest
from click.testing import CliRunner

from neurokit.cli import main

GRID = ("sweep", "--backend", "ngspice", "--axis", "r_series=2k..8k:3", "--axis", "v_in=6..20:3", "--out")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The folder of a sweep, made once."""
    out = tmp_path_factory.mktemp("swept") / "out"
    assert CliRunner().invoke(main, [*GRID, str(out), "--quiet"]).exit_code == 0
    return out


@pytest.fixture
def swept(neurokit, done, tmp_path):
    shutil.copytree(done, tmp_path / "out")
    return neurokit


@pytest.mark.parametrize("options", [(), ("--no-cache",)])
def test_a_point_by_number_is_the_same_netlist_with_the_same_numbers_with_and_without_cache(swept, options):
    for point in range(9):
        for _ in range(2):
            document = json.loads(swept("replay", "out", point, "--json", *options).stdout)
        assert document["netlist_is_the_same"] is True
        assert document["status"] == "ok"
        assert document["from_cache"] == (not options)
        for row in document["compared"]:
            assert row["table"] == row["again"]


def test_a_point_by_values_is_the_closest_one(swept):
    document = json.loads(swept("replay", "out", "r_series=4.9k,v_in=14", "--json").stdout)
    assert document["values"] == {"r_series": 5000.0, "v_in": 13.0}
    assert document == json.loads(swept("replay", "out", "4", "--json").stdout) | {"from_cache": True} | {
        "from_cache": document["from_cache"]
    }


def test_waveform_and_netlist_are_written(swept, tmp_path):
    assert swept("replay", "out", 4, "--out", "point.png").exit_code == 0
    assert (tmp_path / "point.png").read_bytes().startswith(b"\x89PNG")
    assert swept("replay", "out", 4, "--out", "point.cir").exit_code == 0
    again = swept("run", "point.cir")
    assert again.exit_code == 0
    assert "ok" in again.stderr


def test_the_table_in_the_terminal_has_both_columns(swept):
    shown = swept("replay", "out", 4).stdout
    for word in ("regime", "frequency", "in the table", "again", "r_series = 5000"):
        assert word in shown


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("9", "there is no point 9: the table holds 0 to 8"),
        ("r_series=3k", "does not give every axis: r_series, v_in"),
        ("c=1n,v_in=9", "write r_series=VALUE,v_in=VALUE"),
        ("middle", "write r_series=VALUE,v_in=VALUE"),
        ("r_series=3k,v_in=high", "'high' is not a number"),
    ],
)
def test_what_is_no_point_is_a_usage_error_with_the_way_out(swept, point, said):
    ended = swept("replay", "out", point)
    assert ended.exit_code == 2
    assert said in ended.stderr


def test_a_folder_whose_sweep_has_not_ended_says_so(neurokit, tmp_path):
    (tmp_path / "empty").mkdir()
    ended = neurokit("replay", "empty", "0")
    assert ended.exit_code == 2
    assert "holds no sweep" in ended.stderr
    (tmp_path / "empty" / "points.jsonl").touch()
    assert "has not come to its end" in neurokit("replay", "empty", "0").stderr


def test_a_point_of_the_twin_is_replayed_in_ngspice(neurokit):
    assert neurokit("sweep", "--engine", "twin", "--grid", "3x3", "--out", "twin", "--quiet").exit_code == 0
    for point in range(9):
        document = json.loads(neurokit("replay", "twin", point, "--json").stdout)
        assert document["engine"] == "twin"
        regime = next(row for row in document["compared"] if row["quantity"] == "regime")
        assert regime["table"] == regime["again"]


def test_a_changed_table_is_noticed(swept, tmp_path):
    import pyarrow.parquet as parquet

    table = parquet.read_table(tmp_path / "out/points.parquet")
    k = table.column_names.index("netlist_sha256")
    parquet.write_table(table.set_column(k, "netlist_sha256", [["0" * 64] * 9]), tmp_path / "out/points.parquet")
    ended = swept("replay", "out", "4")
    assert ended.exit_code == 1
    assert "not the one of the table" in ended.stderr
