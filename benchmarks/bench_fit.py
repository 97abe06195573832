"""How deep a search of `neurokit fit` gets, against differential evolution alone with as many devices tried.

    python benchmarks/bench_fit.py [examples/fit/rutgers.toml] [--seeds 4] [--generations 100]

Both begin anywhere within the bounds, with the same first population, and end with least squares.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from neurokit.calibration.description import read_description
from neurokit.calibration.model import Model
from neurokit.calibration.search import Found, descended, evolved, polished, population_size


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("description", type=Path, nargs="?", default=Path("examples/fit/rutgers.toml"))
    arguments.add_argument("--seeds", type=int, default=4)
    arguments.add_argument("--generations", type=int, default=100)
    chosen = arguments.parse_args()
    description = read_description(chosen.description)
    model = Model(description, description.fitted)
    middle, spread = np.full(len(description.free), 0.5), np.full(len(description.free), np.inf)
    print("| seed | evolution alone: chi-square | CPU s | then CMA-ES: chi-square | CPU s | devices tried |")
    print("|---|---|---|---|---|---|")
    for seed in range(1, chosen.seeds + 1):
        both = descended(model, middle, spread, chosen.generations, np.random.SeedSequence(seed), ())
        as_many = round(both.evaluations / population_size(len(middle)))
        alone = evolved_alone(model, middle, spread, as_many, seed)
        numbers = (seed, alone.cost, alone.cpu_s, both.cost, both.cpu_s, both.evaluations)
        print("| {:d} | {:.4g} | {:.0f} | {:.4g} | {:.0f} | {:d} |".format(*numbers))


def evolved_alone(model: Model, middle: np.ndarray, spread: np.ndarray, generations: int, seed: int) -> Found:
    found = evolved(model, middle, spread, generations, np.random.default_rng(np.random.SeedSequence(seed)), ())
    floor = polished(model, found.point)
    return replace(min((found, floor), key=lambda end: end.cost), cpu_s=found.cpu_s + floor.cpu_s)


if __name__ == "__main__":
    main()
