"""Figure: current against voltage of each device, both static branches, with a simulated slow sweep over them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from neurokit.device.closed_form import StaticCurve, static_curve
from neurokit.device.vo2x import Vo2x, device_coefficients
from neurokit.report.style import BLACK, BLUE, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Branches = tuple[StaticCurve, StaticCurve]  # heating, cooling
Sweep = tuple[NDArray[np.float64], NDArray[np.float64]]  # V, A

_TRANSITION_END = 80.0  # K above ambient: beyond it both branches are metallic and smooth
_POINTS = 1600


def static_branches(device: Vo2x, v_max: float) -> Branches:
    """Heating and cooling branch up to v_max in the metallic state: the curves that this figure draws."""
    c = device_coefficients(device)
    theta_end = max(v_max**2 * c.g_metal / c.s_loss, 2 * _TRANSITION_END)
    theta = np.concatenate(
        [np.linspace(0.05, _TRANSITION_END, _POINTS), np.linspace(_TRANSITION_END, theta_end, _POINTS // 8)[1:]]
    )
    heating, cooling = (static_curve(device, which, theta) for which in ("heating", "cooling"))
    return _up_to(heating, v_max), _up_to(cooling, v_max)


def iv_loops(curves: Mapping[str, Branches], sweeps: Mapping[str, Sequence[Sweep]] | None = None) -> "Figure":
    """One panel a device, by label; `sweeps` are (voltage, current) pairs under the same labels."""
    from matplotlib.ticker import LogLocator

    columns = min(len(curves), 3)
    rows = -(-len(curves) // columns)
    figure = new_figure(1.5 + 3.2 * columns, 1.2 + 2.7 * rows)
    panels = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for axes, (name, branches) in zip(panels, curves.items(), strict=False):
        heating, cooling = branches
        axes.plot(heating.v, 1e3 * heating.i, color=VERMILLION, label="closed form, heating branch")
        axes.plot(cooling.v, 1e3 * cooling.i, color=BLUE, label="closed form, cooling branch")
        for v, i in (sweeps or {}).get(name, ()):
            axes.plot(v, 1e3 * i, "--", color=BLACK, linewidth=1.0, label="ngspice, slow voltage sweep")
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("")
        axes.set_ylim(bottom=1e3 * _current_at(heating, 0.12 * heating.v.max()))
        label(axes, "voltage (V)", "current (mA)", name)
        axes.set_xlim(left=0)
    for axes in panels[len(curves) :]:
        axes.set_visible(False)
    legend_below(figure, panels[: len(curves)], columns=1 if columns == 1 else 3)
    return figure


def _up_to(curve: StaticCurve, v_max: float) -> StaticCurve:
    kept = curve.v <= v_max
    return StaticCurve(theta=curve.theta[kept], v=curve.v[kept], i=curve.i[kept], u=curve.u[kept])


def _current_at(curve: StaticCurve, v: float) -> float:
    return float(curve.i[int(np.argmax(curve.v >= v))])
