"""`neurokit sweep` as people use it: killed, out of time, with a simulator that dies, and again."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from processes import processes

PROGRAM = "from neurokit.cli import main; main()"
CAUSES = {"simulator died", "time limit"}


def command_line(*words):
    return [sys.executable, "-c", PROGRAM, *map(str, words)]


def run(folder, *words, environment=None):
    return subprocess.run(
        command_line(*words), cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


def points(folder):
    """The finished points of a journal, the torn last line left out."""
    path = folder / "points.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]


def offspring(pid):
    """Every process below this one, by number; those that ngspice's runs lead are in groups of their own."""
    children = {}
    for process in processes():
        children.setdefault(process.parent, []).append(process)
    found, waiting = {}, [pid]
    while waiting:
        for process in children.get(waiting.pop(), []):
            found[process.pid] = process.command
            waiting.append(process.pid)
    return found


def alive(pids):
    """Those that still run under the same command; a zombie does not."""
    left = {}
    for pid, command in pids.items():
        with suppress(OSError):
            if Path(f"/proc/{pid}/cmdline").read_text(errors="replace") == command != "":
                left[pid] = command
    return left


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def sleeping():
    """How many simulations of `SLEEP` seconds are running, below whomever."""
    return sum(process.command == f"sleep\0{SLEEP}\0" for process in processes())


def killed_after(folder, count, words):
    """Start a sweep, kill -9 it once there are so many points, and return what ran below it."""
    with subprocess.Popen(
        command_line(*words), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as child:
        while len(points(folder / "out")) < count:
            assert child.poll() is None, "the sweep was over before it could be killed"
            time.sleep(0.01)
        below = offspring(child.pid)
        child.kill()
    return below


def killed_and_resumed(tmp_path, side, kills, words):
    """A grid sweep killed at random moments and continued, beside one that nobody disturbed."""
    calm = tmp_path / "calm"
    calm.mkdir()
    assert run(calm, *words).returncode == 0
    folder = tmp_path / "killed"
    folder.mkdir()
    moments = sorted(random.Random(7).sample(range(3, side**2 - 12), kills))  # noqa: S311 - no secret
    for count in moments:
        before = len(points(folder / "out"))
        below = killed_after(folder, max(count, before + 1), words)
        assert below
        assert wait_until(lambda below=below: not alive(below), 5), f"still running: {alive(below)}"
    kept = {tuple(row["values"]): row for row in points(folder / "out")}
    ended = run(folder, *words)
    assert ended.returncode == 0, ended.stderr
    rows = points(folder / "out")
    assert len(rows) == side**2
    assert set(Counter(tuple(row["values"]) for row in rows).values()) == {1}
    assert all(kept[values]["netlist_sha256"] == row["netlist_sha256"] for row in rows
               if (values := tuple(row["values"])) in kept)  # fmt: skip
    assert (folder / "out/points.parquet").read_bytes() == (calm / "out/points.parquet").read_bytes()
    assert not list((folder / "out").glob("*.part"))


def test_a_sweep_that_was_killed_three_times_goes_on_and_ends_as_if_nothing_had_been(tmp_path):
    words = ("sweep", "--device", 1, "--grid", "8x8", "--backend", "ngspice", "--out", "out", "--quiet")
    killed_and_resumed(tmp_path, 8, 3, words)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["ngspice", "pyspice"])
def test_a_sweep_of_3600_points_that_was_killed_three_times_ends_as_if_nothing_had_been(tmp_path, backend):
    words = ("sweep", "--device", 1, "--grid", "60x60", "--backend", backend, "--out", "out", "--quiet")
    killed_and_resumed(tmp_path, 60, 3, words)


