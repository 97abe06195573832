"""Panels 2G-2K: the current-voltage loop of each device, from a slow voltage sweep."""

from collections.abc import Mapping
from functools import partial

from neurokit.device.vo2x import DEVICES, MEASURED_THRESHOLDS, device_label
from neurokit.report.iv_loops import iv_loops, static_branches
from neurokit.report.paper.anchors import LOOK, agrees, renewed_legend, threshold_text
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices
from neurokit.report.paper.slow_sweep import Loop, highest_voltage, loop_of, preset_sweeps, sweep_of


def iv_loop_panel(number: int) -> Panel:
    """The panel of one preset device."""
    return Panel(
        title=f"I-V loop of {device_label(number)}",
        statement=_statement(number),
        make=partial(_make, number),
        needs=preset_sweeps,
        note=""
        if number in MEASURED_THRESHOLDS
        else "Thresholds of Devices 2 to 4 are interpolation, not the paper's.",
    )


def verdict(number: int, loops: Mapping[int, Loop]) -> bool:
    """Of a published device: its threshold; of the others: threshold and hysteresis between those of the neighbours."""
    own = loops[number]
    if number in MEASURED_THRESHOLDS:
        return agrees(own.v_threshold, MEASURED_THRESHOLDS[number]) and own.hysteresis > 0
    before, after = loops[number - 1], loops[number + 1]
    falls = before.v_threshold > own.v_threshold > after.v_threshold
    return falls and before.hysteresis > own.hysteresis > after.hysteresis


def _statement(number: int) -> str:
    if number in MEASURED_THRESHOLDS:
        return f"The text says: V_th of Device {number} is about {MEASURED_THRESHOLDS[number]:g} V."
    first, last = (f"{MEASURED_THRESHOLDS[n]:g} V (Device {n})" for n in sorted(MEASURED_THRESHOLDS))
    return f"The text says: V_th falls from about {first} to {last}, and the voltage hysteresis shrinks too."


def _make(number: int, workshop: Workshop) -> Made:
    outcomes = workshop.simulate(preset_sweeps())
    loops = {n: loop_of(outcome) for n, outcome in outcomes.items()}
    device, name = DEVICES[number], device_label(number)
    figure = iv_loops({name: static_branches(device, highest_voltage(device))}, {name: [sweep_of(outcomes[number])]})
    figure.set_size_inches(6.0, 5.0)
    if number in MEASURED_THRESHOLDS:
        figure.axes[0].axvline(MEASURED_THRESHOLDS[number], **LOOK, label=threshold_text(number))
    renewed_legend(figure, figure.axes, columns=2)
    compared = (number,) if number in MEASURED_THRESHOLDS else (number - 1, number, number + 1)
    return Made(
        figure=figure,
        holds=verdict(number, loops),
        finding=_finding(number, loops),
        outcomes=tuple(outcomes[n] for n in compared),
        parameters=known_devices({device_label(n): DEVICES[n] for n in compared}),
    )


def _finding(number: int, loops: Mapping[int, Loop]) -> str:
    own = loops[number]
    found = f"V_th {own.v_threshold:.2f} V, V_hold {own.v_hold:.2f} V, hysteresis {own.hysteresis:.2f} V"
    if number in MEASURED_THRESHOLDS:
        deviation = own.v_threshold / MEASURED_THRESHOLDS[number] - 1
        return f"{found}; V_th is {100 * deviation:+.1f} % off the text's {MEASURED_THRESHOLDS[number]:g} V."
    before, after = loops[number - 1], loops[number + 1]
    return (
        f"{found}; the neighbours have V_th {before.v_threshold:.2f} and {after.v_threshold:.2f} V, "
        f"hysteresis {before.hysteresis:.2f} and {after.hysteresis:.2f} V."
    )
