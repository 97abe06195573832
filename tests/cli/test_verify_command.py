"""`neurokit verify`: what it prints, writes and refuses."""

import json
import struct

import numpy as np
import pytest

QUICK = ("--digits", "1", "--twin", "3", "--devices", "0")


def write_images(folder):
    """Stripes, black and white, so that input neurons have two drives only."""
    rng = np.random.default_rng(1)
    for name, count in (("train", 64), ("t10k", 6)):
        labels = rng.integers(0, 10, count, dtype=np.uint8)
        images = np.zeros((count, 28, 28), dtype=np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[2 * label + 2 : 2 * label + 6, 4:24] = 255
        head = struct.pack(">iiii", 0x803, count, 28, 28), struct.pack(">ii", 0x801, count)
        (folder / f"{name}-images-idx3-ubyte").write_bytes(head[0] + images.tobytes())
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(head[1] + labels.tobytes())


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """784-3-10 whose window is short, so that a digit takes seconds; hardly trained, which is no matter."""
    from click.testing import CliRunner

    from neurokit.cli import main

    folder = tmp_path_factory.mktemp("verify")
    write_images(folder)
    words = "--hidden 3 --epochs 1 --batch 8 --r-series 6k --capacitance 0.2n --v-rail 20.9 --window 15u --tau 1u"
    words = f"--dataset other --data {folder} --held-out 0 --out {folder / 'trained'} --no-figures {words}"
    ended = CliRunner().invoke(main, ["train", *words.split()])
    assert ended.exit_code == 0, ended.output
    return folder / "trained"


@pytest.fixture
def verify(neurokit, trained):
    """Runs the command on a result, by default the trained one."""

    def run(*words, result=trained):
        return neurokit("verify", result, "--dataset", "other", "--data", trained.parent, *QUICK, *words)

    return run


def test_the_report_the_page_and_the_parts_are_written(verify, tmp_path):
    ended = verify("--out", "v", "--json")
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    assert document["summary"]["digits"] == 1
    assert document["twin"]["digits"] == 3
    assert document["provenance"]["seed"] == 1
    written = {path.name for path in (tmp_path / "v").iterdir()}
    assert written >= {
        "report.html",
        "report.json",
        "bill_of_materials.csv",
        "rates.csv",
        "rasters.png",
        "rates.png",
        "points.jsonl",
    }
    assert "v/rates.csv" in document["files"]
    kept = json.loads((tmp_path / "v" / "report.json").read_text())
    assert kept == {name: value for name, value in document.items() if name != "files"}
    page = (tmp_path / "v" / "report.html").read_text()
    assert page.count("<img") == page.count('src="data:image/png') == 4


@pytest.mark.parametrize("stage", ["style.save_figure", "verification.page.verification_page"])
def test_a_verification_interrupted_while_its_report_is_written_ends_with_the_same_report(
    verify, tmp_path, monkeypatch, stage
):
    assert verify("--out", "whole").exit_code == 0
    (tmp_path / "broken").mkdir()
    for name in ("points.jsonl", "verification.json"):
        (tmp_path / "broken" / name).write_bytes((tmp_path / "whole" / name).read_bytes())

    def interrupted(*rest):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"neurokit.report.{stage}", interrupted)
        assert verify("--out", "broken").exit_code == 130
    assert not (tmp_path / "broken" / "report.html").exists()
    assert verify("--out", "broken").exit_code == 0
    for name in ("report.json", "report.html", "rates.csv", "bill_of_materials.csv"):
        assert (tmp_path / "broken" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_check_that_does_not_hold_is_seen_and_counts_where_asked(verify, monkeypatch):
    monkeypatch.setattr("neurokit.verification.checks.MOST_RATE_ERROR", 0.0)
    loose = verify("--out", "v")
    assert loose.exit_code == 0
    assert "NO" in loose.stdout
    assert loose.stdout.rstrip().endswith("v/report.html")
    assert verify("--out", "v", "--strict").exit_code == 1


def test_results_that_are_spoilt_or_of_something_else_are_refused(verify, tmp_path, trained):
    ended = verify(result=tmp_path)
    assert ended.exit_code == 2
    assert "result.json cannot be read" in ended.stderr
    spoilt = tmp_path / "spoilt"
    spoilt.mkdir()
    for path in trained.glob("*.*"):
        (spoilt / path.name).write_bytes(path.read_bytes())
    weights = spoilt / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x00")
    ended = verify(result=spoilt)
    assert ended.exit_code == 2
    assert "weights.safetensors has SHA-256" in ended.stderr


@pytest.mark.parametrize("command", ["verify", "evaluate"])
def test_a_network_trained_on_a_set_of_ones_own_asks_where_that_lies(neurokit, trained, command, tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROKIT_DATA", str(tmp_path))
    ended = neurokit(command, trained)
    assert ended.exit_code == 2
    assert f"trained on {trained.parent.name}, a set of your own: say with --data DIR" in ended.stderr


@pytest.mark.parametrize("command", ["verify", "evaluate"])
def test_a_result_that_does_not_say_what_it_learned_is_refused(neurokit, trained, command, tmp_path):
    for path in trained.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    document = json.loads((tmp_path / "result.json").read_text())
    del document["data"]
    (tmp_path / "result.json").write_text(json.dumps(document))
    ended = neurokit(command, tmp_path, "--data", trained.parent)
    assert ended.exit_code == 2
    assert "result.json does not say which images the network learned" in ended.stderr


def test_images_that_the_network_did_not_learn_are_used_where_asked_for_and_that_is_said(neurokit, trained):
    ended = neurokit("evaluate", trained, "--dataset", "digits", "--images", "10")
    assert ended.exit_code == 0, ended.output
    assert f"was trained on {trained.parent.name}, these images are of digits" in ended.stderr


def test_a_bin_wider_than_a_pulse_is_refused(verify):
    ended = verify("--bin", "1u")
    assert ended.exit_code == 2
    assert "bin = 1e-06 s must lie between" in ended.stderr
