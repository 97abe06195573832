"""Where the points of a transfer curve go: two close together on either side of each boundary, the rest where it bends.

The twin says where to look for the boundaries; what is measured there counts, and where both disagree the search goes
on from the measured side. Then the interval with the largest estimated error of interpolation is halved, until none is
above the tolerance or the budget is spent. Nothing here depends on how many simulations run at a time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from neurokit.errors import OutOfRangeError
from neurokit.spikes.operating_point import OperatingPoint
from neurokit.spikes.regime import Regime
from neurokit.spikes.transfer import Boundary, Run, runs_of, stretched, unstretched, widest_oscillation

Measure = Callable[[Sequence[float]], list[OperatingPoint]]

SCAN = 96  # voltages at which the twin looks first
SEARCH = 8  # and then, four times, between two neighbours of different regimes
SEARCHES = 4
NEAR = 1e-4  # of a voltage: so well are regimes known beside a boundary (`Certainty`)
CLOSEST = 2e-5  # of a voltage: nearer to a boundary there is no use in looking
SHARE = 1e-3  # of the oscillating range: so near to a boundary must be looked, for what lies next to it
FIRST = 9  # points with which an oscillating range begins, its ends among them
SILENT, LATCHED = 3, 2  # points below and above it
WITHOUT = 7  # points over a range without oscillation
AT_A_TIME = 4  # intervals that are halved before all are judged anew
FOR_ONE = 4  # simulations are set aside for each point: one that settles slowly is simulated again for longer
LEAST = SILENT + LATCHED + FIRST + 2


@dataclass(frozen=True)
class Hint:
    """What the twin says: regimes by rising voltage, and where one becomes the next."""

    regimes: tuple[Regime, ...]
    edges: tuple[float, ...]  # V, one less

    def oscillation(self, v_range: tuple[float, float]) -> tuple[float, float] | None:
        """The ends of the widest oscillating range, or None."""
        corners = (v_range[0], *self.edges, v_range[1])
        ranges = [corners[k : k + 2] for k, regime in enumerate(self.regimes) if regime is Regime.OSCILLATING]
        widest = max(ranges, key=lambda ends: ends[1] - ends[0], default=None)
        return (widest[0], widest[1]) if widest else None


def hint(by_twin: Measure, v_range: tuple[float, float], likely: tuple[float, float] | None = None) -> Hint:
    """The regimes over a range by the twin; between two `likely` voltages it looks more closely."""
    v = np.linspace(*v_range, SCAN)
    if likely is not None:
        more = np.linspace(*likely, SCAN)
        v = np.unique(np.concatenate([v, more[(more > v_range[0]) & (more < v_range[1])]]))
    read = _read(by_twin, v)
    regimes = [regime for k, (_, regime) in enumerate(read) if k == 0 or regime is not read[k - 1][1]]
    edges = [_edge(by_twin, a[0], b[0], a[1]) for a, b in pairwise(read) if a[1] is not b[1]]
    return Hint(tuple(regimes), tuple(edges))


def place(
    measure: Measure,
    hinted: Hint,
    v_range: tuple[float, float],
    tolerance: float,
    budget: int,
    spent: Callable[[], int],
) -> list[OperatingPoint]:
    """Measured points, such that the frequency between them is right to the tolerance, as estimated.

    `spent` says how many simulations have been used, of which `budget` are at most.
    """
    if budget < LEAST:
        raise OutOfRangeError(f"a budget of {budget} simulations is too small: a curve begins with {LEAST}")
    points = {point.v_in: point for point in measure(_first(hinted, v_range))}
    while (room := (budget - spent()) // FOR_ONE) > 0:
        readable = tuple(p for _, p in sorted(points.items()) if p.complete and p.regime is not None)
        wanted = [v for v in _wanted(readable, hinted, v_range, tolerance) if v not in points][: min(AT_A_TIME, room)]
        if not wanted:
            break
        points |= {point.v_in: point for point in measure(wanted)}
    return list(points.values())


def _read(by_twin: Measure, v: Iterable[float]) -> list[tuple[float, Regime]]:
    return [(point.v_in, point.regime) for point in by_twin([float(x) for x in v]) if point.regime is not None]


def _edge(by_twin: Measure, low: float, high: float, below: Regime) -> float:
    for _ in range(SEARCHES):
        read = _read(by_twin, np.linspace(low, high, SEARCH + 2)[1:-1])
        change = next((k for k, (_, regime) in enumerate(read) if regime is not below), len(read))
        low, high = (read[change - 1][0] if change else low), (read[change][0] if change < len(read) else high)
    return (low + high) / 2


def _nearness(v: float, v_range: tuple[float, float]) -> float:
    """How far on either side of a boundary the two points shall lie that tell where it is."""
    return max(CLOSEST * v, min(NEAR * v, SHARE * (v_range[1] - v_range[0])))


def _first(hinted: Hint, v_range: tuple[float, float]) -> list[float]:
    """The points to begin with."""
    ends = hinted.oscillation(v_range)
    near = [_nearness(edge, ends or v_range) for edge in hinted.edges]
    beside = [v for edge, d in zip(hinted.edges, near, strict=True) for v in (edge - d, edge + d)]
    if ends is None:
        return _inside([*np.linspace(*v_range, WITHOUT), *beside], v_range)
    low, high = (end if end in hinted.edges else None for end in ends)
    inner = [
        ends[0] if low is None else low + _nearness(low, ends),
        ends[1] if high is None else high - _nearness(high, ends),
    ]
    first, last = stretched(inner, low, high)
    z = np.linspace(float(first), float(last), FIRST)
    spread = [*inner, *unstretched(z[1:-1], low, high)]
    if low is not None:
        spread += list(np.linspace(v_range[0], low, SILENT + 1)[:-1])
    if high is not None:
        spread += list(np.linspace(high, v_range[1], LATCHED + 1)[1:])
    return _inside([*beside, *spread], v_range)


def _inside(voltages: Sequence[float], v_range: tuple[float, float]) -> list[float]:
    return sorted({float(v) for v in voltages if v_range[0] <= v <= v_range[1]})


def _wanted(
    points: tuple[OperatingPoint, ...], hinted: Hint, v_range: tuple[float, float], tolerance: float
) -> list[float]:
    """Where to measure next: at boundaries that are not known well enough, then where the curve bends most."""
    runs = runs_of(points)
    widest = widest_oscillation(runs)
    boundaries = [widest.lower, widest.upper] if widest else [run.lower for run in runs]
    width = (widest.points[0].v_in, widest.points[-1].v_in) if widest and len(widest.points) > 1 else v_range
    probes = [_probe(b, hinted.edges, _nearness(b.v_in, width)) for b in boundaries if b]
    return [v for v in probes if v is not None] + (_halves(widest, tolerance) if widest else [])


def _probe(boundary: Boundary, edges: Sequence[float], near: float) -> float | None:
    """A voltage inside the bracket of a boundary: near where the twin has it, then further off, then halfway."""
    if boundary.error <= near * (1 + 1e-6):
        return None
    if not edges:
        return boundary.v_in
    edge = min(edges, key=lambda v: abs(v - boundary.v_in))
    low, high = boundary.v_in - boundary.error, boundary.v_in + boundary.error
    start, towards = (low, 1) if abs(low - edge) <= abs(high - edge) else (high, -1)
    return start + towards * min(boundary.error, max(3 * abs(start - edge), 2 * near))


def _halves(run: Run, tolerance: float) -> list[float]:
    """The middles of the intervals whose estimated error is above the tolerance, the worst first."""
    estimates = run.interpolation_errors()
    v = np.array([point.v_in for point in run.points])
    z = run.coordinate(v)
    ends = [boundary.v_in if boundary else None for boundary in (run.lower, run.upper)]
    middles = unstretched((z[1:] + z[:-1]) / 2, *ends)
    wide_enough = np.diff(v) > 2 * CLOSEST * v[1:]
    return [
        float(middles[k]) for k in np.argsort(-estimates, kind="stable") if estimates[k] > tolerance and wide_enough[k]
    ]
