"""Where a neuron's energy goes: what the source gives, what each part turns into heat, and whether the sum is right."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.simulation.outcome import Waveforms

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EnergyBalance:
    """Energies over the whole waveform, in J, and the time they took."""

    source: float  # given by the supply
    series_resistor: float
    device: float
    sense_resistor: float
    stored: float  # added to the capacitor
    duration: float  # s

    @property
    def residual(self) -> float:
        """What is missing from the balance, relative to what the source gave: integration error, nothing else."""
        scale = max(abs(self.source), self.spent, np.finfo(float).tiny)
        return float((self.source - self.spent) / scale)

    @property
    def spent(self) -> float:
        """What its parts turned into heat, and the capacitor took, in J."""
        return self.series_resistor + self.device + self.sense_resistor + self.stored

    @property
    def mean_power(self) -> float:
        """Mean power of the source, in W."""
        return self.source / self.duration

    def per_spike(self, spikes: int) -> float:
        """Energy that the source gives for each spike, in J; infinite where there is none."""
        return self.source / spikes if spikes else float("inf")


def energy_balance(
    neuron: NeuronCircuit, waves: Waveforms, window: tuple[float, float] | None = None, at: str = ""
) -> EnergyBalance:
    """The energies of a neuron by integrating v * i of each part over a simulation of it, or a window of that (s).

    `at` ends the names of its nodes and of the source `V_in` that its current comes through.
    """
    t = _times_within(waves.time, window)
    v_in, v_osc, v_spk, i_source = (
        np.interp(t, waves.time, values)
        for values in (
            waves[f"v(in{at})"],
            waves[f"v(osc{at})"],
            waves[f"v(spk{at})"],
            -waves[f"i(v_in{at})"],
        )
    )
    i_device = v_spk / neuron.r_sense
    return EnergyBalance(
        source=_integral(t, v_in * i_source),
        series_resistor=_integral(t, (v_in - v_osc) ** 2 / neuron.r_series),
        device=_integral(t, (v_osc - v_spk) * i_device),
        sense_resistor=_integral(t, v_spk * i_device),
        stored=float(neuron.capacitance * (v_osc[-1] ** 2 - v_osc[0] ** 2) / 2),
        duration=float(t[-1] - t[0]),
    )


def _times_within(time: Floats, window: tuple[float, float] | None) -> Floats:
    if window is None:
        return time
    begin, end = window
    return np.concatenate([[begin], time[(time > begin) & (time < end)], [end]])


def _integral(t: Floats, power: Floats) -> float:
    return float(np.trapezoid(power, t))
