"""Figures: oxygen that goes from a VO2 film into its TiO2 overlayer, and annealing; model beside published values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, legend_below, new_figure, ordered_colours
from neurokit.vacancy.anneal import EXTENSIVE, MILD, RECOVERY, anneal_history, annealed
from neurokit.vacancy.model import Floats
from neurokit.vacancy.overlayer import MILLITORR, Grown, Overlayer, epitaxial_thickness, grow
from neurokit.vacancy.response import jump_decades, out_of_plane, transition_temperature, two_theta

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Park et al., Nat. Commun. 11, 1401 (2020), against oxygen pressure in mTorr: T_MI in K, decades, 2 theta in deg.
# The jump at 6 mTorr is published as "below one decade".
PUBLISHED_T_MI = {6.0: 260.0, 24.0: 298.0}
PUBLISHED_DECADES = {6.0: 1.0, 24.0: 3.2}
PUBLISHED_TWO_THETA = {6.0: 51.5, 24.0: 51.9}
PUBLISHED_SATURATION = 10e-9  # m at 150 C


@dataclass(frozen=True, eq=False)
class OverlayerCurves:
    """Everything that the overlayer's figure shows."""

    growths: Mapping[float, Grown]  # by oxygen pressure in mTorr
    pressure: Floats  # mTorr
    x: Floats  # mean of the film, against pressure
    growth_time: Floats  # s
    epitaxial: Mapping[float, Floats]  # m against growth_time, by temperature in deg C


@dataclass(frozen=True, eq=False)
class AnnealingCurves:
    """Everything that the annealing figure shows."""

    in_air: Mapping[float, tuple[Floats, Floats]]  # time in s and mean x, by temperature in deg C
    vacuum_temperature: Floats  # deg C
    vacuum: Mapping[float, Floats]  # mean x against temperature, by duration in s
    anchors: Mapping[str, tuple[float, float]]  # name: temperature in deg C, mean x


def overlayer_curves(model: Overlayer | None = None, pressures: Sequence[float] = (6, 9, 12, 24)) -> OverlayerCurves:
    """Grow the overlayer at these oxygen pressures (mTorr), and at those between."""
    model = model or Overlayer()
    between, time = np.linspace(min(pressures), max(pressures), 19), np.linspace(0, 4e-8 / model.growth_rate, 201)
    return OverlayerCurves(
        growths={p: grow(replace(model, oxygen_pressure=p * MILLITORR)) for p in pressures},
        pressure=between,
        x=np.array([grow(replace(model, oxygen_pressure=p * MILLITORR)).x.mean() for p in between]),
        growth_time=time,
        epitaxial={c: epitaxial_thickness(replace(model, temperature=c + 273.15), time) for c in (150.0, 300.0)},
    )


def annealing_curves(x_start: float = 0.0115) -> AnnealingCurves:
    """Recovery in air of a film with this x (that under 13 nm of TiO2, unless told), and vacuum on a pristine film."""
    celsius = np.linspace(225, 450, 16)
    vacuum = {
        t: np.array([annealed(replace(EXTENSIVE, temperature=c + 273.15, duration=t)).x.mean() for c in celsius])
        for t in (300.0, 1800.0)
    }
    return AnnealingCurves(
        in_air={
            c: anneal_history(replace(RECOVERY, temperature=c + 273.15), x_start) for c in (200.0, 250.0, 300.0, 350.0)
        },
        vacuum_temperature=celsius,
        vacuum=vacuum,
        anchors={
            "mild (assumed)": (MILD.temperature - 273.15, float(annealed(MILD).x.mean())),
            "extensive (assumed)": (EXTENSIVE.temperature - 273.15, float(annealed(EXTENSIVE).x.mean())),
            "TiO2 overlayer, 13 nm": (
                250.0,
                float(grow(Overlayer(1.0, temperature=523.15, thickness=13e-9, film_thickness=26e-9)).x.mean()),
            ),
        },
    )


