"""A layered network of VO2 neurons: by its rates in one pass, and the same network spike by spike over a window.

    pixel 0..255 -> drive in volts -> rate of an input neuron        the encoding
    rates -> weighted sum and bias -> drive in volts -> rate         each layer after

Rates are shares of the curve's highest. A weighted sum of 0 drives a neuron at its onset and 1 at the voltage of its
highest rate, so weights are of the order of those of an ordinary network. In a spiking run each spike stands for the
share of the highest rate that one spike in one time step is, and the sum passes the adder's low-pass.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from neurokit.errors import OutOfRangeError
from neurokit.snn.hardware import Chip, of_bits, of_resistors, stream
from neurokit.snn.rate import Rate
from neurokit.snn.sequence import SLOPES, leaky_sequence, low_pass

GREYS = 255.0
MOST_STEPS = 100_000  # of a spiking run: one image through them takes some hundred megabytes

Counted = Callable[[Tensor], Tensor]


def _as_they_are(rates: Tensor) -> Tensor:
    return rates


@dataclass(frozen=True)
class Timing:
    """How a spiking run goes through time."""

    window: float = 50e-6  # s
    dt: float = 0.5e-6  # s
    tau: float = 5e-6  # s, of the adders' low-pass
    encoding: str = "spikes"
    surrogate: str = "straight"  # of `SLOPES`, for training by spikes

    def __post_init__(self) -> None:
        if not 0 < self.dt <= self.window < float("inf"):
            raise OutOfRangeError(f"dt = {self.dt:g} s must be above 0 and the window, {self.window:g} s, no shorter")
        if self.window > MOST_STEPS * self.dt:
            raise OutOfRangeError(f"a window of {self.window:g} s is more than {MOST_STEPS} steps of {self.dt:g} s")
        if not 0 <= self.tau < float("inf"):
            raise OutOfRangeError(f"tau = {self.tau} s must be at least 0")

    @property
    def steps(self) -> int:
        return max(1, round(self.window / self.dt))


@dataclass(frozen=True)
class Realisation:
    """How weights are realised, and how much the intervals between spikes differ."""

    bits: int = 0
    resistors: str = "any"
    jitter: float = 0.0  # relative standard deviation of an interval between spikes

    def __post_init__(self) -> None:
        if self.bits == 1 or self.bits < 0:
            raise OutOfRangeError(f"bits = {self.bits}: a weight has 2 or more, or 0 for any weight")


class Network(nn.Module):
    """Fully connected layers between neurons of one curve; `forward` gives the output's rates from the input's."""

    def __init__(
        self, sizes: Sequence[int], rate: Rate, silent_margin: float, realised: Realisation = Realisation()
    ) -> None:
        super().__init__()
        if len(sizes) < 2 or min(sizes) < 1:
            raise OutOfRangeError(f"layers of {list(sizes)} neurons: a network has two or more layers of one or more")
        if silent_margin > rate.v_on:
            raise OutOfRangeError(
                f"silent_margin = {silent_margin} V must not be above {rate.v_on:.4g} V, where neurons begin to fire: "
                "dark pixels would drive theirs below 0"
            )
        self.sizes = tuple(sizes)
        layers = [nn.Linear(a, b) for a, b in pairwise(sizes)]
        self.weights = nn.ParameterList(layer.weight for layer in layers)
        self.biases = nn.ParameterList(layer.bias for layer in layers)
        self.rate = rate
        # the drives that sums and pixels stand for stay when the curve becomes another, as it does in the heat
        self.onset, self.span, self.f_full = rate.v_on, rate.v_top - rate.v_on, rate.f_max
        self.silent_margin = silent_margin  # V
        self.realised = realised

    def drive(self, summed: Tensor) -> Tensor:
        """The voltage of a weighted sum."""
        return self.onset + self.span * summed

    def pixel_drive(self, greys: Tensor) -> Tensor:
        """The voltage that a grey level 0..255 drives its input neuron with: fastest when white, nothing when black.

        A neuron just below its onset conducts nearly as much as one just above, and most pixels are black.
        """
        drive = self.onset - self.silent_margin + (self.span + self.silent_margin) / GREYS * greys
        return torch.where(greys > 0, drive, 0.0)

    def encode(self, images: Tensor, chip: Chip | None = None) -> Tensor:
        """Rates of the input neurons from grey levels 0..255, one row an image."""
        return self.share(self.pixel_drive(images.flatten(1).to(self.rate.curve_f)), _of(chip, 0))

    def share(self, drive: Tensor, threshold: Tensor | None = None) -> Tensor:
        """The rate at a drive, as a share of the highest, of neurons with these relative thresholds."""
        return cast(Tensor, self.rate(drive, threshold, gain=1 / self.f_full))

    def parts(self, k: int) -> tuple[Tensor, Tensor]:
        """Weights and biases of a layer as the circuit has them; the drive without spikes is a weight of the supply."""
        series = self.realised.resistors
        weight, bias = of_bits(self.weights[k], self.realised.bits), self.biases[k]
        if series != "any":
            supply = self.rate.v_rail if isfinite(self.rate.v_rail) else self.rate.v_off
            bias = (of_resistors(self.drive(bias) / supply, series) * supply - self.onset) / self.span
        return of_resistors(weight, series), bias

    def forward(self, rates: Tensor, chip: Chip | None = None, counted: Counted = _as_they_are) -> Tensor:
        *_, output = self.all_rates(rates, chip, counted)
        return output

    def all_drives(self, images: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """The settled drive and the rate of each layer, the input's first."""
        drive = self.pixel_drive(images.flatten(1).to(self.rate.curve_f))
        rates = self.share(drive)
        yield drive, rates
        for k in range(len(self.weights)):
            drive = self.drive(linear(rates, *self.parts(k)))
            rates = self.share(drive)
            yield drive, rates

    def all_rates(self, rates: Tensor, chip: Chip | None = None, counted: Counted = _as_they_are) -> Iterator[Tensor]:
        """The rates of each layer after the input's; `counted` is what is seen of rates, such as `jittered` ones."""
        for k in range(len(self.weights)):
            summed = linear(rates, *self.parts(k))
            rates = counted(self.rate(summed, _of(chip, k + 1), low=self.onset, span=self.span, gain=1 / self.f_full))
            yield rates

    def spikes(
        self, images: Tensor, timing: Timing, chip: Chip | None = None, seed: int = 0, *, with_input: bool = True
    ) -> Iterator[Tensor]:
        """Spikes of each layer: (steps, images, neurons), 1 in the step in which one falls; the input's perhaps first.

        With the encoding "constant" nobody listens to the input's spikes, so leaving them out saves their making.
        """
        self.refuse_too_long(timing)
        increment = self.f_full * timing.dt
        constant = timing.encoding == "constant"
        share = self.encode(images, chip)
        if with_input or not constant:
            fired = self._fire((share * increment).expand(timing.steps, *share.shape), timing, seed, 0)
        if with_input:
            yield fired
        for k in range(len(self.weights)):
            weight, bias = self.parts(k)
            if constant and k == 0:
                summed = linear(share, weight, bias).expand(timing.steps, len(images), -1)
            else:
                summed = linear(fired / increment, weight, bias)
            drive = low_pass(self.drive(summed), self.drive(bias), timing.dt, timing.tau)
            fired = self._fire(self.rate(drive, _of(chip, k + 1), gain=timing.dt), timing, seed, k + 1)
            yield fired

    def refuse_too_long(self, timing: Timing) -> None:
        """OutOfRangeError for time steps that would hold more than one spike."""
        if self.rate.f_max * timing.dt > 1:
            raise OutOfRangeError(
                f"dt = {timing.dt:.3g} s is longer than the shortest interval between spikes, "
                f"{1 / self.rate.f_max:.3g} s: take a smaller one"
            )

    def _fire(self, increments: Tensor, timing: Timing, seed: int, layer: int) -> Tensor:
        """Spikes of neurons whose phase grows by these parts of a cycle in each step."""
        if self.realised.jitter:
            increments = self._unsteady(increments, stream(seed, layer))
        return leaky_sequence(increments, SLOPES[timing.surrogate], reset_delay=False)

    def _unsteady(self, increments: Tensor, seed: int) -> Tensor:
        """Increments of phase with the white noise that gives each interval the relative deviation `jitter`.

        Its variance over a cycle is jitter^2, and cycles are independent.
        """
        generator = torch.Generator(increments.device).manual_seed(seed)
        noise = torch.randn(increments.shape, generator=generator, device=increments.device)
        return increments + self.realised.jitter * increments.detach().clamp(min=0).sqrt() * noise


def spike_rate(spikes: Tensor) -> Tensor:
    """Spikes per step between each neuron's first and last spike: neither the start nor the end of the window counts.

    A single spike says little and is worth less than any two, but more than none. Of outputs that tie, the first is the
    answer.
    """
    count = spikes.sum(dim=0)
    steps = torch.arange(1, len(spikes) + 1, dtype=spikes.dtype, device=spikes.device)[:, None, None]
    last = (spikes * steps).amax(dim=0)
    first = len(spikes) + 1 - (spikes * (len(spikes) + 1 - steps)).amax(dim=0)
    return torch.where(count > 1, (count - 1) / (last - first).clamp(min=1), count / len(spikes) ** 2)


def _of(chip: Chip | None, layer: int) -> Tensor | None:
    return None if chip is None else chip.thresholds[layer]
