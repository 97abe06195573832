"""What `--safe` refuses: everything in a netlist that could do more than describe and analyse a circuit.

A netlist can run commands: in `.control` blocks, in comment lines that begin with `*#` (ngspice executes
them), in a file whose title is `*ng_script`, through code models that start a process or load a library, and
in any file that it includes. So dot cards are allowed by a list rather than refused by one, and included
files are read and judged by the same rules wherever they lie; one that cannot be found is refused, because
ngspice might find it elsewhere.
"""

import re
from pathlib import Path

from neurokit.circuits.netlist import Netlist
from neurokit.errors import UnsafeNetlistError
from neurokit.simulation.cards import Card, cards

# fmt: off
ALLOWED_CARDS = frozenset(
    (
        ".tran", ".ac", ".dc", ".op", ".noise", ".tf", ".sens", ".pz", ".disto", ".pss", ".sp", ".save",
        ".print", ".plot", ".probe", ".width", ".four", ".fourier", ".meas", ".measure", ".model",
        ".subckt", ".ends", ".param", ".params", ".func", ".global", ".ic", ".nodeset", ".options",
        ".option", ".opt", ".temp", ".include", ".inc", ".incl", ".lib", ".endl", ".end", ".if", ".elseif",
        ".else", ".endif", ".csparam", ".title",
    )
)
# fmt: on
INCLUDES = (".include", ".inc", ".incl", ".lib")
UNSAFE_CODE_MODELS = ("d_process", "d_cosim")  # one starts a program, the other loads a shared library

_HIDDEN_COMMAND = re.compile(r"\s*\*#")
_SCRIPT_TITLE = re.compile(r"\s*\*ng_script", re.IGNORECASE)


def refuse_unsafe(netlist: Netlist, directory: Path | None = None) -> None:
    """Raise UnsafeNetlistError, with line and construct, for a netlist that could do more than simulate.

    `directory` is where relative includes start, the current one if not given.
    """
    _refuse_in(netlist.text, "", directory or Path.cwd(), frozenset())


def _refuse_in(text: str, origin: str, directory: Path, seen: frozenset[Path]) -> None:
    _refuse_hidden_commands(text, origin)
    title = text.partition("\n")[0].strip()
    _refuse_card(Card(1, title), origin)  # of an included file the first line is no title
    for card in cards(text):
        _refuse_card(card, origin)
    for card in (Card(1, title), *cards(text)):
        _follow(card, origin, directory, seen)


def _refuse_hidden_commands(text: str, origin: str) -> None:
    if _SCRIPT_TITLE.match(text):
        raise UnsafeNetlistError(f"{origin}line 1: *ng_script makes the whole file commands, which --safe refuses")
    for number, line in enumerate(text.split("\n"), start=1):
        if _HIDDEN_COMMAND.match(line):
            raise UnsafeNetlistError(f"{origin}line {number}: *# runs a command, which --safe refuses: {line.strip()}")


def _refuse_card(card: Card, origin: str) -> None:
    words = card.text.lower().split()
    if words and words[0].startswith(".") and words[0] not in ALLOWED_CARDS and _is_card(words[0]):
        raise UnsafeNetlistError(
            f"{origin}line {card.line}: {words[0]} may run commands or touch files, which --safe refuses; "
            "remove it, or run without --safe if you trust the netlist"
        )
    if words[:1] == [".model"] and any(model in card.text.lower() for model in UNSAFE_CODE_MODELS):
        raise UnsafeNetlistError(f"{origin}line {card.line}: this code model runs other programs, which --safe refuses")


def _is_card(word: str) -> bool:
    return re.match(r"\.[a-z]", word) is not None


def _follow(card: Card, origin: str, directory: Path, seen: frozenset[Path]) -> None:
    name = _included_file(card)
    if name is None:
        return
    path = (directory / Path(name).expanduser()).resolve()
    if path in seen:
        return
    if not path.is_file():
        raise UnsafeNetlistError(
            f"{origin}line {card.line}: {name} is not in {directory}, so --safe cannot judge what it would include"
        )
    text = path.read_text(encoding="utf-8", errors="replace")
    _refuse_in(text, f"{name}: ", path.parent, seen | {path})


def _included_file(card: Card) -> str | None:
    """The file that a card includes; `.lib NAME` alone opens a section of a library and includes nothing."""
    words = card.words
    if not words or words[0].lower() not in INCLUDES or (words[0].lower() == ".lib" and len(words) < 3):
        return None
    rest = card.text.split(None, 1)[1].strip() if len(words) > 1 else ""
    quoted = re.match(r"[\"']([^\"']*)[\"']", rest)
    return quoted.group(1) if quoted else rest.split()[0] if rest else None
