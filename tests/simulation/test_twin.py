"""The twin against independent integrations of the same equations, conservation laws, and ngspice."""

import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import RK45, simpson, solve_ivp

from neurokit.circuits.drive import Constant, Pulse, Pwl, Sine
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device import DEVICES, Vo2x
from neurokit.device.closed_form import v_firing_onset, v_latching
from neurokit.device.equations import conductance, heat_loss, metal_fraction_rate
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import device_coefficients
from neurokit.errors import OutOfRangeError
from neurokit.simulation import dormand_prince
from neurokit.simulation.outcome import Cause, Status
from neurokit.simulation.segments import segments
from neurokit.simulation.twin import Until, simulate_twin, spike_times, spikes_until

XP = numpy_maths()


def make_oscillating(rng):
    """A random neuron well inside its oscillating range, its drive, and a time in which it fires several times."""
    while True:
        device = Vo2x(x=rng.uniform(0, 0.03))
        r_series, capacitance = np.exp(rng.uniform(np.log([1e3, 3e-10]), np.log([2e4, 1e-8])))
        low, high = v_firing_onset(device, r_series), v_latching(device, r_series)
        v = low + (high - low) * rng.uniform(0.3, 0.7)
        neuron = NeuronCircuit(device, float(r_series), float(capacitance))
        t_stop = 6e-6 + 3 * r_series * capacitance
        if high > 1.2 * low and spike_times([neuron], [Constant(v)], t_stop).counts[0] >= 4:
            return neuron, Constant(float(v)), t_stop


def reference_spikes(neuron, drive, t_stop):
    """Spikes by SciPy's DOP853 from the NumPy equations, to a relative tolerance of 1e-9."""
    c = device_coefficients(neuron.device)

    def rates(t, y):
        v, theta, u = y
        g = conductance(XP, c, theta, u)
        v_device = v / (1 + g * neuron.r_sense)
        dv = ((drive.v - v) / neuron.r_series - v_device * g) / neuron.capacitance
        heat = v_device**2 * g - heat_loss(XP, c, theta, u)
        return dv, heat / c.c_heat, metal_fraction_rate(XP, c, theta, u)

    def fires(t, y):
        return y[2] - 0.5

    fires.direction = 1
    start = (0.0, 0.0, c.u_start)
    atol = (1e-10, 1e-9, 1e-11)
    tight = {"method": "DOP853", "rtol": 1e-9, "atol": atol, "max_step": 1e-7, "events": fires}
    return solve_ivp(rates, (0, t_stop), start, **tight).t_events[0]


@pytest.mark.parametrize("seed", range(10))
def test_period_is_within_1e_4_of_an_independent_integrator(seed):
    neuron, drive, t_stop = make_oscillating(np.random.default_rng(seed))
    expected = reference_spikes(neuron, drive, t_stop)
    (found,) = spike_times([neuron], [drive], t_stop).spikes
    assert len(found) == len(expected)
    assert np.diff(found).mean() == pytest.approx(np.diff(expected).mean(), rel=1e-4)


def test_tableau_is_the_one_that_scipy_has():
    np.testing.assert_allclose(dormand_prince.A[:6, :5], RK45.A, rtol=1e-15)
    np.testing.assert_allclose(dormand_prince.A[6], RK45.B, rtol=1e-15)
    np.testing.assert_allclose(dormand_prince.NODES[:6], RK45.C, rtol=1e-15)
    np.testing.assert_allclose(dormand_prince.ERROR, -RK45.E, rtol=1e-12)


