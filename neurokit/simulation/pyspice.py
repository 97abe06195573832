"""The PySpice back end: ngspice's shared library behind PySpice, in worker processes that cannot hurt the caller.

    caller    the user's process; it never loads PySpice
    worker    loads PySpice and the library once, and then only forks copies of itself and watches them
    copy      runs netlists, one after the other; it sends the simulator's lines as they come, the vectors at the end

A copy is replaced by a fresh one, for the 8 ms that a fork costs, after anything but a plain success, after a
`.control` block, and after 100 runs. So neither the memory that the library leaks (37 MB in 1000 runs), nor
what it remembers of a failed netlist, nor its habit of taking its process along when it gives up reaches the
next run, and PySpice is loaded once.

Every run has a pipe of its own from the copy to the caller: it ends with the run or with the copy, whatever
ended that, and what was sent before has arrived. Numbers travel as bytes and the rest as JSON; nothing is
unpickled.

The analyses run in ngspice's background thread, because only that can be halted with its results kept. A
`.control` block is executed before that, as `ngspice -b` does; there the worker can only end the copy.
"""

import atexit
import ctypes.util
import gc
import json
import logging
import os
import re
import resource
import secrets
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError, SimulatorMissingError
from neurokit.simulation.cards import has_control
from neurokit.simulation.causes import ADVICE, diagnose
from neurokit.simulation.kept import keep_netlist
from neurokit.simulation.outcome import Cause, Limits, Outcome, Status, Waveforms
from neurokit.simulation.rawfile import read_raw

ENGINE = "pyspice"

Vector = NDArray[np.float64] | NDArray[np.complex128]

_START_S = 60.0  # a worker that says nothing for so long will not start
_GRACE_S = 3.0  # for the library to halt after its time is up; then the copy is ended
_POLL_S = 0.05  # how often a copy looks at its output and whether anyone still waits for it
_RUNS_PER_COPY = 100
_MOST_GROWTH = 2**26  # bytes that a copy may have come to occupy before it is replaced
_OUT_OF_MEMORY, _OUT_OF_TIME, _HUNG_UP = 77, 78, 79  # exit statuses of a copy; the last: no more netlists come
_MOST_LINES = 4000  # kept of a simulator's lines, first and last halves: a run in trouble can print millions
_STOPPED_BY: Mapping[int, str] = {_OUT_OF_MEMORY: "memory", _OUT_OF_TIME: "time"}

_FRAME = struct.Struct("!cQ")  # kind, bytes that follow
_REQUEST = struct.Struct("!Q")
_NEWS = struct.Struct("!cQdd")  # from copy to worker: kind, number of the run, CPU time before it, its time limit (s)
_STARTED, _COMPUTED, _DONE = b"S", b"C", b"D"
_LINE, _PLOTS, _VECTOR = b"L", b"P", b"V"

_WORKER_PROGRAM = "import sys; from neurokit.simulation.pyspice import serve; serve(int(sys.argv[1]))"

_LIBRARY_NAMES = ("libngspice.so.0", "libngspice.so", "libngspice.0.dylib", "libngspice.dylib")
_LIBRARY_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")

_END_CARD = re.compile(r"\s*\.end(\s.*)?\Z", re.IGNORECASE)
_WRITTEN_FILE = re.compile(r'^(?:binary|ASCII) raw file "(.*)"', re.MULTILINE | re.IGNORECASE)
_LINE_BREAKS = re.compile(r"\r\n|\n|\r")
_LIMITS: Mapping[str, Cause] = {"time": Cause.TIME_LIMIT, "memory": Cause.MEMORY_LIMIT, "output": Cause.OUTPUT_LIMIT}
_VOLTAGE, _CURRENT = 3, 4  # ngspice's vector types (its sim.h)
_SCALES = ("time", "frequency", "v-sweep", "i-sweep", "temp-sweep", "res-sweep")


