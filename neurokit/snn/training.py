"""Training: by rate, one pass an image, or by spikes in time steps; the same result from the same seed.

Whatever is random in an epoch (order, turned images, thresholds) is drawn from that epoch's own generator, so a run
that goes on from the checkpoint of an epoch ends with the weights of one that was never interrupted.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from math import cos, pi
from typing import cast

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, mse_loss

from neurokit.errors import NeurokitError
from neurokit.snn.augment import augmented
from neurokit.snn.data import CLASSES, SIDE, Digits, hold_out
from neurokit.snn.hardware import Chip, draw_chip, jittered, stream
from neurokit.snn.network import Network, Realisation, Timing, spike_rate
from neurokit.snn.rate import Rate
from neurokit.snn.settings import Settings
from neurokit.spikes.transfer import TransferCurve

AT_ONCE = 1000  # images of an evaluation by rate
SPIKING_AT_ONCE, SPIKING_STEPS = 100, 40_000  # images of a spiking one, and images x steps: they must fit into memory
WARM_SHARE, START_SHARE, END_SHARE = 0.3, 0.04, 1e-4  # of the one cycle: until when it rises, from and to which rate
FEW = 1000  # images that tell whether a layer is dead


@dataclass(frozen=True)
class Epoch:
    """How far training was after an epoch."""

    number: int  # from 1
    loss: float  # mean over the training images, as they were seen
    accuracy: float  # the same
    held_out: float | None  # accuracy on images that training does not see
    silent: tuple[float, ...]  # by layer, the share of neurons that fire for none of some training images


@dataclass(frozen=True)
class Step:
    """How far training is within an epoch; means over the epoch so far."""

    epoch: int
    step: int  # from 1, of the whole training
    steps: int
    loss: float
    accuracy: float


@dataclass
class Progress:
    """A network that is being trained, between two epochs: with it, training goes on to the same result."""

    network: Network
    optimiser: torch.optim.Optimizer
    epochs: list[Epoch] = field(default_factory=list)


class DeadNetworkError(NeurokitError):
    """A layer fires for no image: nothing can be learned through it."""


def make_network(curve: TransferCurve, settings: Settings, jitter: float = 0.0) -> Network:
    """An untrained network of the settings' shape."""
    realised = Realisation(settings.bits, settings.resistors, jitter)
    rate = Rate(curve, settings.width, settings.v_rail)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        return Network((SIDE * SIDE, *settings.hidden, CLASSES), rate, settings.silent_margin, realised)


def begin(curve: TransferCurve, settings: Settings, jitter: float = 0.0) -> Progress:
    """Before the first epoch; `jitter` is the relative deviation of intervals between spikes that noise makes."""
    network = make_network(curve, settings, jitter)
    network.refuse_too_long(timing_of(settings))
    return Progress(network, torch.optim.Adam(network.parameters(), lr=settings.learning_rate, fused=True))


def train(
    digits: Digits,
    settings: Settings,
    progress: Progress,
    report: Callable[[Epoch], None] = lambda epoch: None,
    follow: Callable[[Step], None] = lambda step: None,
) -> None:
    """Goes on to the last epoch; the test images are not touched. `report` is called with `progress` up to date."""
    rows, held = split(digits, settings)
    images, labels = tensor(digits.train_images), tensor(digits.train_labels).long()
    work = _Work(settings, progress.network, images, labels, torch.from_numpy(rows))
    for number in range(len(progress.epochs) + 1, settings.epochs + 1):
        network = progress.network
        with _realised(network, Realisation() if number <= settings.warm_up else network.realised):
            loss, right = _one_epoch(work, progress, number, follow)
        held_out = None
        if len(held):
            held_out = accuracy(output_rates(network, images[held], timing_of(settings)), labels[held])
        epoch = Epoch(number, loss, right, held_out, _silent(network, images[rows[:FEW]], settings))
        _refuse_dead(epoch)
        progress.epochs.append(epoch)
        report(epoch)


