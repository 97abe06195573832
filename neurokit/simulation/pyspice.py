"""The PySpice back end as its caller sees it: ngspice's shared library, in worker processes that cannot hurt anyone.

    caller    the user's process, and this file; it never loads PySpice
    worker    a process of `pyspice_process.py` that does, and that runs each netlist in a copy of itself

Every run has a pipe of its own from the copy to the caller: it ends with the run or with the copy, whatever
ended that, and what was sent before has arrived.
"""

import atexit
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.netlist import Netlist
from neurokit.errors import SimulatorMissingError
from neurokit.simulation.cards import has_control
from neurokit.simulation.causes import diagnose, failed, judged
from neurokit.simulation.ngspice import neurokit_version
from neurokit.simulation.outcome import Cause, Limits, Outcome, Waveforms
from neurokit.simulation.pyspice_protocol import (
    GRACE_S,
    LINE,
    PLOTS,
    SCALES,
    VECTOR,
    WORKER_MODULE,
    Frames,
    Stopped,
    readable,
    receive_json,
    send_request,
)
from neurokit.simulation.rawfile import written_plots

ENGINE = "pyspice"

Vector = NDArray[np.float64] | NDArray[np.complex128]

_START_S = 60.0  # a worker that says nothing for so long will not start
_MOST_LINES = 4000  # kept of a simulator's lines, first and last halves: a run in trouble can print millions

_WORKER_PROGRAM = f"import sys; from {WORKER_MODULE} import serve; serve(int(sys.argv[1]))"

_END_CARD = re.compile(r"\s*\.end(\s.*)?\Z", re.IGNORECASE)
_LINE_BREAKS = re.compile(r"\r\n|\n|\r")
_LIMITS: Mapping[str, Cause] = {"time": Cause.TIME_LIMIT, "memory": Cause.MEMORY_LIMIT, "output": Cause.OUTPUT_LIMIT}


def run(netlist: Netlist, limits: Limits, directory: str | Path | None = None) -> Outcome:
    """What PySpice's shared library makes of a netlist; files it includes are looked for from `directory`.

    Workers are kept for the next call, one for each thread that is in here at the same time, and end with
    the process. Whoever wants to say how long a worker lives uses `PySpiceWorker`.
    """
    try:
        worker = _IDLE.take()
    except SimulatorMissingError as error:
        return failed(netlist, ENGINE, Cause.NO_SIMULATOR, str(error))
    try:
        return worker.run(netlist, limits, directory)
    finally:
        _IDLE.give_back(worker)


def facts() -> Mapping[str, str]:
    """The releases of ngspice and PySpice, the library's place and extensions; SimulatorMissingError if none runs."""
    worker = _IDLE.take()
    try:
        return worker.facts
    finally:
        _IDLE.give_back(worker)


@dataclass(frozen=True)
class Answer:
    """What came back of one run: the simulator's lines and vectors, and how its process ended."""

    lines: tuple[str, ...] = ()
    plots: tuple[Waveforms, ...] = ()
    stopped_by: str = ""  # the limit that ended it: "time", "output", or nothing
    exit_status: int = 0  # of the copy; negative: ended by that signal
    cpu_s: float = 0.0
    wall_s: float = 0.0


