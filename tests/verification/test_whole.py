"""The whole network in one run: the spikes of the layers, and a clean end where a limit is met."""

import numpy as np
import pytest
import torch

from neurokit.circuits import NeuronCircuit
from neurokit.simulation.outcome import Limits
from neurokit.snn.network import Network
from neurokit.snn.rate import Rate
from neurokit.sweeps.journal import Journal
from neurokit.verification.board import Board
from neurokit.verification.by_layers import simulated_digits
from neurokit.verification.cells import Cells
from neurokit.verification.compare import spikes_of
from neurokit.verification.mapping import Parts, mapped
from neurokit.verification.whole import against_layers, simulated_whole

GREYS = np.array([255, 128, 0, 60], dtype=np.uint8)


@pytest.fixture(scope="module")
def board(twin_curve):
    torch.manual_seed(2)
    network = Network((4, 3, 2), Rate(twin_curve, v_rail=20.0), 0.5)
    with torch.no_grad():
        for weight, bias in zip(network.weights, network.biases, strict=True):
            weight.mul_(1.5)
            bias.add_(0.3)
        drives = network.pixel_drive(torch.arange(256.0)).double().numpy()
    cells = Cells(NeuronCircuit(r_series=6e3, capacitance=0.2e-9))
    circuit, unrealised = mapped(network, cells.former, 5e-6, Parts())
    return Board(circuit, unrealised, cells, drives, 30e-6)


@pytest.mark.parametrize("adder", ["resistors", "sources"])
def test_a_network_in_one_run_spikes_as_its_layers_do(board, adder, tmp_path):
    with Journal(tmp_path, {}, "verification") as journal:
        ((_, layers, _),) = simulated_digits(board, {0: GREYS}, journal)
        row = simulated_whole(board, 0, GREYS, adder, journal, Limits())
        assert simulated_whole(board, 0, GREYS, adder, journal, Limits()) is row
    told = against_layers(board, row, spikes_of(layers))
    assert told["count_difference"] <= 1
    assert told["answer"] == told["layer_answer"]
    assert told["points"] > 1000
    assert told["memory_bytes"] > 1e6
    assert told["t_end"] == pytest.approx(30e-6)


def test_a_limit_ends_the_run_cleanly_and_is_told(board, tmp_path):
    with Journal(tmp_path, {}, "verification") as journal:
        row = simulated_whole(board, 0, GREYS, "resistors", journal, Limits(time_s=0.3))
    told = against_layers(board, row, None)
    assert (told["status"], told["cause"]) in {("partial", "time limit"), ("failed", "time limit")}
    assert told["answer"] is None
    assert told["t_end"] < 30e-6
