"""A trained network elsewhere: on drawn chips, trimmed, in the heat, and what it costs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn import evaluation, training
from neurokit.snn.data import load
from neurokit.snn.energy import energy
from neurokit.snn.network import Timing
from neurokit.snn.settings import Settings
from neurokit.spikes.transfer_file import read_curve

CURVES = Path(__file__).parents[2] / "training" / "curves"
CURVE = read_curve(CURVES / "device1.csv")
SETTINGS = Settings(hidden=(32,), epochs=8, batch=32)


@pytest.fixture(scope="module")
def digits():
    return load("digits")


@pytest.fixture(scope="module")
def network(digits):
    progress = training.begin(CURVE, SETTINGS)
    training.train(digits, SETTINGS, progress)
    return progress.network


@pytest.fixture(scope="module")
def images(digits):
    return training.tensor(digits.test_images)


@pytest.fixture(scope="module")
def labels(digits):
    return training.tensor(digits.test_labels).long()


def accuracy(network, images, labels, chip=None):
    return training.accuracy(training.output_rates(network, images, Timing(), chip=chip), labels)


def test_the_confusion_matrix_counts_every_image_once(network, images, labels):
    matrix = evaluation.confusion(training.output_rates(network, images, Timing()), labels)
    assert matrix.sum() == len(images)
    assert matrix.trace() / matrix.sum() == pytest.approx(accuracy(network, images, labels))
    assert np.nanmean(evaluation.per_class(matrix)) == pytest.approx(accuracy(network, images, labels), abs=0.01)


def test_more_spread_costs_more_and_no_spread_nothing(network, images, labels):
    means = [
        np.mean(evaluation.chip_accuracies(network, evaluation.chips(network, s, 5, 1), images, labels, Timing()))
        for s in (0.0, 0.03, 0.1)
    ]
    assert means[0] == pytest.approx(accuracy(network, images, labels))
    assert means[0] > means[1] > means[2]


def test_trimming_helps_a_chip_and_leaves_the_network_as_it_was(network, digits, images, labels):
    before = network.biases[-1].detach().clone()
    few = training.tensor(digits.train_images)[:200]
    drawn = evaluation.chips(network, 0.05, 5, seed=1)
    as_is = evaluation.chip_accuracies(network, drawn, images, labels, Timing())
    trimmed = evaluation.chip_accuracies(
        network, drawn, images, labels, Timing(), trim=lambda net, chip: evaluation.trimmed(net, chip, few)
    )
    assert np.mean(trimmed) > np.mean(as_is) + 0.02
    assert torch.equal(network.biases[-1].detach(), before)


def test_training_with_mismatch_makes_a_network_that_stands_it(digits, network, images, labels):
    settings = replace(SETTINGS, mismatch=0.05, epochs=12)
    progress = training.begin(CURVE, settings)
    training.train(digits, settings, progress)
    drawn = evaluation.chips(network, 0.05, 8, seed=1)
    plain, aware = (
        np.mean(evaluation.chip_accuracies(net, drawn, images, labels, Timing())) for net in (network, progress.network)
    )
    assert aware > plain


def test_coarse_weights_cost_and_the_network_stays_as_it_was(network, images, labels):
    coarse = evaluation.realised_with(network, bits=2)
    assert accuracy(coarse, images, labels) < accuracy(network, images, labels)
    assert accuracy(evaluation.realised_with(network, resistors="E96"), images, labels) > 0.85
    assert network.realised.bits == 0


def test_with_another_curve_the_adders_give_the_same_drives(network, images, labels):
    other = evaluation.with_curve(network, read_curve(CURVES / "device2.csv"))
    assert torch.equal(other.drive(torch.ones(3)), network.drive(torch.ones(3)))
    assert accuracy(other, images, labels) != accuracy(network, images, labels)
    assert accuracy(evaluation.with_curve(network, CURVE), images, labels) == accuracy(network, images, labels)


def test_a_lower_supply_holds_drives_down(network, images, labels):
    low = evaluation.with_curve(network, CURVE, 9.0)
    assert low.rate.f_max < network.rate.f_max
    assert accuracy(low, images, labels) < accuracy(network, images, labels)


def test_no_chips_are_refused(network):
    with pytest.raises(OutOfRangeError, match="spread of thresholds of 5"):
        evaluation.chips(network, 5.0, 3, 1)
    with pytest.raises(OutOfRangeError, match="0 chips"):
        evaluation.chips(network, 0.1, 0, 1)


def test_the_energy_of_the_input_is_the_power_of_the_curve_over_the_window(network, images):
    black = torch.zeros(1, 28, 28, dtype=torch.uint8)
    white = torch.full((1, 28, 28), 255, dtype=torch.uint8)
    low, high = (energy(network, image, CURVE, 50e-6) for image in (black, white))
    v_black, v_white = (float(network.pixel_drive(torch.tensor(g))) for g in (0.0, 255.0))
    powers = [784 * float(CURVE.power(v)) * 50e-6 for v in (v_black, v_white)]
    assert powers[0] < low.neurons[0] < powers[0] + 42 * 50e-6 * float(CURVE.power(15.0))
    assert high.neurons[0] > powers[1]
    assert high.spikes[0] > 784 * float(CURVE.frequency(v_white)) * 50e-6 * 0.99
    assert (high.total == high.neurons + high.adders).all()


def test_amplifiers_at_rest_are_counted_where_their_current_is_given(network, images):
    without, with_rest = (energy(network, images[:3], CURVE, 50e-6, i_rest=i) for i in (0.0, 1e-3))
    expected = 2 * 42 * 1e-3 * 30.0 * 50e-6
    assert with_rest.adders - without.adders == pytest.approx(expected)


def test_a_curve_without_powers_is_refused(network, images):
    twin = replace(CURVE, points=tuple(replace(point, power=float("nan")) for point in CURVE.points))
    with pytest.raises(NeurokitError, match="has no powers"):
        energy(network, images[:1], twin, 50e-6)
