"""Whole sequences: the spikes of snnTorch's own neuron bit for bit, and its gradients."""

from pathlib import Path

import pytest
import snntorch
import torch
from snntorch import surrogate

from neurokit.snn.neuron import Vo2, Vo2State
from neurokit.snn.sequence import atan_slope, fast_sigmoid_slope, leaky_sequence, low_pass, slope_of
from neurokit.spikes.transfer_file import read_curve

CURVE = read_curve(Path(__file__).parents[2] / "training" / "curves" / "device1.csv")


def stepwise(current, fire, beta, threshold, reset_delay):
    neuron = snntorch.Leaky(beta=beta, threshold=threshold, spike_grad=fire, reset_delay=reset_delay)
    membrane, spikes = torch.zeros_like(current[0]), []
    for now in current:
        fired, membrane = neuron(now, membrane)
        spikes.append(fired)
    return torch.stack(spikes)


@pytest.mark.parametrize("reset_delay", [True, False])
@pytest.mark.parametrize("beta", [0.0, 0.9, 1.0])
@pytest.mark.parametrize(
    ("fire", "slope"),
    [
        (surrogate.fast_sigmoid(), fast_sigmoid_slope()),
        (surrogate.fast_sigmoid(slope=10), slope_of(surrogate.fast_sigmoid(slope=10))),
        (surrogate.atan(alpha=3.0), atan_slope(3.0)),
        (surrogate.straight_through_estimator(), None),
    ],
)
@pytest.mark.parametrize("threshold", [1.0, 0.7])
def test_spikes_are_those_of_snntorch_bit_for_bit_and_gradients_agree(reset_delay, beta, fire, slope, threshold):
    start = 0.6 * torch.randn(25, 8, 16, generator=torch.Generator().manual_seed(1)) + 0.2
    by_step, at_once = start.clone().requires_grad_(), start.clone().requires_grad_()
    expected = stepwise(by_step, fire, beta, threshold, reset_delay)
    found = leaky_sequence(at_once, slope, beta=beta, threshold=threshold, reset_delay=reset_delay)
    assert torch.equal(found, expected)
    assert 0.01 < float(found.detach().mean()) < 0.9
    weights = torch.randn(found.shape, generator=torch.Generator().manual_seed(2))
    (expected * weights).sum().backward()
    (found * weights).sum().backward()
    assert float((by_step.grad - at_once.grad).abs().max()) < 1e-6 * float(by_step.grad.abs().max())


def test_a_sequence_through_the_curve_is_the_neuron_step_by_step():
    neuron = Vo2(CURVE, 1e-6, tau=3e-6)
    v = 8 + 6 * torch.rand(60, 5, 4, generator=torch.Generator().manual_seed(1))
    rest = torch.full((4,), 7.0)
    state, expected = Vo2State(rest.expand(5, 4), torch.zeros(5, 4)), []
    for now in v:
        spikes, state = neuron(now, state)
        expected.append(spikes)
    found = leaky_sequence(neuron.rate(low_pass(v, rest, 1e-6, 3e-6)) * 1e-6, None, reset_delay=False)
    # a spike may fall a step earlier or later where rounding decides
    assert float((torch.stack(expected).cumsum(0) - found.cumsum(0)).abs().max()) <= 1
    assert torch.equal(torch.stack(expected).sum(0), found.sum(0))


def test_the_gradient_of_the_low_pass_is_that_of_its_definition():
    v = torch.rand(12, 3, dtype=torch.float64, requires_grad=True)
    rest = torch.rand(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda a, b: low_pass(a, b, 1e-6, 4e-6), (v, rest))


def test_without_a_time_constant_nothing_is_changed():
    v = torch.rand(3, 2)
    assert low_pass(v, torch.zeros(2), 1e-6, 0.0) is v
