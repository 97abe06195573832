"""A trained network in ngspice: whole, or layer by layer with the recorded pulses of the layer before.

Adders isolate layers: their inputs are virtual grounds, so what a layer does never reaches the layer before. So a
neuron with its adders can be simulated on its own, with all pulses that it hears as the current that they bring into
each adder and the conductance that stands there with them (Norton's theorem: exact for resistors into a node).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.library import embedded_library
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.neuron import NeuronCircuit, neuron_elements
from neurokit.circuits.opamp import single_supply_subcircuit, supplied_opamps
from neurokit.circuits.pulse import PulseFormer, pulse_subcircuit
from neurokit.circuits.values import spice_value
from neurokit.device.accuracy import OPTIONS, largest_step
from neurokit.errors import OutOfRangeError
from neurokit.simulation.outcome import Waveforms
from neurokit.spikes.switching import rising_crossings
from neurokit.verification.mapping import NetworkCircuit, adder_tail, inverse, weight_elements

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cells:
    """What every neuron of the network is: its circuit, and what makes pulses of its spikes."""

    neuron: NeuronCircuit
    former: PulseFormer = PulseFormer()  # noqa: RUF009 - frozen

    @property
    def step(self) -> float:
        """The largest time step, in s."""
        return largest_step(self.neuron.device, self.neuron.r_series, self.neuron.capacitance)

    def elements(self, at: str) -> list[str]:
        """A neuron from its drive `in` to its pulses `pulse`."""
        return [*neuron_elements(self.neuron, at), f"X_former{at} spk{at} pulse{at} pulse_former"]


def whole_netlist(circuit: NetworkCircuit, cells: Cells, drives: Sequence[float], t_stop: float) -> Netlist:
    """Every neuron and every synapse; probes are v(pulse_1_1), ... of all layers."""
    sizes = [len(drives), *(len(adders.supply) for adders in circuit.layers)]
    if circuit.layers[0].weights.shape[1] != len(drives):
        raise OutOfRangeError(f"{len(drives)} drives: the network has {circuit.layers[0].weights.shape[1]} inputs")
    lines = []
    for i, drive in enumerate(drives):
        at = f"_1_{i + 1}"
        lines += [f"V_in{at} in{at} 0 {spice_value(drive)}", *cells.elements(at)]
    for k in range(len(circuit.layers)):
        inputs = [f"pulse_{k + 1}_{i + 1}" for i in range(sizes[k])]
        for j in range(sizes[k + 1]):
            at = f"_{k + 2}_{j + 1}"
            lines += [
                *weight_elements(circuit, k, j, inputs),
                *adder_tail(circuit, k, j, f"in{at}"),
                *cells.elements(at),
            ]
    probes = tuple(f"v(pulse_{k + 1}_{i + 1})" for k, size in enumerate(sizes) for i in range(size))
    return _netlist(f"trained network of {' + '.join(map(str, sizes))} neurons", circuit, cells, lines, probes, t_stop)


def input_netlist(circuit: NetworkCircuit, cells: Cells, drive: float, t_stop: float) -> Netlist:
    """One neuron of the input layer alone."""
    lines = [f"V_in_1_1 in_1_1 0 {spice_value(drive)}", *cells.elements("_1_1")]
    return _netlist("neuron of the input layer", circuit, cells, lines, ("v(pulse_1_1)",), t_stop)


def neuron_netlist_of(
    circuit: NetworkCircuit, cells: Cells, layer: int, neuron: int, time: Floats, pulses: Floats, t_stop: float
) -> Netlist:
    """One neuron of a later layer (`layer` counts from 0 in the circuit) that hears recorded pulses (inputs, times)."""
    at = f"_{layer + 2}_{neuron + 1}"
    weights = circuit.layers[layer].weights[neuron]
    lines = []
    for sign, node in ((1, f"first{at}"), (-1, f"second{at}")):
        conductances = np.where(np.sign(weights) == sign, np.abs(inverse(weights)), 0.0)
        if conductances.any():
            corners = _thinned(time, conductances @ pulses)
            lines += [
                f"R_heard{at}_{node} {node} 0 {spice_value(1 / conductances.sum())}",
                f"I_heard{at}_{node} 0 {node} PWL(",
                *(f"+ {spice_value(t)} {spice_value(i)}" for t, i in corners),
                "+ )",
            ]
    lines += [*adder_tail(circuit, layer, neuron, f"in{at}"), *cells.elements(at)]
    title = f"neuron ({layer + 2},{neuron + 1}) with recorded pulses"
    return _netlist(title, circuit, cells, lines, (f"v(pulse{at})",), t_stop)


def pulse_times(waves: Waveforms, probe: str, former: PulseFormer) -> Floats:
    """When the pulses of a probe begin, in s."""
    return rising_crossings(waves.time, waves[probe], former.height / 2, former.height / 4)


def _netlist(
    title: str, circuit: NetworkCircuit, cells: Cells, body: Sequence[str], probes: tuple[str, ...], t_stop: float
) -> Netlist:
    step = spice_value(cells.step)
    lines = [
        title,
        embedded_library(),
        *supplied_opamps(circuit.opamp),
        single_supply_subcircuit(circuit.opamp).rstrip(),
        pulse_subcircuit(cells.former).rstrip(),
        *body,
        "* without these options and the largest step (fourth number) rates are silently wrong",
        OPTIONS,
        *(f".save {probe}" for probe in probes),
        f".tran {step} {spice_value(t_stop)} 0 {step} uic",
        ".end",
    ]
    return Netlist(title=title, text="\n".join(lines) + "\n", probes=probes, t_stop=t_stop)


def _thinned(time: Floats, values: Floats) -> list[tuple[float, float]]:
    """The corners of a waveform without those that lie on the line between their neighbours."""
    rise = np.diff(values) / np.diff(time)
    scale = np.abs(values).max() / (time[-1] - time[0])
    kept = np.concatenate([[True], np.abs(np.diff(rise)) > 1e-6 * scale, [True]])
    return [(float(t), float(v)) for t, v in zip(time[kept], values[kept], strict=True)]
