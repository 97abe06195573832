"""The description of a fit: what was measured and how, which parameters are fixed and which are free, as TOML.

title = "..."
[device]                    # parameters of the device or its film; those not named come from `film`
film = "mbe"                # a preset, or a file with a device such as a fit leaves
t_ambient = 300                            # fixed
r_metal = { low = 10, high = 1000 }        # fitted within bounds, on a logarithmic scale
k_tc = { low = -5, high = 5, scale = "linear" }
[circuit]                   # parameters that records name; shared where several do
c_beside = { low = "0.4p", high = "9p" }
[[records]]
kind = "oscillation"        # resistance, iv, threshold, oscillation, waveform or pulse
file = "drive.csv"          # as seen from this file
columns = { current = "current_uA", frequency = "frequency_MHz" }
units = { current = "uA", frequency = "MHz" }
circuit = { capacitance = "c_beside" }
errors = { frequency = 0.05 }   # of voltages and temperatures of a loop too
use = "check"               # scored, never fitted; "fit" where nothing is said
check_rows = "every 3"      # these rows alone are scored and never fitted; or their numbers: "2, 5-8"
assume_between = 2          # rows between neighbours that oscillate, assumed to do so too (oscillation alone)
assume_one_range = true     # what oscillates is assumed to do so in one range of its drive (oscillation alone)
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurokit.calibration.records import (
    CHECK,
    CIRCUIT,
    FIT,
    KINDS,
    Kind,
    Record,
    between,
    branches,
    one_range_of,
    oscillates,
    parted,
    through_loop,
)
from neurokit.calibration.table import base_of, read_table
from neurokit.circuits.values import si_number
from neurokit.device.film import FILM_PARAMETERS
from neurokit.device.preset import SUFFIX, read_device
from neurokit.device.vo2x import DEVICE_PARAMETERS, FILMS, PARAMETER_FIELDS, Vo2x
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.vacancy.model import Floats

LOG, LINEAR = "log", "linear"
MOST_BETWEEN = 10
_BOUNDS = {item.name: (item.metadata["low"], item.metadata["high"]) for item in PARAMETER_FIELDS}
_PARTS = {"title", "source", "device", "circuit", "records"}
_OF_RECORD = {"name", "kind", "file", "columns", "units", "circuit", "errors", "t_ambient"}
_OF_RECORD |= {"use", "check_rows", "assume_between", "assume_one_range"}


@dataclass(frozen=True)
class Free:
    """A parameter that is fitted."""

    name: str
    low: float
    high: float
    scale: str  # LOG or LINEAR: in which it is searched and has a symmetric interval


@dataclass(frozen=True, eq=False)
class Description:
    """Everything that a fit is told."""

    title: str
    source: str
    base: Vo2x  # what is neither fixed nor free is as in this device
    fixed: Mapping[str, float]  # of the device and its film
    fixed_circuit: Mapping[str, float]
    free: tuple[Free, ...]  # the device's, then the circuit's
    records: tuple[Record, ...]
    name: str = "fitted"  # of the film that is fitted, as netlists have it

    @property
    def fitted(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.use == FIT)

    @property
    def measured(self) -> tuple[Record, ...]:
        """Fitted or checked, but not assumed."""
        return tuple(record for record in self.records if not record.assumed)

    @property
    def checked(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.use == CHECK)


def read_description(path: Path, check_rows: Mapping[str, str] = MappingProxyType({})) -> Description:
    """The description in a file, with every table that it names; what does not fit is said with its place.

    `check_rows` says of records, by name, which rows are kept apart, whatever the file says of that.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NeurokitError(f"cannot read the description {path}: {error}") from None
    _refuse_unknown(found, _PARTS, str(path))
    device = dict(found.get("device", {}))
    base = _base(device.pop("film", next(iter(FILMS))), path)
    _refuse_unknown(device, {*DEVICE_PARAMETERS, *FILM_PARAMETERS}, f"{path}, [device]")
    fixed, free = _parameters(device, f"{path}, [device]")
    circuit = found.get("circuit", {})
    if taken := sorted(circuit.keys() & {*DEVICE_PARAMETERS, *FILM_PARAMETERS}):
        raise NeurokitError(f"{path}, [circuit]: {', '.join(taken)} is a parameter of the device; choose another name")
    fixed_circuit, free_circuit = _parameters(circuit, f"{path}, [circuit]")
    if not isinstance(found.get("records", []), list):
        raise NeurokitError(f"{path}: records are written as [[records]], in double brackets")
    known = {*fixed_circuit, *(item.name for item in free_circuit)}
    records = tuple(
        record
        for k, entry in enumerate(found.get("records", []), start=1)
        for record in _parts(_record(entry, k, path, known), entry, check_rows, f"{path}, record {k}")
    )
    own = [_name(entry, k) for k, entry in enumerate(found.get("records", []), start=1)]
    if unknown := sorted(check_rows.keys() - set(own)):
        raise NeurokitError(f"{path} has no record {', '.join(unknown)}; there are {', '.join(own)}")
    names = [record.name for record in records]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NeurokitError(f"{path}: records share the name {', '.join(twice)}; give each its own")
    if not any(record.use == FIT for record in records):
        raise NeurokitError(f"{path} has no record to fit: add [[records]] without use = {CHECK!r}")
    if not free and not free_circuit:
        raise NeurokitError(f"{path} has no free parameter: write one as name = {{ low = ..., high = ... }}")
    return Description(
        title=str(found.get("title", path.stem)),
        source=str(found.get("source", "")),
        base=base,
        fixed=fixed,
        fixed_circuit=fixed_circuit,
        free=(*free, *free_circuit),
        records=records,
        name=f"fit_{re.sub('[^a-z0-9]+', '_', path.stem.lower())}",
    )


