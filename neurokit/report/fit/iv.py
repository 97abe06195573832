"""Figure: current against voltage of a slow sweep, as it was measured and as the fitted device has it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from neurokit.calibration.predict import swept_down, swept_up
from neurokit.calibration.result import Answers
from neurokit.device.vo2x import Vo2x
from neurokit.report.fit.branches import both_ways, draw_line, draw_points, draw_residuals
from neurokit.report.fit.engines import NGSPICE
from neurokit.report.fit.wording import shown_in, title_of
from neurokit.report.style import BLACK, label, legend_below, new_figure
from neurokit.vacancy.model import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 1601  # of the model's line
LINEAR_WITHIN = 10.0  # %: a point beside a jump is off by its whole height, and would hide all others


def iv_figure(answers: Answers, confirmed: Answers | None, device: Vo2x) -> "Figure":
    """The loop with logarithmic and linear currents, and below it how many percent the model is off."""
    record = answers.record
    v, measured = record.given["voltage"], record.measured["current"]
    scale, unit = shown_in("A", measured)
    figure = new_figure(9.6, 6.6)
    axes = figure.subplot_mosaic([["log", "linear"], ["off", "off"]], height_ratios=(2.4, 1))
    grid = np.linspace(v.min(), v.max(), POINTS)
    off = _percent_off(answers.predicted["current"], measured)
    lines = swept_up(device, np.abs(grid)), swept_down(device, np.abs(grid), record.v_top)
    for way, line in zip(both_ways("voltage up", "voltage down"), lines, strict=True):
        rows = way.rows(record)
        model = np.sign(grid) * line
        for name, size in (("log", np.abs), ("linear", np.positive)):
            draw_points(axes[name], way, v[rows], scale * size(measured[rows]))
            draw_line(axes[name], way, grid, scale * size(model))
        draw_residuals(axes["off"], way, v[rows], off[rows])
    if confirmed is not None:
        _by_ngspice(axes, confirmed, scale)
    axes["log"].set_yscale("log", nonpositive="mask")
    axes["off"].set_yscale("symlog", linthresh=LINEAR_WITHIN)
    axes["off"].yaxis.set_major_formatter("{x:g}")
    label(axes["log"], "voltage (V)", f"size of the current ({unit})")
    label(axes["linear"], "voltage (V)", f"current ({unit})")
    label(axes["off"], "voltage (V)", "model \N{MINUS SIGN} measured\n(%)")
    figure.suptitle(title_of(record), fontsize="medium")
    legend_below(figure, [axes["log"]], columns=3)
    return figure


def _by_ngspice(axes: Mapping[str, "Axes"], confirmed: Answers, scale: float) -> None:
    v, current = confirmed.record.given["voltage"], scale * confirmed.predicted["current"]
    for name, size in (("log", np.abs), ("linear", np.positive)):
        axes[name].plot(
            v, size(current), linestyle="none", marker=NGSPICE.marker, markersize=4.0, color=BLACK, label="ngspice"
        )


def _percent_off(model: Floats, measured: Floats) -> Floats:
    """None where no current was measured."""
    return np.asarray(100 * (model / np.where(measured == 0, np.nan, measured) - 1))