def overlayer_figure(curves: OverlayerCurves) -> "Figure":
    """How x gets into the film, and what the film shows of it against oxygen pressure."""
    figure = new_figure(11, 6.8)
    (ax_time, ax_depth, ax_growth), (ax_t, ax_jump, ax_angle) = figure.subplots(2, 3)
    _growths(ax_time, ax_depth, curves.growths)
    for (celsius, thickness), colour in zip(curves.epitaxial.items(), (BLUE, VERMILLION), strict=True):
        ax_growth.plot(curves.growth_time / 60, 1e9 * thickness, color=colour, label=f"TiO2 at {celsius:g} °C")
    ax_growth.axhline(1e9 * PUBLISHED_SATURATION, color=GREY, linestyle=":", label="published saturation at 150 °C")
    label(ax_growth, "growth time (min)", "epitaxial TiO2 (nm)", "epitaxial thickness")
    ax_growth.legend(frameon=False, fontsize="small")
    for axes, values, published, name, title in (
        (ax_t, transition_temperature(curves.x), PUBLISHED_T_MI, "T_MI (K)", "transition"),
        (ax_jump, jump_decades(curves.x), PUBLISHED_DECADES, "jump (decades)", "resistance jump"),
        (ax_angle, two_theta(out_of_plane(curves.x)), PUBLISHED_TWO_THETA, "2θ of (002) (deg)", "lattice"),
    ):
        axes.plot(curves.pressure, values, color=BLACK, label="model")
        axes.plot(list(published), list(published.values()), "*", color=VERMILLION, markersize=10, label="published")
        label(axes, "oxygen pressure during growth (mTorr)", name, title)
    ax_jump.annotate("", (6, 0.6), (6, 1.0), arrowprops={"arrowstyle": "->", "color": VERMILLION})
    ax_jump.set_ylim(bottom=0)
    legend_below(figure, [ax_time, ax_t], columns=6)
    return figure


def annealing_figure(curves: AnnealingCurves) -> "Figure":
    """Recovery in air against time; what vacuum does against temperature."""
    figure = new_figure(9, 4.2)
    in_air, vacuum = figure.subplots(1, 2)
    colours = ordered_colours(len(curves.in_air))
    for (celsius, (time, x)), colour in zip(curves.in_air.items(), colours, strict=True):
        in_air.plot(time / 60, 298 - transition_temperature(x), color=colour, label=f"{celsius:g} °C")
    in_air.axhspan(0, 3, color="#E2E2E2", label="within 3 K of pristine")
    in_air.set_ylim(bottom=0)
    label(in_air, "time in air (min)", "T_MI below that of pristine film (K)", "recovery")
    in_air.legend(frameon=False, fontsize="small")
    for (seconds, x), colour in zip(curves.vacuum.items(), (BLUE, BLACK), strict=True):
        vacuum.semilogy(curves.vacuum_temperature, x, color=colour, label=f"{seconds / 60:g} min")
    for (name, (celsius, x_mean)), marker in zip(curves.anchors.items(), "osD", strict=True):
        vacuum.semilogy([celsius], [x_mean], marker, color=VERMILLION, label=name)
    label(vacuum, "temperature in vacuum (°C)", "mean x", "vacuum")
    vacuum.legend(frameon=False, fontsize="small")
    return figure


def _growths(against_time: "Axes", against_depth: "Axes", growths: Mapping[float, Grown]) -> None:
    for (pressure, grown), colour in zip(growths.items(), ordered_colours(len(growths)), strict=True):
        against_time.plot(grown.time / 60, grown.x_mean, color=colour, label=f"{pressure:g} mTorr")
        end = int(np.argmax(grown.overlayer_thickness))
        against_time.plot(grown.time[end] / 60, grown.x_mean[end], "o", color=colour, markersize=4)
        against_depth.semilogy(-1e9 * grown.height, grown.d, color=colour, linestyle="--")
        against_depth.semilogy(1e9 * grown.depth, grown.x, color=colour)
    against_depth.axvline(0, color=GREY, linewidth=0.8)
    label(against_time, "time (min), dots: growth ends", "mean x of the VO2", "during growth and hold")
    label(against_depth, "depth below the interface (nm)", "x of VO2-x, d of TiO2-d (dashed)", "after the hold")
