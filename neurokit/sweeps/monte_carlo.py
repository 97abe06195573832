"""What spread of devices and cycles does to a neuron: draws of mismatch and noise, each simulated as it is.

A draw is a point of a sweep whose axes are the device's mismatches and the seed of its noise, so that it is computed,
kept and continued like every other point. Its numbers depend on the sweep's seed and its own number alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.iv_sweep import HEADROOM, iv_netlist
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device.closed_form import has_thresholds, thresholds
from neurokit.device.vo2x import CYCLE_SPREAD, DEVICE_SPREAD, Vo2x
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.simulation.engine import simulate
from neurokit.simulation.outcome import Limits, Outcome
from neurokit.spikes.operating_point import measure, measure_by_twin
from neurokit.spikes.switching import switching_voltages
from neurokit.sweeps.axes import Axis
from neurokit.sweeps.boundary import Known, follow
from neurokit.sweeps.diagram import PhaseDiagram
from neurokit.sweeps.lattice import Lattice, Site
from neurokit.sweeps.spec import SweepSpec, Values, default_axes
from neurokit.sweeps.triple import TripleEstimate

DRAWN = ("d_threshold", "d_insulating", "seed")  # the axes, in this order
TRIPLE_CELLS, TRIPLE_HALVINGS = 8, 6


@dataclass(frozen=True)
class Spread:
    """How much devices and cycles differ, as relative standard deviations."""

    threshold: float = DEVICE_SPREAD  # device to device, of V_th
    insulating: float = 0.0  # device to device, of the insulating resistance: not published with the above
    cycle: float = CYCLE_SPREAD  # cycle to cycle, of V_th

    def __post_init__(self) -> None:
        for name in ("threshold", "insulating", "cycle"):
            if not 0 <= getattr(self, name) <= 0.2:
                raise OutOfRangeError(f"spread of {name} = {getattr(self, name)} must lie between 0 and 0.2")


@dataclass(frozen=True)
class Quantiles:
    """A distribution in six numbers."""

    name: str
    unit: str
    draws: int
    mean: float
    deviation: float  # standard deviation
    low: float  # 2.5 % of the draws are below
    median: float
    high: float  # 2.5 % of the draws are above


# What is asked of each draw, with its unit.
QUANTITIES: Mapping[str, str] = {
    "v_threshold": "V",
    "frequency": "Hz",
    "triple_r_series": "ohm",
    "triple_v_in": "V",
}


def monte_carlo_spec(spec: SweepSpec, spread: Spread) -> SweepSpec:
    """The sweep over draws around this neuron; its devices are noisy from cycle to cycle."""
    bounds = {field.name: field.metadata for field in fields(Vo2x)}
    axes = tuple(Axis(name, bounds[name]["low"], bounds[name]["high"]) for name in DRAWN)
    device = replace(spec.neuron.device, noise=spread.cycle)
    return replace(spec, neuron=replace(spec.neuron, device=device), axes=axes)


def draws(device: Vo2x, spread: Spread, count: int, seed: int) -> list[Values]:
    """The values of so many draws around a device; the first ones are the same whatever the count."""
    if count < 1:
        raise OutOfRangeError(f"{count} draws: give at least 1")
    streams = (np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(k,))) for k in range(count))
    return [_draw(device, spread, stream) for stream in streams]


def _draw(device: Vo2x, spread: Spread, rng: np.random.Generator) -> Values:
    threshold, insulating = (1 + np.array([spread.threshold, spread.insulating]) * rng.normal(size=2)).tolist()
    mismatch = (1 + device.d_threshold) * threshold - 1, (1 + device.d_insulating) * insulating - 1
    return (*mismatch, float(rng.integers(1_000_000)))


def evaluate_draw(spec: SweepSpec, values: Values) -> dict[str, Any]:
    """The operating point of one draw, with its threshold and triple point."""
    neuron, v_in = spec.point(values)
    limits = Limits(time_s=spec.time_limit_s)
    point = measure(neuron, v_in, accuracy=spec.accuracy, backend=spec.backend, limits=limits)
    triple = _triple(neuron)
    swept = _slow_sweep(neuron.device, spec.backend, limits)
    if swept is not None and not swept.complete:
        words = " | ".join(("slow sweep", *swept.messages))
        point = replace(point, status=swept.status, cause=swept.cause, regime=None, confidence=0.0, message=words)
    return {
        **vars(point),
        "v_threshold": _v_threshold(swept),
        "triple_r_series": triple.first if triple else float("nan"),
        "triple_v_in": triple.second if triple else float("nan"),
    }


def _slow_sweep(device: Vo2x, backend: str, limits: Limits) -> Outcome | None:
    """One slow sweep in ngspice, with the noise of its cycle; None of a device without thresholds."""
    if not has_thresholds(device):
        return None
    netlist = iv_netlist(device, v_max=HEADROOM * thresholds(device).v_threshold)
    return simulate(netlist, backend, limits)


def _v_threshold(swept: Outcome | None) -> float:
    """V_th of a slow sweep; not a number where there is none."""
    if swept is None or not swept.complete:
        return float("nan")
    waves = swept.waveforms
    try:
        return float(switching_voltages(waves["v(a)"], -waves["i(v_sweep)"]).v_threshold[0])
    except NeurokitError:  # the device did not switch
        return float("nan")


def _triple(neuron: NeuronCircuit) -> TripleEstimate | None:
    """The triple point of this device without noise, by the twin; None where it has none."""
    if not has_thresholds(neuron.device):
        return None
    quiet = replace(neuron, device=replace(neuron.device, noise=0.0))
    spec = SweepSpec(quiet, default_axes(quiet.device))
    lattice = Lattice(spec.axes, (TRIPLE_CELLS, TRIPLE_CELLS), TRIPLE_HALVINGS)
    known: dict[Site, Any] = {}

    def ask(sites: Sequence[Site]) -> Known:
        new = [site for site in dict.fromkeys(sites) if site not in known]
        placed = [spec.point(lattice.values(site)) for site in new]
        points = measure_by_twin([n for n, _ in placed], [v for _, v in placed])
        known.update((site, point.regime) for site, point in zip(new, points, strict=True))
        return {site: known[site] for site in sites}

    follow(lattice, ask)
    return PhaseDiagram(spec, "twin", lattice, known, ()).triple


def quantiles(rows: Sequence[Mapping[str, Any]]) -> list[Quantiles]:
    """The distribution of each quantity over the draws that have it; a frequency has who oscillates."""
    oscillating = [{**row, "frequency": row["frequency"] if row["frequency"] else np.nan} for row in rows]
    return [
        _quantiles(name, unit, np.array([row[name] for row in oscillating], float)) for name, unit in QUANTITIES.items()
    ]


def _quantiles(name: str, unit: str, values: NDArray[np.float64]) -> Quantiles:
    there = values[np.isfinite(values)]
    if not len(there):
        return Quantiles(name, unit, 0, *(float("nan"),) * 5)
    low, median, high = (float(q) for q in np.quantile(there, [0.025, 0.5, 0.975]))
    deviation = float(there.std(ddof=1)) if len(there) > 1 else float("nan")
    return Quantiles(name, unit, len(there), float(there.mean()), deviation, low, median, high)
