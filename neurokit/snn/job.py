"""The whole job: a curve, a training that can be interrupted, what it reached, and the folder that holds it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any

import torch

from neurokit.errors import NeurokitError
from neurokit.simulation import engine
from neurokit.simulation.engine import Simulate
from neurokit.snn.curves import interval_spread, measured_curve
from neurokit.snn.data import Digits
from neurokit.snn.evaluation import confusion, per_class
from neurokit.snn.network import Network
from neurokit.snn.results import Trained, curve_sum, drop_checkpoint, load_result, resume, save_checkpoint, save_result
from neurokit.snn.settings import Settings
from neurokit.snn.training import (
    Epoch,
    Progress,
    Step,
    accuracy,
    begin,
    make_network,
    output_rates,
    split,
    tensor,
    timing_of,
    train,
)
from neurokit.spikes.transfer import TransferCurve
from neurokit.spikes.transfer_compare import matched
from neurokit.spikes.transfer_file import read_curve

PACKAGES = ("neurokit", "torch", "snntorch", "numpy", "safetensors")
WAYS = {"rate": False, "spiking": True}  # to run a network, and whether it goes through time


def curve_of(settings: Settings, simulate: Simulate = engine.simulate) -> TransferCurve:
    """The curve that settings name: of a file, or measured now."""
    return read_curve(settings.curve) if settings.curve else measured_curve(settings, simulate)


def train_into(
    folder: Path,
    digits: Digits,
    settings: Settings,
    curve: TransferCurve,
    *,
    simulate: Simulate = engine.simulate,
    go_on: bool = False,
    report: Callable[[Epoch], None] = lambda epoch: None,
    follow: Callable[[Step], None] = lambda step: None,
) -> Trained:
    """Trains, evaluates by both ways on the test images and writes the result; `go_on` from the folder's checkpoint."""
    jitter = interval_spread(settings.neuron, curve, settings.noise, settings.seed, simulate) if settings.noise else 0.0
    progress = begin(curve, settings, jitter)
    asked = {
        "settings": asdict(settings),
        "data": dict(digits.sha256),
        "curve": curve_sum(curve),
        "torch": version("torch"),
        "threads": torch.get_num_threads(),
    }
    if go_on:
        resume(folder, progress, asked)

    def kept(epoch: Epoch) -> None:
        report(epoch)
        save_checkpoint(folder, progress, asked)

    began = process_time()
    train(digits, settings, progress, kept, follow)
    spent = {"cpu_seconds": process_time() - began}  # of this process; what came before an interruption is not in it
    save_result(folder, progress.network, settings, curve, record(digits, settings, progress) | spent)
    drop_checkpoint(folder)
    return load_result(folder)


def record(digits: Digits, settings: Settings, progress: Progress) -> dict[str, Any]:
    """What is known of a finished training beside settings, curve and weights."""
    _, held = split(digits, settings)
    images = {"test": digits.test_images} | ({"held_out": digits.train_images[held]} if len(held) else {})
    labels = {"test": digits.test_labels, "held_out": digits.train_labels[held]}
    reached: dict[str, dict[str, float]] = {}
    for way, spiking in WAYS.items():
        for part, some in images.items():
            rates = output_rates(progress.network, tensor(some), timing_of(settings), spiking=spiking)
            reached.setdefault(way, {})[part] = accuracy(rates, tensor(labels[part]).long())
            if part == "test":
                matrix = confusion(rates, tensor(digits.test_labels).long())
                reached[way] |= {"confusion": matrix.tolist(), "per_class": per_class(matrix)}  # type: ignore[dict-item]
    return {
        "data": {"name": digits.name, "source": digits.source, "sha256": dict(digits.sha256)},
        "images": {"trained": len(digits.train_labels) - len(held), "held_out": len(held), "test": len(images["test"])},
        "accuracy": reached,
        "epochs": [asdict(epoch) for epoch in progress.epochs],
        "seed": settings.seed,
        "versions": versions(),
        "threads": torch.get_num_threads(),
    }


def versions() -> Mapping[str, str]:
    return {name: version(name) for name in PACKAGES}


def in_matched_circuit(
    trained: Trained, network: Network, device: int, simulate: Simulate = engine.simulate
) -> tuple[Settings, Network, TransferCurve]:
    """The same weights between neurons of another device, in the circuit that gives it the same top frequency.

    Its supply stays in the same ratio to the range in which its neurons oscillate.
    """
    settings = trained.settings
    there = matched(settings.neuron, replace(settings, device=device).neuron.device)
    moved = replace(settings, device=device, r_series=there.r_series, capacitance=there.capacitance)
    curve = measured_curve(moved, simulate)
    (low, high), (on, off) = _span(trained.curve), _span(curve)
    v_rail = on + (off - on) * (settings.v_rail - low) / (high - low)
    margin = settings.silent_margin * (off - on) / (high - low)
    moved = replace(moved, v_rail=v_rail, silent_margin=margin)
    other = make_network(curve, moved, network.realised.jitter)
    other.load_state_dict({**other.state_dict(), **dict(network.named_parameters())})
    other.realised = network.realised
    return moved, other, curve


def _span(curve: TransferCurve) -> tuple[float, float]:
    run = curve.oscillating
    if run is None:
        raise NeurokitError(f"{curve.label} does not oscillate in its circuit: leave that device out")
    return run.span
