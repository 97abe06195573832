"""Training: it learns by either way, is repeatable and can be interrupted, and says when it cannot go on."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn import training
from neurokit.snn.data import load
from neurokit.snn.results import resume, save_checkpoint
from neurokit.snn.settings import Settings
from neurokit.spikes.transfer_file import read_curve

CURVES = Path(__file__).parents[2] / "training" / "curves"
QUICK = Settings(hidden=(32,), epochs=8, batch=32)
CURVE = read_curve(CURVES / "device1.csv")


@pytest.fixture(scope="module")
def digits():
    return load("digits")


def trained(digits, settings, curve=CURVE, jitter=0.0):
    progress = training.begin(curve, settings, jitter)
    training.train(digits, settings, progress)
    return progress


def weights(network):
    return torch.cat([p.detach().flatten() for p in network.parameters()])


def reached(network, digits, settings):
    images, labels = training.tensor(digits.test_images), training.tensor(digits.test_labels).long()
    return training.accuracy(training.output_rates(network, images, training.timing_of(settings)), labels)


@pytest.mark.parametrize("device", [1, 2, 3, 4])
def test_a_network_of_every_oscillating_device_learns_the_digits(digits, device):
    progress = trained(digits, QUICK, read_curve(CURVES / f"device{device}.csv"))
    assert reached(progress.network, digits, QUICK) > 0.88
    assert progress.epochs[-1].loss < progress.epochs[0].loss / 2


@pytest.mark.parametrize("encoding", ["constant", "spikes"])
def test_a_network_learns_by_spikes_in_time_steps(digits, encoding):
    settings = replace(QUICK, way="spiking", encoding=encoding, epochs=3, dt=2e-6, window=200e-6, held_out=0)
    progress = trained(digits, settings)
    assert progress.epochs[-1].accuracy > 0.8
    assert progress.epochs[-1].held_out is None


@pytest.mark.parametrize(
    "changes", [{}, {"augment": 0.5, "mismatch": 0.05, "warm_up": 1}, {"bits": 4, "resistors": "E24", "warm_up": 0}]
)
def test_the_same_seed_gives_the_same_weights_bit_for_bit(digits, changes):
    settings = replace(QUICK, epochs=2, **changes)
    runs = [weights(trained(digits, replace(settings, seed=seed), jitter=0.01).network) for seed in (3, 3, 4)]
    assert torch.equal(runs[0], runs[1])
    assert not torch.equal(runs[0], runs[2])


def test_a_training_that_goes_on_from_a_checkpoint_ends_with_the_same_weights(digits, tmp_path):
    settings = replace(QUICK, epochs=4, augment=0.5, mismatch=0.05, warm_up=1)
    asked = {"seed": settings.seed}
    whole = trained(digits, settings)

    def stop_after_two(epoch):
        if epoch.number == 2:
            save_checkpoint(tmp_path, broken, asked)
            raise KeyboardInterrupt

    broken = training.begin(CURVE, settings)
    with pytest.raises(KeyboardInterrupt):
        training.train(digits, settings, broken, stop_after_two)
    again = training.begin(CURVE, settings)
    resume(tmp_path, again, asked)
    training.train(digits, settings, again)
    assert torch.equal(weights(again.network), weights(whole.network))
    assert again.epochs == whole.epochs
    with pytest.raises(NeurokitError, match="seed = 1, not 2"):
        resume(tmp_path, again, {"seed": 2})


def test_a_black_pixel_is_silent_and_a_white_one_fires_fastest(digits):
    network = training.make_network(CURVE, QUICK)
    rates = network.encode(torch.tensor([[0, 128, 255]], dtype=torch.uint8))
    assert float(rates[0, 0]) == 0
    assert 0 < float(rates[0, 1]) < float(rates[0, 2]) == pytest.approx(1, rel=1e-3)


def test_held_out_images_are_the_same_for_every_seed_and_none_is_learned_from(digits):
    rows, held = training.split(digits, QUICK)
    assert not set(rows) & set(held)
    assert (training.split(digits, replace(QUICK, seed=9))[1] == held).all()
    assert len(rows) + len(held) == len(digits.train_labels)


def test_a_network_in_which_nothing_fires_is_not_trained_on(digits):
    with pytest.raises(training.DeadNetworkError, match="no neuron of layer 2 fires for any image"):
        training._refuse_dead(training.Epoch(1, 0.1, 0.1, None, (1.0, 0.0)))
    progress = training.begin(CURVE, replace(QUICK, learning_rate=1e-9))
    with torch.no_grad():
        progress.network.biases[1].fill_(-100.0)
    with pytest.raises(training.DeadNetworkError, match="no neuron of layer 3"):
        training.train(digits, replace(QUICK, learning_rate=1e-9), progress)


def test_a_network_that_does_not_spike_in_its_window_is_not_trained_on(digits):
    settings = replace(QUICK, way="spiking", window=5e-6, dt=1e-6)
    with pytest.raises(training.DeadNetworkError, match="no neuron of layer 2 fires"):
        training.train(digits, settings, training.begin(CURVE, settings))


def test_a_time_step_that_is_too_long_is_refused_before_training():
    with pytest.raises(OutOfRangeError, match="longer than the shortest interval"):
        training.begin(CURVE, replace(QUICK, dt=20e-6))


def test_a_loss_that_is_no_number_ends_the_training_with_its_cause(digits):
    progress = training.begin(CURVE, QUICK)
    with torch.no_grad():
        progress.network.biases[0][0] = float("nan")
    with pytest.raises(NeurokitError, match="epoch 1, step 1: take a smaller learning_rate"):
        training.train(digits, QUICK, progress)


def mnist():
    if not os.environ.get("NEUROKIT_DATA"):
        pytest.skip("needs MNIST: set NEUROKIT_DATA to the folder of its files")
    return load("mnist", quiet=True)


def test_the_paper_s_recipe_reaches_97_percent_of_mnist():
    """Real MNIST, where NEUROKIT_DATA names it."""
    digits = mnist()
    assert reached(trained(digits, Settings()).network, digits, Settings()) > 0.97
