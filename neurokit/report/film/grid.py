"""Figures of a film grid: a filament that forms and breaks, and R(T) of a film whose x differs from place to place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from neurokit.circuits.film_grid import FilmGrid
from neurokit.device.closed_form import ResistanceLoop, Thresholds
from neurokit.report.style import BLACK, BLUE, VERMILLION, label, legend_below, new_figure, ordered_colours
from neurokit.spikes.filament import Filament, FilmStates
from neurokit.vacancy.model import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_US, _MA = 1e6, 1e3


@dataclass(frozen=True)
class _Layer:
    """One quantity that is mapped at every moment."""

    name: str
    values: Floats  # (times, rows, columns)
    colours: str
    low: float | None = None
    high: float | None = None


def filament_figure(
    grid: FilmGrid, states: FilmStates, filament: Filament | None, uniform: Thresholds | None
) -> "Figure":
    """x of the film and its I-V curve; metal, current and temperature before, with and after the filament."""
    moments = _moments(states, filament)
    figure = new_figure(2.9 * (1 + len(moments)), 8.4)
    left, right = figure.subfigures(1, 2, width_ratios=(1.25, len(moments)))  # type: ignore[misc]  # of two, an array
    top, bottom = left.subplots(2, 1)
    _map(top, grid.x, "viridis", "x of VO2-x, by cell")
    _current_voltage(bottom, states, filament, uniform)
    legend_below(left, [bottom], columns=1)
    layers = (
        _Layer("metal fraction", states.u, "cividis", 0, 1),
        _Layer("current down a cell (mA)", _MA * states.down, "magma", 0),
        _Layer("above ambient (K)", states.theta, "inferno", 0),
    )
    rows = right.subplots(len(layers), len(moments), squeeze=False)
    for row, layer in zip(rows, layers, strict=True):
        _maps(row.tolist(), layer, moments, states, titled=layer is layers[0])
    return figure


def graded_rt_figure(loop: ResistanceLoop, uniform: Mapping[str, ResistanceLoop], x: Floats) -> "Figure":
    """R(T) of a film with this map, in ngspice, between films of one x all over, by closed form."""
    figure = new_figure(10.4, 4.6)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6)).tolist()
    _map(left, x, "viridis", "x of VO2-x, by cell")
    for colour, (name, known) in zip(ordered_colours(len(uniform)), uniform.items(), strict=True):
        right.plot(known.temperature, known.heating, color=colour, linewidth=0.9, label=name)
        right.plot(known.temperature, known.cooling, color=colour, linewidth=0.9, linestyle="--")
    right.plot(loop.temperature, loop.heating, color=VERMILLION, label="this film, heating")
    right.plot(loop.temperature, loop.cooling, color=VERMILLION, linestyle="--", label="this film, cooling")
    right.set_yscale("log")
    label(right, "temperature (K)", "resistance (ohm)")
    legend_below(figure, [right], columns=3)
    return figure


def _moments(states: FilmStates, filament: Filament | None) -> dict[str, int]:
    """The moments that are shown, by what they are."""
    if filament is None:
        return {"at the highest supply": int(np.argmax(states.v_in))}
    moments = {
        "highest voltage before": states.at(filament.t_highest),
        "filament joins": states.at(filament.t_formed),
        "widest": states.at(filament.t_widest),
    }
    return moments | ({} if filament.t_broken is None else {"filament broken": states.at(filament.t_broken)})


def _maps(row: "Sequence[Axes]", layer: _Layer, moments: Mapping[str, int], states: FilmStates, titled: bool) -> None:
    """One layer at every moment, in the same colours throughout."""
    shown = layer.values[list(moments.values())]
    high = layer.high if layer.high is not None else float(shown.max())
    for axes, (name, k) in zip(row, moments.items(), strict=True):
        image = axes.imshow(layer.values[k], cmap=layer.colours, vmin=layer.low, vmax=high)
        axes.set_xticks([])
        axes.set_yticks([])
        if titled:
            axes.set_title(f"{name}\n{_US * states.time[k]:.2f} µs, {states.v[k]:.2f} V", fontsize="medium")
    row[0].set_ylabel(layer.name)
    row[0].figure.colorbar(image, ax=list(row), label=layer.name, shrink=0.85)


def _map(axes: "Axes", values: Floats, colours: str, title: str) -> None:
    rows, columns = np.shape(values)
    image = axes.imshow(values, cmap=colours, extent=(0.5, columns + 0.5, rows + 0.5, 0.5))
    axes.set(xlabel="column (number)", ylabel="row, electrode to electrode (number)")
    axes.set_title(title, fontsize="medium")
    axes.locator_params(integer=True)
    axes.figure.colorbar(image, ax=axes, label="oxygen deficiency x", shrink=0.85)


def _current_voltage(axes: "Axes", states: FilmStates, filament: Filament | None, uniform: Thresholds | None) -> None:
    peak = int(np.argmax(states.v_in))
    for part, line, name in ((slice(peak + 1), "-", "supply rises"), (slice(peak, None), "--", "supply falls")):
        axes.plot(states.v[part], _MA * states.i[part], line, color=BLUE, label=name)
    if filament is not None:
        axes.plot(filament.v_highest, _MA * states.i[states.at(filament.t_highest)], "o", color=VERMILLION)
    if uniform is not None:
        axes.axvline(uniform.v_threshold, color=BLACK, linewidth=0.8, linestyle=":", label="V_th, film of one x")
        axes.axvline(uniform.v_hold, color=BLACK, linewidth=0.8, linestyle="-.", label="V_hold, film of one x")
    label(axes, "voltage across the film (V)", "current (mA)")
