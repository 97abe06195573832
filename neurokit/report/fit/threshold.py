"""Figure: the voltages at which a device snaps on and off, as they were measured, on a slow sweep of the fitted one."""

from typing import TYPE_CHECKING

import numpy as np

from neurokit.calibration.predict import swept_down, swept_up
from neurokit.calibration.result import Answers
from neurokit.device.vo2x import Vo2x
from neurokit.report.fit.branches import Way, both_ways, draw_line
from neurokit.report.fit.wording import shown_in, title_of
from neurokit.report.style import label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 1601  # of the model's line
BEYOND = 1.3  # times the largest threshold, up to which the sweep is drawn


def threshold_figure(answers: Answers, confirmed: Answers | None, device: Vo2x) -> "Figure":
    """A line where each voltage was measured, as wide as its error; the model snaps where its current jumps."""
    largest = max(np.nanmax(answers.record.measured["voltage"]), *np.nan_to_num(answers.predicted["voltage"]))
    v = np.linspace(0, BEYOND * largest, POINTS)[1:]
    currents = swept_up(device, v), swept_down(device, v)
    scale, unit = shown_in("A", *currents)
    figure = new_figure(7.0, 5.0)
    axes = figure.subplots()
    for way, current in zip(both_ways("voltage up", "voltage down"), currents, strict=True):
        _draw_measured(axes, way, answers)
        draw_line(axes, way, v, scale * current)
    axes.set_yscale("log")
    label(axes, "voltage (V)", f"current ({unit})", title_of(answers.record))
    legend_below(figure, [axes], columns=2)
    return figure


def _draw_measured(axes: "Axes", way: Way, answers: Answers) -> None:
    record = answers.record
    rows = way.rows(record)
    for v, error in zip(record.measured["voltage"][rows], record.errors["voltage"][rows], strict=True):
        axes.axvspan(v - error, v + error, color=way.colour, alpha=0.3, linewidth=0, label=f"measured, {way.name}")
