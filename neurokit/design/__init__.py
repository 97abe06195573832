"""Wishes to x, series resistance, capacitance and supply: the neuron that one wants, and films that have its x."""

from neurokit.design.ask import Ask, ask_ngspice, ask_twin
from neurokit.design.result import DesignResult, design
from neurokit.design.space import Design
from neurokit.design.ways import Way, ways_to
from neurokit.design.wishes import QUANTITIES, Wishes

__all__ = [
    "QUANTITIES",
    "Ask",
    "Design",
    "DesignResult",
    "Way",
    "Wishes",
    "ask_ngspice",
    "ask_twin",
    "design",
    "ways_to",
]
