"""Who computes the points: processes of this machine, or a running Dask cluster; both are `concurrent.futures`.

Points are pure, so a point whose worker died is given to another. One that takes several workers with it is lost, with
that as its cause, and does not hold up the others.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType

from neurokit.errors import NeurokitError
from neurokit.simulation.pool import checked_jobs
from neurokit.sweeps.spec import Row, SweepSpec, Values
from neurokit.sweeps.work import evaluate, lost

CHUNK = {
    "ngspice": 1,
    "monte-carlo": 1,
    "twin": 256,
}  # points of a task: a task costs a millisecond, a point of the twin a tenth of one
TRIES_ALONE = 2  # of a chunk that was under way when a worker died
SUSPECTS = 2 * (os.cpu_count() or 1) + 2  # chunks first in line when a worker dies: one of them was its death

OpenExecutor = Callable[[], AbstractContextManager[Executor]]


def local_processes(jobs: int | None = None) -> OpenExecutor:
    """As many processes as cores, or `jobs`; they end with this one, however it ends."""
    count = checked_jobs(jobs)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([evaluate.__module__])  # imported once, not by every worker

    @contextmanager
    def opened() -> Iterator[Executor]:
        pool = ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent)
        try:
            yield pool
        except BaseException:  # a Ctrl-C, or a strict sweep's failure: nobody waits for what is under way
            for worker in list(pool._processes.values()):
                worker.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    return opened


def dask_cluster(address: str) -> OpenExecutor:
    """The workers of a Dask scheduler that is running, such as tcp://host:8786."""
    try:
        from distributed import Client
    except ImportError:
        raise NeurokitError("--scheduler needs Dask: pip install 'neurokit[dask]'") from None

    @contextmanager
    def opened() -> Iterator[Executor]:
        try:
            client = Client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise NeurokitError(f"no Dask scheduler answers at {address}: {error}") from None
        with client:
            yield client.get_executor(pure=False)

    return opened


class Workers:
    """An executor that is open while the `with` lasts, and replaced when it breaks."""

    def __init__(self, open_executor: OpenExecutor) -> None:
        self._open = open_executor

    def __enter__(self) -> "Workers":
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.__exit__(kind, error, trace)

    def rows(self, spec: SweepSpec, engine: str, points: Sequence[Values]) -> Iterator[list[Row]]:
        """The points' rows as they come, in any order; closing the iterator leaves the rest uncomputed."""
        size = CHUNK[engine]
        waiting: list[Sequence[Values]] = [points[k : k + size] for k in range(0, len(points), size)]
        while waiting:
            waiting = yield from self._together(spec, engine, waiting)
            suspects, waiting = waiting[:SUSPECTS], waiting[SUSPECTS:]
            for chunk in suspects:
                yield from self._alone(spec, engine, chunk)

    def _together(
        self, spec: SweepSpec, engine: str, chunks: Sequence[Sequence[Values]]
    ) -> Generator[list[Row], None, list[Sequence[Values]]]:
        """All at once; returns what is left when a worker takes the executor with it, in the order of submission."""
        tasks = {self._executor.submit(evaluate, spec, engine, chunk): chunk for chunk in chunks}
        unfinished: list[Sequence[Values]] = []
        try:
            for task in as_completed(tasks):
                try:
                    rows = task.result()
                except Exception as error:
                    if not _worker_died(error):
                        raise
                    chunk = tasks[task]
                    if type(error).__name__ == "KilledWorker" and len(chunk) == 1:  # the scheduler gave it to several
                        yield [lost(engine, chunk[0], f"its worker died each time: {error}")]
                    else:
                        unfinished.append(chunk)
                else:
                    yield rows
        finally:
            for task in tasks:
                task.cancel()
        if unfinished:
            self._restart()
        left = {id(chunk) for chunk in unfinished}
        return [chunk for chunk in chunks if id(chunk) in left]

    def _alone(self, spec: SweepSpec, engine: str, chunk: Sequence[Values]) -> Iterator[list[Row]]:
        """One chunk with nobody beside it, so that a death is its own; then its points one by one."""
        for _ in range(TRIES_ALONE):
            try:
                rows = self._executor.submit(evaluate, spec, engine, chunk).result()
            except Exception as error:
                if not _worker_died(error):
                    raise
                self._restart()
            else:
                yield rows
                return
        if len(chunk) == 1:
            yield [lost(engine, chunk[0], f"its worker died each of {TRIES_ALONE + 1} times")]
            return
        for values in chunk:
            yield from self._alone(spec, engine, [values])

    def _start(self) -> None:
        self._opened = self._open()
        self._executor = self._opened.__enter__()

    def _restart(self) -> None:
        self._opened.__exit__(None, None, None)
        self._start()


def _worker_died(error: Exception) -> bool:
    """Whether this is how an executor says that a process is gone; Dask's class is known by name, it may be missing."""
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def _end_with_parent() -> None:
    """Let a worker end with the process that asked for it: after a kill -9 nobody else would tell it to."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - this is a worker

    def watch() -> None:
        wait([parent.sentinel])
        _leave()

    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=watch, daemon=True).start()


def _leave(*_: object) -> None:
    """End this worker and the simulation that it waits for; an exception would only take it to its next task."""
    for listed in Path("/proc/self/task").glob("*/children"):  # on Linux; elsewhere a simulation runs to its own end
        for child in map(int, listed.read_text().split()):
            for end in (os.killpg, os.kill):  # one that has just been forked leads no group yet
                with suppress(OSError):
                    end(child, signal.SIGKILL)
    os._exit(1)
