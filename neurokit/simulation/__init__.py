"""From a netlist to waveforms: back ends, outcomes with causes, retries, safety, many at once, a cache."""

from neurokit.circuits.netlist import Netlist
from neurokit.simulation.cache import Cache
from neurokit.simulation.engine import BACKENDS, simulate, simulate_file
from neurokit.simulation.outcome import Cause, Limits, Outcome, Status, Waveforms
from neurokit.simulation.pool import simulate_each, simulate_many

__all__ = [
    "BACKENDS",
    "Cache",
    "Cause",
    "Limits",
    "Netlist",
    "Outcome",
    "Status",
    "Waveforms",
    "simulate",
    "simulate_each",
    "simulate_file",
    "simulate_many",
]
