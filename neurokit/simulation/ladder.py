"""The retry ladder: what is tried, in order, when a simulation does not converge.

Each rung changes the netlist's options or its time step, never its circuit, and never loosens what decides
the accuracy of a VO2-x neuron (`neurokit.device.accuracy`): no rung leaves its tolerances or its step. The
last rungs add something to every node, as little as it is, and so come last; the outcome names the one that
worked. Of them the capacitance is the remedy for a negative resistance that snaps with nothing to hold it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from neurokit.circuits.netlist import Netlist
from neurokit.circuits.values import spice_value
from neurokit.simulation.cards import evaluate, has_control, parameters, tran_arguments, tran_cards
from neurokit.simulation.outcome import Cause, Outcome, Status

RETRYABLE = frozenset(
    {Cause.TIMESTEP_TOO_SMALL, Cause.NO_OPERATING_POINT, Cause.INCOMPLETE, Cause.SIMULATOR_DIED, Cause.NOT_FINITE}
)
STEP_DIVISOR = 4


@dataclass(frozen=True)
class Rung:
    """One change to a netlist that may let it converge; `change` returns the netlist itself where it has none."""

    name: str
    change: Callable[[Netlist], Netlist]


def with_options(options: str) -> Callable[[Netlist], Netlist]:
    """Add an .options card; of an option that is set twice the last one counts, so it goes before .end."""

    def change(netlist: Netlist) -> Netlist:
        return _with_text(netlist, _before_end(netlist.text, f".options {options}"))

    return change


def with_shorter_step(netlist: Netlist) -> Netlist:
    """Divide the maximum step of every .tran card that gives one as a number."""
    known = parameters(netlist.text)
    lines = netlist.text.split("\n")
    for card in tran_cards(netlist.text):
        arguments = list(tran_arguments(card))
        largest = evaluate(arguments[3], known) if len(arguments) > 3 else None
        is_one_line = tran_arguments(card) == tuple(lines[card.line - 1].split())[1:]
        if largest is not None and is_one_line:
            arguments[3] = spice_value(largest / STEP_DIVISOR)
            lines[card.line - 1] = " ".join([".tran", *arguments])
    return _with_text(netlist, "\n".join(lines))


LADDER: tuple[Rung, ...] = (
    Rung("more iterations", with_options("itl1=500 itl2=200 itl4=100")),
    Rung("a quarter of the maximum step", with_shorter_step),
    Rung("tighter tolerances", with_options("reltol=1e-6 trtol=1 itl4=100")),
    Rung("gear integration", with_options("method=gear maxord=2 itl4=100")),
    Rung("1 fF from every node to ground", with_options("cshunt=1e-15 itl4=100")),
    Rung("1e12 ohm from every node to ground", with_options("rshunt=1e12 itl1=500 itl4=100")),
)


def climb(netlist: Netlist, first: Outcome, run: Callable[[Netlist], Outcome]) -> Outcome:
    """The first rung's outcome that is complete, as RECOVERED; otherwise the first try's, with all tries' time.

    A netlist with a .control block is left alone: its commands may set the options themselves.
    """
    if first.cause not in RETRYABLE or has_control(netlist.text):
        return first
    cpu_s, wall_s, memory = first.cpu_s, first.wall_s, first.memory_bytes
    for rung in LADDER:
        changed = rung.change(netlist)
        if changed == netlist:
            continue
        outcome = run(changed)
        cpu_s += outcome.cpu_s
        wall_s += outcome.wall_s
        memory = max(memory, outcome.memory_bytes)
        if outcome.status is Status.OK:
            spent = replace(outcome, cpu_s=cpu_s, wall_s=wall_s, memory_bytes=memory)
            return replace(spent, status=Status.RECOVERED, rung=rung.name, netlist=netlist)
    return replace(first, cpu_s=cpu_s, wall_s=wall_s, memory_bytes=memory)


def _before_end(text: str, card: str) -> str:
    lines = text.split("\n")
    for index in range(len(lines) - 1, 0, -1):
        if lines[index].strip().lower() == ".end":
            return "\n".join([*lines[:index], card, *lines[index:]])
    return "\n".join([*lines, card, ""])


def _with_text(netlist: Netlist, text: str) -> Netlist:
    return replace(netlist, text=text)
