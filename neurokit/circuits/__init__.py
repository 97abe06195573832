"""What is built with the device: each file one circuit that becomes a netlist."""

from collections.abc import Callable

from neurokit.circuits.iv_sweep import iv_netlist
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.neuron import NeuronCircuit, neuron_netlist
from neurokit.device.vo2x import DEVICES

__all__ = ["CIRCUITS", "Netlist", "NeuronCircuit", "iv_netlist", "neuron_netlist"]

LIBRARY_PATH = "../spice_models/vo2x.lib"  # from netlists/ to the library

# The netlists that ship in netlists/, by file name without suffix.
CIRCUITS: dict[str, Callable[[], Netlist]] = {
    "neuron": lambda: neuron_netlist(NeuronCircuit(DEVICES[1]), include=LIBRARY_PATH),
    "iv_sweep": lambda: iv_netlist(DEVICES[1], v_max=8.0, both_signs=True, include=LIBRARY_PATH),
}