def run(netlist: Netlist, limits: Limits, directory: str | Path | None = None) -> Outcome:
    """What PySpice's shared library makes of a netlist; files it includes are looked for from `directory`.

    Workers are kept for the next call, one for each thread that is in here at the same time, and end with
    the process. Whoever wants to say how long a worker lives uses `PySpiceWorker`.
    """
    try:
        worker = _IDLE.take()
    except SimulatorMissingError as error:
        return _no_simulator(netlist, str(error))
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
        answer = self.answer(netlist.text, limits, directory)
        return _outcome(netlist, answer, _plots_of(answer, Path(directory)), self.versions)

    @property
    def versions(self) -> Mapping[str, str]:
        """Which releases make a result."""
        return {"neurokit": version("neurokit")} | {name: self.facts[name] for name in ("ngspice", "pyspice")}

    def answer(self, text: str, limits: Limits, directory: str | Path) -> Answer:
        """What the simulator says and computes for a netlist's text, before anybody judges it."""
        if self._process.poll() is not None:
            self.close()
            self._start()
        started = time.monotonic()
        said_before = _size(self._stray_output)
        self._runs += 1
        try:
            while _readable(self._control.fileno(), 0.0) and _receive_json(self._control):
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
            self._process.wait(timeout=_GRACE_S)
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
        greeting = _receive_json(self._control)
        self._control.settimeout(None)
        if greeting is None:
            raise SimulatorMissingError(f"the PySpice worker does not start: {_written_since(self._stray_output, 0)}")
        if "error" in greeting:
            raise SimulatorMissingError(greeting["error"])
        return greeting

    def _converse(self, request: bytes, limits: Limits) -> tuple[Sequence[str], tuple[Waveforms, ...]]:
        """Send the request with the pipe for its answer, and read that to its end."""
        reading, writing = os.pipe()
        with open(reading, "rb", buffering=0) as pipe:
            with suppress(BrokenPipeError):  # a worker that has just died shows as an empty answer
                socket.send_fds(self._control, [_REQUEST.pack(len(request))], [writing])
                self._control.sendall(request)
            os.close(writing)
            return _read_answer(_Frames(pipe.fileno(), limits.time_s + 10 * _GRACE_S))

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
            while (end := _receive_json(self._control)) is not None:
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
    plots = answer.plots
    if not plots:
        written = _WRITTEN_FILE.findall(_stream(answer.lines, "stdout"))
        files = (directory / name for name in dict.fromkeys(written))
        plots = tuple(plot for file in files if file.is_file() for plot in read_raw(file))
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
    return Outcome(
        status=found.status,
        netlist=netlist,
        engine=ENGINE,
        plots=plots,
        cause=found.cause,
        messages=found.messages,
        advice=found.advice,
        netlist_path=None if found.status is Status.OK else keep_netlist(netlist),
        versions=versions,
        cpu_s=answer.cpu_s,
        wall_s=answer.wall_s,
    )


def _stream(lines: Iterable[str], name: str) -> str:
    """What the simulator wrote to one of its streams; lines come with the name of theirs in front."""
    return "\n".join(line.partition(" ")[2] for line in lines if line.startswith(name))


def _no_simulator(netlist: Netlist, message: str) -> Outcome:
    return Outcome(
        status=Status.FAILED,
        netlist=netlist,
        engine=ENGINE,
        cause=Cause.NO_SIMULATOR,
        messages=(message,),
        advice=ADVICE[Cause.NO_SIMULATOR],
    )


def _worker_environment() -> dict[str, str]:
    """The caller's environment, with its import path and without what would make importing PySpice fail."""
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"}
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a fork copies one thread only
    return kept | one_thread | {"PYTHONPATH": path}


def _request(run: int, text: str, limits: Limits, directory: str | Path) -> bytes:
    request = {
        "run": run,
        "lines": _circuit_lines(text),
        "directory": str(Path(directory).absolute()),
        "time_s": limits.time_s,
        "memory_bytes": limits.memory_bytes,
        "output_bytes": limits.output_bytes,
        "has_control": has_control(text),
        "seed": secrets.randbelow(2**31 - 1) + 1,
    }
    return json.dumps(request).encode()


def _circuit_lines(text: str) -> list[str]:
    """The lines as the library takes them: none empty, and one `.end`, which is what makes it parse them.

    `ngspice -b` forgives a missing `.end` and reads on behind one; the library would ignore the whole netlist
    in the first case and what follows in the second. PySpice drops empty lines, a title among them, so that
    the simulator's line numbers would be wrong: a comment stands in for them.
    """
    readable = text.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")
    lines = (line for line in _LINE_BREAKS.split(readable) if not _END_CARD.match(line))
    return [*("*" if not line.strip() else line for line in lines), ".end"]


