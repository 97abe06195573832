"""Figure: loss and accuracy after each epoch of a training, and what the test images gave in the end."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from neurokit.report.style import BLACK, BLUE, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DASHES = ("--", ":", "-.", (0, (6, 1, 1, 1, 1, 1)))  # of the tests


def accuracy_per_epoch(
    epochs: Sequence[Mapping[str, Any]], tests: Mapping[str, float], loss: str = "mse", title: str = ""
) -> "Figure":
    """Epochs with number, loss, accuracy and held_out (which may be None); `tests` are accuracies, 0 to 1, by name."""
    from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

    number = [epoch["number"] for epoch in epochs]
    figure = new_figure(7.0, 6.0)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    _line(upper, number, [epoch["accuracy"] for epoch in epochs], BLUE, "o", "training images, as they were seen")
    if any(epoch["held_out"] is not None for epoch in epochs):
        held_out = [np.nan if epoch["held_out"] is None else epoch["held_out"] for epoch in epochs]
        _line(upper, number, held_out, VERMILLION, "s", "held-out images")
    for k, (name, accuracy) in enumerate(tests.items()):
        dashes = DASHES[k % len(DASHES)]
        text = f"test, {name}: {100 * accuracy:.2f} %"
        upper.axhline(100 * accuracy, color=BLACK, linestyle=dashes, linewidth=1.2, label=text)
    lower.plot(number, [epoch["loss"] for epoch in epochs], color=BLUE, marker="o", markersize=4.0, linewidth=1.2)
    lower.set_yscale("log")
    lower.yaxis.set_major_formatter("{x:g}")
    lower.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    lower.yaxis.set_minor_formatter(NullFormatter())
    lower.xaxis.set_major_locator(MaxNLocator(integer=True))
    label(upper, "", "accuracy (%)", title)
    label(lower, "epoch (number)", f"loss ({loss})")
    legend_below(figure, [upper, lower], columns=2)
    return figure


def _line(axes: "Axes", at: Sequence[int], shares: Sequence[float], colour: str, marker: str, name: str) -> None:
    percent = 100 * np.asarray(shares, dtype=np.float64)
    axes.plot(at, percent, color=colour, marker=marker, markersize=4.0, linewidth=1.2, label=name)
