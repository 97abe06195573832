"""Figure: when the output has decided, as the first spike from which on the answer no longer changes."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import BLUE, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS = 50  # of the window
MU = "\N{GREEK SMALL LETTER MU}"


def latencies(seconds: ArrayLike, undecided: int, window: float) -> "Figure":
    """Times (s) of the first decisive spike, one a digit, within a window (s); `undecided` digits have none."""
    from matplotlib.ticker import MaxNLocator

    times = 1e6 * np.asarray(seconds, dtype=np.float64).ravel()
    figure = new_figure(7.2, 4.2)
    axes = figure.subplots()
    axes.hist(times, BINS, range=(0.0, 1e6 * window), color=BLUE, edgecolor="white", linewidth=0.4, label="digits")
    if len(times):
        median = float(np.median(times))
        words = f"median, {median:.3g} {MU}s"
        axes.axvline(median, color=VERMILLION, linestyle="--", linewidth=1.4, label=words)
    title = f"decided: {len(times):,} digits, undecided: {undecided:,}"
    label(axes, f"time of the first decisive spike ({MU}s)", "digits (number)", title)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(0, max(1.0, axes.get_ylim()[1]) if len(times) else 1.0)
    axes.set_xlim(0, 1e6 * window)
    legend_below(figure, [axes], columns=2)
    return figure
