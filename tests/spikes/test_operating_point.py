"""Operating points: ngspice against the twin, early ends against long simulations, failures with their cause."""

from dataclasses import replace

import numpy as np
import pytest

from neurokit.circuits.drive import Constant
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device import DEVICES, Vo2x
from neurokit.device.closed_form import switching_current, triple_point, v_firing_onset, v_latching
from neurokit.simulation import Cause, Limits
from neurokit.simulation.twin import spike_times
from neurokit.spikes.operating_point import LONGEST, certainty_of, measure, measure_by_twin
from neurokit.spikes.regime import Regime

# Device, series resistance (ohm), supply (V). The last three lie some per cent beside a boundary.
POINTS = {
    "device 1, the paper's circuit": (1, 3e3, 12.5),
    "device 2": (2, 4e3, 12.0),
    "device 3": (3, 4e3, 13.0),
    "device 4": (4, 5e3, 17.5),
    "device 1, below all": (1, 3e3, 4.0),
    "device 1, above all": (1, 3e3, 25.0),
    "device 4, without oscillation": (4, 400.0, 10.0),
    "device 1, just above onset": (1, 5e3, 1.03 * float(v_firing_onset(DEVICES[1], 5e3))),
    "device 1, just below onset": (1, 5e3, 0.98 * float(v_firing_onset(DEVICES[1], 5e3))),
    "device 2, just below latching": (2, 6e3, 0.93 * float(v_latching(DEVICES[2], 6e3))),
}


def make_point(name):
    number, r_series, v_in = POINTS[name]
    return NeuronCircuit(DEVICES[number], r_series), v_in


def long_simulation(neuron, v_in, spans=LONGEST, rtol=1e-6):
    """The regime after a time that no early end shortened, and the frequency of its last spikes."""
    level = switching_current(neuron.device) * neuron.r_sense
    t_stop = spans * certainty_of(neuron).span
    run = spike_times([neuron], [Constant(v_in)], t_stop, signal="v(spk)", level=level, rtol=rtol)
    (spikes,) = run.spikes
    if len(spikes) > 5 and t_stop - spikes[-1] < 3 * np.diff(spikes[-5:]).max():
        return Regime.OSCILLATING, 4 / (spikes[-1] - spikes[-5])
    return (Regime.FIRING if run.signal_end[0] > level else Regime.UN_FIRING), 0.0


@pytest.mark.parametrize("backend", ["ngspice", "pyspice"])
@pytest.mark.parametrize("name", POINTS)
def test_ngspice_and_twin_agree_on_regime_and_frequency(name, backend):
    neuron, v_in = make_point(name)
    spice = measure(neuron, v_in, backend=backend)
    (twin,) = measure_by_twin([neuron], [v_in])
    assert (spice.engine, twin.engine) == (backend, "twin")
    assert (spice.confidence, twin.confidence) == (1.0, 1.0)
    assert spice.regime is twin.regime
    assert spice.frequency == pytest.approx(twin.frequency, rel=1e-3)
    assert abs(spice.energy_residual) <= 1e-3
    assert np.isfinite(spice.first_latency) == np.isfinite(twin.first_latency)
    assert (spice.frequency > 0) == (spice.regime is Regime.OSCILLATING) == np.isfinite(spice.energy_per_spike)


def test_every_regime_is_among_the_points():
    assert {measure_by_twin([n], [v])[0].regime for n, v in map(make_point, POINTS)} == set(Regime)


def test_power_and_energy_of_an_oscillation_hang_together():
    neuron, v_in = make_point("device 1, the paper's circuit")
    point = measure(neuron, v_in)
    assert point.energy_per_spike == pytest.approx(point.power / point.frequency, rel=1e-6)
    assert 0 < point.device_energy_per_spike < point.energy_per_spike
    assert point.power < v_in**2 / neuron.r_series
    assert 0 < point.amplitude < v_in
    assert 0 < point.duty < 1


def test_a_point_at_rest_draws_what_a_divider_of_its_resistances_draws():
    neuron, v_in = make_point("device 1, above all")
    point = measure(neuron, v_in)
    r_on = neuron.device.film.r_metal
    assert point.power == pytest.approx(v_in**2 / (neuron.r_series + r_on + neuron.r_sense), rel=0.05)


def test_a_simulation_out_of_time_has_no_regime_and_its_cause():
    point = measure(*make_point("device 2"), limits=Limits(time_s=1e-6))
    assert (point.regime, point.confidence, point.cause) == (None, 0.0, Cause.TIME_LIMIT)
    assert not point.complete
    assert not np.isfinite([point.frequency, point.power, point.energy_per_spike]).any()
    assert point.netlist_sha256