def test_energy_from_the_source_is_stored_or_turned_into_heat():
    neuron = NeuronCircuit(DEVICES[1])
    w = simulate_twin(neuron, Constant(12.5), 30e-6, sample=1e-9, rtol=1e-8).checked().waveforms
    supplied = simpson(-w["v(in)"] * w["i(v_in)"], x=w.time)
    in_resistors = simpson(w["i(v_in)"] ** 2 * neuron.r_series + w["v(spk)"] ** 2 / neuron.r_sense, x=w.time)
    in_device = simpson((w["v(osc)"] - w["v(spk)"]) * w["v(spk)"] / neuron.r_sense, x=w.time)
    in_capacitor = neuron.capacitance * w["v(osc)"][-1] ** 2 / 2
    assert supplied == pytest.approx(in_resistors + in_device + in_capacitor, rel=1e-6)
    film, theta = neuron.device.film, w["v(t_kelvin)"] - neuron.device.t_ambient
    assert in_device == pytest.approx(film.c_thermal * theta[-1] + simpson(film.s_thermal * theta, x=w.time), rel=1e-6)


def test_samples_between_steps_are_as_exact_as_the_steps():
    asked = {"neuron": NeuronCircuit(DEVICES[2]), "drive": Constant(12.5), "t_stop": 12e-6, "sample": 5e-9}
    plain, tight = simulate_twin(**asked).waveforms, simulate_twin(**asked, rtol=1e-10).waveforms
    assert plain.time[-1] == 12e-6
    np.testing.assert_allclose(plain["v(osc)"], tight["v(osc)"], atol=2e-3)


def test_metallic_end_never_oscillates():
    rng = np.random.default_rng(7)
    neurons = [NeuronCircuit(Vo2x(x=0.1), r, c) for r, c in np.exp(rng.uniform([5, -24], [11, -17], (200, 2)))]
    batch = spike_times(neurons, [Constant(v) for v in rng.uniform(0.5, 20, 200)], 50e-6)
    assert set(batch.status) == {Status.OK}
    assert batch.counts.max() <= 1


def test_extreme_neurons_all_finish():
    rng = np.random.default_rng(8)
    low, high = np.log([200, 30e-12]), np.log([50e3, 30e-9])
    circuits = np.exp(rng.uniform(low, high, (300, 2)))
    neurons = [NeuronCircuit(Vo2x(x=rng.uniform(0, 0.1)), r, c) for r, c in circuits]
    batch = spike_times(neurons, [Constant(v) for v in rng.uniform(0.5, 20, 300)], 50e-6)
    assert set(batch.status) == {Status.OK}
    assert np.all(batch.t_end == 50e-6)
    assert np.all((batch.v_end >= 0) & (batch.v_end <= 20))
    assert np.all((batch.u_end > -1e-6) & (batch.u_end < 1 + 1e-6))


def test_a_negative_drive_gives_the_same_spikes_with_the_other_sign():
    neuron = NeuronCircuit(DEVICES[3])
    up, down = (simulate_twin(neuron, Constant(v), 30e-6).waveforms for v in (12.5, -12.5))
    np.testing.assert_array_equal(up["v(spk)"], -down["v(spk)"])
    np.testing.assert_array_equal(up["v(u)"], down["v(u)"])


def test_a_batch_is_its_single_runs():
    neurons = [NeuronCircuit(DEVICES[n], r) for n, r in ((1, 3e3), (3, 5e3), (2, 4e3))]
    drives = [Constant(12.5), Sine(14.0, 100e-6), Pulse(12.5, 40e-6)]
    batch = spike_times(neurons, drives, 100e-6)
    for k, (neuron, drive) in enumerate(zip(neurons, drives, strict=True)):
        alone = spike_times([neuron], [drive], 100e-6)
        np.testing.assert_array_equal(batch.spikes[k], alone.spikes[0])
        w = simulate_twin(neuron, drive, 100e-6).waveforms
        assert (batch.v_end[k], batch.u_end[k]) == (w["v(osc)"][-1], w["v(u)"][-1])
        rises = np.flatnonzero((w["v(u)"][:-1] < 0.5) & (w["v(u)"][1:] >= 0.5))
        assert len(rises) == len(batch.spikes[k]) > 3
        assert np.all((w.time[rises] <= batch.spikes[k]) & (batch.spikes[k] <= w.time[rises + 1]))


