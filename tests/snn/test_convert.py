"""An ordinary snnTorch network becomes one of VO2 neurons, and whoever calls it does not notice."""

import gc
from copy import deepcopy
from pathlib import Path

import pytest
import snntorch
import torch
from snntorch import surrogate, utils
from torch import nn

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn.convert import Vo2Leaky, converted
from neurokit.snn.rate import Rate
from neurokit.spikes.transfer_file import read_curve

CURVE = read_curve(Path(__file__).parents[2] / "training" / "curves" / "device1.csv")
RATE = Rate(CURVE)
DT = 1 / RATE.f_max


@pytest.fixture(autouse=True)
def _own_list(monkeypatch):
    """snnTorch's list of all neurons, empty as in a new process."""
    monkeypatch.setattr(snntorch.SpikingNeuron, "instances", [])


class Net(nn.Module):
    """As in snnTorch's tutorials: the loop over time is the user's."""

    def __init__(self, **options):
        super().__init__()
        self.fc1 = nn.Linear(5, 8)
        self.lif1 = snntorch.Leaky(beta=0.9, **options)
        self.fc2 = nn.Linear(8, 3)
        self.lif2 = snntorch.Leaky(beta=0.9, **options)

    def forward(self, x):
        mem1, mem2 = self.lif1.reset_mem(), self.lif2.reset_mem()
        spikes, mems = [], []
        for step in x:
            spk1, mem1 = self.lif1(self.fc1(step), mem1)
            spk2, mem2 = self.lif2(self.fc2(spk1), mem2)
            spikes.append(spk2)
            mems.append(mem2)
        return torch.stack(spikes), torch.stack(mems)


def make_hidden(**last):
    """A Sequential whose layers keep their state to themselves."""
    return nn.Sequential(
        nn.Linear(5, 8),
        snntorch.Leaky(beta=0.9, init_hidden=True, spike_grad=surrogate.fast_sigmoid()),
        nn.Linear(8, 3),
        snntorch.Leaky(beta=0.9, init_hidden=True, **last),
    )


def make_input():
    return torch.rand(30, 4, 5, generator=torch.Generator().manual_seed(1)) * 5


def run_hidden(network, x):
    """The loop of a network that hides its state."""
    utils.reset(network)
    return torch.stack([network(step) for step in x])


def spikes_of(layer, current, steps=200):
    """Spikes per step under a constant current."""
    mem, total = layer.reset_mem(), 0.0
    for _ in range(steps):
        spikes, mem = layer(torch.tensor([current], dtype=layer.threshold.dtype), mem)
        total += float(spikes)
    return total / steps


