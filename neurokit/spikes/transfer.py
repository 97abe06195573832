"""The transfer curve of a neuron: regime, frequency, power and energy per spike against a constant supply voltage.

A curve is its measured points and what made them. Between points it is interpolated, each run of one regime by itself
and nothing across a boundary. The frequency of an oscillating run is singular at its ends: a period contains the time
in which the capacitor creeps up to V_th, which goes with log(v - v_on), and the time in which it creeps down to
V_hold, which goes with log(v_off - v). So the interpolation (monotone cubic, PCHIP) runs over the logarithm of
(v - v_on) / (v_off - v), in which the curve is smooth: twenty points then do what several hundred, evenly spaced in v,
do not.

The circuit is symmetric in the sign of its supply, and so is the curve.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neurokit.spikes.operating_point import OperatingPoint
from neurokit.spikes.regime import Regime

Floats = NDArray[np.float64]
Points = tuple[OperatingPoint, ...]

ORDER = 2  # in which the error of PCHIP falls with the spacing where a curve has an extremum; elsewhere it falls faster


@dataclass(frozen=True)
class Boundary:
    """Where one regime becomes another: between two neighbouring points, in the middle."""

    v_in: float  # V
    error: float  # V, half the distance between the two points
    below: Regime
    above: Regime


@dataclass(frozen=True)
class Run:
    """Neighbouring points of one regime, and the boundaries between which they lie; None where the data end."""

    regime: Regime
    points: tuple[OperatingPoint, ...]
    lower: Boundary | None
    upper: Boundary | None

    @property
    def span(self) -> tuple[float, float]:
        """The voltages (V) for which it speaks: a silent neuron is so below its first point too."""
        open_low = 0.0 if self.regime is Regime.UN_FIRING else self.points[0].v_in
        open_high = float("inf") if self.regime is Regime.FIRING else self.points[-1].v_in
        return self.lower.v_in if self.lower else open_low, self.upper.v_in if self.upper else open_high

    def between(self, each: int = 40) -> Floats:
        """Voltages (V) for drawing and comparing: `each` to an interval between points, so closer where it bends."""
        at = [point.v_in for point in self.points]
        share = np.arange(each * (len(at) - 1) + 1) / each
        return np.interp(share, np.arange(len(at)), at)

    def coordinate(self, v: ArrayLike) -> Floats:
        """Where a voltage lies, as the interpolation sees it: in an oscillating run its ends are at infinity."""
        low, high = (self.lower, self.upper) if self.regime is Regime.OSCILLATING else (None, None)
        return stretched(v, low.v_in if low else None, high.v_in if high else None)

    def interpolated(self, v: ArrayLike, values: ArrayLike) -> Floats:
        """`values`, one a point, between the points; beyond the first and last finite one they stay the same."""
        known = np.asarray(values, dtype=np.float64)
        finite = np.isfinite(known)
        if not finite.any():
            return np.full(np.shape(v), np.nan)
        at = np.array([point.v_in for point in self.points])[finite]
        return _pchip(self.coordinate(at), known[finite])(self.coordinate(np.clip(v, at[0], at[-1])))

    def frequency(self, v: ArrayLike) -> Floats:
        """Hz; 0 in a run that does not oscillate."""
        return self.interpolated(v, [point.frequency for point in self.points])

    def power(self, v: ArrayLike) -> Floats:
        """W. The conductance power / v**2 is what is interpolated: it hardly varies where a neuron rests."""
        return self.interpolated(v, [point.power / point.v_in**2 for point in self.points]) * np.square(v)

    def standard_error(self, v: ArrayLike) -> Floats:
        """Hz, of the frequency, from the spread of the intervals between spikes."""
        return self.interpolated(v, [point.frequency_error for point in self.points])

    def interpolation_errors(self) -> Floats:
        """The estimated largest relative error of the frequency between each two neighbouring points.

        Each inner point is left out in turn and compared with what the others say of it, from two spacings at once; the
        error of one spacing is smaller by its share of both to the power `ORDER`. Infinite with less than three points.
        """
        at = self.coordinate([point.v_in for point in self.points])
        rates = np.array([point.frequency for point in self.points])
        if self.regime is not Regime.OSCILLATING:
            return np.zeros(len(at) - 1)
        if len(at) < 3:
            return np.full(len(at) - 1, np.inf)
        width = np.diff(at)
        estimates = np.zeros(len(width))
        for k in range(1, len(at) - 1):
            error = abs(float(_pchip(np.delete(at, k), np.delete(rates, k))(at[k])) / rates[k] - 1)
            for j in (k - 1, k):
                share = width[j] / (width[k - 1] + width[k])
                estimates[j] = max(estimates[j], error * share**ORDER)
        return estimates

    def interpolation_error(self, v: ArrayLike) -> Floats:
        """Hz, the estimated error of the frequency from having points only here and there.

        An estimate can be near zero by chance, so each interval gets the largest of its own and its two neighbours'.
        """
        own = self.interpolation_errors()
        if not len(own):
            return np.full(np.shape(v), np.inf if self.regime is Regime.OSCILLATING else 0.0)
        padded = np.pad(own, 1)
        estimates = np.maximum(own, np.maximum(padded[:-2], padded[2:]))
        inner = [point.v_in for point in self.points[1:-1]]
        return np.asarray(estimates[np.searchsorted(inner, v)] * self.frequency(v))


@dataclass(frozen=True, eq=False)
class TransferCurve:
    """Measured points by rising voltage, and what made them: engine, versions, parameters, accuracy, seed, netlists.

    Points whose simulation failed stay among `points`, with their cause, and count for nothing.
    """

    points: tuple[OperatingPoint, ...]
    provenance: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", tuple(sorted(self.points, key=lambda point: point.v_in)))

    def __eq__(self, other: object) -> bool:
        """Whether every number and word is the same; what is not a number equals itself here."""
        return isinstance(other, TransferCurve) and _content(self) == _content(other)

    def __hash__(self) -> int:
        return hash(tuple(_content(self)[0]))

    @property
    def label(self) -> str:
        return str(self.provenance.get("label", ""))

    @property
    def readable(self) -> tuple[OperatingPoint, ...]:
        """The points whose regime is known."""
        return tuple(point for point in self.points if point.complete and point.regime is not None)

    @property
    def failures(self) -> tuple[OperatingPoint, ...]:
        return tuple(point for point in self.points if not point.complete)

    @property
    def drives(self) -> Floats:
        """V, of the readable points; the arrays below belong to it."""
        return np.array([point.v_in for point in self.readable])

    @property
    def rates(self) -> Floats:
        """Hz."""
        return np.array([point.frequency for point in self.readable])

    @property
    def powers(self) -> Floats:
        """W, not finite where the engine does not tell them."""
        return np.array([point.power for point in self.readable])

    @property
    def regimes(self) -> tuple[Regime, ...]:
        return tuple(run.regime for run in self.runs for _ in run.points)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The curve in pieces of one regime each, by rising voltage: mostly un-firing, oscillating, firing."""
        return runs_of(self.readable)

    @property
    def boundaries(self) -> tuple[Boundary, ...]:
        return tuple(run.lower for run in self.runs if run.lower)

    @property
    def oscillating(self) -> Run | None:
        """The widest oscillating run, or None where the neuron does not oscillate."""
        return widest_oscillation(self.runs)

    @property
    def v_on(self) -> Boundary | None:
        """Where oscillation begins; None where it does not, or already goes on at the lowest voltage."""
        return self.oscillating.lower if self.oscillating else None

    @property
    def v_off(self) -> Boundary | None:
        """Where the neuron latches; None where it does not, or still oscillates at the highest voltage."""
        return self.oscillating.upper if self.oscillating else None

    @property
    def rising_share(self) -> float:
        """The share of the oscillating range, by voltage, in which frequency rises with it."""
        if self.oscillating is None or len(self.oscillating.points) < 2:
            return float("nan")
        steps = np.diff([point.v_in for point in self.oscillating.points])
        rises = np.diff([point.frequency for point in self.oscillating.points]) > 0
        return float(steps[rises].sum() / steps.sum())

    def frequency(self, v: ArrayLike) -> Floats:
        """Hz at these voltages: 0 where the neuron is silent or latched, not a number beyond an oscillating end."""
        return self._evaluated(v, Run.frequency)

    def frequency_error(self, v: ArrayLike) -> Floats:
        """Hz: standard error and estimated error of interpolation; beside a boundary the jump across it."""
        v = np.abs(np.asarray(v, dtype=np.float64))
        error = self._evaluated(v, lambda run, at: np.hypot(run.standard_error(at), run.interpolation_error(at)))
        for below, above in pairwise(self.runs):
            if above.lower is not None:
                jump = max(below.points[-1].frequency, above.points[0].frequency)
                error = np.where(np.abs(v - above.lower.v_in) < above.lower.error, np.maximum(error, jump), error)
        return error

    def power(self, v: ArrayLike) -> Floats:
        """W that the supply gives on average."""
        return self._evaluated(v, Run.power)

    def energy_per_spike(self, v: ArrayLike) -> Floats:
        """J that the supply gives for each spike; infinite where there are none."""
        rates, powers = self.frequency(v), self.power(v)
        return np.where(rates > 0, powers / np.where(rates > 0, rates, 1.0), np.where(rates == 0, np.inf, np.nan))

    def _evaluated(self, v: ArrayLike, quantity: Callable[[Run, Floats], Floats]) -> Floats:
        v = np.abs(np.asarray(v, dtype=np.float64))
        values = np.full(v.shape, np.nan)
        for run in self.runs:
            inside = (v >= run.span[0]) & (v <= run.span[1])
            values[inside] = quantity(run, v[inside])
        return values


