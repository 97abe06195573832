"""What the paper's text gives as a number, and how panels draw it: one look for every anchor."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from neurokit.device.vo2x import MEASURED_THRESHOLDS
from neurokit.report.style import legend_below

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The text says "about 6.5 V" and "1.75 V"; a slow sweep lags by up to 0.6 %. What is still "about" is assumed.
TOLERANCE = 0.02  # relative

# Okabe and Ito's reddish purple: no curve of a panel has it.
LOOK: dict[str, Any] = {"color": "#CC79A7", "linestyle": ":", "linewidth": 2.0}


def agrees(value: float, published: float) -> bool:
    """Whether a value is what the text gives, within the tolerance."""
    return abs(value / published - 1) <= TOLERANCE


def threshold_text(number: int) -> str:
    """The published threshold of a device in words."""
    return f"V_th of Device {number} in the text, about {MEASURED_THRESHOLDS[number]:g} V"


def renewed_legend(figure: "Figure", axes: Sequence["Axes"], columns: int) -> None:
    """The legend below once more, after an anchor was drawn into a finished figure."""
    for legend in list(figure.legends):
        legend.remove()
    legend_below(figure, axes, columns)
