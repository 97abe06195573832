"""What an inference costs: the power that the curve gives each neuron at its drive, and what its adders draw for it.

A neuron of the input takes P(v) from its source. An adder hands P(v) on to its neuron from a supply at v_rail, so it
draws v_rail / v times as much, and as much current again as its feedback resistor takes; the first adder of the two
feeds two resistors, with a sum that is scaled to fit its supply. What a negative sum takes from the other supply, and
what the weights' resistors take from spikes, is small and not counted. What amplifiers draw at rest is a property of
their make, not of the curve: it is given as a current between +-v_rail, 0 unless said.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from neurokit.circuits.synapse import Synapse
from neurokit.errors import NeurokitError
from neurokit.snn.data import CLASSES
from neurokit.snn.network import Network
from neurokit.snn.training import AT_ONCE
from neurokit.spikes.transfer import TransferCurve

TABLE = 20_001  # drives between which power is a straight line


@dataclass(frozen=True, eq=False)
class Energy:
    """J for each image."""

    neurons: NDArray[np.float64]  # what the drives of all neurons give
    adders: NDArray[np.float64]  # what the adders take beside
    spikes: NDArray[np.float64]  # number of spikes

    @property
    def total(self) -> NDArray[np.float64]:
        return self.neurons + self.adders

    def by_class(self, labels: Tensor) -> list[float | None]:
        """The mean for the images of each class; None where there is none."""
        classes = labels.numpy()
        return [float(self.total[classes == k].mean()) if (classes == k).any() else None for k in range(CLASSES)]


def energy(network: Network, images: Tensor, curve: TransferCurve, window: float, *, i_rest: float = 0.0) -> Energy:
    """The energy of showing each image for a window (s), from the powers of the curve at the settled drives.

    `i_rest` (A) is what each amplifier draws at rest between its supplies, +-v_rail.
    """
    v_rail = network.rate.v_rail
    v = np.linspace(0.0, v_rail, TABLE)
    power = curve.power(v)
    if not np.isfinite(power).all():
        raise NeurokitError(f"the curve of {curve.label} has no powers (the twin gives none): measure it by ngspice")
    table = torch.from_numpy(power)
    r_feedback = Synapse().r_feedback
    amplifiers = 2 * sum(network.sizes[1:])
    parts = []
    with torch.no_grad():
        for some in torch.split(images, AT_ONCE):
            neurons, adders, rates = torch.zeros(3, len(some), dtype=torch.float64)
            for layer, (drive, fired) in enumerate(network.all_drives(some)):
                v_neuron = drive.double().clamp(0.0, v_rail)
                given = _interpolated(table, v_neuron / v_rail)
                neurons += given.sum(dim=1)
                rates += fired.double().sum(dim=1)
                if layer:
                    current = torch.where(v_neuron > 0, given / v_neuron.clamp(min=1e-9), 0.0)
                    feedback = (v_neuron + 2 * v_rail) / r_feedback  # of the second adder, and at most of the first
                    adders += ((v_rail - v_neuron) * current + v_rail * feedback).sum(dim=1)
            adders += amplifiers * i_rest * 2 * v_rail
            parts.append(torch.stack([neurons * window, adders * window, rates * network.f_full * window]))
    return Energy(*torch.cat(parts, dim=1).numpy())


def _interpolated(table: Tensor, share: Tensor) -> Tensor:
    place = (share * (len(table) - 1)).clamp(0, len(table) - 1.001)
    below = place.long()
    return table[below] + (place - below) * (table[below + 1] - table[below])
