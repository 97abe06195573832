"""The device that the Technion example leaves, against the records that it was fitted to."""

from pathlib import Path

import numpy as np
import pytest

from neurokit.calibration.confirm import confirmed
from neurokit.calibration.description import read_description
from neurokit.calibration.predict import predicted
from neurokit.calibration.records import oscillates
from neurokit.calibration.residuals import decades
from neurokit.calibration.result import Answers
from neurokit.device.preset import read_device
from neurokit.simulation import simulate_many

EXAMPLES = Path(__file__).parents[2] / "examples" / "fit"
DEVICE = read_device(EXAMPLES / "devices" / "technion.toml")
CIRCUIT = {"c_beside": 8.99877e-12}
LOOP, DRIVE = read_description(EXAMPLES / "technion.toml").records[:2]


def test_its_resistance_follows_the_loop():
    off = decades(LOOP.measured["resistance"], predicted(LOOP, DEVICE, CIRCUIT)["resistance"])
    assert np.sqrt(np.mean(off**2)) < 0.06


@pytest.mark.parametrize("engine", ["twin", "ngspice"])
def test_it_oscillates_where_the_device_did_at_its_frequencies_and_rests_elsewhere(engine):
    by_twin = Answers(DRIVE, predicted(DRIVE, DEVICE, CIRCUIT))
    (found,) = [by_twin] if engine == "twin" else confirmed([by_twin], DEVICE, CIRCUIT, simulate_many)
    measured, given = DRIVE.measured, found.predicted
    alive = oscillates(measured["frequency"])
    assert oscillates(given["frequency"]).tolist() == alive.tolist()
    assert given["frequency"][alive] == pytest.approx(measured["frequency"][alive], rel=0.15)
    assert given["peak_to_peak"][alive] == pytest.approx(measured["peak_to_peak"][alive], abs=40e-3)
    assert np.sqrt(np.mean((given["mean"] - measured["mean"]) ** 2)) < 20e-3