class _Frames:
    """Frames from a pipe, one after the other, until its end; a frame that was cut off counts as the end."""

    def __init__(self, pipe: int, patience_s: float) -> None:
        self._pipe = pipe
        self._patience_s = patience_s
        self._poll = select.poll()
        self._poll.register(pipe, select.POLLIN)

    def __iter__(self) -> Iterator[tuple[bytes, bytearray]]:
        while (head := self._read(_FRAME.size)) is not None:
            kind, size = _FRAME.unpack(head)
            body = self._read(size)
            if body is None:
                return
            yield kind, body

    def _read(self, size: int) -> bytearray | None:
        buffer = bytearray(size)
        view, done = memoryview(buffer), 0
        while done < size:
            if not self._poll.poll(1000 * self._patience_s):
                raise NeurokitError(f"the PySpice worker has been silent for {self._patience_s:g} s")
            count = os.readv(self._pipe, [view[done:]])
            if count == 0:
                return None
            done += count
        return buffer


def _read_answer(frames: Iterable[tuple[bytes, bytearray]]) -> tuple[Sequence[str], tuple[Waveforms, ...]]:
    """Lines and plots of a run, as far as they have come."""
    lines: list[str] = []
    headers: list[dict[str, Any]] = []
    vectors: list[bytearray] = []
    for kind, body in frames:
        if kind == _LINE:
            _append_bounded(lines, body.decode("utf-8", errors="replace"))
        elif kind == _PLOTS:
            headers = json.loads(body)
        elif kind == _VECTOR:
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
    scale = next((name for name in _SCALES if name in arrays), next(iter(arrays)))
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


# The worker's side: runs in a process of its own, see _WORKER_PROGRAM.


def serve(control_fd: int) -> None:
    """Load the library, greet, and run one copy of this process for each request until the caller hangs up."""
    control = socket.socket(fileno=control_fd)
    try:
        simulator = _open_simulator()
    except Exception as error:
        _send_json(control, {"error": f"PySpice with ngspice's shared library: {error}"})
        return
    _send_json(control, simulator.facts)
    gc.freeze()  # so that a copy's garbage collector does not touch, and thereby duplicate, these pages
    while _run_copy(simulator, control):
        pass


