"""Figure: accuracy of many chips against how much the thresholds on a chip differ."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Of Okabe and Ito; for kinds without an order, and beside them markers for eyes that do not tell the colours apart.
KINDS = ((BLUE, "o"), (VERMILLION, "s"), ("#009E73", "^"), (BLACK, "D"), ("#CC79A7", "P"))
BAND = (5.0, 95.0)  # % of chips
WORST: Mapping[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 5.0, "markerfacecolor": "white"}


def yield_curve(spreads: ArrayLike, accuracies: Mapping[str, ArrayLike], title: str = "") -> "Figure":
    """Accuracies, 0 to 1, by network as (spreads, chips), over relative standard deviations of the threshold."""
    x = 100 * np.asarray(spreads, dtype=np.float64)
    figure = new_figure(7.2, 5.4)
    axes = figure.subplots()
    for k, (name, values) in enumerate(accuracies.items()):
        colour, marker = KINDS[k % len(KINDS)]
        percent = 100 * np.asarray(values, dtype=np.float64)
        low, high = np.percentile(percent, BAND, axis=1)
        axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
        axes.plot(x, percent.mean(axis=1), color=colour, marker=marker, markersize=5.0, linewidth=1.4, label=name)
        axes.plot(x, percent.min(axis=1), color=colour, **{**WORST, "marker": marker})
    label(axes, "relative spread of thresholds (%)", "accuracy (%)", title)
    axes.set_ylim(top=min(100.0, axes.get_ylim()[1]))
    axes.plot([], [], color=GREY, linewidth=1.4, label="mean of the chips")
    axes.fill_between(
        [], [], [], color=GREY, alpha=0.3, linewidth=0, label=f"{BAND[0]:g} to {BAND[1]:g} % of the chips"
    )
    axes.plot([], [], color=GREY, **WORST, label="worst chip")
    legend_below(figure, [axes], columns=2)
    return figure
