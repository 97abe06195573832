"""Thresholds, cycles and resistors: what they do is what the device and the shelf of parts give."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from neurokit.circuits.eseries import SERIES
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device.vo2x import DEVICES
from neurokit.snn.hardware import draw_chip, jittered, of_bits, of_resistors
from neurokit.snn.rate import Rate
from neurokit.spikes.operating_point import measure_by_twin
from neurokit.spikes.transfer_file import read_curve

CURVE = read_curve(Path(__file__).parents[2] / "training" / "curves" / "device1.csv")


@pytest.mark.parametrize("mismatch", [-0.1, 0.1])
def test_a_device_of_another_threshold_has_the_curve_stretched_by_it(mismatch):
    device = replace(DEVICES[1], d_threshold=mismatch)
    v = np.linspace(9.2, 12.4, 9) * (1 + mismatch)
    points = measure_by_twin([NeuronCircuit(device)] * len(v), list(v))
    found = np.array([point.frequency for point in points])
    expected = Rate(CURVE).double()(torch.from_numpy(v), torch.tensor(1 + mismatch, dtype=torch.float64))
    assert found == pytest.approx(expected.numpy(), rel=0.05)


@pytest.mark.parametrize("bits", [2, 3, 4, 5])
def test_weights_of_n_bits_are_so_many_equal_steps(bits):
    weight = torch.randn(3, 4000, generator=torch.Generator().manual_seed(bits))
    for wished, found in zip(weight.numpy(), of_bits(weight, bits).numpy(), strict=True):
        values = np.unique(found)
        assert len(values) == 2**bits - 1
        assert np.diff(values) == pytest.approx(values[1] - values[0], rel=1e-4)
        inside = np.abs(wished) < values.max()
        assert np.abs(found - wished)[inside].max() <= (values[1] - values[0]) / 2 * 1.001


@pytest.mark.parametrize("series", SERIES)
def test_weights_of_resistors_have_ratios_of_the_series_and_are_the_nearest(series):
    weight = torch.randn(40, 30, generator=torch.Generator().manual_seed(1))
    found = of_resistors(weight, series)
    ratios = 1 / found[found != 0].abs().double().numpy()
    decade = 10 ** (np.log10(ratios) % 1)
    distance = np.abs(np.log(decade[:, None] / np.array([*SERIES[series], 10.0]))).min(axis=1)
    assert distance.max() < 1e-5
    largest_step = np.diff(np.log([*sorted(SERIES[series]), 10.0])).max()
    kept = found != 0
    assert np.abs(np.log((found[kept] / weight[kept]).numpy())).max() <= largest_step / 2 * 1.0001
    assert weight[~kept].abs().max() < 2e-3 if (~kept).any() else True


def test_gradients_go_straight_through_both():
    weight = torch.randn(6, 5, requires_grad=True)
    of_resistors(of_bits(weight, 3), "E12").sum().backward()
    assert torch.equal(weight.grad, torch.ones(6, 5))


def test_drawn_chips_have_the_spread_asked_for_and_are_repeatable():
    first, again = (draw_chip((4000, 100), 0.1, torch.Generator().manual_seed(5)) for _ in range(2))
    assert float(first.thresholds[0].mean()) == pytest.approx(1, abs=0.006)
    assert float(first.thresholds[0].std()) == pytest.approx(0.1, rel=0.05)
    assert torch.equal(first.thresholds[1], again.thresholds[1])
    assert draw_chip((4, 2), 0.1, torch.Generator(), 7).thresholds[0].shape == (7, 4)


def test_the_noise_of_a_counted_rate_falls_with_the_root_of_the_spikes():
    rates = torch.full((20_000, 1), 0.5)
    for spikes in (8.0, 800.0):
        found = jittered(rates, 0.1, spikes, torch.Generator().manual_seed(1))
        assert float(found.std()) == pytest.approx(0.5 * 0.1 / (0.5 * spikes) ** 0.5, rel=0.03)
