"""`neurokit demo`: its figures and tables, the verification that it ends with, and its folders on a second run."""

import json
from pathlib import Path

import pytest

from neurokit.cli.demo import _trained_network, afresh
from neurokit.cli.output import Output
from neurokit.device.vo2x import DEVICES, MEASURED_THRESHOLDS
from neurokit.errors import NeurokitError
from neurokit.sweeps.journal import Journal

ALOUD = Output(json=False, quiet=False)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The whole demo, once for all of these: what it prints, and its summary."""
    from click.testing import CliRunner

    from neurokit.cli import main

    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NEUROKIT_CACHE", str(folder / "cache"))
        ended = CliRunner().invoke(main, ["demo", "--out", str(folder / "demo"), "--quiet"])
    assert ended.exit_code == 0, ended.output
    return ended.stdout, json.loads((folder / "demo" / "summary.json").read_text())


@pytest.mark.slow
def test_the_demo_draws_every_figure_and_recovers_the_thresholds(shown):
    stdout, document = shown
    figures = [Path(line) for line in stdout.splitlines() if line.endswith(".png")]
    assert len(figures) > 10
    assert all(path.stat().st_size > 10_000 for path in figures)
    rows = dict(zip(DEVICES, document["devices"], strict=True))
    for number, volts in MEASURED_THRESHOLDS.items():
        assert rows[number]["v_threshold"] == pytest.approx(volts, rel=0.02)
    amplitudes = [row["amplitude"] for row in rows.values()]
    assert amplitudes == sorted(amplitudes, reverse=True)
    assert amplitudes[-1] < 0.05 * amplitudes[0]
    assert max(row["peak_temperature"] for row in rows.values()) < 600
    cycles = document["threshold_noise"]["cycles"]
    assert document["threshold_noise"]["spread"] == pytest.approx(0.0072, rel=4 / (2 * cycles) ** 0.5)  # 4 sigma
    assert document["triple_point"]["method"] == "lines"


@pytest.mark.slow
def test_the_demo_ends_with_the_path_of_the_report_on_three_verified_digits(shown):
    stdout, document = shown
    words, _, path = stdout.splitlines()[-1].rpartition(": ")
    assert words == "the trained network against its circuit in ngspice"
    assert "3 digits were simulated in ngspice" in Path(path).read_text()
    verification = document["verification"]
    assert (verification["digits"], verification["failed"]) == (3, 0)
    assert verification["agreement"]["spiking"] == 1.0


def test_a_folder_of_another_versions_demo_is_kept_aside_and_made_anew(tmp_path, capsys):
    def run(version):
        def into(folder):
            with Journal(folder, {"version": version}):
                (folder / "made").write_text(version)

        afresh(tmp_path / "sweep", into, ALOUD)

    for version in ("1", "1", "2", "3"):
        run(version)
    assert (tmp_path / "sweep" / "made").read_text() == "3"
    assert (tmp_path / "sweep.before" / "made").read_text() == "2"
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "sweep is of another version's demo: it is kept as" in said[0]


def test_what_else_is_wrong_with_a_folder_of_the_demo_is_told(tmp_path):
    (tmp_path / "sweep.json").write_text("{")

    def into(folder):
        with Journal(folder, {}):
            pass

    with pytest.raises(NeurokitError, match="is spoilt"):
        afresh(tmp_path, into, ALOUD)


def test_the_demo_trains_in_as_many_threads_as_the_train_command(tmp_path, monkeypatch):
    import torch

    monkeypatch.setattr("neurokit.snn.job.train_into", lambda *rest: 1 / 0)
    monkeypatch.setattr("neurokit.snn.job.curve_of", lambda *rest: None)
    torch.set_num_threads(2)
    with pytest.raises(ZeroDivisionError):
        _trained_network(tmp_path, ALOUD)
    assert torch.get_num_threads() == 1
