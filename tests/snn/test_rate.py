"""The curve as a torch module: exact forward, a smoothed slope backward, supplies that end it."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn.rate import Rate
from neurokit.spikes.transfer_file import read_curve

CURVES = Path(__file__).parents[2] / "training" / "curves"
CURVE = read_curve(CURVES / "device1.csv")
V_ON, V_OFF = CURVE.oscillating.span
RATE = Rate(CURVE)


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 30))
def test_forward_it_is_the_curve(v):
    if min(abs(v - V_ON), abs(v - V_OFF)) > 2e-3:  # there the curve jumps
        found = float(RATE(torch.tensor([v], dtype=torch.float64))[0])
        assert found == pytest.approx(float(CURVE.frequency(v)), abs=1e-3 * RATE.f_max)


def test_below_zero_and_above_the_range_it_is_silent():
    assert not RATE(torch.tensor([-20.0, -9.0, 0.0, V_ON - 0.01, V_OFF + 0.01, 1e6])).any()


def test_backward_it_is_the_slope_of_the_curve_averaged_over_the_width():
    v = torch.linspace(7, 15, 60, dtype=torch.float64, requires_grad=True)
    RATE(v).sum().backward()
    fine = np.linspace(0, 25, 200_001)
    kernel = np.exp(-0.5 * (v.detach().numpy()[:, None] - fine) ** 2) / np.sqrt(2 * np.pi)
    slopes = -(v.detach().numpy()[:, None] - fine) * kernel  # the derivative goes over to the kernel
    expected = np.trapezoid(slopes * CURVE.frequency(fine), fine, axis=1)
    assert v.grad.numpy() == pytest.approx(expected, abs=5e-3 * np.abs(expected).max())


def test_with_a_supply_below_latching_the_rate_stays_high_and_its_slope_never_falls_at_the_end():
    rate = Rate(CURVE, v_rail=11.0)
    v = torch.tensor([11.0, 12.0, 20.0], requires_grad=True)
    found = rate(v)
    found.sum().backward()
    assert found.detach().numpy() == pytest.approx(float(CURVE.frequency(11.0)), rel=1e-4)
    assert rate.f_max == pytest.approx(float(found[0].detach()), rel=1e-4)
    assert (v.grad >= 0).all()
    assert v.grad[0] > 0


def test_a_threshold_that_is_higher_stretches_the_curve():
    v = torch.linspace(8, 16, 33)
    scale = torch.tensor(1.1)
    assert RATE(v, scale).numpy() == pytest.approx(1.1 ** (2 / 3) * RATE(v / 1.1).numpy(), rel=1e-3)


def test_a_saved_curve_comes_back_whole(tmp_path):
    other = Rate(read_curve(CURVES / "device2.csv"), 0.3)
    other.load_state_dict(RATE.state_dict())
    v = torch.linspace(5, 15, 400)
    assert torch.equal(other(v), RATE(v))
    assert (other.width, other.v_on, other.f_max) == (RATE.width, RATE.v_on, RATE.f_max)


def test_a_neuron_that_never_oscillates_and_a_supply_or_width_that_mean_nothing_are_refused():
    with pytest.raises(NeurokitError, match="does not oscillate"):
        Rate(read_curve(CURVES / "device5.csv"))
    with pytest.raises(OutOfRangeError, match="width = 0"):
        Rate(CURVE, 0.0)
    with pytest.raises(OutOfRangeError, match=r"v_rail = 8.*begins to fire"):
        Rate(CURVE, v_rail=8.0)


def test_scales_are_those_of_its_definition():
    x = torch.linspace(-0.5, 1.5, 40, requires_grad=True)
    y = torch.linspace(-0.5, 1.5, 40, requires_grad=True)
    found, expected = RATE(x, low=8.0, span=4.0, gain=1e-3), 1e-3 * RATE(8.0 + 4.0 * y)
    found.sum().backward()
    expected.sum().backward()
    assert found.detach().numpy() == pytest.approx(expected.detach().numpy(), rel=1e-3)
    assert x.grad.numpy() == pytest.approx(y.grad.numpy(), rel=1e-3)
