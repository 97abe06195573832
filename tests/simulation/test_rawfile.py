"""The raw-file reader, on files written here in every form and cut off at every place."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from neurokit.errors import NeurokitError
from neurokit.simulation.rawfile import parse_raw

Values = NDArray[np.float64] | NDArray[np.complex128]


@dataclass(frozen=True)
class Written:
    """A plot as it goes into a file: one column per variable."""

    names: tuple[str, ...]
    values: Values
    ascii: bool = False
    points: int | None = None  # what the header claims; the truth if None

    @property
    def header(self) -> bytes:
        kind = "complex" if np.iscomplexobj(self.values) else "real"
        variables = "".join(f"\t{i}\t{name}\tvoltage\n" for i, name in enumerate(self.names))
        points = len(self.values) if self.points is None else self.points
        return (
            f"Title: made by a test\nDate: Mon Jan  1 00:00:00  2024\nPlotname: Transient Analysis\nFlags: {kind}\n"
            f"No. Variables: {len(self.names)}\nNo. Points: {points}     \nVariables:\n{variables}"
            f"{'Values' if self.ascii else 'Binary'}:\n"
        ).encode()

    @property
    def rows(self) -> tuple[bytes, ...]:
        if not self.ascii:
            return tuple(row.tobytes() for row in self.values)
        return tuple(f" {i}\t".encode() + b"\n\t".join(map(_word, row)) + b"\n\n" for i, row in enumerate(self.values))

    @property
    def bytes(self) -> bytes:
        return self.header + b"".join(self.rows)


def _word(value: float | complex) -> bytes:
    if isinstance(value, complex):
        return f"{float(value.real)!r},{float(value.imag)!r}".encode()
    return repr(float(value)).encode()


@st.composite
def written(draw: st.DrawFn) -> Written:
    width, length = draw(st.integers(1, 4)), draw(st.integers(0, 6))
    numbers = st.floats(width=64)
    real = draw(st.lists(numbers, min_size=width * length, max_size=width * length))
    values: Values = np.array(real, dtype=np.float64).reshape(length, width)
    if draw(st.booleans()):
        values = values + 1j * np.flipud(np.where(np.isfinite(values), values, 0.0))
    return Written(tuple(f"v({i})" for i in range(width)), values, ascii=draw(st.booleans()))


def same(found: Values, expected: Values) -> bool:
    return found.dtype == expected.dtype and np.array_equal(found, expected, equal_nan=True)


@given(st.lists(written(), max_size=3))
def test_every_plot_of_a_file_is_read_back_exactly(plots: list[Written]) -> None:
    found = parse_raw(b"".join(plot.bytes for plot in plots))
    assert len(found) == len(plots)
    for waveforms, plot in zip(found, plots, strict=True):
        assert tuple(waveforms.signals) == plot.names
        assert all(same(waveforms.signals[name], plot.values[:, i]) for i, name in enumerate(plot.names))


@given(written(), written(), st.data())
def test_a_file_that_is_cut_off_keeps_every_complete_row(first: Written, second: Written, data: st.DataObject) -> None:
    second = replace(second, points=0)  # a killed run never writes the number
    tail = b"".join(second.rows)
    cut = data.draw(st.integers(0, len(tail)))
    found = parse_raw(first.bytes + second.header + tail[:cut])
    complete = complete_rows(second, cut)
    assert [len(plot) for plot in found] == [len(first.values), complete]
    assert same(found[1].signals["v(0)"], second.values[:complete, 0])


def complete_rows(plot: Written, size: int) -> int:
    """How many rows lie wholly in the first bytes; of an ASCII row's two line ends the first completes it."""
    ends = np.cumsum([len(row) for row in plot.rows]) - (1 if plot.ascii else 0)
    return int(np.sum(ends <= size))


@given(written(), st.integers(0, 400))
def test_a_file_that_is_cut_off_in_its_header_has_no_plot_and_no_error(plot: Written, cut: int) -> None:
    assert parse_raw(plot.header[: min(cut, len(plot.header) - 1)]) == ()


@given(written().filter(lambda plot: len(plot.values) > 0), st.integers(0, 40))
def test_the_size_of_the_file_counts_and_not_the_number_in_its_header(plot: Written, claimed: int) -> None:
    (found,) = parse_raw(replace(plot, points=claimed).bytes)
    assert len(found) == len(plot.values)


@given(written(), written(), st.integers(0, 40))
def test_a_wrong_number_in_a_header_does_not_hide_the_next_plot(first: Written, second: Written, claimed: int) -> None:
    found = parse_raw(replace(first, points=claimed).bytes + second.bytes)
    assert [len(plot) for plot in found] == [len(first.values), len(second.values)]


def test_names_are_lower_case_and_the_first_is_the_scale() -> None:
    (found,) = parse_raw(Written(("TIME", "V(Osc)"), np.zeros((2, 2))).bytes)
    assert found.scale == "time"
    assert list(found["v(OSC)"]) == [0.0, 0.0]


def test_the_frequencies_of_a_complex_plot_are_real() -> None:
    plot = Written(("frequency", "v(out)"), np.array([[1 + 0j, 2 + 3j]]))
    data = plot.bytes.replace(b"frequency\tvoltage", b"frequency\tfrequency")
    (found,) = parse_raw(data)
    assert list(found["frequency"]) == [1.0]
    assert found.signals["v(out)"][0] == 2 + 3j


def test_rows_of_different_lengths_are_refused_with_the_way_out() -> None:
    data = Written(("a",), np.zeros((1, 1))).bytes.replace(b"Flags: real", b"Flags: real unpadded")
    with pytest.raises(NeurokitError, match="set nopadding"):
        parse_raw(data)
