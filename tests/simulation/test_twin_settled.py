"""Where constant drives end, by the twin: against its own waveforms and for devices with additions against SciPy."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from neurokit.circuits.drive import Constant
from neurokit.circuits.neuron import NeuronCircuit, neuron_netlist
from neurokit.device import DEVICES
from neurokit.device.equations import conductance, heat_loss, metal, metal_fraction_rate, reversible_rate
from neurokit.device.film import FILM_PARAMETERS
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import device_coefficients
from neurokit.simulation import simulate
from neurokit.simulation.twin import settled, simulate_twin

XP = numpy_maths()
FILM = DEVICES[1].film
ADDED = replace(
    FILM,
    s_growth=2.0,
    beta_ratio=0.8,
    u_reversible=0.1,
    beta_reversible=0.3,
    d_reversible=-2.0,
    tau_reversible=2e-7,
    r_contact=30.0,
    sources=dict.fromkeys(FILM_PARAMETERS, "made up"),
)
NEURON = NeuronCircuit(replace(DEVICES[1], film=ADDED))


def test_rest_and_oscillation_are_told_apart_with_mean_swing_and_frequency():
    neuron = NeuronCircuit(DEVICES[1])
    found = settled([neuron] * 3, [Constant(v) for v in (6.0, 11.0, 16.0)], 400e-6, span=20e-6, rtol=1e-6)
    assert found.ended_by == ("rest", "repeat", "rest")
    assert np.isnan(found.frequency[[0, 2]]).all()
    assert (found.swing[[0, 2]] == 0).all()
    waves = simulate_twin(neuron, Constant(11.0), 400e-6, sample=10e-9).waveforms
    v, time = waves["v(osc)"], waves.time
    rises = np.flatnonzero((v[:-1] < 5) & (v[1:] >= 5))[-6:]
    assert found.frequency[1] == pytest.approx(5 / (time[rises[-1]] - time[rises[0]]), rel=1e-3)
    assert found.swing[1] == pytest.approx(np.ptp(v[len(v) // 2 :]), rel=1e-3)
    assert found.mean[1] == pytest.approx(v[rises[0] : rises[-1]].mean(), rel=3e-3)


def test_ringing_that_dies_away_is_rest():
    found = settled([NeuronCircuit(DEVICES[1], capacitance=0.1e-9)], [Constant(30.0)], 1e-3, span=20e-6)
    assert found.ended_by == ("rest",)
    assert found.swing == pytest.approx([0])


def by_scipy(v_in, t_stop, times):
    c = device_coefficients(NEURON.device)

    def slope(_, y):
        v, theta, u, w = y
        g = conductance(XP, c, theta, metal(XP, c, u, w))
        core = v / (1 + g * (NEURON.r_sense + c.r_lead))
        charging = ((v_in - v) / NEURON.r_series - g * core) / NEURON.capacitance
        heating = (g * core**2 - heat_loss(XP, c, theta, u)) / c.c_heat
        return [charging, heating, metal_fraction_rate(XP, c, theta, u), reversible_rate(XP, c, theta, w)]

    start = [0.0, 0.0, float(c.u_start), float(c.w_start)]
    return solve_ivp(slope, (0, t_stop), start, "LSODA", times, rtol=1e-9, atol=1e-12, max_step=t_stop / 2000).y


def test_a_device_with_additions_runs_alike_in_ngspice_in_the_twin_and_in_scipy():
    v_in, t_stop = 11.0, 40e-6
    times = np.linspace(0, t_stop, 400)
    v, _, u, _ = by_scipy(v_in, t_stop, times)
    assert np.ptp(u) > 0.5  # it fires
    twin = simulate_twin(NEURON, Constant(v_in), t_stop).checked().waveforms
    spice = simulate(neuron_netlist(NEURON, Constant(v_in), t_stop, temperature=True)).checked().waveforms
    for waves in (twin, spice):
        # spikes are steep: a shift of 20 ns is allowed, and nothing else
        near = [np.interp(times + shift, waves.time, waves["v(osc)"]) for shift in np.linspace(-20e-9, 20e-9, 9)]
        assert np.abs(np.array(near) - v).min(axis=0).max() < 0.05
