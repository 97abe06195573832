"""A pulse former: every spike of a neuron becomes one pulse of fixed height and width, whatever the spike looks like.

The height of a spike on the sampling resistor, its width and the leak beneath it depend on the neuron's drive, so that
a synapse fed with v(spk) itself sums something else than a rate. Behind this former the mean is rate * pulse_area.
"""

from dataclasses import dataclass
from math import log, pi

from neurokit.circuits.values import spice_value
from neurokit.errors import OutOfRangeError

# The window of the ramp in which the pulse stands, and the width of its edges, as parts of the full ramp (assumed). At
# rest, ramp 0, the output is e^(-2 LOW / EDGE) = 6e-6 of the height: 2e-4 of the pulse area in 20 us.
_LOW, _HIGH, _EDGE = 0.3, 0.8, 0.05

_T_CHARGE = 10e-9  # s, assumed: short against the 60 ns for which the fastest spikes rise
_SHORTEST = 20 * _T_CHARGE  # s, narrowest pulse: 3 of the largest steps of a neuron with 3 kohm and 1.8 nF


@dataclass(frozen=True)
class PulseFormer:
    """Parameters of the sub-circuit `pulse_former`: all assumed, for spikes of 10 mV and more that rise within 1 us.

    A spike is what rises faster than v_edge / tau_edge = 4e4 V/s for some tau_edge. Rising edges on 10 ohm have from
    5e4 V/s (Device 4, 3 kohm, 1.8 nF, 10.3 V) to 5e6 V/s, the charging of the capacitors at most 2e4 V/s (Device 1,
    6 kohm, 0.2 nF, 21 V, at power-on). Another sampling resistor scales all of these: scale v_edge with it.

    Weak where an oscillation is about to vanish, as its edges fade: at 6 kohm and 0.2 nF above 21.25 V (it latches at
    21.3 V), for Device 4 at 3 kohm and 1.8 nF below 10.2 V (it is silent at 10 V), pulses lose area, then are missing.

    The pulse begins after the spike's rise, is over 1.25 * width later, and is cut short where the next spike rises
    before that: spikes must be further apart than their rise (up to 0.5 us) and 1.25 * width together.
    """

    v_edge: float = 2e-3  # V, of the input's high-pass, from which on an edge counts, assumed
    tau_edge: float = 50e-9  # s, time constant of that high-pass, assumed
    width: float = 0.5e-6  # s, of the pulse, at half of its height, assumed
    height: float = 5.0  # V, of the pulse, assumed

    def __post_init__(self) -> None:
        for name in ("v_edge", "tau_edge", "height"):
            if not 0 < getattr(self, name) < float("inf"):
                raise OutOfRangeError(f"{name} = {getattr(self, name)} of a pulse former must be above 0 and finite")
        if not _SHORTEST <= self.width < float("inf"):
            raise OutOfRangeError(
                f"width = {self.width} s of a pulse former must be at least {_SHORTEST:g} s and finite: shorter pulses "
                "fall between the time steps"
            )

    @property
    def pulse_area(self) -> float:
        """Volts times seconds under one pulse."""
        return self.height * self.width

    @property
    def tau_ramp(self) -> float:
        """Time constant in s with which the ramp falls: the area is the integral of window(ramp) / ramp over the ramp.

        That is ln(HIGH / LOW), and a little more, to second order in EDGE, for edges that are not sharp.
        """
        return self.width / (log(_HIGH / _LOW) + pi**2 / 24 * _EDGE**2 * (1 / _LOW**2 - 1 / _HIGH**2))

    @property
    def lag(self) -> float:
        """From the end of an edge to the pulse, in s: until the ramp, which the edge has filled, is in the window."""
        return -self.tau_ramp * log(_HIGH)


def pulse_subcircuit(former: PulseFormer) -> str:
    """`.subckt pulse_former in out`: a rising edge fills a ramp, which then falls and gives the pulse on its way.

    How fast and how long an edge fills the ramp does not matter: the output is shut while the input rises, and what
    follows is always the same fall through the same window. So the area is that of the window, however the ramp began.
    """
    v_edge, tau_edge, tau_ramp, height = (
        spice_value(v) for v in (former.v_edge, former.tau_edge, former.tau_ramp, former.height)
    )
    return f"""\
* pulse former: level (V) and time constant (s) of the edge detector, time constant of the ramp (s), height (V)
.subckt pulse_former in out params: v_edge={v_edge} tau_edge={tau_edge} tau_ramp={tau_ramp} height={height}
* capacitors this small, as ngspice spends a third more time points where the step of one is above its chgtol of 1e-14 C
.param c_edge = 0.1p
.param c_ramp = 1e-16
.param r_edge = {{tau_edge/c_edge}}
.param r_ramp = {{tau_ramp/c_ramp}}
.param i_charge = {{0.5*c_ramp/{_T_CHARGE}}}
* what passes the high-pass is the slope of the input
C_edge in edge {{c_edge}}
R_edge edge 0 {{r_edge}}
* a rising edge charges the ramp to 1 V, the resistor empties it
B_ramp 0 ramp I={{i_charge}}*(1 + tanh(10*(v(edge)/{{v_edge}} - 1)))*(1 - v(ramp))
C_ramp ramp 0 {{c_ramp}}
R_ramp ramp 0 {{r_ramp}}
* the pulse: ramp within the window, and no edge
.param rise = {{1/{_EDGE}}}
B_out out 0 V={{0.25*height}}*(tanh({{rise}}*(v(ramp) - {_LOW})) - tanh({{rise}}*(v(ramp) - {_HIGH})))
+ *(1 - tanh(10*(v(edge)/{{v_edge}} - 0.5)))
.ends pulse_former
"""
