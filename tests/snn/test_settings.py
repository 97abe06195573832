"""Settings of a training: from TOML, changed one by one, and refused with the bound and the way out."""

import pytest

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn.settings import Settings, changed, settings_from_toml


def test_settings_come_from_toml_and_single_ones_can_be_changed(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("hidden = [64, 32]\nwidth = 2\nloss = 'cross_entropy'\n")
    found = settings_from_toml(path, {"seed": 5})
    assert found == Settings(hidden=(64, 32), width=2.0, loss="cross_entropy", seed=5)


def test_a_file_of_settings_can_build_on_another(tmp_path):
    (tmp_path / "base.toml").write_text("hidden = 64\nwidth = 2\n")
    (tmp_path / "own.toml").write_text("base = 'base.toml'\nwidth = 3\n")
    assert settings_from_toml(tmp_path / "own.toml") == Settings(hidden=(64,), width=3.0)
    (tmp_path / "base.toml").write_text("base = 'own.toml'\n")
    with pytest.raises(NeurokitError, match="no more than 5 deep"):
        settings_from_toml(tmp_path / "own.toml")


def test_a_curve_is_looked_for_beside_the_file_that_names_it(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("curve = 'curves/own.csv'\n")
    assert settings_from_toml(path).curve == str(tmp_path / "curves" / "own.csv")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hiden": 64}, "no setting 'hiden': there are curve, device"),
        ({"epochs": 1.5}, r"epochs = 1\.5 must be a whole number"),
        ({"loss": 3}, "loss = 3 must be a word"),
        ({"seed": True}, "seed = True must be a whole number"),
    ],
)
def test_what_is_no_setting_is_refused(changes, words):
    with pytest.raises(NeurokitError, match=words):
        changed(Settings(), changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hidden": 0}, r"hidden = \[0\] must be one or more layers of 1 to 100000"),
        ({"hidden": []}, "one or more layers"),
        ({"device": 6}, "device = 6 must lie between 1 and 5"),
        ({"loss": "hinge"}, "'hinge' must be one of mse, cross_entropy"),
        ({"dt": 1e-3}, r"dt = 0\.001 s must not be above the window"),
        ({"bits": 1}, "bits = 1 has no weight but 0"),
        ({"temperature": 400.0}, "temperature = 400.0 K must lie between 200.0 and 330.0 K"),
    ],
)
def test_a_setting_out_of_range_is_refused_with_its_bounds(changes, words):
    with pytest.raises(OutOfRangeError, match=words):
        changed(Settings(), changes)


def test_a_curve_of_a_file_cannot_be_that_of_another_circuit():
    with pytest.raises(NeurokitError, match="leave one of the two out"):
        changed(Settings(), {"curve": "own.csv", "device": 3})


def test_a_file_that_is_no_toml_is_named(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text("hidden = = 3\n")
    with pytest.raises(NeurokitError, match=r"broken\.toml"):
        settings_from_toml(path)
