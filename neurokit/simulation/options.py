"""Warnings for netlists with VO2-x devices whose settings make ngspice silently wrong.

The settings and the reason for them are in `neurokit.device.accuracy`; here a user's own text is compared
with them. Where a value is an expression that cannot be read, nothing is said about it.
"""

import re
from collections.abc import Iterator, Mapping

from neurokit.circuits.netlist import Netlist
from neurokit.circuits.values import spice_value
from neurokit.device.accuracy import MAP, METHOD, OPTIONS, SAFE_PRODUCT, STEPS_PER_THERMAL_TIME, thermal_time
from neurokit.device.vo2x import Vo2x
from neurokit.simulation.cards import (
    Card,
    circuit_cards,
    control_cards,
    evaluate,
    parameters,
    subcircuit_of,
    tran_arguments,
    tran_cards,
)

NGSPICE_RELTOL = 1e-3  # ngspice's own defaults, manual section 15.1
NGSPICE_TRTOL = 7.0
NGSPICE_TRTOL_XSPICE = 1.0  # ngspice lowers trtol by itself where a netlist has code models

ROUNDING = 1.05  # a step that was rounded up from the rule is no other step
LONGER = MAP.step * ROUNDING  # than the rule: what sweeps take

VO2X_PREFIX = "vo2x"  # every sub-circuit of spice_models/vo2x.lib begins with it


def accuracy_warnings(netlist: Netlist) -> tuple[str, ...]:
    """What in a netlist with VO2-x devices makes its answer silently wrong; nothing for other netlists."""
    statements = circuit_cards(netlist.text)
    transients = _transients(netlist)
    if not any(_calls_vo2x(card) for card in statements) or not transients:
        return ()
    return (
        *_tolerance_warnings(netlist, statements),
        *_method_warnings(statements),
        *_step_warnings(netlist, statements, transients),
        *_start_warnings(statements, transients),
    )


def _transients(netlist: Netlist) -> tuple[Card, ...]:
    """Every transient that the netlist asks for, in a card or in a `.control` block."""
    return (*tran_cards(netlist.text), *(card for card in control_cards(netlist.text) if card.keyword == "tran"))


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
    if reltol * trtol <= MAP.reltol * MAP.trtol * (1 + 1e-9):
        return (
            f"trtol * reltol is {trtol * reltol:.2g}: periods are right to 1e-3, as in sweeps; for 2e-4 `{OPTIONS}`",
        )
    return (
        f"trtol * reltol is {trtol:g} * {reltol:g} = {trtol * reltol:.2g}, above {SAFE_PRODUCT:g}: the period of a "
        f"VO2-x neuron comes out short by percents without a message; write `{OPTIONS}`",
    )


def _method_warnings(statements: tuple[Card, ...]) -> tuple[str, ...]:
    method = option_values(statements).get("method", METHOD)
    if method.startswith("gear"):
        return (f"method={method}: the periods of VO2-x neurons are verified with method={METHOD} only",)
    return ()


def _step_warnings(netlist: Netlist, statements: tuple[Card, ...], transients: tuple[Card, ...]) -> Iterator[str]:
    """A capacitor makes a neuron of a device: without one nothing oscillates, and a slow sweep may take long steps."""
    longest = thermal_time(Vo2x()) / STEPS_PER_THERMAL_TIME
    known, has_capacitor = parameters(netlist.text), any(card.keyword.startswith("c") for card in statements)
    for card in transients:
        words = [word for word in tran_arguments(card) if word.lower() != "uic"]
        step = evaluate(words[3], known) if len(words) > 3 else None
        if len(words) < 4:
            yield (
                f"line {card.line}: the transient gives no maximum step, so ngspice takes it from tstep: write "
                f"`.tran tstep tstop 0 tmax` with tmax as the header of spice_models/vo2x.lib says"
            )
        elif has_capacitor and step is not None and step > LONGER * longest:
            yield (
                f"line {card.line}: the maximum step {step:g} s is longer than {longest:.2g} s, a "
                f"{STEPS_PER_THERMAL_TIME}th of the device's thermal time: the period of a neuron comes out wrong"
            )


def _start_warnings(statements: tuple[Card, ...], transients: tuple[Card, ...]) -> Iterator[str]:
    if any(card.keyword == ".ic" for card in statements):
        return
    for card in transients:
        if "uic" not in [word.lower() for word in tran_arguments(card)] and not _starts_from_zero(statements):
            yield (
                f"line {card.line}: without uic the transient starts from an operating point, perhaps the unstable one "
                "at which nothing begins to oscillate: write uic at its end"
            )


def _starts_from_zero(statements: tuple[Card, ...]) -> bool:
    """Whether no source has a constant value: what is driven by pulses or lines from 0 V starts cold."""
    sources = [card for card in statements if card.keyword[0] in "vi"]
    return all(re.search(r"\b(pulse|pwl|sin|exp)\b", card.text, re.IGNORECASE) for card in sources)
