"""What drives a circuit: the voltage of its input against time."""

from dataclasses import dataclass
from itertools import pairwise

from neurokit.circuits.values import spice_value
from neurokit.errors import OutOfRangeError

MAX_CORNERS = 200  # ngspice slows down with the square of a PWL source's corners


@dataclass(frozen=True)
class Constant:
    """A supply that is there from the first moment."""

    v: float  # V

    def source(self) -> str:
        return f"DC {spice_value(self.v)}"


@dataclass(frozen=True)
class Pulse:
    """A train of square pulses from 0 to v; a period of infinity is a single pulse."""

    v: float  # V
    width: float  # s
    period: float = float("inf")  # s
    rise: float = 1e-9  # s, fall as well
    delay: float = 0.0  # s

    def __post_init__(self) -> None:
        if not (self.rise > 0 and self.width > 0 and self.width + 2 * self.rise <= self.period):
            raise OutOfRangeError(
                f"pulse width {self.width} s and edges {self.rise} s must be above 0 and fit the period {self.period} s"
            )

    def source(self) -> str:
        times = [self.delay, self.rise, self.rise, self.width]
        if self.period != float("inf"):
            times.append(self.period)
        return f"PULSE(0 {spice_value(self.v)} {' '.join(spice_value(t) for t in times)})"


@dataclass(frozen=True)
class Sine:
    """A sine around zero."""

    amplitude: float  # V
    period: float  # s

    def source(self) -> str:
        return f"SIN(0 {spice_value(self.amplitude)} {spice_value(1 / self.period)})"


@dataclass(frozen=True)
class Pwl:
    """Straight lines between (time, voltage) corners, constant after the last or begun anew."""

    corners: tuple[tuple[float, float], ...]  # s, V
    repeat: bool = False  # begin anew after the last corner

    def __post_init__(self) -> None:
        times = [t for t, _ in self.corners]
        if len(times) < 2 or any(b <= a for a, b in pairwise(times)):
            raise OutOfRangeError("a PWL drive needs at least two corners at rising times")
        if self.repeat and times[0] != 0:
            raise OutOfRangeError(f"a repeated PWL drive begins at {times[0]} s: ngspice wants its first corner at 0")

    def source(self) -> str:
        if len(self.corners) > MAX_CORNERS:  # the twin takes any number
            raise OutOfRangeError(
                f"a PWL drive has {len(self.corners)} corners: ngspice slows down beyond {MAX_CORNERS}"
            )
        pairs = " ".join(f"{spice_value(t)} {spice_value(v)}" for t, v in self.corners)
        return f"PWL({pairs})" + (" r=0" if self.repeat else "")


Drive = Constant | Pulse | Sine | Pwl
