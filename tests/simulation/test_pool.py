"""The pool answers in order, whatever happens to its simulators, and stops with all of them."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from processes import Process, processes

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.simulation import Cause, Limits, Netlist, Outcome, Status, pool, simulate
from neurokit.simulation.cache import Cache
from neurokit.simulation.pool import simulate_each, simulate_many

BACKENDS = ("ngspice", "pyspice")
QUICK = Limits(time_s=20)


def make_divider(value: int) -> Netlist:
    return Netlist(f"divider {value}", f"divider\nv1 in 0 {value}\nr1 in out 1k\nr2 out 0 1k\n.op\n.end\n")


def make_endless() -> Netlist:
    text = "endless\nv1 in 0 1\nr1 in out 1k\nc1 out 0 1n\n.save v(out)\n.tran 1n 1000 0 1n uic\n.end\n"
    return Netlist("endless", text)


BROKEN = Netlist("broken", "broken\nr1 a 0 {nope}\n.op\n.end\n")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("jobs", [1, 3])
def test_outcomes_come_in_the_order_of_the_netlists(backend: str, jobs: int) -> None:
    outcomes = simulate_many([make_divider(k) for k in range(8)], jobs=jobs, backend=backend, limits=QUICK)
    assert [outcome.waveforms["v(out)"][-1] for outcome in outcomes] == pytest.approx([k / 2 for k in range(8)])


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_failure_leaves_the_others_alone(backend: str) -> None:
    outcomes = simulate_many([make_divider(1), BROKEN, make_divider(2)], jobs=2, backend=backend, limits=QUICK)
    assert [outcome.cause for outcome in outcomes] == [None, Cause.UNDEFINED_PARAMETER, None]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_simulator_that_is_killed_is_one_failed_outcome(backend: str) -> None:
    netlists = [make_endless(), make_divider(1), make_divider(2)]
    threading.Timer(0.7, kill_simulators).start()
    outcomes = simulate_many(netlists, jobs=1, backend=backend, limits=QUICK, retry=False)
    assert [outcome.cause for outcome in outcomes] == [Cause.SIMULATOR_DIED, None, None]


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_outcome_comes_as_soon_as_it_is_there_and_closing_ends_the_rest(backend: str) -> None:
    netlists = [make_endless(), make_divider(1), make_endless(), make_divider(2), make_endless()]
    run = simulate_each(netlists, jobs=2, backend=backend, limits=Limits(time_s=120))
    index, outcome = next(run)
    assert (index, outcome.status) == (1, Status.OK)
    began = time.monotonic()
    run.close()
    assert not busy_simulators()
    assert time.monotonic() - began < 60  # not the time limit of what was running


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_interrupt_ends_every_simulator_and_loses_no_complete_result(backend: str, tmp_path: Path) -> None:
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background shell ignores it
        "import sys; from neurokit.simulation import Limits, Netlist; from neurokit.simulation.cache import Cache\n"
        "from neurokit.simulation.pool import simulate_many\n"
        f"netlists = [{make_divider(1)!r}, *[{make_endless()!r}] * 3]\n"
        "def report(done, failed, total): print('done', done, flush=True)\n"
        "try:\n"
        f"    simulate_many(netlists, jobs=2, backend={backend!r}, limits=Limits(time_s=120),\n"
        f"                  cache=Cache({str(tmp_path)!r}), progress=report)\n"
        "except KeyboardInterrupt: print('interrupted')\n"
    ).replace(f"{str(tmp_path)!r}", f"__import__('pathlib').Path({str(tmp_path)!r})")
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "done 1\n"
        simulators = pool_children(child.pid)
        child.send_signal(signal.SIGINT)
        assert child.stdout.read() == "interrupted\n"
    assert simulators
    assert not any(Path(f"/proc/{pid}").exists() for pid in simulators)
    assert Cache(tmp_path).simulate(make_divider(1), backend).from_cache


def test_a_machine_that_refuses_processes_gives_outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Outcome:
        raise OSError("no more processes")

    monkeypatch.setattr(pool.engine, "simulate", refuse)
    (outcome,) = simulate_many([make_divider(1)])
    assert outcome.cause is Cause.SIMULATOR_DIED
    assert "no more processes" in outcome.explain()


def test_results_are_taken_from_the_cache(tmp_path: Path) -> None:
    cache, netlists = Cache(tmp_path), [make_divider(k) for k in range(4)]
    assert not any(outcome.from_cache for outcome in simulate_many(netlists, cache=cache))
    assert all(outcome.from_cache for outcome in simulate_many(netlists, cache=cache))


def test_progress_counts_what_is_done_and_what_failed() -> None:
    reports: list[tuple[int, int, int]] = []
    simulate_many([make_divider(1), BROKEN], jobs=1, limits=QUICK, progress=lambda *report: reports.append(report))
    assert reports == [(1, 0, 2), (2, 1, 2)]


def test_no_bar_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    simulate_many([make_divider(1)], progress=True)
    assert capsys.readouterr() == ("", "")


def test_a_bar_on_a_terminal_counts_failures(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool.sys.stderr, "isatty", lambda: True)
    simulate_many([make_divider(1), BROKEN], limits=QUICK, progress=True)
    shown = capsys.readouterr()
    assert "2/2" in shown.err
    assert "1 failed" in shown.err
    assert shown.out == ""


def test_the_pool_gives_what_single_runs_give() -> None:
    (outcome,) = simulate_many([make_divider(3)])
    assert outcome.waveforms["v(out)"] == simulate(make_divider(3)).waveforms["v(out)"]


def test_the_package_offers_the_pool_and_the_cache_and_imports_nothing_heavy_for_it() -> None:
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background shell ignores it
        "import sys; from neurokit.simulation import Cache, simulate_each, simulate_many\n"
        "assert not {'numpy', 'rich', 'numba', 'PySpice', 'sympy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_nothing_to_do_is_done() -> None:
    assert simulate_many([]) == []


@pytest.mark.parametrize("jobs", [0, -1])
def test_a_number_of_jobs_below_one_is_refused(jobs: int) -> None:
    with pytest.raises(OutOfRangeError, match=f"jobs is {jobs}"):
        simulate_many([], jobs=jobs)


def test_an_unknown_back_end_is_refused_before_anything_runs() -> None:
    with pytest.raises(NeurokitError, match="no back end 'hspice'"):
        simulate_many([make_divider(1)], backend="hspice")


def kill_simulators() -> None:
    for pid in busy_simulators():
        os.kill(pid, signal.SIGKILL)


def busy_simulators() -> list[int]:
    """The simulators of this process that compute; a PySpice worker's copy between two runs does not."""
    before = {process.pid: process.ticks for process in simulators()}
    time.sleep(0.2)
    return [process.pid for process in simulators() if process.ticks > before.get(process.pid, 0)]


def simulators() -> list[Process]:
    running = list(processes())
    above = {os.getpid(), *(p.pid for p in running if p.parent == os.getpid() and "pyspice" in p.command)}
    return [p for p in running if p.parent in above and ("ngspice" in p.command or "pyspice" in p.command)]


def pool_children(parent: int) -> list[int]:
    """The simulators of another process, once there are some."""
    while not (found := [p.pid for p in processes() if p.parent == parent and p.group == p.pid]):
        time.sleep(0.01)
    return found
