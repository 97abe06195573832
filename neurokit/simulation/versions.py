"""Which releases make a result, by engine; asked once for a sweep rather than read off each of its points."""

import shutil
from collections.abc import Mapping

from neurokit.errors import NeurokitError, SimulatorMissingError
from neurokit.simulation import ngspice, twin


def versions_of(engine: str) -> Mapping[str, str]:
    """The versions behind "ngspice", "pyspice" or "twin"; SimulatorMissingError says that it is not here."""
    if engine == "twin":
        return twin.versions()
    if engine == "pyspice":
        from neurokit.simulation.pyspice import facts

        found = facts()
        return {"neurokit": twin.versions()["neurokit"]} | {name: found[name] for name in ("ngspice", "pyspice")}
    if engine != "ngspice":
        raise NeurokitError(f"no engine {engine!r}: there are ngspice, pyspice, twin")
    executable = shutil.which("ngspice")
    if executable is None:
        raise SimulatorMissingError("ngspice is not on the PATH: apt-get install ngspice, brew install ngspice")
    return ngspice.versions(executable)


def quickest_backend() -> str:
    """PySpice's shared library where it loads, for it needs no process for each run; else the program."""
    from neurokit.simulation.pyspice import facts

    try:
        facts()
    except SimulatorMissingError:
        return "ngspice"
    return "pyspice"
