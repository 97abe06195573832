"""Figure: the energy of an inference and of a spike in ngspice, by device."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from neurokit.report.style import BLUE, GREY, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MU = "\N{GREEK SMALL LETTER MU}"
FILLED = 0.8  # of the room of a device, by its bars
LEAST = 3  # devices that there is room for, so that the bars of one alone do not fill the figure


def devices_compared(rows: Sequence[Mapping[str, Any]]) -> "Figure":
    """Rows with device, circuit, neurons, supply and per_spike, the last three in J; None where one is not known."""
    names = [f"Device {row['device']}\n" + row["circuit"].replace(", ", ",\n") for row in rows]
    figure = new_figure(10.0, 4.8)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    width = FILLED / 2
    _bars(left, -width / 2, width, _values(rows, "neurons", 1e6), BLUE, "neurons alone")
    _bars(left, width / 2, width, _values(rows, "supply", 1e6), VERMILLION, "from the supply")
    _bars(right, 0.0, width, _values(rows, "per_spike", 1e9), GREY, "per spike")
    label(left, "device and circuit", f"energy per inference ({MU}J)", "energy of an inference")
    label(right, "device and circuit", "energy per spike (nJ)", "energy of a spike")
    for axes in (left, right):
        axes.grid(visible=False, axis="x")
        axes.set_xticks(range(len(names)), names, fontsize="small")
        axes.tick_params(axis="x", length=0)
        middle, half = (len(names) - 1) / 2, max(len(names), LEAST) / 2
        axes.set_xlim(middle - half, middle + half)
        axes.margins(y=0.1)
        axes.set_ylim(bottom=0)
    legend_below(figure, [left], columns=2)
    return figure


def _values(rows: Sequence[Mapping[str, Any]], name: str, scale: float) -> NDArray[np.float64]:
    return scale * np.array([row[name] for row in rows], dtype=np.float64)  # None becomes NaN


def _bars(axes: "Axes", shift: float, width: float, values: NDArray[np.float64], colour: str, name: str) -> None:
    """Bars with their numbers, as a small one beside a large one is hardly seen."""
    known = np.nan_to_num(values)
    bars = axes.bar(np.arange(len(values)) + shift, known, width, color=colour, label=name)
    texts = ["none" if np.isnan(value) else _number(value) for value in values]
    axes.bar_label(bars, texts, padding=2, fontsize="small")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