def test_spikes_can_be_read_off_the_sampling_resistor():
    asked = [NeuronCircuit(DEVICES[1])], [Constant(12.5)], 60e-6
    by_u, by_v = spike_times(*asked), spike_times(*asked, signal="v(spk)", level=0.05)
    assert by_u.counts == by_v.counts
    assert by_u.rates == pytest.approx(by_v.rates, rel=1e-4)
    assert np.abs(by_u.spikes[0] - by_v.spikes[0]).max() < 0.2e-6


def test_the_same_seed_gives_the_same_noise_and_another_seed_other_noise():
    noisy = [NeuronCircuit(replace(DEVICES[1], noise=0.0072, seed=seed)) for seed in (1.0, 1.0, 2.0)]
    first, again, other = spike_times(noisy, [Constant(12.5)] * 3, 200e-6).spikes
    np.testing.assert_array_equal(first, again)
    assert len(other) == pytest.approx(len(first), abs=1)
    assert not np.array_equal(first, other)
    assert 0.001 < np.diff(first)[1:].std() / np.diff(first).mean() < 0.1


@pytest.mark.parametrize(
    ("drive", "time", "expected"),
    [
        (Constant(5.0), [0, 1e-6], [5, 5]),
        (Sine(2.0, 4e-6), [0, 1e-6, 3e-6], [0, 2, -2]),
        (Pulse(3.0, 1e-6, 4e-6, 1e-7, delay=1e-6), [0.5e-6, 1.05e-6, 1.5e-6, 2.15e-6, 5.5e-6], [0, 1.5, 3, 1.5, 3]),
        (Pulse(3.0, 1e-6), [0.5e-6, 5e-6], [3, 0]),
        (Pwl(((1e-6, 1.0), (2e-6, 3.0))), [0.5e-6, 1.5e-6, 9e-6], [1, 2, 3]),
        (Pwl(((0.0, 1.0), (1e-6, 3.0), (2e-6, 2.0)), repeat=True), [0.5e-6, 1.5e-6, 2e-6, 2.5e-6], [2, 2.5, 1, 2]),
    ],
)  # fmt: skip
def test_segments_follow_the_drive(drive, time, expected):
    for device in (Vo2x(), Vo2x(noise=0.01)):
        found = segments(drive, device, 10e-6, 1e-9).voltage(np.array(time))
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_steps_end_on_the_edges_of_a_pulse():
    drive = Pulse(12.5, 2e-6, 4e-6)
    time = simulate_twin(NeuronCircuit(), drive, 20e-6).waveforms.time
    edges = [k * 4e-6 + at for k in range(5) for at in (0.0, 1e-9, 2.001e-6, 2.002e-6)]
    assert np.all(np.abs(time[:, None] - edges).min(axis=0) < 1e-17)


@pytest.mark.parametrize(
    ("change", "cause", "status"),
    [
        ({"drive": Constant(1e200)}, Cause.NOT_FINITE, Status.FAILED),
        ({"drive": Pwl(((0.0, 1.0), (5e-6, 1.0), (6e-6, 1e200)))}, Cause.NOT_FINITE, Status.PARTIAL),
        ({"neuron": NeuronCircuit(r_series=1.0, capacitance=1e-25)}, Cause.TIMESTEP_TOO_SMALL, Status.FAILED),
        ({"max_steps": 100}, Cause.INCOMPLETE, Status.PARTIAL),
    ],
)
def test_failures_have_a_cause_and_keep_what_was_computed(change, cause, status):
    asked = {"neuron": NeuronCircuit(), "drive": Constant(12.5), "t_stop": 50e-6} | change
    outcome = simulate_twin(**asked)
    assert (outcome.cause, outcome.status) == (cause, status)
    assert outcome.messages
    assert outcome.advice
    assert np.isfinite(outcome.waveforms["v(osc)"]).all()
    batch = spike_times([asked.pop("neuron")], [asked.pop("drive")], **asked)
    assert (batch.cause, batch.status) == ((cause,), (status,))


