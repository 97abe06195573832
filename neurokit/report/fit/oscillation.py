"""Figure: oscillations against what was varied, as they were measured and as both engines have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neurokit.calibration.records import CIRCUIT, KINDS, Record
from neurokit.calibration.residuals import oscillates
from neurokit.calibration.result import Answers
from neurokit.device.vo2x import Vo2x
from neurokit.report.fit.engines import Engine, each_engine
from neurokit.report.fit.wording import shown_in, title_of
from neurokit.report.style import BLACK, label, legend_below, new_figure
from neurokit.vacancy.model import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

QUANTITIES = {"mean": "mean voltage", "peak_to_peak": "peak to peak", "frequency": "frequency"}
# What may be varied, as the axis calls it; of several that are, the first.
VARIED = {
    "current": "current",
    "supply": "supply",
    "r_series": "load",
    "capacitance": "capacitance",
    "rise": "rise of the drive",
}


@dataclass(frozen=True)
class _Drive:
    """The part of the circuit that a record is drawn against."""

    name: str
    scale: float
    unit: str
    alone: bool  # whether nothing else was varied, so that rows have an order

    def of(self, record: Record) -> Floats:
        return self.scale * np.asarray(record.circuit[self.name], dtype=np.float64)


def oscillation_figure(answers: Answers, confirmed: Answers | None, device: Vo2x) -> "Figure":
    """Mean, peak to peak and frequency, those that were measured; what does not oscillate is drawn at 0 Hz."""
    record, drive = answers.record, _drive(answers.record)
    quantities = [name for name in QUANTITIES if name in record.measured]
    figure = new_figure(7.0, 1.4 + 2.1 * len(quantities))
    panels = figure.subplots(len(quantities), 1, sharex=True, squeeze=False).ravel().tolist()
    for axes, quantity in zip(panels, quantities, strict=True):
        unit = KINDS["oscillation"].measured[quantity].unit
        scale, shown = shown_in(unit, record.measured[quantity], answers.predicted[quantity])
        _measured(axes, drive.of(record), record, quantity, scale)
        for engine, given in each_engine(answers, confirmed):
            _answered(axes, drive, given, quantity, scale, engine)
        label(axes, "", f"{QUANTITIES[quantity]} ({shown})")
    panels[0].set_title(title_of(record), fontsize="medium")
    panels[-1].set_xlabel(f"{VARIED[drive.name]} ({drive.unit})")
    legend_below(figure, panels, columns=2)
    return figure


def _drive(record: Record) -> _Drive:
    """The first column of the circuit that differs from row to row; where none does, what drives it."""
    columns = {
        name: np.asarray(record.circuit[name])
        for name in VARIED
        if name in record.circuit and not isinstance(record.circuit[name], str)
    }
    varied = [name for name, column in columns.items() if np.ptp(column) > 0]
    name = next(iter(varied or columns))
    return _Drive(name, *shown_in(CIRCUIT[name], columns[name]), alone=len(varied) == 1)


def _measured(axes: "Axes", x: Floats, record: Record, quantity: str, scale: float) -> None:
    """Filled circles with their errors where it oscillates, open ones where it does not."""
    oscillating = oscillates(record.measured["frequency"])
    y, error = _at_zero(record.measured, quantity), np.nan_to_num(record.errors[quantity])
    for rows, face, name in ((oscillating, BLACK, "measured"), (~oscillating, "white", "measured, no oscillation")):
        if rows.any():
            axes.errorbar(x[rows], scale * y[rows], scale * error[rows], fmt="none", ecolor=BLACK, elinewidth=0.9)
            axes.plot(x[rows], scale * y[rows], "o", color=BLACK, markersize=7.5, markerfacecolor=face, label=name)


def _answered(axes: "Axes", drive: _Drive, given: Answers, quantity: str, scale: float, engine: Engine) -> None:
    """A mark for each row, and between those that oscillate a line, which leads the eye and no more."""
    x, y = drive.of(given.record), scale * given.predicted[quantity]
    look: dict[str, Any] = {"color": engine.colour, "markersize": 7.0, "markeredgewidth": 1.4, "zorder": 3}
    marks = scale * _at_zero(given.predicted, quantity)
    axes.plot(x, marks, engine.marker, linestyle="none", label=engine.name, **look)
    if drive.alone:
        order = np.argsort(x)
        axes.plot(x[order], y[order], engine.line, color=engine.colour, linewidth=0.8, alpha=0.7)


def _at_zero(values: Mapping[str, Floats], quantity: str) -> Floats:
    """A quantity, and 0 for the frequency of what rests; a simulation that failed has no mean either, and no mark."""
    found = values[quantity]
    if quantity != "frequency":
        return found
    known = np.isfinite(found) | np.isfinite(values.get("mean", np.zeros(len(found))))
    return np.where(known, np.nan_to_num(found), np.nan)
