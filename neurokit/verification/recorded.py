"""What is kept of a simulated neuron: its spikes, what the next layer hears of its pulses, and its energies.

Pulses are kept as their mean voltage in bins. With bins of 25 ns, about a time step, spikes of neurons that hear the
means and of those that hear the pulses themselves are 5 ns apart, 20 ns where a neuron only just fires (16-8-4).
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.pulse import PulseFormer
from neurokit.simulation.outcome import Waveforms
from neurokit.spikes.energy import EnergyBalance, energy_balance
from neurokit.spikes.switching import rising_crossings
from neurokit.verification.cells import Cells

Floats = NDArray[np.float64]

LEVELS = 20_000  # of a pulse's height, in which its means are kept


@dataclass(frozen=True, eq=False)
class Recorded:
    """One neuron over a window."""

    spikes: Floats  # s, when its pulses begin
    pulses: Floats  # V, means of the bins
    energy: EnergyBalance
    charge: float  # C, that it took from its drive; what flows back into an amplifier is lost there

    def to_json(self, former: PulseFormer) -> dict[str, Any]:
        levels = np.rint(self.pulses * (LEVELS / former.height)).astype("<i2")
        return {
            "spikes": self.spikes.tolist(),
            "pulses": b64encode(zlib.compress(levels.tobytes())).decode("ascii"),
            "energy": asdict(self.energy),
            "charge": self.charge,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any], former: PulseFormer) -> "Recorded":
        levels = np.frombuffer(zlib.decompress(b64decode(row["pulses"])), dtype="<i2")
        return cls(
            np.array(row["spikes"]), levels * (former.height / LEVELS), EnergyBalance(**row["energy"]), row["charge"]
        )


def recorded(cells: Cells, waves: Waveforms, at: str, t_stop: float) -> Recorded:
    """What is kept of the waveforms of the neuron whose names end in `at`."""
    time, pulses = waves.time, waves[f"v(pulse{at})"]
    return Recorded(
        spikes=pulse_times(time, pulses, cells.former),
        pulses=means(time, pulses, bin_edges(t_stop, cells.bin)),
        energy=energy_balance(cells.neuron, waves, at=at),
        charge=float(np.trapezoid((-waves[f"i(v_in{at})"]).clip(min=0.0), time)),
    )


def pulse_times(time: Floats, pulses: Floats, former: PulseFormer) -> Floats:
    """When the pulses begin, in s."""
    return rising_crossings(time, pulses, former.height / 2, former.height / 4)


def bin_edges(t_stop: float, width: float) -> Floats:
    """Bins of at most this width."""
    return np.linspace(0.0, t_stop, ceil(t_stop / width - 1e-9) + 1)


def means(time: Floats, values: Floats, edges: Floats) -> Floats:
    """The mean of a waveform, straight lines between its times, between each two edges."""
    t = np.union1d(time, edges)
    v = np.interp(t, time, values)
    area = np.concatenate([[0.0], np.cumsum(np.diff(t) * (v[1:] + v[:-1]) / 2)])
    found: Floats = np.diff(area[np.searchsorted(t, edges)]) / np.diff(edges)
    return found
