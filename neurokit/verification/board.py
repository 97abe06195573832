"""A trained network as it would be built: adders for its weights, neurons, and a drive for each grey level."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError
from neurokit.snn.results import Trained
from neurokit.verification.cells import Cells
from neurokit.verification.mapping import NetworkCircuit, Parts, Unrealised, former_of, mapped
from neurokit.verification.netlists import whole_netlist

Floats = NDArray[np.float64]
Greys = NDArray[np.uint8]

LEVELS = 256


@dataclass(frozen=True, eq=False)
class Board:
    """All that is built, and for how long it is shown an image."""

    circuit: NetworkCircuit
    unrealised: tuple[Unrealised, ...]
    cells: Cells
    drives: Floats  # V, of an input neuron, by grey level 0..255
    window: float  # s

    @property
    def sizes(self) -> tuple[int, ...]:
        return (self.circuit.layers[0].weights.shape[1], *(len(adders.supply) for adders in self.circuit.layers))

    @property
    def f_full(self) -> float:
        """Full scale of a rate, in Hz."""
        return self.circuit.v_full / self.cells.former.pulse_area

    def netlist(self, greys: Sequence[int] | Greys, adder: str = "resistors") -> Netlist:
        """The whole of it, shown one image."""
        return whole_netlist(self.circuit, self.cells, self.drives[np.asarray(greys)].tolist(), self.window, adder)

    def bill_of_materials(self) -> Counter[tuple[str, float]]:
        """How many of each part: its kind, and its value in the unit of that kind; of a device the value is x."""
        neurons, cell = sum(self.sizes), self.cells.neuron
        bill = self.circuit.bill_of_materials()
        bill["VO2-x device", cell.device.x] += neurons
        bill["resistor", cell.r_series] += neurons
        bill["resistor", cell.r_sense] += neurons
        bill["capacitor", cell.capacitance] += neurons
        bill["pulse former", self.cells.former.height] += neurons
        return bill


def board_of(trained: Trained, parts: Parts = Parts(), bin_width: float = Cells.bin) -> Board:  # noqa: B008 - frozen
    """The board of a trained network; NeurokitError where its neuron is not known, or nothing is heard of its input."""
    settings, network = trained.settings, trained.network
    if settings.curve:
        raise NeurokitError(
            "this network was trained on a curve from a file, so the circuit of its neurons is not known: train it "
            "with --device, --r-series and --capacitance"
        )
    if settings.encoding != "spikes":
        raise NeurokitError(
            f"this network hears its input as {settings.encoding} rates; a circuit sends spikes: train with "
            "--encoding spikes"
        )
    cells = Cells(settings.neuron, former_of(network, parts), bin=bin_width)
    circuit, unrealised = mapped(network, cells.former, settings.tau, parts)
    with torch.no_grad():
        drives = network.pixel_drive(torch.arange(LEVELS, dtype=torch.float64)).double().numpy()
    return Board(circuit, unrealised, cells, drives, settings.window)
