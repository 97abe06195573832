"""Training by rate: it learns, it is repeatable, and says when it cannot."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn import training
from neurokit.snn.data import load
from neurokit.snn.settings import Settings, changed, settings_from_toml
from neurokit.spikes.transfer_file import read_curve

CURVES = Path(__file__).parents[2] / "training" / "curves"
QUICK = Settings(hidden=32, epochs=8, batch=32)


@pytest.fixture(scope="module")
def digits():
    return load("digits")


@pytest.mark.parametrize("device", [1, 2, 3, 4])
def test_a_network_of_every_oscillating_device_learns_the_digits(digits, device):
    network, epochs = training.train_by_rate(digits, read_curve(CURVES / f"device{device}.csv"), QUICK)
    assert training.test_accuracy(network, digits) > 0.9
    assert epochs[-1].loss < epochs[0].loss / 2


def test_the_same_seed_gives_the_same_weights_bit_for_bit(digits):
    curve = read_curve(CURVES / "device1.csv")
    runs = [training.train_by_rate(digits, curve, replace(QUICK, epochs=2, seed=s))[0] for s in (3, 3, 4)]
    weights = [torch.cat([p.flatten() for p in network.parameters()]) for network in runs]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_a_black_pixel_is_silent_and_a_white_one_fires_fastest(digits):
    network = training.make_network(digits, read_curve(CURVES / "device1.csv"), QUICK)
    rates = network.encode(torch.tensor([[0, 128, 255]], dtype=torch.uint8))
    assert float(rates[0, 0]) == 0
    assert 0 < float(rates[0, 1]) < float(rates[0, 2]) == pytest.approx(1)


def test_a_network_in_which_nothing_fires_is_not_trained_on(digits):
    with pytest.raises(training.DeadNetworkError, match="no hidden neuron fires"):
        training._refuse_dead(training.Epoch(1, 0.1, 0.1, 1.0))


def test_settings_come_from_toml_and_wrong_ones_are_refused(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("hidden = 64\nwidth = 2\n")
    assert settings_from_toml(path, {"seed": 5}) == Settings(hidden=64, width=2.0, seed=5)
    with pytest.raises(NeurokitError, match="no setting 'hiden'"):
        changed(Settings(), {"hiden": 64})
    with pytest.raises(NeurokitError, match=r"epochs = 1\.5 must be a whole number"):
        changed(Settings(), {"epochs": 1.5})
    with pytest.raises(OutOfRangeError, match="hidden = 0"):
        changed(Settings(), {"hidden": 0})


@pytest.mark.slow
def test_the_paper_s_recipe_reaches_97_percent_of_mnist():
    """Real MNIST, where NEUROKIT_DATA names it."""
    try:
        digits = load("mnist", quiet=True)
    except NeurokitError as error:
        pytest.skip(f"no MNIST here (set NEUROKIT_DATA): {error}")
    network, _ = training.train_by_rate(digits, read_curve(CURVES / "device1.csv"), Settings())
    assert training.test_accuracy(network, digits) > 0.97
