"""The answer to wishes: a design, how well it is known, what it reaches of each wish, and what it took.

`design` is the whole way: search, choose, verify, account. The result's `x` is what a film has to be made with; the
processes that make it (a place on a wafer, say) are found by `ways_to`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.values import si_text
from neurokit.design.ask import Ask
from neurokit.design.forecast import Forecast
from neurokit.design.search import BATCH, RUNS, Search, Trial, search, traded, worst_miss
from neurokit.design.space import Design
from neurokit.design.surrogate import NOISE
from neurokit.design.wishes import QUANTITIES, Wishes
from neurokit.device.vo2x import Vo2x, parameters
from neurokit.simulation.versions import versions_of

Floats = NDArray[np.float64]
Verdict = Literal["met", "infeasible", "not found"]

UNITS: dict[str, str] = {"x": "", "r_series": "Ohm", "capacitance": "F", "v_in": "V", "v_low": "V"}

# Relative errors of what is no simulated response: a slow sweep in ngspice puts V_th 0.2 % above the closed form.
_UNSIMULATED: dict[str, float] = {"v_threshold": 2e-3, "v_in": 0.0, "v_low": 0.0}
_SMALLEST = 1e-12  # of a parameter: x may be 0
_REACH = 0.25  # relative, up to which a parameter is moved in search of its window
_MOVES = 501


@dataclass(frozen=True)
class Value:
    """A parameter of the design; it may move within its window, alone, before a wish that is met is missed."""

    name: str
    unit: str
    value: float
    error: float  # standard deviation: what the simulations' errors leave open, not a tolerance of manufacture
    window: tuple[float, float]  # by the surrogate; at most a quarter to both sides


@dataclass(frozen=True)
class Reached:
    """What became of one wish."""

    name: str
    unit: str
    wished: float
    value: float  # simulated; not a number where the neuron does not oscillate
    error: float  # standard deviation
    met: bool
    nearest: float | None  # simulated: the nearest to the wish with all others met; None where not known


@dataclass(frozen=True)
class Step:
    """One simulated design, in the order of the search."""

    design: Design
    values: Mapping[str, float]  # by wish, not numbers where the neuron does not oscillate
    worst_miss: float  # of all wishes, in tolerances; infinite where the neuron does not oscillate
    runs: int  # simulations so far


@dataclass(frozen=True)
class DesignResult:
    """A design for wishes, verified by the engine that its provenance names."""

    verdict: Verdict
    words: str  # the same for people, with the wish that could not be met
    design: Design
    parameters: tuple[Value, ...]
    reached: tuple[Reached, ...]
    front: tuple[Step, ...]  # where wishes conflict: simulated designs of which none is better in both of `traded`
    traded: tuple[str, str] | None
    path: tuple[Step, ...]
    runs: int  # simulations, those of the verification included
    seed: int
    tolerance: float
    provenance: Mapping[str, Any]

    @property
    def x(self) -> float:
        """The deficiency that a film process has to make."""
        return self.design.x

    def record(self) -> dict[str, Any]:
        """As plain data for JSON; what is not finite is still a float."""
        return asdict(self)


def design(
    wishes: Wishes,
    ask: Ask,
    *,
    device: Vo2x = Vo2x(),  # noqa: B008 - frozen
    runs: int = RUNS,
    batch: int = BATCH,
    seed: int = 1,
) -> DesignResult:
    """Meet the wishes with a device like this one but for its x, in at most this many simulations.

    An operating point that needs a second simulation to be certain can exceed them by as much. Where V_th is wished,
    one of them is a voltage sweep that verifies it.
    """
    versions = dict(versions_of(ask.engine))  # a simulator that is missing is told before any work
    sweeps = 1 if wishes.v_threshold is not None and runs > (2 if wishes.is_range else 1) else 0
    found = search(wishes, ask, device=device, runs=runs - sweeps, batch=batch, seed=seed)
    verdict, best = _chosen(found)
    made_by = {
        "engine": ask.engine,
        "versions": versions,
        "film": device.film.name,
        "parameters": parameters(device) | {"x": best.design.x},
        "wishes": asdict(wishes),
        "settings": {"runs": runs, "batch": batch, "seed": seed},
        "netlist_sha256": _netlists(found.trials),
    }
    reached = tuple(_reached(found, best, name, ask if sweeps else None) for name in wishes.wished)
    pair = traded(wishes, found.trials) if verdict == "infeasible" else None
    return DesignResult(
        verdict=verdict,
        words=_words(verdict, reached, wishes, found.runs),
        design=best.design,
        parameters=_parameters(found, best),
        reached=reached,
        front=_front(found, pair) if pair else (),
        traded=pair,
        path=tuple(_step(wishes, trial) for trial in found.trials),
        runs=found.runs + sweeps,
        seed=seed,
        tolerance=wishes.tolerance,
        provenance=made_by,
    )


def _chosen(found: Search) -> tuple[Verdict, Trial]:
    """The design that meets all wishes, or all but the one that is most nearly met, or misses them least."""
    best = min(found.trials, key=lambda trial: worst_miss(found.wishes, trial.values))
    if worst_miss(found.wishes, best.values) <= 1:
        return "met", best
    if found.nearest:
        return "infeasible", next(iter(found.nearest.values()))
    return ("infeasible" if found.exhausted else "not found"), best


def _reached(found: Search, best: Trial, name: str, ask: Ask | None) -> Reached:
    wished, value = found.wishes.wished[name], best.values[name]
    error = _UNSIMULATED.get(name, NOISE) * value
    if name == "frequency":
        error = float(np.hypot(error, best.points[0].frequency_error))
    if name == "frequency_low":
        error = float(np.hypot(error, best.points[-1].frequency_error))
    if name == "v_threshold" and ask is not None and best.oscillates:
        closed_form, value = value, ask.v_threshold(best.design.neuron(found.space.device).device)
        error = abs(value - closed_form)
    met = abs(value / wished - 1) <= found.wishes.tolerance
    nearest = found.nearest[name].values[name] if name in found.nearest else None
    return Reached(name, QUANTITIES[name]["unit"], wished, value, error, met, nearest)


def _words(verdict: Verdict, reached: tuple[Reached, ...], wishes: Wishes, runs: int) -> str:
    within = f"within {100 * wishes.tolerance:g} %"
    if verdict == "met":
        return f"all wishes are met {within}"
    if verdict == "not found":
        return f"no design {within} of all wishes in {runs} simulations, and none ruled out: give more --runs"
    each = [
        f"{item.name} = {si_text(item.wished, item.unit)} cannot be met with the other wishes and limits: the nearest "
        f"found is {si_text(item.nearest, item.unit)}"
        for item in sorted(reached, key=_off)
        if item.nearest is not None
    ]
    if not each:
        return f"the wishes cannot be met {within}, and giving up a single one was not enough in {runs} simulations"
    return "; or: ".join(each)


def _off(item: Reached) -> float:
    return float("inf") if item.nearest is None else abs(np.log(item.nearest / item.wished))


def _parameters(found: Search, best: Trial) -> tuple[Value, ...]:
    names = list(UNITS)[: found.space.dimensions]
    centre = np.array([getattr(best.design, name) for name in names])
    if not best.oscillates:
        return tuple(
            Value(name, UNITS[name], float(value), float("nan"), (float("nan"),) * 2)
            for name, value in zip(names, centre, strict=True)
        )
    forecast = Forecast(found.space, found.wishes, found.surrogate)
    errors = _errors(forecast, centre)
    return tuple(
        Value(name, UNITS[name], float(centre[k]), float(errors[k]), _window(forecast, best, centre, k))
        for k, name in enumerate(names)
    )


def _errors(forecast: Forecast, centre: Floats) -> Floats:
    """By linear propagation of what is not known of the quantities; a free choice between designs is not counted."""
    step = 1e-4
    moved = np.concatenate([centre[None, :], centre + np.diag(step * np.maximum(centre, _SMALLEST))])
    values, spread = forecast.values(moved, uncertain=True)
    slopes = (values[1:] - values[0]).T / step  # of logarithms, by relative change
    known = np.array([_UNSIMULATED.get(name, NOISE) for name in forecast.names])
    sigma = np.hypot(spread[0], known)
    return np.asarray(np.sqrt(np.square(np.linalg.pinv(slopes) * sigma).sum(axis=1)) * np.maximum(centre, _SMALLEST))


def _window(forecast: Forecast, best: Trial, centre: Floats, k: int) -> tuple[float, float]:
    """How far one parameter may move alone; the surrogate's changes, from the simulated values."""
    factors = np.linspace(1 - _REACH, 1 + _REACH, _MOVES)
    designs = np.repeat(centre[None, :], _MOVES, axis=0)
    designs[:, k] *= factors
    designs[:, 0] = np.minimum(designs[:, 0], forecast.space.x_top)
    middle = _MOVES // 2
    predicted, _ = forecast.values(designs)
    wished = forecast.wishes.wished
    values = np.array([best.values[name] for name in wished])
    ratio = np.exp(predicted - predicted[middle]) * values / np.array(list(wished.values()))
    met = np.abs(values / np.array(list(wished.values())) - 1) <= forecast.wishes.tolerance
    inside = (np.abs(ratio - 1) <= forecast.wishes.tolerance)[:, met].all(axis=1)
    below, above = np.flatnonzero(~inside[:middle]), np.flatnonzero(~inside[middle:])
    low = below[-1] + 1 if len(below) else 0
    high = middle + above[0] - 1 if len(above) else _MOVES - 1
    return float(designs[low, k]), float(designs[max(high, middle), k])


