"""A verification, from a trained network to its report: it goes on, refuses what does not fit, and adds up."""

import csv
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from neurokit.circuits.eseries import SERIES
from neurokit.circuits.pulse import PulseFormer
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.simulation.outcome import Limits
from neurokit.snn.results import load_result
from neurokit.snn.settings import Settings
from neurokit.spikes.energy import EnergyBalance
from neurokit.sweeps.journal import Journal
from neurokit.verification import job
from neurokit.verification.job import Plan, verify_into
from neurokit.verification.recorded import Recorded

KINDS = ("resistors", "capacitors", "op-amps")
PLAN = Plan(digits=2, twin=6, devices=0)
IN_NGSPICE = 2 + 2 * 13  # rows of ngspice: two grey levels, 13 neurons behind the input for each digit


def but_cost(found):
    return {name: value for name, value in found.report.items() if name != "cost"}


@pytest.fixture(scope="module")
def verified(tmp_path_factory, make_result, digits):
    folder = tmp_path_factory.mktemp("verify")
    trained = load_result(make_result(folder / "result"))
    return verify_into(folder / "v", trained, digits, PLAN), folder / "v"


def test_circuit_twin_and_network_agree_on_every_digit(verified):
    found, _ = verified
    for row in found.report["digits"]:
        assert row["status"] == "ok"
        assert row["answers"]["ngspice"] == row["answers"]["twin"]
        assert row["twin"]["count_difference"] <= 1
        assert row["twin"]["period_error"] < 1e-3
        assert row["energy"]["worst_residual"] < 0.005
        assert 0 < row["energy"]["neurons"] < row["energy"]["supply"]
        assert sum(row["partings"].values()) == 13
    assert found.report["summary"]["rate_error"]["spiking"] < 0.1  # a third of so short a window is start-up


def test_energies_are_those_of_the_neurons_powers(verified, digits):
    """All of a window's energy is between what silence and what the fastest neuron would take."""
    found, _ = verified
    row = found.report["digits"][0]
    white = int((digits.test_images[row["digit"]] > 0).sum())
    assert row["energy"]["neurons"] < (white + 13) * 20.9**2 / 6e3 * 20e-6
    assert row["energy"]["neurons"] > white * 0.3 * 20.9**2 / 6e3 * 20e-6


def test_the_report_is_json_and_counts_the_parts(verified):
    found, folder = verified
    json.dumps(found.report, allow_nan=False)
    mapping = found.report["mapping"]
    unrealised = len(mapping["unrealised"])
    assert mapping["resistors"] == 784 * 3 + 3 * 10 + 4 * 13 - unrealised + 2 * 797  # with those of the neurons
    assert mapping["op-amps"] == 26
    steps = np.array([*SERIES["E96"], 10.0])
    assert 1 + mapping["largest_error"] < (steps[1:] / steps[:-1]).max() ** 0.5 + 1e-6
    bill = (folder / "bill_of_materials.csv").read_text().splitlines()
    assert sum(int(line.split(",")[3]) for line in bill[1:]) == sum(mapping[k] for k in KINDS) + 2 * 797


@pytest.mark.parametrize("after", [0, 1, 9, 17, IN_NGSPICE, IN_NGSPICE + 4])
def test_an_interrupted_verification_goes_on_to_the_same_report(
    verified, tmp_path, trained, digits, monkeypatch, after
):
    add, left = Journal.add, [after]
    monkeypatch.setattr(job, "TWIN_AT_ONCE", 2)  # so that there is something between the twin's first and last digit

    def interrupted(self, rows):
        rows = list(rows)
        if left[0] < len(rows):
            raise KeyboardInterrupt
        left[0] -= len(rows)
        add(self, rows)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            verify_into(tmp_path / "v", trained, digits, PLAN)
    assert len((tmp_path / "v" / "points.jsonl").read_text().splitlines()) == after
    assert but_cost(verify_into(tmp_path / "v", trained, digits, PLAN)) == but_cost(verified[0])
    assert (tmp_path / "v" / "rates.csv").read_bytes() == (verified[1] / "rates.csv").read_bytes()


def test_what_is_there_is_not_simulated_again(verified, trained, digits, monkeypatch):
    found, folder = verified
    monkeypatch.setattr(
        "neurokit.verification.by_layers.simulate_each", lambda netlists, **rest: (1 / 0 for _ in netlists)
    )
    assert but_cost(verify_into(folder, trained, digits, PLAN)) == but_cost(found)


def test_errors_of_the_rates_of_single_neurons_average_to_those_of_the_report(verified):
    found, folder = verified
    with (folder / found.report["rates"]["file"]).open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["class"] == "all"]
    assert [(row["layer"], row["neuron"]) for row in rows] == [
        (str(layer), str(1 + neuron)) for layer, size in ((2, 3), (3, 10)) for neuron in range(size)
    ]
    for way in ("spiking", "rate"):
        errors = [float(row[f"error against the {way} network (of full scale)"]) for row in rows]
        assert np.mean(errors) == pytest.approx(found.report["summary"]["rate_error"][way])
    assert float(rows[0]["rate in ngspice (Hz)"]) <= found.report["network"]["f_full"]
    worst = found.report["rates"]["furthest"]
    assert [row["error_spiking"] for row in worst] == sorted((row["error_spiking"] for row in worst), reverse=True)


