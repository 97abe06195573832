"""A netlist: the text that a simulator runs, and what is to be read from it."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from neurokit.errors import NeurokitError, UnsafeNetlistError

_NODE_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Netlist:
    """A circuit with its analysis, as text; `str()` is the file.

    The text is complete: title line first, `.end` last, nothing is added before it reaches the simulator.
    `probes` are the vectors that a successful run must return ("v(osc)", "i(v_sense)"); with none named,
    whatever the netlist itself saves is taken. `t_stop` is the time that a transient must reach (s), None
    for another analysis or where the runner is to find it in the text.
    """

    title: str
    text: str
    probes: tuple[str, ...] = ()
    t_stop: float | None = None

    def __str__(self) -> str:
        return self.text

    @classmethod
    def from_file(cls, path: str | Path, probes: Sequence[str] = ()) -> "Netlist":
        """A user's own netlist, unchanged but for a byte order mark; NeurokitError says why a file is none."""
        text = _readable_text(Path(path))
        return cls(title=text.partition("\n")[0].strip(), text=text, probes=tuple(probes))


def checked_name(name: str) -> str:
    """`name` if it may stand as a node or element in a netlist; a netlist can run commands, so names are checked."""
    if not _NODE_NAME.match(name):
        raise UnsafeNetlistError(
            f"name {name!r} may not stand in a netlist: use a lower-case letter followed by lower-case letters, "
            "digits or _"
        )
    return name


def _readable_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NeurokitError(f"cannot read {path}: {error.strerror}; check the path and its permissions") from None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NeurokitError(f"{path} is UTF-16 text: convert it with `iconv -f utf-16 -t utf-8`")
    if b"\x00" in data:
        raise NeurokitError(f"{path} is a binary file, no netlist (zero byte at {data.index(0)}): give the text file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NeurokitError(
            f"{path} is not UTF-8 text (byte {error.start}): convert it with `iconv -f latin1 -t utf-8`"
        ) from None
    if not text.strip():
        raise NeurokitError(f"{path} is empty: a netlist has a title line, elements, an analysis and .end")
    return text
