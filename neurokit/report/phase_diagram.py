"""Figures of sweeps: the tri-state diagram of a device, and the triple points of several."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from neurokit.device.closed_form import NoThresholdsError, v_firing_onset, v_latching
from neurokit.device.vo2x import Vo2x
from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, new_figure, ordered_colours
from neurokit.spikes.regime import Regime
from neurokit.sweeps.axes import Axis
from neurokit.sweeps.diagram import PhaseDiagram, closed_form_triple
from neurokit.sweeps.triple import TripleEstimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Pale, so that lines and points show: sky blue, yellow and vermillion of Okabe and Ito, distinguishable to every eye.
COLOURS: Mapping[Regime, str] = {Regime.UN_FIRING: "#CFE8F6", Regime.OSCILLATING: "#FBF3A5", Regime.FIRING: "#F4C3A1"}
NAMES: Mapping[str, str] = {
    "r_series": "series resistance",
    "v_in": "supply voltage",
    "capacitance": "capacitance",
    "x": "oxygen deficiency x",
    "t_ambient": "ambient temperature",
}
_FINE = 301  # places along each side by which regimes are filled in
_CURVES = 61  # places along each side at which the closed form is evaluated
_SLICES = 6


def phase_diagram(diagram: PhaseDiagram, title: str = "") -> "Figure":
    """Regimes over one, two or three axes, with the simulated points and the closed form's boundaries."""
    dimensions = len(diagram.lattice.axes)
    if dimensions == 1:
        return _over_one_axis(diagram, title)
    if dimensions == 2:
        figure = new_figure(7.2, 6.2)
        axes = figure.subplots()
        _plane(axes, diagram, ())
        axes.set_title(title, fontsize="medium")
        _legend(figure, axes)
        return figure
    return _slices(diagram, title)


def triple_points(
    diagrams: Mapping[str, PhaseDiagram],
) -> "Figure":
    """Triple points of several devices over series resistance and supply, simulated and in closed form."""
    figure = new_figure(6.6, 5.6)
    axes = figure.subplots()
    for colour, (name, diagram) in zip(ordered_colours(len(diagrams)), diagrams.items(), strict=True):
        t = diagram.triple
        if t is not None:
            axes.errorbar(
                t.first, t.second, yerr=t.second_error, xerr=t.first_error, fmt="o", color=colour, capsize=3, label=name
            )
        else:
            axes.plot([], [], "none", label=f"{name}: none seen")
        closed = closed_form_triple(diagram.spec)
        assert closed is not None  # noqa: S101 - the caller gives diagrams over series resistance and supply
        axes.plot(*closed, "D", markerfacecolor="none", markeredgecolor=colour, markersize=8)
    axes.plot([], [], "D", markerfacecolor="none", markeredgecolor=GREY, label="closed form, slow circuit")
    label(axes, "series resistance (\N{GREEK CAPITAL LETTER OMEGA})", "supply voltage (V)", "Triple points")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left", frameon=False, fontsize="small")
    return figure


def _plane(axes: "Axes", diagram: PhaseDiagram, fixed: tuple[float, ...]) -> None:
    """One plane of two axes, the axes before them at `fixed` positions."""
    from matplotlib.colors import ListedColormap

    x_axis, y_axis = diagram.lattice.axes[-2:]
    sides = np.linspace(0, 1, _FINE)
    regimes = diagram.regime_at([(*fixed, p, q) for p, q in product(sides, sides)])
    codes = np.array([list(COLOURS).index(r) if r else np.nan for r in regimes], dtype=float).reshape(_FINE, _FINE)
    x, y = (np.array([axis.value(p) for p in sides]) for axis in (x_axis, y_axis))
    axes.pcolormesh(x, y, codes.T, cmap=ListedColormap(list(COLOURS.values())), vmin=0, vmax=2, shading="nearest")
    _closed_form(axes, diagram, fixed)
    _points(axes, diagram, fixed)
    _failed(axes, diagram, fixed)
    _triple(axes, diagram)
    label(axes, _name(x_axis), _name(y_axis))
    axes.grid(visible=False)
    for axis, scale in ((x_axis, axes.set_xscale), (y_axis, axes.set_yscale)):
        if axis.log:
            scale("log")
    axes.set_xlim(x_axis.low, x_axis.high)
    axes.set_ylim(y_axis.low, y_axis.high)