def _base(film: Any, path: Path) -> Vo2x:
    if isinstance(film, str) and film in FILMS:
        return Vo2x(film=FILMS[film])
    if isinstance(film, str) and film.lower().endswith(SUFFIX):
        return read_device(path.parent / film)
    raise NeurokitError(
        f"{path}: film {film!r} is not known: choose one of {', '.join(FILMS)}, or a file that ends in {SUFFIX}"
    )


def _parameters(entries: Mapping[str, Any], where: str) -> tuple[dict[str, float], tuple[Free, ...]]:
    fixed, free = {}, []
    for name, entry in entries.items():
        if isinstance(entry, Mapping):
            free.append(_free(name, entry, where))
        else:
            fixed[name] = _number(entry, f"{where} {name}")
    return fixed, tuple(free)


def _free(name: str, entry: Mapping[str, Any], where: str) -> Free:
    _refuse_unknown(entry, {"low", "high", "scale"}, f"{where} {name}")
    if not {"low", "high"} <= entry.keys():
        raise NeurokitError(f"{where} {name}: a parameter that is fitted has low and high")
    low, high = (_number(entry[end], f"{where} {name}.{end}") for end in ("low", "high"))
    scale = entry.get("scale", LOG if low > 0 else LINEAR)
    least, most = _BOUNDS.get(name, (-np.inf, np.inf))
    if not least <= low < high <= most:
        raise OutOfRangeError(f"{where} {name}: {low:g} to {high:g} must rise within [{least:g}, {most:g}]")
    if scale not in (LOG, LINEAR) or (scale == LOG and low <= 0):
        raise OutOfRangeError(f"{where} {name}: scale {scale!r} is {LINEAR!r}, or {LOG!r} with low above 0")
    return Free(name, low, high, scale)


def _record(entry: Mapping[str, Any], number: int, path: Path, known: set[str]) -> Record:
    where = f"{path}, record {number}"
    _refuse_unknown(entry, _OF_RECORD, where)
    kind = KINDS.get(entry.get("kind", ""))
    if kind is None:
        raise NeurokitError(f"{where}: kind {entry.get('kind')!r} is none of {', '.join(KINDS)}")
    _refuse_unknown(entry.get("circuit", {}), set(kind.circuit), f"{where}, circuit of kind {entry['kind']!r}")
    columns, units = dict(entry.get("columns", {})), dict(entry.get("units", {}))
    wanted = {*kind.given, *(name for name in kind.measured if name not in kind.optional)}
    if lacking := sorted(wanted - columns.keys()):
        raise NeurokitError(f"{where}: columns must name {', '.join(lacking)} for kind {entry['kind']!r}")
    _refuse_unknown(columns, {*kind.given, *kind.measured, *kind.circuit}, f"{where}, columns")
    _refuse_unknown(units, set(columns) - {"branch"}, f"{where}, units")
    table = read_table(path.parent / str(entry.get("file", "")), columns, _units(kind, columns, units, where))
    rows = len(next(iter(table.values())))
    _refuse_gaps(table, set(kind.measured), where)
    measured = {name: _numbers(table[name]) for name in kind.measured if name in table}
    words = table.get("branch", [])
    use = entry.get("use", FIT)
    if use not in (FIT, CHECK):
        raise NeurokitError(f"{where}: use = {use!r} is {FIT!r} or {CHECK!r}")
    return Record(
        name=_name(entry, number),
        kind=entry["kind"],
        use=use,
        given={name: _numbers(table[name]) for name, unit in kind.given.items() if unit},
        branch=branches([str(word) for word in words], where) if "branch" in table else (),
        measured=measured,
        errors=_errors(kind, table, measured, entry.get("errors", {}), where),
        circuit=_circuit(kind, entry.get("circuit", {}), table, rows, known, where),
        t_ambient=_named_or_number(entry.get("t_ambient"), known, f"{where}, t_ambient"),
    )


