"""The PySpice back end answers what ngspice answers, and no netlist can hurt its caller or its next run."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from nasty import NASTY, Nasty

from neurokit.simulation import Cause, Limits, Netlist, Outcome, Status, ngspice, pyspice
from neurokit.simulation.pyspice import PySpiceWorker

QUICK = Limits(time_s=20)
TRAN = ".tran 10n 20u"
RC = f"""rc
v1 in 0 dc 1 ac 1 pulse(0 5 0 1n 1n 5u 10u)
r1 in osc 1k
v_sense osc x 0
c1 x 0 1n
{TRAN}
.end
"""
ENDLESS = RC.replace(TRAN, ".tran 1n 1000 0 1n")

SAME_ON_BOTH = {
    "transient": RC,
    "all analyses": RC.replace(TRAN, f".op\n.ac dec 10 1 1k\n.dc v1 0 1 0.1\n{TRAN}"),
    "saved vectors": RC.replace(TRAN, f".save v(osc) i(v_sense) @r1[i]\n{TRAN}"),
    "noise, transfer function, poles": RC.replace(
        TRAN, ".noise v(osc) v1 dec 10 1 1k\n.tf v(osc) v1\n.pz in 0 osc 0 vol pz"
    ),
    "no .end": RC.replace(".end\n", ""),
    "cards after .end": RC + "r7 behind 0 1\n.op\n",
    "no title": RC.partition("\n")[2].join(["\n", ""]),
    "windows lines": RC.replace("\n", "\r\n"),
    "lines of 10000 characters": RC.replace(
        "pulse(0 5 0 1n 1n 5u 10u)", f"pwl({' '.join(f'{k}n {k % 7}' for k in range(1500))})"
    ),
    "continued line around an empty one": RC.replace("r1 in osc 1k", "r1 in osc\n\n+ 1k"),
    "random numbers with a seed": RC.replace(
        TRAN, f".options seed=7\nv2 y 0 dc 0 trrandom(2 1u 0 1)\nr2 y 0 1k\n{TRAN}"
    ),
    "control block that runs": RC.replace(".end", ".control\nrun\nalter r1=2k\nrun\n.endc\n.end"),
    "control block that only prints": RC.replace(".end", ".control\necho hello\n.endc\n.end"),
    "control block that writes and quits": RC.replace(".end", ".control\nrun\nwrite x.raw\nquit\n.endc\n.end"),
    "measurement": RC.replace(".end", ".meas tran highest max v(osc)\n.end"),
}


@pytest.fixture(scope="module")
def worker() -> Iterator[PySpiceWorker]:
    with PySpiceWorker() as worker:
        yield worker


def run(worker: PySpiceWorker, text: str, limits: Limits = QUICK, directory: Path | None = None) -> Outcome:
    return worker.run(Netlist("test", text), limits, directory)


def assert_equal(one: Outcome, other: Outcome) -> None:
    assert (one.status, one.cause, one.messages) == (other.status, other.cause, other.messages)
    assert [(p.name, p.scale, sorted(p.signals)) for p in one.plots] == [
        (p.name, p.scale, sorted(p.signals)) for p in other.plots
    ]
    for mine, theirs in zip(one.plots, other.plots, strict=True):
        for name in mine.signals:
            np.testing.assert_array_equal(mine.signals[name], theirs.signals[name])
            assert mine.signals[name].dtype == theirs.signals[name].dtype


@pytest.mark.parametrize("text", SAME_ON_BOTH.values(), ids=SAME_ON_BOTH)
def test_every_sample_is_the_one_that_ngspice_computes(worker: PySpiceWorker, text: str) -> None:
    outcome = run(worker, text)
    assert outcome.status is Status.OK, outcome.explain()
    assert_equal(outcome, ngspice.run(Netlist("test", text), QUICK))


@pytest.mark.parametrize("nasty", NASTY, ids=lambda nasty: nasty.name)
def test_no_broken_netlist_changes_the_next_result(worker: PySpiceWorker, nasty: Nasty) -> None:
    before = run(worker, RC)
    worker.run(Netlist("nasty", nasty.text), nasty.limits)
    assert_equal(run(worker, RC), before)


def test_no_good_netlist_changes_the_next_result(worker: PySpiceWorker) -> None:
    forwards = {name: run(worker, text) for name, text in SAME_ON_BOTH.items()}
    backwards = {name: run(worker, text) for name, text in reversed(SAME_ON_BOTH.items())}
    for name in SAME_ON_BOTH:
        assert_equal(backwards[name], forwards[name])


def test_includes_are_found_from_the_given_directory(worker: PySpiceWorker, tmp_path: Path) -> None:
    (tmp_path / "part.inc").write_text("r1 in osc 1k\n")
    text = RC.replace("r1 in osc 1k", ".include part.inc")
    assert run(worker, text, directory=tmp_path).complete
    assert run(worker, text).cause is Cause.MISSING_FILE


def test_random_numbers_without_a_seed_differ_from_run_to_run(worker: PySpiceWorker) -> None:
    text = "random\nv1 a 0 dc 0 trrandom(2 1u 0 1)\nr1 a 0 1k\n.tran 1u 9u\n.end\n"
    assert run(worker, text).waveforms["v(a)"][-1] != run(worker, text).waveforms["v(a)"][-1]


@pytest.mark.parametrize(
    ("limits", "cause"),
    [
        (Limits(time_s=0.4), Cause.TIME_LIMIT),
        (Limits(time_s=60, output_bytes=400_000), Cause.OUTPUT_LIMIT),
        (Limits(time_s=60, memory_bytes=2_000_000), Cause.MEMORY_LIMIT),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_what_was_computed_before_a_limit_is_kept(worker: PySpiceWorker, limits: Limits, cause: Cause) -> None:
    outcome = run(worker, ENDLESS, limits)
    assert (outcome.status, outcome.cause) == (Status.PARTIAL, cause)
    assert np.all(np.diff(outcome.waveforms.time) > 0)
    assert np.isfinite(outcome.waveforms["v(osc)"]).all()


def test_commands_that_never_end_are_ended_and_the_loss_is_said(worker: PySpiceWorker) -> None:
    text = RC.replace(".end", ".control\nrun\nshell sleep 600\n.endc\n.end")
    outcome = run(worker, text, Limits(time_s=0.2))
    assert (outcome.status, outcome.cause) == (Status.FAILED, Cause.TIME_LIMIT)
    assert "lost" in outcome.explain()


def test_lines_that_came_before_a_death_are_kept(worker: PySpiceWorker) -> None:
    outcome = run(worker, RC.replace("1k", "{nowhere_defined}"))
    assert outcome.cause is Cause.UNDEFINED_PARAMETER
    assert any("nowhere_defined" in line for line in outcome.messages)


def test_a_worker_killed_in_mid_run_is_an_outcome_and_is_replaced() -> None:
    with PySpiceWorker() as worker:
        killed = worker.pid
        threading.Timer(0.5, os.kill, (killed, signal.SIGKILL)).start()
        assert run(worker, ENDLESS, Limits(time_s=60)).cause is Cause.SIMULATOR_DIED
        assert run(worker, RC).complete
        assert worker.pid != killed


def test_a_copy_killed_between_two_runs_costs_nothing() -> None:
    with PySpiceWorker() as worker:
        run(worker, RC)
        (copy,) = children(worker.pid)
        os.kill(copy, signal.SIGKILL)
        wait_for(lambda: not is_running(copy))
        outcomes = [run(worker, RC), run(worker, RC)]
        assert outcomes[-1].status is Status.OK
        assert outcomes[0].cause in (None, Cause.SIMULATOR_DIED)  # it may have been handed the netlist


def test_a_copy_killed_in_mid_run_leaves_its_worker_in_service() -> None:
    with PySpiceWorker() as worker:
        pid = worker.pid
        threading.Timer(0.5, lambda: [os.kill(copy, signal.SIGKILL) for copy in children(pid)]).start()
        outcome = run(worker, ENDLESS, Limits(time_s=60))
        assert outcome.cause is Cause.SIMULATOR_DIED
        assert "signal 9" in outcome.explain()
        assert run(worker, RC).complete
        assert worker.pid == pid


def test_a_closed_worker_leaves_no_process_behind() -> None:
    worker = PySpiceWorker()
    pid = worker.pid
    thread = threading.Thread(target=run, args=(worker, ENDLESS, Limits(time_s=60)))
    thread.start()
    copies = wait_for(lambda: children(pid))
    os.kill(pid, signal.SIGKILL)
    thread.join()
    wait_for(lambda: not any(is_running(copy) for copy in copies))
    worker.close()
    assert not is_running(pid)


def test_memory_of_the_worker_does_not_grow_with_its_runs() -> None:
    with PySpiceWorker() as worker:
        run(worker, RC)
        (first,), before = children(worker.pid), resident_bytes(worker.pid)
        for _ in range(100):
            run(worker, RC)
        (last,) = wait_for(lambda: children(worker.pid))
        assert last != first  # the library leaks about 37 kB a run, in a copy that is replaced
        assert resident_bytes(worker.pid) - before < 1_000_000


def test_the_callers_process_loads_neither_pyspice_nor_the_library() -> None:
    program = (
        "import sys; from pathlib import Path; from neurokit.simulation import simulate, Netlist\n"
        f"assert simulate(Netlist('rc', {RC!r}), 'pyspice').complete\n"
        "assert not [name for name in sys.modules if name.startswith('PySpice')]\n"
        "assert 'libngspice' not in Path('/proc/self/maps').read_text()\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_one_file_imports_pyspice() -> None:
    package = Path(pyspice.__file__).parents[1]
    imports = re.compile(r"^\s*(import|from) PySpice", re.MULTILINE)
    importing = [path.name for path in package.rglob("*.py") if imports.search(path.read_text(encoding="utf-8"))]
    assert importing == ["pyspice_process.py"]


def test_a_library_that_is_not_there_is_an_outcome_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyspice, "_WORKER_PROGRAM", "raise SystemExit('nothing here')")
    monkeypatch.setattr(pyspice, "_IDLE", pyspice.IdleWorkers())
    outcome = pyspice.run(Netlist("rc", RC), QUICK)
    assert outcome.cause is Cause.NO_SIMULATOR
    assert "nothing here" in outcome.explain()
    assert outcome.advice


def test_callers_in_different_threads_get_workers_of_their_own() -> None:
    outcomes: list[Outcome] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(pyspice.run(Netlist("rc", RC), QUICK))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.status for outcome in outcomes] == [Status.OK] * 3
    assert_equal(outcomes[0], outcomes[1])


def test_of_millions_of_lines_the_first_and_the_last_are_kept() -> None:
    lines: list[str] = []
    for number in range(20_000):
        pyspice._append_bounded(lines, str(number))
    assert len(lines) <= pyspice._MOST_LINES
    assert (lines[0], lines[-1]) == ("0", "19999")


def children(pid: int) -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if parent_of(path) == pid]


def parent_of(path: Path) -> int:
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def wait_for(condition):  # type: ignore[no-untyped-def]
    while not (value := condition()):
        time.sleep(0.01)
    return value