def _points(axes: "Axes", diagram: PhaseDiagram, fixed: tuple[float, ...]) -> None:
    by_engine: dict[str, list[Any]] = {}
    for row in diagram.rows:
        if row["regime"] and _in_plane(diagram, row["values"], fixed):
            by_engine.setdefault(row["engine"], []).append(row["values"][-2:])
    size = 1.0 if len(diagram.rows) > 3000 else 4.0
    for engine, at in by_engine.items():
        colour, alpha = (GREY, 0.6) if engine == "twin" else (BLACK, 0.9)
        x, y = np.array(at).T
        axes.scatter(x, y, s=size, color=colour, alpha=alpha, linewidths=0, label=f"simulated, {engine}")
    unsure = [row["values"][-2:] for row in diagram.rows if 0 < row["confidence"] < 1]
    if unsure:
        x, y = np.array(unsure).T
        axes.scatter(x, y, s=30, marker="o", facecolors="none", edgecolors=BLACK, label="regime uncertain", zorder=4)
    wrong = [diagram.lattice.values(d.site)[-2:] for d in diagram.disagreements]
    if wrong:
        x, y = np.array(wrong).T
        axes.scatter(x, y, s=36, marker="x", color=VERMILLION, label="twin and ngspice disagree", zorder=4)


def _failed(axes: "Axes", diagram: PhaseDiagram, fixed: tuple[float, ...]) -> None:
    """A hatched square for each point that failed: nothing is known there."""
    from matplotlib.patches import Rectangle

    sides = [1 / cells for cells in diagram.lattice.cells[-2:]]
    handle = None
    for site, regime in diagram.known.items():
        position = diagram.lattice.position(site)
        if regime is None and _in_plane(diagram, diagram.lattice.values(site), fixed):
            corner = [p - side / 2 for p, side in zip(position[-2:], sides, strict=True)]
            low = [axis.value(max(p, 0.0)) for axis, p in zip(diagram.lattice.axes[-2:], corner, strict=True)]
            high = [
                axis.value(min(p + side, 1.0))
                for axis, p, side in zip(diagram.lattice.axes[-2:], corner, sides, strict=True)
            ]
            handle = Rectangle(
                (low[0], low[1]),
                high[0] - low[0],
                high[1] - low[1],
                facecolor="white",
                edgecolor=GREY,
                hatch="////",
                lw=0,
            )
            axes.add_patch(handle)
    if handle is not None:
        handle.set_label("failed")


def _triple(axes: "Axes", diagram: PhaseDiagram) -> None:
    t: TripleEstimate | None = diagram.triple
    if t is not None:
        axes.errorbar(
            t.first,
            t.second,
            xerr=t.first_error,
            yerr=t.second_error,
            fmt="o",
            color=BLUE,
            capsize=3,
            zorder=5,
            label=f"triple point {_measured_on(diagram.lattice.axes[0], t.first, t.first_error)}, "
            f"{_measured_on(diagram.lattice.axes[1], t.second, t.second_error)}",
        )


def _closed_form(axes: "Axes", diagram: PhaseDiagram, fixed: tuple[float, ...]) -> None:
    """The lines at which the supply is the closed form's boundary, whatever the axes are."""
    x_axis, y_axis = diagram.lattice.axes[-2:]
    sides = np.linspace(0, 1, _CURVES)
    excess = np.full((2, _CURVES, _CURVES), np.nan)
    for (i, p), (j, q) in product(enumerate(sides), enumerate(sides)):
        position = (*fixed, float(p), float(q))
        values = tuple(axis.value(s) for axis, s in zip(diagram.lattice.axes, position, strict=True))
        neuron, v_in = diagram.spec.point(values)
        on, off = _boundaries(neuron.device, neuron.r_series + neuron.r_sense)
        excess[:, i, j] = v_in - on, (v_in - off if off > on else np.nan)
    x, y = (np.array([axis.value(s) for s in sides]) for axis in (x_axis, y_axis))
    if np.isnan(excess[0]).all():
        return
    for field, style, name in ((excess[0], "--", "onset, closed form"), (excess[1], "-.", "latching, closed form")):
        if np.nanmin(field) < 0 < np.nanmax(field):
            axes.contour(x, y, field.T, levels=[0.0], colors=[BLACK], linestyles=[style], linewidths=1.0)
            axes.plot([], [], linestyle=style, color=BLACK, linewidth=1.0, label=name)