def _name(entry: Mapping[str, Any], number: int) -> str:
    return str(entry.get("name", f"{entry.get('kind')} {number}"))


def _parts(record: Record, entry: Mapping[str, Any], check_rows: Mapping[str, str], where: str) -> list[Record]:
    """The record, or its fitted rows and those kept apart; and what is assumed between the fitted ones."""
    told = check_rows.get(record.name, entry.get("check_rows"))
    if told is None:
        return _with_assumed(record, entry, where)
    if record.use == CHECK:
        raise NeurokitError(f"{where}: check_rows = {told!r} of a record that is checked as a whole; give one of them")
    if record.kind == "waveform":
        raise NeurokitError(f"{where}: a waveform is fitted or checked as a whole; write use = {CHECK!r}")
    fitted, checked = parted(record, _rows(told, len(record), where))
    if not checked.known and record.kind != "oscillation":  # of which a quiet row says something too
        raise NeurokitError(f"{where}: check_rows = {told!r} hold no measured number to score; choose others")
    return [*_with_assumed(fitted, entry, where), checked]


def _rows(told: Any, count: int, where: str) -> NDArray[np.bool_]:
    """Which rows are meant by "every 3" (the third, the sixth and so on) or by their numbers, "2, 5-8"."""
    every = re.fullmatch(r"every\s+(\d+)", str(told).strip())
    spans = [re.fullmatch(r"(\d+)(?:\s*-\s*(\d+))?", part.strip()) for part in str(told).split(",")]
    numbers: list[int] = []
    if every and int(every[1]):
        numbers = list(range(int(every[1]), count + 1, int(every[1])))
    elif all(spans):
        ends = [(int(span[1]), min(int(span[2] or span[1]), count + 1)) for span in spans if span]
        numbers = [n for first, last in ends for n in range(first, last + 1)]
    if not numbers or not all(1 <= number <= count for number in numbers) or len(set(numbers)) == count:
        raise OutOfRangeError(
            f"{where}: check_rows = {told!r} must be numbers such as '2, 5-8', or 'every 3', that take some of "
            f"{count} rows and leave some"
        )
    apart = np.zeros(count, dtype=np.bool_)
    apart[[number - 1 for number in numbers]] = True
    return apart


def _with_assumed(record: Record, entry: Mapping[str, Any], where: str) -> list[Record]:
    """The record, and what is assumed between its rows and beyond them."""
    count, one_range = entry.get("assume_between", 0), entry.get("assume_one_range", False)
    if not isinstance(count, int) or not 0 <= count <= MOST_BETWEEN:
        raise OutOfRangeError(f"{where}: assume_between = {count!r} must be 0 to {MOST_BETWEEN} rows")
    if not isinstance(one_range, bool):
        raise OutOfRangeError(f"{where}: assume_one_range = {one_range!r} must be true or false")
    if not count and not one_range:
        return [record]
    fits = record.kind == "oscillation" and record.use == FIT
    if not fits or oscillates(record.measured["frequency"]).sum() < 2:
        raise OutOfRangeError(
            f"{where}: assumptions need an oscillation record of which two rows oscillate that are fitted; keep fewer "
            "apart, or take assume_between and assume_one_range away"
        )
    return [record, *([between(record, count)] if count else []), *([one_range_of(record)] if one_range else [])]


