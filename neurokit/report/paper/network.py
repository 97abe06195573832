"""Panels 3I and 3J: the 2x2 network, its membranes and its spikes."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from neurokit.circuits import NEURON
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.network import network_netlist
from neurokit.circuits.wish import wished_network
from neurokit.device.vo2x import device_label
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices
from neurokit.report.style import label, new_figure, ordered_colours
from neurokit.spikes.train import SpikeTrain, spike_train

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from neurokit.simulation import Waveforms

    Draw = Callable[[Waveforms, Mapping["Neuron", SpikeTrain], Mapping["Neuron", float]], Figure]

T_STOP = 400e-6  # s
SETTLED = 100e-6  # s, some time constants of the synapses
EQUAL = 0.01  # relative difference of two rates that count as equal; assumed

Neuron = tuple[int, int]  # layer, place in it
NEURONS: tuple[Neuron, ...] = ((1, 1), (1, 2), (2, 1), (2, 2))

NU = "\N{GREEK SMALL LETTER NU}"

STATEMENT = (
    "The text says: in a 2x2 network, each synapse two inverting adders in series, the rates are "
    f"{NU}(2,1) > {NU}(1,1) = {NU}(1,2) > {NU}(2,2)."
)
NOTE = (
    "Device 1 at 3 kΩ and 1.8 nF; the op-amps and the weights are ours, chosen from the wish "
    "'(2,1) excited, (2,2) inhibited'."
)


def network_membranes_panel() -> Panel:
    """Panel 3I."""
    return Panel("2x2 network: membranes", STATEMENT, lambda workshop: _made(workshop, _membranes), _needs, NOTE)


def network_raster_panel() -> Panel:
    """Panel 3J."""
    return Panel("2x2 network: spikes", STATEMENT, lambda workshop: _made(workshop, _raster), _needs, NOTE)


def order_verdict(rates: Mapping[Neuron, float]) -> bool:
    """The order of rates that the text gives, the two of the first layer equal."""
    first = rates[1, 1], rates[1, 2]
    equal = abs(first[0] - first[1]) <= EQUAL * max(first)
    return equal and rates[2, 1] > max(first) and min(first) > rates[2, 2]


def _needs(_: int) -> dict[str, Netlist]:
    return {"network": network_netlist(wished_network(NEURON), T_STOP)}


def _made(workshop: Workshop, draw: "Draw") -> Made:
    outcome = workshop.simulate(_needs(0))["network"]
    trains = _trains(outcome.waveforms)
    rates = {neuron: train.frequency()[0] for neuron, train in trains.items()}
    order = sorted(NEURONS, key=lambda neuron: -rates[neuron])
    words = ", ".join(f"{NU}({a},{b}) = {1e-3 * rates[a, b]:.1f} kHz" for a, b in order)
    return Made(
        figure=draw(outcome.waveforms, trains, rates),
        holds=order_verdict(rates),
        finding=f"{words}, after the first {1e6 * SETTLED:.0f} µs.",
        outcomes=(outcome,),
        parameters=known_devices({device_label(1): NEURON.device}),
    )


def _trains(waves: "Waveforms") -> dict[Neuron, SpikeTrain]:
    return {
        (a, b): spike_train(waves.time, waves[f"v(spk_{a}_{b})"], window=(SETTLED, float(waves.time[-1])))
        for a, b in NEURONS
    }


def _membranes(waves: "Waveforms", trains: Mapping[Neuron, SpikeTrain], rates: Mapping[Neuron, float]) -> "Figure":
    figure = new_figure(7.5, 6.4)
    panels = figure.subplots(len(NEURONS), 1, sharex=True, sharey=True)
    for axes, colour, (a, b) in zip(panels, ordered_colours(len(NEURONS)), NEURONS, strict=True):
        axes.plot(1e6 * waves.time, waves[f"v(osc_{a}_{b})"], color=colour, linewidth=1.0)
        label(axes, "", "membrane (V)")
        axes.set_title(f"neuron ({a},{b}): {1e-3 * rates[a, b]:.1f} kHz", loc="left", fontsize="medium")
    panels[-1].set_xlabel("time (µs)")
    return figure


def _raster(waves: "Waveforms", trains: Mapping[Neuron, SpikeTrain], rates: Mapping[Neuron, float]) -> "Figure":
    figure = new_figure(7.5, 3.4)
    axes = figure.subplots()
    rows = [1e6 * trains[neuron].times for neuron in NEURONS]
    axes.eventplot(rows, colors=ordered_colours(len(NEURONS)), linelengths=0.7, linewidths=1.2)
    axes.set_yticks(range(len(NEURONS)), [f"({a},{b})\n{1e-3 * rates[a, b]:.1f} kHz" for a, b in NEURONS])
    axes.invert_yaxis()
    label(axes, "time (µs)", "neuron (layer, number)")
    axes.set_xlim(1e6 * SETTLED, 1e6 * float(waves.time[-1]))
    return figure
