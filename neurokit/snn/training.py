"""Training by rate: the paper's network and loss, one pass an image, the same result from the same seed."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import mse_loss, one_hot

from neurokit.errors import NeurokitError
from neurokit.snn.data import CLASSES, Digits, hold_out
from neurokit.snn.network import RateNetwork
from neurokit.snn.rate import rate_table
from neurokit.snn.settings import Settings
from neurokit.spikes.transfer import TransferCurve


@dataclass(frozen=True)
class Epoch:
    """How far training was after an epoch."""

    number: int  # from 1
    loss: float  # mean over the training images
    held_out: float  # accuracy on images that training does not see
    silent: float  # share of the hidden neurons that no held-out image makes fire


class DeadNetworkError(NeurokitError):
    """A layer fires for no image: nothing can be learned through it."""


def train_by_rate(
    digits: Digits, curve: TransferCurve, settings: Settings, report: Callable[[Epoch], None] = lambda epoch: None
) -> tuple[RateNetwork, list[Epoch]]:
    """A trained network and its epochs; the test images are not touched."""
    torch.manual_seed(settings.seed)
    network = make_network(digits, curve, settings)
    count = min(5000, len(digits.train_labels) // 6)  # a sixth of a small set
    rows, held = (torch.from_numpy(part.copy()) for part in hold_out(digits, count, settings.seed))
    images, labels = _tensors(digits.train_images), _tensors(digits.train_labels).long()
    rates = network.encode(images)
    steps = settings.epochs * -(-len(rows) // settings.batch)
    optimiser = torch.optim.Adam(network.parameters(), lr=settings.learning_rate)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.learning_rate, total_steps=steps)
    epochs = []
    for number in range(1, settings.epochs + 1):
        loss = _one_epoch(network, rates, labels, rows, settings.batch, optimiser, cycle)
        epoch = Epoch(number, loss, accuracy(network, rates[held], labels[held]), _silent(network, rates[held]))
        epochs.append(epoch)
        report(epoch)
        _refuse_dead(epoch)
    return network, epochs


def make_network(digits: Digits, curve: TransferCurve, settings: Settings) -> RateNetwork:
    """An untrained network of the settings' shape for these images."""
    pixels = digits.train_images[0].size
    return RateNetwork((pixels, settings.hidden, CLASSES), rate_table(curve, settings.width), settings.silent_margin)


def accuracy(network: RateNetwork, rates: Tensor, labels: Tensor) -> float:
    """The share of images whose class has the highest output rate."""
    with torch.no_grad():
        return float((network(rates).argmax(dim=1) == labels).double().mean())


def test_accuracy(network: RateNetwork, digits: Digits) -> float:
    """The accuracy on the test images."""
    return accuracy(network, network.encode(_tensors(digits.test_images)), _tensors(digits.test_labels).long())


def _one_epoch(
    network: RateNetwork,
    rates: Tensor,
    labels: Tensor,
    rows: Tensor,
    batch: int,
    optimiser: torch.optim.Optimizer,
    cycle: torch.optim.lr_scheduler.LRScheduler,
) -> float:
    total = 0.0
    for some in torch.split(rows[torch.randperm(len(rows))], batch):
        loss = mse_loss(network(rates[some]), one_hot(labels[some], CLASSES).to(rates.dtype))
        if not torch.isfinite(loss):
            raise NeurokitError("the loss is not a number any more: take a smaller learning_rate")
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        cycle.step()
        total += float(loss.detach()) * len(some)
    return total / len(rows)


def _silent(network: RateNetwork, rates: Tensor) -> float:
    """The share of the first hidden layer's neurons that fire for none of these images."""
    with torch.no_grad():
        fired = network.share(network.drive(network.layers[0](rates))) > 0
    return float((~fired.any(dim=0)).double().mean())


def _refuse_dead(epoch: Epoch) -> None:
    if epoch.silent == 1.0:
        raise DeadNetworkError(
            f"after epoch {epoch.number} no hidden neuron fires for any image: take a larger width or another seed"
        )


def _tensors(array: object) -> Tensor:
    """A copy: the data are mapped read-only."""
    return torch.tensor(array)
