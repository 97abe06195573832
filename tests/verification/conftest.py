"""A trained network small enough to be verified in seconds: 784-3-10, shown images of two grey levels for 20 us."""

import numpy as np
import pytest
import torch

from neurokit.circuits import NeuronCircuit
from neurokit.snn.data import Digits
from neurokit.snn.results import load_result, save_result
from neurokit.snn.settings import Settings
from neurokit.snn.training import make_network
from neurokit.spikes.transfer_measure import transfer_curve

SETTINGS = Settings(hidden=(3,), r_series=6e3, capacitance=0.2e-9, v_rail=20.9, window=20e-6, tau=2e-6)


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def twin_curve():
    return transfer_curve(NeuronCircuit(r_series=6e3, capacitance=0.2e-9), engine="twin")


@pytest.fixture(scope="session")
def digits():
    """Six images of a white stripe each."""
    images = np.zeros((6, 28, 28), dtype=np.uint8)
    for k in range(6):
        images[k, 4 * k : 4 * k + 3, 5:23] = 255
    labels = np.arange(6, dtype=np.uint8)
    return Digits("two levels", images, labels, images, labels, "made", {"t10k-images-idx3-ubyte": "0" * 64})


@pytest.fixture(scope="session")
def make_result(twin_curve, digits):
    """Writes a result as a training would leave it, with weights that make a third of the neurons fire."""

    def make(folder, seed=1):
        network = make_network(twin_curve, SETTINGS)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for weight, bias in zip(network.weights, network.biases, strict=True):
                spread = 0.06 if weight.shape[1] == 784 else 0.8
                weight.copy_(torch.randn(weight.shape, generator=generator) * spread)
                bias.copy_(torch.randn(bias.shape, generator=generator) * 0.3 + 0.3)
        save_result(folder, network, SETTINGS, twin_curve, {"data": {"name": "two levels", "sha256": digits.sha256}})
        return folder

    return make


@pytest.fixture
def result(tmp_path, make_result):
    return make_result(tmp_path / "result")


@pytest.fixture
def trained(result):
    return load_result(result)
