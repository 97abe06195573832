"""The files that a verification leaves for people: the netlist of the whole network, and what has to be bought."""

import csv
from collections import Counter
from itertools import zip_longest
from pathlib import Path

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError
from neurokit.sweeps.journal import write_whole

UNITS = {"resistor": "ohm", "capacitor": "F", "op-amp": "V", "pulse former": "V", "VO2-x device": "x"}


def keep_netlist(path: Path, netlist: Netlist) -> None:
    """Writes the netlist; NeurokitError if another one is there, as what was simulated then would not be what it says.

    It names the first line that differs.
    """
    if not path.exists():
        write_whole(path, lambda part: part.write_text(netlist.text, encoding="utf-8"))
        return
    kept = path.read_text(encoding="utf-8", errors="replace")
    for number, (found, wished) in enumerate(zip_longest(kept.splitlines(), netlist.text.splitlines()), start=1):
        if found != wished:
            raise NeurokitError(
                f"line {number} of {path} reads {_shown(found)}, the trained network gives {_shown(wished)}: it was "
                "edited, or is of another network. To verify the network remove that file; to simulate the edited "
                f"netlist run `neurokit run {path}`"
            )


def write_bill(path: Path, bill: Counter[tuple[str, float]]) -> None:
    """Part, value, unit and number, as a CSV file."""

    def write(part: Path) -> None:
        with part.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["part", "value", "unit", "number"])
            rows.writerows([kind, value, UNITS[kind], count] for (kind, value), count in sorted(bill.items()))

    write_whole(path, write)


def _shown(line: str | None) -> str:
    return "nothing" if line is None else repr(line if len(line) <= 80 else line[:80] + "...")
