"""The device in ngspice against closed form, an independent ODE solver and the paper's text."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from neurokit.circuits import NeuronCircuit, iv_netlist, neuron_netlist
from neurokit.circuits.drive import Constant
from neurokit.device import DEVICES, MEASURED_THRESHOLDS, Vo2x
from neurokit.device.closed_form import (
    has_thresholds,
    threshold_limit,
    thresholds,
    triple_point,
    v_firing_onset,
    v_latching,
)
from neurokit.device.equations import conductance, metal_fraction_rate
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import device_coefficients
from neurokit.simulation import simulate
from neurokit.spikes.switching import rising_crossings, switching_voltages

XP = numpy_maths()


def _sweep(device, both_signs=False):
    netlist = iv_netlist(device, v_max=1.3 * thresholds(device).v_threshold, both_signs=both_signs)
    waves = simulate(netlist).checked().waveforms
    return waves.time, waves["v(a)"], -waves["i(v_sweep)"]


def _found(sweep):
    _, v, i = sweep
    return switching_voltages(v, i)


@pytest.fixture(scope="module")
def sweeps():
    return {number: _sweep(device, both_signs=True) for number, device in DEVICES.items()}


@pytest.mark.parametrize("number", MEASURED_THRESHOLDS)
def test_a_slow_sweep_switches_at_the_published_threshold(sweeps, number):
    assert _found(sweeps[number]).v_threshold == pytest.approx(MEASURED_THRESHOLDS[number], rel=0.02)


def test_swept_threshold_and_hysteresis_fall_with_x(sweeps):
    loops = [_found(sweeps[number]) for number in sorted(sweeps)]
    assert (np.diff([loop.v_threshold[0] for loop in loops]) < 0).all()
    assert (np.diff([loop.v_threshold[0] - loop.v_hold[0] for loop in loops]) < 0).all()


@pytest.mark.parametrize("number", DEVICES)
def test_the_iv_loop_is_symmetric_in_sign(sweeps, number):
    found = _found(sweeps[number])
    assert found.v_threshold[1] == pytest.approx(found.v_threshold[0], rel=0.01)
    assert found.v_hold[1] == pytest.approx(found.v_hold[0], rel=0.01)
    t, _, i = sweeps[number]
    grid = np.linspace(0.05, 0.95, 200) * t[-1] / 2
    away = np.abs(np.interp(grid, t, np.gradient(i, t))) < 1e3 * np.median(np.abs(np.gradient(i, t)))
    assert np.interp(grid + t[-1] / 2, t, i)[away] == pytest.approx(-np.interp(grid, t, i)[away], rel=0.01)


def test_swept_thresholds_are_the_closed_form_for_50_random_deficiencies():
    rng = np.random.default_rng(50)
    for x in rng.uniform(0, 0.95 * threshold_limit(Vo2x()), 50):
        device = Vo2x(x=x)
        expected, found = thresholds(device), _found(_sweep(device))
        assert found.v_threshold == pytest.approx(expected.v_threshold, rel=0.01), x
        assert found.v_hold == pytest.approx(expected.v_hold, rel=0.01), x


@pytest.fixture(scope="module")
def paper_runs():
    """The five devices at 12.5 V, 3 kohm, 1.8 nF over 100 us."""
    netlists = [neuron_netlist(NeuronCircuit(DEVICES[n]), temperature=True) for n in sorted(DEVICES)]
    return [simulate(netlist).checked().waveforms for netlist in netlists]


def _amplitude(waves):
    return np.ptp(waves["v(osc)"][waves.time > 50e-6])


def test_at_the_papers_operating_point_devices_1_to_4_oscillate_and_5_does_not(paper_runs):
    amplitudes = [_amplitude(waves) for waves in paper_runs]
    assert (np.diff(amplitudes) < 0).all()
    assert min(amplitudes[:4]) > 0.1 * amplitudes[0]
    assert amplitudes[4] < 0.05 * amplitudes[0]


def test_at_the_papers_operating_point_no_device_reaches_600_kelvin(paper_runs):
    assert max(waves["v(t_kelvin)"].max() for waves in paper_runs) < 600


def _derivatives(neuron, v_in):
    c = device_coefficients(neuron.device)

    def f(_, y):
        v_osc, theta, u = y
        g = conductance(XP, c, theta, u)
        v = v_osc / (1 + g * neuron.r_sense)
        i = v * g
        charging = ((v_in - v_osc) / neuron.r_series - i) / neuron.capacitance
        return [charging, (v * i - c.s_loss * theta) / c.c_heat, metal_fraction_rate(XP, c, theta, u)]

    return f


def _solved_rises(neuron, v_in, t_stop):
    """Switch-on times by SciPy at rtol 1e-9, found as events of the solver."""

    def rise(_, y):
        return y[2] - 0.3

    rise.direction = 1
    start = [0.0, 0.0, float(device_coefficients(neuron.device).u_start)]
    step = (neuron.r_series * neuron.capacitance + 0.8e-6) / 20
    solution = solve_ivp(
        _derivatives(neuron, v_in), (0, t_stop), start, "LSODA", rtol=1e-9, atol=1e-12, max_step=step, events=rise
    )
    return solution.t_events[0]


def _oscillating_neurons(count, seed):
    """Random neurons that switch on at least five times in their window, with those times by the ODE solver."""
    rng, found = np.random.default_rng(seed), []
    while len(found) < count:
        device = Vo2x(x=rng.uniform(0, 0.045))
        r_series = triple_point(device).r_series * 10 ** rng.uniform(0.05, 1.2)
        low, high = float(v_firing_onset(device, r_series)), float(v_latching(device, r_series))
        v_in = low + (high - low) * rng.uniform(0.1, 0.9)
        neuron = NeuronCircuit(device, r_series, 10 ** rng.uniform(-10.5, -8))
        t_stop = 12 * (neuron.r_series * neuron.capacitance + 2e-6)
        rises = _solved_rises(neuron, v_in, t_stop)
        if len(rises) >= 5:
            found.append((neuron, v_in, t_stop, rises))
    return found


def test_the_period_is_that_of_an_ode_solution_for_60_random_neurons():
    for neuron, v_in, t_stop, expected in _oscillating_neurons(60, seed=60):
        waves = simulate(neuron_netlist(neuron, Constant(v_in), t_stop, temperature=True)).checked().waveforms
        rises = rising_crossings(waves.time, waves["v(u)"], level=0.3, band=0.02)
        last = min(len(rises), len(expected)) - 1
        period = (rises[last] - rises[1]) / (last - 1)
        assert period == pytest.approx((expected[last] - expected[1]) / (last - 1), rel=1e-3), (neuron, v_in)


def test_the_metallic_end_never_oscillates():
    rng = np.random.default_rng(100)
    device = Vo2x(x=0.1)
    assert not has_thresholds(device)
    for _ in range(25):
        neuron = NeuronCircuit(device, 10 ** rng.uniform(2.3, 4.7), 10 ** rng.uniform(-10.5, -8))
        tau = neuron.r_series * neuron.capacitance + 0.8e-6
        waves = simulate(neuron_netlist(neuron, Constant(rng.uniform(0.5, 20)), 20 * tau)).checked().waveforms
        late = waves["v(osc)"][waves.time > 10 * tau]
        assert np.ptp(late) < 1e-3 * late.max()


def random_decks(count, seed=1000):
    """Neurons over the whole range of x, R_s, supply and C, each over twenty of its time constants."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        neuron = NeuronCircuit(
            Vo2x(x=rng.uniform(0, 0.1)),
            10 ** rng.uniform(np.log10(200), np.log10(5e4)),
            10 ** rng.uniform(-10.52, -7.52),
        )
        t_stop = min(20 * (neuron.r_series * neuron.capacitance + 0.8e-6), 100e-6)
        yield neuron_netlist(neuron, Constant(rng.uniform(0.5, 20)), t_stop)


def _unfinished(count):
    outcomes = [simulate(netlist, retry=False) for netlist in random_decks(count)]
    return [outcome.explain() for outcome in outcomes if not outcome.complete]


def test_40_random_decks_finish_without_a_retry():
    assert _unfinished(40) == []


@pytest.mark.slow
def test_1000_random_decks_finish_without_a_retry():
    assert _unfinished(1000) == []
