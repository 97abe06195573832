"""ngspice as a child process: `ngspice -n -b -r out.raw netlist.cir`, with limits, and everything it left kept.

- The child leads its own process group, so that what a `.control` block starts ends with it.
- `-n` leaves the user's `.spiceinit` out: a file in a home directory must not change a result. The system's
  own start-up file, which loads the code models, is read as always.
- Time is watched by waiting, not by polling. Address space and file size are limits of the operating system,
  set once the child runs (Linux); elsewhere only the output is watched, between waits.
- A netlist with a `.control` block is run as `ngspice -b` runs it, but not a second time: with `-r`, ngspice
  39 executes the block and then every analysis again, while a result that the block computed is not written.
  So a second block is appended that writes what the first one computed; where the first computed nothing, it
  runs the analyses of the netlist. A block that ends ngspice by `quit` leaves what it wrote itself: those
  files are read instead, found by the lines that ngspice prints. A failure inside a block has exit code 0,
  so only the error stream tells. A netlist with `.meas` goes the same way, as `-r` disables `.meas`.
"""

import os
import re
import resource
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from neurokit.circuits.netlist import Netlist
from neurokit.simulation.cards import control_cards, has_card, has_control
from neurokit.simulation.causes import diagnose, failed, judged
from neurokit.simulation.outcome import Cause, Limits, Outcome, Waveforms
from neurokit.simulation.stop import Stop

ENGINE = "ngspice"
KEPT_TEXT = 2**18  # bytes of each stream, at its beginning and again at its end
GRACE_S = 0.5  # between asking a process group to end and ending it
VERSION_PATIENCE_S = 10.0  # for a program called ngspice that does not answer
WATCH_S = 0.05  # between looks at the output's size, where the operating system does not limit it

# Its own word at the end of a run: what wait4 knows counts what the child was before it became ngspice.
_PROGRAM_SIZE = re.compile(r"Maximum ngspice program size = +([0-9]+(?:\.[0-9]+)?) ([kMG]?)B", re.IGNORECASE)
_SCALES = {"k": 2**10, "M": 2**20, "G": 2**30, "": 1}  # it means powers of two

_RUNS_ANALYSIS = frozenset("run tran ac dc op noise tf sens pz disto pss sp source".split())  # noqa: SIM905
_PLAIN_PATH = re.compile(r"[a-z0-9_./-]+\Z")  # ngspice makes the file of `run FILE` lower case


@dataclass(frozen=True)
class _Ended:
    """What a child process left behind."""

    exit_code: int  # below 0: the signal
    output: str
    errors: str
    limit: Cause | None  # the limit for which it was ended
    cpu_s: float


def run(netlist: Netlist, limits: Limits, directory: str | Path | None = None) -> Outcome:
    """One try of one netlist. `directory` is where its relative paths start; without one, an empty folder."""
    executable = shutil.which("ngspice")
    if executable is None:
        return failed(netlist, ENGINE, Cause.NO_SIMULATOR, "ngspice is not on the PATH")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="neurokit-", dir=_folder_for_runs(), ignore_cleanup_errors=True) as folder:
        raw = Path(folder) / "out.raw"
        cwd = Path(directory) if directory is not None else Path(folder)
        try:
            ended = _run_child(_command(executable, netlist, Path(folder), raw), cwd, limits, raw)
        except OSError as error:
            return failed(netlist, ENGINE, Cause.NO_SIMULATOR, f"{executable} does not start: {error}")
        plots = _plots(raw, ended, cwd)
    found = diagnose(netlist, plots, ended.errors, ended.output, ended.exit_code, ended.limit)
    outcome = judged(found, netlist, ENGINE, plots, versions(executable), ended.cpu_s, time.monotonic() - began)
    return replace(outcome, memory_bytes=_memory(ended.output))


def _memory(output: str) -> int:
    """Bytes of address space that ngspice says it took, 0 where it did not come to say so."""
    found = [float(size) * _SCALES[prefix] for size, prefix in _PROGRAM_SIZE.findall(output)]
    return int(max(found, default=0))


