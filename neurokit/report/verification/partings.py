"""Figure: how many neurons spike as often in the circuit as in the network, and why the others do not."""

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

from neurokit.report.style import BLUE, label, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WRAPPED = 34  # characters of a label in a line


def partings(counts: Mapping[str, int], title: str = "") -> "Figure":
    """Numbers of neurons by words for why they part, from top to bottom.

    The scale is logarithmic from 1 on, and linear below, so that one neuron beside ten thousand is seen, and none is 0.
    """
    names = [fill(name, WRAPPED) for name in counts]
    total = max(sum(counts.values()), 1)
    lines = sum(max(1.6, 1 + name.count("\n")) for name in names)
    figure = new_figure(8.4, 1.3 + 0.22 * lines)
    axes = figure.subplots()
    bars = axes.barh(range(len(names)), list(counts.values()), height=0.6, color=BLUE)
    axes.bar_label(
        bars, [f"{n:,} ({100 * n / total:.2f} %)" if n else "0" for n in counts.values()], padding=4, fontsize="small"
    )
    label(axes, "neurons (number, logarithmic scale)", "", title)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    highest = max([*counts.values(), 1])
    axes.set_xscale("symlog", linthresh=1)
    decades = [10**k for k in range(len(str(highest)))]
    axes.set_xticks([0, *decades], ["0", *(f"{decade:,}" for decade in decades)], minor=False)
    axes.minorticks_off()
    axes.set_xlim(0, 10 * highest)  # a decade for the number at the longest bar
    return figure