def _open_simulator() -> Any:
    """PySpice's shared library, ready, with the simulator's lines coming to us and to nobody's log."""
    logging.disable(logging.CRITICAL)  # it warns of every release of ngspice after 34 and logs notes as errors
    from PySpice.Spice.NgSpice.Shared import NgSpiceShared, ffi

    class Simulator(NgSpiceShared):  # type: ignore[misc]
        """PySpice's interface without its judgement: lines are passed on, not searched for the word error."""

        LIBRARY_PATH = _library()

        def __init__(self) -> None:
            self.say: Callable[[bytes], None] = lambda line: None
            self.ended, self._ending = os.pipe()  # a byte comes when the analyses have ended
            self.growing: tuple[str, int] | None = None  # a vector of the plot being computed; bytes a point
            super().__init__()
            self.library = self._ngspice_shared

        @property
        def facts(self) -> dict[str, str]:
            return {
                "ngspice": str(self._ngspice_version),
                "pyspice": version("PySpice"),
                "library": str(self.LIBRARY_PATH),
                "extensions": " ".join(self._extensions),
            }

        @staticmethod
        def _send_char(message: Any, _id: int, user_data: Any) -> int:
            self = ffi.from_handle(user_data)
            line = ffi.string(message)
            self._stdout.append(line.partition(b" ")[2].decode("utf-8", errors="replace"))
            self.say(line)
            return 0

        @staticmethod
        def _send_stat(_message: Any, _id: int, _user_data: Any) -> int:
            return 0

        @staticmethod
        def _exit(status: int, _immediate: bool, _quit: bool, _id: int, _user_data: Any) -> int:
            return status

        @staticmethod
        def _send_init_data(data: Any, _id: int, user_data: Any) -> int:
            self, first = ffi.from_handle(user_data), data.vecs[0]
            plot = ffi.string(self.library.ngSpice_CurPlot()).decode()  # `data.name` is its title instead
            name = ffi.string(first.vecname).decode(errors="replace")
            self.growing = (f"{plot}.{name}", data.veccount * (8 if first.is_real else 16))
            return 0

        @staticmethod
        def _background_thread_running(has_ended: bool, _id: int, user_data: Any) -> int:
            if has_ended:  # the library's header says the opposite of what it does
                os.write(ffi.from_handle(user_data)._ending, b".")
            return 0

        def start(self) -> None:
            """Begin the analyses in the library's background thread."""
            while _readable(self.ended, 0.0):  # a .control block may have used that thread before
                os.read(self.ended, 1)
            self.growing = None
            self.exec_command("bg_run")

        def forget(self) -> None:
            """Drop the results and the netlist of a run."""
            self.exec_command("destroy all")
            self.exec_command("remcirc")

        def bytes_in_plot(self) -> int:
            """What the plot being computed holds so far; only its length is read, which is safe meanwhile."""
            if self.growing is None:
                return 0
            vector = self.library.ngGet_Vec_Info(self.growing[0].encode())
            return 0 if vector == ffi.NULL else vector.v_length * self.growing[1]

        @property
        def new_plots(self) -> list[str]:
            """The plots of this run, oldest first, as in a raw file."""
            return [plot for plot in reversed(self.plot_names) if plot != "const"]

        def plot_title(self, plot: str) -> str:
            """The words for a plot that stand in a raw file: "Transient Analysis"."""
            self.exec_command(f"setplot {plot}")
            return str(self.exec_command("echo $curplotname")).strip()

        def vectors(self, plot: str) -> list[tuple[str, bool, Any]]:
            """Name, whether complex, and bytes of each vector of a plot that has any, in a raw file's order."""
            found = []
            for name in reversed(self._convert_string_array(self.library.ngSpice_AllVecs(plot.encode()))):
                vector = self.library.ngGet_Vec_Info(f"{plot}.{name}".encode())
                if vector == ffi.NULL:
                    continue
                is_complex = bool(self._vector_is_complex(vector.v_flags))
                data, size = (vector.v_compdata, 16) if is_complex else (vector.v_realdata, 8)
                held = ffi.buffer(data, vector.v_length * size) if data != ffi.NULL else b""
                found.append((_signal_name(str(name), vector.v_type), is_complex, held))
            return found

    with _no_settings_of_the_user():
        return Simulator()


@contextmanager
def _no_settings_of_the_user() -> Iterator[None]:
    """Keep the library from `~/.spiceinit`: a file in a home directory must not change a result.

    It takes the first of that name, and looks into the current folder first; here an empty one lies there.
    """
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="neurokit-") as folder:
        (Path(folder) / ".spiceinit").touch()
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def _library() -> str:
    """Where ngspice's shared library is: Debian's package for users has only the name with the .0."""
    for candidate in _library_candidates():
        try:
            ctypes.CDLL(candidate)
        except OSError:
            continue
        return candidate
    raise SimulatorMissingError(
        f"none of {', '.join(_LIBRARY_NAMES)} can be loaded; install it (apt-get install libngspice0, "
        "brew install libngspice) or name it in NGSPICE_LIBRARY_PATH"
    )


def _library_candidates() -> Iterator[str]:
    if named := os.environ.get("NGSPICE_LIBRARY_PATH"):
        yield named
    yield from _LIBRARY_NAMES
    folders = (f"{os.environ.get('CONDA_PREFIX', sys.prefix)}/lib", *_LIBRARY_FOLDERS)
    yield from (f"{folder}/{name}" for folder in folders for name in _LIBRARY_NAMES)
    if found := ctypes.util.find_library("ngspice"):
        yield found


def _signal_name(vector: str, kind: int) -> str:
    """A voltage `osc` is v(osc) and a current `v_sense#branch` i(v_sense); what .dc sweeps is called as it is."""
    if vector in _SCALES:
        return vector
    if kind == _CURRENT:
        return f"i({vector.partition('#branch')[0]})".lower()
    return f"v({vector})".lower() if kind == _VOLTAGE else vector.lower()