@pytest.fixture
def sick_ngspice(tmp_path, monkeypatch):
    """An ngspice that does not behave for some netlists, as a script on the PATH.

    Sweeps with it run in processes of their own: a fork server keeps the environment in which it began.
    """
    real = shutil.which("ngspice")

    def make(condition, then):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / "ngspice"
        program.write_text(f'#!/bin/sh\nfor last; do :; done\nif {condition}; then {then}; fi\nexec {real} "$@"\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return make


HIGH_R = "grep -qs -- '^R_series in osc 9000.0' \"$last\""
SLEEP = 40 + os.getpid() / 1e9  # s: two simulations that never end; known by their number, and over in a minute
LINE = ("sweep", "--backend", "ngspice", "--axis", "r_series=1k..9k:5", "--out", "out", "--jobs", "2")


def test_a_simulator_that_kills_itself_gives_failed_points_exit_code_4_and_the_rest(sick_ngspice, tmp_path):
    sick_ngspice(HIGH_R, "kill -9 $$")
    ended = run(tmp_path, "sweep", "--backend", "ngspice", "--axis", "r_series=1k..9k:3", "--axis", "v_in=6..20:3")
    assert ended.returncode == 4
    rows = points(tmp_path / "out/sweep")
    assert Counter((row["status"], row["cause"]) for row in rows) == {("ok", None): 6, ("failed", "simulator died"): 3}
    assert {row["values"][0] for row in rows if not row["regime"]} == {9000.0}
    assert ended.stderr.count("simulator died") == 3
    assert (tmp_path / "out/sweep/diagram.png").exists()


def test_strict_stops_at_the_first_failure_and_keeps_what_was_there(sick_ngspice, tmp_path):
    sick_ngspice(HIGH_R, "kill -9 $$")
    ended = run(tmp_path, *LINE, "--strict")
    assert ended.returncode == 4
    assert "simulator died" in ended.stderr
    assert 1 <= len(points(tmp_path / "out")) <= 5
    assert not (tmp_path / "out/points.parquet").exists()


def test_failed_points_are_tried_again_when_that_is_asked_for(sick_ngspice, tmp_path, monkeypatch):
    sick_ngspice(HIGH_R, "kill -9 $$")
    assert run(tmp_path, *LINE).returncode == 4
    monkeypatch.setenv("PATH", os.environ["PATH"].partition(os.pathsep)[2])
    assert run(tmp_path, *LINE).returncode == 4  # known as failed, and not simulated again
    assert len(points(tmp_path / "out")) == 5
    assert run(tmp_path, *LINE, "--retry-failed").returncode == 0
    again = {tuple(row["values"]): row["regime"] for row in points(tmp_path / "out")}
    assert len(again) == 5
    assert None not in again.values()
    assert run(tmp_path, *LINE).returncode == 0


def test_simulations_out_of_time_are_failed_points_with_that_cause(neurokit, tmp_path):
    ended = neurokit(*LINE, "--time-limit", "1u", "--json")
    assert ended.exit_code == 4
    rows = points(tmp_path / "out")
    assert {row["cause"] for row in rows} == {"time limit"}
    assert {row["status"] for row in rows} <= {"failed", "partial"}
    assert json.loads(ended.stdout)["sweeps"][0]["failed"] == 5


def test_no_simulation_outlives_a_killed_sweep(sick_ngspice, tmp_path):
    sick_ngspice('grep -qs -- R_series "$last"', "exec sleep 300")
    with subprocess.Popen(command_line(*LINE), cwd=tmp_path, stderr=subprocess.DEVNULL) as child:
        assert wait_until(lambda: any("sleep" in command for command in offspring(child.pid).values()), 30)
        below = offspring(child.pid)
        child.kill()
    try:
        assert wait_until(lambda: not alive(below), 8), f"still running: {alive(below)}"
    finally:
        for pid in alive(below):
            os.kill(pid, signal.SIGKILL)


def test_an_interrupted_sweep_ends_with_130_and_leaves_nothing_running(sick_ngspice, tmp_path):
    sick_ngspice('grep -qs -- R_series "$last"', f"exec sleep {SLEEP}")
    program = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {PROGRAM}"
    words = [sys.executable, "-c", program, *command_line(*LINE)[3:]]
    with subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.DEVNULL, start_new_session=True) as child:
        assert wait_until(lambda: sleeping() == 2, 30)
        below = offspring(child.pid)
        os.killpg(child.pid, signal.SIGINT)  # as a terminal does
        try:
            assert child.wait(20) == 130
        finally:
            child.kill()
    assert wait_until(lambda: not alive(below) and not sleeping(), 8), f"still running: {alive(below)}"


