"""Where designs lie: x, R_s, C and the drives, and a cube whose coordinates put an oscillating neuron in its middle.

Coordinates of the cube, each 0 to 1: x, log R_s, log C (all within their limits), the place of v_in in the closed
form's oscillating window, and for a range over the drive the place of v_low between onset and v_in. So a supply is
never guessed: nearly every place of the cube with an R_s above the triple point's and a slow enough circuit oscillates.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.design.wishes import Wishes
from neurokit.device.accuracy import thermal_time
from neurokit.device.closed_form import threshold_limit, thresholds
from neurokit.device.vo2x import Vo2x
from neurokit.errors import OutOfRangeError

Floats = NDArray[np.float64]

X_SHARE = 0.95  # of the largest x with thresholds: above it the window is too narrow to stay in
PLACES = (0.03, 0.97)  # of the oscillating window
LOW_PLACES = (0.02, 0.9)  # of v_low, from the onset to v_in
TOP_PLACE = 0.6  # of v_in where a range is wished: below it frequency rises with the drive
USUAL = (0.4, 3e3, 1.8e-9, 0.4, 0.3)  # x (share), ohm, F, places: the paper's circuit, where wishes leave a choice
_NODES = 49  # of x, at which the closed form is evaluated; between them its thresholds are right to 1e-4

R_SENSE = NeuronCircuit().r_sense


@dataclass(frozen=True)
class Design:
    """A film's deficiency, the circuit around a device of it, and its drive."""

    x: float
    r_series: float  # ohm
    capacitance: float  # F
    v_in: float  # V
    v_low: float | None = None  # V, lowest drive of a range

    def neuron(self, device: Vo2x) -> NeuronCircuit:
        """The neuron with a device like this one but for its x."""
        return NeuronCircuit(replace(device, x=self.x), r_series=self.r_series, capacitance=self.capacitance)

    @property
    def drives(self) -> tuple[float, ...]:
        """V; the highest first."""
        return (self.v_in,) if self.v_low is None else (self.v_in, self.v_low)


@dataclass(frozen=True, eq=False)
class Statics:
    """V, A of devices by x: the closed form's thresholds as arrays, and what does not depend on x."""

    v_threshold: Floats  # V
    i_threshold: Floats  # A
    v_hold: Floats  # V
    i_hold: Floats  # A

    @property
    def r_triple(self) -> Floats:
        """ohm, below which nothing oscillates."""
        return (self.v_threshold - self.v_hold) / (self.i_hold - self.i_threshold)

    def window(self, r_series: Floats) -> tuple[Floats, Floats]:
        """V, the supplies at which oscillation begins and ends."""
        r = r_series + R_SENSE
        return self.v_threshold + r * self.i_threshold, self.v_hold + r * self.i_hold


@dataclass(frozen=True)
class Space:
    """The designs among which wishes are to be met: devices like this one, within the limits of the wishes."""

    device: Vo2x
    r_limits: tuple[float, float]  # ohm
    c_limits: tuple[float, float]  # F
    is_range: bool

    @classmethod
    def of(cls, wishes: Wishes, device: Vo2x) -> "Space":
        if device.noise:
            raise OutOfRangeError(f"noise = {device.noise:g}: wishes are met by a neuron that repeats itself; give 0")
        return cls(device, wishes.r_limits, wishes.c_limits, wishes.is_range)

    @property
    def dimensions(self) -> int:
        return 5 if self.is_range else 4

    @property
    def drives(self) -> int:
        """At how many supplies a design is simulated."""
        return 2 if self.is_range else 1

    @property
    def x_top(self) -> float:
        return X_SHARE * _x_limit(self.device)

    @property
    def tau(self) -> float:
        """s, thermal time of the device."""
        return thermal_time(self.device)

    @property
    def usual(self) -> Floats:
        """The coordinates of the paper's circuit, or of the nearest place within the limits."""
        share, r, c, place, low = USUAL
        at = [share, _share(r, self.r_limits), _share(c, self.c_limits), place, low]
        return np.clip(at, 0.0, 1.0)[: self.dimensions]

    def statics(self, x: Floats) -> Statics:
        return Statics(*_splines(self.device)(x).T)

    def designs(self, at: Floats) -> Floats:
        """Rows of x, R_s, C, v_in (and v_low) at these rows of coordinates."""
        x = self.x_top * at[:, 0]
        r, c = (_between(at[:, k], limits) for k, limits in ((1, self.r_limits), (2, self.c_limits)))
        onset, latching = self.statics(x).window(r)
        low, high = PLACES[0], TOP_PLACE if self.is_range else PLACES[1]
        v_in = onset + (low + (high - low) * at[:, 3]) * (latching - onset)
        rows = [x, r, c, v_in]
        if self.is_range:
            share = LOW_PLACES[0] + (LOW_PLACES[1] - LOW_PLACES[0]) * at[:, 4]
            rows.append(onset + share * (v_in - onset))
        return np.stack(rows, axis=1)

    def design(self, at: Floats) -> Design:
        return Design(*(float(value) for value in self.designs(np.atleast_2d(at))[0]))

    def features(self, x: Floats, r: Floats, c: Floats, v: Floats) -> Floats:
        """How operating points look to a surrogate: scaled x, R_s to its triple point's, R_s C to tau, place."""
        statics = self.statics(x)
        onset, latching = statics.window(r)
        width = np.where(latching > onset, latching - onset, np.inf)
        rows = [x / self.x_top, np.log(r / statics.r_triple) / 3, np.log(r * c / self.tau) / 4, (v - onset) / width]
        return np.stack(rows, axis=1)


def _between(share: Floats, limits: tuple[float, float]) -> Floats:
    return np.asarray(limits[0] * (limits[1] / limits[0]) ** share)


def _share(value: float, limits: tuple[float, float]) -> float:
    return float(np.log(value / limits[0]) / np.log(limits[1] / limits[0]))


@lru_cache(maxsize=64)
def _x_limit(device: Vo2x) -> float:
    limit = threshold_limit(device)
    if not limit > 0:
        raise OutOfRangeError(
            f"no device of film {device.film.name!r} at {device.t_ambient:g} K snaps on and off, so none oscillates: "
            "take a lower ambient temperature or another film"
        )
    return limit


@lru_cache(maxsize=64)
def _splines(device: Vo2x) -> CubicSpline:
    """Thresholds and their currents over x."""
    at = np.linspace(0.0, X_SHARE * _x_limit(device), _NODES)
    known = [thresholds(replace(device, x=float(x))) for x in at]
    return CubicSpline(at, [(t.v_threshold, t.i_threshold, t.v_hold, t.i_hold) for t in known])
