"""Figure: every fitted parameter within the bounds that it was looked for in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neurokit.calibration.description import Free
from neurokit.calibration.model import share_of
from neurokit.calibration.result import Fit, Interval
from neurokit.report.fit.wording import limits_text, value_text
from neurokit.report.style import BLUE, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RANGE = "#E2E2E2"
LOOKS: Mapping[bool, Mapping[str, Any]] = {
    True: {"color": BLUE, "marker": "o", "markerfacecolor": BLUE, "label": "determined, with its 95 % interval"},
    False: {"color": VERMILLION, "marker": "o", "markerfacecolor": "white", "label": "not determined by the data"},
}


def parameter_figure(fit: Fit) -> "Figure":
    """Values and 95 % intervals as shares of each parameter's range, on the scale on which it was searched."""
    free, intervals = fit.description.free, fit.intervals
    figure = new_figure(8.6, 1.5 + 0.32 * len(free))
    axes = figure.subplots()
    for row, (bounds, interval) in enumerate(zip(free, intervals, strict=True)):
        value, low, high = (100 * share_of(bounds, end) for end in (interval.value, interval.low, interval.high))
        look = LOOKS[interval.determined]
        axes.plot([0, 100], [row, row], color=RANGE, linewidth=6.0, solid_capstyle="butt")
        axes.plot([low, high], [row, row], color=look["color"], linewidth=1.6)
        axes.plot([value], [row], linestyle="none", markersize=6.0, **look)
    label(axes, "from the low to the high bound, on each parameter's scale (%)", "", fit.description.title)
    axes.grid(visible=False)
    axes.set(xlim=(-2, 102), ylim=(len(free) - 0.5, -0.5))
    axes.set_yticks(range(len(free)), [f"{item.name} ({item.scale})" for item in free], fontsize="small")
    right = axes.secondary_yaxis("right")
    right.set_yticks(range(len(free)), [_text(*pair) for pair in zip(free, intervals, strict=True)], fontsize="small")
    right.tick_params(length=0)
    right.spines["right"].set_visible(False)
    legend_below(figure, [axes], columns=2)
    return figure


def _text(free: Free, interval: Interval) -> str:
    return value_text(interval) if interval.determined else f"{value_text(interval)}, {limits_text(free, interval)}"
