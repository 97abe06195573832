"""Many simulations at once: all cores busy, results in order, and nothing left running after a Ctrl-C.

Each simulation is a process of its own (ngspice, or a copy of a PySpice worker), so threads are enough to
keep the cores busy: they wait, and read results in a fraction of the time that computing them takes.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from signal import SIGKILL

import neurokit.simulation as engine
from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.simulation.cache import Cache
from neurokit.simulation.causes import ADVICE
from neurokit.simulation.outcome import Cause, Limits, Outcome, Status

Progress = Callable[[int, int, int], None]  # called with done, failed, total

_STOP_POLL_S = 0.05
_PYSPICE_WORKER = "neurokit.simulation.pyspice"  # stands in the command line of one


def simulate_many(
    netlists: Sequence[Netlist],
    *,
    jobs: int | None = None,
    backend: str = "ngspice",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    cache: Cache | None = None,
    progress: bool | Progress = False,
    retry: bool = True,
    safe: bool = False,
    directory: str | Path | None = None,
) -> list[Outcome]:
    """One outcome for each netlist, in their order; `jobs` at a time, by default one for each core.

    A simulation that fails, or whose process dies, is an outcome like every other. Who wants to keep what
    is complete when interrupted gives a `cache`, or uses `simulate_each`.
    """
    outcomes: dict[int, Outcome] = {}
    run = simulate_each(
        netlists,
        jobs=jobs,
        backend=backend,
        limits=limits,
        cache=cache,
        retry=retry,
        safe=safe,
        directory=directory,
    )
    with _progress(progress, len(netlists)) as report, closing(run):
        failed = 0
        for index, outcome in run:
            outcomes[index] = outcome
            failed += not outcome.complete
            report(len(outcomes), failed, len(netlists))
    return [outcomes[index] for index in range(len(netlists))]


def simulate_each(
    netlists: Sequence[Netlist],
    *,
    jobs: int | None = None,
    backend: str = "ngspice",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    cache: Cache | None = None,
    retry: bool = True,
    safe: bool = False,
    directory: str | Path | None = None,
) -> Generator[tuple[int, Outcome], None, None]:
    """Each netlist's number and outcome as soon as it is there; closing the iterator ends what still runs."""
    count = _checked_jobs(jobs)
    if backend not in engine.BACKENDS:
        raise NeurokitError(f"no back end {backend!r}: there are {', '.join(engine.BACKENDS)}")
    simulate = engine.simulate if cache is None else cache.simulate
    run = partial(simulate, backend=backend, limits=limits, retry=retry, safe=safe, directory=directory)
    return _as_completed(partial(_outcome, run, backend), netlists, count)


def _checked_jobs(jobs: int | None) -> int:
    if jobs is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if jobs < 1:
        raise OutOfRangeError(f"jobs is {jobs}: it must be at least 1")
    return jobs


def _as_completed(
    run: Callable[[Netlist], Outcome], netlists: Sequence[Netlist], jobs: int
) -> Generator[tuple[int, Outcome], None, None]:
    others = _simulators("ngspice")
    executor = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="neurokit")
    futures = {executor.submit(run, netlist): index for index, netlist in enumerate(netlists)}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        _stop(executor, futures, others)


def _outcome(simulate: Callable[[Netlist], Outcome], backend: str, netlist: Netlist) -> Outcome:
    """One simulation; where the machine refuses a process or a file, an outcome that says so."""
    try:
        return simulate(netlist)
    except (OSError, NeurokitError) as error:
        cause = Cause.SIMULATOR_DIED
        return Outcome(Status.FAILED, netlist, backend, cause=cause, messages=(str(error),), advice=ADVICE[cause])


def _stop(executor: ThreadPoolExecutor, futures: Iterable[Future[Outcome]], others: set[int]) -> None:
    """Begin nothing more, and end what runs: again and again, as a failed run may be tried once more."""
    executor.shutdown(wait=False, cancel_futures=True)
    while running := [future for future in futures if not future.done()]:  # `wait` waits for cancelled ones too
        for pid in (_simulators("ngspice") - others) | _simulators(_PYSPICE_WORKER):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, SIGKILL)
        wait(running, timeout=_STOP_POLL_S)
    executor.shutdown(wait=True)


def _simulators(program: str) -> set[int]:
    """The simulators that this process has started; each leads a process group.

    A thread cannot be interrupted while it waits for its simulator, so the simulator is ended instead.
    PySpice's workers are kept from run to run: one that is ended without need is replaced at its next run.
    """
    return {
        pid
        for pid, parent, group, command in _processes()
        if parent == os.getpid() and group == pid and program in command
    }


def _processes() -> Iterator[tuple[int, int, int, str]]:
    """Number, parent, process group and command line of every process."""
    if Path("/proc/self/stat").exists():
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has just ended
                fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
                yield int(folder.name), int(fields[1]), int(fields[2]), (folder / "cmdline").read_text(errors="replace")
        return
    listing = subprocess.run(
        ["/bin/ps", "-A", "-o", "pid=,ppid=,pgid=,args="], capture_output=True, text=True, check=True
    ).stdout
    for line in listing.splitlines():
        pid, parent, group, command = line.split(None, 3)
        yield int(pid), int(parent), int(group), command


@contextmanager
def _progress(progress: bool | Progress, total: int) -> Iterator[Progress]:
    """Where to report to: the caller's function, a bar on a terminal's stderr, or nowhere."""
    if callable(progress):
        yield progress
    elif progress and sys.stderr.isatty():
        with _bar(total) as report:
            yield report
    else:
        yield lambda done, failed, total: None


@contextmanager
def _bar(total: int) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, TextColumn("{task.description}"), console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=total)

        def report(done: int, failed: int, total: int) -> None:
            bar.update(task, completed=done, description=f"[red]{failed} failed" if failed else "")

        yield report
