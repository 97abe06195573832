"""The fit: static branches first, then everything, each by a global search and a local one.

Differential evolution finds the valley, least squares its floor. What R(T) and I-V say of a parameter is where the
second stage begins to look for it; the dynamics may still move it. Several starts run side by side; the best counts.
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


@dataclass(frozen=True)
class Effort:
    """How long to look."""

    starts: int = 3
    generations: int = 180
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
    middle, spread, began = _static(description, effort, say)
    seeds = np.random.SeedSequence(effort.seed).spawn(effort.starts)
    jobs = [executor.submit(_start, model, middle, spread, effort.generations, seed) for seed in seeds]
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


def _static(description: Description, effort: Effort, say: Callable[[str], None]) -> tuple[Floats, Floats, Found]:
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
    found = _evolved(model, middle, spread, effort.generations, np.random.SeedSequence(effort.seed), held)
    found = min(found, polished(model, found.point, held), key=lambda end: end.cost)
    middle = found.point
    spread[list(known)] = _spread(model, found.point, known)
    say(f"static branches: chi-square {found.cost:.4g} by {len(known)} parameters, {found.cpu_s:.0f} CPU s")
    return middle, spread, found


def _start(model: Model, middle: Floats, spread: Floats, generations: int, seed: np.random.SeedSequence) -> Found:
    found = _evolved(model, middle, spread, generations, seed, ())
    floor = polished(model, found.point)
    best = floor if floor.cost <= found.cost else found
    return Found(best.point, best.cost, found.evaluations + floor.evaluations, found.cpu_s + floor.cpu_s)


def _evolved(
    model: Model, middle: Floats, spread: Floats, generations: int, seed: np.random.SeedSequence, held: Sequence[int]
) -> Found:
    """Differential evolution over the parameters that are not held."""
    free = [k for k in range(len(middle)) if k not in set(held)]
    draw = np.random.default_rng(seed)
    began = time.process_time()

    def cost(moved: Floats) -> float:
        whole = middle.copy()
        whole[free] = moved
        return model.cost(whole)

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


def _population(middle: Floats, spread: Floats, draw: np.random.Generator) -> Floats:
    size = max(POPULATION * len(middle), 24)
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
