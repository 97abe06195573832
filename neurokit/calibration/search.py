"""The fit: static branches first, then everything, each by a global search and two local ones.

Differential evolution finds a valley. Covariance matrix adaptation (CMA-ES) goes down in it: these valleys are narrow
and bent, with a step wherever a row begins to oscillate or to snap, and evolution crawls there. Least squares finds
the floor. What R(T) and I-V say of a parameter is where the second stage begins to look for it; the dynamics may still
move it. Several starts run side by side; the best counts.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from scipy.optimize import differential_evolution, least_squares

from neurokit.calibration.description import Description
from neurokit.calibration.model import Model, that_matter, with_kinds
from neurokit.vacancy.model import Floats

STATIC = ("resistance", "iv", "threshold")
POPULATION = 6  # times the number of parameters
WIDEN = 4.0  # standard deviations of the static fit, within which the second stage looks first
NARROWEST = 0.02  # of a parameter's range, however well R(T) seems to know it: models are not perfect
ANYWHERE = 0.34  # part of the second stage's first population that takes static parameters from anywhere
STEP = 1e-4  # of a range, for derivatives
POLISHED = 60  # steps of least squares at most
OFFSPRING = 16  # devices that a generation of CMA-ES tries
ADAPTED = 5  # times as many generations of it as of evolution: they are smaller
FIRST_STRIDE = 0.1  # of a range: its first standard deviation
SETTLED = 1e-2  # of chi-square: what a generation gains no longer


@dataclass(frozen=True)
class Effort:
    """How long to look."""

    starts: int = 6
    generations: int = 60
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Found:
    """Where a search ended."""

    point: Floats  # in the unit cube
    cost: float
    evaluations: int
    cpu_s: float


def search(description: Description, effort: Effort, executor: Executor, say: Callable[[str], None]) -> list[Found]:
    """What each start ended in, the best first."""
    model = Model(description, description.fitted)
    middle, spread, began = static_stage(description, effort, say)
    seeds = np.random.SeedSequence(effort.seed).spawn(effort.starts)
    jobs = [executor.submit(descended, model, middle, spread, effort.generations, seed, ()) for seed in seeds]
    found = []
    for k, job in enumerate(jobs, start=1):
        found.append(job.result())
        say(f"start {k} of {len(jobs)}: chi-square {found[-1].cost:.4g}, {found[-1].cpu_s:.0f} CPU s")
    found.sort(key=lambda end: end.cost)
    return [Found(e.point, e.cost, e.evaluations, e.cpu_s + (began.cpu_s if e is found[0] else 0)) for e in found]


def polished(model: Model, point: Floats, fixed: Sequence[int] = (), most: int = POLISHED) -> Found:
    """The floor of the valley that a point is in, with some parameters held; `most` steps of least squares."""
    free = [k for k in range(len(point)) if k not in set(fixed)]
    count = 0

    def off(moved: Floats) -> Floats:
        nonlocal count
        count += 1
        whole = point.copy()
        whole[free] = moved
        return model.residuals(whole)

    began = time.process_time()
    start = np.clip(point[free], 1e-6, 1 - 1e-6)
    try:
        end = least_squares(off, start, bounds=(0, 1), diff_step=STEP, x_scale=0.1, max_nfev=most)
        best, cost = end.x, 2 * float(end.cost)
    except (ValueError, FloatingPointError):
        best, cost = start, model.cost(point)
    whole = point.copy()
    whole[free] = best
    return Found(whole, cost, count, time.process_time() - began)


def static_stage(description: Description, effort: Effort, say: Callable[[str], None]) -> tuple[Floats, Floats, Found]:
    """Where R(T) and I-V put each parameter, and how well they know it: 0.5 and infinity for those they do not."""
    count = len(description.free)
    middle, spread = np.full(count, 0.5), np.full(count, np.inf)
    records = with_kinds(description, STATIC)
    if not records:
        return middle, spread, Found(middle, 0.0, 0, 0.0)
    model = Model(description, records)
    known = that_matter(model, effort.seed)
    if not known:  # nothing that is free can be told from these records
        return middle, spread, Found(middle, 0.0, 0, 0.0)
    held = [k for k in range(count) if k not in known]
    found = descended(model, middle, spread, effort.generations, np.random.SeedSequence(effort.seed), held)
    middle = found.point
    spread[list(known)] = _spread(model, found.point, known)
    say(f"static branches: chi-square {found.cost:.4g} by {len(known)} parameters, {found.cpu_s:.0f} CPU s")
    return middle, spread, found


def descended(
    model: Model, middle: Floats, spread: Floats, generations: int, seed: np.random.SeedSequence, held: Sequence[int]
) -> Found:
    """The floor of a valley over the parameters that are not held."""
    draw = np.random.default_rng(seed)
    stages = [evolved(model, middle, spread, generations, draw, held)]
    if len(middle) - len(held) > 1:  # there is no covariance of one parameter
        stages.append(_adapted(model, stages[-1].point, ADAPTED * generations, draw, held))
    best = min(stages, key=lambda end: end.cost)
    stages.append(polished(model, best.point, held))
    best = min(stages, key=lambda end: end.cost)
    return Found(best.point, best.cost, sum(s.evaluations for s in stages), sum(s.cpu_s for s in stages))


def evolved(
    model: Model, middle: Floats, spread: Floats, generations: int, draw: np.random.Generator, held: Sequence[int]
) -> Found:
    """Differential evolution."""
    free, cost = _costs(model, middle, held)
    began = time.process_time()
    end = differential_evolution(
        cost,
        [(0.0, 1.0)] * len(free),
        strategy="best1bin",
        init=_population(middle[free], spread[free], draw),
        mutation=(0.4, 1.0),
        recombination=0.8,
        maxiter=generations,
        tol=0.0,
        polish=False,
        rng=draw,
    )
    whole = middle.copy()
    whole[free] = end.x
    return Found(whole, float(end.fun), int(end.nfev), time.process_time() - began)


def _adapted(model: Model, point: Floats, generations: int, draw: np.random.Generator, held: Sequence[int]) -> Found:
    """Covariance matrix adaptation from a point."""
    from cma import CMAEvolutionStrategy

    free, cost = _costs(model, point, held)
    began = time.process_time()
    options = {
        "bounds": [0, 1],
        "popsize": OFFSPRING,
        "maxiter": generations,
        "tolfun": SETTLED,
        "verbose": -9,
        "seed": np.nan,  # leave NumPy's global generator alone: numbers come from ours
        "randn": lambda count, size: draw.standard_normal((count, size)),
    }
    strategy = CMAEvolutionStrategy(np.clip(point[free], 0, 1), FIRST_STRIDE, options)
    while not strategy.stop():
        tried = strategy.ask()
        strategy.tell(tried, [cost(moved) for moved in tried])
    whole = point.copy()
    whole[free] = np.clip(strategy.result.xbest, 0, 1)
    evaluations = int(strategy.result.evaluations)
    return Found(whole, float(strategy.result.fbest), evaluations, time.process_time() - began)


def _costs(model: Model, point: Floats, held: Sequence[int]) -> tuple[list[int], Callable[[Floats], float]]:
    """The parameters that are not held, and chi-square of values of those."""
    free = [k for k in range(len(point)) if k not in set(held)]

    def cost(moved: Floats) -> float:
        whole = point.copy()
        whole[free] = moved
        return model.cost(whole)

    return free, cost


def population_size(parameters: int) -> int:
    """Devices in a generation of differential evolution."""
    return max(POPULATION * parameters, 24)


def _population(middle: Floats, spread: Floats, draw: np.random.Generator) -> Floats:
    size = population_size(len(middle))
    anywhere = draw.uniform(0, 1, (size, len(middle)))
    near = middle + WIDEN / 2 * np.maximum(spread, NARROWEST) * draw.standard_normal((size, len(middle)))
    known = np.isfinite(spread) & (draw.uniform(0, 1, (size, 1)) > ANYWHERE)
    return np.clip(np.where(known, near, anywhere), 0, 1)


def _spread(model: Model, point: Floats, known: Sequence[int]) -> Floats:
    """Standard deviations of these parameters, from the slopes of the residuals."""
    slopes = jacobian(model, point, known)
    _, sizes, directions = np.linalg.svd(slopes, full_matrices=False)
    weights = 1 / np.maximum(sizes, 1e-6)
    return np.asarray(np.minimum(np.sqrt(((directions.T * weights) ** 2).sum(axis=1)), 0.5))


def jacobian(model: Model, point: Floats, places: Sequence[int]) -> Floats:
    """Slopes of the residuals over these parameters, by differences to both sides where bounds leave room."""
    columns = []
    for k in places:
        low, high = point.copy(), point.copy()
        low[k], high[k] = max(point[k] - STEP, 0.0), min(point[k] + STEP, 1.0)
        columns.append((model.residuals(high) - model.residuals(low)) / (high[k] - low[k]))
    return np.stack(columns, axis=1)
