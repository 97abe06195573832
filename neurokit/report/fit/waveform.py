"""Figure: voltage over time, as it was measured and as both engines have it."""

from typing import TYPE_CHECKING

from neurokit.calibration.result import Answers
from neurokit.device.vo2x import Vo2x
from neurokit.report.fit.engines import each_engine
from neurokit.report.fit.wording import shown_in, title_of
from neurokit.report.style import BLACK, GREY, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def waveform_figure(answers: Answers, confirmed: Answers | None, device: Vo2x) -> "Figure":
    """The waveforms on each other, and below them the differences."""
    record = answers.record
    time, measured = record.given["time"], record.measured["voltage"]
    scale_t, unit_t = shown_in("s", time)
    scale, unit = shown_in("V", measured)
    figure = new_figure(8.0, 5.4)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2.4, 1)).tolist()
    upper.plot(scale_t * time, scale * measured, color=GREY, linewidth=3.0, alpha=0.6, label="measured")
    lower.axhline(0.0, color=BLACK, linewidth=0.7)
    for engine, given in each_engine(answers, confirmed):
        at, model = scale_t * given.record.given["time"], given.predicted["voltage"]
        off = model - given.record.measured["voltage"]
        upper.plot(at, scale * model, engine.line, color=engine.colour, linewidth=1.1, label=engine.name)
        lower.plot(at, scale * off, engine.line, color=engine.colour, linewidth=1.0)
    label(upper, "", f"voltage ({unit})", title_of(record))
    label(lower, f"time ({unit_t})", f"model \N{MINUS SIGN} measured\n({unit})")
    legend_below(figure, [upper], columns=3)
    return figure
