"""Figures: oxygen that goes from a VO2 film into its TiO2 overlayer; model beside published values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, legend_below, new_figure, ordered_colours
from neurokit.vacancy.checks.overlayer import (
    PUBLISHED_DECADES,
    PUBLISHED_OVERLAYERS,
    PUBLISHED_SATURATION,
    PUBLISHED_T_MI,
    PUBLISHED_TWO_THETA,
    mean_x,
    under_boundaries,
    zhou,
)
from neurokit.vacancy.model import Floats
from neurokit.vacancy.overlayer import MILLITORR, Boundaries, Grown, Overlayer, epitaxial_thickness, grow
from neurokit.vacancy.response import jump_decades, out_of_plane, transition_temperature, two_theta

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEAST_X = 1e-8  # that is drawn


@dataclass(frozen=True, eq=False)
class OverlayerCurves:
    """Everything that the overlayer's figure shows."""

    growths: Mapping[float, Grown]  # by oxygen pressure in mTorr
    pressure: Floats  # mTorr
    x: Floats  # mean of the film, against pressure
    growth_time: Floats  # s
    epitaxial: Mapping[float, Floats]  # m against growth_time, by temperature in deg C


@dataclass(frozen=True, eq=False)
class DirectionalCurves:
    """Everything that the figure of overlayers of rising thickness and of domain boundaries shows."""

    thickness: Floats  # nm
    x: Floats  # mean of the film, against thickness
    published: Mapping[float, float]  # mean x of the model by the published thicknesses in nm
    boundaries: Mapping[Boundaries, Grown]  # as growth ends


def overlayer_curves(model: Overlayer | None = None, pressures: Sequence[float] = (6, 9, 12, 24)) -> OverlayerCurves:
    """Grow the overlayer at these oxygen pressures (mTorr) and at the model's own, and at those between."""
    model = model or Overlayer()
    chosen = sorted({*pressures, float(f"{model.oxygen_pressure / MILLITORR:.3g}")})
    between, time = np.linspace(chosen[0], chosen[-1], 19), np.linspace(0, 4e-8 / model.growth_rate, 201)
    return OverlayerCurves(
        growths={p: grow(replace(model, oxygen_pressure=p * MILLITORR)) for p in chosen},
        pressure=between,
        x=np.array([grow(replace(model, oxygen_pressure=p * MILLITORR)).x.mean() for p in between]),
        growth_time=time,
        epitaxial={c: epitaxial_thickness(replace(model, temperature=c + 273.15), time) for c in (150.0, 300.0)},
    )


def directional_curves() -> DirectionalCurves:
    """Overlayers from 0.3 to 15 nm as Zhou, Yao and Qiao grew them, and films with each kind of domain boundaries."""
    thickness = np.geomspace(0.3, 15, 16)
    return DirectionalCurves(
        thickness=thickness,
        x=np.array([mean_x(zhou(float(nm))) for nm in thickness]),
        published={nm: mean_x(zhou(nm)) for nm in PUBLISHED_OVERLAYERS},
        boundaries={kind: grow(under_boundaries(kind)) for kind in ("vertical", "none", "inclined", "horizontal")},
    )


def overlayer_figure(curves: OverlayerCurves) -> "Figure":
    """How x gets into the film, and what the film shows of it against oxygen pressure."""
    figure = new_figure(11, 7.2)
    (ax_time, ax_depth, ax_growth), (ax_t, ax_jump, ax_angle) = figure.subplots(2, 3)
    _growths(ax_time, ax_depth, curves.growths)
    for (celsius, thickness), colour in zip(curves.epitaxial.items(), (BLUE, VERMILLION), strict=True):
        ax_growth.plot(curves.growth_time / 60, 1e9 * thickness, color=colour, label=f"TiO2 at {celsius:g} °C")
    ax_growth.axhline(1e9 * PUBLISHED_SATURATION, color=GREY, linestyle=":", label="published saturation at 150 °C")
    label(ax_growth, "growth time (min)", "epitaxial TiO2 (nm)", "epitaxial thickness")
    for axes, values, published, name, title in (
        (ax_t, transition_temperature(curves.x), PUBLISHED_T_MI, "T_MI (K)", "transition"),
        (ax_jump, jump_decades(curves.x), PUBLISHED_DECADES, "jump (decades)", "resistance jump"),
        (ax_angle, two_theta(out_of_plane(curves.x)), PUBLISHED_TWO_THETA, "2θ of (002) (°)", "lattice"),
    ):
        axes.plot(curves.pressure, values, color=BLACK, label="model")
        axes.plot(list(published), list(published.values()), "*", color=VERMILLION, markersize=10, label="published")
        label(axes, "oxygen pressure during growth (mTorr)", name, title)
    below = PUBLISHED_DECADES[6.0]
    ax_jump.annotate("", (6, 0.6 * below), (6, below), arrowprops={"arrowstyle": "->", "color": VERMILLION})
    ax_jump.set_ylim(bottom=0)
    legend_below(figure, [ax_time, ax_depth, ax_growth, ax_t], columns=5)
    return figure


def directional_figure(curves: DirectionalCurves) -> "Figure":
    """x against the overlayer's thickness, and against depth with domain boundaries of each direction."""
    figure = new_figure(9, 4.6)
    left, right = figure.subplots(1, 2).tolist()
    left.loglog(curves.thickness, curves.x, color=BLACK, label="model, mean over depth")
    left.loglog(
        list(curves.published), list(curves.published.values()), "D", color=VERMILLION, label="published thicknesses"
    )
    left.xaxis.set_major_formatter("{x:g}")
    label(left, "thickness of the TiO2 (nm)", "x of VO2-x (effective)", "26 nm of VO2, TiO2 at 250 °C and 1 Pa")
    colours = ordered_colours(len(curves.boundaries))
    for (kind, grown), colour in zip(curves.boundaries.items(), colours, strict=True):
        shown = np.maximum(grown.x, _LEAST_X)
        right.semilogy(1e9 * grown.depth, shown, color=colour, label=f"{kind} boundaries".replace("none", "no"))
    label(right, "depth below the interface (nm)", "x of VO2-x (effective)", "26 nm of VO2, TiO2 at 150 °C and 6 mTorr")
    right.set_ylim(_LEAST_X, None)
    legend_below(figure, [left, right], columns=3)
    return figure


def _growths(against_time: "Axes", against_depth: "Axes", growths: Mapping[float, Grown]) -> None:
    for (pressure, grown), colour in zip(growths.items(), ordered_colours(len(growths)), strict=True):
        against_time.plot(grown.time / 60, grown.x_mean, color=colour, label=f"{pressure:g} mTorr")
        end = int(np.argmax(grown.overlayer_thickness))
        against_time.plot(grown.time[end] / 60, grown.x_mean[end], "o", color=colour, markersize=4)
        against_depth.semilogy(-1e9 * grown.height, grown.d, color=colour, linestyle="--")
        against_depth.semilogy(1e9 * grown.depth, grown.x, color=colour)
    against_depth.axvline(0, color=GREY, linewidth=0.8)
    against_time.plot([], [], "o", color=GREY, markersize=4, label="growth ends")
    against_depth.plot([], [], color=GREY, linestyle="--", label="in the TiO2-d")
    label(against_time, "time (min)", "mean x of VO2-x (effective)", "during growth and hold")
    label(against_depth, "depth below the interface (nm)", "x, d in the TiO2 (effective)", "after the hold")