class PySpiceWorker:
    """A process that holds PySpice and the shared library ready; use it in a `with`, or close it.

    It runs one netlist at a time. A worker that was killed is replaced at the next run.
    """

    def __init__(self) -> None:
        self._runs = 0
        self._start()

    def __enter__(self) -> "PySpiceWorker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def run(self, netlist: Netlist, limits: Limits, directory: str | Path | None = None) -> Outcome:
        """One netlist, in a copy of the worker; without a `directory`, in an empty folder."""
        if directory is not None:
            return self._run_in(netlist, limits, directory)
        with tempfile.TemporaryDirectory(prefix="neurokit-", ignore_cleanup_errors=True) as folder:
            return self._run_in(netlist, limits, folder)

    def _run_in(self, netlist: Netlist, limits: Limits, directory: str | Path) -> Outcome:
        try:
            answer = self.answer(netlist.text, limits, directory)
        except Stopped:
            return failed(netlist, ENGINE, Cause.INTERRUPTED, "stopped from outside: what it computed is lost")
        return _outcome(netlist, answer, _plots_of(answer, Path(directory)), self.versions)

    @property
    def versions(self) -> Mapping[str, str]:
        """Which releases make a result."""
        return {"neurokit": neurokit_version()} | {name: self.facts[name] for name in ("ngspice", "pyspice")}

    def answer(self, text: str, limits: Limits, directory: str | Path) -> Answer:
        """What the simulator says and computes for a netlist's text, before anybody judges it."""
        if self._process.poll() is not None:
            self.close()
            self._start()
        started = time.monotonic()
        said_before = _size(self._stray_output)
        self._runs += 1
        try:
            while readable(self._control.fileno(), 0.0) and receive_json(self._control):
                pass  # news of copies that died between two runs
            lines, plots = self._converse(_request(self._runs, text, limits, directory), limits)
            end = self._end_of_run()
        except BaseException:  # an interrupt between two frames too leaves nothing that could be talked to
            self.close()
            raise
        return Answer(
            lines=(*lines, *self._last_words(end, said_before)),
            plots=plots,
            stopped_by=end["stopped_by"],
            exit_status=end["exit_status"],
            cpu_s=end["cpu_s"],
            wall_s=time.monotonic() - started,
        )

    def close(self) -> None:
        """End the worker and whatever it runs."""
        with suppress(OSError):  # it may be gone already
            self._control.shutdown(socket.SHUT_RDWR)  # the worker ends with this line, and its copy with it
        self._control.close()
        try:
            self._process.wait(timeout=GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stray_output.close()

    def _start(self) -> None:
        self._stray_output = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        self._control, theirs = socket.socketpair()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-P", "-W", "ignore", "-c", _WORKER_PROGRAM, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=self._stray_output,
            stderr=self._stray_output,
            env=_worker_environment(),
            pass_fds=(theirs.fileno(),),
            start_new_session=True,  # a Ctrl-C in the terminal is the caller's to handle
        )
        theirs.close()
        try:
            self.facts = self._greeting()
        except BaseException:
            self.close()
            raise

    def _greeting(self) -> Mapping[str, str]:
        self._control.settimeout(_START_S)
        greeting = receive_json(self._control)
        self._control.settimeout(None)
        if greeting is None:
            raise SimulatorMissingError(f"the PySpice worker does not start: {_written_since(self._stray_output, 0)}")
        if "error" in greeting:
            raise SimulatorMissingError(greeting["error"])
        return greeting

    def _converse(self, request: Mapping[str, Any], limits: Limits) -> tuple[Sequence[str], tuple[Waveforms, ...]]:
        """Send the request with the pipe for its answer, and read that to its end."""
        reading, writing = os.pipe()
        with open(reading, "rb", buffering=0) as pipe:
            send_request(self._control, request, writing)
            os.close(writing)
            return _read_answer(Frames(pipe.fileno(), limits.time_s + 10 * GRACE_S, limits.stop))

    def _last_words(self, end: Mapping[str, Any], said_before: int) -> Sequence[str]:
        """What a copy that died wrote past the library's own channel, such as the C library's complaints."""
        if end["exit_status"] == 0:
            return ()
        said = _written_since(self._stray_output, said_before).splitlines()
        lost = ["the run had to be ended from outside: what it computed is lost"] if end["stopped_by"] else []
        return tuple(f"stderr {line}" for line in (*said, *lost))

    def _end_of_run(self) -> Mapping[str, Any]:
        """How the run ended, as its copy says or, if that has died, the worker."""
        with suppress(ConnectionError):
            while (end := receive_json(self._control)) is not None:
                if end["run"] == self._runs:
                    return end
                if end["run"] == 0:  # a copy died while it was told what to run: nobody else will speak
                    self._process.kill()
                    self._process.wait()
                    return end
        self._process.wait()
        return {"exit_status": self._process.returncode, "cpu_s": 0.0, "stopped_by": ""}


class IdleWorkers:
    """The workers between two calls of `run`: taken by one caller at a time, started when there is none.

    This is the one piece of state that a module of neurokit holds, `_IDLE` below. Without it each call
    would pay the third of a second that PySpice takes to load, or every caller would have to carry a worker
    about. It holds no results, and a run does not depend on the worker that it got.
    """

    def __init__(self) -> None:
        # By process: a fork of the caller must not talk to workers of its parent, nor close them.
        self._workers: defaultdict[int, deque[PySpiceWorker]] = defaultdict(deque)

    def take(self) -> PySpiceWorker:
        try:
            return self._workers[os.getpid()].pop()  # atomic
        except IndexError:
            return PySpiceWorker()

    def give_back(self, worker: PySpiceWorker) -> None:
        self._workers[os.getpid()].append(worker)

    def close(self) -> None:
        workers = self._workers[os.getpid()]
        while workers:
            workers.pop().close()


_IDLE = IdleWorkers()
atexit.register(_IDLE.close)


def _plots_of(answer: Answer, directory: Path) -> tuple[Waveforms, ...]:
    """The plots with points; a `.control` block that ends by `quit` leaves only the files that it wrote."""
    plots = answer.plots or written_plots(_stream(answer.lines, "stdout"), directory)
    return tuple(plot for plot in plots if len(plot))


