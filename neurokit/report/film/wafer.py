"""Figures: a wafer with a gradient of deficiency; its R(T) along the line, and where devices are cut from it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from neurokit.device.closed_form import threshold_limit, thresholds
from neurokit.device.vo2x import MEASURED_THRESHOLDS, Vo2x
from neurokit.device.wafer import SHIFT_ALLOWED, Cut, WaferMap, resistance_map
from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, legend_below, new_figure, ordered_colours
from neurokit.vacancy.growth import LINE_END, GrowthGradient, growth_deficiency

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BRANCHES = ("heating", "cooling")
_POSITION = "position on the wafer (mm)"
_RESISTANCE = "resistance of a bar of film (ohm)"
_PLACES = 101  # along the line


def wafer_rt_curves(gradient: GrowthGradient) -> "Figure":
    """R(T) of the bare film at each of the ten measured places, heating and cooling."""
    wafer = resistance_map(gradient)
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


def wafer_rt_maps(gradient: GrowthGradient, cuts: Sequence[Cut] = ()) -> "Figure":
    """R over position and temperature, heating and cooling, devices numbered; below, where the transition moves."""
    wafer = resistance_map(gradient, np.linspace(-LINE_END, LINE_END, _PLACES))
    figure = new_figure(9.4, 6.6)
    grid = figure.add_gridspec(2, 2, height_ratios=(2, 1))
    heating = figure.add_subplot(grid[0, 0])
    cooling = figure.add_subplot(grid[0, 1], sharey=heating)
    image = _maps(wafer, cuts, heating, cooling)
    figure.colorbar(image, ax=[heating, cooling], label=_RESISTANCE)
    shift = figure.add_subplot(grid[1, :])
    _shifts(shift, wafer)
    legend_below(figure, [shift], columns=3)
    return figure


def wafer_line(gradient: GrowthGradient, cuts: Sequence[Cut]) -> "Figure":
    """x and switching voltages along the line, and where devices are cut: Devices 1 to 5 first, then what is wished."""
    along = growth_deficiency(gradient, np.linspace(-LINE_END, LINE_END, _PLACES))
    mm = 1e3 * np.linspace(-LINE_END, LINE_END, _PLACES)
    switching = along.x < threshold_limit(Vo2x())
    found = [thresholds(Vo2x(x=float(x))) for x in along.x[switching]]
    figure = new_figure(6.8, 6.6)
    above, below = figure.subplots(2, 1, sharex=True).tolist()
    above.plot(mm, along.x, color=BLACK, label="x of the growth gradient")
    below.plot(mm[switching], [each.v_threshold for each in found], color=VERMILLION, label="V_th")
    below.plot(mm[switching], [each.v_hold for each in found], color=BLUE, label="V_hold")
    for cut in cuts:
        above.plot(1e3 * cut.position, cut.x, "o", color=VERMILLION)
        below.plot(1e3 * cut.position, cut.v_threshold, "o", color=VERMILLION)
        below.plot(1e3 * np.array(cut.window), [cut.v_threshold] * 2, color=GREY, linewidth=4, alpha=0.5, zorder=1)
        _name(above, cut)
    below.plot([], [], "o", color=VERMILLION, label="where a device is cut")
    below.plot([], [], color=GREY, linewidth=4, alpha=0.5, label="V_th within 5 %")
    for number, volts in MEASURED_THRESHOLDS.items():
        below.plot(1e3 * cuts[number - 1].position, volts, "*", color=BLACK, label="V_th, published")
    label(above, "", "oxygen deficiency x (effective)")
    above.margins(y=0.12)
    label(below, _POSITION, "voltage (V)")
    below.set_ylim(bottom=0)
    legend_below(figure, [above, below], columns=3)
    return figure


def _maps(wafer: WaferMap, cuts: Sequence[Cut], heating: "Axes", cooling: "Axes") -> Any:
    """Both maps, with one scale of resistance."""
    from matplotlib.colors import LogNorm

    norm = LogNorm(min(wafer.heating.min(), wafer.cooling.min()), max(wafer.heating.max(), wafer.cooling.max()))
    key = f" (1 to {len(cuts)}: where devices are cut)" if cuts else ""
    image: Any = None
    for axes, branch in zip((heating, cooling), _BRANCHES, strict=True):
        r = getattr(wafer, branch).T
        image = axes.pcolormesh(1e3 * wafer.position, wafer.temperature, r, norm=norm, rasterized=True)
        axes.plot(1e3 * wafer.position, wafer.critical_temperature, color="white", linestyle=":", linewidth=1)
        label(axes, _POSITION, "temperature (K)", branch + key)
        axes.grid(visible=False)
        for number, cut in enumerate(cuts, 1):
            axes.annotate(
                str(number), (1e3 * cut.position, wafer.temperature[-1]), (0, -11), "data", "offset points", **_WHITE
            )
    cooling.set_ylabel("")
    return image


def _shifts(axes: "Axes", wafer: WaferMap) -> None:
    """How far the critical temperature is from the pristine film's, by both ways to read it."""
    mm = 1e3 * wafer.position
    axes.axhspan(-SHIFT_ALLOWED, SHIFT_ALLOWED, color=GREY, alpha=0.2, linewidth=0, label="less than 2 K")
    readings = (
        ("middle of both branches (dotted above)", wafer.critical_temperature, BLACK),
        ("steepest fall of log R", wafer.steepest_temperature, VERMILLION),
    )
    for name, temperature, colour in readings:
        axes.plot(mm, temperature - temperature[0], color=colour, label=name)
    label(axes, _POSITION, "shift (K)", "critical temperature")
    axes.set_xlim(mm[0], mm[-1])


_WHITE: dict[str, Any] = {"color": "white", "ha": "center", "fontsize": "small"}


def _name(axes: "Axes", cut: Cut) -> None:
    axes.annotate(cut.label, (1e3 * cut.position, cut.x), (6, -12), textcoords="offset points", fontsize="small")
