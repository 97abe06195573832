"""Columns of a CSV file as an instrument writes it, in SI units; rows that are none are named by their line."""

import csv
from collections.abc import Mapping
from math import isfinite
from pathlib import Path

import numpy as np

from neurokit.circuits.values import SI_PREFIXES
from neurokit.errors import NeurokitError
from neurokit.vacancy.model import Floats

UNITS = ("V", "A", "ohm", "K", "degC", "s", "Hz", "F", "J", "W")
MISSING = ("", "-", "nan")  # cells without a value
ZERO_CELSIUS = 273.15  # K
_BAD_SHOWN = 8  # lines of a file that are named


def in_si(value: float, unit: str) -> float:
    """A value of this unit ("uA", "kohm", "degC") in SI units."""
    if unit == "degC":
        return value + ZERO_CELSIUS
    return value * SI_PREFIXES[unit.removesuffix(base_of(unit))]


def read_table(path: Path, columns: Mapping[str, str], units: Mapping[str, str]) -> dict[str, Floats | list[str]]:
    """By our names, the columns of a file by its names: numbers in SI units, words where no unit is given.

    Lines that begin with # are comments. Cells without a value become nan; a row that cannot be read is refused.
    """
    rows, lines = _rows(path)
    missing = [name for name in columns.values() if name not in rows[0]]
    if missing:
        raise NeurokitError(f"{path} has no column {', '.join(missing)}: it has {', '.join(rows[0])}")
    found: dict[str, Floats | list[str]] = {}
    bad: dict[int, str] = {}
    for ours, theirs in columns.items():
        place = rows[0].index(theirs)
        cells = []
        for row, line in zip(rows[1:], lines[1:], strict=True):
            if len(row) != len(rows[0]):
                bad[line] = f"{len(row)} cells instead of {len(rows[0])}"
                continue
            cells.append(_cell(row[place].strip(), units.get(ours), line, bad))
        found[ours] = np.array(cells, dtype=np.float64) if ours in units else [str(cell) for cell in cells]
    if bad:
        shown = "; ".join(f"line {line}: {why}" for line, why in sorted(bad.items())[:_BAD_SHOWN])
        more = f" and {len(bad) - _BAD_SHOWN} more" if len(bad) > _BAD_SHOWN else ""
        raise NeurokitError(f"{path} has rows that cannot be read: {shown}{more}; correct or delete them")
    return found


def _rows(path: Path) -> tuple[list[list[str]], list[int]]:
    """The header and the rows below it, each with its line number; comments and empty lines are left out."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NeurokitError(f"cannot read {path}: {error}") from None
    numbered = [(k, line) for k, line in enumerate(text.splitlines(), start=1)]
    kept = [(k, line) for k, line in numbered if line.strip() and not line.lstrip().startswith("#")]
    if len(kept) < 2:
        raise NeurokitError(f"{path} holds no rows: a table has a line of column names and one or more rows below it")
    rows = [next(csv.reader([line])) for _, line in kept]  # a cell does not go over several lines
    return [[cell.strip() for cell in row] for row in rows], [k for k, _ in kept]


def _cell(text: str, unit: str | None, line: int, bad: dict[int, str]) -> float | str:
    if unit is None:
        return text
    if text.lower() in MISSING:
        return float("nan")
    try:
        value = in_si(float(text), unit)
    except ValueError:
        bad[line] = f"{text!r} is no number"
        return float("nan")
    if not isfinite(value):
        bad[line] = f"{text!r} is not finite; leave the cell empty where nothing was measured"
    return value


def base_of(unit: str) -> str:
    """The unit without its prefix: "A" of "uA"; "K" of "degC", which is one with another zero."""
    if not unit or unit == "degC":
        return "K" if unit else ""
    for known in UNITS:
        if unit.endswith(known) and unit[: -len(known)] in SI_PREFIXES:
            return known
    raise NeurokitError(f"unit {unit!r} is not known: one of {', '.join(UNITS)}, with a prefix such as m, u or k")