def _outcome(netlist: Netlist, answer: Answer, plots: tuple[Waveforms, ...], versions: Mapping[str, str]) -> Outcome:
    """The answer judged as that of every other back end is."""
    found = diagnose(
        netlist,
        plots,
        errors=_stream(answer.lines, "stderr"),
        output=_stream(answer.lines, "stdout"),
        exit_code=answer.exit_status,
        limit=_LIMITS.get(answer.stopped_by),
    )
    return judged(found, netlist, ENGINE, plots, versions, answer.cpu_s, answer.wall_s)


def _stream(lines: Iterable[str], name: str) -> str:
    """What the simulator wrote to one of its streams; lines come with the name of theirs in front."""
    return "\n".join(line.partition(" ")[2] for line in lines if line.startswith(name))


def _worker_environment() -> dict[str, str]:
    """The caller's environment, with its import path and without what would make importing PySpice fail."""
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"}
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a fork copies one thread only
    return kept | one_thread | {"PYTHONPATH": path}


def _request(run: int, text: str, limits: Limits, directory: str | Path) -> Mapping[str, Any]:
    return {
        "run": run,
        "lines": _circuit_lines(text),
        "directory": str(Path(directory).absolute()),
        "time_s": limits.time_s,
        "memory_bytes": limits.memory_bytes,
        "output_bytes": limits.output_bytes,
        "has_control": has_control(text),
        "seed": secrets.randbelow(2**31 - 1) + 1,
    }


def _circuit_lines(text: str) -> list[str]:
    """The lines as the library takes them: none empty, and one `.end`, which is what makes it parse them.

    `ngspice -b` forgives a missing `.end` and reads on behind one; the library would ignore the whole netlist
    in the first case and what follows in the second. PySpice drops empty lines, a title among them, so that
    the simulator's line numbers would be wrong: a comment stands in for them.
    """
    readable = text.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")
    lines = (line for line in _LINE_BREAKS.split(readable) if not _END_CARD.match(line))
    return [*("*" if not line.strip() else line for line in lines), ".end"]


def _read_answer(frames: Iterable[tuple[bytes, bytearray]]) -> tuple[Sequence[str], tuple[Waveforms, ...]]:
    """Lines and plots of a run, as far as they have come."""
    lines: list[str] = []
    headers: list[dict[str, Any]] = []
    vectors: list[bytearray] = []
    for kind, body in frames:
        if kind == LINE:
            _append_bounded(lines, body.decode("utf-8", errors="replace"))
        elif kind == PLOTS:
            headers = json.loads(body)
        elif kind == VECTOR:
            vectors.append(body)
    return lines, _plots(headers, vectors)


def _append_bounded(lines: list[str], line: str) -> None:
    lines.append(line)
    if len(lines) > _MOST_LINES:
        half = _MOST_LINES // 2
        del lines[half : half + half // 2]


def _plots(headers: Sequence[Mapping[str, Any]], vectors: Sequence[bytearray]) -> tuple[Waveforms, ...]:
    """The plots whose vectors have all arrived."""
    remaining = iter(vectors)
    plots = []
    for header in headers:
        arrays = [_array(body, is_complex) for is_complex, body in zip(header["complex"], remaining, strict=False)]
        if len(arrays) < len(header["names"]):
            break
        plots.append(_waveforms(header["plot"], dict(zip(header["names"], arrays, strict=True))))
    return tuple(plots)


def _array(body: bytearray, is_complex: bool) -> Vector:
    return np.frombuffer(body, dtype=np.complex128) if is_complex else np.frombuffer(body, dtype=np.float64)


def _waveforms(plot: str, arrays: dict[str, Vector]) -> Waveforms:
    """One plot as the raw file of the same run would give it: the scale first and real, all of one length."""
    scale = next((name for name in SCALES if name in arrays), next(iter(arrays)))
    longest = len(arrays[scale])
    # A run that was halted between two vectors leaves some one point longer than others; a vector that the
    # simulator could not compute is shorter than that, mostly empty, and is left out.
    points = min(len(values) for values in arrays.values() if len(values) >= max(longest - 1, min(longest, 1)))
    ordered = {scale: arrays[scale]} | arrays
    signals = {name: values[:points] for name, values in ordered.items() if len(values) >= points}
    if scale in ("time", "frequency"):  # complex in an AC analysis, real by nature
        signals[scale] = np.ascontiguousarray(signals[scale].real)
    return Waveforms(name=plot, scale=scale, signals=signals)


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size


def _written_since(file: IO[bytes], start: int) -> str:
    """The end of what the worker wrote; read past the file's position, which the worker shares."""
    size = _size(file)
    return os.pread(file.fileno(), size, max(start, size - 2000)).decode("utf-8", errors="replace").strip()
