"""Wishes to x, series resistance, capacitance and supply: the neuron that one wants, from few simulations."""

from neurokit.design.ask import Ask, ask_ngspice, ask_twin
from neurokit.design.result import DesignResult, design
from neurokit.design.space import Design
from neurokit.design.wishes import QUANTITIES, Wishes

__all__ = ["QUANTITIES", "Ask", "Design", "DesignResult", "Wishes", "ask_ngspice", "ask_twin", "design"]
