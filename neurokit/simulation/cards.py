"""The logical lines of a netlist: comments gone, continuations joined, each with the number of its first line."""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from neurokit.circuits.values import spice_number
from neurokit.errors import NeurokitError

_TRAILING_COMMENT = re.compile(r";.*|(?:(?<=\s)|^)(?:\$(?=\s|$)|//).*")
_NOT_AN_ELEMENT = "*$%&!\"'()[]{}?=,;:\\"  # ngspice turns a line that begins with one of these into a comment
_PARAMETER = re.compile(r"([a-z_]\w*)\s*=\s*(\{[^}]*\}|'[^']*'|[^\s,={]+)", re.IGNORECASE)
_SAVED = re.compile(r"(?:v\((?!0\)|gnd\))[\w.]+\)|i\(v\w*\))\Z")
_NAME = re.compile(r"[a-z_]\w*\Z", re.IGNORECASE)
_ATOM = re.compile(r"\d[\w.]*(?:(?<=[eE])[+-]\d+\w*)?|\.\d\w*|[a-zA-Z_]\w*")

ANALYSES = (".tran", ".ac", ".dc", ".op", ".noise", ".tf", ".sens", ".pz", ".disto", ".pss", ".sp")


@dataclass(frozen=True)
class Card:
    """One statement of a netlist."""

    line: int  # number of its first line, from 1, for messages
    text: str  # lower case does not matter to ngspice, so it is kept as written
    in_control: bool = False  # a command of a .control block rather than a part of the circuit

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text.split())

    @cached_property
    def keyword(self) -> str:
        """The first word in lower case: ".tran", "r1"."""
        return self.text.split(None, 1)[0].lower()


@lru_cache(maxsize=2)  # one run asks for the cards of one text several times
def cards(text: str) -> tuple[Card, ...]:
    """Every statement after the title; what follows .end belongs to it too, as ngspice reads on there."""
    found: list[Card] = []
    in_control = False
    for number, line in list(enumerate(text.split("\n"), start=1))[1:]:
        statement = _without_comment(line, in_control)
        if not statement:
            continue
        if statement.startswith("+"):
            if found:
                found[-1] = Card(found[-1].line, f"{found[-1].text} {statement[1:].strip()}", found[-1].in_control)
            continue
        keyword = statement.split(None, 1)[0].lower()
        is_fence = keyword in (".control", ".endc")
        found.append(Card(number, statement, in_control and not is_fence))
        in_control = keyword == ".control" if is_fence else in_control
    return tuple(found)


def circuit_cards(text: str) -> tuple[Card, ...]:
    """Elements and dot cards, without the commands of .control blocks."""
    return tuple(card for card in cards(text) if not card.in_control)


def control_cards(text: str) -> tuple[Card, ...]:
    """The commands of .control blocks."""
    return tuple(card for card in cards(text) if card.in_control)


def has_control(text: str) -> bool:
    return any(card.keyword == ".control" for card in circuit_cards(text))


def has_card(text: str, *keywords: str) -> bool:
    return any(card.keyword in keywords for card in circuit_cards(text))


def subcircuit_of(card: Card) -> str:
    """The name of the sub-circuit that an X line calls: its last word before the parameters."""
    return split_call(card)[1].lower()


def split_call(card: Card) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Pins, sub-circuit and names of the parameters of an X line."""
    plain = re.sub(r"\bparams:", " ", card.text, flags=re.IGNORECASE)
    tight = re.sub(r"\s*=\s*", "=", plain)
    words = list(_outside_braces(tight))[1:]
    called = [word for word in words if "=" not in word]
    given = tuple(word.partition("=")[0].lower() for word in words if "=" in word)
    if not called:
        return (), "", given
    return tuple(called[:-1]), called[-1], given


def parameters(text: str) -> Mapping[str, float]:
    """The values of .param cards outside sub-circuits, as far as plain arithmetic reaches."""
    known: dict[str, float] = {}
    for card in top_level(circuit_cards(text)):
        if card.keyword == ".param":
            for name, expression in _PARAMETER.findall(card.text):
                value = evaluate(expression, known)
                if value is not None:
                    known[name.lower()] = value
    return known


def top_level(statements: tuple[Card, ...]) -> Iterator[Card]:
    """The statements outside every .subckt."""
    depth = 0
    for card in statements:
        if card.keyword == ".subckt":
            depth += 1
        elif card.keyword == ".ends":
            depth = max(depth - 1, 0)
        elif depth == 0:
            yield card


def transient_stops(text: str) -> tuple[float | None, ...]:
    """The last time of each .tran card (s); None where its expression is beyond plain arithmetic."""
    known = parameters(text)
    return tuple(
        evaluate(arguments[1], known) if len(arguments) > 1 else None
        for arguments in map(tran_arguments, tran_cards(text))
    )


def tran_cards(text: str) -> tuple[Card, ...]:
    return tuple(card for card in circuit_cards(text) if card.keyword == ".tran")


def tran_arguments(card: Card) -> tuple[str, ...]:
    """What follows .tran, an expression in braces being one argument."""
    return tuple(_outside_braces(card.text))[1:]


def saved_names(text: str) -> tuple[str, ...]:
    """The plain voltages and currents that .save cards ask for, as a result names them."""
    words = (word.lower() for card in circuit_cards(text) if card.keyword == ".save" for word in card.words[1:])
    return tuple(word for word in words if _SAVED.match(word))


def evaluate(expression: str, known: Mapping[str, float]) -> float | None:
    """A SPICE number or plain arithmetic of numbers and known parameters; None for anything beyond that."""
    plain = expression.strip().strip("{}'").strip()
    try:
        return spice_number(plain)
    except NeurokitError:
        return _arithmetic(plain, known)


def _without_comment(line: str, in_control: bool) -> str:
    statement = line.strip()
    if statement[:1] == "*" or (not in_control and statement[:1] in _NOT_AN_ELEMENT):
        return ""
    return _TRAILING_COMMENT.sub("", statement).strip()


def _outside_braces(text: str) -> Iterator[str]:
    """Words, where blanks inside braces or quotes do not divide."""
    yield from re.findall(r"(?:\{[^}]*\}|'[^']*'|\"[^\"]*\"|[^\s{'\"])+", text)


_OPERATIONS: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _arithmetic(expression: str, known: Mapping[str, float]) -> float | None:
    try:
        plain = _ATOM.sub(lambda atom: repr(_atom(atom.group(), known)), expression)
        value = _value(ast.parse(plain, mode="eval").body)
    except (NeurokitError, KeyError, SyntaxError, ValueError, ArithmeticError, RecursionError):
        return None
    return value if math.isfinite(value) else None


def _atom(word: str, known: Mapping[str, float]) -> float:
    return known[word.lower()] if _NAME.match(word) else spice_number(word)


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=float(number)):
            return number
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_value(left), _value(right))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
    raise ValueError("beyond plain arithmetic")
