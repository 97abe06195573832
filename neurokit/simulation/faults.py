"""What can be seen to be wrong in a netlist's text, where ngspice runs it without a word.

A capacitor without a value, a current source into nothing, a misspelt parameter of a sub-circuit: ngspice
39 exits 0 and returns numbers. Only what is never right is reported here. Where files are included the
circuit is not known as a whole, and nothing is said about its nodes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from neurokit.circuits.netlist import Netlist
from neurokit.simulation.cards import ANALYSES, Card, circuit_cards, parameters, split_call, top_level
from neurokit.simulation.outcome import Cause
from neurokit.simulation.vo2x_calls import PARAMETERS_OF, unknown_parameters, values_out_of_range

FEWEST_WORDS: Mapping[str, int] = {  # after the element's name: nodes and a value, model or expression
    "r": 3,
    "c": 3,
    "l": 3,
    "k": 3,
    "d": 3,
    "q": 4,
    "j": 4,
    "z": 4,
    "m": 4,
    "e": 3,
    "g": 3,
    "f": 3,
    "h": 3,
    "v": 2,
    "i": 2,
    "s": 5,
    "w": 4,
}
GROUND = frozenset({"0", "gnd"})
MULTIPLIER = "m"  # every sub-circuit call may have one

_INCLUDES = (".include", ".inc", ".incl", ".lib")
_PARAMETER_NAME = re.compile(r"([a-z_]\w*)\s*=", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in the text, with the line it stands on."""

    cause: Cause
    message: str


def faults(netlist: Netlist) -> tuple[Fault, ...]:
    """Everything in the text that is never right; most often nothing."""
    if not netlist.text.strip() or "\x00" in netlist.text:
        return (Fault(Cause.UNREADABLE, "the netlist is empty or not text"),)
    statements = circuit_cards(netlist.text)
    return (
        *_unbalanced_control(statements),
        *_missing_terminals(statements),
        *_sources_into_nothing(statements),
        *_misspelt_parameters(statements),
        *_wrong_library_calls(netlist, statements),
        *_no_analysis(statements),
    )


def _unbalanced_control(statements: tuple[Card, ...]) -> Iterator[Fault]:
    opened = [card for card in statements if card.keyword == ".control"]
    closed = [card for card in statements if card.keyword == ".endc"]
    if len(opened) > len(closed):
        yield Fault(Cause.SYNTAX, f"line {opened[-1].line}: .control without .endc")


def _missing_terminals(statements: tuple[Card, ...]) -> Iterator[Fault]:
    for card in statements:
        fewest = FEWEST_WORDS.get(card.keyword[0], 0)
        words = len(card.words) - 1
        if card.keyword[0] == "b":
            words, fewest = len(card.text.partition("=")[0].split()) - 1, 3
        if words < fewest:
            yield Fault(Cause.MISSING_NODE, f"line {card.line}: a node or the value is missing: {card.text}")


def _sources_into_nothing(statements: tuple[Card, ...]) -> Iterator[Fault]:
    """Current sources with no other kind of element at a node, and sources without value at a node of their own."""
    if any(card.keyword in _INCLUDES for card in statements):
        return
    elements = [card for card in top_level(statements) if card.keyword[0].isalpha()]
    currents = [card for card in elements if card.keyword[0] == "i" and len(card.words) > 2]
    idle = [card for card in elements if card.keyword[0] == "v" and len(card.words) == 3]
    if not currents and not idle:
        return
    at_node = Counter(name for card in elements for name in _names(card))
    at_node.subtract(name for card in currents for name in _names(card))
    for card, most in (*((card, 0) for card in currents), *((card, 1) for card in idle)):
        for node in card.words[1:3]:
            if node.lower() not in GROUND and at_node[node.lower()] <= most:
                yield Fault(Cause.MISSING_NODE, f"line {card.line}: nothing else is at node {node}: {card.text}")


def _names(card: Card) -> frozenset[str]:
    return frozenset(re.split(r"[\s(),=\[\]{}%]+", card.text.lower()))


def _misspelt_parameters(statements: tuple[Card, ...]) -> Iterator[Fault]:
    """ngspice ignores a parameter that the sub-circuit does not have."""
    declared = _declared_parameters(statements)
    for card in statements:
        if card.keyword[0] == "x":
            _, name, given = split_call(card)
            known = declared.get(name.lower()) if name.lower() not in PARAMETERS_OF else None
            for parameter in given if known is not None else ():
                if known is not None and parameter not in known:
                    listed = ", ".join(sorted(known - {MULTIPLIER})) or "none"
                    yield Fault(
                        Cause.UNDEFINED_PARAMETER,
                        f"line {card.line}: sub-circuit {name} has no parameter {parameter}; it has {listed}",
                    )


def _wrong_library_calls(netlist: Netlist, statements: tuple[Card, ...]) -> Iterator[Fault]:
    known = parameters(netlist.text)
    for card in statements:
        yield from (Fault(Cause.UNDEFINED_PARAMETER, message) for message in unknown_parameters(card))
        yield from (Fault(Cause.OUT_OF_RANGE, message) for message in values_out_of_range(card, known))


def _declared_parameters(statements: tuple[Card, ...]) -> Mapping[str, frozenset[str]]:
    """By sub-circuit in lower case; a name set by any .param card counts as known everywhere."""
    shared = {
        name.lower() for card in statements if card.keyword == ".param" for name in _PARAMETER_NAME.findall(card.text)
    }
    declared: dict[str, frozenset[str]] = {}
    for card in statements:
        if card.keyword == ".subckt" and len(card.words) > 1:
            own = {name.lower() for name in _PARAMETER_NAME.findall(card.text)}
            name = card.words[1].lower()
            declared[name] = declared.get(name, frozenset()) | own | shared | {MULTIPLIER}
    return declared


def _no_analysis(statements: tuple[Card, ...]) -> Iterator[Fault]:
    keywords = {card.keyword for card in statements}
    if not keywords & {*ANALYSES, *_INCLUDES, ".control"}:
        yield Fault(Cause.NO_ANALYSIS, "no analysis is asked for: no .tran, .ac, .dc or .op, and no .control block")
