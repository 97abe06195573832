"""Figure: transfer curves of several neurons (after figures 3K and 3L of Li et al., arXiv 2405.00700).

Frequency against supply voltage and against mean power; below, power and energy per spike against supply voltage.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from neurokit.report.style import label, legend_below, new_figure, ordered_colours
from neurokit.spikes.transfer import Run, TransferCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # for eyes that do not tell the colours apart


def transfer_curves(curves: Mapping[str, TransferCurve], title: str = "") -> "Figure":
    """Curves by label: points with their errors and what is interpolated between them; without powers one panel."""
    powered = any(np.isfinite(curve.powers).any() for curve in curves.values())
    figure = new_figure(10.0, 7.6) if powered else new_figure(6.4, 4.8)
    panels = figure.subplots(2, 2).ravel().tolist() if powered else [figure.subplots()]
    colours = ordered_colours(len(curves))
    for k, (colour, (name, curve)) in enumerate(zip(colours, curves.items(), strict=True)):
        style = {"color": colour, "marker": MARKERS[k % len(MARKERS)], "label": name}
        _frequency(panels[0], curve, style)
        if powered:
            _frequency_over_power(panels[1], curve, style)
            _power(panels[2], curve, style)
            _energy(panels[3], curve, style)
    label(panels[0], "supply voltage (V)", "frequency (kHz)", "K: frequency against voltage" if powered else title)
    if powered:
        label(panels[1], "mean power (mW)", "frequency (kHz)", "L: frequency against power")
        label(panels[2], "supply voltage (V)", "mean power (mW)", "power in all three regimes")
        label(panels[3], "supply voltage (V)", "energy per spike (\N{GREEK SMALL LETTER MU}J)", "energy of the supply")
        figure.suptitle(title, fontsize="medium")
        panels[1].set_xlim(left=0)
        panels[2].set_yscale("log")
        panels[2].yaxis.set_major_formatter("{x:g}")
        panels[3].set_ylim(bottom=0)
    panels[0].set_ylim(bottom=0)
    legend_below(figure, panels, columns=3)
    return figure


def _frequency(axes: "Axes", curve: TransferCurve, style: Mapping[str, Any]) -> None:
    """The curve over all regimes, with its jumps; a band of one error, which is narrow but at the boundaries."""
    if not curve.runs:
        return
    parts = [(v, run) for run in curve.runs for v in [_to_boundaries(run)]]
    v = np.concatenate([v for v, _ in parts])
    f = np.concatenate([run.frequency(v) for v, run in parts])
    axes.plot(v, 1e-3 * f, **_line(style))
    for run in _oscillating(curve):
        at = run.between()
        error = curve.frequency_error(at)
        low, high = (1e-3 * (run.frequency(at) + sign * error)[1:-1] for sign in (-1, 1))
        axes.fill_between(at[1:-1], low, high, color=style["color"], alpha=0.25, linewidth=0)
        points = [(point.v_in, point.frequency, point.frequency_error) for point in run.points]
        at, rate, error = np.array(points).T
        axes.errorbar(at, 1e-3 * rate, 1e-3 * error, **_points(style))
    for boundary in curve.boundaries:
        axes.errorbar([boundary.v_in], [0.0], xerr=[boundary.error], **_points(style))


def _frequency_over_power(axes: "Axes", curve: TransferCurve, style: Mapping[str, Any]) -> None:
    for run in _oscillating(curve):
        v = run.between()
        axes.plot(1e3 * run.power(v), 1e-3 * run.frequency(v), **_line(style))
        points = [(point.power, point.frequency, point.frequency_error) for point in run.points]
        power, rate, error = np.array(points).T
        axes.errorbar(1e3 * power, 1e-3 * rate, 1e-3 * error, **_points(style))


def _power(axes: "Axes", curve: TransferCurve, style: Mapping[str, Any]) -> None:
    for run in curve.runs:
        v = _to_boundaries(run)
        axes.plot(v, 1e3 * run.power(v), **_line(style))
    axes.plot(curve.drives, 1e3 * curve.powers, **_points(style))


def _energy(axes: "Axes", curve: TransferCurve, style: Mapping[str, Any]) -> None:
    for run in _oscillating(curve):
        v = run.between()
        axes.plot(v, 1e6 * run.power(v) / run.frequency(v), **_line(style))
        points = [(point.v_in, point.energy_per_spike) for point in run.points]
        at, energy = np.array(points).T
        axes.plot(at, 1e6 * energy, **_points(style))


def _oscillating(curve: TransferCurve) -> Iterator[Run]:
    return (run for run in curve.runs if run.frequency([run.points[0].v_in])[0] > 0)


def _to_boundaries(run: Run) -> Floats:
    ends = [[boundary.v_in] if boundary else [] for boundary in (run.lower, run.upper)]
    return np.concatenate([ends[0], run.between(), ends[1]])


def _line(style: Mapping[str, Any]) -> dict[str, Any]:
    return {"color": style["color"], "linewidth": 1.2, "label": "_"}


def _points(style: Mapping[str, Any]) -> dict[str, Any]:
    return dict(style) | {"linestyle": "none", "markersize": 4.0}
