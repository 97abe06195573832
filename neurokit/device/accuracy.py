"""How a simulator must be set for its answer to be right: the options and the largest step that every netlist carries.

With ngspice's ordinary options (reltol 1e-3, trtol 7, no largest step) a VO2-x neuron runs without a message and its
period is wrong by per cents: the step control accepts a jump onto the metallic branch. What decides is the product
reltol * trtol, and a largest step that is short against the thermal time. Period errors, measured on 60 random neurons:

| settings                                       | largest | median  |
|------------------------------------------------|---------|---------|
| those below                                    | 8.5e-4  | 7e-5    |
| reltol 1e-4 instead                            | 1.2e-3  | 2.1e-4  |
| ordinary options, no largest step              | 2.1e-2  | 1.5e-3  |

The largest belong to oscillations that die away slowly and to those as short as the thermal time; the paper's circuit
(12.5 V, 3 kohm, 1.8 nF) has 2.5e-4 or less.
"""

from dataclasses import dataclass

from neurokit.device.vo2x import Vo2x

METHOD = "trap"
RELTOL = 1e-5
TRTOL = 1.0
SAFE_PRODUCT = RELTOL * TRTOL


@dataclass(frozen=True)
class Accuracy:
    """How closely a neuron is to be followed: ngspice's tolerances, and the step in units of `largest_step`."""

    reltol: float
    trtol: float
    step: float

    @property
    def options(self) -> str:
        """The card that goes into the netlist."""
        return f".options method={METHOD} reltol={self.reltol:g} trtol={self.trtol:g}"


FINE = Accuracy(RELTOL, TRTOL, 1.0)
# For maps of many points: half of the processor time. Of 39 neurons (Devices 1-4, 0.5-5 nF, all over the oscillating
# range) nine in ten kept their frequency within 6.4e-4, the middle one within 3.2e-4.
MAP = Accuracy(1e-4, 1.0, 1.5)
OPTIONS = FINE.options

STEPS_PER_CHARGE = 90
STEPS_PER_THERMAL_TIME = 12  # cooling is where most of the error comes from: it goes with the square of the step


def thermal_time(device: Vo2x) -> float:
    """Time constant of the device's temperature at constant power, in s."""
    return device.film.c_thermal / device.film.s_thermal


def largest_step(device: Vo2x, r_series: float, capacitance: float) -> float:
    """The largest time step at which a neuron's period is right, in s: the fourth number of `.tran`."""
    tau = thermal_time(device)
    return min((r_series * capacitance + tau) / STEPS_PER_CHARGE, tau / STEPS_PER_THERMAL_TIME)
