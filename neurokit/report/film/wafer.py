"""Figures: a wafer with a gradient of deficiency; its R(T) along the line, and where devices are cut from it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from neurokit.device.wafer import Cut, WaferMap
from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, legend_below, new_figure, ordered_colours

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BRANCHES = ("heating", "cooling")
_POSITION = "position on the wafer (mm)"
_RESISTANCE = "resistance of a bar of film (ohm)"


def wafer_rt_curves(wafer: WaferMap) -> "Figure":
    """R(T) of the bare film at each place, heating and cooling: the paper's figures 1F and 1G."""
    figure = new_figure(9.4, 4.8)
    row = figure.subplots(1, 2, sharey=True).tolist()
    for axes, branch in zip(row, _BRANCHES, strict=True):
        for colour, place, r in zip(
            ordered_colours(len(wafer.position)), wafer.position, getattr(wafer, branch), strict=True
        ):
            axes.plot(wafer.temperature, r, color=colour, label=f"{1e3 * place:+.1f} mm")
        axes.set_yscale("log")
        label(axes, "temperature (K)", _RESISTANCE if branch == "heating" else "", branch)
    legend_below(figure, row[:1], columns=5)
    return figure


def wafer_rt_maps(wafer: WaferMap, cuts: Sequence[Cut] = ()) -> "Figure":
    """R over position and temperature, heating and cooling, the middle of the transition dotted, devices numbered."""
    from matplotlib.colors import LogNorm

    figure = new_figure(9.4, 4.4)
    row = figure.subplots(1, 2, sharey=True).tolist()
    norm = LogNorm(min(wafer.heating.min(), wafer.cooling.min()), max(wafer.heating.max(), wafer.cooling.max()))
    image: Any = None
    key = f" (1 to {len(cuts)}: where devices are cut)" if cuts else ""
    for axes, branch in zip(row, _BRANCHES, strict=True):
        r = getattr(wafer, branch).T
        image = axes.pcolormesh(1e3 * wafer.position, wafer.temperature, r, norm=norm, rasterized=True)
        axes.plot(1e3 * wafer.position, wafer.critical_temperature, color="white", linestyle=":", linewidth=1)
        label(axes, _POSITION, "temperature (K)" if branch == "heating" else "", branch + key)
        axes.grid(visible=False)
        for number, cut in enumerate(cuts, 1):
            axes.annotate(
                str(number), (1e3 * cut.position, wafer.temperature[-1]), (0, -11), "data", "offset points", **_WHITE
            )
    figure.colorbar(image, ax=row, label=_RESISTANCE)
    return figure


def wafer_line(
    position: ArrayLike,
    x: ArrayLike,
    v_threshold: ArrayLike,
    v_hold: ArrayLike,
    cuts: Sequence[Cut],
    published: Sequence[tuple[float, float]] = (),
) -> "Figure":
    """x and switching voltages against position (m), with the devices' places; `published` is (position, V_th)."""
    figure = new_figure(6.8, 6.6)
    above, below = figure.subplots(2, 1, sharex=True).tolist()
    mm = 1e3 * np.asarray(position)
    above.plot(mm, x, color=BLACK, label="x of the growth gradient")
    below.plot(mm, v_threshold, color=VERMILLION, label="V_th")
    below.plot(mm, v_hold, color=BLUE, label="V_hold")
    for cut in cuts:
        above.plot(1e3 * cut.position, cut.x, "o", color=VERMILLION)
        below.plot(1e3 * cut.position, cut.v_threshold, "o", color=VERMILLION)
        below.plot(1e3 * np.array(cut.window), [cut.v_threshold] * 2, color=GREY, linewidth=4, alpha=0.5, zorder=1)
        _name(above, cut)
    below.plot([], [], "o", color=VERMILLION, label="where a device is cut")
    below.plot([], [], color=GREY, linewidth=4, alpha=0.5, label="V_th within 5 %")
    if published:
        below.plot(*np.array([(1e3 * p, v) for p, v in published]).T, "*", color=BLACK, label="V_th, published")
    label(above, "", "oxygen deficiency x (effective)")
    above.margins(y=0.12)
    label(below, _POSITION, "voltage (V)")
    below.set_ylim(bottom=0)
    legend_below(figure, [above, below], columns=3)
    return figure


_WHITE: dict[str, Any] = {"color": "white", "ha": "center", "fontsize": "small"}


def _name(axes: "Axes", cut: Cut) -> None:
    axes.annotate(cut.label, (1e3 * cut.position, cut.x), (6, -12), textcoords="offset points", fontsize="small")