@pytest.mark.parametrize("tau", [0.0, 5e-6])
def test_a_class_network_runs_in_its_own_loop(tau):
    torch.manual_seed(1)
    network = converted(Net(), CURVE, DT, tau=tau)
    spikes, mems = network(make_input())
    assert spikes.shape == (30, 4, 3)
    assert mems.shape == ((30, 4, 3) if tau == 0 else (30, 2, 4, 3))
    assert 0 < spikes.sum() < spikes.numel()
    assert set(spikes.unique().tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize("tau", [0.0, 5e-6])
def test_a_sequential_that_hides_its_state_runs_and_is_reset(tau):
    torch.manual_seed(1)
    network = converted(make_hidden(), CURVE, DT, tau=tau)
    first, again = run_hidden(network, make_input()), run_hidden(network, make_input())
    on = torch.stack([network(step) for step in make_input()])
    assert 0 < first.sum() < first.numel()
    assert torch.equal(first, again)
    assert not torch.equal(first, on)


def test_output_puts_out_the_state_too():
    spikes, mem = converted(make_hidden(output=True), CURVE, DT)(make_input()[0])
    assert spikes.shape == mem.shape == (4, 3)


def test_hidden_state_is_not_to_be_passed_as_in_a_leaky():
    with pytest.raises(TypeError, match="init_hidden=True"):
        converted(make_hidden(), CURVE, DT)[1](torch.zeros(2, 8), torch.zeros(2, 8))


@pytest.mark.parametrize(("beta", "threshold"), [(0.9, 1.0), (0.5, 2.0), (0.99, 0.5)])
def test_onset_and_highest_rate_are_where_a_leaky_begins_and_ends(beta, threshold):
    leaky = snntorch.Leaky(beta=torch.tensor(beta, dtype=torch.float64), threshold=threshold)
    vo2 = converted(leaky.double(), CURVE, DT)
    onset = (1 - beta) * threshold
    for layer in (leaky, vo2):
        assert spikes_of(layer, onset - 0.001 * threshold) == 0
        assert spikes_of(layer, onset + 0.02 * threshold) > 0
        assert spikes_of(layer, onset + 1.001 * threshold) > 0.95
    assert float(vo2.volts(torch.tensor(onset))) == pytest.approx(RATE.v_on)
    assert float(vo2.volts(torch.tensor(onset + threshold))) == pytest.approx(RATE.v_top)


def test_between_them_its_rate_is_the_curve_s():
    vo2 = converted(snntorch.Leaky(beta=0.9).double(), CURVE, DT)
    for current in (0.2, 0.5, 0.8):
        expected = float(CURVE.frequency(float(vo2.volts(torch.tensor(current))))) * DT
        assert spikes_of(vo2, current, steps=1000) == pytest.approx(expected, abs=2e-3)


def test_each_neuron_of_a_layer_can_have_its_own_beta():
    vo2 = converted(snntorch.Leaky(beta=torch.tensor([0.5, 0.9])), CURVE, DT)
    assert vo2.volts(torch.tensor([0.5, 0.1])).tolist() == pytest.approx([RATE.v_on] * 2)


def test_the_low_pass_begins_without_current_and_settles_with_its_time_constant():
    vo2 = converted(snntorch.Leaky(beta=0.9).double(), CURVE, 1e-6, tau=5e-6)
    current, mem = torch.ones(1, dtype=torch.float64), None
    for _ in range(5):
        _, mem = vo2(current, mem)
    share = float(mem[0, 0] / (vo2.volts(current) - vo2.volts(0 * current)))
    assert share == pytest.approx(1 - 2.718281828459045**-1)


@pytest.mark.parametrize("tau", [0.0, 5e-6])
def test_gradients_reach_every_weight_and_training_lowers_the_loss(tau):
    torch.manual_seed(1)
    network = converted(Net(), CURVE, DT, tau=tau)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
    losses = []
    for _ in range(20):
        loss = (network(make_input())[0].mean(dim=0) - torch.tensor([0.7, 0.0, 0.3])).square().mean()
        optimiser.zero_grad()
        loss.backward()
        assert all(p.grad.abs().sum() > 0 for p in network.parameters())
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2


def test_a_hidden_network_trains_through_time():
    torch.manual_seed(1)
    network = converted(make_hidden(), CURVE, DT)
    for _ in range(2):
        run_hidden(network, make_input()).sum().backward()
    assert all(torch.isfinite(p.grad).all() and p.grad.abs().sum() > 0 for p in network.parameters())


def test_the_original_stays_as_it_was_even_after_a_forward_pass():
    torch.manual_seed(1)
    original = make_hidden()
    run_hidden(original, make_input())
    mem, before = original[1].mem, deepcopy(original.state_dict())
    copy = converted(original, CURVE, DT)
    with torch.no_grad():
        copy[0].weight.add_(1)
    assert [type(layer) for layer in original] == [nn.Linear, snntorch.Leaky] * 2
    assert original[1].mem is mem
    assert all(torch.equal(value, before[name]) for name, value in original.state_dict().items())


def test_snntorch_s_list_keeps_no_converted_network_alive():
    original = make_hidden()
    listed = list(snntorch.SpikingNeuron.instances)
    copy = converted(original, CURVE, DT)
    run_hidden(deepcopy(copy), make_input())
    assert not any(each is layer for each in snntorch.SpikingNeuron.instances for layer in copy.modules())
    del copy
    gc.collect()
    assert snntorch.SpikingNeuron.instances == listed


def test_a_layer_that_is_used_twice_stays_one_layer():
    network = make_hidden()
    network.append(nn.Linear(3, 8))
    network.append(network[1])
    copy = converted(network, CURVE, DT)
    assert copy[1] is copy[5]
    assert isinstance(copy[1], Vo2Leaky)


def test_it_moves_and_changes_its_type_as_a_module_does():
    network = converted(Net().double().eval(), CURVE, DT)
    assert not network.lif1.training
    assert network(make_input().double())[0].dtype == torch.float64
    assert network.float()(make_input())[1].dtype == torch.float32
    spikes, _ = network.to("meta")(make_input().to("meta"))
    assert spikes.is_meta
    assert spikes.shape == (30, 4, 3)


@pytest.mark.parametrize("tau", [0.0, 5e-6])
def test_copies_and_saved_states_do_the_same(tau, tmp_path):
    torch.manual_seed(1)
    network = converted(make_hidden(), CURVE, DT, tau=tau)
    expected = run_hidden(network, make_input())
    torch.save(network.state_dict(), tmp_path / "network.pt")
    other = converted(make_hidden(), CURVE, 0.5 * DT)
    other.load_state_dict(torch.load(tmp_path / "network.pt", weights_only=True))
    for same in (deepcopy(network), other):
        assert torch.equal(run_hidden(same, make_input()), expected)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (lambda: snntorch.Leaky(0.9, learn_beta=True), "Leaky whose beta or threshold is learned"),
        (lambda: snntorch.Leaky(0.9, learn_threshold=True), "leave out learn_beta and learn_threshold"),
        (lambda: snntorch.Leaky(0.9, reset_mechanism="zero"), "reset_mechanism='zero'.*take 'subtract'"),
        (lambda: snntorch.Leaky(0.9, graded_spikes_factor=2.0), "graded spikes.*next layer's weights"),
        (lambda: snntorch.Leaky(0.9, state_quant=torch.round), "state_quant"),
        (lambda: snntorch.Leaky(0.9, threshold=0.0), "must be above 0"),
        (lambda: snntorch.RLeaky(0.9, linear_features=5), "RLeaky and only snntorch.Leaky.*put a Leaky there"),
        (lambda: snntorch.Synaptic(0.9, 0.8), "Synaptic"),
        (lambda: snntorch.Alpha(0.9, 0.8), "Alpha"),
    ],
)
def test_what_has_no_counterpart_is_refused_by_name(layer, words):
    with pytest.raises(NeurokitError, match=rf"layer '1' is a .*{words}|layer '1' is a {words}"):
        converted(nn.Sequential(nn.Linear(5, 5), layer()), CURVE, DT)


def test_inhibition_is_refused():
    with pytest.warns(UserWarning, match="unstable"):
        layer = snntorch.Leaky(0.9, inhibition=True)
    with pytest.raises(NeurokitError, match="the network is a Leaky with inhibition"):
        converted(layer, CURVE, DT)


def test_a_network_without_leaky_and_a_step_that_is_too_long_are_refused():
    with pytest.raises(NeurokitError, match=r"no snntorch\.Leaky"):
        converted(nn.Linear(2, 2), CURVE, DT)
    with pytest.raises(OutOfRangeError, match="take a smaller one"):
        converted(snntorch.Leaky(0.9), CURVE, 1.01 * DT)


def test_a_network_that_keeps_tensors_of_a_forward_pass_says_what_to_do():
    network = Net()
    network.kept = network(make_input())[0]
    with pytest.raises(NeurokitError, match="before the first"):
        converted(network, CURVE, DT)
