"""Warnings where a netlist with VO2-x devices is silently wrong."""

import pytest

from neurokit.circuits import CIRCUITS
from neurokit.circuits.netlist import Netlist
from neurokit.device.accuracy import OPTIONS, SAFE_PRODUCT
from neurokit.simulation.cards import circuit_cards
from neurokit.simulation.options import accuracy_warnings, option_values


def deck(options: str = OPTIONS, tran: str = ".tran 10n 100u 0 10n uic", device: str = "X1 a 0 vo2x x=0.01") -> Netlist:
    return Netlist("deck", f"deck\n.include vo2x.lib\nV1 in 0 12.5\nR1 in a 3k\n{device}\n{options}\n{tran}\n.end\n")


def test_the_shipped_options_give_no_warning() -> None:
    assert accuracy_warnings(deck()) == ()


def test_a_netlist_without_a_vo2x_device_gives_no_warning() -> None:
    assert accuracy_warnings(deck(options="", tran=".tran 1u 1m", device="X1 a 0 opamp")) == ()


@pytest.mark.parametrize("options", ["", ".options reltol=1e-4", ".options trtol=1", ".option RELTOL = 1m TRTOL=1"])
def test_loose_tolerances_are_warned_of_with_the_line_to_write(options: str) -> None:
    (warning,) = accuracy_warnings(deck(options=options))
    assert OPTIONS in warning


@pytest.mark.parametrize("trtol", [1.0, 0.01, 7.0])
def test_what_counts_is_the_product_of_the_tolerances(trtol: float) -> None:
    assert accuracy_warnings(deck(f".options trtol={trtol} reltol={SAFE_PRODUCT / trtol!r}")) == ()
    assert len(accuracy_warnings(deck(f".options trtol={trtol} reltol={2 * SAFE_PRODUCT / trtol!r}"))) == 1


@pytest.mark.parametrize("tran", [".tran 10n 100u uic", ".tran 10n 100u 0 UIC", ".control\ntran 10n 100u uic\n.endc"])
def test_a_transient_without_a_largest_step_is_warned_of_with_its_line(tran: str) -> None:
    (warning,) = accuracy_warnings(deck(tran=tran))
    assert warning.startswith(("line 7: the transient gives no maximum step", "line 8: the transient gives no maximum"))


def test_a_step_longer_than_the_rule_is_warned_of_where_a_capacitor_makes_a_neuron() -> None:
    neuron = "C1 a 0 1.8n\nX1 a 0 vo2x x=0.01"
    assert accuracy_warnings(deck(tran=".tran 5u 100u 0 66n uic", device=neuron)) == ()
    (warning,) = accuracy_warnings(deck(tran=".tran 5u 100u 0 5u uic", device=neuron))
    assert "maximum step 5e-06 s is longer than 6.7e-08 s" in warning
    assert accuracy_warnings(deck(tran=".tran 5u 100u 0 5u uic")) == ()


def test_a_start_from_an_operating_point_is_warned_of_unless_the_drive_begins_at_zero() -> None:
    (warning,) = accuracy_warnings(deck(tran=".tran 10n 100u 0 10n"))
    assert "write uic" in warning
    pulse = deck(tran=".tran 10n 100u 0 10n").text.replace("V1 in 0 12.5", "V1 in 0 pulse(0 12.5 0 1n 1n 50u)")
    assert accuracy_warnings(Netlist("deck", pulse)) == ()


@pytest.mark.parametrize("name", CIRCUITS)
def test_no_shipped_netlist_gives_a_warning(name: str) -> None:
    assert accuracy_warnings(CIRCUITS[name]()) == ()


def test_gear_is_warned_of() -> None:
    (warning,) = accuracy_warnings(deck(options=OPTIONS.replace("trap", "gear")))
    assert "method=gear" in warning


def test_nothing_is_said_of_a_tolerance_that_cannot_be_read() -> None:
    assert accuracy_warnings(deck(options=".options reltol={gauss(1,2,3)} trtol=1")) == ()


def test_a_tolerance_is_read_through_parameters() -> None:
    assert accuracy_warnings(deck(options=".param q=1u\n.options reltol={q/2} trtol=1")) == ()
    assert len(accuracy_warnings(deck(options=".param q=1m\n.options reltol={q/2} trtol=1"))) == 1


@pytest.mark.parametrize("device", ["X1 a 0 VO2X_device3", "x1 a 0\n+ vo2x x=0.01", "X1 a 0 t u vo2x_pins x={1/50}"])
def test_every_way_to_call_the_device_is_seen(device: str) -> None:
    assert accuracy_warnings(deck(options="", device=device))


def test_of_two_options_cards_the_last_counts_and_in_one_card_the_first() -> None:
    text = "t\n.options reltol=1 reltol=2\n.options trtol=3\n.options trtol=4\n"
    assert option_values(circuit_cards(text)) == {"reltol": "1", "trtol": "4"}
