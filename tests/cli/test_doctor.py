import json

import pytest

from neurokit.simulation import installation as installed
from neurokit.simulation.installation import INSTALL_FOR_NETWORKS, Check

NGSPICE = Check("ngspice", True, "39", required=True)
NO_NGSPICE = Check("ngspice", False, "not on the PATH", required=True, advice="apt-get install ngspice")
NO_NUMPY = Check("numpy", False, "not installed", required=True, advice="pip install numpy")
NO_TORCH = Check("torch", False, "not installed", required=False, advice=INSTALL_FOR_NETWORKS)


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        ((NGSPICE, NO_TORCH), 0),
        ((NGSPICE, NO_NUMPY), 1),
        ((NO_NGSPICE, NO_NUMPY), 3),
    ],
    ids=["optional missing", "requirement missing", "simulator missing"],
)
def test_the_exit_code_tells_what_kind_of_thing_is_missing(neurokit, monkeypatch, checks, code):
    monkeypatch.setattr(installed, "installation", lambda: checks)
    assert neurokit("doctor").exit_code == code
    ended = neurokit("doctor", "--json")
    assert ended.exit_code == code
    assert [check["name"] for check in json.loads(ended.stdout)["checks"]] == [check.name for check in checks]


def test_what_to_type_is_shown_with_its_brackets(neurokit, monkeypatch):
    monkeypatch.setattr(installed, "installation", lambda: (NO_TORCH,))
    assert INSTALL_FOR_NETWORKS in neurokit("doctor").stdout


def test_the_demo_stops_before_simulating_where_the_simulator_is_missing(neurokit, monkeypatch):
    monkeypatch.setattr(installed, "installation", lambda: (NO_NGSPICE,))
    ended = neurokit("demo")
    assert ended.exit_code == 3
    assert "apt-get install ngspice" in ended.stderr
