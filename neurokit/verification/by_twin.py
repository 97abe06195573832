"""A trained network by the twin, layer by layer: the same equations of the device, adders in closed form.

A pulse of the former is a rectangle, as late as its edge detector and ramp make it; amplifiers have their closed
loop's gain and pole, and the second one its supply. Between the corners of the drive, where this is exact, the drive is
a straight line. Nothing of it is fitted to ngspice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.signal import lfilter

from neurokit.circuits.drive import Constant, Drive, Pwl
from neurokit.device.accuracy import thermal_time
from neurokit.errors import NeurokitError
from neurokit.simulation.twin import simulate_twin, spike_times
from neurokit.spikes.switching import rising_crossings
from neurokit.verification.board import Board, Greys
from neurokit.verification.cells import Cells

Floats = NDArray[np.float64]
FEWEST_STEPS = 100  # of the drives
LONGEST_STEP = 0.25e-6  # s: half of a pulse; halved, one neuron in some hundred has a spike more or less

Spikes = tuple[tuple[Floats, ...], ...]  # s, of every neuron by layer


@dataclass(frozen=True, eq=False)
class TwinBoard:
    """A board with what does not depend on the image."""

    board: Board
    time: Floats  # s, corners of drives
    delay: float  # s, from a spike to its pulse
    inputs: tuple[Floats, ...]  # s, when the pulses of an input neuron begin, by grey level
    pulses: Floats  # V, means of its pulses between the corners


def twin_board(board: Board) -> TwinBoard:
    time = np.linspace(0.0, board.window, max(FEWEST_STEPS, ceil(board.window / LONGEST_STEP)) + 1)
    delay = pulse_delay(board.cells, float(board.drives[-1]))
    inputs = _spikes(board, delay, [Constant(float(v)) for v in board.drives])
    return TwinBoard(board, time, delay, inputs, _pulses(board, time, inputs))


def spikes_by_twin(twin: TwinBoard, greys: Sequence[int] | Greys) -> Spikes:
    """When the pulses of every neuron begin, from power-on, when the network is shown this image."""
    shown = np.asarray(greys)
    layers = [tuple(twin.inputs[g] for g in shown)]
    heard = twin.pulses[shown]
    for k in range(len(twin.board.circuit.layers)):
        if k:
            heard = _pulses(twin.board, twin.time, layers[-1])
        layers.append(_spikes(twin.board, twin.delay, _drives(twin, k, heard)))
    return tuple(layers)


def _spikes(board: Board, delay: float, drives: Sequence[Drive]) -> tuple[Floats, ...]:
    found = spike_times([board.cells.neuron] * len(drives), drives, board.window)  # the metal fraction's rise
    if any(cause is not None for cause in found.cause):
        cause = next(filter(None, found.cause)).value
        raise NeurokitError(f"the twin could not follow a neuron of the network to the end of the window: {cause}")
    return tuple(times[times <= board.window - delay] + delay for times in found.spikes)


def pulse_delay(cells: Cells, drive: float) -> float:
    """How long after a spike, the metal fraction's rise, its pulse begins (s): the edge ends, then the ramp falls.

    Of the last spike of a few at this drive; it hangs little on the drive.
    """
    former, sample = cells.former, 1e-9
    neuron = cells.neuron
    t_stop = 6 * (neuron.r_series * neuron.capacitance + thermal_time(neuron.device))
    for _ in range(6):
        waves = simulate_twin(neuron, Constant(drive), t_stop, sample=sample).checked().waveforms
        spikes = rising_crossings(waves.time, waves["v(u)"], 0.5, 0.25)
        kept = exp(-sample / former.tau_edge)
        edge = lfilter([kept, -kept], [1.0, -kept], waves["v(spk)"])
        for spike in spikes[::-1]:
            rise = waves.time[(waves.time > spike) & (waves.time <= spike + former.width) & (edge > former.v_edge)]
            if len(rise) and waves.time[-1] > spike + former.width:
                return float(rise[-1] - spike) + former.lag
        t_stop *= 2
    raise NeurokitError(
        f"at {drive:.4g} V, the drive of a white pixel, the neuron does not spike, or its spikes rise too slowly for "
        "the pulse former: nothing would be heard of it"
    )


def _drives(twin: TwinBoard, layer: int, pulses: Floats) -> list[Drive]:
    """What the adders of a layer make of the pulses of the layer before."""
    circuit, time = twin.board.circuit, twin.time
    weights, biases = circuit.read_back(layer)
    first, second = circuit.closed_loops(layer)
    # by torch, which does it in as many threads as it was told to: NumPy's would wake all cores for each layer
    heard = torch.from_numpy(circuit.span / circuit.v_full * pulses)
    positive, negative = (
        (torch.from_numpy(part) @ heard).numpy() for part in (weights.clip(min=0.0), weights.clip(max=0.0))
    )
    positive *= first.gain[:, None]
    rest = circuit.onset + circuit.span * biases
    span = time[1] - time[0]
    kept_first, kept = np.exp(-span / first.tau), np.exp(-span / second.tau)
    share = 1 / (1 - second.tau / first.tau)  # of what the first pole still lacks, in the answer of the second
    given = np.zeros(len(weights))  # by the first adder; from power-on
    v = np.zeros((len(weights), len(time)))
    for step in range(len(time) - 1):
        settled = second.gain * (positive[:, step] + negative[:, step] + rest)
        lacking = second.gain * share * (given - positive[:, step])
        v[:, step + 1] = settled + (v[:, step] - settled - lacking) * kept + lacking * kept_first
        given = positive[:, step] + (given - positive[:, step]) * kept_first
    v = v.clip(0.0, circuit.opamp.v_rail)
    return [Pwl(tuple(zip(time.tolist(), row.tolist(), strict=True))) for row in v]


def _pulses(board: Board, time: Floats, begun: Sequence[Floats]) -> Floats:
    """The mean voltage between each two times of the pulses that begin then, by neuron."""
    former = board.cells.former
    area = np.zeros((len(begun), len(time)))
    for row, times in zip(area, begun, strict=True):
        if len(times):
            row[:] = ((time[:, None] - times) / former.width).clip(0.0, 1.0).sum(axis=1)
    found: Floats = former.pulse_area * np.diff(area, axis=1) / np.diff(time)
    return found
