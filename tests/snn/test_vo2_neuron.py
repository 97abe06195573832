"""The VO2 neuron in snnTorch: its rate is the curve's, and it behaves as a module should."""

from copy import deepcopy
from pathlib import Path

import pytest
import snntorch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from snntorch import utils

from neurokit.errors import OutOfRangeError
from neurokit.snn.neuron import Vo2, Vo2State
from neurokit.spikes.transfer_file import read_curve

CURVE = read_curve(Path(__file__).parents[2] / "training" / "curves" / "device1.csv")
V_ON, V_OFF = CURVE.oscillating.span


def run(neuron, v, steps, state=None):
    """Spikes of each step under a constant drive, and the last state."""
    found = []
    for _ in range(steps):
        spikes, state = neuron(v, state)
        found.append(spikes)
    return torch.stack(found), state


@settings(max_examples=60, deadline=None)
@given(v=st.floats(-5, 20), dt=st.floats(1e-7, 1e-4), steps=st.integers(1, 200), tau=st.sampled_from([0.0, 2e-6]))
def test_its_rate_is_the_curve_s_within_one_count_for_every_drive_and_step(v, dt, steps, tau):
    neuron = Vo2(CURVE, dt, tau=tau).double()
    spikes, _ = run(neuron, torch.tensor([v], dtype=torch.float64), steps)
    expected = float(CURVE.frequency(v)) * dt * steps
    if min(abs(v - V_ON), abs(v - V_OFF)) > 1e-3:  # there the curve jumps
        assert abs(float(spikes.sum()) - expected) <= 1 + 1e-3 * expected


def test_it_is_silent_below_and_latched_above_its_range():
    spikes, _ = run(Vo2(CURVE, 1e-6), torch.tensor([0.0, V_ON - 0.01, V_OFF + 0.01, 30.0]), 200)
    assert spikes.sum() == 0


def test_the_phase_goes_on_where_it_was():
    neuron, v = Vo2(CURVE, 1e-6).double(), torch.full((1,), 11.0, dtype=torch.float64)
    whole, _ = run(neuron, v, 300)
    first, state = run(neuron, v, 137)
    second, _ = run(neuron, v, 163, state)
    assert torch.equal(torch.cat([first, second]), whole)


def test_the_low_pass_settles_with_its_time_constant():
    neuron = Vo2(CURVE, 1e-6, tau=5e-6).double()
    state = Vo2State(torch.zeros(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64))
    _, state = run(neuron, torch.full((1,), 10.0, dtype=torch.float64), 5, state)
    assert float(state.drive) == pytest.approx(10 * (1 - 2.718281828459045**-1))


def test_it_leaves_nothing_in_snntorch_s_list_and_survives_a_reset():
    before = len(snntorch.SpikingNeuron.instances)
    network = torch.nn.Sequential(torch.nn.Linear(4, 3), Vo2(CURVE, 1e-6))
    state = network[1](torch.full((2, 3), 10.0))[1]
    utils.reset(network)
    assert len(snntorch.SpikingNeuron.instances) == before
    assert torch.equal(network[1](torch.full((2, 3), 10.0), state)[1].phase, 2 * state.phase)


def test_copies_and_saved_states_do_the_same(tmp_path):
    neuron = Vo2(CURVE, 1e-6, tau=2e-6)
    v = torch.linspace(5, 15, 50)
    expected, _ = run(neuron, v, 100)
    torch.save(neuron.state_dict(), tmp_path / "neuron.pt")
    other = Vo2(read_curve(Path(__file__).parents[2] / "training" / "curves" / "device2.csv"), 5e-6)
    other.load_state_dict(torch.load(tmp_path / "neuron.pt", weights_only=True))
    for same in (deepcopy(neuron), other):
        assert torch.equal(run(same, v, 100)[0], expected)


def test_it_moves_to_another_device_and_dtype_with_its_curve():
    neuron = Vo2(CURVE, 1e-6, tau=2e-6)
    assert neuron.double()(torch.full((3,), 10.0, dtype=torch.float64))[0].dtype == torch.float64
    spikes, state = neuron.to("meta")(torch.full((3,), 10.0, device="meta"))
    assert {spikes.device.type, state.phase.device.type, *(b.device.type for b in neuron.buffers())} == {"meta"}


def test_gradients_reach_the_drive_on_both_sides_of_every_boundary():
    v = torch.tensor([V_ON - 0.3, 10.0, V_OFF + 0.3], requires_grad=True)
    run(Vo2(CURVE, 1e-6, width=1.0), v, 50)[0].sum().backward()
    assert torch.isfinite(v.grad).all()
    assert v.grad[0] > 0 > v.grad[2]


@pytest.mark.parametrize("wrong", [{"dt": 0.0}, {"dt": 1e-6, "tau": -1e-6}])
def test_times_that_mean_nothing_are_refused(wrong):
    with pytest.raises(OutOfRangeError, match="must be above 0"):
        Vo2(CURVE, **wrong)
