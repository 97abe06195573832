"""Trains the recipes on MNIST and writes the tables of training/README.md and the figures beside: about half an hour.

    python training/tables.py [NAME ...]        with MNIST's files in $NEUROKIT_DATA, else downloaded once

Without names all tables are made. Each goes between its two markers, `<!-- NAME -->` and `<!-- /NAME -->`. Networks
stay in out/training and are trained again only if that is removed. Settings were chosen on 5000 held-out images of the
training set; the test images are looked at here for the first time.
"""

import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, median, stdev

import numpy as np
import torch

from neurokit.circuits.values import si_text
from neurokit.cli.network_figures import draw_trained
from neurokit.device.vo2x import device_label
from neurokit.report import save_figure
from neurokit.report.training.chips import yield_curve
from neurokit.report.training.energy import energy_per_inference
from neurokit.report.training.width import width_ablation
from neurokit.report.training.windows import windows_and_taus
from neurokit.simulation import Cache
from neurokit.snn import evaluation
from neurokit.snn.curves import measured_curve
from neurokit.snn.data import Digits, load
from neurokit.snn.energy import energy
from neurokit.snn.job import curve_of, in_matched_circuit, train_into
from neurokit.snn.network import Network, Timing
from neurokit.snn.results import RESULT, Trained, load_result
from neurokit.snn.settings import Settings, settings_from_toml
from neurokit.snn.training import accuracy, output_rates, tensor, timing_of

HERE = Path(__file__).parent
README = HERE / "README.md"
FIGURES = HERE.parent / "docs" / "figures"
KEPT = Path("out/training")
SEEDS = (1, 2, 3)
RECIPES = ("paper", "best", "robust", "four_bits", "e24")
SPREADS = (0.0, 0.02, 0.0373, 0.05, 0.1, 0.15, 0.2)
CHIPS, TRIM_IMAGES = 50, 100
WINDOWS = (10e-6, 20e-6, 50e-6, 100e-6, 200e-6)  # s
TAUS = (0.1e-6, 0.5e-6, 1e-6, 2e-6, 5e-6)  # s
WIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # V
CIRCUITS = (
    {"r_series": 6e3, "capacitance": 0.2e-9, "v_rail": 17.0, "silent_margin": 2.5, "width": 2.0},
    {"r_series": 12e3, "capacitance": 0.2e-9, "v_rail": 28.0, "silent_margin": 4.0, "width": 3.0},
    {},
)
KELVINS = (290.0, 295.0, 298.0, 300.0, 302.0, 305.0, 310.0)

Rows = Iterator[Sequence[str]]


def main() -> None:
    torch.set_num_threads(1)
    known = re.findall(r"<!-- (\w+) -->", README.read_text(encoding="utf-8"))
    names = sys.argv[1:] or known
    for name in names:
        if name not in known:
            raise SystemExit(f"{README.name} has no markers for {name!r}: choose from {', '.join(known)}")
        began = time.time()
        header, *rows = TABLES[name]()
        lines = ["| " + " | ".join(row) + " |" for row in (header, ["---"] * len(header), *rows)]
        _rewrite(name, "\n".join(lines))
        print(f"{name}: {time.time() - began:.0f} s", flush=True)


def _rewrite(name: str, table: str) -> None:
    before, rest = README.read_text(encoding="utf-8").split(f"<!-- {name} -->")
    _, after = rest.split(f"<!-- /{name} -->")
    README.write_text(f"{before}<!-- {name} -->\n\n{table}\n\n<!-- /{name} -->{after}", encoding="utf-8")


def recipes() -> Rows:
    """What each recipe reaches, by three seeds."""
    draw_trained(trained("best"), _digits(), KEPT / "best_1")
    shutil.copy(KEPT / "best_1" / "rasters.png", FIGURES / "training_rasters.png")
    yield (
        "recipe",
        "circuit of Device 1",
        "test, by rate",
        "test, spiking 50 us",
        "against by rate",
        "CPU s of training",
    )
    for name in RECIPES:
        runs = [trained(name, seed) for seed in SEEDS]
        by_rate, spiking = ([100 * run.record["accuracy"][way]["test"] for run in runs] for way in ("rate", "spiking"))
        against = [b - a for a, b in zip(by_rate, spiking, strict=True)]
        cost = f"{median(run.record['cpu_seconds'] for run in runs):.0f}"
        yield f"`{name}.toml`", _circuit(runs[0]), _spread(by_rate), _spread(spiking), _spread(against, "+.2f"), cost


def windows() -> Rows:
    """The best network in other windows and behind other adders, spike trains as input."""
    run = trained("best")
    images, labels = _test()
    by_rate = accuracy(output_rates(run.network, images, Timing()), labels)
    found = np.array([[_spiking(run, window=w, tau=t) for t in TAUS] for w in WINDOWS])
    figure = windows_and_taus(WINDOWS, TAUS, found, by_rate, "training/best.toml, seed 1, 10,000 test images")
    _save("training_windows", figure, run)
    yield "window", *(f"tau {1e6 * tau:g} us" for tau in TAUS)
    for window, row in zip(WINDOWS, found, strict=True):
        yield f"{1e6 * window:g} us", *(f"{100 * value:.2f} %" for value in row)