def versions(executable: str) -> Mapping[str, str]:
    """Which neurokit and which ngspice make a result."""
    return {"neurokit": neurokit_version(), "ngspice": ngspice_version(executable)}


@cache
def neurokit_version() -> str:
    """The release of this package; reading it takes half a millisecond, so it is read once."""
    return version("neurokit")


@cache
def ngspice_version(executable: str) -> str:
    """The release, such as "39"; asked once for each program."""
    try:
        said = subprocess.run(  # noqa: S603 - the program found on PATH, no user text
            [executable, "--version"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=VERSION_PATIENCE_S,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    release = re.search(rb"ngspice-(\S+)", said)
    return release.group(1).decode(errors="replace") if release else "unknown"


def _folder_for_runs() -> str:
    """The temporary folder; another one where its name holds blanks or capitals, which ngspice's commands spoil."""
    usual = tempfile.gettempdir()
    return usual if _PLAIN_PATH.match(usual) else "/tmp"  # noqa: S108 - TemporaryDirectory picks a fresh name


def _command(executable: str, netlist: Netlist, folder: Path, raw: Path) -> list[str]:
    file = folder / "netlist.cir"
    collects = has_control(netlist.text) or has_card(netlist.text, ".meas", ".measure")
    text = f"{netlist.text}\n{_collector(netlist, raw)}" if collects else netlist.text
    file.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
    streaming = [] if collects else ["-r", str(raw)]
    return [executable, "-n", "-b", *streaming, str(file)]


def _collector(netlist: Netlist, raw: Path) -> str:
    """A `.control` block that writes every plot which the netlist's own blocks left, and ends ngspice."""
    ran = any(card.keyword in _RUNS_ANALYSIS for card in control_cards(netlist.text))
    if not ran and not has_card(netlist.text, ".meas", ".measure"):
        return f".control\nset filetype=binary\nrun {raw}\nquit\n.endc\n"  # as -r does: rows as they come
    first = "" if ran else "run\n"
    return (
        f".control\n{first}set filetype=binary\nset appendwrite\nforeach neurokit_plot $plots\n"
        "strcmp neurokit_differs $neurokit_plot const\nif $neurokit_differs ne 0\nsetplot $neurokit_plot\n"
        f"write {raw}\nend\nend\nquit\n.endc\n"
    )


def _run_child(command: list[str], cwd: Path, limits: Limits, raw: Path) -> _Ended:
    """The child from start to end; whatever interrupts the waiting ends the child first."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    child = subprocess.Popen(  # noqa: S603 - a list of words, no shell
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        limited = _limit_resources(child.pid, limits)
        return _watch(child, limits, None if limited else raw)
    except BaseException:
        _end_now(child)
        raise
    finally:
        for stream in (child.stdout, child.stderr):
            if stream:
                stream.close()


def _limit_resources(pid: int, limits: Limits) -> bool:
    """Whether the operating system took the limits; set from outside, as code between fork and exec is unsafe."""
    if not hasattr(resource, "prlimit"):
        return False
    with suppress(ProcessLookupError):
        for kind, most in ((resource.RLIMIT_AS, limits.memory_bytes), (resource.RLIMIT_FSIZE, limits.output_bytes)):
            _, hard = resource.prlimit(pid, kind)
            soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.prlimit(pid, kind, (soft, hard))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
    return True


def _watch(child: "subprocess.Popen[bytes]", limits: Limits, watched: Path | None) -> _Ended:
    """Read both streams until the child ends or reaches its time; its group ends with it."""
    output, errors = _BoundedText(), _BoundedText()
    deadline = time.monotonic() + limits.time_s
    with _Ears(child, output, errors, limits.stop) as ears:
        limit = _first_limit(ears, deadline, watched, limits.output_bytes)
        if limit is not None:
            _signal_group(child, signal.SIGTERM)
            ears.listen(until=time.monotonic() + GRACE_S)
        _signal_group(child, signal.SIGKILL)  # the child is not reaped yet, so its group's number is still its own
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        ears.drain()
    return _Ended(
        exit_code=child.returncode,
        output=output.text,
        errors=errors.text,
        limit=limit or (Cause.OUTPUT_LIMIT if child.returncode == -signal.SIGXFSZ else None),
        cpu_s=usage.ru_utime + usage.ru_stime,
    )


def _first_limit(ears: "_Ears", deadline: float, watched: Path | None, output_bytes: int) -> Cause | None:
    """The limit that the child meets before its end, if any."""
    while not ears.over:
        now = time.monotonic()
        if ears.stopped:
            return Cause.INTERRUPTED
        if now >= deadline:
            return Cause.TIME_LIMIT
        if watched is not None and watched.exists() and watched.stat().st_size > output_bytes:
            return Cause.OUTPUT_LIMIT
        ears.listen(until=deadline if watched is None else min(deadline, now + WATCH_S))
    return None


class _Ears:
    """Listening to a child: its two streams, and on Linux its end, which needs no end of the streams there."""

    def __init__(
        self, child: "subprocess.Popen[bytes]", output: "_BoundedText", errors: "_BoundedText", stop: Stop | None
    ) -> None:
        self.over = False
        self.stopped = False
        self._stop = stop
        self._selector = selectors.DefaultSelector()
        for stream, text in ((child.stdout, output), (child.stderr, errors)):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                self._selector.register(stream.fileno(), selectors.EVENT_READ, text)
        self._end = os.pidfd_open(child.pid) if hasattr(os, "pidfd_open") else None
        if self._end is not None:
            self._selector.register(self._end, selectors.EVENT_READ)
        if stop is not None:
            self._selector.register(stop, selectors.EVENT_READ)

    def __enter__(self) -> "_Ears":
        return self

    def __exit__(self, *exception: object) -> None:
        self._selector.close()
        if self._end is not None:
            os.close(self._end)

    def listen(self, until: float) -> None:
        """Take in what comes, until the child is over, or the time is, or all is to stop."""
        while not self.over and not self.stopped and (left := until - time.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                if key.fileobj is self._stop:
                    self.stopped = True
                elif key.fd == self._end:
                    self.over = True
                else:
                    self._take(key)
            self.over = self.over or (self._end is None and not self._open_streams)

    def drain(self) -> None:
        """Take in what lies in the streams, without waiting for more."""
        while ready := [key for key, _ in self._selector.select(0) if isinstance(key.data, _BoundedText)]:
            for key in ready:
                self._take(key)

    @property
    def _open_streams(self) -> bool:
        return any(isinstance(key.data, _BoundedText) for key in self._selector.get_map().values())

    def _take(self, key: selectors.SelectorKey) -> None:
        with suppress(BlockingIOError):
            if chunk := os.read(key.fd, 2**16):
                key.data.add(chunk)
            else:
                self._selector.unregister(key.fd)


class _BoundedText:
    """The beginning and the end of a stream that may be endless."""

    def __init__(self) -> None:
        self._first = bytearray()
        self._last = bytearray()

    def add(self, chunk: bytes) -> None:
        room = KEPT_TEXT - len(self._first)
        self._first += chunk[:room]
        self._last += chunk[room:]
        if len(self._last) > 2 * KEPT_TEXT:
            del self._last[:-KEPT_TEXT]

    @property
    def text(self) -> str:
        return (self._first + self._last).decode("utf-8", errors="replace")


def _signal_group(child: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        os.killpg(child.pid, number)


def _end_now(child: "subprocess.Popen[bytes]") -> None:
    if child.returncode is None:
        _signal_group(child, signal.SIGKILL)
        child.wait()


def _plots(raw: Path, ended: _Ended, cwd: Path) -> tuple[Waveforms, ...]:
    """The plots with rows in the raw file, or else in the files that a .control block wrote by itself."""
    from neurokit.simulation.rawfile import read_raw, written_plots  # needs NumPy, which `doctor` may find missing

    plots = read_raw(raw) if raw.exists() else written_plots(ended.output, cwd)
    return tuple(plot for plot in plots if len(plot))
