"""One netlist to one outcome: by a back end, with retries, and the refusal of unsafe netlists."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import cast

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError, UnsafeNetlistError
from neurokit.simulation.causes import failed
from neurokit.simulation.kept import keep_netlist
from neurokit.simulation.ladder import climb
from neurokit.simulation.outcome import Cause, Limits, Outcome
from neurokit.simulation.safety import refuse_unsafe

Backend = Callable[[Netlist, Limits, str | Path | None], Outcome]
Simulate = Callable[[Netlist, str, Limits, bool, bool, str | Path | None], Outcome]  # the arguments of `simulate`


def _lazily(module: str) -> Backend:
    """The `run` of a back end, whose module is imported when it is first used."""

    def run(netlist: Netlist, limits: Limits, directory: str | Path | None) -> Outcome:
        backend = cast(Backend, import_module(module).run)
        return backend(netlist, limits, directory)

    return run


# One try of one netlist, by the name of the engine; relative paths in a netlist start at the third argument.
BACKENDS: dict[str, Backend] = {
    "ngspice": _lazily("neurokit.simulation.ngspice"),
    "pyspice": _lazily("neurokit.simulation.pyspice"),
}


def simulate(
    netlist: Netlist,
    backend: str = "ngspice",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    retry: bool = True,
    safe: bool = False,
    directory: str | Path | None = None,
) -> Outcome:
    """Run a netlist and say what happened; whatever the simulator does, the answer is an outcome.

    With `retry`, a run that does not converge climbs the ladder (`neurokit.simulation.ladder`); the limits
    are those of each try. `safe` refuses netlists that could do more than simulate. Relative paths in the
    netlist start at `directory`, or in an empty folder if there is none. The text of a run that is not
    complete is kept under `neurokit.simulation.kept.failed_directory()`.
    """
    if backend not in BACKENDS:
        raise NeurokitError(f"no back end {backend!r}: there are {', '.join(BACKENDS)}")
    if directory is not None and not Path(directory).is_dir():
        raise NeurokitError(f"{directory} is no folder: relative paths in a netlist start at an existing one")
    if safe:
        try:
            refuse_unsafe(netlist, Path(directory) if directory is not None else None)
        except UnsafeNetlistError as error:
            return failed(netlist, backend, Cause.UNSAFE, str(error))
    outcome = BACKENDS[backend](netlist, limits, directory)
    if retry:
        outcome = climb(netlist, outcome, lambda changed: BACKENDS[backend](changed, limits, directory))
    return outcome if outcome.complete else replace(outcome, netlist_path=keep_netlist(netlist))


def simulate_file(
    path: str | Path,
    backend: str = "ngspice",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    retry: bool = True,
    safe: bool = False,
    by: Simulate = simulate,
) -> Outcome:
    """Run a user's own file unchanged, its relative paths starting at its folder; unreadable files are outcomes too.

    It is run by `simulate`, or by what answers like that, such as `Cache().simulate`.
    """
    try:
        netlist = Netlist.from_file(path)
    except NeurokitError as error:
        unread = Netlist(title=Path(path).name, text="")
        return replace(failed(unread, backend, Cause.UNREADABLE, str(error)), netlist_path=str(path))
    outcome = by(netlist, backend, limits, retry, safe, Path(path).resolve().parent)
    return outcome if outcome.complete else replace(outcome, netlist_path=str(path))
