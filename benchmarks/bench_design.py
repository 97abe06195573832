"""Simulations until random wishes are met: active learning, random search and a grid.

    python benchmarks/bench_design.py [--ngspice] [--wishes 20] [--free-supply] [--most 1000] [--batch 2]

Wishes are what a random neuron does: x, R_s, C and supply are drawn over all of their ranges, and its frequency, energy
per spike, threshold and supply become the wishes (with --free-supply all but the last). Each neuron oscillates for
certain. The twin answers unless --ngspice is given.

Random search and grid are told what needs no simulation: the x of the threshold and, where it is wished, the supply.
What is left to them is R_s and C (and the supply's place in the closed form's window), on a logarithmic scale within
the same limits; places that the closed form rules out cost them nothing. The grid is refined, halving its spacing, when
it is used up. Active learning is stopped after 60.
"""

import argparse
import time
from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.optimize import brentq

from neurokit.design import Design, Wishes, ask_ngspice, ask_twin, design
from neurokit.design.ask import Ask
from neurokit.design.search import wished_values, worst_miss
from neurokit.design.space import Space
from neurokit.device import Vo2x
from neurokit.device.closed_form import thresholds
from neurokit.spikes.regime import Regime

DEVICE = Vo2x()
ANY = Wishes(frequency=1.0)  # for its limits
BUDGET = 60


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument(
        "--ngspice", action="store_true", help="ngspice answers, and only active learning is measured"
    )
    arguments.add_argument("--wishes", type=int, default=20)
    arguments.add_argument("--free-supply", action="store_true", help="the supply is not wished")
    arguments.add_argument("--most", type=int, default=1000, help="simulations after which random and grid give up")
    arguments.add_argument("--batch", type=int, default=2)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    ask = ask_ngspice(jobs=1) if chosen.ngspice else ask_twin()
    kinds = [chosen.free_supply] if chosen.free_supply or chosen.ngspice else [False, True]
    engine = "ngspice" if chosen.ngspice else "the twin"
    lines = [
        f"{chosen.wishes} wishes drawn with seed {chosen.seed}, met within 2 %; {engine} answers.",
        "",
        "| wishes | method | met | median simulations | most | seconds a wish |",
        "|---|---|---|---|---|---|",
    ]
    for free in kinds:
        words = "frequency, energy, threshold" + ("" if free else ", supply")
        wishes = drawn(chosen.wishes, ask_twin(), free, chosen.seed)
        methods = {f"active, batches of {chosen.batch}": lambda w, k: active(w, ask, chosen.batch, k)}
        if not chosen.ngspice:
            methods["random"] = lambda w, k: until_met(w, ask, at_random(w, np.random.default_rng(k)), chosen.most)
            methods["grid"] = lambda w, k: until_met(w, ask, on_grid(w), chosen.most)
        for name, method in methods.items():
            begin = time.monotonic()
            spent = [method(wish, k) for k, wish in enumerate(wishes)]
            lines.append(row(words, name, spent, (time.monotonic() - begin) / len(wishes)))
    print("\n".join(lines))


def row(words: str, name: str, spent: list[float], seconds: float) -> str:
    met = sum(np.isfinite(spent))
    median, most = (f"{v:.0f}" if np.isfinite(v) else "not met" for v in (float(np.median(spent)), max(spent)))
    return f"| {words} | {name} | {met} of {len(spent)} | {median} | {most} | {seconds:.1f} |"


def drawn(count: int, ask: Ask, free_supply: bool, seed: int) -> list[Wishes]:
    """What random neurons do that oscillate for certain."""
    space, random, wishes = Space.of(ANY, DEVICE), np.random.default_rng(seed), []
    while len(wishes) < count:
        made = space.design(random.random(space.dimensions))
        (point,) = ask.measure([made.neuron(DEVICE)], [made.v_in])
        if point.regime is Regime.OSCILLATING and point.confidence == 1.0:
            wishes.append(
                Wishes(
                    frequency=point.frequency,
                    energy=point.energy_per_spike,
                    v_threshold=thresholds(made.neuron(DEVICE).device).v_threshold,
                    v_in=None if free_supply else made.v_in,
                )
            )
    return wishes


def active(wishes: Wishes, ask: Ask, batch: int, seed: int) -> float:
    """Simulations of active learning, the sweep that verifies the threshold among them."""
    result = design(wishes, ask, device=DEVICE, runs=BUDGET, batch=batch, seed=seed)
    return float(result.runs) if result.verdict == "met" else float("inf")


def until_met(wishes: Wishes, ask: Ask, places: Iterator[tuple[float, ...]], most: int) -> float:
    """Simulations until one of these places, in their order, meets the wishes."""
    space, x = Space.of(wishes, DEVICE), deficiency(wishes)
    spent = tried = 0
    for place in places:
        tried += 1
        if spent >= most or tried > 30 * most:
            return float("inf")
        made = placed(space, wishes, x, place)
        if made is None:
            continue
        points = ask.measure([made.neuron(DEVICE)], [made.v_in])
        spent += points[0].simulations
        if worst_miss(wishes, wished_values(wishes, DEVICE, made, points)) <= 1:
            return float(spent)
    return float("inf")


def deficiency(wishes: Wishes) -> float:
    """The x of the wished threshold, by closed form."""
    space = Space.of(wishes, DEVICE)

    def miss(x: float) -> float:
        return float(space.statics(np.array([x])).v_threshold[0]) - (wishes.v_threshold or 0.0)

    return float(brentq(miss, 0.0, space.x_top))


def placed(space: Space, wishes: Wishes, x: float, place: tuple[float, ...]) -> Design | None:
    """The design at this share of the logarithmic ranges, or None where the closed form sees no oscillation."""
    limits = wishes.r_limits, wishes.c_limits
    r, c = (low * (high / low) ** share for share, (low, high) in zip(place[:2], limits, strict=True))
    onset, latching = (float(v[0]) for v in space.statics(np.array([x])).window(np.array([r])))
    v_in = onset + place[2] * (latching - onset) if wishes.v_in is None else wishes.v_in
    return Design(x, r, c, v_in) if onset < v_in < latching else None


def at_random(wishes: Wishes, random: np.random.Generator) -> Iterator[tuple[float, ...]]:
    while True:
        yield tuple(random.random(3 if wishes.v_in is None else 2))


def on_grid(wishes: Wishes) -> Iterator[tuple[float, ...]]:
    """The middles of 4 x 4 (x 4) cells, then of 8 x 8, and so on."""
    cells = 4
    while True:
        middles = (np.arange(cells) + 0.5) / cells
        yield from product(middles.tolist(), repeat=3 if wishes.v_in is None else 2)
        cells *= 2


if __name__ == "__main__":
    main()
