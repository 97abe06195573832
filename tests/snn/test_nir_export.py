"""A network in NIR: what is faithful is exact, what is approximate is near and said, nothing is lost in silence."""

import json
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path

import nir
import numpy as np
import pytest
import snntorch
import torch
from click.testing import CliRunner
from torch import nn

from neurokit.cli.export import export
from neurokit.cli.group import NeurokitGroup
from neurokit.errors import NeurokitError
from neurokit.snn import nir_export
from neurokit.snn.neuron import Vo2
from neurokit.snn.nir_export import account, nir_graph, read_nir, refuse_silent_loss, write_nir
from neurokit.snn.results import load_result, save_result
from neurokit.snn.settings import Settings
from neurokit.snn.training import make_network, timing_of
from neurokit.spikes.transfer_file import curve_text, read_curve

CURVE = read_curve(Path(__file__).parents[2] / "training" / "curves" / "device1.csv")
SETTINGS = Settings(hidden=(4,))
IMAGES = torch.randint(0, 256, (6, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def make_result(folder, jitter=0.0, **changes):
    torch.manual_seed(1)
    settings = replace(SETTINGS, **changes)
    save_result(folder, make_network(CURVE, settings, jitter), settings, CURVE, {})
    return folder


def make_trained(folder, jitter=0.0, **changes):
    return load_result(make_result(folder, jitter, **changes))


def run(*words):
    group = NeurokitGroup(commands={"export": export})
    return CliRunner().invoke(group, ["export", *map(str, words)])


def rates_of(network):
    with torch.no_grad():
        return network(network.encode(IMAGES))


def simulated(graph, signal, dt, steps):
    """What a foreign reader makes of a graph of these nodes, by Euler steps: the spikes of its output."""
    order = list(
        TopologicalSorter({name: {a for a, b in graph.edges if b == name} for name in graph.nodes}).static_order()
    )
    state = {name: np.array(node.v_leak) for name, node in graph.nodes.items() if isinstance(node, nir.LI)}
    total = 0.0
    for _ in range(steps):
        out = {"input": signal}
        for name in order[1:]:
            came = sum(out[a] for a, b in graph.edges if b == name)
            out[name] = behaviour(graph.nodes[name], came, name, state, dt)
        total = total + out["output"]
    return total


def behaviour(node, came, name, state, dt):
    match node:
        case nir.Threshold():
            return (came > node.threshold).astype(float)
        case nir.Scale():
            return came * node.scale
        case nir.Linear():
            return node.weight @ came
        case nir.LI():
            state[name] = state[name] + dt / node.tau * (node.v_leak - state[name] + node.r * came)
            return state[name]
        case nir.IF():
            v = state.get(name, 0.0) + dt * node.r * came
            state[name] = np.where(v > node.v_threshold, node.v_reset, v)
            return (v > node.v_threshold).astype(float)
        case nir.Output():
            return came
    raise AssertionError(f"a graph has no {node}")


@pytest.mark.parametrize("changes", [{}, {"bits": 3}, {"resistors": "E12", "tau": 0.0, "encoding": "constant"}])
def test_reading_back_gives_the_same_weights_and_the_same_rates(tmp_path, changes):
    trained = make_trained(tmp_path / "result", jitter=0.01, **changes)
    network = read_nir(write_nir(trained, tmp_path / "network.nir", approximate=True))
    for name, weight in trained.network.state_dict().items():
        assert torch.equal(network.state_dict()[name], weight)
    assert network.realised == trained.network.realised
    assert network.sizes == trained.network.sizes
    assert torch.equal(rates_of(network), rates_of(trained.network))


def test_the_graph_s_weights_and_biases_are_the_realised_ones(tmp_path):
    trained = make_trained(tmp_path, bits=3, resistors="E24")
    nodes = nir.read(write_nir(trained, tmp_path / "network.nir", approximate=True)).nodes
    for k in range(2):
        weight, bias = (part.detach().numpy() for part in trained.network.parts(k))
        assert np.array_equal(nodes[f"layer{k}_weights"].weight, weight)
        assert np.array_equal(nodes[f"layer{k}_adder"].v_leak, bias)


def test_a_foreign_reader_finds_the_curve_and_is_warned(tmp_path):
    graph = nir.read(write_nir(make_trained(tmp_path), tmp_path / "network.nir", approximate=True))
    assert graph.metadata["curve"] == curve_text(CURVE)
    assert json.loads(graph.metadata["settings"])["hidden"] == [4]
    assert "approximate: transfer curve" in graph.metadata["account"]
    neurons = [node for node in graph.nodes.values() if isinstance(node, nir.IF)]
    assert len(neurons) == 3
    assert all("which NIR does not have" in node.metadata["warning"] for node in neurons)


@pytest.mark.parametrize("changes", [{}, {"encoding": "constant"}, {"tau": 0.0}])
def test_what_a_foreign_reader_runs_fires_nearly_as_the_spiking_network_does(tmp_path, changes):
    trained = make_trained(tmp_path, window=500e-6, **changes)
    network, timing = trained.network, timing_of(trained.settings)
    with torch.no_grad():
        network.biases[1].copy_(torch.linspace(-0.2, 1.5, 10))  # from silent to latched
        network.weights[1].mul_(0.1)
        *_, output = network.spikes(IMAGES[:2], timing)
    graph = nir_graph(trained)
    for image, counts in zip(IMAGES[:2], output.sum(dim=0).numpy(), strict=True):
        found = simulated(graph, image.numpy().ravel().astype(float), timing.dt, timing.steps)
        assert 0 < np.count_nonzero(counts) < 10
        assert np.abs(found - counts).max() < 0.04 * network.f_full * timing.window


def test_without_consent_nothing_is_written_and_what_would_be_lost_is_named(tmp_path):
    ended = run(make_result(tmp_path / "result"), "--format", "nir", "--out", tmp_path / "network.nir")
    assert ended.exit_code == 2
    assert "only approximately: transfer curve, encoding, phase, spike; and not at all: read-out" in ended.stderr
    assert "--approximate" in ended.stderr
    assert not list(tmp_path.glob("*.nir*"))


def test_with_consent_the_command_writes_and_says_what_is_what(tmp_path):
    out = tmp_path / "network.nir"
    ended = run(make_result(tmp_path / "result"), "--out", out, "--approximate")
    assert ended.exit_code == 0, ended.output
    assert ended.stderr == f"wrote {out}\n"
    for word in ("784-4-10", "faithful", "approximate", "unsupported", "latching"):
        assert word in ended.stdout
    assert torch.equal(rates_of(read_nir(out)), rates_of(load_result(tmp_path / "result").network))


def test_json_holds_the_account(tmp_path):
    out = tmp_path / "network.nir"
    ended = run(make_result(tmp_path / "result", bits=4), "--out", out, "--approximate", "--json", "--quiet")
    assert (ended.exit_code, ended.stderr) == (0, "")
    document = json.loads(ended.stdout)
    assert document["file"] == str(out)
    weights = next(part for part in document["parts"] if part["what"] == "weights")
    assert (weights["how"], "4 bits" in weights["words"]) == ("faithful", True)


def test_noise_and_mismatch_are_lost_only_where_there_are_some(tmp_path):
    lost = [part.what for part in account(make_trained(tmp_path)) if part.how == nir_export.UNSUPPORTED]
    more = make_trained(tmp_path, jitter=0.02, mismatch=0.05)
    assert [part.what for part in account(more) if part.how == nir_export.UNSUPPORTED] == [*lost, "jitter", "mismatch"]


def test_a_file_of_another_program_or_none_is_refused(tmp_path):
    nir.write(tmp_path / "foreign.nir", nir.NIRGraph.from_list(nir.Linear(np.ones((2, 3)))))
    with pytest.raises(NeurokitError, match="does not say what curve"):
        read_nir(tmp_path / "foreign.nir")
    (tmp_path / "words.nir").write_text("no HDF5")
    for name in ("words.nir", "nowhere.nir"):
        with pytest.raises(NeurokitError, match="not a whole NIR file"):
            read_nir(tmp_path / name)


def test_a_file_whose_weights_were_changed_is_refused(tmp_path):
    graph = nir_graph(make_trained(tmp_path, bits=3))
    graph.nodes["layer0_weights"].weight = graph.nodes["layer0_weights"].weight + 1
    nir.write(tmp_path / "changed.nir", graph)
    with pytest.raises(NeurokitError, match="the file was changed"):
        read_nir(tmp_path / "changed.nir")


def test_without_the_package_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "nir", None)
    with pytest.raises(NeurokitError, match="pip install nir"):
        write_nir(make_trained(tmp_path), tmp_path / "network.nir", approximate=True)


def test_a_network_with_vo2_neurons_is_not_for_snntorch_s_own_export():
    refuse_silent_loss(nn.Sequential(nn.Linear(2, 3), snntorch.Leaky(0.9)))
    with pytest.raises(NeurokitError, match=r"layer '1' has VO2 neurons.*without their curve"):
        refuse_silent_loss(nn.Sequential(nn.Linear(2, 3), Vo2(CURVE, 1e-6)))


@pytest.mark.filterwarnings("ignore:nirtorch.extract_nir_graph:DeprecationWarning")
def test_snntorch_s_own_export_ends_where_there_is_no_leak():
    from snntorch.export_nir import export_to_nir

    with pytest.raises(NeurokitError, match="without their curve"):
        export_to_nir(nn.Sequential(nn.Linear(2, 3), Vo2(CURVE, 1e-6)), torch.ones(1, 2))
