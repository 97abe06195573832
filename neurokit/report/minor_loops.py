"""Figure: minor loops of resistance against temperature inside the major loop."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from neurokit.device.closed_form import ResistanceLoop
from neurokit.report.style import GREY, label, legend_below, new_figure, ordered_colours

if TYPE_CHECKING:
    from matplotlib.figure import Figure

History = tuple[NDArray[np.float64], NDArray[np.float64]]  # K, ohm


def minor_loops(major: ResistanceLoop, histories: Mapping[str, History], title: str = "") -> "Figure":
    """The major loop in grey, and over it (temperature, resistance) along each history, by label."""
    figure = new_figure(5.6, 4.6)
    axes = figure.subplots()
    broad: dict[str, Any] = {"color": GREY, "linewidth": 4, "alpha": 0.45}
    axes.plot(major.temperature, major.heating, label="major loop, heating", **broad)
    axes.plot(major.temperature, major.cooling, label="major loop, cooling", linestyle="--", **broad)
    colours = ordered_colours(len(histories))
    for colour, (name, (temperature, resistance)) in zip(colours, histories.items(), strict=True):
        axes.plot(temperature, resistance, color=colour, label=name)
    axes.set_yscale("log")
    label(axes, "temperature (K)", "resistance (ohm)", title)
    legend_below(figure, [axes], columns=2)
    return figure