def slow() -> Rows:
    """The paper's circuit, whose neurons spike two to four times in 50 us, in longer windows."""
    run = trained("paper")
    yield "window", "spike trains in", "rates in"
    for window in (50e-6, 100e-6, 200e-6, 500e-6):
        found = [_spiking(run, window=window, encoding=encoding) for encoding in ("spikes", "constant")]
        yield f"{1e6 * window:g} us", *(f"{100 * value:.2f} %" for value in found)


def chips() -> Rows:
    """Drawn chips of more and more spread: ordinary and hardware-aware networks, as they are and trimmed."""
    few = tensor(_digits().train_images[:TRIM_IMAGES])
    images, labels = _test()
    found: dict[str, list[list[float]]] = {}
    networks = {
        "best": trained("best"),
        "ordinary": trained("robust", 1, {"mismatch": 0.0}),
        "robust": trained("robust"),
    }
    for name, run in networks.items():
        for spread in SPREADS:
            drawn = evaluation.chips(run.network, spread, CHIPS, seed=1)
            for way, trim in _trims(few).items():
                values = evaluation.chip_accuracies(run.network, drawn, images, labels, Timing(), trim=trim)
                found.setdefault(f"{name}{way}", []).append(values)
    title = f"One circuit, trained without and with mismatch; {CHIPS} chips at each spread"
    same = {name: values for name, values in found.items() if not name.startswith("best")}
    _save("training_yield", yield_curve(SPREADS, same, title), networks["robust"])
    yield "spread of thresholds", *(f"{name}: mean, worst" for name in found)
    for k, spread in enumerate(SPREADS):
        yield f"{100 * spread:g} %", *(f"{100 * mean(v[k]):.2f}, {100 * min(v[k]):.2f} %" for v in found.values())


def chips_by_seed() -> Rows:
    """The robust recipe at 10 %, by three seeds, and the same chips spike by spike."""
    few = tensor(_digits().train_images[:TRIM_IMAGES])
    images, labels = _test()
    yield "seed", "mean, worst", "trimmed: mean, worst", "10 chips, spiking 50 us: mean, worst"
    for seed in SEEDS:
        run = trained("robust", seed)
        drawn = evaluation.chips(run.network, 0.1, CHIPS, seed=1)
        as_is, trimmed = (
            evaluation.chip_accuracies(run.network, drawn, images, labels, Timing(), trim=trim)
            for trim in _trims(few).values()
        )
        timing = timing_of(run.settings)
        some = evaluation.chip_accuracies(run.network, drawn[:10], images, labels, timing, spiking=True)
        yield str(seed), *(f"{100 * mean(v):.2f}, {100 * min(v):.2f} %" for v in (as_is, trimmed, some))


def circuits() -> Rows:
    """The robust recipe in circuits of lower supply."""
    images, labels = _test()
    yield "circuit of Device 1", "test, by rate", "spiking 50 us", "10 % spread: mean, worst"
    for changes in CIRCUITS:
        run = trained("robust", 1, changes)
        drawn = evaluation.chips(run.network, 0.1, CHIPS, seed=1)
        values = evaluation.chip_accuracies(run.network, drawn, images, labels, Timing())
        reached = [f"{100 * run.record['accuracy'][way]['test']:.2f} %" for way in ("rate", "spiking")]
        yield _circuit(run), *reached, f"{100 * mean(values):.2f}, {100 * min(values):.2f} %"


def coarse() -> Rows:
    """Weights made coarse after training, and trained in."""
    best = trained("best").network
    images, labels = _test()
    yield "weights", "after training", "trained in"
    for words, changes, recipe in (
        ("any", {}, "best"),
        ("6 bits", {"bits": 6}, ""),
        ("5 bits", {"bits": 5}, ""),
        ("4 bits", {"bits": 4}, "four_bits"),
        ("3 bits", {"bits": 3}, ""),
        ("E96", {"resistors": "E96"}, ""),
        ("E24", {"resistors": "E24"}, "e24"),
        ("E12", {"resistors": "E12"}, ""),
    ):
        after = accuracy(output_rates(evaluation.realised_with(best, **changes), images, Timing()), labels)
        within = f"{100 * trained(recipe).record['accuracy']['rate']['test']:.2f} %" if recipe else ""
        yield words, f"{100 * after:.2f} %", within