def split(digits: Digits, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the training set that are learned from, and those that are held out, at most a sixth of a small set.

    The same are held out whatever the seed of the training, so that settings are compared on the same images.
    """
    count = min(settings.held_out, len(digits.train_labels) // 6)
    if count == 0:
        return np.arange(len(digits.train_labels)), np.arange(0)
    return hold_out(digits, count)


def output_rates(
    network: Network,
    images: Tensor,
    timing: Timing,
    *,
    spiking: bool = False,
    chip: Chip | None = None,
    seed: int = 0,
) -> Tensor:
    """The output's rate for each image, of a spiking run by `spike_rate`; the highest is the class.

    `seed` draws the noise of intervals, if the network has any.
    """
    with torch.no_grad():
        if not spiking:
            generator = torch.Generator().manual_seed(seed)
            return torch.cat(
                [rates_of(network, some, chip, timing, generator) for some in torch.split(images, AT_ONCE)]
            )
        rates = []
        at_once = max(1, min(SPIKING_AT_ONCE, SPIKING_STEPS // timing.steps))
        for k, some in enumerate(torch.split(images, at_once)):
            *_, output = network.spikes(some, timing, chip, stream(seed, k), with_input=False)
            rates.append(spike_rate(output))
        return torch.cat(rates)


def accuracy(rates: Tensor, labels: Tensor) -> float:
    """The share of images whose class has the highest output rate."""
    return float((rates.argmax(dim=1) == labels).double().mean())


def timing_of(settings: Settings) -> Timing:
    return Timing(settings.window, settings.dt, settings.tau, settings.encoding, settings.surrogate)


def tensor(array: object) -> Tensor:
    """A copy: the data are mapped read-only."""
    return torch.tensor(array)


@dataclass(frozen=True, eq=False)
class _Work:
    """What stays the same from epoch to epoch."""

    settings: Settings
    network: Network
    images: Tensor
    labels: Tensor
    rows: Tensor

    @cached_property
    def encoded(self) -> Tensor:
        """The input's rates, where every epoch has the same."""
        with torch.no_grad():
            return torch.cat([self.network.encode(part) for part in torch.split(self.images, AT_ONCE)])


@contextmanager
def _realised(network: Network, realised: Realisation) -> Iterator[None]:
    """The network is realised like that for a while, however it ends."""
    before = network.realised
    network.realised = realised
    try:
        yield
    finally:
        network.realised = before


def _one_epoch(work: _Work, progress: Progress, number: int, follow: Callable[[Step], None]) -> tuple[float, float]:
    """The mean loss and accuracy."""
    settings = work.settings
    generator = torch.Generator().manual_seed(settings.seed * 10_007 + number)
    batches = torch.split(work.rows[torch.randperm(len(work.rows), generator=generator)], settings.batch)
    total, right, seen = 0.0, 0, 0
    for k, some in enumerate(batches):
        step = (number - 1) * len(batches) + k + 1
        rates = _rates(work, some, number, generator)
        loss = _loss(rates, work.labels[some], settings)
        if not torch.isfinite(loss):
            raise NeurokitError(
                f"the loss is not a number any more in epoch {number}, step {step}: take a smaller learning_rate than "
                f"{settings.learning_rate:g} or a larger width than {settings.width:g} V"
            )
        _learn(progress.optimiser, loss, settings.learning_rate * _cycle(step / (settings.epochs * len(batches))))
        seen += len(some)
        total += loss.item() * len(some)
        right += int((rates.detach().argmax(dim=1) == work.labels[some]).sum())
        follow(Step(number, step, settings.epochs * len(batches), total / seen, right / seen))
    return total / seen, right / seen


def _rates(work: _Work, some: Tensor, epoch: int, generator: torch.Generator) -> Tensor:
    """The output's rates for some images, with gradient, by whichever way."""
    settings, network = work.settings, work.network
    chip = None
    if settings.mismatch and epoch > settings.warm_up:
        chip = draw_chip(network.sizes, settings.mismatch, generator, len(some))
    if settings.augment == 0 and chip is None and settings.way == "rate" and network.realised.jitter == 0:
        return cast(Tensor, network(work.encoded.index_select(0, some)))
    images = work.images[some]
    if settings.augment:
        images = augmented(images, settings.augment, generator)
    if settings.way == "rate":
        return rates_of(network, images, chip, timing_of(settings), generator)
    seed = int(torch.randint(2**31, (), generator=generator))
    *_, output = network.spikes(images, timing_of(settings), chip, seed, with_input=False)
    return output.sum(dim=0) / (settings.window * network.f_full)


def rates_of(network: Network, images: Tensor, chip: Chip | None, timing: Timing, generator: torch.Generator) -> Tensor:
    """The output's rates for images, with the noise of its intervals as it is counted over a window."""
    rates = network.encode(images, chip)
    if network.realised.jitter == 0:
        return cast(Tensor, network(rates, chip))

    def counted(rates: Tensor) -> Tensor:
        return jittered(rates, network.realised.jitter, network.f_full * timing.window, generator)

    return cast(Tensor, network(rates if timing.encoding == "constant" else counted(rates), chip, counted))


def _loss(rates: Tensor, labels: Tensor, settings: Settings) -> Tensor:
    if settings.loss == "cross_entropy":
        return cross_entropy(settings.logit_scale * rates, labels, label_smoothing=settings.label_smoothing)
    wished = torch.full_like(rates, settings.label_smoothing / CLASSES)
    wished[torch.arange(len(labels)), labels] += 1 - settings.label_smoothing
    return mse_loss(rates, wished)


def _learn(optimiser: torch.optim.Optimizer, loss: Tensor, learning_rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = learning_rate
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()


def _cycle(share: float) -> float:
    """The learning rate of the one cycle, relative to its highest, when this share of all steps is done."""
    if share < WARM_SHARE:
        return _eased(START_SHARE, 1.0, share / WARM_SHARE)
    return _eased(1.0, END_SHARE, (share - WARM_SHARE) / (1 - WARM_SHARE))


def _eased(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + cos(pi * share)) / 2


def _silent(network: Network, images: Tensor, settings: Settings) -> tuple[float, ...]:
    """By layer after the input's, the share of neurons that fire for none of these images, the way they are trained."""
    with torch.no_grad():
        if settings.way == "rate":
            layers = network.all_rates(network.encode(images))
        else:
            spikes = network.spikes(images[:SPIKING_AT_ONCE], timing_of(settings), with_input=False)
            layers = (fired.sum(dim=0) for fired in spikes)
        return tuple(float((~(rates > 0).any(dim=0)).double().mean()) for rates in layers)


def _refuse_dead(epoch: Epoch) -> None:
    for layer, share in enumerate(epoch.silent, start=2):
        if share == 1.0:
            raise DeadNetworkError(
                f"after epoch {epoch.number} no neuron of layer {layer} fires for any image: all are below the onset "
                "or latched. Take a smaller learning_rate, a larger width or another seed"
            )
