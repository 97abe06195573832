"""Figures: annealing in air and in vacuum, model beside published values; and one anneal, against time and depth."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from neurokit.circuits.values import si_text
from neurokit.report.style import BLACK, BLUE, VERMILLION, label, legend_below, new_figure, ordered_colours
from neurokit.vacancy.anneal import EXTENSIVE, MILD, RECOVERY, Anneal, anneal_history, annealed
from neurokit.vacancy.checks.anneal import PUBLISHED_RECOVERY
from neurokit.vacancy.checks.overlayer import mean_x, zhou
from neurokit.vacancy.model import Floats
from neurokit.vacancy.response import transition_temperature

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class AnnealingCurves:
    """Everything that the annealing figure shows."""

    in_air: Mapping[float, tuple[Floats, Floats]]  # time in s and mean x, by temperature in deg C
    vacuum_temperature: Floats  # deg C
    vacuum: Mapping[float, Floats]  # mean x against temperature, by duration in s
    anchors: Mapping[str, tuple[float, float]]  # name: temperature in deg C, mean x


def annealing_curves() -> AnnealingCurves:
    """Recovery in air of a film that lay under 13 nm of TiO2, and vacuum on a pristine film."""
    celsius = np.linspace(225, 450, 16)
    reduced = mean_x(zhou(13.0))
    vacuum = {
        t: np.array([annealed(replace(EXTENSIVE, temperature=c + 273.15, duration=t)).x.mean() for c in celsius])
        for t in (300.0, 1800.0)
    }
    return AnnealingCurves(
        in_air={
            c: anneal_history(replace(RECOVERY, temperature=c + 273.15), reduced) for c in (200.0, 250.0, 300.0, 350.0)
        },
        vacuum_temperature=celsius,
        vacuum=vacuum,
        anchors={
            "mild vacuum (assumed)": (MILD.temperature - 273.15, float(annealed(MILD).x.mean())),
            "extensive vacuum (assumed)": (EXTENSIVE.temperature - 273.15, float(annealed(EXTENSIVE).x.mean())),
            "13 nm of TiO2 overlayer": (250.0, reduced),
        },
    )


def annealing_figure(curves: AnnealingCurves) -> "Figure":
    """Recovery in air against time; what vacuum does against temperature."""
    figure = new_figure(9, 5.0)
    in_air, vacuum = figure.subplots(1, 2).tolist()
    colours = ordered_colours(len(curves.in_air))
    for (celsius, (time, x)), colour in zip(curves.in_air.items(), colours, strict=True):
        below = transition_temperature(0.0) - transition_temperature(x)
        in_air.plot(time / 60, below, color=colour, label=f"air, {celsius:g} °C")
    words = f"within {PUBLISHED_RECOVERY:g} K of pristine (published: 300 °C, 2 h)"
    in_air.axhspan(0, PUBLISHED_RECOVERY, color="#E2E2E2", label=words)
    in_air.set_ylim(bottom=0)
    label(in_air, "time in air (min)", "T_MI below that of pristine film (K)", "recovery")
    for (seconds, x), colour in zip(curves.vacuum.items(), (BLUE, BLACK), strict=True):
        vacuum.semilogy(curves.vacuum_temperature, x, color=colour, label=f"vacuum, {seconds / 60:g} min")
    for (name, (celsius, x_mean)), marker in zip(curves.anchors.items(), "osD", strict=True):
        vacuum.semilogy([celsius], [x_mean], marker, color=VERMILLION, label=name)
    label(vacuum, "temperature in vacuum (°C)", "mean x of VO2-x (effective)", "reduction")
    legend_below(figure, [in_air, vacuum], columns=3)
    return figure


def anneal_figure(model: Anneal, x_start: float) -> "Figure":
    """Mean x of one anneal against time, and its profile at the end."""
    time, x_mean = anneal_history(model, x_start)
    found = annealed(model, x_start)
    depth = np.zeros(0) if found.position is None else found.position
    figure = new_figure(9, 4.0)
    left, right = figure.subplots(1, 2, sharey=True).tolist()
    left.plot(time / 60, x_mean, color=BLACK)
    title = f"{model.temperature - 273.15:.4g} °C, {si_text(model.oxygen_pressure, 'Pa')} of O2"
    label(left, "time (min)", "mean x of VO2-x (effective)", title)
    right.plot(1e9 * depth, found.x, color=BLUE)
    label(right, "depth below the surface (nm)", "x of VO2-x (effective)", f"after {model.duration / 60:.4g} min")
    right.tick_params(labelleft=True)
    left.set_ylim(0, 1.05 * max(float(x_mean.max()), float(found.x.max())) or 1.0)
    return figure
