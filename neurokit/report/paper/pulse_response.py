"""Panels 2N-2R: the membrane of each device's neuron under one long square pulse."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from neurokit.circuits.drive import Pulse
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.neuron import NeuronCircuit, neuron_netlist
from neurokit.device.vo2x import DEVICES, MEASURED_THRESHOLDS, device_label
from neurokit.report.paper.anchors import LOOK, renewed_legend
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices
from neurokit.report.waveforms import neuron_waveforms
from neurokit.spikes.switching import AMPLITUDE_FLOOR, Oscillation, oscillation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from neurokit.simulation import Outcome

# The pulse and, in NeuronCircuit, 3 kohm and 1.8 nF: Li et al., arXiv 2405.00700.
PULSE = Pulse(12.5, width=100e-6, delay=10e-6)
T_STOP = 130e-6  # s

QUIET = 0.05  # of the amplitude of Device 1: less is "almost not"; assumed
CHANGED = 0.01  # relative: frequencies that differ by less are the same; assumed


def pulse_response_panel(number: int) -> Panel:
    """The panel of one preset device."""
    return Panel(
        title=f"Membrane of {device_label(number)} under a square pulse",
        statement="The text says: with 3 kΩ in series and 1.8 nF in parallel, under a square pulse of 12.5 V for 100 "
        "µs, Devices 1 to 4 oscillate with falling amplitude and changing frequency, Device 5 almost not.",
        make=partial(_make, number),
        needs=pulse_netlists,
        note=""
        if number in MEASURED_THRESHOLDS
        else "Devices 2 to 4 are interpolation: their numbers are not the paper's.",
    )


def pulse_netlists(_: int = 0) -> dict[int, Netlist]:
    """The neuron of each preset device, by number."""
    return {n: neuron_netlist(NeuronCircuit(device), PULSE, T_STOP) for n, device in DEVICES.items()}


def verdict(number: int, found: Mapping[int, Oscillation]) -> bool:
    """Device 5 is quiet; every other oscillates, less than the one before it and at another frequency."""
    own = found[number]
    if number == max(found):
        return own.amplitude <= QUIET * found[min(found)].amplitude
    oscillates = own.frequency > 0 and own.amplitude >= AMPLITUDE_FLOOR
    if number == min(found):
        return oscillates
    before = found[number - 1]
    changed = abs(own.frequency / before.frequency - 1) >= CHANGED if before.frequency else False
    return oscillates and own.amplitude < before.amplitude and changed


def _make(number: int, workshop: Workshop) -> Made:
    outcomes = workshop.simulate(pulse_netlists())
    found = {n: _within_pulse(outcome) for n, outcome in outcomes.items()}
    reference = min(found) if number == max(found) else number - 1
    compared = tuple(n for n in (reference, number) if n in found)
    circuit = {"r_series": NeuronCircuit().r_series, "capacitance": NeuronCircuit().capacitance}
    return Made(
        figure=_figure(number, outcomes[number]),
        holds=verdict(number, found),
        finding=_finding(number, found, compared),
        outcomes=tuple(outcomes[n] for n in compared),
        parameters=known_devices({device_label(n): DEVICES[n] for n in compared})
        | {"circuit": circuit, "drive": PULSE.source()},
    )


def _within_pulse(outcome: "Outcome") -> Oscillation:
    waves = outcome.waveforms
    during = (waves.time >= PULSE.delay) & (waves.time <= PULSE.delay + PULSE.width)
    return oscillation(waves.time[during], waves["v(osc)"][during])


def _figure(number: int, outcome: "Outcome") -> "Figure":
    waves = outcome.waveforms
    figure = neuron_waveforms({device_label(number): waves})
    (axes,) = figure.axes
    axes.lines[0].set_label("membrane v(osc), ngspice")
    axes.plot(1e6 * waves.time, waves["v(in)"], **LOOK, label="drive of the text: 12.5 V for 100 µs")
    axes.set_ylabel("voltage (V)")
    axes.set_ylim(-0.5, 1.08 * PULSE.v)
    figure.set_size_inches(7.5, 3.6)
    renewed_legend(figure, [axes], columns=2)
    return figure


def _finding(number: int, found: Mapping[int, Oscillation], compared: tuple[int, ...]) -> str:
    text = _in_words(found[number])
    others = [f"Device {n}: {_in_words(found[n])}" for n in compared if n != number]
    return "; ".join([f"Device {number}: {text}", *others]) + "."


def _in_words(found: Oscillation) -> str:
    if not found.frequency:
        return f"no oscillation once settled (amplitude {1e3 * found.amplitude:.1f} mV)"
    return f"{found.amplitude:.2f} V peak to peak at {1e-3 * found.frequency:.1f} kHz"
