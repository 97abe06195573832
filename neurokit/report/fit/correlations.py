"""Figure: which parameters of a fit stand in for each other."""

from typing import TYPE_CHECKING

import numpy as np

from neurokit.calibration.result import Fit
from neurokit.report.style import label, new_figure
from neurokit.report.training.cells import name_cells, write_in_cells

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = "PuOr_r"  # apart for every common kind of colour vision, white in the middle
WITHOUT = "#BDBDBD"  # cells of parameters that the data do not determine
WRITTEN = 0.3  # size of a correlation from which on it is written into its cell
INCHES = 0.46  # a cell


def correlation_figure(fit: Fit) -> "Figure":
    """Correlations of every two parameters; grey where the data do not determine one of them."""
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    names = [interval.name for interval in fit.intervals]
    values = np.ma.masked_invalid(fit.correlations)
    palette = colormaps[COLOURS].with_extremes(bad=WITHOUT)
    side = INCHES * len(names)
    figure = new_figure(side + 3.2, side + 1.8)
    axes = figure.subplots()
    image = axes.imshow(values, cmap=palette, norm=Normalize(-1, 1))
    written = [[_text(value) for value in row] for row in fit.correlations]
    write_in_cells(axes, np.asarray(image.to_rgba(values)), written, "x-small")
    figure.colorbar(image, ax=axes, shrink=0.8, label="correlation (\N{MINUS SIGN}1 to 1)")
    label(axes, "", "", "grey: not determined by the data")
    name_cells(axes, names, names)
    axes.tick_params(axis="x", rotation=90)
    return figure


def _text(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}") if abs(value) >= WRITTEN else ""
