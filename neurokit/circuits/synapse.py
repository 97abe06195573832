"""A synapse group: two inverting op-amp adders in series that make one drive voltage of many neurons' outputs.

With every feedback resistor r_f, a resistor r_f / |w| gives an input the weight w. Positive weights enter at the first
adder and are inverted twice, negative ones enter at the second and are inverted once:

    v_first = -sum of w v over w > 0
    v_out   = -(v_first + sum of |w| v over w < 0) + bias = sum of w v + bias

The bias is a weight too: of the negative supply at the second adder, or of the positive one where it is negative. So
the first adder carries spikes alone, which keeps it off its rails. The second has a capacitor across its feedback
resistor: the synapse's low-pass, the same for both signs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from neurokit.circuits.opamp import OpAmp
from neurokit.circuits.values import spice_value
from neurokit.errors import OutOfRangeError


@dataclass(frozen=True)
class Synapse:
    """What the adders of a network are built of."""

    opamp: OpAmp = OpAmp()  # noqa: RUF009 - frozen
    r_feedback: float = 100e3  # ohm, assumed: loads neither op-amps nor sampling resistors
    tau: float = 5e-6  # s, assumed: at 2 us neurons of Device 1 lock in step with those that drive them

    def __post_init__(self) -> None:
        for name in ("r_feedback", "tau"):
            if not 0 < getattr(self, name) < float("inf"):
                raise OutOfRangeError(f"{name} = {getattr(self, name)} of a synapse must be above 0 and finite")

    @property
    def capacitance(self) -> float:
        """The capacitor across the second feedback resistor, in F."""
        return self.tau / self.r_feedback

    def resistance(self, weight: float) -> float:
        """The resistor that gives an input this weight, of either sign, in ohm."""
        if not isfinite(weight) or weight == 0:
            raise OutOfRangeError(f"weight {weight} has no resistor: it must be finite, and a weight of 0 is left out")
        return self.r_feedback / abs(weight)


def synapse_elements(
    synapse: Synapse, at: str, inputs: Sequence[str], weights: Sequence[float], bias: float, output: str
) -> list[str]:
    """The lines of one synapse group; `at` ends the names of its parts, supplies are the nodes `plus` and `minus`."""
    if not abs(bias) < synapse.opamp.v_rail:
        raise OutOfRangeError(f"bias {bias} V must lie within the rails of the op-amp, +-{synapse.opamp.v_rail} V")
    r_feedback = spice_value(synapse.r_feedback)
    adder = {True: f"first{at}", False: f"second{at}"}  # the node of each adder at which currents meet
    resistors = [
        f"R_weight{at}_from_{node} {node} {adder[weight > 0]} {spice_value(synapse.resistance(weight))}"
        for node, weight in zip(inputs, weights, strict=True)
        if weight
    ]
    if bias:
        supply, share = "minus" if bias > 0 else "plus", bias / synapse.opamp.v_rail
        resistors.append(f"R_bias{at} {supply} second{at} {spice_value(synapse.resistance(share))}")
    return [
        *resistors,
        f"R_first{at} first{at} inverted{at} {r_feedback}",
        f"X_first{at} 0 first{at} inverted{at} opamp",
        f"R_between{at} inverted{at} second{at} {r_feedback}",
        f"R_second{at} second{at} {output} {r_feedback}",
        f"C_second{at} second{at} {output} {spice_value(synapse.capacitance)}",
        f"X_second{at} 0 second{at} {output} opamp",
    ]
