"""A trained network by the twin, layer by layer: the same equations of the device, adders in closed form.

A pulse of the former is a rectangle; the second adder's low-pass answers it with exponentials, which are exact at the
corners of the drive and straight lines between them. Amplifiers are ideal here but for the supply of the second one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.drive import MAX_CORNERS, Constant, Drive, Pwl
from neurokit.simulation.twin import SpikeTimes, spike_times
from neurokit.verification.mapping import NetworkCircuit
from neurokit.verification.netlists import Cells

Floats = NDArray[np.float64]


def spikes_by_twin(
    circuit: NetworkCircuit, cells: Cells, drives: Sequence[float], t_stop: float
) -> tuple[tuple[Floats, ...], ...]:
    """The spikes (s) of every neuron by layer, from power-on; inputs of the same drive are simulated once."""
    levels, which = np.unique(np.asarray(drives, dtype=np.float64), return_inverse=True)
    alone = _spikes(cells, [Constant(float(v)) for v in levels], t_stop).spikes
    layers = [tuple(alone[k] for k in which)]
    for k in range(len(circuit.layers)):
        layers.append(_spikes(cells, _drives(circuit, cells, k, layers[-1], t_stop), t_stop).spikes)
    return tuple(layers)


def _spikes(cells: Cells, drives: Sequence[Drive], t_stop: float) -> SpikeTimes:
    return spike_times([cells.neuron] * len(drives), drives, t_stop)  # the metal fraction's rise, at every drive


def _drives(circuit: NetworkCircuit, cells: Cells, layer: int, spikes: Sequence[Floats], t_stop: float) -> list[Drive]:
    """What the adders of a layer make of the pulses of the layer before."""
    time = np.linspace(0.0, t_stop, MAX_CORNERS)
    weights, biases = circuit.read_back(layer)
    heard = weights @ np.array([_mean_pulses(cells, times, time) for times in spikes]) / circuit.v_full
    wished = circuit.onset + circuit.span * (heard + biases[:, None])
    kept = float(np.exp(-(time[1] - time[0]) / circuit.layers[layer].tau))
    v = np.zeros((len(weights), len(time)))  # from power-on
    for step in range(len(time) - 1):
        v[:, step + 1] = wished[:, step] + (v[:, step] - wished[:, step]) * kept
    v = v.clip(0.0, circuit.opamp.v_rail)
    return [Pwl(tuple(zip(time.tolist(), row.tolist(), strict=True))) for row in v]


def _mean_pulses(cells: Cells, spikes: Floats, time: Floats) -> Floats:
    """The mean voltage between each two times of the pulses that follow these spikes."""
    former = cells.former
    begun = (time[:, None] - spikes) / former.width
    area: Floats = former.pulse_area * begun.clip(0.0, 1.0).sum(axis=1)
    return np.diff(area) / np.diff(time)
