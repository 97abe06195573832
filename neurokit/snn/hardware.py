"""What a real circuit does to a network: thresholds that differ, cycles that differ, weights that resistors can have.

A device whose thresholds are s times the nominal ones loses s^2 times the heat at each temperature (`d_threshold`), so
it goes through the same states at s times all voltages and currents. Its heat capacity stays, which makes it faster: a
neuron of it has the rate s^(2/3) f(v / s), within 5 % for s of 0.9 to 1.1. Nothing else of a device differs here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from neurokit.circuits.eseries import SERIES

DECADES = 3  # of resistance on either side of the feedback resistor; a weight beyond is left out
FULL_SCALE = 3.0  # root mean squares of a neuron's weights: the largest weight of n bits

SMALLEST_STEP = 1e-12  # of weights, for a neuron that has none
SMALLEST_THRESHOLD = 0.1  # of the nominal one: what a draw from far out in the tail is taken as


@dataclass(frozen=True, eq=False)
class Chip:
    """The thresholds of one circuit, relative to the nominal one: a vector a layer, the input's first."""

    thresholds: tuple[Tensor, ...]


def stream(*numbers: int) -> int:
    """A seed of its own for every combination of numbers, such as a seed, a chip and a batch."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> np.uint64(1))


def draw_chip(sizes: Sequence[int], spread: float, generator: torch.Generator, images: int | None = None) -> Chip:
    """Thresholds with this relative standard deviation; with `images`, other ones for each of them."""
    shapes = [(size,) if images is None else (images, size) for size in sizes]
    drawn = (1 + spread * torch.randn(shape, generator=generator) for shape in shapes)
    return Chip(tuple(s.clamp_(min=SMALLEST_THRESHOLD) for s in drawn))


def of_bits(weight: Tensor, bits: int) -> Tensor:
    """Each weight as a whole number of equal steps, 2^(bits - 1) - 1 of them to either side; straight backward.

    The step is each neuron's own, as its adder has a feedback resistor of its own.
    """
    if bits == 0:
        return weight
    steps = 2 ** (bits - 1) - 1
    step = (FULL_SCALE / steps * weight.detach().square().mean(dim=1, keepdim=True).sqrt()).clamp(min=SMALLEST_STEP)
    return _straight(weight, (weight.detach() / step).round().clamp(-steps, steps) * step)


def of_resistors(weight: Tensor, series: str) -> Tensor:
    """Each weight as feedback resistor over a resistor of the series, the nearest by ratio; straight backward."""
    if series == "any":
        return weight
    log_ratios = _log_ratios(series).to(weight)
    size = -torch.log10(weight.detach().abs())  # of R / R_f
    middles = (log_ratios[1:] + log_ratios[:-1]) / 2
    nearest = 10 ** -log_ratios[torch.bucketize(size, middles)]
    open_circuit = size > log_ratios[-1] + (log_ratios[1] - log_ratios[0])
    return _straight(weight, torch.where(open_circuit, 0.0, weight.detach().sign() * nearest))


def jittered(rates: Tensor, jitter: float, spikes: float, generator: torch.Generator) -> Tensor:
    """Rates, as shares of the highest, counted over a window with so many spikes at the highest.

    Each interval between spikes has the relative standard deviation `jitter`, so their number over a window has it
    divided by the root of how many there are.
    """
    counts = (rates.detach() * spikes).clamp(min=1)
    return rates * (1 + jitter * torch.randn(rates.shape, generator=generator) / counts.sqrt())


def _log_ratios(series: str) -> Tensor:
    decade = np.log10(np.sort(SERIES[series]))
    return torch.from_numpy(np.concatenate([decade + k for k in range(-DECADES, DECADES)]))


def _straight(weight: Tensor, realised: Tensor) -> Tensor:
    return cast(Tensor, _Straight.apply(weight, realised))  # type: ignore[no-untyped-call]


class _Straight(torch.autograd.Function):
    """The realised value forward, the gradient of the wished one backward."""

    @staticmethod
    def forward(ctx: Any, weight: Tensor, realised: Tensor) -> Tensor:
        return realised

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return gradients[0], None
