"""Circuits as drawings: every one is SVG with the values of its parts."""

from xml.etree import ElementTree

import pytest

from neurokit.circuits import CIRCUITS, SCHEMATICS, NeuronCircuit, network_schematic, wished_network
from neurokit.device import DEVICES


def _words(svg):
    nodes = ElementTree.fromstring(svg).iter()  # noqa: S314 - our own text
    return {"".join(node.itertext()).strip() for node in nodes if node.tag.endswith(("text", "tspan"))}


def test_every_circuit_has_a_drawing():
    assert list(SCHEMATICS) == list(CIRCUITS)


@pytest.mark.parametrize("name", SCHEMATICS)
def test_a_drawing_is_the_same_each_time(name):
    assert SCHEMATICS[name]() == SCHEMATICS[name]()


def test_parts_carry_their_names_and_values():
    words = _words(SCHEMATICS["neuron"]())
    assert {
        "V_in",
        "12.5 V",
        "R_series",
        "3 k\N{GREEK CAPITAL LETTER OMEGA}",
        "C_osc",
        "1.8 nF",
        "in",
        "osc",
        "spk",
    } <= words


@pytest.mark.parametrize("name", [n for n in SCHEMATICS if n.startswith("neuron")])
def test_the_source_says_what_drives(name):
    drawn = {"neuron": "12.5 V", "neuron_pulse": "2 us of 4 us", "neuron_sine": "500 Hz", "neuron_pwl": "to 15 V"}
    assert drawn[name] in _words(SCHEMATICS[name]())


def test_a_network_of_any_shape_is_drawn_with_all_its_nodes():
    words = _words(
        network_schematic(wished_network(NeuronCircuit(DEVICES[1]), ("excited", "inhibited", "unchanged"), 4))
    )
    assert {f"spk_1_{k}" for k in range(1, 5)} | {f"in_2_{k}" for k in range(1, 4)} <= words
