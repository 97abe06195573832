"""A netlist: the text that a simulator runs, and what is to be read from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from neurokit.errors import UnsafeNetlistError

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
        """A user's own netlist, unchanged but for its encoding."""
        text = Path(path).read_text(encoding="utf-8")
        return cls(title=text.partition("\n")[0], text=text, probes=tuple(probes))


def checked_name(name: str) -> str:
    """`name` if it may stand as a node or element in a netlist; a netlist can run commands, so names are checked."""
    if not _NODE_NAME.match(name):
        raise UnsafeNetlistError(
            f"name {name!r} may not stand in a netlist: use a lower-case letter followed by lower-case letters, digits or _"
        )
    return name
