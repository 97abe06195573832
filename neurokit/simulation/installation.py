"""What is installed of everything that neurokit can use, what that can do, and what to type for the rest.

Features of a simulator are found by using them: a version number does not say how a distribution built it.
Nothing is imported here that may itself be missing; without NumPy the simulators are found but not tried.
"""

import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from neurokit.circuits.netlist import Netlist
from neurokit.errors import SimulatorMissingError
from neurokit.simulation import ngspice
from neurokit.simulation.outcome import Limits, Outcome

PYTHON_NEEDED = (3, 11)
NGSPICE_TESTED = "39"  # the release on which every figure of the documentation was measured

_PROBE_LIMITS = Limits(time_s=20.0)
_DIVIDER = "divider\nv1 in 0 2\nr1 in out 1k\nr2 out 0 1k\n.op\n.end\n"
_GAIN = "gain block\nv1 in 0 2\na1 in out amplifier\n.model amplifier gain(gain=3)\nr1 out 0 1k\n.op\n.end\n"

_REQUIRED = ("numpy", "scipy", "numba", "sympy", "matplotlib", "click", "rich")
_INSTALL: Mapping[str, Mapping[str, str]] = {  # what to type, by system
    "ngspice": {
        "Debian": "apt-get install ngspice",
        "macOS": "brew install ngspice",
        "other": "install ngspice with the system's package manager, or from https://ngspice.sourceforge.io",
    },
    "libngspice": {
        "Debian": "apt-get install libngspice0",
        "macOS": "brew install libngspice",
        "other": "install ngspice's shared library, and name it in NGSPICE_LIBRARY_PATH if it is not found",
    },
    "gcc": {
        "Debian": "apt-get install gcc",
        "macOS": "xcode-select --install",
        "other": "install gcc with the system's package manager",
    },
}
# by the packages' names: on the index of Python packages, "neurokit" is another project
INSTALL_FOR_NETWORKS = "pip install torch snntorch safetensors nir scikit-learn"
_OPTIONAL: Mapping[str, str] = {  # package: what it is for and how to get it
    "torch": f"to train networks: {INSTALL_FOR_NETWORKS}; torch's build without CUDA is far smaller",
    "snntorch": f"to train networks: {INSTALL_FOR_NETWORKS}",
    "safetensors": f"to keep trained networks: {INSTALL_FOR_NETWORKS}",
    "nir": f"to export trained networks: {INSTALL_FOR_NETWORKS}",
    "verilogae": "to check the Verilog-A module: pip install verilogae",
}


@dataclass(frozen=True)
class Check:
    """One thing that neurokit uses: whether it is there, what it is, and how to get it."""

    name: str
    found: bool
    detail: str  # version and place, or what is wrong
    required: bool
    advice: str = ""  # what to type; empty if nothing is missing


def installation() -> tuple[Check, ...]:
    """Every check, in the order in which a person should read them."""
    return tuple(_checks())


def ngspice_version() -> str:
    """The release of the ngspice on the PATH, such as "39"; SimulatorMissingError if there is none."""
    executable = shutil.which("ngspice")
    if executable is None:
        raise SimulatorMissingError(f"ngspice is not on the PATH: {_how_to_get('ngspice')}")
    return ngspice.ngspice_version(executable)


def _checks() -> Iterator[Check]:
    yield _python()
    yield _ngspice()
    if shutil.which("ngspice"):
        yield _xspice()
        yield from _build_features()
    yield _shared_library()
    yield from (_package(name, True, f"pip install {name}") for name in _REQUIRED)
    yield from (_package(name, False, advice) for name, advice in _OPTIONAL.items())
    yield _compiler()


def _python() -> Check:
    needed = ".".join(map(str, PYTHON_NEEDED))
    found = sys.version_info >= PYTHON_NEEDED
    detail = f"{platform.python_version()}, {sys.executable}"
    return Check("Python", found, detail, required=True, advice="" if found else f"install Python {needed} or later")


def _ngspice() -> Check:
    advice = _how_to_get("ngspice")
    executable = shutil.which("ngspice")
    if executable is None:
        return Check("ngspice", False, "not on the PATH", required=True, advice=advice)
    release = ngspice_version()
    other = "" if release == NGSPICE_TESTED else f" (tested with {NGSPICE_TESTED})"
    detail = f"{release}{other}, {executable}"
    try:
        outcome = ngspice.run(Netlist("divider", _DIVIDER), _PROBE_LIMITS)
    except ImportError as error:
        return Check("ngspice", True, f"{detail}, not tried: {error}", required=True)
    if not _reads(outcome, "v(out)", 1.0):
        return Check("ngspice", False, f"{executable} fails: {outcome.explain()}", required=True, advice=advice)
    return Check("ngspice", True, detail, required=True)


