"""Many simulations at once: all cores busy, results in order, and nothing left running after a Ctrl-C.

Each simulation is a process of its own (ngspice, or a copy of a PySpice worker), so threads are enough to
keep the cores busy: they wait, and read results in a fraction of the time that computing them takes.
"""

import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.simulation import engine
from neurokit.simulation.cache import Cache
from neurokit.simulation.causes import failed
from neurokit.simulation.outcome import Cause, Limits, Outcome
from neurokit.simulation.stop import Stop

Progress = Callable[[int, int, int], None]  # called with done, failed, total


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
        failures = 0
        for index, outcome in run:
            outcomes[index] = outcome
            failures += not outcome.complete
            report(len(outcomes), failures, len(netlists))
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
    count = checked_jobs(jobs)
    if backend not in engine.BACKENDS:
        raise NeurokitError(f"no back end {backend!r}: there are {', '.join(engine.BACKENDS)}")
    simulate = engine.simulate if cache is None else cache.simulate
    stop = Stop()  # closing the iterator ends its own simulations and nobody else's
    limits = replace(limits, stop=stop)
    run = partial(simulate, backend=backend, limits=limits, retry=retry, safe=safe, directory=directory)
    return _as_completed(partial(_outcome, run, backend), netlists, count, stop)


def checked_jobs(jobs: int | None) -> int:
    """So many simulations at a time; by default one for each core that this process may use."""
    if jobs is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if jobs < 1:
        raise OutOfRangeError(f"jobs is {jobs}: it must be at least 1")
    return jobs


def _as_completed(
    run: Callable[[Netlist], Outcome], netlists: Sequence[Netlist], jobs: int, stop: Stop
) -> Generator[tuple[int, Outcome], None, None]:
    executor = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="neurokit")
    futures = {executor.submit(run, netlist): index for index, netlist in enumerate(netlists)}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        stop.set()
        executor.shutdown(wait=True, cancel_futures=True)


def _outcome(simulate: Callable[[Netlist], Outcome], backend: str, netlist: Netlist) -> Outcome:
    """One simulation; where the machine refuses a process or a file, an outcome that says so."""
    try:
        return simulate(netlist)
    except (OSError, NeurokitError) as error:
        return failed(netlist, backend, Cause.SIMULATOR_DIED, str(error))


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
