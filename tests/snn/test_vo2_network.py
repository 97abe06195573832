"""A network by its rates and spike by spike: the same one."""

from pathlib import Path

import numpy as np
import pytest
import torch

from neurokit.circuits.eseries import E24
from neurokit.errors import OutOfRangeError
from neurokit.snn.hardware import draw_chip
from neurokit.snn.network import Network, Realisation, Timing, spike_rate
from neurokit.snn.rate import Rate
from neurokit.spikes.transfer_file import read_curve

CURVE = read_curve(Path(__file__).parents[2] / "training" / "curves" / "device1.csv")
IDEAL = Realisation()
LONG = Timing(window=5e-3, dt=2e-6, tau=2e-5, encoding="constant")


def make_network(sizes=(9, 6, 4), realised=IDEAL, seed=1):
    torch.manual_seed(seed)
    return Network(sizes, Rate(CURVE), 0.5, realised)


def make_images(count=20):
    return torch.randint(0, 256, (count, 3, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))


@torch.no_grad()
def test_over_a_long_window_spikes_come_at_the_rates():
    network, images = make_network(), make_images()
    rates = next(iter(network.all_rates(network.encode(images))))
    _, hidden, _ = network.spikes(images, LONG)
    late = hidden[len(hidden) // 10 :]  # after the low-pass
    assert (late.mean(0) / (network.f_full * LONG.dt)).numpy() == pytest.approx(
        rates.numpy(), abs=1.1 / (network.f_full * 0.9 * LONG.window)
    )


@torch.no_grad()
def test_a_chip_changes_rates_and_spikes_alike():
    network, images = make_network(), make_images()
    chip = draw_chip(network.sizes, 0.05, torch.Generator().manual_seed(3))
    rates = next(iter(network.all_rates(network.encode(images, chip), chip)))
    _, hidden, _ = network.spikes(images, LONG, chip)
    found = hidden[len(hidden) // 10 :].mean(0) / (network.f_full * LONG.dt)
    assert found.numpy() == pytest.approx(rates.numpy(), abs=1.1 / (network.f_full * 0.9 * LONG.window))


@torch.no_grad()
def test_intervals_have_the_deviation_that_noise_gives_them():
    network = make_network(realised=Realisation(jitter=0.05))
    images = torch.full((50, 3, 3), 200, dtype=torch.uint8)
    spikes = next(iter(network.spikes(images, Timing(window=4e-3, dt=5e-8), seed=1)))[:, :, 0]
    intervals = torch.cat([torch.diff(torch.nonzero(spikes[:, k])[:, 0].double()) for k in range(50)])
    assert float(intervals.std() / intervals.mean()) == pytest.approx(0.05, rel=0.1)


def test_spikes_with_the_same_seed_are_the_same():
    network, images = make_network(realised=Realisation(jitter=0.05)), make_images()
    runs = [
        torch.cat([layer.detach().flatten() for layer in network.spikes(images, Timing(), seed=s)]) for s in (1, 1, 2)
    ]
    assert torch.equal(runs[0], runs[1])
    assert not torch.equal(runs[0], runs[2])


def test_a_rate_is_counted_between_the_first_and_the_last_spike():
    spikes = torch.zeros(20, 1, 4)
    spikes[[3, 8, 13], 0, 0] = 1
    spikes[[3, 13], 0, 1] = 1
    spikes[6, 0, 2] = 1
    found = spike_rate(spikes)[0]
    assert found[:2].tolist() == pytest.approx([0.2, 0.1])
    assert found[1] > found[2] > found[3] == 0


def test_a_time_step_that_holds_more_than_one_spike_is_refused():
    with pytest.raises(OutOfRangeError, match="longer than the shortest interval between spikes"):
        list(make_network().spikes(make_images(), Timing(window=1e-3, dt=1e-4)))


def test_a_network_needs_two_layers():
    with pytest.raises(OutOfRangeError, match="two or more layers"):
        make_network((9,))


@pytest.mark.parametrize("wrong", [{"window": 0.0}, {"dt": -1e-6}, {"tau": -1e-6}, {"window": float("nan")}])
def test_times_that_mean_nothing_are_refused(wrong):
    with pytest.raises(OutOfRangeError, match="must be"):
        Timing(**wrong)


def test_black_pixels_must_not_drive_backward_and_one_bit_is_no_weight():
    with pytest.raises(OutOfRangeError, match=r"silent_margin = 50.*8\.73"):
        Network((9, 6), Rate(CURVE), 50.0)
    with pytest.raises(OutOfRangeError, match="bits = 1"):
        Realisation(bits=1)


def test_biases_of_resistors_are_ratios_to_the_supply():
    torch.manual_seed(1)
    network = Network((9, 6), Rate(CURVE, v_rail=15.0), 0.5, Realisation(resistors="E24"))
    _, bias = network.parts(0)
    found = 15.0 / network.drive(bias).detach().double().numpy()
    decade = 10 ** (np.log10(found) % 1)
    assert np.abs(np.log(decade[:, None] / np.array([*E24, 10.0]))).min(axis=1).max() < 1e-5
