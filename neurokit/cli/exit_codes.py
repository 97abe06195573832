"""What the exit code of a command says, and which error has which."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from neurokit.errors import NeurokitError, SimulationFailedError, SimulatorMissingError

if TYPE_CHECKING:
    from neurokit.simulation import Cause

OK = 0
CHECK_FAILED = 1
USAGE = 2
SIMULATOR_MISSING = 3
SIMULATIONS_FAILED = 4
INTERRUPTED = 130

# The first that fits counts. Whatever else neurokit refuses is something that the user gave.
BY_ERROR: dict[type[NeurokitError], int] = {
    SimulatorMissingError: SIMULATOR_MISSING,
    SimulationFailedError: SIMULATIONS_FAILED,
    NeurokitError: USAGE,
}


def code_of_error(error: NeurokitError) -> int:
    return next(code for kind, code in BY_ERROR.items() if isinstance(error, kind))


class Ended(Protocol):
    """A simulation, or a point read off one."""

    @property
    def complete(self) -> bool: ...
    @property
    def cause(self) -> "Cause | None": ...


def code_of_outcomes(outcomes: Iterable[Ended]) -> int:
    """The exit code after simulations: that of the cause that leaves least hope for the others."""
    from neurokit.simulation import Cause

    by_cause = {
        Cause.INTERRUPTED: INTERRUPTED,
        Cause.NO_SIMULATOR: SIMULATOR_MISSING,
        Cause.UNSAFE: USAGE,
        Cause.UNREADABLE: USAGE,
    }
    causes = {outcome.cause for outcome in outcomes if not outcome.complete}
    if not causes:
        return OK
    return next((code for cause, code in by_cause.items() if cause in causes), SIMULATIONS_FAILED)
