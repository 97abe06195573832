"""Panel 2L: switching voltages and hysteresis of the five devices against their oxygen deficiency."""

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from neurokit.device.closed_form import thresholds
from neurokit.device.vo2x import DEVICES, MEASURED_THRESHOLDS, Vo2x, device_label
from neurokit.report.paper.anchors import agrees, renewed_legend
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices
from neurokit.report.paper.slow_sweep import Loop, loop_of, preset_sweeps
from neurokit.report.style import GREY
from neurokit.report.thresholds_vs_x import thresholds_vs_x

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CURVE_POINTS = 60


def thresholds_panel() -> Panel:
    """The panel of all five devices."""
    first, last = (f"{volts:g} V" for _, volts in sorted(MEASURED_THRESHOLDS.items()))
    return Panel(
        title="V_th, V_hold and hysteresis against oxygen deficiency",
        statement=f"The text says: from Device 1 to 5, with increasing deficiency, V_th falls from about {first} to "
        f"{last}, and the voltage hysteresis shrinks too.",
        make=_make,
        needs=preset_sweeps,
        note="The scale of x is an assumption, and Devices 2 to 4 are interpolation: the text gives neither.",
    )


def verdict(loops: Mapping[int, Loop]) -> bool:
    """Published thresholds met; threshold and hysteresis smaller from each device to the next."""
    met = all(agrees(loops[n].v_threshold, volts) for n, volts in MEASURED_THRESHOLDS.items())
    in_order = [loops[n] for n in sorted(loops)]
    return met and all(a.v_threshold > b.v_threshold and a.hysteresis > b.hysteresis for a, b in pairwise(in_order))


def _make(workshop: Workshop) -> Made:
    outcomes = workshop.simulate(preset_sweeps())
    loops = {n: loop_of(outcome) for n, outcome in outcomes.items()}
    volts = ", ".join(f"{loop.v_threshold:.2f}" for loop in loops.values())
    widths = ", ".join(f"{loop.hysteresis:.2f}" for loop in loops.values())
    return Made(
        figure=_figure(loops),
        holds=verdict(loops),
        finding=f"Devices 1 to 5: V_th {volts} V; hysteresis {widths} V.",
        outcomes=tuple(outcomes.values()),
        parameters=known_devices({device_label(n): device for n, device in DEVICES.items()}),
    )


def _figure(loops: Mapping[int, Loop]) -> "Figure":
    x = [DEVICES[n].x for n in loops]
    curve = np.linspace(x[0], x[-1], _CURVE_POINTS)
    closed = [thresholds(Vo2x(x=float(value))) for value in curve]
    figure = thresholds_vs_x(
        curve,
        [t.v_threshold for t in closed],
        [t.v_hold for t in closed],
        (x, [loop.v_threshold for loop in loops.values()], [loop.v_hold for loop in loops.values()]),
        ([DEVICES[n].x for n in MEASURED_THRESHOLDS], list(MEASURED_THRESHOLDS.values())),
    )
    (axes,) = figure.axes
    axes.plot(curve, [t.v_threshold - t.v_hold for t in closed], "--", color=GREY, label="hysteresis, closed form")
    axes.plot(x, [loop.hysteresis for loop in loops.values()], "^", color=GREY, label="hysteresis, ngspice")
    top = axes.secondary_xaxis("top")
    top.set_xticks(x, [str(n) + ("" if n in MEASURED_THRESHOLDS else "*") for n in loops])
    top.set_xlabel("device (* interpolated)")
    figure.set_size_inches(6.4, 5.2)
    renewed_legend(figure, [axes], columns=3)
    return figure
