"""The curve in torch: forward what the curve says, backward the slope of an average over thresholds."""

from pathlib import Path

import numpy as np
import pytest
import torch

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn.rate import rate, rate_table
from neurokit.spikes.transfer_file import read_curve

CURVES = Path(__file__).parents[2] / "training" / "curves"


@pytest.fixture(scope="module", params=[1, 2, 3, 4])
def curve(request):
    return read_curve(CURVES / f"device{request.param}.csv")


def test_the_rate_is_the_curve_s_at_every_drive(curve):
    table = rate_table(curve)
    v = np.concatenate([np.linspace(-5, 30, 5001), np.linspace(table.v_on, table.v_off, 5001)[1:-1]])
    assert rate(torch.from_numpy(v), table).numpy() == pytest.approx(curve.frequency(v), rel=1e-3, abs=1.0)


def test_below_and_above_its_range_a_neuron_is_silent(curve):
    table = rate_table(curve)
    v = torch.tensor([-1.0, 0.0, table.v_on - 1e-6, table.v_off + 1e-6, 100.0])
    assert rate(v.double(), table).tolist() == [0.0] * 5


@pytest.mark.parametrize("width", [0.1, 1.0])
def test_the_gradient_is_the_slope_of_the_curve_averaged_over_thresholds(curve, width):
    """Against a sum over many shifted curves."""
    table = rate_table(curve, width)
    v = torch.linspace(table.v_on - 2, table.v_off + 2, 41, dtype=torch.float64, requires_grad=True)
    rate(v, table).sum().backward()
    shifts = width * np.linspace(-6, 6, 40001)
    weights = np.exp(-0.5 * (shifts / width) ** 2) / np.exp(-0.5 * (shifts / width) ** 2).sum()
    step = 0.05 * width

    def averaged(at):
        return float(np.interp(at + shifts, *_fine(table)) @ weights)

    expected = [(averaged(at + step) - averaged(at - step)) / (2 * step) for at in v.detach().numpy()]
    assert v.grad.numpy() == pytest.approx(expected, rel=0.02, abs=0.01 * np.abs(expected).max())


def _fine(table):
    v, f = table.v.numpy(), table.f.numpy()
    return np.r_[-100, table.v_on - 1e-9, v, table.v_off + 1e-9, 200], np.r_[0, 0, f, 0, 0]


def test_a_curve_that_never_oscillates_and_a_width_of_nothing_are_refused():
    with pytest.raises(NeurokitError, match="does not oscillate"):
        rate_table(read_curve(CURVES / "device5.csv"))
    with pytest.raises(OutOfRangeError, match="width = 0"):
        rate_table(read_curve(CURVES / "device1.csv"), 0.0)