def _run_copy(simulator: Any, control: socket.socket) -> bool:
    """Fork a copy, watch it to its end, and say whether there may be work for another."""
    reading, writing = os.pipe()
    worker = os.getpid()  # asked before the fork: a copy that asks for its parent may already have lost it
    copy = os.fork()
    if copy == 0:
        os.close(reading)
        _be_the_copy(simulator, control, writing, worker)
    os.close(writing)
    run, cpu_before, stopped_by = _watch(copy, reading, control)
    os.close(reading)
    _end_group(copy)  # what its .control blocks started; the copy is not waited for yet, so its number is its own
    _, status, usage = os.wait4(copy, 0)
    exit_status = os.waitstatus_to_exitcode(status)
    if exit_status == _HUNG_UP or stopped_by == "caller":
        return False
    if run or exit_status:  # it did not come to tell the caller itself
        end = {
            "run": run,
            "exit_status": exit_status,
            "cpu_s": usage.ru_utime + usage.ru_stime - cpu_before,
            "stopped_by": _STOPPED_BY.get(exit_status, stopped_by),
        }
        _send_json(control, end)
    return True


def _watch(copy: int, news: int, control: socket.socket) -> tuple[int, float, str]:
    """Wait for the copy's end, and bring it about when a run's time is up or when the caller is gone.

    The run that it did not finish, or 0; the CPU time before that; and what ended the copy, if that was us.
    """
    run, cpu_before, stopped_by = 0, 0.0, ""
    deadline: float | None = None
    poll = select.poll()
    poll.register(news, select.POLLIN)
    poll.register(control, 0)  # its end only: what comes there is for the copy
    while True:
        ready = dict(poll.poll(None if deadline is None else max(0.0, 1000 * (deadline - time.monotonic()))))
        if news in ready:
            message = os.read(news, _NEWS.size)
            if not message:
                return run, cpu_before, stopped_by
            kind, run, cpu_before, time_s = _NEWS.unpack(message)
            deadline = time.monotonic() + time_s + _GRACE_S if kind == _STARTED else None
            run = 0 if kind == _DONE else run
        else:
            if ready:
                poll.unregister(control)
            stopped_by = "caller" if ready else "time"
            deadline = None
            _end_group(copy)


def _end_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    with suppress(ProcessLookupError):  # where it has not come to lead its group yet
        os.kill(leader, signal.SIGKILL)


def _be_the_copy(simulator: Any, control: socket.socket, news: int, worker: int) -> NoReturn:
    """What a fork does from its first to its last moment."""
    exit_status = 1
    try:
        os.setpgid(0, 0)  # with what a .control block may start
        most_memory = _memory() + _MOST_GROWTH
        exit_status = 0
        for _ in range(_RUNS_PER_COPY):
            received = _receive_request(control)
            if received is None:
                exit_status = _HUNG_UP
                break
            if not _run(simulator, *received, control, news, worker) or _memory() > most_memory:
                break
    finally:
        os._exit(exit_status)


def _run(simulator: Any, request: Mapping[str, Any], pipe: int, control: socket.socket, news: int, worker: int) -> bool:
    """One run and its report; whether the library may be trusted with another."""
    cpu_before = _cpu_s()

    def tell(kind: bytes) -> None:
        os.write(news, _NEWS.pack(kind, request["run"], cpu_before, request["time_s"]))

    tell(_STARTED)
    is_plain, stopped_by = False, ""
    try:
        is_plain, stopped_by = _simulate(simulator, request, pipe, worker)
        simulator.say = lambda line: None  # what it says from here on is about our own commands
        tell(_COMPUTED)
        _send_plots(simulator, simulator.new_plots, pipe)
    except Exception as error:
        with suppress(OSError):
            _send_frame(pipe, _LINE, f"stderr PySpice worker: {error!r}".encode())
    os.close(pipe)
    if is_plain:
        simulator.forget()
        os.chdir("/")
    end = {"run": request["run"], "exit_status": 0, "cpu_s": _cpu_s() - cpu_before, "stopped_by": stopped_by}
    _send_json(control, end)
    tell(_DONE)
    return is_plain


