"""A transfer curve as a file: CSV, one row a point, under a JSON header in lines that begin with "# ".

Numbers are written with all their digits and read back exactly. pandas reads the file with `comment="#"`.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from io import StringIO
from itertools import takewhile
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

from neurokit.errors import NeurokitError
from neurokit.spikes.operating_point import OperatingPoint
from neurokit.spikes.transfer import TransferCurve

KIND = "transfer curve of a VO2-x neuron"
FORMAT = 1  # raise it when a file that is written now could not be read by what read the last ones
MARK = "# "

UNITS = {
    "v_in": "V",
    "frequency": "Hz",
    "frequency_error": "Hz",
    "amplitude": "V",
    "first_latency": "s",
    "power": "W",
    "energy_per_spike": "J",
    "device_energy_per_spike": "J",
    "t_stop": "s",
}

COLUMNS = tuple(item.name for item in fields(OperatingPoint))
_KINDS = get_type_hints(OperatingPoint)


def write_curve(curve: TransferCurve, path: str | Path) -> Path:
    path = Path(path)
    path.write_text(curve_text(curve), encoding="utf-8", newline="")
    return path


def read_curve(path: str | Path) -> TransferCurve:
    """The curve of a file that `write_curve` wrote; NeurokitError for any other."""
    try:
        return curve_from_text(Path(path).read_bytes().decode("utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        raise NeurokitError(
            f"{path} is not a transfer curve ({error}): `neurokit transfer --csv FILE` writes one"
        ) from error


def curve_text(curve: TransferCurve) -> str:
    """The whole file."""
    header = {"kind": KIND, "format": FORMAT, "units": UNITS, "provenance": curve.provenance}
    file = StringIO(newline="")
    for line in json.dumps(header, indent=2, allow_nan=False).splitlines():
        file.write(f"{MARK}{line}\n")
    writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)  # words may hold any line break
    writer.writerow(COLUMNS)
    writer.writerows([_written(getattr(point, name)) for name in COLUMNS] for point in curve.points)
    return file.getvalue()


def curve_from_text(text: str) -> TransferCurve:
    """The curve of a file's text; ValueError, KeyError or TypeError if it is none."""
    lines = text.splitlines(keepends=True)
    marked = list(takewhile(lambda line: line.startswith(MARK), lines))
    header = json.loads("".join(line.removeprefix(MARK) for line in marked))
    if not isinstance(header, dict) or (header["kind"], header["format"]) != (KIND, FORMAT):
        raise ValueError(f"its header is not that of a {KIND}, format {FORMAT}")
    rows = list(csv.reader(StringIO(text[sum(map(len, marked)) :], newline="")))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ValueError(f"its columns are not {', '.join(COLUMNS)}")
    return TransferCurve(tuple(OperatingPoint(**dict(_read(row))) for row in rows[1:]), header["provenance"])


def _written(value: Any) -> str | float:
    if isinstance(value, float):
        return float(value)  # not NumPy's, whose own repr is no number
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


def _read(row: list[str]) -> Iterator[tuple[str, Any]]:
    for name, text in zip(COLUMNS, row, strict=True):
        kind = _KINDS[name]
        kinds = get_args(kind) or (kind,)
        yield name, None if text == "" and NoneType in kinds else kinds[0](text)
