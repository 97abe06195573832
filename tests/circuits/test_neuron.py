"""Neurons under the drives of the paper, in ngspice."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from neurokit.circuits import CIRCUITS, NEURON, STAIRCASE, NeuronCircuit, neuron_netlist
from neurokit.circuits.drive import Constant, Pulse, Sine
from neurokit.device import DEVICES
from neurokit.errors import OutOfRangeError
from neurokit.simulation import simulate
from neurokit.simulation.twin import spike_times
from neurokit.spikes.train import spike_train


def _train(neuron, drive, t_stop, both_signs=False):
    waves = simulate(neuron_netlist(neuron, drive, t_stop)).checked().waveforms
    return spike_train(waves.time, waves["v(spk)"], both_signs=both_signs)


def test_short_pulses_are_integrated_until_the_neuron_fires():
    neuron, drive = NeuronCircuit(DEVICES[1]), Pulse(20.0, width=2e-6, period=4e-6)
    train = _train(neuron, drive, 100e-6)
    assert train.intervals == pytest.approx(12e-6, rel=0.05)  # every third pulse
    assert len(train) == len(spike_times([neuron], [drive], 100e-6).spikes[0])


def test_a_sine_makes_the_neuron_fire_with_both_signs():
    neuron = NeuronCircuit(DEVICES[1])
    train = _train(neuron, Sine(12.0, period=2e-3), 2e-3, both_signs=True)
    up, down = train.times[train.signs > 0], train.times[train.signs < 0]
    assert len(up) == pytest.approx(len(down), abs=1)
    assert len(up) > 10
    assert ((up % 2e-3) < 1e-3).all()
    assert ((down % 2e-3) > 1e-3).all()


def test_the_frequency_rises_with_the_supply():
    neuron = NeuronCircuit(DEVICES[1])
    rates = [_train(neuron, Constant(v), 150e-6).frequency()[0] for v in (9.5, 11.0, 12.5)]
    assert (np.diff(rates) > 0).all()


@pytest.mark.parametrize("field", ["r_series", "capacitance", "r_sense"])
def test_a_part_without_a_positive_value_is_refused(field):
    with pytest.raises(OutOfRangeError, match=rf"{field} = 0.0 must be above 0"):
        NeuronCircuit(**{field: 0.0})


def test_the_title_of_every_shipped_netlist_says_what_it_is():
    assert all(make().title and str(make()).startswith(make().title) for make in CIRCUITS.values())


def test_a_staircase_leads_through_the_three_regimes_and_back():
    waves = simulate(neuron_netlist(NEURON, STAIRCASE, 500e-6)).checked().waveforms
    counts = []
    for k, v_in in enumerate((6.0, 9.5, 11.0, 15.0, 11.0)):
        late = (waves.time > (k + 0.3) * 100e-6) & (waves.time < (k + 0.99) * 100e-6)
        assert waves["v(in)"][late] == pytest.approx(v_in)
        counts.append(len(spike_train(waves.time[late], waves["v(spk)"][late])))
    assert counts[0] == counts[3] == 0
    assert 0 < counts[1] < counts[2] == pytest.approx(counts[4], abs=1)


@pytest.mark.parametrize("name", CIRCUITS)
def test_each_shipped_netlist_runs_unchanged_by_ngspice_alone(name, tmp_path):
    for folder in ("netlists", "spice_models"):
        (tmp_path / folder).symlink_to(Path(__file__).parents[2] / folder)
    (tmp_path / "run").mkdir()
    command = ["ngspice", "-b", f"../netlists/{name}.cir"]
    run = subprocess.run(command, cwd=tmp_path / "run", capture_output=True, text=True, timeout=300)
    assert run.returncode == 0
    assert "error" not in (run.stdout + run.stderr).lower()
    assert "max_" in run.stdout or list((tmp_path / "run").iterdir())
