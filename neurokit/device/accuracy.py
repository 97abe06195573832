"""How a simulator must be set for its answer to be right: the options and the largest step that every netlist carries.

With ngspice's ordinary options (reltol 1e-3, trtol 7, no largest step) a VO2-x neuron runs without a message and its
period is wrong by per cents: the step control accepts a jump onto the metallic branch. What decides is the product
reltol * trtol, and a largest step that is short against the thermal time: 30 random neurons had period errors of at
most 3.5e-4 with the settings below, 1.3e-3 with reltol 1e-4, and 5 % with reltol 1e-3.
"""

from neurokit.device.vo2x import Vo2x

METHOD = "trap"
RELTOL = 1e-5
TRTOL = 1.0
SAFE_PRODUCT = RELTOL * TRTOL
OPTIONS = f".options method={METHOD} reltol={RELTOL:g} trtol={TRTOL:g}"

_STEPS_PER_CHARGE = 60
_STEPS_PER_THERMAL_TIME = 8


def thermal_time(device: Vo2x) -> float:
    """Time constant of the device's temperature at constant power, in s."""
    return device.film.c_thermal / device.film.s_thermal


def largest_step(device: Vo2x, r_series: float, capacitance: float) -> float:
    """The largest time step at which a neuron's period is right, in s: the fourth number of `.tran`."""
    tau = thermal_time(device)
    return min((r_series * capacitance + tau) / _STEPS_PER_CHARGE, tau / _STEPS_PER_THERMAL_TIME)
