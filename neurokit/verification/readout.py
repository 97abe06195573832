"""What a network answers, read from the spikes of its output neurons."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rates(spikes: Sequence[Floats], window: float) -> Floats:
    """Spikes per second of each neuron between its first and its last, as `snn.network.spike_rate` counts them.

    A single spike is worth less than any two, whose rate is 1 / window or more, and more than none.
    """
    return np.array([_rate(times, window) for times in spikes])


def answer(outputs: Sequence[Floats], window: float) -> int | None:
    """The class of the fastest output, the first of those that tie; None where no output fires."""
    found = rates(outputs, window)
    return int(found.argmax()) if found.any() else None


def decided(outputs: Sequence[Floats], window: float) -> float | None:
    """When (s) the output spikes from which on all that has been seen gives the answer of the whole window."""
    times = np.sort(np.concatenate(list(outputs)))
    final, since = answer(outputs, window), None
    for t in times:
        if answer([spikes[spikes <= t] for spikes in outputs], window) != final:
            since = None
        elif since is None:
            since = float(t)
    return since


def _rate(times: Floats, window: float) -> float:
    if len(times) > 1:
        return float((len(times) - 1) / (times[-1] - times[0]))
    return 1e-3 * len(times) / window