def _boundaries(device: Vo2x, r_series: float) -> tuple[float, float]:
    try:
        return float(v_firing_onset(device, r_series)), float(v_latching(device, r_series))
    except NoThresholdsError:
        return float("nan"), float("nan")


def _over_one_axis(diagram: PhaseDiagram, title: str) -> "Figure":
    """Frequency along one axis, the regimes in the background."""
    (axis,) = diagram.lattice.axes
    figure = new_figure(7.2, 4.4)
    axes = figure.subplots()
    sides = np.linspace(0, 1, 1001)
    regimes = diagram.regime_at(sides)
    x = [axis.value(float(p)) for p in sides]
    for regime, colour in COLOURS.items():
        inside = [r is regime for r in regimes]
        axes.fill_between(
            x, 0, 1, where=inside, color=colour, transform=axes.get_xaxis_transform(), lw=0, label=regime.value
        )
    rows = [row for row in diagram.rows if row["regime"]]
    axes.plot(
        [row["values"][0] for row in rows],
        [1e-3 * row["frequency"] for row in rows],
        "o",
        color=BLUE,
        markersize=3,
        label="simulated",
    )
    for row in diagram.rows:
        if not row["regime"]:
            axes.axvline(row["values"][0], color=GREY, linestyle=":", label="failed")
    label(axes, _name(axis), "frequency (kHz)", title)
    if axis.log:
        axes.set_xscale("log")
    axes.set_xlim(axis.low, axis.high)
    axes.set_ylim(0, 1.05 * max(axes.get_ylim()[1], 1e-9))
    _legend(figure, axes, regimes=False)
    return figure


def _slices(diagram: PhaseDiagram, title: str) -> "Figure":
    """Planes of the last two axes at several values of the first."""
    first = diagram.lattice.axes[0]
    cells = diagram.lattice.cells[0]
    chosen = np.unique(np.linspace(0, cells, min(_SLICES, cells + 1)).round()) / cells
    figure = new_figure(4.0 * min(len(chosen), 3), 3.6 * ((len(chosen) + 2) // 3) + 0.6)
    panels = figure.subplots(
        (len(chosen) + 2) // 3, min(len(chosen), 3), squeeze=False, sharex=True, sharey=True
    ).ravel()
    for axes, position in zip(panels, chosen, strict=False):
        _plane(axes, diagram, (float(position),))
        axes.set_title(f"{_name(first)} {first.value(float(position)):.4g}", fontsize="small")
    for axes in panels[len(chosen) :]:
        axes.set_visible(False)
    figure.suptitle(title, fontsize="medium")
    _legend(figure, panels[0])
    return figure


def _in_plane(diagram: PhaseDiagram, values: Sequence[float], fixed: tuple[float, ...]) -> bool:
    return all(axis.value(p) == v for axis, p, v in zip(diagram.lattice.axes, fixed, values, strict=False))


def _legend(figure: "Figure", axes: "Axes", regimes: bool = True) -> None:
    from matplotlib.patches import Patch

    entries = {text: handle for handle, text in zip(*axes.get_legend_handles_labels(), strict=True)}
    patches = (
        {r.value: Patch(facecolor=c, edgecolor=GREY, linewidth=0.4) for r, c in COLOURS.items()} if regimes else {}
    )
    both = {**patches, **entries}
    figure.legend(list(both.values()), list(both), loc="outside lower center", ncols=3, frameon=False, fontsize="small")


def _name(axis: Axis) -> str:
    unit = axis.unit.replace("ohm", "\N{GREEK CAPITAL LETTER OMEGA}")
    return NAMES.get(axis.name, axis.name) + (f" ({unit})" if unit else "")


def _measured_on(axis: Axis, value: float, error: float) -> str:
    return f"{measured(value, error)} {axis.unit}".rstrip()


def measured(value: float, error: float) -> str:
    """A number to the digits that its uncertainty leaves."""
    if not error > 0:
        return f"{value:.4g}"
    digits = max(0, 1 - int(np.floor(np.log10(error))))
    return f"{value:.{digits}f} \N{PLUS-MINUS SIGN} {error:.{digits}f}"