def _simulate(simulator: Any, request: Mapping[str, Any], pipe: int, worker: int) -> tuple[bool, str]:
    """Load the netlist and run its analyses: whether that was a plain success, and the limit that stopped it."""
    os.chdir(request["directory"])
    deadline = time.monotonic() + request["time_s"]
    most_memory = _memory() + request["memory_bytes"]
    notes_only = True

    def say(line: bytes) -> None:
        nonlocal notes_only
        notes_only = notes_only and (not line.startswith(b"stderr") or line.startswith(b"stderr Note:"))
        _send_frame(pipe, _LINE, line)

    simulator.say = say
    # A fork would draw the same random numbers as every other; a seed in the netlist takes precedence.
    simulator.exec_command(f"setseed {request['seed']}")
    try:
        with _watched(deadline, most_memory, worker):
            simulator.load_circuit("\n".join(request["lines"]))
    except NameError:  # PySpice's way to say that the library gave up; its lines say why
        return False, ""
    if simulator.new_plots:
        return False, ""  # a .control block ran the analyses
    simulator.start()
    while not _readable(simulator.ended):
        if os.getppid() != worker:
            os._exit(1)  # nobody is left who would end this run
        stopped_by = _limit_reached(simulator, deadline, most_memory, request["output_bytes"])
        if stopped_by:
            simulator.exec_command("bg_halt")
            return False, stopped_by
    return notes_only and not request["has_control"], ""


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _readable(descriptor: int, wait_s: float = _POLL_S) -> bool:
    """Whether there is something to read, now or within some time."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(1000 * wait_s))


def _limit_reached(simulator: Any, deadline: float, most_memory: int, output_bytes: int) -> str:
    if time.monotonic() > deadline:
        return "time"
    if simulator.bytes_in_plot() > output_bytes:
        return "output"
    return "memory" if _memory() > most_memory else ""


def _memory() -> int:
    """The most memory (bytes) that this process has occupied so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@contextmanager
def _watched(deadline: float, most_memory: int, worker: int) -> Iterator[None]:
    """While the library reads a netlist: end this process at a limit, or when the worker is gone.

    A limit on address space would not do: for an analysis the library reserves room for every point that
    the maximum step allows, gigabytes that it never touches.
    """
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_POLL_S):
            if _memory() > most_memory:
                os._exit(_OUT_OF_MEMORY)
            if time.monotonic() > deadline:
                os._exit(_OUT_OF_TIME)
            if os.getppid() != worker:
                os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _send_plots(simulator: Any, plots: Sequence[str], pipe: int) -> None:
    """A header for all plots, and then each vector as bytes, straight from where the library keeps it."""
    vectors = {plot: found for plot in plots if (found := simulator.vectors(plot))}
    headers = [
        {
            "plot": simulator.plot_title(plot),
            "names": [name for name, _, _ in found],
            "complex": [is_complex for _, is_complex, _ in found],
        }
        for plot, found in vectors.items()
    ]
    _send_frame(pipe, _PLOTS, json.dumps(headers).encode())
    for found in vectors.values():
        for _, _, data in found:
            _send_frame(pipe, _VECTOR, data)


def _send_frame(pipe: int, kind: bytes, body: Any) -> None:
    _write(pipe, _FRAME.pack(kind, len(body)))
    _write(pipe, body)


def _write(pipe: int, data: Any) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _send_json(connection: socket.socket, message: Mapping[str, Any]) -> None:
    body = json.dumps(message).encode()
    connection.sendall(_REQUEST.pack(len(body)) + body)


def _receive_json(connection: socket.socket) -> dict[str, Any] | None:
    head = _receive(connection, _REQUEST.size)
    body = None if head is None else _receive(connection, *_REQUEST.unpack(head))
    return None if body is None else dict(json.loads(body))


def _receive_request(connection: socket.socket) -> tuple[dict[str, Any], int] | None:
    """A netlist to run with the pipe for its answer; None when the caller has hung up."""
    head, descriptors, _, _ = socket.recv_fds(connection, _REQUEST.size, 1)
    body = _receive(connection, *_REQUEST.unpack(head)) if len(head) == _REQUEST.size else None
    return None if body is None else (json.loads(body), descriptors[0])


def _receive(connection: socket.socket, size: int) -> bytes | None:
    """So many bytes, or None if the other side ends before."""
    received = bytearray()
    while len(received) < size:
        chunk = connection.recv(min(size - len(received), 1 << 20))
        if not chunk:
            return None
        received += chunk
    return bytes(received)
