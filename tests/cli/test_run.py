import csv
import json

import numpy as np
import pytest

RC = "rc\nv1 in 0 1\nr1 in out 1k\nc1 out 0 1n\n.tran 10n 5u uic\n.end\n"
AC = "ac\nv1 in 0 ac 1\nr1 in out 1k\nc1 out 0 1n\n.ac dec 5 1k 1meg\n.end\n"
CARELESS = "careless neuron\n.include lib.inc\nv1 in 0 5\nx1 in 0 vo2x x=0\n.tran 1u 2u\n.end\n"
STAND_IN = ".subckt vo2x p n params: x=0\nr1 p n 1k\n.ends\n"


@pytest.fixture
def netlist(tmp_path):
    def write(text: str):
        path = tmp_path / "deep" / "users.cir"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        (path.parent / "lib.inc").write_text(STAND_IN)
        return path

    return write


def test_a_run_ends_in_a_table_of_signals(neurokit, netlist):
    ended = neurokit("run", netlist(RC))
    assert ended.exit_code == 0
    assert "v(out)" in ended.stdout
    assert "'rc' on ngspice: ok" in ended.stderr


def test_waveforms_are_written_as_csv_npz_and_figure(neurokit, netlist, tmp_path):
    assert neurokit("run", netlist(RC), "--out", "rc.csv", "--plot", "rc.png").exit_code == 0
    assert neurokit("run", netlist(RC), "--out", "rc.npz").exit_code == 0
    rows = list(csv.DictReader((tmp_path / "rc.csv").read_text().splitlines()))
    with np.load(tmp_path / "rc.npz") as stored:
        assert float(rows[-1]["v(out)"]) == stored["1/v(out)"][-1] == pytest.approx(1 - np.exp(-5), rel=1e-2)
    assert (tmp_path / "rc.png").read_bytes().startswith(b"\x89PNG")


def test_complex_signals_become_two_columns(neurokit, netlist, tmp_path):
    assert neurokit("run", netlist(AC), "--out", "ac.csv", "--plot", "ac.svg").exit_code == 0
    assert {"re v(out)", "im v(out)"} <= set((tmp_path / "ac.csv").read_text().splitlines()[0].split(","))


def test_a_broken_netlist_ends_with_4_its_cause_and_the_simulators_words(neurokit, netlist):
    ended = neurokit("run", netlist(RC.replace("1k", "")))
    assert ended.exit_code == 4
    assert "users.cir" in ended.stderr
    assert "try:" in ended.stderr
    document = json.loads(neurokit("run", netlist(RC.replace("1k", "")), "--json").stdout)
    assert document["status"] in ("failed", "partial")
    assert document["cause"]


def test_safe_refuses_a_control_block_as_a_usage_error(neurokit, netlist):
    ended = neurokit("run", "--safe", netlist(RC.replace(".end", ".control\nshell true\n.endc\n.end")))
    assert ended.exit_code == 2
    assert "unsafe" in ended.stderr


def test_a_binary_file_is_a_usage_error(neurokit, tmp_path):
    (tmp_path / "binary.cir").write_bytes(b"\x00\x01")
    assert neurokit("run", "binary.cir").exit_code == 2


def test_a_missing_simulator_ends_with_3(neurokit, netlist, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert neurokit("run", netlist(RC), "--no-cache").exit_code == 3


def test_includes_are_found_beside_the_netlist_and_careless_options_are_named(neurokit, netlist):
    ended = neurokit("run", netlist(CARELESS))
    assert ended.exit_code == 0
    assert "warning: trtol" in ended.stderr
    assert "warning" not in neurokit("run", netlist(CARELESS), "--quiet").stderr


def test_the_second_run_comes_from_the_cache_unless_it_is_not_wanted(neurokit, netlist):
    def from_cache(*words: object) -> bool:
        return bool(json.loads(neurokit("run", netlist(RC), "--json", *words).stdout)["from_cache"])

    assert [from_cache(), from_cache(), from_cache("--no-cache")] == [False, True, False]
    assert json.loads(neurokit("cache", "info", "--json").stdout)["holds"]["entries"] == 1
    assert json.loads(neurokit("cache", "clear", "--json").stdout)["removed"]["entries"] == 1
    assert not from_cache()


def test_a_result_from_the_cache_is_called_that(neurokit, netlist):
    neurokit("run", netlist(RC))
    assert "from the cache" in neurokit("run", netlist(RC)).stderr


def test_what_the_cache_refuses_runs_every_time(neurokit, netlist):
    text = RC.replace(".end", ".control\nrun\n.endc\n.end")
    ended = [json.loads(neurokit("run", netlist(text), "--json").stdout) for _ in range(2)]
    assert [(e["status"], e["from_cache"]) for e in ended] == [("ok", False)] * 2
    assert json.loads(neurokit("cache", "info", "--json").stdout)["holds"]["entries"] == 0


def test_a_time_limit_ends_a_run_and_says_so(neurokit, netlist):
    endless = RC.replace("5u", "5000").replace("10n uic", "10n 5000 0 1n uic")
    ended = neurokit("run", netlist(endless), "--time-limit", "300m", "--no-retry")
    assert ended.exit_code == 4
    assert "time limit" in ended.stderr
