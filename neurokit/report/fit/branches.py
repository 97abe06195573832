"""How both ways of a loop are drawn, up and down: the same colours, markers and lines in every figure of a fit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from neurokit.calibration.records import DOWN, UP, Record
from neurokit.report.style import BLACK, BLUE, VERMILLION
from neurokit.vacancy.model import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Way:
    """One of the two ways of a loop."""

    branch: str  # UP or DOWN
    name: str
    colour: str
    marker: str
    line: str

    def rows(self, record: Record) -> NDArray[np.bool_]:
        """Which rows of a record were measured on it."""
        return record.on(self.branch)


def both_ways(up: str, down: str) -> tuple[Way, Way]:
    """Up and down, by the names that they have in a figure."""
    return Way(UP, up, VERMILLION, "o", "-"), Way(DOWN, down, BLUE, "s", "--")


def draw_points(axes: "Axes", way: Way, x: Floats, y: Floats) -> None:
    """What was measured: pale, so that the model's line can be seen on it."""
    axes.plot(
        x,
        y,
        linestyle="none",
        marker=way.marker,
        markersize=4.5,
        markeredgewidth=0,
        color=way.colour,
        alpha=0.45,
        label=f"measured, {way.name}",
    )


def draw_line(axes: "Axes", way: Way, x: Floats, y: Floats) -> None:
    axes.plot(x, y, way.line, color=way.colour, linewidth=1.3, label=f"model, {way.name}")


def draw_residuals(axes: "Axes", way: Way, x: Floats, off: Floats) -> None:
    """How far the model is from each point."""
    axes.axhline(0.0, color=BLACK, linewidth=0.7)
    axes.plot(x, off, linestyle="none", marker=way.marker, markersize=3.5, markeredgewidth=0, color=way.colour)