def changed_journal(kept, folder, change):
    """The folder of a verification with rows of its journal changed by hand."""
    shutil.copytree(kept, folder)
    path = folder / "points.jsonl"
    rows = [change(json.loads(line)) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_neurons_that_heard_other_pulses_than_the_journal_holds_are_refused(verified, tmp_path, trained, digits):
    def silenced(row):
        """White pixels no longer say anything."""
        silent = Recorded(np.zeros(0), np.zeros(800), EnergyBalance(0, 0, 0, 0, 0, 0), 0.0).to_json(PulseFormer())
        return row | {"pulses": silent["pulses"]} if row["values"] == [1, 255, 1] else row

    changed_journal(verified[1], tmp_path / "v", silenced)
    with pytest.raises(NeurokitError, match=r"neuron \(2, \d, \d\) .* heard other pulses .* changed by hand"):
        verify_into(tmp_path / "v", trained, digits, PLAN)


def test_rows_of_a_version_that_did_not_keep_what_neurons_heard_stay_usable(verified, tmp_path, trained, digits):
    def older(row):
        return {name: value for name, value in row.items() if name != "heard_sha256"}

    changed_journal(verified[1], tmp_path / "v", older)
    before = (tmp_path / "v" / "points.jsonl").read_text()
    assert "heard" not in before
    assert but_cost(verify_into(tmp_path / "v", trained, digits, PLAN)) == but_cost(verified[0])
    assert (tmp_path / "v" / "points.jsonl").read_text() == before


def test_another_network_in_the_same_folder_is_refused_by_name(verified, tmp_path, digits, make_result):
    _, folder = verified
    other = load_result(make_result(tmp_path / "other", seed=2))
    with pytest.raises(NeurokitError, match=r"holds another verification: .*weights_sha256.* differ"):
        verify_into(folder, other, digits, PLAN)


def test_a_netlist_edited_by_hand_is_refused_with_its_line(tmp_path, trained, digits):
    verify_into(tmp_path, trained, digits, replace(PLAN, digits=1, twin=0))
    (path,) = tmp_path.glob("digit_*.cir")
    lines = path.read_text().splitlines(keepends=True)
    number = next(k for k, line in enumerate(lines) if line.startswith("R_weight_2_1_"))
    lines[number] = lines[number].split()[0] + " pulse_1_1 first_2_1 1k\n"
    path.write_text("".join(lines))
    with pytest.raises(NeurokitError, match=rf"line {number + 1} of .*{path.name} reads 'R_weight.* 1k', the trained"):
        verify_into(tmp_path, trained, digits, replace(PLAN, digits=1, twin=0))


def test_a_digit_with_a_failed_neuron_says_so_and_can_be_tried_again(tmp_path, trained, digits, verified):
    starved = replace(PLAN, limits=Limits(output_bytes=50_000))
    found = verify_into(tmp_path, trained, digits, starved)
    assert found.report["summary"]["failed"] == 2
    for row in found.report["digits"]:
        assert "output limit" in row["message"]
        assert row["answers"]["ngspice"] is None
    assert found.example is None
    again = verify_into(tmp_path, trained, digits, replace(PLAN, retry_failed=True))
    assert but_cost(again) == but_cost(verified[0])


def test_more_digits_go_on_from_fewer(tmp_path, trained, digits, verified):
    one = verify_into(tmp_path, trained, digits, replace(PLAN, digits=1, twin=0)).report["digits"]
    assert one == verify_into(tmp_path, trained, digits, PLAN).report["digits"][:1]


def test_plans_that_cannot_be_are_refused(tmp_path, trained, digits):
    for wrong in ({"digits": 0}, {"devices": -1}, {"adder": "transistors"}):
        with pytest.raises(OutOfRangeError):
            Plan(**wrong)
    with pytest.raises(OutOfRangeError, match="7 digits: there are 6 test images"):
        verify_into(tmp_path, trained, digits, Plan(digits=7))


def test_a_network_whose_circuit_is_not_known_or_sends_no_spikes_is_refused(tmp_path, trained, digits):
    of_a_file, constant = Settings(curve="own.csv"), replace(trained.settings, encoding="constant")
    for settings, words in ((of_a_file, "curve from a file"), (constant, "--encoding spikes")):
        with pytest.raises(NeurokitError, match=words):
            verify_into(tmp_path, replace(trained, settings=settings), digits, PLAN)


@pytest.mark.slow
def test_the_table_of_devices_says_which_cannot_be_matched(tmp_path, trained, digits, monkeypatch):
    monkeypatch.setattr(job, "TABLE_DEVICES", (1, 2, 3))
    rows = verify_into(tmp_path, trained, digits, replace(PLAN, devices=1, twin=0)).report["devices"]
    first, second, third = rows
    assert 0 < second["supply"] < first["supply"]
    assert np.isclose(second["f_full"], first["f_full"], rtol=0.1)
    assert third["supply"] is None
    assert "never oscillates" in third["message"]