def widths() -> Rows:
    """The paper's recipe with other widths of the slope, on held-out images."""
    found = []
    for width in WIDTHS:
        runs = [trained("paper", seed, {"width": width, "held_out": 5000}) for seed in SEEDS]
        found.append([run.record["accuracy"]["rate"]["held_out"] for run in runs])
    figure = width_ablation(WIDTHS, np.mean(found, axis=1), np.std(found, axis=1, ddof=1), 1.0)
    _save("training_width", figure, trained("paper"))
    yield "width", "held out, by rate"
    for width, values in zip(WIDTHS, found, strict=True):
        yield f"{width:g} V", _spread([100 * value for value in values])


def devices() -> Rows:
    """The paper's recipe with Devices 1 to 4, each in the circuit that gives it the same highest rate; energies."""
    run = trained("paper")
    images, labels = _test()
    by_digit, means = {}, {}
    yield "device", "circuit", "test, by rate", "spiking 50 us", "neurons", "adders", "spikes", "per spike"
    for number in (1, 2, 3, 4):
        own = run
        if number > 1:
            moved, _, _ = in_matched_circuit(run, run.network, number, Cache().simulate)
            own = trained_with(replace(moved, seed=1), KEPT / f"paper_matched{number}")
        spent = energy(own.network, images, own.curve, own.settings.window)
        label = device_label(number)
        by_digit[label], means[label] = spent.by_class(labels), float(spent.total.mean())
        reached = own.record["accuracy"]
        yield (
            label,
            _circuit(own),
            f"{100 * reached['rate']['test']:.2f} %",
            f"{100 * reached['spiking']['test']:.2f} %",
            f"{1e6 * spent.neurons.mean():.0f} uJ",
            f"{1e6 * spent.adders.mean():.0f} uJ",
            f"{spent.spikes.mean():.0f}",
            f"{1e9 * spent.total.mean() / spent.spikes.mean():.0f} nJ",
        )
    title = "50 us an image, amplifiers at rest apart; the same highest rate"
    _save("training_energy", energy_per_inference(by_digit, means, title), run)


def heat() -> Rows:
    """The best and the robust network at other ambient temperatures, their curves measured there."""
    images, labels = _test()
    yield "ambient", "`best.toml`", "`robust.toml`"
    networks = [trained(name) for name in ("best", "robust")]
    for kelvin in KELVINS:
        found = []
        for run in networks:
            curve = measured_curve(replace(run.settings, temperature=kelvin), Cache().simulate)
            hot = evaluation.with_curve(run.network, curve)
            found.append(accuracy(output_rates(hot, images, Timing()), labels))
        yield f"{kelvin:g} K", *(f"{100 * value:.2f} %" for value in found)


TABLES: Mapping[str, Callable[[], Rows]] = {
    table.__name__: table
    for table in (recipes, windows, slow, chips, chips_by_seed, circuits, coarse, widths, devices, heat)
}


def trained(recipe: str, seed: int = 1, changes: Mapping[str, object] | None = None) -> Trained:
    """The network of a recipe, trained now or before."""
    asked = dict(changes or {})
    name = "_".join([recipe, str(seed), *(f"{k}{v:g}" for k, v in asked.items())])  # type: ignore[str-format]
    return trained_with(settings_from_toml(HERE / f"{recipe}.toml", {"seed": seed, **asked}), KEPT / name)


def trained_with(settings: Settings, folder: Path) -> Trained:
    if (folder / RESULT).exists():
        found = load_result(folder)
        if found.settings == settings:
            return found
    run = train_into(folder, _digits(), settings, curve_of(settings, Cache().simulate), simulate=Cache().simulate)
    reached = run.record["accuracy"]
    print(folder.name, *(f"{100 * reached[way]['test']:.2f} %" for way in reached), flush=True)
    return run


def _trims(few: torch.Tensor) -> dict[str, Callable[..., Network]]:
    return {
        "": lambda network, chip: network,
        ", trimmed": lambda network, chip: evaluation.trimmed(network, chip, few),
    }


def _digits() -> Digits:
    return load("mnist")


def _test() -> tuple[torch.Tensor, torch.Tensor]:
    digits = _digits()
    return tensor(digits.test_images), tensor(digits.test_labels).long()


def _spiking(run: Trained, **changes: object) -> float:
    images, labels = _test()
    timing = replace(timing_of(run.settings), **changes)  # type: ignore[arg-type]
    return accuracy(output_rates(run.network, images, timing, spiking=True), labels)


def _circuit(run: Trained) -> str:
    s = run.settings
    return f"{si_text(s.r_series, 'Ohm', 3)}, {si_text(s.capacitance, 'F', 3)}, {s.v_rail:.3g} V"


def _spread(values: Sequence[float], form: str = ".2f") -> str:
    return f"{mean(values):{form}} ± {stdev(values):.2f}"


def _save(name: str, figure: object, run: Trained) -> None:
    made_by = {part: run.record[part] for part in ("settings", "curve", "weights", "versions")}
    save_figure(figure, FIGURES / f"{name}.png", made_by)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
