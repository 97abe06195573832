"""Warnings for netlists with VO2-x devices whose settings make ngspice silently wrong.

The settings and the reason for them are in `neurokit.device.accuracy`; here a user's own text is compared
with them. Where a value is an expression that cannot be read, nothing is said about it.
"""

from collections.abc import Mapping

from neurokit.circuits.netlist import Netlist
from neurokit.circuits.values import spice_value
from neurokit.device.accuracy import METHOD, OPTIONS, SAFE_PRODUCT
from neurokit.simulation.cards import (
    Card,
    circuit_cards,
    evaluate,
    parameters,
    subcircuit_of,
    tran_arguments,
    tran_cards,
)

NGSPICE_RELTOL = 1e-3  # ngspice's own defaults, manual section 15.1
NGSPICE_TRTOL = 7.0
NGSPICE_TRTOL_XSPICE = 1.0  # ngspice lowers trtol by itself where a netlist has code models

VO2X_PREFIX = "vo2x"  # every sub-circuit of spice_models/vo2x.lib begins with it


def accuracy_warnings(netlist: Netlist) -> tuple[str, ...]:
    """What in a netlist with VO2-x devices makes its answer silently wrong; nothing for other netlists."""
    statements = circuit_cards(netlist.text)
    if not any(_calls_vo2x(card) for card in statements) or not tran_cards(netlist.text):
        return ()
    return (*_tolerance_warnings(netlist, statements), *_method_warnings(statements), *_step_warnings(netlist))


def option_values(statements: tuple[Card, ...]) -> Mapping[str, str]:
    """What .options cards set, by lower-case name: of two cards the last counts, in one card the first (ngspice 39)."""
    values: dict[str, str] = {}
    for card in statements:
        if card.keyword in (".options", ".option", ".opt"):
            words = card.text.replace("=", " = ").split()[1:]
            triples = zip(words, words[1:], words[2:], strict=False)
            pairs = [(name.lower(), value.lower()) for name, sign, value in triples if sign == "="]
            values |= dict(reversed(pairs))
    return values


def _calls_vo2x(card: Card) -> bool:
    return card.keyword.startswith("x") and subcircuit_of(card).startswith(VO2X_PREFIX)


def _tolerance_warnings(netlist: Netlist, statements: tuple[Card, ...]) -> tuple[str, ...]:
    options = option_values(statements)
    known = parameters(netlist.text)
    has_code_models = any(card.keyword.startswith("a") for card in statements)
    trtol_default = NGSPICE_TRTOL_XSPICE if has_code_models else NGSPICE_TRTOL
    reltol = evaluate(options.get("reltol", spice_value(NGSPICE_RELTOL)), known)
    trtol = evaluate(options.get("trtol", spice_value(trtol_default)), known)
    if reltol is None or trtol is None or reltol * trtol <= SAFE_PRODUCT * (1 + 1e-9):
        return ()
    return (
        f"trtol * reltol is {trtol:g} * {reltol:g} = {trtol * reltol:.2g}, above {SAFE_PRODUCT:g}: the period of a "
        f"VO2-x neuron comes out short by percents without a message; write `{OPTIONS}`",
    )


def _method_warnings(statements: tuple[Card, ...]) -> tuple[str, ...]:
    method = option_values(statements).get("method", METHOD)
    if method.startswith("gear"):
        return (f"method={method}: the periods of VO2-x neurons are verified with method={METHOD} only",)
    return ()


def _step_warnings(netlist: Netlist) -> tuple[str, ...]:
    return tuple(
        f"line {card.line}: .tran gives no maximum step, so ngspice takes it from tstep: write "
        f"`.tran tstep tstop 0 tmax` with tmax as the header of spice_models/vo2x.lib says"
        for card in tran_cards(netlist.text)
        if len([word for word in tran_arguments(card) if word.lower() != "uic"]) < 4
    )
