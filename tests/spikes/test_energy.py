"""Energy of neurons against exact integrals and against conservation."""

import numpy as np
import pytest

from neurokit.circuits import NeuronCircuit, neuron_netlist
from neurokit.device import DEVICES
from neurokit.simulation import simulate
from neurokit.simulation.outcome import Waveforms
from neurokit.spikes.energy import energy_balance


def test_charging_a_capacitor_through_a_resistor_loses_half_of_the_energy():
    neuron = NeuronCircuit(r_series=1e3, capacitance=1e-9)
    t = np.linspace(0, 30e-6, 60_001)
    v = 5 * (1 - np.exp(-t / 1e-6))
    signals = {"time": t, "v(in)": np.full_like(t, 5.0), "v(osc)": v, "v(spk)": np.zeros_like(t)}
    balance = energy_balance(neuron, Waveforms("test", "time", signals | {"i(v_in)": -(5 - v) / 1e3}))
    assert balance.source == pytest.approx(1e-9 * 25, rel=1e-4)
    assert balance.series_resistor == pytest.approx(1e-9 * 25 / 2, rel=1e-4)
    assert balance.stored == pytest.approx(1e-9 * 25 / 2, rel=1e-4)
    assert balance.residual == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("number", DEVICES)
def test_the_energy_of_a_simulated_neuron_balances_to_a_thousandth(number):
    neuron = NeuronCircuit(DEVICES[number])
    balance = energy_balance(neuron, simulate(neuron_netlist(neuron)).checked().waveforms)
    assert abs(balance.residual) < 1e-3
    assert balance.device > 0
    assert balance.per_spike(0) == float("inf")
