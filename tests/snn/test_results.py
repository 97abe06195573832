"""A result on disk: it comes back whole, and whatever does not fit is refused by name."""

import json
from pathlib import Path

import pytest
import torch

from neurokit.errors import NeurokitError
from neurokit.snn.results import CURVE as CURVE_FILE
from neurokit.snn.results import RESULT, WEIGHTS, load_result, resume, save_result
from neurokit.snn.settings import Settings
from neurokit.snn.training import begin, make_network
from neurokit.spikes.transfer_file import read_curve

CURVES = Path(__file__).parents[2] / "training" / "curves"
CURVE = read_curve(CURVES / "device1.csv")
SETTINGS = Settings(hidden=(6, 5), bits=4, resistors="E24", v_rail=12.0, seed=7)


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(1)
    network = make_network(CURVE, SETTINGS, jitter=0.01)
    save_result(tmp_path / "result", network, SETTINGS, CURVE, {"accuracy": {"rate": {"test": 0.5}}})
    return network, tmp_path / "result"


def test_a_result_comes_back_with_its_settings_curve_and_weights_bit_for_bit(saved):
    network, folder = saved
    found = load_result(folder)
    assert (found.settings, found.curve) == (SETTINGS, CURVE)
    assert found.network.realised == network.realised
    assert found.network.rate.v_rail == 12.0
    images = torch.randint(0, 256, (5, 28, 28))
    assert torch.equal(found.network(found.network.encode(images)), network(network.encode(images)))
    assert found.record["accuracy"]["rate"]["test"] == 0.5


@pytest.mark.parametrize("name", [WEIGHTS, CURVE_FILE])
def test_a_file_of_another_run_is_refused_with_both_sums(saved, name):
    _, folder = saved
    path = folder / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(NeurokitError, match=rf"{name} has SHA-256 .* the document beside it says"):
        load_result(folder)


def test_a_missing_file_is_named(saved):
    _, folder = saved
    (folder / WEIGHTS).unlink()
    with pytest.raises(NeurokitError, match=rf"{WEIGHTS} cannot be read"):
        load_result(folder)
    with pytest.raises(NeurokitError, match="neurokit train --out DIR"):
        load_result(folder.parent)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "a poem"}, "is not that of a trained network"),
        ({"format": 99}, "format 1"),
        ({"settings": {"hidden": [7]}}, "not a whole result"),
        ({"settings": {"hiden": [7]}}, "no setting 'hiden'"),
    ],
)
def test_a_document_that_was_edited_is_refused(saved, change, words):
    _, folder = saved
    document = json.loads((folder / RESULT).read_text()) | change
    (folder / RESULT).write_text(json.dumps(document))
    with pytest.raises(NeurokitError, match=words):
        load_result(folder)


def test_a_result_that_does_not_say_what_it_learned_can_be_run_but_says_so_when_asked(saved):
    _, folder = saved
    with pytest.raises(NeurokitError, match=r"result.json does not say .* data lack name and sha256.* train again"):
        _ = load_result(folder).data
    document = json.loads((folder / RESULT).read_text())
    for data, missing in (({"name": "mnist"}, "lack sha256"), ("mnist", "lack name and sha256")):
        (folder / RESULT).write_text(json.dumps(document | {"data": data}))
        with pytest.raises(NeurokitError, match=missing):
            _ = load_result(folder).data


def test_what_is_no_json_is_refused(saved):
    _, folder = saved
    (folder / RESULT).write_text("{")
    with pytest.raises(NeurokitError, match="is not JSON"):
        load_result(folder)


def test_a_checkpoint_that_is_broken_or_missing_is_refused(tmp_path):
    progress = begin(CURVE, SETTINGS)
    with pytest.raises(NeurokitError, match=r"there is no .* to go on from"):
        resume(tmp_path, progress, {})
    (tmp_path / "checkpoint.safetensors").write_bytes(b"nonsense")
    with pytest.raises(NeurokitError, match="is no checkpoint to go on from"):
        resume(tmp_path, progress, {})


@pytest.mark.parametrize("change", [{"curve": "x"}, {"jitter": None}, {"weights": None}])
def test_a_document_with_parts_of_another_kind_is_refused(saved, change):
    _, folder = saved
    document = json.loads((folder / RESULT).read_text()) | change
    (folder / RESULT).write_text(json.dumps(document))
    with pytest.raises(NeurokitError):
        load_result(folder)