def _units(kind: Any, columns: Mapping[str, str], units: Mapping[str, str], where: str) -> dict[str, str]:
    """The unit of every column of numbers: the one that is said, or SI."""
    usual = {**kind.given, **{name: quantity.unit for name, quantity in kind.measured.items()}, **CIRCUIT}
    for name, unit in units.items():
        if base_of(unit) != base_of(usual[name]):
            raise NeurokitError(
                f"{where}: {name} in {unit!r} is no unit of it; give it in {usual[name]!r} with a prefix"
            )
    return {name: units.get(name, usual[name]) for name in columns if name != "branch"}


def _errors(
    kind: Kind, table: Mapping[str, Any], measured: Mapping[str, Floats], given: Mapping[str, Any], where: str
) -> dict[str, Floats]:
    """Standard deviations of what was measured; errors of what was set add to them through the loop."""
    set_ones = {name for name, unit in kind.given.items() if unit and "branch" in kind.given}
    _refuse_unknown(given, {*kind.measured, *set_ones}, f"{where}, errors")
    found = {}
    for name, values in measured.items():
        quantity = kind.measured[name]
        error = _error(given.get(name, quantity.error), name, quantity.relative, where)
        found[name] = np.abs(error * values) if quantity.relative else np.full(len(values), error)
        for at in sorted(set_ones & given.keys()):
            off = _error(given[at], at, False, where)
            share = through_loop(_numbers(table[at]), off, values, branches(list(table["branch"]), where))
            found[name] = np.hypot(found[name], share * np.abs(values))
    return found


def _error(entry: Any, name: str, relative: bool, where: str) -> float:
    error = _number(entry, f"{where}, errors.{name}")
    if not error > 0:
        raise OutOfRangeError(f"{where}: error of {name} = {error} must be above 0")
    if relative and error > 1:
        raise OutOfRangeError(f"{where}: error of {name} = {error} is relative, a share of each value: at most 1")
    return error


def _refuse_gaps(table: Mapping[str, Any], measured: set[str], where: str) -> None:
    """What was set must be known in every row; only what was measured may be missing."""
    for name, values in table.items():
        if name in measured or name == "branch":
            continue
        if len(rows := np.flatnonzero(~np.isfinite(values))):
            raise NeurokitError(f"{where}: {name} is missing in row {rows[0] + 1}; give it or delete the row")
    if "time" in table and not (np.diff(table["time"], prepend=-1e-300) > 0).all():
        raise NeurokitError(
            f"{where}: times must rise from 0 on, where the drive begins; sort them, delete what is before"
        )


def _named_or_number(entry: Any, known: set[str], where: str) -> float | str | None:
    return entry if entry is None or (isinstance(entry, str) and entry in known) else _number(entry, where)


def _circuit(
    kind: Kind, given: Mapping[str, Any], table: Mapping[str, Any], rows: int, known: set[str], where: str
) -> dict[str, Floats | str]:
    """Every part of the circuit: columns first, then what the record says."""
    if not kind.circuit:
        return {}
    parts: dict[str, Floats | str] = {name: _numbers(table[name]) for name in CIRCUIT if name in table}
    for name, entry in given.items():
        if isinstance(entry, str) and entry in known:
            parts[name] = entry
        else:
            parts[name] = np.full(rows, _number(entry, f"{where}, circuit.{name}"))
    if "capacitance" not in parts:
        raise NeurokitError(f"{where}: give the capacitance beside the device, as a number or a parameter of [circuit]")
    if "rise" not in kind.circuit:  # a pulse is its own drive
        if "r_series" not in parts:
            raise NeurokitError(f"{where}: pulses need r_series, as a column or in circuit")
        return parts
    if ("current" in parts) == ("supply" in parts):
        raise NeurokitError(f"{where}: give current or supply, one of them, as a column or in circuit")
    if "supply" in parts and "r_series" not in parts:
        raise NeurokitError(f"{where}: a supply needs r_series, as a column or in circuit")
    parts.setdefault("rise", np.zeros(rows))
    return parts


def _numbers(values: Any) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _number(entry: Any, where: str) -> float:
    if isinstance(entry, bool) or not isinstance(entry, int | float | str):
        raise NeurokitError(f"{where} = {entry!r} must be a number")
    return si_number(entry) if isinstance(entry, str) else float(entry)


def _refuse_unknown(found: Any, known: set[str], where: str) -> None:
    if not isinstance(found, Mapping):
        raise NeurokitError(f"{where} is {found!r}: it must be a table such as {{ name = value }}")
    if unknown := sorted(found.keys() - known):
        there = ", ".join(sorted(known)) or "none"
        raise NeurokitError(f"{where}: {', '.join(unknown)} is not known; there are {there}")
