"""Whoever computes the points, in however many pieces: the same table, and a deadly point harms none but itself."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import poison
import pytest
from processes import processes

import neurokit
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device import DEVICES
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.spikes.regime import Regime
from neurokit.sweeps import executors
from neurokit.sweeps.axes import Axis
from neurokit.sweeps.executors import Workers, dask_cluster, local_processes
from neurokit.sweeps.journal import JOURNAL
from neurokit.sweeps.run import Method, run_sweep
from neurokit.sweeps.spec import SweepSpec
from neurokit.sweeps.storage import TABLE, save

HERE = Path(__file__).parent
GRID = Method("ngspice", full_grid=True)


def make_spec(count=4, **changes):
    axes = (Axis("r_series", 1e3, 9e3, count), Axis("v_in", 5.0, 21.0, count))
    return SweepSpec(NeuronCircuit(DEVICES[1]), axes, **changes)


def table_of(folder, workers, spec=None, method=GRID):
    diagram = run_sweep(spec or make_spec(), folder, workers, method)
    save(diagram, folder, {"neurokit": "test"})
    return (folder / TABLE).read_bytes()


def sizes(folder):
    return len((folder / JOURNAL).read_text().splitlines()) if (folder / JOURNAL).exists() else 0


@contextmanager
def dask(folder, workers=2):
    """A scheduler and workers as people start them; the scheduler's address, and the workers' processes."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(HERE), str(Path(neurokit.__file__).parents[1])))}
    file = folder / "scheduler.json"
    common = {"env": environment, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    started = [subprocess.Popen([*scheduler, "--no-dashboard", "--scheduler-file", str(file)], **common)]
    try:
        started += [
            subprocess.Popen([*worker, "--scheduler-file", str(file), "--name", str(k)], **common)
            for k in range(workers)
        ]
        while not file.exists():
            assert started[0].poll() is None
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"], started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return table_of(tmp_path_factory.mktemp("one"), local_processes(1))


def test_two_processes_make_the_table_of_one(table, tmp_path):
    assert table_of(tmp_path, local_processes(2)) == table


def test_a_dask_cluster_makes_the_table_of_one_process_though_a_worker_is_killed_on_the_way(table, tmp_path):
    with dask(tmp_path) as (address, (first, _)):
        assert killed_on_the_way(tmp_path / "sweep", dask_cluster(address), lambda: first.kill()) == table
        assert first.poll() is not None


def test_local_processes_make_the_table_of_one_though_a_worker_is_killed_on_the_way(table, tmp_path):
    def kill_a_worker():
        mine = [p for p in processes() if "forkserver" in p.command and "multiprocessing" in p.command]
        workers = [p for p in mine if any(p.parent == q.pid and q.parent == os.getpid() for q in mine)]
        os.kill(workers[0].pid, signal.SIGKILL)

    assert killed_on_the_way(tmp_path, local_processes(2), kill_a_worker) == table


def killed_on_the_way(folder, workers, kill):
    """The table of a sweep during which `kill` is called once, after the third point."""
    calls = []

    def progress(known, failed):
        if known >= 3 and not calls:
            calls.append(known)
            kill()

    diagram = run_sweep(make_spec(), folder, workers, GRID, progress=progress)
    assert calls
    assert all(row["regime"] for row in diagram.rows)
    assert sizes(folder) == len(diagram.rows) == 16
    save(diagram, folder, {"neurokit": "test"})
    return (folder / TABLE).read_bytes()


@pytest.mark.parametrize("engine", ["ngspice", "twin"])
def test_a_deadly_point_is_lost_with_its_cause_and_the_others_are_computed(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "evaluate", poison.evaluate)
    spec = SweepSpec(NeuronCircuit(DEVICES[1]), (Axis("v_in", 5.0, 21.0, 9),))
    diagram = run_sweep(spec, tmp_path, local_processes(2), Method(engine, full_grid=True))
    (lost,) = [row for row in diagram.rows if not row["regime"]]
    assert lost["values"] == [poison.DEADLY]
    assert (lost["status"], lost["cause"]) == ("failed", "simulator died")
    assert "worker died" in lost["message"]
    assert len(diagram.rows) == sizes(tmp_path) == 9
    save(diagram, tmp_path, {})


@pytest.mark.slow
def test_a_deadly_point_on_a_dask_cluster_is_lost_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "evaluate", poison.evaluate)
    spec = SweepSpec(NeuronCircuit(DEVICES[1]), (Axis("v_in", 5.0, 21.0, 5),))
    with dask(tmp_path, workers=14) as (address, _):  # each death is one worker less: nobody starts it again
        diagram = run_sweep(spec, tmp_path / "sweep", dask_cluster(address), GRID)
    assert [row["values"] for row in diagram.rows if not row["regime"]] == [[poison.DEADLY]]
    assert len(diagram.rows) == 5


def test_a_worker_that_dies_once_costs_nothing_but_time(tmp_path, monkeypatch):
    (tmp_path / "deadly").write_text("")
    monkeypatch.setenv("DEADLY_ONCE", str(tmp_path / "deadly"))
    monkeypatch.setattr(executors, "evaluate", poison.once)
    spec = SweepSpec(NeuronCircuit(DEVICES[1]), (Axis("v_in", 5.0, 21.0, 9),))
    # the workers inherit the environment of the fork server: one that runs already would not know the file
    from multiprocessing import forkserver

    forkserver._forkserver._stop()
    diagram = run_sweep(spec, tmp_path / "sweep", local_processes(2), Method("twin", full_grid=True))
    assert not (tmp_path / "deadly").exists()
    assert {row["regime"] for row in diagram.rows} <= {regime.value for regime in Regime}


def test_an_error_of_the_code_itself_is_not_taken_for_a_dead_worker(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "evaluate", poison.mistaken)
    with pytest.raises(ZeroDivisionError):
        run_sweep(make_spec(), tmp_path, local_processes(1), GRID)


def test_rows_that_nobody_waits_for_are_not_computed():
    spec = make_spec()
    points = [(1e3 + k, 12.5) for k in range(4000)]  # minutes of work
    with Workers(local_processes(1)) as workers, closing(workers.rows(spec, "ngspice", points)) as rows:
        began = time.monotonic()
        next(rows)
    assert time.monotonic() - began < 40


def test_jobs_below_one_and_schedulers_that_are_not_there_are_refused(tmp_path):
    with pytest.raises(OutOfRangeError, match="jobs is 0"):
        local_processes(0)
    with pytest.raises(NeurokitError, match="no Dask scheduler answers at nonsense"):
        run_sweep(make_spec(), tmp_path, dask_cluster("nonsense://1"), GRID)
