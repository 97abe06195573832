"""What a trained network does in a world that differs from the one it was trained for: chips, heat, coarse weights."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import linear, mse_loss

from neurokit.errors import OutOfRangeError
from neurokit.snn.data import CLASSES
from neurokit.snn.hardware import Chip, draw_chip
from neurokit.snn.network import Network, Timing
from neurokit.snn.rate import Rate
from neurokit.snn.training import accuracy, output_rates
from neurokit.spikes.transfer import TransferCurve

TRIM_STEPS, TRIM_RATE = 200, 0.02  # of the search for biases
LARGEST_SPREAD = 0.5  # of thresholds, relative: beyond it many devices would have none
Matrix = NDArray[np.int64]


def confusion(rates: Tensor, labels: Tensor) -> Matrix:
    """How many images of each class (rows) were taken for each class (columns)."""
    at = labels * CLASSES + rates.argmax(dim=1)
    return np.asarray(torch.bincount(at, minlength=CLASSES**2).reshape(CLASSES, CLASSES).numpy())


def per_class(matrix: Matrix) -> list[float | None]:
    """The accuracy on each class; None where there is no image of it."""
    return [float(row[k] / row.sum()) if row.sum() else None for k, row in enumerate(matrix)]


def with_curve(network: Network, curve: TransferCurve, v_rail: float | None = None) -> Network:
    """The same circuit with neurons of another curve, as at another temperature, or with another supply of its adders.

    Adders give what they gave.
    """
    other = _sharing_weights(network)
    other.rate = Rate(curve, network.rate.width, network.rate.v_rail if v_rail is None else v_rail)
    return other


def realised_with(network: Network, **changes: object) -> Network:
    """The same weights, realised otherwise: bits, resistors, jitter."""
    other = _sharing_weights(network)
    other.realised = replace(network.realised, **changes)  # type: ignore[arg-type]
    return other


def chips(network: Network, spread: float, count: int, seed: int) -> list[Chip]:
    """So many circuits with thresholds drawn by this relative deviation; the first are the same whatever the count."""
    if count < 1:
        raise OutOfRangeError(f"{count} chips: draw at least 1")
    if not 0 <= spread <= LARGEST_SPREAD:
        raise OutOfRangeError(f"a spread of thresholds of {spread} must lie between 0 and {LARGEST_SPREAD}")
    return [draw_chip(network.sizes, spread, torch.Generator().manual_seed(seed * 100_003 + k)) for k in range(count)]


def chip_accuracies(
    network: Network,
    drawn: Sequence[Chip],
    images: Tensor,
    labels: Tensor,
    timing: Timing,
    *,
    spiking: bool = False,
    trim: Callable[[Network, Chip], Network] = lambda network, chip: network,
) -> list[float]:
    """The accuracy of each chip, after what is done to it."""
    return [
        accuracy(output_rates(trim(network, chip), images, timing, spiking=spiking, chip=chip, seed=k), labels)
        for k, chip in enumerate(drawn)
    ]


def trimmed(network: Network, chip: Chip, images: Tensor) -> Network:
    """The network with the biases of its output neurons set for one chip, by the rates that a few images should give.

    What has to be known of the chip can be counted: the rates of the layer before the output, and those of the output
    at each trial of its biases. Labels do not: rates that should come are better to go by than classes, which so few
    images make one learn by heart.
    """
    last = len(network.biases) - 1
    with torch.no_grad():
        wished = network(network.encode(images))
        layers = [network.encode(images, chip)]
        layers += network.all_rates(layers[0], chip)
    bias = nn.Parameter(network.biases[last].detach().clone())
    other = _sharing_weights(network)
    other.biases = nn.ParameterList([*list(network.biases)[:last], bias])
    optimiser = torch.optim.Adam([bias], lr=TRIM_RATE)
    for _ in range(TRIM_STEPS):
        summed = linear(layers[last], *other.parts(last))
        loss = mse_loss(other.share(other.drive(summed), chip.thresholds[-1]), wished)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return other


def _sharing_weights(network: Network) -> Network:
    """A copy whose parts can be replaced without changing the network; parameters stay the same objects."""
    other = copy(network)
    other._modules = dict(network._modules)
    return other
