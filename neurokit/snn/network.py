"""A layered network of VO2 neurons by their rates: the transfer curve is the activation, one pass, no time.

    pixel 0..255 -> drive in volts -> rate of an input neuron        the encoding
    rates -> weighted sum and bias -> drive in volts -> rate         each layer after

Rates are shares of the curve's highest. A weighted sum of 0 drives a neuron at its onset and 1 at the voltage of its
highest rate, so weights are of the order of those of an ordinary network.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from neurokit.errors import OutOfRangeError
from neurokit.snn.rate import RateTable, rate

GREYS = 256


class RateNetwork(nn.Module):
    """Fully connected layers between neurons of one curve; `forward` gives the output's rates from the input's."""

    def __init__(self, sizes: Sequence[int], table: RateTable, silent_margin: float) -> None:
        super().__init__()
        if len(sizes) < 2 or min(sizes) < 1:
            raise OutOfRangeError(f"layers of {list(sizes)} neurons: a network has two or more layers of one or more")
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes))
        self.table = table
        self.silent_margin = silent_margin  # V

    @property
    def v_top(self) -> float:
        """The drive of the highest rate, in V."""
        return float(self.table.v[self.table.f.argmax()])

    def drive(self, summed: Tensor) -> Tensor:
        """The voltage of a weighted sum."""
        return self.table.v_on + (self.v_top - self.table.v_on) * summed

    def pixel_drives(self) -> Tensor:
        """The voltage that each grey level drives its input neuron with: silent when black, fastest when white."""
        low = self.table.v_on - self.silent_margin
        return low + (self.v_top - low) * torch.linspace(0, 1, GREYS)

    def encode(self, images: Tensor) -> Tensor:
        """Rates of the input neurons from grey levels 0..255, one row an image."""
        rates = self.share(self.pixel_drives())
        return rates[images.reshape(len(images), -1).long()]

    def share(self, drive: Tensor) -> Tensor:
        """The rate at a drive, as a share of the highest."""
        return rate(drive, self.table) / self.table.f_max

    def forward(self, rates: Tensor) -> Tensor:
        for layer in self.layers:
            rates = self.share(self.drive(layer(rates)))
        return rates
