"""The tri-state sweep that needs no Python: ngspice alone writes its table and checks it."""

import subprocess

import pytest

from neurokit.circuits import NeuronCircuit, tristate_netlist
from neurokit.circuits.drive import Constant
from neurokit.circuits.tristate_sweep import MARGIN, TABLE
from neurokit.device import DEVICES
from neurokit.device.closed_form import v_firing_onset, v_latching
from neurokit.errors import OutOfRangeError
from neurokit.simulation.twin import spike_times


def _ngspice(text, folder):
    (folder / "sweep.cir").write_text(text)
    run = subprocess.run(["ngspice", "-b", "sweep.cir"], cwd=folder, capture_output=True, text=True, timeout=300)
    rows = [line.split() for line in (folder / TABLE).read_text().splitlines()]
    return run, rows[0], rows[1:]


def _closed_form(device, r_series, v_in):
    if v_in <= v_firing_onset(device, r_series):
        return "un-firing"
    return "firing" if v_in > v_latching(device, r_series) else "oscillating"


@pytest.mark.parametrize("number", [1, 3])
def test_the_table_holds_regimes_and_frequencies_and_judges_itself(number, tmp_path):
    device = DEVICES[number]
    run, heading, rows = _ngspice(tristate_netlist(NeuronCircuit(device)).text, tmp_path)
    assert run.returncode == 0
    assert "error" not in run.stderr.lower()
    assert heading == ["r_series_ohm", "v_in_V", "regime", "frequency_Hz", "closed_form"]
    assert len(rows) == 144
    assert {regime for _, _, regime, _, _ in rows} == {"un-firing", "oscillating", "firing"}
    for r_series, v_in, regime, frequency, closed_form in rows:
        r, v = float(r_series), float(v_in)
        assert closed_form == _closed_form(device, r, v)
        if len({_closed_form(device, r, v * (1 + m)) for m in (-MARGIN, 0.0, MARGIN)}) == 1:
            assert regime == closed_form
        assert (float(frequency) > 0) == (regime == "oscillating")


def test_its_frequencies_are_the_twins(tmp_path):
    neuron = NeuronCircuit(DEVICES[1])
    _, _, rows = _ngspice(tristate_netlist(neuron, (2.8e3, 3.6e3), (9.6, 12.0), points=3).text, tmp_path)
    neurons = [NeuronCircuit(DEVICES[1], r_series=float(row[0])) for row in rows]
    rates = spike_times(neurons, [Constant(float(row[1])) for row in rows], 300e-6).rates
    assert [float(row[3]) for row in rows] == pytest.approx(rates, rel=0.02)


def test_it_ends_with_exit_code_1_where_the_closed_form_is_not_met(tmp_path):
    text = tristate_netlist(NeuronCircuit(DEVICES[1]), (2.8e3, 3.6e3), (9.6, 12.0), points=2).text
    run, _, _ = _ngspice(text.replace("let v_threshold = 6.", "let v_threshold = 16."), tmp_path)
    assert run.returncode == 1
    assert "4 of 4 regimes away from the boundaries differ" in run.stdout


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"r_series": (3e3, 1e3)}, "r_series from 3000.0 to 1000.0 must begin above 0 and rise"),
        ({"v_in": (0.0, 5.0)}, "v_in from 0.0 to 5.0 must begin above 0"),
        ({"points": 1}, "points = 1 must be at least 2"),
        ({"t_stop": 0.0}, "t_stop = 0.0 s above 0"),
    ],
)
def test_a_sweep_without_extent_is_refused(given, message):
    with pytest.raises(OutOfRangeError, match=message):
        tristate_netlist(NeuronCircuit(DEVICES[1]), **given)
