"""Figure: cumulative distribution of the threshold voltage over many cycles, against the spread that was asked for."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import BLUE, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def threshold_noise(v_threshold: ArrayLike, v_nominal: float, spread: float) -> "Figure":
    """Distribution of v_threshold (V), one number a cycle, over a normal law of relative `spread` about v_nominal."""
    from scipy.special import ndtr

    values = np.sort(np.asarray(v_threshold, dtype=np.float64))
    share = (np.arange(len(values)) + 0.5) / len(values)
    law = np.linspace(values[0], values[-1], 400)
    figure = new_figure(6.0, 4.6)
    axes = figure.subplots()
    axes.plot(
        law,
        100 * ndtr(np.log(law / v_nominal) / spread),
        color=VERMILLION,
        label=f"normal law, {100 * spread:.2f} % about {v_nominal:.2f} V",
    )
    axes.step(values, 100 * share, where="mid", color=BLUE, label=f"{len(values)} cycles in ngspice")
    measured = float(np.std(values, ddof=1) / np.mean(values))
    label(axes, "threshold voltage (V)", "cycles at or below it (%)", f"spread recovered: {100 * measured:.2f} %")
    legend_below(figure, [axes], columns=2)
    return figure
