"""What was measured: each kind of record with its columns, the errors that are assumed, and the circuit around it.

A circuit is a constant `current` or a `supply` behind `r_series`, with `capacitance` beside the device; the drive takes
`rise` seconds from 0 (none where it is not said). Each of them is a column of the record's file, a number, or the name
of a parameter of the description's [circuit]. The rise matters: what a device does may depend on how it was started.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from neurokit.errors import NeurokitError
from neurokit.vacancy.model import Floats

UP, DOWN = "up", "down"
BRANCHES = {"heating": UP, "up": UP, "cooling": DOWN, "down": DOWN}

FIT, CHECK = "fit", "check"
DRIVES = ("current", "supply", "r_series")  # what a range of oscillation is told over
DRIVEN, BEYOND = 121, 0.3  # drives at which a device is asked, and the share by which they go beyond those measured
OUTSIDE = 4  # rows to either side of what oscillates, where one range is assumed
LOOSE = 3.0  # times the errors of measured rows, those of rows assumed between them


@dataclass(frozen=True)
class Quantity:
    """A measured quantity that a model must give, and how far off it is expected to be where nobody says."""

    unit: str
    error: float  # standard deviation, of the value itself where it is relative
    relative: bool


@dataclass(frozen=True)
class Kind:
    """One way of measuring a device: `given` columns say at what, `measured` ones what came out."""

    given: Mapping[str, str]  # name -> SI unit; "" for words
    measured: Mapping[str, Quantity]
    optional: frozenset[str] = frozenset()  # measured ones that a file may lack
    circuit: frozenset[str] = frozenset()  # what of a circuit may be said; a drive must be, where it may


CIRCUIT = {"current": "A", "supply": "V", "r_series": "ohm", "capacitance": "F", "rise": "s"}

KINDS: Mapping[str, Kind] = {
    "resistance": Kind({"temperature": "K", "branch": ""}, {"resistance": Quantity("ohm", 0.05, relative=True)}),
    "iv": Kind({"voltage": "V", "branch": ""}, {"current": Quantity("A", 0.03, relative=True)}),
    "threshold": Kind({"branch": ""}, {"voltage": Quantity("V", 0.02, relative=True)}),
    "oscillation": Kind(
        {},
        {
            "mean": Quantity("V", 10e-3, relative=False),
            "peak_to_peak": Quantity("V", 20e-3, relative=False),
            "frequency": Quantity("Hz", 0.07, relative=True),
        },
        optional=frozenset({"mean", "peak_to_peak"}),
        circuit=frozenset(CIRCUIT),
    ),
    "waveform": Kind({"time": "s"}, {"voltage": Quantity("V", 10e-3, relative=False)}, circuit=frozenset(CIRCUIT)),
    "pulse": Kind(
        {"amplitude": "V", "width": "s"},
        {"fires": Quantity("", 0.25, relative=False)},
        circuit=frozenset({"r_series", "capacitance"}),
    ),
}


@dataclass(frozen=True, eq=False)
class Record:
    """One table of measurements in SI units, nan where a cell is empty."""

    name: str
    kind: Literal["resistance", "iv", "threshold", "oscillation", "waveform", "pulse", "range"]  # the last: assumed
    use: Literal["fit", "check"]
    given: Mapping[str, Floats]
    branch: tuple[str, ...]  # UP or DOWN of each row, empty where the kind has none
    measured: Mapping[str, Floats]
    errors: Mapping[str, Floats]  # standard deviation of each measured number, SI
    circuit: Mapping[str, Floats | str] = field(default_factory=dict)  # a column, or the name of a parameter
    t_ambient: float | str | None = None  # K or a parameter's name, where it is not the device's
    assumed: bool = False  # not measured, but taken for granted between rows that were
    turns_at: float | None = None  # V, to which the sweep of an I-V went where its rows do not tell
    numbers: tuple[int, ...] = ()  # of its rows in the table, where it has not all of them

    def __len__(self) -> int:
        return len(next(iter(self.measured.values())))

    def on(self, branch: str) -> NDArray[np.bool_]:
        """Which rows were measured on this branch, UP or DOWN."""
        return np.array([own == branch for own in self.branch], dtype=np.bool_)

    @property
    def v_top(self) -> float:
        """The voltage to which an I-V was swept before it came down."""
        return float(np.abs(self.given["voltage"]).max()) if self.turns_at is None else self.turns_at

    @property
    def known(self) -> int:
        """How many measured numbers a device can be off by: no missing cell, no current at 0 V, no absent frequency."""
        return sum(int(_known(name, values).sum()) for name, values in self.measured.items())

    def number(self, row: int) -> int:
        """What people call a row: its place in the table, counted from 1."""
        return self.numbers[row] if self.numbers else row + 1


def oscillates(frequency: Floats) -> NDArray[np.bool_]:
    """Where a frequency is given, in data or by a model: 0 is none."""
    return np.asarray(np.nan_to_num(frequency) > 0)


def _known(quantity: str, values: Floats) -> NDArray[np.bool_]:
    if quantity == "frequency":
        return oscillates(values)
    return np.asarray(np.isfinite(values) & ((values != 0) | (quantity != "current")))


def parted(record: Record, apart: NDArray[np.bool_]) -> tuple[Record, Record]:
    """A record without some of its rows, and those rows by themselves: to be checked and never fitted."""
    left = _only(record, ~apart)
    return left, replace(_only(record, apart), name=f"{record.name}, kept apart", use="check")


def _only(record: Record, rows: NDArray[np.bool_]) -> Record:
    return replace(
        record,
        given={name: values[rows] for name, values in record.given.items()},
        branch=tuple(branch for branch, taken in zip(record.branch, rows, strict=False) if taken),
        measured={name: values[rows] for name, values in record.measured.items()},
        errors={name: values[rows] for name, values in record.errors.items()},
        circuit={name: part if isinstance(part, str) else part[rows] for name, part in record.circuit.items()},
        turns_at=record.v_top if record.kind == "iv" else None,
        numbers=tuple(record.number(row) for row in np.flatnonzero(rows).tolist()),
    )


def between(record: Record, count: int) -> Record:
    """`count` rows between each two neighbours that oscillate: there too, we assume, on a straight line between them.

    A search that knows measured rows alone finds devices that fall silent between them. These rows carry no number that
    was measured, and errors `LOOSE` times as large.
    """
    alive = _alive(record, _drive(record))
    shares = np.arange(1, count + 1) / (count + 1)

    def mixed(values: Floats) -> Floats:
        return np.array([(1 - s) * values[a] + s * values[b] for a, b in pairwise(alive) for s in shares])

    return replace(
        record,
        name=f"{record.name}, assumed between",
        measured={name: mixed(values) for name, values in record.measured.items()},
        errors={name: LOOSE * mixed(values) for name, values in record.errors.items()},
        circuit={name: part if isinstance(part, str) else mixed(part) for name, part in record.circuit.items()},
        assumed=True,
        numbers=(),
    )


def one_range_of(record: Record) -> Record:
    """Rows beside those that oscillate, further and further out: once a device is quiet there, we assume, it stays so.

    They lie before the next quiet row that was measured, or within a share `BEYOND` where there is none; `branch` says
    whether below or above the rows that oscillate. Nothing is said of where oscillation begins and ends.
    """
    drive = _sole_drive(record)
    if drive is None:
        raise NeurokitError(f"{record.name}: one range is told over a drive above 0 that alone differs from row to row")
    value = _numbers(record.circuit[drive])
    alive = _alive(record, drive)
    low, high = value[alive[0]], value[alive[-1]]
    below, above = value[value < low], value[value > high]
    outer = below.max() if len(below) else (1 - BEYOND) * low, above.min() if len(above) else (1 + BEYOND) * high
    sides = np.linspace(outer[0], low, OUTSIDE + 2)[1:-1], np.linspace(high, outer[1], OUTSIDE + 2)[1:-1]
    looked_at = np.concatenate(sides)
    unknown = {"frequency": np.full(len(looked_at), np.nan)}
    return replace(
        record,
        name=f"{record.name}, assumed one range",
        kind="range",
        branch=(DOWN,) * OUTSIDE + (UP,) * OUTSIDE,
        measured=unknown,
        errors=unknown,
        circuit=_driven(record, drive, looked_at),
        assumed=True,
        numbers=(),
    )


def _drive(record: Record) -> str:
    """What of the circuit makes it oscillate or not: the first that differs from row to row."""
    for name in varied(record):
        if name in DRIVES:
            return name
    raise NeurokitError(f"{record.name}: nothing lies between rows of which none of {', '.join(DRIVES)} differs")


def _sole_drive(record: Record) -> str | None:
    """The drive that alone differs from row to row, if there is one and it never turns negative."""
    differing = varied(record)
    if len(differing) != 1 or differing[0] not in DRIVES or _numbers(record.circuit[differing[0]]).min() < 0:
        return None
    return differing[0]


def _alive(record: Record, drive: str) -> list[int]:
    """The rows that oscillate, in the order of their drive."""
    order = np.argsort(_numbers(record.circuit[drive]))
    return order[oscillates(record.measured["frequency"])[order]].tolist()  # type: ignore[no-any-return]


def _driven(record: Record, drive: str, values: Floats) -> dict[str, Floats | str]:
    """The circuit of a record at other values of its drive; the rest is as in the first row."""
    rows = len(values)
    rest = {name: part if isinstance(part, str) else np.full(rows, part[0]) for name, part in record.circuit.items()}
    return {**rest, drive: values}


def through_loop(at: Floats, error: float, values: Floats, branch: Sequence[str]) -> Floats:
    """By what share values change within an error of what they were measured at, each along its branch.

    Logarithms are interpolated, so that a row above a jump is as uncertain as one below it; equal places are averaged.
    """
    found, words = np.zeros(len(at)), np.array(branch)
    known = np.isfinite(values) & (values != 0)
    for word in np.unique(words):
        rows = (words == word) & known
        places, which = np.unique(at[rows], return_inverse=True)
        if len(places) > 1:
            logs = np.bincount(which, np.log(np.abs(values[rows]))) / np.bincount(which)
            found[rows] = np.interp(at[rows] + error, places, logs) - np.interp(at[rows] - error, places, logs)
    return np.abs(found) / 2


def over_drive(record: Record) -> Record | None:
    """An oscillation record with many rows, evenly over its drive and beyond it; None where not one drive alone varies.

    They carry no measurements: they are there to ask a device what it does between those that were made.
    """
    drive = _sole_drive(record) if record.kind == "oscillation" else None
    if drive is None:
        return None
    value = _numbers(record.circuit[drive])
    looked_at = np.linspace((1 - BEYOND) * value.min(), (1 + BEYOND) * value.max(), DRIVEN)
    unknown = np.full(DRIVEN, np.nan)
    return replace(
        record,
        measured=dict.fromkeys(record.measured, unknown),
        errors=dict.fromkeys(record.errors, unknown),
        circuit=_driven(record, drive, looked_at),
        numbers=(),
    )


def varied(record: Record) -> tuple[str, ...]:
    """The columns of the circuit that differ from row to row."""
    return tuple(
        name for name in CIRCUIT if not isinstance(part := record.circuit.get(name), str | None) and np.ptp(part) > 0
    )


def _numbers(part: Floats | str) -> Floats:
    if isinstance(part, str):
        raise NeurokitError(f"{part!r} is a parameter, and no column of numbers")
    return part


def branches(words: list[str], where: str) -> tuple[str, ...]:
    """Up or down for each word of a file."""
    if unknown := sorted({word for word in words if word.lower() not in BRANCHES}):
        raise NeurokitError(f"{where}: branch {', '.join(unknown)} is none of {', '.join(BRANCHES)}")
    return tuple(BRANCHES[word.lower()] for word in words)


def value_of(entry: Floats | str, values: Mapping[str, float], rows: int) -> Floats:
    """A part of the circuit in every row, from its column or from the parameter that it names."""
    return np.full(rows, values[entry]) if isinstance(entry, str) else entry