def _xspice() -> Check:
    try:
        outcome = ngspice.run(Netlist("gain block", _GAIN), _PROBE_LIMITS)
    except ImportError as error:
        return Check("ngspice: XSPICE", False, f"not tried: {error}", required=False)
    found = _reads(outcome, "v(out)", 6.0)
    detail = "a gain block multiplies" if found else f"code models do not run: {outcome.explain()}"
    advice = "" if found else "only netlists with A devices need it: use a build with --enable-xspice"
    return Check("ngspice: XSPICE", found, detail, required=False, advice=advice)


def _build_features() -> Iterator[Check]:
    """What this build of ngspice has beyond what neurokit's own circuits use; nothing of it is needed."""
    loader = _said_by_ngspice("osdi")
    yield _feature("OSDI", "no such command" not in loader, "compiled Verilog-A models can be loaded")
    solver = _said_by_ngspice("op", options="klu")  # a build without KLU ignores the option in silence
    yield _feature("KLU", "using klu" in solver, "a second solver for large circuits")
    account = _said_by_ngspice("version -f")  # what can only be read, not tried
    yield _feature("OpenMP", "openmp" in account, "transistor models use several threads")
    devices = _said_by_ngspice("devhelp numd")
    yield _feature("CIDER", "numerical junction diode" in devices, "numerical device models")


def _feature(name: str, found: bool, meaning: str) -> Check:
    return Check(f"ngspice: {name}", found, meaning if found else "not in this build; not needed", required=False)


def _said_by_ngspice(command: str, options: str = "reltol=1e-3") -> str:
    """What ngspice prints on a command, in lower case."""
    text = f"probe\n.options {options}\nv1 in 0 1\nr1 in 0 1k\n.op\n.control\n{command}\nquit\n.endc\n.end\n"
    with tempfile.TemporaryDirectory(prefix="neurokit-") as folder:
        file = Path(folder) / "probe.cir"
        file.write_text(text, encoding="ascii")
        with suppress(OSError, subprocess.TimeoutExpired):
            answer = subprocess.run(  # noqa: S603 - the program found on PATH, our own text
                [shutil.which("ngspice") or "ngspice", "-n", "-b", str(file)],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_PROBE_LIMITS.time_s,
                check=False,
            )
            return answer.stdout.decode("utf-8", errors="replace").lower()
    return ""


def _shared_library() -> Check:
    name = "PySpice and libngspice"
    advice = f"only the PySpice back end needs it: pip install PySpice; {_how_to_get('libngspice')}"
    try:
        from neurokit.simulation.pyspice import PySpiceWorker

        with PySpiceWorker() as worker:
            facts = worker.facts
            outcome = worker.run(Netlist("divider", _DIVIDER), _PROBE_LIMITS)
    except (ImportError, SimulatorMissingError) as error:
        return Check(name, False, str(error), required=False, advice=advice)
    if not _reads(outcome, "v(out)", 1.0):
        return Check(name, False, outcome.explain(), required=False, advice=advice)
    detail = f"PySpice {facts['pyspice']}, ngspice {facts['ngspice']} in {facts['library']}"
    return Check(name, True, detail, required=False)


def _reads(outcome: Outcome, signal: str, value: float) -> bool:
    """Whether a probe ran and gave the voltage (V) that anybody can compute by head."""
    return outcome.complete and bool(abs(outcome.waveforms[signal][-1] - value) < 1e-6)


def _package(name: str, required: bool, advice: str) -> Check:
    try:
        release = version(name)
    except PackageNotFoundError:
        return Check(name, False, "not installed", required, advice)
    if find_spec(name) is None:
        return Check(name, False, f"{release} is listed as installed, but cannot be found", required, advice)
    return Check(name, True, release, required)


def _compiler() -> Check:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return Check("C compiler", False, "not on the PATH", required=False, advice=_how_to_get("gcc"))
    return Check("C compiler", True, compiler, required=False)


def _how_to_get(program: str) -> str:
    system = "macOS" if sys.platform == "darwin" else "Debian" if shutil.which("apt-get") else "other"
    return _INSTALL[program][system]
