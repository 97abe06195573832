"""Figure: how a search came to a design, and the trade-off between two wishes where they conflict."""

from typing import TYPE_CHECKING

import numpy as np

from neurokit.design import QUANTITIES, DesignResult
from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SILENT = 1.6  # on the largest finite miss: where designs that do not oscillate are drawn
_LEAST = 1e-3  # of a wish, the smallest miss that is drawn: the simulations err by some 3e-4
_ROOM = 1.6  # around the path, so that one of 1, 2 and 5 is always in sight
_SCALES = {"Hz": (1e-3, "kHz"), "J": (1e9, "nJ"), "V": (1.0, "V")}


def design_search(result: DesignResult) -> "Figure":
    """The worst miss of each simulated design, where the search went, and the front where there is one."""
    figure = new_figure(13.5 if result.traded else 9.2, 4.6)
    panels = figure.subplots(1, 3 if result.traded else 2).tolist()
    _misses(panels[0], result)
    _path(panels[1], result)
    if result.traded:
        _front(panels[2], result, result.traded)
    figure.suptitle(_title(result), fontsize="medium")
    legend_below(figure, panels, columns=4)
    return figure


def _misses(axes: "Axes", result: DesignResult) -> None:
    runs = np.array([step.runs for step in result.path])
    miss = np.array([step.worst_miss for step in result.path]) * result.tolerance
    silent = ~np.isfinite(miss)
    ceiling = _SILENT * float(np.max(miss[~silent], initial=10 * result.tolerance))
    shown = np.where(silent, ceiling, np.maximum(miss, _LEAST))
    axes.plot(runs[~silent], 100 * shown[~silent], "o", color=BLUE, markersize=4, label="simulated design")
    axes.plot(runs[silent], 100 * shown[silent], "x", color=GREY, label="does not oscillate")
    best = np.minimum.accumulate(shown)
    axes.step(runs, 100 * best, where="post", color=BLUE, linewidth=1.0, label="best so far")
    axes.axhline(100 * result.tolerance, color=BLACK, linestyle="--", linewidth=1.0, label="tolerance")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlim(0, runs[-1] + 1)
    label(axes, "simulations", "worst miss of all wishes (%)", "misses")


def _path(axes: "Axes", result: DesignResult) -> None:
    """Series resistance and capacitance of the designs, in their order."""
    from matplotlib.ticker import LogLocator

    r = np.array([step.design.r_series for step in result.path])
    c = np.array([step.design.capacitance for step in result.path])
    silent = ~np.isfinite([step.worst_miss for step in result.path])
    axes.plot(1e-3 * r, 1e9 * c, color=GREY, linewidth=0.7)
    axes.plot(1e-3 * r[~silent], 1e9 * c[~silent], "o", color=BLUE, markersize=4, label="simulated design")
    axes.plot(1e-3 * r[silent], 1e9 * c[silent], "x", color=GREY, label="does not oscillate")
    answer = result.design
    axes.plot(1e-3 * answer.r_series, 1e9 * answer.capacitance, "*", color=VERMILLION, markersize=13, label="answer")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(1e-3 * r.min() / _ROOM, 1e-3 * r.max() * _ROOM)
    axes.set_ylim(1e9 * c.min() / _ROOM, 1e9 * c.max() * _ROOM)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter("")
    label(axes, "series resistance (k\N{GREEK CAPITAL LETTER OMEGA})", "capacitance (nF)", "path of the search")


def _front(axes: "Axes", result: DesignResult, traded: tuple[str, str]) -> None:
    """Both traded quantities, the wish among them, of designs that meet all other wishes."""
    scaled = {}
    for name in traded:
        scale, unit = _SCALES[QUANTITIES[name]["unit"]]
        scaled[name] = scale, f"{name.replace('_', ' ')} ({unit})"
    (x_scale, x_label), (y_scale, y_label) = (scaled[name] for name in traded)
    at = np.array([[step.values[name] for name in traded] for step in result.front])
    axes.plot(x_scale * at[:, 0], y_scale * at[:, 1], "o-", color=BLUE, markersize=4, linewidth=1.0, label="front")
    wished = {item.name: item.wished for item in result.reached}
    first, second = (wished[name] for name in traded)
    axes.errorbar(
        x_scale * first,
        y_scale * second,
        xerr=x_scale * first * result.tolerance,
        yerr=y_scale * second * result.tolerance,
        fmt="D",
        color=BLACK,
        capsize=3,
        label="wished, with its tolerance",
    )
    chosen = {item.name: item.value for item in result.reached}
    axes.plot(x_scale * chosen[traded[0]], y_scale * chosen[traded[1]], "*", color=VERMILLION, markersize=13)
    label(axes, x_label, y_label, "trade-off, all other wishes met")


def _title(result: DesignResult) -> str:
    design = result.design
    made_of = f"x = {design.x:.4f}, R_s = {1e-3 * design.r_series:.3g} k\N{GREEK CAPITAL LETTER OMEGA}, "
    made_of += f"C = {1e9 * design.capacitance:.3g} nF, v_in = {design.v_in:.4g} V"
    engine = result.provenance["engine"]
    return f"Wishes {result.verdict} after {result.runs} simulations by {engine}: {made_of}"
