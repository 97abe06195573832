"""Figure: accuracy of the spiking run over how long an image is shown and how slow the adders are."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import GREY, label, new_figure
from neurokit.report.training.cells import name_cells, write_in_cells

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MU = "\N{GREEK SMALL LETTER MU}"
MINUS = "\N{MINUS SIGN}"


def windows_and_taus(
    windows: ArrayLike, taus: ArrayLike, accuracies: ArrayLike, rate_accuracy: float, title: str = ""
) -> "Figure":
    """Accuracies, 0 to 1, as (windows, taus), both in s; NaN where none is known. In each cell, below the accuracy in
    %, is the difference to the rate network's in points.
    """
    from matplotlib import colormaps

    windows, taus = np.asarray(windows, dtype=np.float64), np.asarray(taus, dtype=np.float64)
    percent = 100 * np.asarray(accuracies, dtype=np.float64).reshape(len(windows), len(taus)).T
    difference = percent - 100 * rate_accuracy
    figure = new_figure(2.6 + 0.85 * len(windows), max(1.4 + 0.62 * len(taus), 3.4))
    axes = figure.subplots()
    heat = axes.imshow(difference, cmap=colormaps["viridis"].with_extremes(bad=GREY), origin="lower", aspect="auto")
    figure.colorbar(heat, ax=axes).set_label("difference to rates (points)")
    texts = [[_text(*cell) for cell in zip(*rows, strict=True)] for rows in zip(percent, difference, strict=True)]
    write_in_cells(axes, heat.to_rgba(difference), texts, "small")
    words = f"by rates {100 * rate_accuracy:.2f} %"
    label(axes, f"window ({MU}s)", f"adders' time constant ({MU}s)", f"{title}: {words}" if title else words)
    name_cells(axes, [f"{1e6 * w:g}" for w in windows], [f"{1e6 * tau:g}" for tau in taus])
    return figure


def _text(percent: float, difference: float) -> str:
    if np.isnan(percent):
        return "none"
    return f"{percent:.1f}\n{difference:+.1f}".replace("-", MINUS)
