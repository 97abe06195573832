"""Figure: the rate of every neuron in the circuit against that in the network, and how they differ."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of Okabe and Ito; beside them markers for eyes that do not tell the colours apart.
KINDS = ((BLUE, "o"), (VERMILLION, "s"), ("#009E73", "^"), (BLACK, "D"))
CROWDED = 300  # points of a layer, from which on they would hide each other
MANY: Mapping[str, float] = {"markersize": 3.0, "alpha": 0.35}
FEW: Mapping[str, float] = {"markersize": 5.0, "alpha": 0.8}
BINS = 41  # odd: one of them is about 0
MINUS, PLUS_MINUS = "\N{MINUS SIGN}", "\N{PLUS-MINUS SIGN}"


def rates_compared(
    circuit: ArrayLike, network: ArrayLike, layers: ArrayLike, tolerance: float, title: str = ""
) -> "Figure":
    """Rates as shares of full scale, 0 to 1, one for each neuron and digit, and the layer of each or of each column.

    Layers with fewer points are drawn later, or nobody would see them; numbers of differences are logarithmic, as most
    are small.
    """
    of_circuit, of_network = (100 * np.asarray(rates, dtype=np.float64).ravel() for rates in (circuit, network))
    layer = np.broadcast_to(np.asarray(layers, dtype=np.int64), np.shape(circuit)).ravel()
    difference, band = of_circuit - of_network, 100 * tolerance
    figure = new_figure(9.6, 5.4)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _diagonal(left, band, max([100.0, *of_circuit, *of_network]))
    names, counts = np.unique(layer, return_counts=True)
    styles = {number: KINDS[k % len(KINDS)] for k, number in enumerate(names)}
    for number in names[np.argsort(-counts, kind="stable")]:
        colour, marker = styles[number]
        style: dict[str, Any] = {"linestyle": "none", "marker": marker, "color": colour, "markeredgewidth": 0}
        here = layer == number
        left.plot(
            of_network[here], of_circuit[here], **style, **(MANY if here.sum() > CROWDED else FEW), rasterized=True
        )
        left.plot([], [], **style, markersize=5.0, label=f"layer {number}: {here.sum():,} rates")
    _differences(right, [difference[layer == number] for number in names], [styles[n][0] for n in names], band)
    within = np.mean(np.abs(difference) <= band) if len(difference) else np.nan
    label(left, "rate in the network (% of full scale)", "rate in the circuit (% of full scale)", title)
    words = "no rates" if np.isnan(within) else f"{100 * within:.4g} % within {PLUS_MINUS}{band:g} %"
    label(right, f"circuit {MINUS} network (% of full scale)", "rates (number)", words)
    legend_below(figure, [left], columns=2)
    return figure


def _diagonal(axes: "Axes", band: float, high: float) -> None:
    ends = np.array([-0.02 * high, 1.02 * high])
    words = f"{PLUS_MINUS}{band:g} % of full scale"
    axes.fill_between(ends, ends - band, ends + band, color=GREY, alpha=0.25, linewidth=0, label=words)
    axes.plot(ends, ends, color=BLACK, linewidth=0.8, label="equal rates")
    axes.set(xlim=ends, ylim=ends, aspect="equal")


def _differences(axes: "Axes", by_layer: list[NDArray[np.float64]], colours: list[str], band: float) -> None:
    """Bars of the layers on top of each other would mislead on a logarithmic scale: each has an outline of its own."""
    width = max([1.25 * band, *(np.abs(values).max(initial=0.0) for values in by_layer)])
    for values, colour in zip(by_layer, colours, strict=True):
        axes.hist(values, BINS, range=(-width, width), histtype="step", color=colour, linewidth=1.4)
    axes.axvspan(-band, band, color=GREY, alpha=0.25, linewidth=0)
    axes.set_yscale("log")
    axes.set_ylim(bottom=0.7)
    axes.yaxis.set_major_formatter("{x:,g}")
