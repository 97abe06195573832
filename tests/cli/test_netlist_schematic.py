"""`neurokit netlist NAME --schematic FILE.svg` draws what ships."""

import json
from pathlib import Path

import pytest

from neurokit.circuits import SCHEMATICS


@pytest.mark.parametrize("name", SCHEMATICS)
def test_each_circuit_is_drawn_into_the_file(neurokit, name):
    ended = neurokit("netlist", name, "--schematic", "circuit.svg")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "wrote circuit.svg\n")
    assert Path("circuit.svg").read_text().startswith("<svg ")


def test_json_names_the_file(neurokit):
    ended = neurokit("netlist", "neuron", "--schematic", "circuit.svg", "--json")
    assert json.loads(ended.stdout)["schematic"] == "circuit.svg"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--all", "folder"], "give NAME"),
        (["neuron", "--out", "neuron.cir"], "neither --out nor --include"),
        (["neuron", "--include", "my.lib"], "neither --out nor --include"),
    ],
)
def test_a_drawing_is_of_one_circuit_and_nothing_else(neurokit, words, said):
    ended = neurokit("netlist", *words, "--schematic", "circuit.svg")
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert not Path("circuit.svg").exists()


def test_a_drawing_is_svg(neurokit):
    ended = neurokit("netlist", "neuron", "--schematic", "circuit.png")
    assert ended.exit_code == 2
    assert "must end in .svg" in ended.stderr
