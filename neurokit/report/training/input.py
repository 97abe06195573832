"""Figure: an image and the voltages that it drives the input neurons with (after figure 4 of arXiv 2405.00700)."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import label, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def input_and_voltages(image: ArrayLike, drives: ArrayLike, v_on: float, v_off: float, digit: int) -> "Figure":
    """Grey levels 0..255 beside drives (V) of the same shape; v_on to v_off (V) is where a neuron oscillates."""
    greys, volts = np.asarray(image), np.asarray(drives, dtype=np.float64)
    firing = int(((volts > v_on) & (volts < v_off)).sum())
    figure = new_figure(9.4, 4.6)
    left, right = figure.subplots(1, 2)
    left.imshow(greys, cmap="gray", vmin=0, vmax=255)
    low, high = min(volts.min(), v_on), max(volts.max(), v_off)
    heat = right.imshow(volts, cmap="viridis", vmin=low, vmax=high)
    bar = figure.colorbar(heat, ax=right, pad=0.02, shrink=0.85)
    bar.set_label("drive (V)")
    bar.ax.hlines([v_on, v_off], 0, 1, transform=bar.ax.get_yaxis_transform(), color="white", linewidth=2.0)
    marks = bar.ax.secondary_yaxis("left")
    marks.set_yticks([v_on, v_off], [f"onset\n{v_on:.2f} V", f"latching\n{v_off:.2f} V"], fontsize="small")
    label(left, "column (pixel)", "row (pixel)", f"input image: a {digit}")
    label(right, "column (pixel)", "row (pixel)", f"drives: {firing} of {volts.size} input neurons fire")
    for axes in (left, right):
        axes.grid(visible=False)
    return figure
