"""A thousand switching cycles in ngspice with the published cycle-to-cycle spread."""

import numpy as np
import pytest
from scipy import stats

from neurokit.circuits import iv_netlist
from neurokit.device import Vo2x
from neurokit.device.closed_form import thresholds
from neurokit.device.equations import threshold_noise
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import device_coefficients
from neurokit.simulation import simulate

PUBLISHED_SPREAD = 0.0072  # cycle to cycle, Li Z. et al. 2024
EDGE = 4e-3  # s; 5000 thermal times, so that the sweep switches at the static threshold


def cycled_thresholds(cycles, seed):
    """V_th of each cycle of a triangle sweep on a pristine device whose noise changes once an edge."""
    device = Vo2x(noise=PUBLISHED_SPREAD, noise_step=EDGE, seed=seed)
    netlist = iv_netlist(device, 1.15 * thresholds(device).v_threshold, cycles=cycles, edge=EDGE)
    waves = simulate(netlist).checked().waveforms
    t, v, g = waves.time, waves["v(a)"], -waves["i(v_sweep)"] / np.maximum(waves["v(a)"], 1e-3)
    cycle = np.floor(t / (2 * EDGE)).astype(int)
    rising = t % (2 * EDGE) < EDGE
    return device, np.array([v[rising & (cycle == k) & (g < 1e-3)].max() for k in range(cycles)])


@pytest.mark.parametrize("cycles", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_the_published_spread_is_recovered_within_its_confidence_interval(cycles):
    _, v_on = cycled_thresholds(cycles, seed=7)
    assert len(v_on) == cycles
    variance = np.var(np.log(v_on), ddof=1)
    low, high = ((cycles - 1) * variance / stats.chi2.ppf(p, cycles - 1) for p in (0.975, 0.025))
    assert low < PUBLISHED_SPREAD**2 < high
    assert stats.kstest(np.log(v_on), "norm", (np.log(v_on).mean(), np.sqrt(variance))).pvalue > 1e-3


def test_each_cycles_threshold_is_the_nominal_one_times_its_own_noise():
    device, v_on = cycled_thresholds(30, seed=11)
    noise = threshold_noise(numpy_maths(), device_coefficients(device), (2 * np.arange(30) + 0.5) * EDGE)
    assert np.corrcoef(np.log(v_on), noise)[0, 1] > 0.999
    assert np.polyfit(noise, np.log(v_on), 1)[0] == pytest.approx(1, abs=0.02)
