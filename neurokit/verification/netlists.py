"""A trained network in ngspice: whole, or layer by layer with the recorded pulses of the layer before.

Adders isolate layers: their inputs are virtual grounds, so what a layer does never reaches the layer before. So a
neuron with its adders can be simulated on its own, with all pulses that it hears as the current that they bring into
each adder and the conductance that stands there with them (Norton's theorem: exact for resistors into a node).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.library import embedded_library
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.opamp import single_supply_subcircuit, supplied_opamps
from neurokit.circuits.pulse import pulse_subcircuit
from neurokit.circuits.values import spice_value
from neurokit.device.accuracy import Accuracy
from neurokit.errors import OutOfRangeError
from neurokit.verification.cells import Cells
from neurokit.verification.mapping import NetworkCircuit, adder_tail, inverse, weight_elements, weight_sources
from neurokit.verification.recorded import bin_edges

Floats = NDArray[np.float64]

# What makes the weighted currents of a neuron: its resistors, or linear sources with the same matrix but for what
# resistors draw from pulses, which no pulse former feels. Half of the matrix is saved, and of the time of 922 neurons.
ADDERS = {"resistors": weight_elements, "sources": weight_sources}


def whole_netlist(
    circuit: NetworkCircuit, cells: Cells, drives: Sequence[float], t_stop: float, adder: str = "resistors"
) -> Netlist:
    """Every neuron and every synapse; probes are v(pulse_1_1), ... of all layers."""
    sizes = [len(drives), *(len(adders.supply) for adders in circuit.layers)]
    if circuit.layers[0].weights.shape[1] != len(drives):
        raise OutOfRangeError(f"{len(drives)} drives: the network has {circuit.layers[0].weights.shape[1]} inputs")
    if adder not in ADDERS:
        raise OutOfRangeError(f"adder {adder!r}: choose one of {', '.join(ADDERS)}")
    lines = [line for i, drive in enumerate(drives) for line in _input_elements(cells, f"_1_{i + 1}", drive)]
    for k in range(len(circuit.layers)):
        inputs = [f"pulse_{k + 1}_{i + 1}" for i in range(sizes[k])]
        for j in range(sizes[k + 1]):
            lines += [
                *ADDERS[adder](circuit, k, j, inputs),
                *adder_tail(circuit, k, j),
                *cells.elements(f"_{k + 2}_{j + 1}"),
            ]
    probes = tuple(f"v(pulse_{k + 1}_{i + 1})" for k, size in enumerate(sizes) for i in range(size))
    title = f"trained network of {' + '.join(map(str, sizes))} neurons"
    return _netlist(title, circuit, cells, cells.accuracy_heard, lines, probes, t_stop)


def input_netlist(circuit: NetworkCircuit, cells: Cells, drive: float, t_stop: float) -> Netlist:
    """One neuron of the input layer alone, neuron (1,1) whichever it is."""
    lines = _input_elements(cells, "_1_1", drive)
    return _netlist("neuron of the input layer", circuit, cells, cells.accuracy, lines, _probes("_1_1"), t_stop)


def neuron_netlist_of(
    circuit: NetworkCircuit, cells: Cells, layer: int, neuron: int, pulses: Floats, t_stop: float
) -> Netlist:
    """One neuron of a later layer (`layer` counts from 0 in the circuit) that hears recorded pulses (inputs, bins).

    The currents are `pwl` functions of time and no PWL sources, at each corner of which ngspice would begin anew with
    short steps: that takes 1.6 times as long.
    """
    at = f"_{layer + 2}_{neuron + 1}"
    weights = circuit.layers[layer].weights[neuron]
    edges = bin_edges(t_stop, cells.bin)
    middles = (edges[1:] + edges[:-1]) / 2
    lines = []
    for sign, node in ((1, f"first{at}"), (-1, f"second{at}")):
        conductances = np.where(np.sign(weights) == sign, np.abs(inverse(weights)), 0.0)
        if conductances.any():
            corners = _thinned(middles, conductances @ pulses)
            lines += [
                f"R_heard{at}_{node} {node} 0 {spice_value(1 / conductances.sum())}",
                f"B_heard{at}_{node} 0 {node} I=pwl(time",
                *(f"+ ,{spice_value(t)},{spice_value(i)}" for t, i in corners),
                "+ )",
            ]
    lines += [*adder_tail(circuit, layer, neuron), *cells.elements(at)]
    title = f"neuron ({layer + 2},{neuron + 1}) with recorded pulses"
    return _netlist(title, circuit, cells, cells.accuracy_heard, lines, _probes(at), t_stop)


def _input_elements(cells: Cells, at: str, drive: float) -> list[str]:
    return [f"V_in{at} in{at} 0 {spice_value(drive)}", *cells.elements(at)]


def _probes(at: str) -> tuple[str, ...]:
    """What `recorded` reads."""
    return (*(f"v({node}{at})" for node in ("pulse", "in", "osc", "spk")), f"i(v_in{at})")


def _netlist(
    title: str,
    circuit: NetworkCircuit,
    cells: Cells,
    accuracy: Accuracy,
    body: Sequence[str],
    probes: tuple[str, ...],
    t_stop: float,
) -> Netlist:
    step = spice_value(accuracy.step * cells.step)
    lines = [
        title,
        embedded_library(cells.neuron.device),
        *supplied_opamps(circuit.opamp),
        single_supply_subcircuit(circuit.opamp).rstrip(),
        pulse_subcircuit(cells.former).rstrip(),
        *body,
        "* without these options and the largest step (fourth number) rates are silently wrong",
        accuracy.options,
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
