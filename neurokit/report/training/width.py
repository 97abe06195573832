"""Figure: accuracy against the width of the slope that training uses backward."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import BLUE, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def width_ablation(
    widths: ArrayLike, means: ArrayLike, deviations: ArrayLike, chosen: float | None = None, title: str = ""
) -> "Figure":
    """Means and standard deviations over seeds of accuracies, 0 to 1, over widths (V); `chosen` (V) is marked."""
    mean, deviation = (100 * np.asarray(values, dtype=np.float64) for values in (means, deviations))
    figure = new_figure(6.4, 4.6)
    axes = figure.subplots()
    style: dict[str, Any] = {"color": BLUE, "fmt": "o-", "markersize": 4.5, "linewidth": 1.2, "capsize": 3}
    axes.errorbar(widths, mean, yerr=deviation, **style, label="mean and standard deviation over seeds")
    if chosen is not None:
        axes.axvline(chosen, color=VERMILLION, linestyle="--", linewidth=1.2, label=f"the default, {chosen:g} V")
    label(axes, "backward width (V)", "accuracy (%)", title)
    axes.set_xscale("log")
    axes.set_xticks(np.asarray(widths), [f"{width:g}" for width in np.asarray(widths)])
    axes.minorticks_off()
    axes.set_ylim(top=min(100.0, axes.get_ylim()[1]))
    legend_below(figure, [axes], columns=2)
    return figure