def test_a_second_sweep_in_the_same_folder_is_refused(neurokit, tmp_path):
    assert neurokit("sweep", "--engine", "twin", "--grid", "4x4", "--out", "out").exit_code == 0
    ended = neurokit("sweep", "--engine", "twin", "--grid", "5x5", "--out", "out")
    assert ended.exit_code == 2
    assert "holds another sweep" in ended.stderr


def test_without_a_simulator_a_sweep_ends_with_3_and_the_twin_needs_none(tmp_path):
    without = os.environ | {"PATH": str(tmp_path)}
    assert run(tmp_path, *LINE, environment=without).returncode == 3
    twin = ("sweep", "--engine", "twin", "--grid", "4x4", "--out", "twin")
    assert run(tmp_path, *twin, environment=without).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--axis", "r_seris=1k..9k"), "no axis 'r_seris'"),
        (("--axis", "v_in=0..20:log"), "begins above 0"),
        (("--grid", "6x6x6"), "each of the 2 axes"),
        (("--engine", "guided", "--grid", "6x6"), "nothing to guide"),
        (("--axis", "x=0..0.3"), "x = 0.3"),
        (("--x", "0.1"), "--axis r_series=LOW"),
        (("--time-limit", "0"), "time"),
        pytest.param(
            ("--scheduler", "tcp://127.0.0.1:1", "--engine", "twin", "--grid", "3x3"),
            "no Dask scheduler",
            marks=pytest.mark.slow,  # ten seconds of patience
        ),
    ],
)
def test_what_cannot_be_swept_is_a_usage_error_with_its_reason(neurokit, words, said):
    ended = neurokit("sweep", *words)
    assert ended.exit_code == 2
    assert said in ended.stderr


def test_several_devices_get_a_folder_each_and_a_figure_of_triple_points_that_fall_with_x(neurokit, tmp_path):
    ended = neurokit("sweep", "--devices", "1,4", "--engine", "twin", "--out", "out", "--json")
    assert ended.exit_code == 0
    found = [sweep["triple_point"] for sweep in json.loads(ended.stdout)["sweeps"]]
    for quantity in ("first", "second"):
        values = [triple[quantity] for triple in found]
        assert values[0] > values[1]
    assert (tmp_path / "out/triple_points.png").exists()
    assert len(list((tmp_path / "out").glob("device*/points.parquet"))) == 2


def test_a_budget_ends_a_sweep_and_a_larger_one_goes_on_from_there(neurokit, tmp_path):
    few = neurokit("sweep", "--engine", "twin", "--budget", 100, "--out", "out")
    assert few.exit_code == 1
    assert "budget was spent" in few.stderr
    assert len(points(tmp_path / "out")) == 100
    assert "budget was spent" not in neurokit("sweep", "--engine", "twin", "--out", "out").stderr
    rows = [tuple(row["values"]) for row in points(tmp_path / "out")]
    assert len(rows) == len(set(rows)) > 100


def test_draws_around_a_device_go_into_a_table_of_their_own(neurokit, tmp_path):
    ended = neurokit("sweep", "--monte-carlo", 2, "--seed", 7, "--out", "out", "--json")
    assert ended.exit_code == 0
    quantities = {q["name"]: q for q in json.loads(ended.stdout)["quantities"]}
    assert quantities["v_threshold"]["draws"] == 2
    assert (tmp_path / "out/draws.parquet").exists()
    assert neurokit("replay", "out", 1).exit_code == 0


def test_an_option_that_an_axis_would_override_is_refused(neurokit):
    ended = neurokit("sweep", "--v-in", 5, "--axis", "v_in=2..20", "--engine", "twin")
    assert ended.exit_code == 2
    assert "--v-in and --axis v_in=2..20 both set v_in" in ended.stderr
