"""A panel of a published figure: what is simulated for it, how it is drawn, whether the published statement holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from neurokit.circuits.netlist import Netlist
from neurokit.device.vo2x import Vo2x
from neurokit.device.vo2x import parameters as device_parameters
from neurokit.errors import NeurokitError
from neurokit.vacancy.checks import Check

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from neurokit.simulation import Cache, Outcome

Key = TypeVar("Key")


@dataclass(frozen=True)
class Workshop:
    """Where panels get their data: every netlist is simulated once, however many panels ask for it."""

    run: "Callable[[Sequence[Netlist]], Sequence[Outcome]]"  # many at once, outcomes in their order
    seed: int = 1  # of whatever is random
    jobs: int | None = None  # for panels that run sweeps of their own
    cache: "Cache | None" = None  # for the same
    known: "dict[Netlist, Outcome]" = field(default_factory=dict)  # what has been simulated

    def prepare(self, netlists: Iterable[Netlist]) -> None:
        """Simulate those that are not known yet, all in one go; a failure is kept and raised where it is needed."""
        new = [netlist for netlist in dict.fromkeys(netlists) if netlist not in self.known]
        if new:
            self.known.update(zip(new, self.run(new), strict=True))

    def simulate(self, netlists: Mapping[Key, Netlist]) -> "dict[Key, Outcome]":
        """The outcome of each, all complete; otherwise the first cause is raised."""
        self.prepare(netlists.values())
        return {key: self.known[netlist].checked() for key, netlist in netlists.items()}


@dataclass(frozen=True)
class Made:
    """A panel that could be drawn, and what its simulations say about the statement."""

    figure: "Figure"
    holds: bool
    finding: str  # one sentence with the numbers found
    outcomes: "tuple[Outcome, ...]" = ()  # the simulations behind it
    parameters: Mapping[str, Any] = field(default_factory=dict)  # of devices, circuit and drive
    seed: int | None = None  # where chance was part of it
    sources: Mapping[str, Any] = field(default_factory=dict)  # what made the data that are no outcomes
    checks: tuple[Check, ...] = ()  # published figures beside the model's, where there are several


@dataclass(frozen=True)
class Failed:
    """A panel without data, and why."""

    error: NeurokitError


def _no_netlists(_: int) -> Mapping[Any, Netlist]:
    return {}


@dataclass(frozen=True)
class Panel:
    """One panel; `needs` names beforehand what can be simulated in the same go as all other panels' netlists."""

    title: str
    statement: str  # what the publication's text says, in our words
    make: Callable[[Workshop], Made]
    needs: Callable[[int], Mapping[Any, Netlist]] = _no_netlists  # by the seed
    note: str = ""  # what of it is ours and not the publication's


def make_panels(panels: Mapping[str, Panel], workshop: Workshop) -> dict[str, Made | Failed]:
    """All of these panels by name: first every simulation in one go, then each panel by itself."""
    workshop.prepare(netlist for panel in panels.values() for netlist in panel.needs(workshop.seed).values())
    return {name: _made(panel, workshop) for name, panel in panels.items()}


def made_of_checks(
    figure: "Figure",
    checks: Sequence[Check],
    words: str,
    parameters: Mapping[str, Any],
    seed: int | None = None,
) -> Made:
    """A panel that holds if each of its checks does; it tells those that do not, then `words`."""
    missed = [f"{check.item}: {check.published}, here {check.reached}" for check in checks if check.met is False]
    first = f"{_counted(checks, predicted=False)} checks are met"
    if any(check.predicted and check.met is not None for check in checks):
        first += f", {_counted(checks, predicted=True)} predictions come out"
    told = "; ".join([first, *(f"not {text}" for text in missed)])
    return Made(figure, not missed, f"{told}. {words}", parameters=parameters, seed=seed, checks=tuple(checks))


def _counted(checks: Sequence[Check], predicted: bool) -> str:
    met = [check.met for check in checks if check.predicted is predicted and check.met is not None]
    return f"{sum(met)} of {len(met)}"


def known_devices(devices: Mapping[str, Vo2x]) -> dict[str, Any]:
    """The parameters of devices by their labels, for provenance."""
    return {label: device_parameters(device) | {"film": device.film.name} for label, device in devices.items()}


def _made(panel: Panel, workshop: Workshop) -> Made | Failed:
    try:
        return panel.make(workshop)
    except NeurokitError as error:
        return Failed(error)
