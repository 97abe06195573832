"""Triple points of the devices: simulated ones approach the closed form in slow circuits, and fall with x."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device import DEVICES
from neurokit.device.accuracy import thermal_time
from neurokit.device.closed_form import triple_point
from neurokit.sweeps.axes import parse_grid
from neurokit.sweeps.run import Method, run_sweep
from neurokit.sweeps.spec import SweepSpec, default_axes

SLOW = 50  # thermal times in R_s C


def make_slow(number):
    """The device in a circuit that is slow at its triple point."""
    device = DEVICES[number]
    return NeuronCircuit(device, capacitance=SLOW * thermal_time(device) / triple_point(device).r_series)


def triple_of(neuron, folder, engine, **more):
    spec = SweepSpec(neuron, default_axes(neuron.device), backend="pyspice")
    found = run_sweep(spec, folder, lambda: ThreadPoolExecutor(2), Method(engine, **more)).triple
    assert found is not None
    return found


@pytest.mark.parametrize("number", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3, 4))])
def test_in_a_slow_circuit_ngspice_finds_the_triple_point_of_the_closed_form(number, tmp_path):
    neuron, closed = make_slow(number), triple_point(DEVICES[number])
    found = triple_of(neuron, tmp_path, "guided", budget=60 if number == 1 else 200)
    assert found.first == pytest.approx(closed.r_series, rel=0.03)
    assert found.second == pytest.approx(closed.v_in, rel=0.03)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_in_a_slow_circuit_the_twin_finds_the_triple_point_of_the_closed_form(number, tmp_path):
    closed, found = triple_point(DEVICES[number]), triple_of(make_slow(number), tmp_path, "twin")
    assert found.first == pytest.approx(closed.r_series, rel=0.03)
    assert found.second == pytest.approx(closed.v_in, rel=0.03)


@pytest.mark.parametrize("engine", ["twin", pytest.param("guided", marks=pytest.mark.slow)])
def test_triple_points_move_to_lower_resistance_and_voltage_from_device_1_to_4(engine, tmp_path):
    found = [triple_of(NeuronCircuit(DEVICES[n]), tmp_path / str(n), engine) for n in (1, 2, 3, 4)]
    for values in ([t.first for t in found], [t.second for t in found]):
        assert all(later < earlier for earlier, later in pairwise(values))


@pytest.mark.parametrize("capacitance", [1.8e-9, 20e-9])
def test_a_plain_grid_does_not_claim_to_know_the_end_of_a_wedge_that_it_cannot_see(tmp_path, capacitance):
    spec = SweepSpec(NeuronCircuit(DEVICES[3], capacitance=capacitance), default_axes(DEVICES[3]))
    followed = run_sweep(spec, tmp_path / "followed", lambda: ThreadPoolExecutor(2), Method("twin")).triple
    coarse = replace(spec, axes=parse_grid("30x30", spec.axes))
    seen = run_sweep(coarse, tmp_path / "grid", lambda: ThreadPoolExecutor(2), Method("twin", full_grid=True)).triple
    assert abs(seen.first - followed.first) < 2.5 * (seen.first_error**2 + followed.first_error**2) ** 0.5
    assert abs(seen.second - followed.second) < 2.5 * (seen.second_error**2 + followed.second_error**2) ** 0.5
