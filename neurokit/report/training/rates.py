"""Figure: how fast the neurons of each layer fire, and how many are silent."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neurokit.report.style import BLUE, GREY, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BINS = 40  # from 0 to the highest rate


def rate_histogram(layers: Mapping[str, ArrayLike], f_max: float, title: str = "") -> "Figure":
    """Rates (Hz) by layer, one number for each neuron and image, in any shape; f_max (Hz) is the curve's highest.

    Counts are logarithmic: most neurons of a trained network are silent for most images.
    """
    rates = {name: np.asarray(values, dtype=np.float64).ravel() for name, values in layers.items()}
    high = max([f_max, *(values.max(initial=0.0) for values in rates.values())])
    figure = new_figure(7.5, 0.9 + 2.0 * len(rates))
    panels = figure.subplots(len(rates), 1, sharex=True, sharey=True, squeeze=False).ravel().tolist()
    for axes, (name, values) in zip(panels, rates.items(), strict=True):
        _histogram(axes, values, high)
        axes.axvline(1e-3 * f_max, color=VERMILLION, linestyle="--", linewidth=1.0, label="highest rate of the curve")
        label(axes, "", "share (%)")
        silent = np.mean(values <= 0) if len(values) else 0.0
        axes.set_title(f"{name}: {100 * silent:.1f} % silent", loc="left", fontsize="medium")
    panels[0].set_yscale("log")
    panels[0].yaxis.set_major_formatter("{x:g}")
    panels[-1].set_xlabel("rate (kHz)")
    figure.suptitle(title, fontsize="medium")
    legend_below(figure, panels, columns=3)
    return figure


def _histogram(axes: "Axes", rates: NDArray[np.float64], high: float) -> None:
    """Bars of shares in %, and left of rate 0 one for those that do not fire at all."""
    width = 1e-3 * high / BINS
    counts, edges = np.histogram(rates[rates > 0], BINS, (0.0, high))
    share = 100 / max(len(rates), 1)
    axes.bar(1e-3 * edges[:-1], share * counts, width, align="edge", color=BLUE, label="firing")
    axes.bar(-2 * width, share * (rates <= 0).sum(), 2 * width, color=GREY, label="silent")
