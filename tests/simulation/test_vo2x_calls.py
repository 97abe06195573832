"""Calls of the library that ngspice would run as another device."""

from pathlib import Path

import pytest

from neurokit.circuits.netlist import Netlist
from neurokit.device.export.pen import PARAMETERS
from neurokit.device.film import ADDITIONS
from neurokit.simulation import Cause, simulate
from neurokit.simulation.vo2x_calls import PARAMETERS_OF

MODELS = Path(__file__).parents[2] / "spice_models"


def run(call: str, before: str = ""):
    text = f"call\n.include vo2x.lib\n{before}V1 a 0 1\n{call}\n.op\n.end\n"
    return simulate(Netlist("call", text), directory=MODELS)


@pytest.mark.parametrize(
    "call",
    ["X1 a 0 vo2x", "X1 a 0 vo2x x=0.01 t_ambient=310", "X1 a 0 vo2x_device3 width={2*k}", "X1 a 0 VO2X X = 10m"],
)
def test_a_right_call_of_the_included_library_runs(call: str) -> None:
    assert run(call, before=".param k=1\n").complete


@pytest.mark.parametrize(
    ("call", "cause", "words"),
    [
        ("X1 a 0 vo2x y=0.01", Cause.UNDEFINED_PARAMETER, "vo2x has no parameter y"),
        ("X1 a 0 vo2x_device2 x=0.02", Cause.UNDEFINED_PARAMETER, "vo2x_device2 has no parameter x"),
        ("X1 a 0 vo2x x=0.01 m=2", Cause.UNDEFINED_PARAMETER, "write width="),
        ("X1 a 0 vo2x x=0.11", Cause.OUT_OF_RANGE, r"x = 0.11 is outside [0, 0.1]"),
        ("X1 a 0 vo2x d_threshold={-2*k}", Cause.OUT_OF_RANGE, "d_threshold = -2 is outside"),
        ("X1 a 0 vo2x t_ambient=-5", Cause.OUT_OF_RANGE, "t_ambient = -5 is outside"),
    ],
)
def test_a_wrong_call_of_the_included_library_is_refused_with_the_way_out(call: str, cause: Cause, words: str) -> None:
    outcome = run(call, before=".param k=1\n")
    assert not outcome.complete
    assert outcome.cause is cause
    assert any(words in message for message in outcome.messages)


def test_the_table_of_the_library_is_what_the_library_declares() -> None:
    library = (MODELS / "vo2x.lib").read_text()
    assert set(PARAMETERS_OF) == {line.split()[1] for line in library.splitlines() if line.startswith(".subckt")}
    assert PARAMETERS_OF["vo2x_fitted"] == set(PARAMETERS)
    assert PARAMETERS_OF["vo2x"] == set(PARAMETERS) - set(ADDITIONS)
    for name, parameters in PARAMETERS_OF.items():
        head = library[library.index(f".subckt {name} ") :].partition("\n*" if name.startswith("vo2x_p") else "\nX")[0]
        assert all(f" {p}=" in head for p in parameters), name
