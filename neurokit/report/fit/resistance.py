"""Figure: resistance against temperature, as it was measured and as the fitted device has it."""

from typing import TYPE_CHECKING

import numpy as np

from neurokit.calibration.result import Answers
from neurokit.device.closed_form import resistance_loop
from neurokit.device.vo2x import Vo2x
from neurokit.report.fit.branches import both_ways, draw_line, draw_points, draw_residuals
from neurokit.report.fit.wording import title_of
from neurokit.report.style import label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 801  # of the model's line


def resistance_figure(answers: Answers, confirmed: Answers | None, device: Vo2x) -> "Figure":
    """Both branches, and below them how many decades the model is off."""
    record = answers.record
    at, measured = record.given["temperature"], record.measured["resistance"]
    loop = resistance_loop(device, np.linspace(at.min(), at.max(), POINTS))
    off = np.log10(answers.predicted["resistance"] / measured)
    figure = new_figure(7.0, 6.2)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1)).tolist()
    for way, model in zip(both_ways("heating", "cooling"), (loop.heating, loop.cooling), strict=True):
        rows = way.rows(record)
        draw_points(upper, way, at[rows], measured[rows])
        draw_line(upper, way, loop.temperature, model)
        draw_residuals(lower, way, at[rows], off[rows])
    upper.set_yscale("log")
    label(upper, "", "resistance (ohm)", title_of(record))
    label(lower, "temperature (K)", "model / measured\n(decades)")
    legend_below(figure, [upper], columns=2)
    return figure
