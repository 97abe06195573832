"""What a trained network itself does with images: as a spiking network, and by its rates."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from neurokit.snn.evaluation import realised_with
from neurokit.snn.network import spike_rate
from neurokit.snn.results import Trained
from neurokit.snn.training import timing_of
from neurokit.verification.by_twin import Spikes

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Model:
    """One image; rates are shares of the highest, by layer, the input's first."""

    spikes: Spikes  # s, in the middle of their time steps
    spiking: tuple[Floats, ...]  # rates of the spiking network
    rate: tuple[Floats, ...]  # rates of the rate network
    v_wished: tuple[Floats, ...]  # V, settled drives before any limit


@torch.no_grad()
def modelled(trained: Trained, images: NDArray[np.uint8]) -> Iterator[Model]:
    """Of each image in its order."""
    network, timing = realised_with(trained.network, jitter=0.0), timing_of(trained.settings)  # the circuit has none
    increment = network.f_full * timing.dt
    for some in torch.split(torch.tensor(images), 1):  # alone, as sums of many images may differ in their last bits
        drives, rates = zip(*network.all_drives(some), strict=True)
        fired = list(network.spikes(some, timing))
        spiking = [spike_rate(layer) / increment for layer in fired]
        yield Model(
            spikes=tuple(_times(layer[:, 0], timing.dt) for layer in fired),
            spiking=tuple(_array(layer[0]) for layer in spiking),
            rate=tuple(_array(layer[0]) for layer in rates),
            v_wished=tuple(_array(layer[0]) for layer in drives),
        )


def _times(fired: torch.Tensor, dt: float) -> tuple[Floats, ...]:
    return tuple(np.asarray(dt * (np.flatnonzero(row) + 0.5)) for row in fired.numpy().T)


def _array(values: torch.Tensor) -> Floats:
    return values.double().numpy()
