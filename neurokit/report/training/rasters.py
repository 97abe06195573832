"""Figure: the spikes of a network's layers while it is shown one image, one panel a layer, the output's last."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neurokit.report.style import BLUE, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SEEN = 60  # parts of a panel's height: a line is no shorter than one, or in a large layer nobody sees it
MU = "\N{GREEK SMALL LETTER MU}"


def rasters(layers: Mapping[str, ArrayLike], dt: float, digit: int, answer: int) -> "Figure":
    """Spikes by layer as (steps, neurons), not 0 in the steps of length dt (s) in which one falls.

    The last layer is the output, whose neurons are the classes; `answer` is the class that its spikes were read as.
    """
    fired = {name: np.asarray(spikes) > 0 for name, spikes in layers.items()}
    output = next(reversed(fired.values()))
    heights = [0.9 + min(max(0.024 * spikes.shape[1], 1.2), 3.6) for spikes in fired.values()]
    heights[-1] = 0.9 + 0.2 * output.shape[1]
    figure = new_figure(8.0, 0.7 + sum(heights))
    panels = figure.subplots(len(fired), 1, sharex=True, squeeze=False, height_ratios=heights).ravel().tolist()
    for axes, (name, spikes) in zip(panels, fired.items(), strict=True):
        _raster(axes, name, spikes, dt)
    _as_classes(panels[-1], output, answer)
    panels[-1].set_xlabel(f"time ({MU}s)")
    panels[-1].set_xlim(0, 1e6 * dt * len(output))
    figure.suptitle(_title(digit, answer, output), fontsize="medium")
    legend_below(figure, panels, columns=2)
    return figure


def _raster(axes: "Axes", name: str, spikes: NDArray[np.bool_], dt: float) -> None:
    """A line for each spike, in the middle of its step."""
    count = spikes.shape[1]
    times = [1e6 * dt * (np.flatnonzero(of_one) + 0.5) for of_one in spikes.T]
    axes.eventplot(times, colors=BLUE, linelengths=max(0.8, count / SEEN), linewidths=1.2)
    firing = int(spikes.any(axis=0).sum())
    label(axes, "", "neuron (number)")
    axes.set_title(f"{name}: {firing} of {count} neurons fire", loc="left", fontsize="medium")
    axes.set_ylim(-0.7, count - 0.3)


def _as_classes(axes: "Axes", spikes: NDArray[np.bool_], answer: int) -> None:
    """Every neuron named and its spikes counted; those of the answer stand out."""
    axes.set_ylabel("neuron (digit)")
    name_classes(axes, spikes.sum(axis=0).tolist(), answer if spikes.any() else None)


def name_classes(axes: "Axes", spikes: Sequence[int], answer: int | None) -> None:
    """The output's neurons by their digits, each with its number of spikes; those of the answer in colour."""
    classes = range(len(spikes))
    counts = axes.secondary_yaxis("right")
    counts.set_yticks(classes, [str(number) for number in spikes], fontsize="small")
    counts.set_ylabel("spikes (number)")
    counts.tick_params(length=0)
    counts.spines["right"].set_visible(False)
    axes.set_yticks(classes, [str(digit) for digit in classes])
    if answer is None:
        return
    line = axes.collections[answer]
    line.set_color(VERMILLION)
    line.set_linewidth(1.8)
    line.set_label("spikes of the answer")
    for ticks in (axes, counts):
        ticks.get_yticklabels()[answer].set(color=VERMILLION, fontweight="bold")


def _title(digit: int, answer: int, output: NDArray[np.bool_]) -> str:
    if not output.any():
        return f"a {digit}, no answer: no output neuron fires"
    return f"a {digit}, answered {answer}" + ("" if answer == digit else ": wrong")
