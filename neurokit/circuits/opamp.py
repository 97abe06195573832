"""An operational amplifier as it can be bought: finite gain, one pole, a largest slope, rails, output resistance."""

from dataclasses import dataclass
from math import pi

from neurokit.circuits.values import spice_value
from neurokit.errors import OutOfRangeError


@dataclass(frozen=True)
class OpAmp:
    """Parameters of the sub-circuit `opamp`: all assumed, of the order of a fast amplifier between +-15 V supplies."""

    gain: float = 1e5  # at 0 Hz, assumed
    gbw: float = 70e6  # Hz, gain times bandwidth, assumed
    slew: float = 1e9  # V/s, largest slope of the output, assumed
    v_rail: float = 15.0  # V, supplies, which the output reaches, assumed
    r_out: float = 30.0  # ohm, assumed

    def __post_init__(self) -> None:
        for name in ("gain", "gbw", "slew", "v_rail", "r_out"):
            if not 0 < getattr(self, name) < float("inf"):
                raise OutOfRangeError(f"{name} = {getattr(self, name)} of an op-amp must be above 0 and finite")


def supplied_opamps(opamp: OpAmp) -> list[str]:
    """The lines of the sub-circuit `opamp` and of its supplies, the nodes `plus` and `minus`."""
    return [
        opamp_subcircuit(opamp).rstrip(),
        "* supplies of the op-amps, of which the biases are parts",
        f"V_plus plus 0 DC {spice_value(opamp.v_rail)}",
        f"V_minus minus 0 DC {spice_value(-opamp.v_rail)}",
    ]


def opamp_subcircuit(opamp: OpAmp) -> str:
    """`.subckt opamp plus minus out`: an input stage that saturates at the slew, one pole, and rails as a tanh.

    The node `pole` is the output as it would be without rails. Its excess over them is limited to four times their
    voltage, so that an overdriven amplifier comes back within 4 v_rail / slew instead of winding up.
    """
    return _subcircuit(opamp, "opamp", "op-amp", "rails (+-V)", "", "{v_rail}*tanh(v(pole)/{v_rail})")


def single_supply_subcircuit(opamp: OpAmp) -> str:
    """`.subckt opamp_single plus minus out`: the same with its negative supply at ground: its output is 0 to v_rail.

    Half the rail is a parameter, as a quotient in braces inside a quotient would be divided in another order.
    """
    half, output = ".param half = {v_rail/2}\n", "{half}*(1 + tanh((v(pole) - {half})/{half}))"
    return _subcircuit(opamp, "opamp_single", "op-amp with one supply", "rail (V)", half, output)


def _subcircuit(opamp: OpAmp, name: str, title: str, rails: str, parameters: str, output: str) -> str:
    gain, gbw, slew, v_rail, r_out = (
        spice_value(v) for v in (opamp.gain, opamp.gbw, opamp.slew, opamp.v_rail, opamp.r_out)
    )
    return f"""\
* {title}: gain at 0 Hz, gain-bandwidth product (Hz), slew rate (V/s), {rails}, output resistance (ohm)
.subckt {name} plus minus out params: gain={gain} gbw={gbw} slew={slew} v_rail={v_rail} r_out={r_out}
.param steepness = {{{spice_value(2 * pi)}*gbw/slew}}
{parameters}.param v_excess = {{4*v_rail}}
.param r_pole = {{gain/({spice_value(2 * pi)}*gbw*1n)}}
B_stage 0 pole I=1n*{{slew}}*(tanh({{steepness}}*v(plus, minus)) - pow(v(pole)/{{v_excess}}, 8)*v(pole)/{{v_excess}})
R_pole pole 0 {{r_pole}}
C_pole pole 0 1n
B_rails drive 0 V={output}
R_out drive out {{r_out}}
.ends {name}
"""
