"""The retry ladder: when it is climbed, what it changes, and what it records."""

from dataclasses import replace

import numpy as np
import pytest

from neurokit.circuits.netlist import Netlist
from neurokit.device.accuracy import OPTIONS, SAFE_PRODUCT
from neurokit.simulation import Cause, Outcome, Status, Waveforms, simulate
from neurokit.simulation.cards import circuit_cards, evaluate
from neurokit.simulation.ladder import LADDER, RETRYABLE, Rung, climb, with_shorter_step
from neurokit.simulation.options import accuracy_warnings, option_values

TEXT = f"t\nX1 a 0 vo2x x=0\nV1 a 0 1\n{OPTIONS}\n.tran 10n 100u 0 10n uic\n.end\n"
NETLIST = Netlist("t", TEXT)


def failed(netlist: Netlist, cause: Cause = Cause.TIMESTEP_TOO_SMALL) -> Outcome:
    return Outcome(Status.FAILED, netlist, "fake", cause=cause, cpu_s=1.0, wall_s=2.0)


def ok(netlist: Netlist) -> Outcome:
    plot = Waveforms("Transient Analysis", "time", {"time": np.array([0.0])})
    return Outcome(Status.OK, netlist, "fake", plots=(plot,), cpu_s=1.0, wall_s=2.0)


@pytest.mark.parametrize("helpful", range(len(LADDER)))
def test_the_rung_that_worked_is_recorded_with_the_time_of_all_tries(helpful: int) -> None:
    tries: list[Netlist] = []

    def run(netlist: Netlist) -> Outcome:
        tries.append(netlist)
        return ok(netlist) if len(tries) == helpful + 1 else failed(netlist)

    outcome = climb(NETLIST, failed(NETLIST), run)
    assert (outcome.status, outcome.rung) == (Status.RECOVERED, LADDER[helpful].name)
    assert (outcome.cpu_s, outcome.wall_s) == (helpful + 2.0, 2 * (helpful + 2.0))
    assert outcome.netlist == NETLIST


def test_where_no_rung_helps_the_first_try_is_the_answer_with_the_time_of_all() -> None:
    first = replace(failed(NETLIST), messages=("the first",))
    outcome = climb(NETLIST, first, failed)
    assert (outcome.cause, outcome.messages, outcome.rung) == (first.cause, ("the first",), None)
    assert outcome.cpu_s == len(LADDER) + 1


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause not in RETRYABLE])
def test_what_another_try_cannot_help_is_not_tried_again(cause: Cause) -> None:
    first = failed(NETLIST, cause)
    assert climb(NETLIST, first, lambda netlist: pytest.fail("tried again")) is first


def test_a_netlist_with_commands_is_not_tried_again() -> None:
    netlist = Netlist("t", TEXT.replace(".end", ".control\nrun\n.endc\n.end"))
    assert climb(netlist, failed(netlist), ok).status is Status.FAILED


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.name)
def test_no_rung_loosens_the_accuracy(rung: Rung) -> None:
    changed = rung.change(NETLIST)
    assert changed != NETLIST
    assert [warning for warning in accuracy_warnings(changed) if "method=gear" not in warning] == []
    options = option_values(circuit_cards(changed.text))
    product = float(options["reltol"]) * float(options["trtol"])
    assert product <= SAFE_PRODUCT


def test_a_shorter_step_changes_the_fourth_number_and_nothing_else() -> None:
    changed = with_shorter_step(NETLIST)
    before, after = (netlist.text.split("\n") for netlist in (NETLIST, changed))
    assert [b for b, a in zip(before, after, strict=True) if b != a] == [".tran 10n 100u 0 10n uic"]
    assert evaluate(changed.text.split(".tran")[1].split()[3], {}) == 2.5e-9


@pytest.mark.parametrize("card", [".tran 10n 100u", ".tran 10n 100u uic", ".tran 10n 100u 0 {f(1)}"])
def test_a_step_that_is_not_given_as_a_number_is_left_alone(card: str) -> None:
    netlist = Netlist("t", f"t\nR1 a 0 1\n{card}\n.end\n")
    assert with_shorter_step(netlist) == netlist


SNAP = """a negative resistance that snaps, with no capacitance to hold it
I1 0 x sin(0 4 1meg)
B1 x 0 I=v(x)*v(x)*v(x)-3*v(x)
.tran 1n 2u 0 1n uic
.end
"""


def test_a_snap_without_capacitance_recovers_and_says_how() -> None:
    netlist = Netlist("snap", SNAP)
    alone = simulate(netlist, retry=False)
    outcome = simulate(netlist)
    assert (alone.status, alone.cause) == (Status.PARTIAL, Cause.TIMESTEP_TOO_SMALL)
    assert (outcome.status, outcome.rung) == (Status.RECOVERED, "1 fF from every node to ground")
    assert outcome.waveforms.time[-1] == pytest.approx(2e-6)
    assert outcome.netlist == netlist
    assert outcome.cpu_s > alone.cpu_s
