"""Figure: switching voltages against oxygen deficiency, closed form and ngspice, with what is published."""

from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from neurokit.report.style import BLACK, BLUE, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def thresholds_vs_x(
    x: ArrayLike,
    v_threshold: ArrayLike,
    v_hold: ArrayLike,
    simulated: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
    published: tuple[ArrayLike, ArrayLike] | None = None,
) -> "Figure":
    """Curves of the closed form; `simulated` is (x, V_th, V_hold), `published` is (x, V_th)."""
    figure = new_figure(6.4, 4.6)
    axes = figure.subplots()
    axes.plot(x, v_threshold, color=VERMILLION, label="V_th, closed form")
    axes.plot(x, v_hold, color=BLUE, label="V_hold, closed form")
    if simulated:
        axes.plot(simulated[0], simulated[1], "o", color=VERMILLION, fillstyle="none", label="V_th, ngspice")
        axes.plot(simulated[0], simulated[2], "s", color=BLUE, fillstyle="none", label="V_hold, ngspice")
    if published:
        axes.plot(*published, "*", color=BLACK, markersize=9, label="V_th, published")
    label(axes, "oxygen deficiency x (effective)", "voltage (V)")
    axes.set_ylim(bottom=0)
    legend_below(figure, [axes], columns=3)
    return figure
