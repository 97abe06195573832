"""Panels 3K and 3L: frequency against input voltage and against power, Devices 1 to 5."""

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from neurokit.circuits import NEURON
from neurokit.device.vo2x import DEVICES, device_label
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices
from neurokit.report.style import label, legend_below, new_figure, ordered_colours
from neurokit.simulation.engine import simulate
from neurokit.spikes.transfer import TransferCurve
from neurokit.spikes.transfer_compare import matched, same_frequency
from neurokit.spikes.transfer_measure import transfer_curve

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RISES = 0.5  # of the oscillating range: "frequency rises with V_in" if it does so over more than that; assumed
COMPARED = (1, 2, 3, 4)  # the devices of which the text speaks

NOTE = (
    "The text does not give R_s and C of each device. Each has R_s in the ratio to its triple point that Device 1 has "
    "at 3 kΩ, and C for the top frequency that Device 1 has at 1.8 nF."
)


def frequency_panel() -> Panel:
    """Panel 3K."""
    return Panel(
        title="Frequency against input voltage",
        statement="The text says: frequency rises with V_in; from Device 1 to 4 the same frequency range at much lower "
        "voltage.",
        make=_make_frequency,
        note=NOTE,
    )


def power_panel() -> Panel:
    """Panel 3L."""
    return Panel(
        title="Frequency against power",
        statement="The text says: from Device 1 to 4 the same frequency range at much lower power.",
        make=_make_power,
        note=NOTE,
    )


def voltage_verdict(curves: Mapping[int, TransferCurve]) -> bool:
    """Frequency rises over most of each range, and each device needs less voltage for the same frequency."""
    rising = all((curves[n].rising_share or 0.0) > RISES for n in COMPARED)
    return rising and all(pair.voltage_ratio < 1 for pair in _pairs(curves))


def power_verdict(curves: Mapping[int, TransferCurve]) -> bool:
    """Each device needs less power than the one before for the same frequency."""
    return all(pair.power_ratio < 1 for pair in _pairs(curves))


def _make_frequency(workshop: Workshop) -> Made:
    curves = _curves(workshop)
    ranges = [f"Device {n} {_span(c, 'rates', 1e-3)} kHz at {_volts(c)} V" for n, c in curves.items() if c.oscillating]
    ratios = ", ".join(f"{pair.voltage_ratio:.2f}" for pair in _pairs(curves))
    rising = min(curves[n].rising_share or 0.0 for n in COMPARED)
    return _made(
        _figure(curves, against_power=False),
        voltage_verdict(curves),
        f"{'; '.join(ranges)}. At the same frequency each device takes {ratios} times the voltage of the one before; "
        f"frequency rises over {100 * rising:.0f} % of the range or more, and falls before the neuron latches.",
        curves,
    )


def _make_power(workshop: Workshop) -> Made:
    curves = _curves(workshop)
    ranges = [f"Device {n} {_span(c, 'powers', 1e3)} mW" for n, c in curves.items() if c.oscillating]
    ratios = ", ".join(f"{pair.power_ratio:.2f}" for pair in _pairs(curves))
    return _made(
        _figure(curves, against_power=True),
        power_verdict(curves),
        f"{'; '.join(ranges)}. At the same frequency each device takes {ratios} times the power of the one before.",
        curves,
    )


def _curves(workshop: Workshop) -> dict[int, TransferCurve]:
    by = workshop.cache.simulate if workshop.cache else simulate
    neurons = {number: matched(NEURON, device) for number, device in DEVICES.items()}
    return {
        number: transfer_curve(neuron, label=device_label(number), jobs=workshop.jobs, simulate=by)
        for number, neuron in neurons.items()
    }


def _pairs(curves: Mapping[int, TransferCurve]) -> list[Any]:
    return [same_frequency(curves[b], curves[a]) for a, b in pairwise(COMPARED)]


def _span(curve: TransferCurve, what: str, scale: float) -> str:
    values = scale * getattr(curve, what)[curve.rates > 0]
    return f"{values.min():.0f} to {values.max():.0f}"


def _volts(curve: TransferCurve) -> str:
    drives = curve.drives[curve.rates > 0]
    return f"{drives.min():.1f} to {drives.max():.1f}"


def _figure(curves: Mapping[int, TransferCurve], against_power: bool) -> "Figure":
    figure = new_figure(6.6, 5.0)
    axes = figure.subplots()
    for colour, (number, curve) in zip(ordered_colours(len(curves)), curves.items(), strict=True):
        run = curve.oscillating
        if run is None:
            axes.plot([], [], color=colour, label=f"{device_label(number)}: does not oscillate")
            continue
        v = run.between()
        x = 1e3 * run.power(v) if against_power else v
        at = np.array([1e3 * p.power if against_power else p.v_in for p in run.points])
        axes.plot(x, 1e-3 * run.frequency(v), color=colour, label=device_label(number))
        axes.plot(at, [1e-3 * p.frequency for p in run.points], "o", color=colour, markersize=3.5)
    label(axes, "mean power (mW)" if against_power else "input voltage (V)", "frequency (kHz)")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    legend_below(figure, [axes], columns=2)
    return figure


def _made(figure: "Figure", holds: bool, finding: str, curves: Mapping[int, TransferCurve]) -> Made:
    return Made(
        figure=figure,
        holds=holds,
        finding=finding,
        parameters=known_devices({device_label(number): DEVICES[number] for number in curves}),
        sources={
            "engine": "ngspice",
            "curves": {curve.provenance["label"]: dict(curve.provenance) for curve in curves.values()},
        },
    )
