"""The files that a verification leaves for people: the whole network's netlist, what has to be bought, all rates."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError
from neurokit.sweeps.journal import write_whole
from neurokit.sweeps.spec import Row

UNITS = {"resistor": "ohm", "capacitor": "F", "op-amp": "V", "pulse former": "V", "VO2-x device": "x"}
RATES = {
    "class": "class",
    "digits": "digits",
    "layer": "layer",
    "neuron": "neuron",
    "ngspice": "rate in ngspice (Hz)",
    "spiking": "rate in the spiking network (Hz)",
    "rate": "rate in the rate network (Hz)",
    "error_spiking": "error against the spiking network (of full scale)",
    "error_rate": "error against the rate network (of full scale)",
}


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
    rows = ([kind, value, UNITS[kind], count] for (kind, value), count in sorted(bill.items()))
    _write_csv(path, ["part", "value", "unit", "number"], rows)


def write_rates(path: Path, rows: Iterable[Row]) -> None:
    """Rates by class and neuron, as a CSV file."""
    _write_csv(path, list(RATES.values()), ([row[name] for name in RATES] for row in rows))


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    def write(part: Path) -> None:
        with part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)

    write_whole(path, write)


def _shown(line: str | None) -> str:
    return "nothing" if line is None else repr(line if len(line) <= 80 else line[:80] + "...")