def runs_of(points: tuple[OperatingPoint, ...]) -> tuple[Run, ...]:
    """Points by rising voltage, grouped into runs of one regime with their boundaries."""
    groups = [(regime, tuple(group)) for regime, group in groupby(points, key=lambda point: point.regime) if regime]
    between = [_boundary(below, above) for below, above in pairwise(groups)]
    ends = [None, *between, None]
    return tuple(Run(regime, group, ends[k], ends[k + 1]) for k, (regime, group) in enumerate(groups))


def widest_oscillation(runs: tuple[Run, ...]) -> Run | None:
    oscillating = [run for run in runs if run.regime is Regime.OSCILLATING]
    return max(oscillating, key=lambda run: run.points[-1].v_in - run.points[0].v_in, default=None)


def stretched(v: ArrayLike, low: float | None, high: float | None) -> Floats:
    """log((v - low) / (high - v)), without the part of an end that is None; v itself without both."""
    v = np.asarray(v, dtype=np.float64)
    if low is None and high is None:
        return v
    return np.log(v - low if low is not None else 1.0) - np.log(high - v if high is not None else 1.0)


def unstretched(z: ArrayLike, low: float | None, high: float | None) -> Floats:
    """The voltage v whose `stretched` is z."""
    z = np.asarray(z, dtype=np.float64)
    if low is not None and high is not None:
        return np.asarray(low + (high - low) / (1 + np.exp(-z)))
    if low is not None:
        return np.asarray(low + np.exp(z))
    return np.asarray(high - np.exp(-z)) if high is not None else z


def _boundary(below: tuple[Regime, Points], above: tuple[Regime, Points]) -> Boundary:
    low, high = below[1][-1].v_in, above[1][0].v_in
    return Boundary((low + high) / 2, (high - low) / 2, below[0], above[0])


def _pchip(at: Floats, values: Floats) -> Callable[[ArrayLike], Floats]:
    from scipy.interpolate import PchipInterpolator

    if len(at) == 1:
        return lambda z: np.full(np.shape(z), values[0])
    return PchipInterpolator(at, values)  # type: ignore[no-any-return]


def _content(curve: TransferCurve) -> tuple[list[Any], Mapping[str, Any]]:
    values = [getattr(point, item.name) for point in curve.points for item in fields(point)]
    # repr gives every digit, and is the same for all that are no number
    return [repr(float(value)) if isinstance(value, float) else value for value in values], curve.provenance
