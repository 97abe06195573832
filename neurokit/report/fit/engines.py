"""How the answers of the two engines are drawn, the twin and ngspice, in every figure that shows both."""

from collections.abc import Iterator
from dataclasses import dataclass

from neurokit.calibration.result import Answers
from neurokit.report.style import BLUE, VERMILLION


@dataclass(frozen=True)
class Engine:
    """One that answers."""

    name: str
    colour: str
    marker: str
    line: str


TWIN = Engine("twin", VERMILLION, "x", "-")
NGSPICE = Engine("ngspice", BLUE, "+", "--")


def each_engine(answers: Answers, confirmed: Answers | None) -> Iterator[tuple[Engine, Answers]]:
    """Those that have answered, each with its answers."""
    yield TWIN, answers
    if confirmed is not None:
        yield NGSPICE, confirmed