def test_a_missing_simulator_is_a_point_without_regime(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    point = measure(*make_point("device 2"))
    assert (point.regime, point.cause) == (None, Cause.NO_SIMULATOR)
    assert "ngspice" in point.message


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_noisy_device_ends_with_a_frequency_whose_error_is_realistic(number):
    quiet, v_in = make_point(f"device {number}" + (", the paper's circuit" if number == 1 else ""))
    noisy = [replace(quiet, device=replace(quiet.device, noise=0.0072, seed=float(s))) for s in range(1, 41)]
    points = measure_by_twin(noisy, [v_in] * len(noisy))
    assert {point.regime for point in points} == {Regime.OSCILLATING}
    assert all(0.9 < point.confidence < 1 for point in points)  # a fluctuation may end any regime
    (mean,) = {round(long_simulation(quiet, v_in)[1], 3)}
    off = np.array([(point.frequency - mean) / point.frequency_error for point in points])
    assert 0.3 < np.median(np.abs(off)) < 2.5  # 0.7 of many intervals
    spice = measure(noisy[0], v_in)
    assert spice.regime is Regime.OSCILLATING
    assert 0.9 < spice.confidence < 1
    assert 1e-4 < spice.frequency_error / spice.frequency < 0.05
    assert spice.frequency == pytest.approx(mean, rel=0.05)


def random_points(count, seed):
    """Neurons all over the diagram, most of them near a boundary of the closed form."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        device = Vo2x(x=rng.uniform(0, 0.035))
        at = triple_point(device)
        r_series = at.r_series * np.exp(rng.uniform(np.log(0.3), np.log(6)))
        neuron = NeuronCircuit(device, float(r_series), float(np.exp(rng.uniform(np.log(3e-10), np.log(1e-8)))))
        near = (v_firing_onset(device, r_series), v_latching(device, r_series), at.v_in * rng.uniform(0.5, 4))[k % 3]
        yield neuron, float(near) * (1 + 0.02 * rng.standard_normal())


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_an_early_end_never_gives_another_regime_than_a_long_simulation_a_thousandth_from_a_boundary(seed):
    points = list(random_points(300, seed))
    early = measure_by_twin(*zip(*points, strict=True))
    for (neuron, v_in), point in zip(points, early, strict=True):
        regime, frequency = long_simulation(neuron, v_in)
        if point.regime is not regime:
            beside = {long_simulation(neuron, v_in * (1 + d))[0] for d in (-1e-3, 1e-3)}
            assert beside != {regime}, f"{neuron} at {v_in} V is {regime}, not {point.regime}"
        elif regime is Regime.OSCILLATING:
            assert point.frequency == pytest.approx(frequency, rel=2e-3)


def boundary(neuron, low, high):
    """A supply between these at which the regime of a long simulation changes, to 2e-5."""
    below = long_simulation(neuron, low)[0]
    while high - low > 2e-5 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if long_simulation(neuron, middle)[0] is below else (low, middle)
    return low


@pytest.mark.parametrize("seed", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_an_early_end_is_right_on_both_sides_of_a_simulated_boundary(seed):
    rng = np.random.default_rng(seed)
    wrong = []
    for neuron, _ in random_points(40, seed):
        v_on = float(v_firing_onset(neuron.device, neuron.r_series))
        onset = boundary(neuron, 0.9 * v_on, 1.1 * v_on)
        deltas = np.append(rng.uniform(-5e-3, -1e-3, 3), rng.uniform(1e-3, 5e-3, 3))
        supplies = [float(onset * (1 + delta)) for delta in deltas]
        points = measure_by_twin([neuron] * len(supplies), supplies)
        wrong += [
            (neuron, v) for v, p in zip(supplies, points, strict=True) if p.regime is not long_simulation(neuron, v)[0]
        ]
    assert not wrong


def test_an_early_end_does_not_mistake_hesitation_above_the_onset_for_rest():
    """Just above the onset a neuron creeps, in steps longer than the span over which it should rest, and then fires."""
    neuron = NeuronCircuit(Vo2x(x=0.0), 570.7776696707177, 6.368093012066763e-10)
    v_in = 6.947944873011181  # 1.5e-3 above the onset of a long simulation
    assert long_simulation(neuron, v_in)[0] is long_simulation(neuron, v_in * 0.999)[0] is Regime.FIRING
    assert measure_by_twin([neuron], [v_in])[0].regime is Regime.FIRING


@pytest.mark.parametrize("by", ["twin", "ngspice"])
def test_a_negative_supply_gives_what_the_positive_one_does(by):
    neuron = NeuronCircuit(DEVICES[1])
    for v_in in (5.0, 10.5, 30.0):
        up, down = (
            measure_by_twin([neuron], [sign * v_in])[0] if by == "twin" else measure(neuron, sign * v_in)
            for sign in (1, -1)
        )
        assert (down.regime, down.confidence) == (up.regime, up.confidence)
        assert down.frequency == pytest.approx(up.frequency, rel=1e-6)


def test_no_regime_of_a_noisy_device_is_certain_and_its_rare_spikes_are_seen():
    """At this supply thresholds fluctuate about the boundary: the neuron fires now and then, for ever."""
    noisy = [NeuronCircuit(Vo2x(noise=0.02, seed=float(seed))) for seed in range(1, 31)]
    points = measure_by_twin(noisy, [8.64] * len(noisy))
    assert all(point.confidence < 1 for point in points)
    assert sum(point.regime is Regime.OSCILLATING for point in points) > len(points) / 2


def test_whole_numbers_are_voltages_too():
    assert measure_by_twin([NeuronCircuit()], [11])[0].regime is Regime.OSCILLATING
