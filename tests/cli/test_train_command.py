"""`neurokit train`, `evaluate` and `export`: what they print, write and refuse."""

import json
from pathlib import Path

import pytest

from neurokit.snn.results import load_result

CURVE = Path(__file__).parents[2] / "training" / "curves" / "device1.csv"
QUICK = ("--dataset", "digits", "--hidden", "16", "--epochs", "2", "--batch", "64", "--window", "300u")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """A small network, trained once for all of these."""
    from click.testing import CliRunner

    from neurokit.cli import main

    folder = tmp_path_factory.mktemp("train")
    ended = CliRunner().invoke(main, ["train", *QUICK, "--curve", str(CURVE), "--out", str(folder / "r"), "--json"])
    assert ended.exit_code == 0, ended.output
    return folder / "r", ended


def test_a_training_writes_its_result_figures_and_says_how_it_came(result):
    folder, ended = result
    document = json.loads(ended.stdout)
    assert document["settings"]["hidden"] == [16]
    assert document["images"] == {"trained": 1198, "held_out": 239, "test": 360}
    assert [epoch["number"] for epoch in document["epochs"]] == [1, 2]
    assert set(document["accuracy"]) == {"rate", "spiking"}
    assert len(document["accuracy"]["spiking"]["per_class"]) == 10
    assert document["versions"]["snntorch"]
    assert document["data"]["name"] == "digits"
    names = {path.name for path in folder.iterdir()}
    assert names >= {"result.json", "weights.safetensors", "curve.csv", "rasters.png", "confusion.png", "epochs.png"}
    assert "checkpoint.json" not in names
    assert load_result(folder).settings.epochs == 2


def test_a_recipe_is_read_and_an_option_goes_before_it(neurokit, tmp_path):
    (tmp_path / "own.toml").write_text("hidden = 8\nepochs = 9\n")
    ended = neurokit("train", "own.toml", *QUICK, "--hidden", "4", "--epochs", "1", "--curve", CURVE, "--no-figures")
    assert ended.exit_code == 0, ended.output
    found = load_result(tmp_path / "out" / "train" / "own").settings
    assert (found.hidden, found.epochs) == ((4,), 1)
    assert "against by rate" in ended.stdout


def test_the_curve_of_a_device_is_measured_in_ngspice(neurokit, tmp_path):
    ended = neurokit(
        "train", *QUICK, "--epochs", "1", "--device", "2", "--no-figures", "--out", "r", "--noise", "0.0072"
    )
    assert ended.exit_code == 0, ended.output
    found = load_result(tmp_path / "r")
    assert found.curve.provenance["engine"] == "ngspice"
    assert 0.003 < found.network.realised.jitter < 0.05


def test_an_interrupted_training_goes_on_to_the_same_result(neurokit, tmp_path, monkeypatch):
    from neurokit.snn import job

    words = ("train", *QUICK, "--epochs", "3", "--curve", CURVE, "--no-figures")
    assert neurokit(*words, "--out", "whole").exit_code == 0
    save = job.save_checkpoint

    def interrupted(folder, progress, asked):
        save(folder, progress, asked)
        if len(progress.epochs) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(job, "save_checkpoint", interrupted)
    broken = neurokit(*words, "--out", "broken")
    assert broken.exit_code == 130
    assert "--resume" in broken.stderr
    monkeypatch.setattr(job, "save_checkpoint", save)
    assert neurokit(*words, "--out", "broken", "--resume").exit_code == 0
    whole, again = (tmp_path / name / "weights.safetensors" for name in ("whole", "broken"))
    assert whole.read_bytes() == again.read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--width", "0"), "width = 0.0 V must lie between"),
        (("--curve", "nothing.csv"), "nothing.csv"),
        (("--curve", CURVE, "--device", "3"), "leave one of the two out"),
        (("--device", "5"), "never oscillates"),
        (("--hidden", "many"), "no list of layers"),
        (("--dt", "1m", "--window", "2m", "--curve", CURVE), "longer than the shortest interval"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_words(neurokit, words, message):
    ended = neurokit("train", *QUICK, "--epochs", "1", *words)
    assert ended.exit_code == 2
    assert message in ended.stderr


def test_a_result_is_run_in_other_windows_on_chips_and_with_coarse_weights(neurokit, result):
    folder, _ = result
    words = ("--windows", "100u,300u", "--taus", "1u,5u", "--mismatch", "0.02,0.1", "--chips", "4", "--trim", "50")
    ended = neurokit("evaluate", folder, "--dataset", "digits", "--images", "100", *words, "--bits", "6", "--json")
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    assert len(document["runs"]) == 5
    assert [len(row["accuracies"]) for row in document["chips"]] == [4] * 4
    assert document["provenance"]["realised"]["bits"] == 6
    drawn = neurokit("evaluate", folder, "--dataset", "digits", "--images", "50", *words, "--out", "drawn", "--quiet")
    assert drawn.exit_code == 0, drawn.output
    assert {path.name for path in Path("drawn").iterdir()} == {"windows.png", "chips.png"}
    table = neurokit("evaluate", folder, "--dataset", "digits", "--images", "50", "--mismatch", "0.02", "--chips", "2")
    assert "worst" in table.stdout


def test_heat_and_other_devices_need_the_circuit_and_are_measured(neurokit, result, tmp_path):
    folder, _ = result
    refused = neurokit("evaluate", folder, "--dataset", "digits", "--temperatures", "300,310")
    assert refused.exit_code == 2
    assert "came from a file" in refused.stderr
    assert neurokit("train", *QUICK, "--no-figures", "--out", "r").exit_code == 0
    words = ("--temperatures", "300,304", "--devices", "1,2", "--noise", "0.0072")
    ended = neurokit("evaluate", "r", "--dataset", "digits", "--images", "50", *words, "--json")
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    cold, hot = (row["rate"] for row in document["temperatures"])
    assert cold > hot
    first, second = document["devices"]
    assert second["neurons"] < first["neurons"]
    assert second["spikes"] == pytest.approx(first["spikes"], rel=0.3)


def test_logs_for_tensorboard_are_written_where_it_is_installed(neurokit, tmp_path):
    pytest.importorskip("tensorboard")
    ended = neurokit("train", *QUICK, "--curve", CURVE, "--no-figures", "--tensorboard", "logs")
    assert ended.exit_code == 0, ended.output
    assert list((tmp_path / "logs").iterdir())
