"""The models that the VO2-x device is measured against: a Maffezzoni-type threshold switch and ngspice's own switch.

Maffezzoni, Daniel, Shukla, Datta, Raychowdhury, "Modeling and Simulation of Vanadium Dioxide Relaxation Oscillators",
IEEE TCAS-I 62(9), 2207-2215, 2015, describe a VO2 device as a circuit: a conductance that moves between an insulating
and a metallic value with the output of a comparator that has hysteresis by positive feedback and acts through an RC
delay. From the paper are these parts and how they are joined. The formulas are written from that description, not
copied, and have not been compared with the paper's line by line:

    i        = v * g(s)             s = 0 insulating, 1 metallic
    tau s'   = h - s                the RC delay
    h        = [1 + tanh(2 alpha (|v| - v_x))] / 2
    v_x      = v_high - (v_high - v_low) * s
    g(s)     = g_ins + (g_met - g_ins) * s      ("linear")   or   g_ins * (g_met / g_ins)**s      ("exponential")

Chosen here: a tanh for the comparator; the state itself, not the comparator's output before the delay, moves the
threshold (no algebraic loop, which favours the peer in SPICE); |v|, so that the device is symmetric like ours; alpha
= 20 per volt, a comparator that goes from 10 % to 90 % within 55 mV, 0.8 % of V_th, about the published
cycle-to-cycle spread; both interpolations of the conductance; the capacitor of the state's node, with the resistor
that makes tau. It does not enter the equations, but ngspice takes charges below chgtol = 1e-14 C for nothing: with
the 1 nF of our own state u the whole transition is resolved, with 10 fF hardly any of it, which costs far fewer
points. So there is a peer with each. Device and delay are two B sources, an RC pair and no internal node besides s,
the cheapest form found. Parameters are matched to a VO2-x device: v_high and v_low put the folds of the static curve
at its V_th and V_hold, g_ins is its conductance at the threshold, g_met its metallic conductance, tau its tau_up.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from neurokit.circuits.values import spice_value
from neurokit.device.closed_form import thresholds
from neurokit.device.vo2x import Vo2x

ALPHA = 20.0  # 1/V
C_STATE = 1e-9  # F, as in vo2x.lib
C_STATE_SMALL = 10e-15  # F


@dataclass(frozen=True)
class ThresholdSwitch:
    """A Maffezzoni-type device; the names are those of the equations above."""

    v_high: float  # V
    v_low: float  # V
    g_ins: float  # S
    g_met: float  # S
    tau: float  # s
    alpha: float = ALPHA  # 1/V
    interpolation: str = "linear"
    c_state: float = C_STATE  # F

    def conductance(self, s):
        if self.interpolation == "linear":
            return self.g_ins + (self.g_met - self.g_ins) * s
        return self.g_ins * (self.g_met / self.g_ins) ** s

    def rate(self, v, s):
        """ds/dt in 1/s."""
        v_x = self.v_high - (self.v_high - self.v_low) * s
        return (0.5 + 0.5 * np.tanh(2 * self.alpha * (abs(v) - v_x)) - s) / self.tau

    def subcircuit(self) -> str:
        """Pins p n; the state is the voltage of node s, its delay a current into R and C in parallel."""
        g_ins, g_met = spice_value(self.g_ins), spice_value(self.g_met)
        if self.interpolation == "linear":
            conductance = f"({g_ins}+{spice_value(self.g_met - self.g_ins)}*v(s))"
        else:
            conductance = f"{g_ins}*exp({spice_value(np.log(self.g_met / self.g_ins))}*v(s))"
        scale = spice_value(self.c_state / self.tau)
        gain, gap = spice_value(2 * self.alpha), spice_value(self.v_high - self.v_low)
        return "\n".join(
            [
                f"* Maffezzoni-type threshold switch, {self.interpolation} conductance from {g_ins} to {g_met} S",
                ".subckt threshold_switch p n",
                f"B_device p n I=v(p,n)*{conductance}",
                f"B_compare 0 s I={scale}*(0.5+0.5*tanh({gain}*(abs(v(p,n))-{spice_value(self.v_high)}+{gap}*v(s))))",
                f"R_delay s 0 {spice_value(self.tau / self.c_state)}",
                f"C_delay s 0 {spice_value(self.c_state)} ic=0",
                ".ends threshold_switch",
            ]
        )

    def line(self, name: str, nodes: str) -> str:
        return f"X_{name} {nodes} threshold_switch"


@dataclass(frozen=True)
class HysteresisSwitch:
    """ngspice's S element: two resistances, two thresholds, nothing between them; it does not know the sign of v."""

    v_threshold: float  # V
    v_hold: float  # V
    r_ins: float  # ohm
    r_met: float  # ohm

    def subcircuit(self) -> str:
        middle, half = (self.v_threshold + self.v_hold) / 2, (self.v_threshold - self.v_hold) / 2
        values = {"vt": middle, "vh": half, "ron": self.r_met, "roff": self.r_ins}
        return "\n".join(
            [
                "* ngspice's voltage-controlled switch with hysteresis",
                ".subckt hysteresis_switch p n",
                "S_device p n p n two_states off",
                f".model two_states sw({' '.join(f'{key}={spice_value(value)}' for key, value in values.items())})",
                ".ends hysteresis_switch",
            ]
        )

    def line(self, name: str, nodes: str) -> str:
        return f"X_{name} {nodes} hysteresis_switch"


def matched_threshold_switch(
    device: Vo2x, interpolation: str = "linear", c_state: float = C_STATE, alpha: float = ALPHA
) -> ThresholdSwitch:
    """The Maffezzoni-type switch with the thresholds, resistances and switching time of a VO2-x device."""
    t = thresholds(device)
    middle, hysteresis = (t.v_threshold + t.v_hold) / 2, t.v_threshold - t.v_hold
    gap = brentq(lambda gap: _fold_distance(gap, alpha) - hysteresis, 1.0001 / alpha, hysteresis + 10 / alpha + 1)
    return ThresholdSwitch(
        v_high=middle + gap / 2,
        v_low=middle - gap / 2,
        g_ins=t.i_threshold / t.v_threshold,
        g_met=device.width / device.film.r_metal,
        tau=device.film.tau_up,
        alpha=alpha,
        interpolation=interpolation,
        c_state=c_state,
    )


def matched_hysteresis_switch(device: Vo2x) -> HysteresisSwitch:
    """ngspice's switch with the thresholds and resistances of a VO2-x device."""
    t = thresholds(device)
    r_ins, r_met = t.v_threshold / t.i_threshold, device.film.r_metal / device.width
    return HysteresisSwitch(v_threshold=t.v_threshold, v_hold=t.v_hold, r_ins=r_ins, r_met=r_met)


def _fold_distance(gap: float, alpha: float) -> float:
    """Distance of the two voltages at which the static comparator h(s) = s turns over, in V.

    |v| = v_high - gap s + atanh(2 s - 1) / (2 alpha) has its extrema where 4 s (1 - s) = 1 / (alpha gap).
    """
    y = np.sqrt(1 - 1 / (alpha * gap))  # 2 s - 1 at the fold
    return gap * y - np.arctanh(y) / alpha
