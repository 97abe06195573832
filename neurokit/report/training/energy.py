"""Figure: the energy that networks of several devices take from their supply to classify an image, by digit."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import label, legend_below, new_figure, ordered_colours

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNITS = ((1e-3, "mJ"), (1e-6, "\N{GREEK SMALL LETTER MU}J"), (1e-9, "nJ"), (1e-12, "pJ"))
FILLED = 0.8  # of the room of a digit, by its bars


def energy_per_inference(by_digit: Mapping[str, ArrayLike], means: Mapping[str, float], title: str = "") -> "Figure":
    """Mean energies (J) of the images of each digit, by device; `means` are those of all images."""
    energies = {name: np.asarray(values, dtype=np.float64) for name, values in by_digit.items()}
    scale, unit = _unit(max([0.0, *(values.max() for values in energies.values())]))
    width = FILLED / max(len(energies), 1)
    figure = new_figure(9.0, 4.8)
    axes = figure.subplots()
    for k, (colour, (name, values)) in enumerate(zip(ordered_colours(len(energies)), energies.items(), strict=True)):
        left = np.arange(len(values)) - FILLED / 2 + k * width
        mean = means[name] / scale
        text = f"{name}, mean {mean:.3g} {unit}"
        axes.bar(left, values / scale, width, align="edge", color=colour, edgecolor="white", linewidth=0.4, label=text)
        axes.axhline(mean, color=colour, linestyle="--", linewidth=1.2, zorder=0.9)  # behind the bars
    label(axes, "class of the image (digit)", f"energy per inference ({unit})", title)
    axes.grid(visible=False, axis="x")
    axes.set_xticks(range(max((len(values) for values in energies.values()), default=0)))
    legend_below(figure, [axes], columns=2)
    return figure


def _unit(highest: float) -> tuple[float, str]:
    """The largest unit of which the highest energy is one or more, in J and by name."""
    return next((unit for unit in UNITS if highest >= unit[0]), UNITS[-1])
