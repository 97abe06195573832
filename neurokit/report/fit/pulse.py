"""Figure: which pulses fire the device, as it was measured and as both engines have it."""

from typing import TYPE_CHECKING, Any

from neurokit.calibration.result import Answers
from neurokit.device.vo2x import Vo2x
from neurokit.report.fit.engines import NGSPICE, TWIN, each_engine
from neurokit.report.fit.wording import shown_in, title_of
from neurokit.report.style import BLACK, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIRES = 0.5  # from which on "fires" is a yes
FRAMES = {TWIN: ("s", 12.0), NGSPICE: ("D", 15.0)}  # around the circles; the marker's size in points
WIDE = 10.0  # ratio of the longest pulse to the shortest, from which on widths are logarithmic


def pulse_figure(answers: Answers, confirmed: Answers | None, device: Vo2x) -> "Figure":
    """Amplitude against width of each pulse; a circle without a frame, or a frame without a filled circle, is wrong."""
    record = answers.record
    width = record.given["width"]
    scale, unit = shown_in("s", width)
    figure = new_figure(8.2, 5.2)
    axes = figure.subplots()
    fired = record.measured["fires"] >= FIRES
    for rows, face, name in ((fired, BLACK, "measured: fires"), (~fired, "white", "measured: does not fire")):
        look: dict[str, Any] = {"color": BLACK, "markerfacecolor": face, "markersize": 7.0}
        axes.plot(scale * width[rows], record.given["amplitude"][rows], "o", label=name, **look)
    for engine, given in each_engine(answers, confirmed):
        marker, size = FRAMES[engine]
        rows = given.predicted["fires"] >= FIRES
        look = {"color": engine.colour, "markerfacecolor": "none", "markersize": size}
        at = scale * given.record.given["width"][rows], given.record.given["amplitude"][rows]
        axes.plot(*at, marker, linestyle="none", label=f"{engine.name}: fires", **look)
    if width.max() > WIDE * width.min():
        axes.set_xscale("log")
    label(axes, f"width of the pulse ({unit})", "amplitude of the pulse (V)", title_of(record))
    axes.margins(0.12)  # for the frames of pulses at the edge
    legend_below(figure, [axes], columns=4)
    return figure
