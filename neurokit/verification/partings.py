"""Why a neuron of the circuit does not spike as often as that of the spiking network."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RATE_TOLERANCE = 0.02  # of full scale: rates further apart are no matter of when the window ends
LATCHED_AFTER = 3.0  # of its mean intervals that a neuron has been silent at the end while its model went on
NEAR_RAIL = 0.95  # of the supply: an amplifier that should give more no longer gives what is asked of it


class Parting(Enum):
    """The first of these that holds."""

    SAME = "same number of spikes"
    LATCHED = "latched or stopped: silent at the end while the network fires"
    RAIL = "rail: the drive comes near the supply or below 0"
    START = "start-up: the first spike comes at another time, then the rates agree"
    PHASE = "phase: one spike falls on the other side of the window's end"
    RATE = "rate: another rate all along"


@dataclass(frozen=True)
class Pair:
    """One neuron in the circuit and in the spiking network."""

    circuit: Floats  # s, its spikes
    network: Floats  # s
    v_wished: float  # V, settled drive that the network's sum stands for, before any limit
    rate_difference: float  # of full scale, circuit less network


def parting(pair: Pair, window: float, v_rail: float) -> Parting:
    """Why their numbers of spikes differ."""
    difference = len(pair.circuit) - len(pair.network)
    if difference == 0:
        return Parting.SAME
    if _stopped(pair.circuit, pair.network, window):
        return Parting.LATCHED
    if not 0 <= pair.v_wished <= NEAR_RAIL * v_rail:
        return Parting.RAIL
    together = len(pair.circuit) > 0 and len(pair.network) > 0
    if together and abs(pair.rate_difference) <= RATE_TOLERANCE:
        late = pair.circuit[0] - pair.network[0]
        lost = late / _interval(pair.network, window)
        return Parting.START if abs(lost) >= 0.5 and abs(difference + lost) <= 1 else Parting.PHASE
    return Parting.PHASE if abs(difference) == 1 and min(len(pair.circuit), len(pair.network)) <= 1 else Parting.RATE


def _stopped(circuit: Floats, network: Floats, window: float) -> bool:
    if len(circuit) == 0 or len(network) == 0:
        return False
    return bool(network[-1] - circuit[-1] > LATCHED_AFTER * _interval(network, window))


def _interval(times: Floats, window: float) -> float:
    return float(np.diff(times).mean()) if len(times) > 1 else window