def _front(found: Search, pair: tuple[str, str]) -> tuple[Step, ...]:
    """The trials that meet all other wishes and are not beaten in both of these, by the first of them."""
    first, second = pair
    rest = {name: wish for name, wish in found.wishes.wished.items() if name not in pair}
    kept = [trial for trial in found.trials if trial.oscillates and _all_met(trial, rest, found.wishes.tolerance)]
    miss = {
        id(trial): tuple(abs(np.log(trial.values[name] / found.wishes.wished[name])) for name in (first, second))
        for trial in kept
    }
    best = [
        trial
        for trial in kept
        if not any(a[0] < b[0] and a[1] < b[1] for other in kept for a, b in [(miss[id(other)], miss[id(trial)])])
    ]
    return tuple(_step(found.wishes, trial) for trial in sorted(best, key=lambda trial: trial.values[first]))


def _all_met(trial: Trial, wished: Mapping[str, float], tolerance: float) -> bool:
    return all(abs(trial.values[name] / wish - 1) <= tolerance for name, wish in wished.items())


def _step(wishes: Wishes, trial: Trial) -> Step:
    return Step(trial.design, trial.values, worst_miss(wishes, trial.values), trial.runs)


def _netlists(trials: tuple[Trial, ...]) -> str:
    """One SHA-256 for all netlists of a search: that of theirs in hexadecimal, in their order."""
    hashes = "".join(point.netlist_sha256 for trial in trials for point in trial.points)
    return hashlib.sha256(hashes.encode()).hexdigest()
