"""The errors that neurokit raises on purpose; each names the value, the bound and the way out."""


class NeurokitError(Exception):
    """Anything that neurokit refuses or cannot do; the message is meant for the user."""


class OutOfRangeError(NeurokitError, ValueError):
    """A value outside the range in which it means something."""


class UnsafeNetlistError(NeurokitError, ValueError):
    """A netlist, or a name meant for one, that could do more than describe a circuit."""


class OtherRunError(NeurokitError):
    """A folder that holds another run than the one asked for."""


class SimulatorMissingError(NeurokitError):
    """The simulator that was asked for is not installed or does not start."""


class SimulationFailedError(NeurokitError):
    """A simulation whose result was asked for ended without one."""
