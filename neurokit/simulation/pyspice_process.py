"""What runs inside a worker of the PySpice back end: the one file that imports PySpice.

    worker    loads PySpice and the library once, and then only forks copies of itself and watches them
    copy      runs netlists, one after the other; it sends the simulator's lines as they come, the vectors at the end

A copy is replaced by a fresh one, for the 8 ms that a fork costs, after anything but a plain success, after a
`.control` block, and after 100 runs. So neither the memory that the library leaks (37 MB in 1000 runs), nor
what it remembers of a failed netlist, nor its habit of taking its process along when it gives up reaches the
next run, and PySpice is loaded once.

The analyses run in ngspice's background thread, because only that can be halted with its results kept. A
`.control` block is executed before that, as `ngspice -b` does; there the worker can only end the copy.

PySpice's habits stay in here: a warning for every release of ngspice, notes taken for errors, reasons only in
the log.
"""

import ctypes.util
import gc
import json
import logging
import os
import resource
import select
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from neurokit.errors import SimulatorMissingError
from neurokit.simulation.pyspice_protocol import (
    GRACE_S,
    LINE,
    PLOTS,
    SCALES,
    VECTOR,
    readable,
    receive_request,
    send_frame,
    send_json,
)

_POLL_S = 0.05  # how often a copy looks at its output and whether anyone still waits for it
_RUNS_PER_COPY = 100
_MOST_GROWTH = 2**26  # bytes that a copy may have come to occupy before it is replaced
_OUT_OF_MEMORY, _OUT_OF_TIME, _HUNG_UP = 77, 78, 79  # exit statuses of a copy; the last: no more netlists come
_STOPPED_BY: Mapping[int, str] = {_OUT_OF_MEMORY: "memory", _OUT_OF_TIME: "time"}

_NEWS = struct.Struct("!cQdd")  # from copy to worker: kind, number of the run, CPU time before it, its time limit (s)
_STARTED, _COMPUTED, _DONE = b"S", b"C", b"D"

_LIBRARY_NAMES = ("libngspice.so.0", "libngspice.so", "libngspice.0.dylib", "libngspice.dylib")
_LIBRARY_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")

_VOLTAGE, _CURRENT = 3, 4  # ngspice's vector types (its sim.h)


def serve(control_fd: int) -> None:
    """Load the library, greet, and run one copy of this process for each request until the caller hangs up."""
    control = socket.socket(fileno=control_fd)
    try:
        simulator = _open_simulator()
    except Exception as error:
        send_json(control, {"error": f"PySpice with ngspice's shared library: {error}"})
        return
    send_json(control, simulator.facts)
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
            while readable(self.ended, 0.0):  # a .control block may have used that thread before
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
    if vector in SCALES:
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
        send_json(control, end)
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
            deadline = time.monotonic() + time_s + GRACE_S if kind == _STARTED else None
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
            received = receive_request(control)
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
            send_frame(pipe, LINE, f"stderr PySpice worker: {error!r}".encode())
    os.close(pipe)
    if is_plain:
        simulator.forget()
        os.chdir("/")
    end = {"run": request["run"], "exit_status": 0, "cpu_s": _cpu_s() - cpu_before, "stopped_by": stopped_by}
    send_json(control, end)
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
        send_frame(pipe, LINE, line)

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
    while not readable(simulator.ended, _POLL_S):
        if os.getppid() != worker:
            os._exit(1)  # nobody is left who would end this run
        stopped_by = _limit_reached(simulator, deadline, most_memory, request["output_bytes"])
        if stopped_by:
            simulator.exec_command("bg_halt")
            return False, stopped_by
    return notes_only and not request["has_control"], ""


def _limit_reached(simulator: Any, deadline: float, most_memory: int, output_bytes: int) -> str:
    if time.monotonic() > deadline:
        return "time"
    if simulator.bytes_in_plot() > output_bytes:
        return "output"
    return "memory" if _memory() > most_memory else ""


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


def _memory() -> int:
    """The most memory (bytes) that this process has occupied so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


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
    send_frame(pipe, PLOTS, json.dumps(headers).encode())
    for found in vectors.values():
        for _, _, data in found:
            send_frame(pipe, VECTOR, data)
