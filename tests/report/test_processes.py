"""Panels of the processes of a film: what each says, what it finds, and that it does not hide what it misses."""

import pytest

from neurokit.report.page import HOLDS, HOLDS_NOT, Entry, figures_page
from neurokit.report.panels import PANELS
from neurokit.report.paper import PANELS as PAPER_PANELS
from neurokit.report.paper.panel import Failed, Workshop, made_of_checks, make_panels
from neurokit.report.processes import PROCESSES
from neurokit.simulation import simulate_many
from neurokit.vacancy.checks import Check

COMPUTED = ["1F", "1G", *PROCESSES]
# What they miss is in tests/vacancy/test_checks.py and tests/device/test_wafer.py, by item.
HOLD = {"1F": True, "1G": False, "wafer": True, "overlayer": True, "thickness": False, "anneal": True}
HOLD |= {"spectra": True, "tip": False}
MET = Check("first", "10 K", "10.1 K", True)
MISSED = Check("second", "falls", "rises", False)
OPEN = Check("third", "0.4 V", "0.3 V (-25.0 %)", None, predicted=True)


@pytest.fixture(scope="module")
def made():
    return make_panels({name: PANELS[name] for name in COMPUTED}, Workshop(run=lambda netlists: []))


@pytest.mark.parametrize("name", COMPUTED)
def test_a_panel_holds_if_all_its_checks_do_and_tells_those_that_do_not(made, name):
    panel = made[name]
    assert not isinstance(panel, Failed)
    assert panel.holds is HOLD[name]
    assert panel.holds is all(check.met is not False for check in panel.checks)
    for check in panel.checks:
        assert (f"{check.item}: {check.published}, here {check.reached}" in panel.finding) is (check.met is False)


@pytest.mark.parametrize("name", COMPUTED)
def test_a_panel_says_what_made_it(made, name):
    assert made[name].parameters
    assert (made[name].seed is not None) == (name == "spectra")


@pytest.mark.parametrize("name", PROCESSES)
def test_every_statement_of_a_process_names_the_publication_that_says_so(name):
    first, said, _ = PROCESSES[name].statement.partition(" say: ")
    assert said
    assert first.split()[0].rstrip(",") in {"Li", "Park", "Zhou", "Kim"}


def test_processes_follow_the_panels_of_the_paper_and_share_no_name_with_them():
    assert list(PANELS) == [*PAPER_PANELS, *PROCESSES, "filament"]
    assert len({name.casefold() for name in PANELS}) == len(PANELS)


def test_both_readings_of_the_critical_temperature_are_told(made):
    finding = made["1G"].finding
    assert "by the middle of both branches it falls by 0.00 K and rises by 0.00 K" in finding
    assert "by the steepest fall of log R it falls by 0.00 K and rises by 2.71 K" in finding


def test_predictions_are_counted_apart_and_an_open_one_decides_nothing():
    both = made_of_checks(None, [MET, OPEN], "More.", {})
    assert both.holds
    assert both.finding == "1 of 1 checks are met. More."
    missed = made_of_checks(None, [MET, MISSED, Check("fourth", "a", "a", True, predicted=True)], "More.", {})
    assert not missed.holds
    assert missed.finding == (
        "1 of 2 checks are met, 1 of 1 predictions come out; not second: falls, here rises. More."
    )


def test_the_page_has_a_table_of_what_is_published_beside_what_is_reached():
    entries = [
        Entry("tip", "A tip", "Kim say: so.", HOLDS_NOT, "Not all.", None, {}, checks=(MET, MISSED, OPEN)),
        Entry("2G", "A loop", "The text says: so.", HOLDS, "All.", None, {}),
    ]
    page = figures_page(entries)
    assert page.count('<table class="checks">') == 1
    assert '<td class="holds-not">NOT met</td>' in page
    assert "<td>0.4 V</td><td>0.3 V (-25.0 %)</td><td>predicted</td>" in page
    assert "most answer other\npublications, which their statements name" in page


def test_the_filament_of_an_uneven_film_forms_at_the_threshold_and_its_panel_says_by_which_simulations():
    panel = make_panels({"filament": PANELS["filament"]}, Workshop(run=simulate_many))["filament"]
    assert panel.holds
    assert len(panel.checks) == len(panel.outcomes) == 3
    assert panel.seed == 1