@pytest.mark.parametrize("wrong", [{"rtol": 0.0}, {"sample": 0.0}, {"t_stop": -1.0}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(OutOfRangeError, match=next(iter(wrong))):
        simulate_twin(**{"neuron": NeuronCircuit(), "drive": Constant(1.0), "t_stop": 1e-6} | wrong)


@pytest.mark.skipif(shutil.which("ngspice") is None, reason="needs ngspice")
def test_twin_and_ngspice_give_the_same_signals_for_the_same_netlist():
    from neurokit.simulation import simulate

    twin = simulate_twin(NeuronCircuit(DEVICES[2]), Constant(12.5), 20e-6)
    spice = simulate(twin.netlist).checked()
    assert (twin.engine, spice.engine) == ("twin", "ngspice")
    assert set(spice.waveforms.signals) == set(twin.waveforms.signals)
    early = spice.waveforms.time < 7e-6  # one spike: after many, a small difference in period is a large one in voltage
    for name, tolerance in (
        ("v(osc)", 0.02),
        ("v(spk)", 1e-3),
        ("v(in)", 1e-9),
        ("i(v_in)", 1e-5),
        ("v(t_kelvin)", 1.0),
    ):
        expected = spice.waveforms[name][early]
        found = np.interp(spice.waveforms.time[early], twin.waveforms.time, twin.waveforms[name])
        np.testing.assert_allclose(found, expected, atol=tolerance, err_msg=name)


def test_numba_is_not_imported_before_it_is_needed():
    code = "import sys, neurokit.simulation.twin; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_where_no_cache_can_be_written_functions_are_compiled_without(monkeypatch):
    from numba.core.caching import CacheImpl

    from neurokit.simulation.compiled import compiled

    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    assert compiled(lambda a: a + 1)(1) == 2


UNTIL = Until(t_stop=400e-6, spike_level=0.012, span=6e-6, rest=1e-3, repeat=1e-3)  # of the paper's circuit


@pytest.mark.parametrize(
    ("device", "v", "ended_by", "fired"),
    [(1, 12.5, "repeat", True), (1, 5.0, "rest", False), (1, 25.0, "rest", True), (5, 12.5, "rest", True)],
)
def test_a_run_ends_when_it_rests_or_repeats_itself_with_the_spikes_of_the_whole_time(device, v, ended_by, fired):
    neuron, drive = NeuronCircuit(DEVICES[device]), Constant(v)
    short = spikes_until([neuron], [drive], [UNTIL])
    whole = spike_times([neuron], [drive], UNTIL.t_stop, signal="v(spk)", level=UNTIL.spike_level)
    assert (short.status, short.ended_by) == ((Status.OK,), (ended_by,))
    assert short.t_end[0] < UNTIL.t_stop / 4
    assert (len(short.spikes[0]) > 0) == (len(whole.spikes[0]) > 0) == fired
    before = whole.spikes[0][whole.spikes[0] <= short.t_end[0]]
    np.testing.assert_allclose(short.spikes[0], before, rtol=1e-5)
    if ended_by == "repeat":
        assert short.t_end[0] - short.spikes[0][-1] < np.diff(short.spikes[0])[-1] / 2
        rate = (len(whole.spikes[0]) - 4) / (whole.spikes[0][-1] - whole.spikes[0][3])
        assert 1 / np.diff(short.spikes[0][-4:]).mean() == pytest.approx(rate, rel=1e-3)
        assert (short.v_low[0], short.v_high[0]) == pytest.approx((whole.v_low[0], whole.v_high[0]), rel=0.02)
    else:
        assert short.signal_end[0] == pytest.approx(whole.signal_end[0], rel=5e-3)


def test_what_neither_rests_nor_repeats_goes_on_to_the_last_time():
    runs = spikes_until(
        [NeuronCircuit(DEVICES[1])] * 2,
        [Constant(12.5)] * 2,
        [replace(UNTIL, t_stop=30e-6, rest=1e-15, repeat=1e-15), replace(UNTIL, t_stop=8e-6)],
    )
    assert runs.ended_by == ("last time", "last time")
    assert list(runs.t_end) == [30e-6, 8e-6]
