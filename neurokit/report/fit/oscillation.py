"""Figure: oscillations against what was varied, as they were measured and as both engines have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from neurokit.calibration.records import CIRCUIT, KINDS, Record, oscillates, varied
from neurokit.calibration.result import Answers
from neurokit.device.vo2x import Vo2x
from neurokit.report.fit.engines import Engine, each_engine
from neurokit.report.fit.wording import shown_in, title_of
from neurokit.report.style import BLACK, GREY, VERMILLION, label, legend_below, new_figure
from neurokit.vacancy.model import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OWN: Mapping[str, Any] = {"color": VERMILLION, "linewidth": 1.2, "label": "twin, between the rows"}
OTHER: Mapping[str, Any] = {"color": GREY, "linewidth": 0.9, "label": "other ends of the search, not ruled out"}
MARGIN = 0.03  # of the width, at both sides
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
        for line, look in zip(answers.lines, (OWN, *(OTHER,) * len(answers.lines)), strict=False):
            axes.plot(drive.of(line.record), scale * line.predicted[quantity], zorder=2, **look)
        for engine, given in each_engine(answers, confirmed):
            _answered(axes, drive, given, quantity, scale, engine, joined=drive.alone and not answers.lines)
        label(axes, "", f"{QUANTITIES[quantity]} ({shown})")
    if answers.lines:
        panels[0].set_xlim(*_span(answers, drive))
    panels[0].set_title(title_of(record), fontsize="medium")
    panels[-1].set_xlabel(f"{VARIED[drive.name]} ({drive.unit})")
    legend_below(figure, panels, columns=2)
    return figure


def _span(answers: Answers, drive: _Drive) -> tuple[float, float]:
    """All that was measured, and beyond it as far as a line oscillates."""
    measured = drive.of(answers.record)
    alive = [drive.of(line.record)[oscillates(line.predicted["frequency"])] for line in answers.lines]
    seen = np.concatenate([measured, *alive])
    margin = MARGIN * np.ptp(seen)
    return float(seen.min() - margin), float(seen.max() + margin)


def _drive(record: Record) -> _Drive:
    """The first column of the circuit that differs from row to row; where none does, what drives it."""
    columns = {name: part for name in VARIED if not isinstance(part := record.circuit.get(name), str | None)}
    differing = varied(record)
    name = next(iter(differing or columns))
    return _Drive(name, *shown_in(CIRCUIT[name], columns[name]), alone=len(differing) == 1)


def _measured(axes: "Axes", x: Floats, record: Record, quantity: str, scale: float) -> None:
    """Filled circles with their errors where it oscillates, open ones where it does not."""
    oscillating = oscillates(record.measured["frequency"])
    y, error = _at_zero(record.measured, quantity), np.nan_to_num(record.errors[quantity])
    for rows, face, name in ((oscillating, BLACK, "measured"), (~oscillating, "white", "measured, no oscillation")):
        if rows.any():
            axes.errorbar(x[rows], scale * y[rows], scale * error[rows], fmt="none", ecolor=BLACK, elinewidth=0.9)
            axes.plot(x[rows], scale * y[rows], "o", color=BLACK, markersize=7.5, markerfacecolor=face, label=name)


def _answered(
    axes: "Axes", drive: _Drive, given: Answers, quantity: str, scale: float, engine: Engine, joined: bool
) -> None:
    """A mark for each row, and between those that oscillate a line, which leads the eye and no more."""
    x, y = drive.of(given.record), scale * given.predicted[quantity]
    look: dict[str, Any] = {"color": engine.colour, "markersize": 7.0, "markeredgewidth": 1.4, "zorder": 3}
    marks = scale * _at_zero(given.predicted, quantity)
    axes.plot(x, marks, engine.marker, linestyle="none", label=engine.name, **look)
    if joined:
        order = np.argsort(x)
        axes.plot(x[order], y[order], engine.line, color=engine.colour, linewidth=0.8, alpha=0.7)


def _at_zero(values: Mapping[str, Floats], quantity: str) -> Floats:
    """A quantity, and 0 for the frequency of what rests; a simulation that failed has no mean either, and no mark."""
    found = values[quantity]
    if quantity != "frequency":
        return found
    known = np.isfinite(found) | np.isfinite(values.get("mean", np.zeros(len(found))))
    return np.where(known, np.nan_to_num(found), np.nan)
