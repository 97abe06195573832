"""Reader of ngspice's raw files that believes the data rather than the header, and salvages killed runs.

A raw file is a text header (title, plot name, number of variables and points, names) followed by rows of
numbers, binary or ASCII, and then perhaps by the next plot. ngspice fills in the number of points when it
closes the file: a run that did not converge or was killed leaves 0 there with good rows behind it. So the
rows are counted from what lies there, and a last row that was cut off is dropped.
"""

import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neurokit.errors import NeurokitError
from neurokit.simulation.outcome import Waveforms

_NEXT_PLOT = re.compile(rb"Title:[^\n]*\nDate:[^\n]*\nPlotname:")
# The scale of a .dc sweep is no voltage of a node, whatever the file says.
_SWEEP = re.compile(r"[vi]\(([a-z]+-sweep)\)\Z")
_WRITTEN_FILE = re.compile(r'^(?:binary|ASCII) raw file "(.*)"', re.MULTILINE | re.IGNORECASE)
_DATA_MARKS = (b"Binary:", b"Values:")


@dataclass(frozen=True)
class _Header:
    """What stands before the rows of one plot."""

    plot: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]  # "voltage", "time", "frequency", ...
    points: int  # as claimed; 0 in a run that did not end by itself
    is_complex: bool
    is_binary: bool
    data_start: int  # byte at which the rows begin

    @property
    def row_bytes(self) -> int:
        return len(self.names) * (16 if self.is_complex else 8)


def read_raw(path: str | Path) -> tuple[Waveforms, ...]:
    """Every plot of a raw file, each with all rows that were written completely."""
    return parse_raw(Path(path).read_bytes())


def written_plots(output: str, directory: Path) -> tuple[Waveforms, ...]:
    """The plots in the files that a `.control` block wrote by itself, by the lines in which ngspice says so."""
    files = (directory / name for name in dict.fromkeys(_WRITTEN_FILE.findall(output)))
    return tuple(plot for file in files if file.is_file() for plot in read_raw(file))


def parse_raw(data: bytes) -> tuple[Waveforms, ...]:
    """The plots in the bytes of a raw file; a header that was cut off ends the list."""
    plots = []
    position = 0
    while (header := _read_header(data, position)) is not None:
        position = _data_end(data, header)
        plots.append(_waveforms(header, _rows(data[header.data_start : position], header)))
    return tuple(plots)


def _read_header(data: bytes, start: int) -> _Header | None:
    lines: list[bytes] = []
    position = start
    while (end := data.find(b"\n", position)) >= 0:
        line = data[position:end].strip()
        position = end + 1
        if line in _DATA_MARKS:
            return _header_from(lines, line == b"Binary:", position)
        lines.append(line)
    return None


def _header_from(lines: list[bytes], is_binary: bool, data_start: int) -> _Header | None:
    text = [line.decode("utf-8", errors="replace") for line in lines]
    fields = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in text)}
    flags = fields.get("flags", "real").split()
    if "unpadded" in flags:
        raise NeurokitError("raw file with vectors of different lengths: write it without `set nopadding`")
    count = int(fields.get("no. variables", "0"))
    variables = [line.split() for line in text[_index_of_variables(text) :]][:count]
    if count == 0 or len(variables) < count or any(len(words) < 3 for words in variables):
        return None
    return _Header(
        plot=fields.get("plotname", ""),
        names=tuple(_SWEEP.sub(r"\1", words[1].lower()) for words in variables),
        kinds=tuple(words[2].lower() for words in variables),
        points=int(fields.get("no. points", "0")),
        is_complex="complex" in flags,
        is_binary=is_binary,
        data_start=data_start,
    )


def _index_of_variables(lines: list[str]) -> int:
    before = sum(1 for _ in takewhile(lambda line: not line.startswith("Variables:"), lines))
    return before + 1


def _data_end(data: bytes, header: _Header) -> int:
    claimed = header.data_start + header.points * header.row_bytes
    if header.is_binary and header.points > 0 and (claimed == len(data) or _NEXT_PLOT.match(data, claimed)):
        return claimed
    following = _NEXT_PLOT.search(data, header.data_start)
    return following.start() if following else len(data)


def _rows(data: bytes, header: _Header) -> NDArray[np.float64] | NDArray[np.complex128]:
    """One contiguous row per variable."""
    if header.is_binary:
        return _binary_rows(data, header)
    return _ascii_rows(data, header)


def _binary_rows(data: bytes, header: _Header) -> NDArray[np.float64] | NDArray[np.complex128]:
    complete = data[: len(data) // header.row_bytes * header.row_bytes]
    width = len(header.names)
    if header.is_complex:
        return np.frombuffer(complete, np.complex128).reshape(-1, width).T.copy()
    return np.frombuffer(complete, np.float64).reshape(-1, width).T.copy()


def _ascii_rows(data: bytes, header: _Header) -> NDArray[np.float64] | NDArray[np.complex128]:
    whole_lines = data[: data.rfind(b"\n") + 1]  # a number without its line's end may lack digits
    words = whole_lines.decode("ascii", errors="replace").split()
    width = 1 + len(header.names)  # each row begins with its number
    rows = [words[i + 1 : i + width] for i in range(0, len(words) // width * width, width)]
    shape = (len(rows), len(header.names))
    if header.is_complex:
        return np.array([[_complex(word) for word in row] for row in rows], np.complex128).reshape(shape).T.copy()
    return np.array([[float(word) for word in row] for row in rows], np.float64).reshape(shape).T.copy()


def _complex(word: str) -> complex:
    real, _, imaginary = word.partition(",")
    return complex(float(real), float(imaginary))


def _waveforms(header: _Header, rows: NDArray[np.float64] | NDArray[np.complex128]) -> Waveforms:
    signals: dict[str, NDArray[np.float64] | NDArray[np.complex128]] = dict(zip(header.names, rows, strict=True))
    scale = header.names[0]
    if header.kinds[0] in ("frequency", "time"):  # stored as complex in a complex plot, real by nature
        signals[scale] = np.ascontiguousarray(signals[scale].real)
    return Waveforms(name=header.plot, scale=scale, signals=signals)
