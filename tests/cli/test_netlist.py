from pathlib import Path

import pytest

from neurokit.circuits import CIRCUITS


@pytest.mark.parametrize("name", CIRCUITS)
def test_a_netlist_stands_alone_unless_a_library_is_to_be_included(neurokit, name):
    alone = neurokit("netlist", name).stdout
    assert ".include" not in alone
    assert ".subckt vo2x " in alone
    assert ".include my.lib\n" in neurokit("netlist", name, "--include", "my.lib").stdout


def test_all_writes_what_is_shipped(neurokit, tmp_path):
    assert neurokit("netlist", "--all", "written").exit_code == 0
    written = {path.name: path.read_text() for path in (tmp_path / "written").iterdir()}
    assert written == {f"{name}.cir": make().text for name, make in CIRCUITS.items()}


def test_out_takes_the_place_of_stdout(neurokit):
    ended = neurokit("netlist", "neuron", "--out", "mine.cir")
    assert (ended.stdout, ended.stderr) == ("", "wrote mine.cir\n")
    assert Path("mine.cir").read_text() == neurokit("netlist", "neuron").stdout
