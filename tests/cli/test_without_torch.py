"""Where the packages for networks are not installed, what needs them says so."""

from importlib import util

from neurokit.cli import network_options


def test_training_without_torch_ends_with_what_to_install(neurokit, monkeypatch):
    monkeypatch.setattr(network_options, "find_spec", lambda name: None if name == "torch" else util.find_spec(name))
    ended = neurokit("train", "--dataset", "digits")
    assert ended.exit_code == 2
    assert "pip install torch snntorch" in ended.stderr
