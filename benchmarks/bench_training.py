"""Images per CPU second of training, against spiking libraries and an ordinary network, on the same work in one run.

    python benchmarks/bench_training.py [--rounds 5] [--threads 1] [--quick]

Every way trains 784-128-10 in batches of 128, by the mean squared error between the output's rates and the labels, with
one fused Adam of the same settings, on the same images in memory, and counts its loss and hits. Loading and the start
are not in it. Spiking ways take 25 time steps, with the image as a constant input.

- the loop is that of snnTorch's tutorial 5: both weighted sums and both `snn.Leaky` in every step. "fc1 once" is the
  same with the first sum, which never changes, before the loop.
- norse (`LIFBoxCell` in a loop: its neuron nearest to `Leaky`, cheaper than its `LIF`) and SpikingJelly (`LIFNode` over
  the whole sequence, torch back end) are used as documented, with the loop's decay.
- neurokit by rate and with spikes is an epoch of `neurokit.snn.training` as it is. "`Leaky`, whole sequences" is the
  loop's network by `leaky_sequence`; that its spikes and gradients are the loop's is checked here.
- matrix products alone are those of a step of the ordinary network, which are also those of a step by rate.

The ways take turns, a different one first in each round. A number is the median of the rounds, and a ratio the median
of the ratios within each. Processor time is that of all threads of the process. With `$NEUROKIT_DATA` the images are
MNIST's, and the paper's recipe is timed too, start to finish in a process of its own; else they are the bundled digits.
"""

import argparse
import importlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import snntorch
import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss, one_hot

from neurokit.snn import training
from neurokit.snn.data import CLASSES, Digits, load
from neurokit.snn.sequence import atan_slope, leaky_sequence
from neurokit.snn.settings import Settings
from neurokit.spikes.transfer_file import read_curve

SIZES = (784, 128, CLASSES)
BATCH = 128
STEPS = 25  # of time, for each image
BETA = 0.95
IMAGES = 20 * BATCH  # of one turn
LEARNING_RATE = 5e-4  # tutorial 5's
TURN_S = 0.5  # of processor time, at least, for one way in one round
CURVE = Path(__file__).resolve().parents[1] / "training" / "curves" / "device1.csv"

LOOP = "snnTorch's loop"
HOISTED = "snnTorch's loop, fc1 once"
NORSE = "norse"
SPIKINGJELLY = "SpikingJelly"
SPIKING = "neurokit, VO2 neurons, spiking"
SEQUENCES = "neurokit, `Leaky`, whole sequences"
RATE = "neurokit, VO2 neurons, by rate"
RELU = "ordinary network with ReLU"
PRODUCTS = "matrix products alone"
TARGETS = {RATE: 18.0, SEQUENCES: 8.0}  # times the loop

Epoch = Callable[[], object]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=5, help="turns of each way")
    arguments.add_argument("--threads", type=int, nargs="+", default=[1], help="of torch, one table column each")
    arguments.add_argument("--quick", action="store_true", help="three short rounds, no recipe")
    chosen = arguments.parse_args()
    rounds, turn = (3, TURN_S / 5) if chosen.quick else (chosen.rounds, TURN_S)
    torch.set_num_threads(1)
    digits = images_for_a_turn()
    ways = all_ways(digits)
    costs = {}
    for threads in chosen.threads:
        torch.set_num_threads(threads)
        costs[threads] = costs_in_turns({name: way for name, way in ways.items() if way}, rounds, turn)
    torch.set_num_threads(1)
    print(f"{IMAGES} images of {digits.name}, {rounds} rounds; torch {torch.__version__}, {cpu_name()}\n")
    print(speed_table(list(ways), costs))
    print(share_lines(chosen.threads[0], costs[chosen.threads[0]]))
    print(agreement_line(*inputs(digits)))
    if digits.name == "mnist" and not chosen.quick:
        print(recipe_lines(chosen.threads))


# The ways: what each does with the images of one turn.


def images_for_a_turn() -> Digits:
    """MNIST if it is at hand, else the bundled digits, again and again."""
    digits = load("mnist") if os.environ.get("NEUROKIT_DATA") else load("digits")
    rows = np.arange(IMAGES) % len(digits.train_labels)
    return replace(digits, train_images=digits.train_images[rows], train_labels=digits.train_labels[rows])


def inputs(digits: Digits) -> tuple[Tensor, Tensor]:
    """Images from 0 to 1, one row each, and labels."""
    images = torch.tensor(digits.train_images).flatten(1).float() / 255
    return images, torch.tensor(digits.train_labels).long()


def all_ways(digits: Digits) -> dict[str, Epoch | None]:
    """By name, one epoch; None where the library is not installed."""
    images, labels = inputs(digits)
    return {
        LOOP: ordinary(Loop(), images, labels),
        HOISTED: ordinary(Loop(once=True), images, labels),
        NORSE: norse_way(images, labels),
        SPIKINGJELLY: spikingjelly_way(images, labels),
        SPIKING: neurokit_way(digits, way="spiking", encoding="constant", dt=Settings.window / STEPS),
        SEQUENCES: ordinary(Sequences(), images, labels),
        RATE: neurokit_way(digits),
        RELU: ordinary(nn.Sequential(nn.Linear(*SIZES[:2]), nn.ReLU(), nn.Linear(*SIZES[1:])), images, labels),
        PRODUCTS: products(images),
    }


def ordinary(network: nn.Module, images: Tensor, labels: Tensor) -> Epoch:
    """An epoch as one writes it: a network that gives the output's rates, and Adam."""
    optimiser = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE, fused=True)

    def epoch() -> tuple[float, int]:
        total, right = 0.0, 0
        for rows in torch.randperm(len(images)).split(BATCH):
            rates, wished = network(images.index_select(0, rows)), labels[rows]
            loss = mse_loss(rates, one_hot(wished, CLASSES).float())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item() * len(rows)
            right += int((rates.detach().argmax(dim=1) == wished).sum())
        return total, right

    return epoch


class Loop(nn.Module):
    """The network of snnTorch's tutorial 5, step by step."""

    def __init__(self, once: bool = False) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.fc1, self.fc2 = nn.Linear(*SIZES[:2]), nn.Linear(*SIZES[1:])
        self.lif1, self.lif2 = snntorch.Leaky(beta=BETA), snntorch.Leaky(beta=BETA)
        self.once = once

    def steps(self, images: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Spikes of the hidden layer and of the output, step by step."""
        mem1, mem2 = self.lif1.init_leaky(), self.lif2.init_leaky()
        for step in range(STEPS):
            if step == 0 or not self.once:
                cur1 = self.fc1(images)
            spk1, mem1 = self.lif1(cur1, mem1)
            spk2, mem2 = self.lif2(self.fc2(spk1), mem2)
            yield spk1, spk2

    def forward(self, images: Tensor) -> Tensor:
        return torch.stack([output for _, output in self.steps(images)]).mean(dim=0)

    def spikes(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Of the hidden layer and of the output, (steps, images, neurons)."""
        hidden, output = zip(*self.steps(images), strict=True)
        return torch.stack(hidden), torch.stack(output)


class Sequences(Loop):
    """The same network, a layer at a time."""

    def spikes(self, images: Tensor) -> tuple[Tensor, Tensor]:
        current = self.fc1(images).expand(STEPS, -1, -1)
        hidden = leaky_sequence(current, atan_slope(), beta=BETA)
        return hidden, leaky_sequence(self.fc2(hidden), atan_slope(), beta=BETA)

    def forward(self, images: Tensor) -> Tensor:
        return self.spikes(images)[1].mean(dim=0)


def norse_way(images: Tensor, labels: Tensor) -> Epoch | None:
    if not (norse := library("norse.torch")):
        return None
    dt = 1e-3  # s
    p = norse.LIFBoxParameters(tau_mem_inv=torch.as_tensor((1 - BETA) / dt))
    cells = [nn.Linear(*SIZES[:2]), norse.LIFBoxCell(p, dt), nn.Linear(*SIZES[1:]), norse.LIFBoxCell(p, dt)]

    class Norse(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = norse.SequentialState(*cells)

        def forward(self, images: Tensor) -> Tensor:
            state, output = None, []
            for _ in range(STEPS):
                spikes, state = self.layers(images, state)
                output.append(spikes)
            return torch.stack(output).mean(dim=0)

    return ordinary(Norse(), images, labels)


def spikingjelly_way(images: Tensor, labels: Tensor) -> Epoch | None:
    if not (neuron := library("spikingjelly.activation_based.neuron")):
        return None
    functional = importlib.import_module("spikingjelly.activation_based.functional")
    surrogate = importlib.import_module("spikingjelly.activation_based.surrogate")

    def lif() -> nn.Module:
        leaky = {"tau": 1 / (1 - BETA), "decay_input": False, "v_reset": None, "detach_reset": True}
        return neuron.LIFNode(**leaky, surrogate_function=surrogate.ATan(), step_mode="m")

    class SpikingJelly(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.Sequential(nn.Linear(*SIZES[:2]), lif(), nn.Linear(*SIZES[1:]), lif())

        def forward(self, images: Tensor) -> Tensor:
            functional.reset_net(self.layers)
            return self.layers(images.unsqueeze(0).repeat(STEPS, 1, 1)).mean(dim=0)

    return ordinary(SpikingJelly(), images, labels)


def library(name: str) -> Any:
    """A module, or None where it cannot be imported."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def neurokit_way(digits: Digits, **changes: Any) -> Epoch:
    """An epoch of neurokit's training as it is."""
    settings = Settings(hidden=SIZES[1:2], batch=BATCH, held_out=0, learning_rate=LEARNING_RATE, **changes)
    progress = training.begin(read_curve(CURVE), settings)
    images, labels = training.tensor(digits.train_images), training.tensor(digits.train_labels).long()
    work = training._Work(settings, progress.network, images, labels, torch.arange(IMAGES))
    return lambda: training._one_epoch(work, progress, 1, lambda step: None)


def products(images: Tensor) -> Epoch:
    """The matrix products of an ordinary network's training: two forward, three backward."""
    w1, w2 = torch.randn(SIZES[1], SIZES[0]), torch.randn(SIZES[2], SIZES[1])
    x, g1, g2 = images[:BATCH], torch.randn(BATCH, SIZES[1]), torch.randn(BATCH, SIZES[2])

    def epoch() -> None:
        for _ in range(IMAGES // BATCH):
            hidden = x @ w1.T
            hidden @ w2.T
            g2.T @ hidden
            g2 @ w2
            g1.T @ x

    return epoch


# What they cost.


def costs_in_turns(ways: dict[str, Epoch], rounds: int, turn: float) -> dict[str, list[float]]:
    """Processor time in s of an epoch of each way, by rounds."""
    repeats = {}
    for name, epoch in ways.items():
        epoch()
        repeats[name] = max(1, round(turn / cpu_of(epoch)))
    costs: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for k in range(rounds):
        for name in names[k % len(names) :] + names[: k % len(names)]:
            costs[name].append(cpu_of(ways[name], repeats[name]))
    return costs


def cpu_of(epoch: Epoch, repeats: int = 1) -> float:
    began = time.process_time()
    for _ in range(repeats):
        epoch()
    return (time.process_time() - began) / repeats


def speed_table(names: list[str], costs: dict[int, dict[str, list[float]]]) -> str:
    """Images per CPU second and times the loop's, for each number of threads."""
    heads = [f"images per CPU second, {counted(n)} | times the loop's (least to most)" for n in costs]
    lines = ["| way | " + " | ".join([*heads, "target"]) + " |", "|---" * (2 * len(costs) + 2) + "|"]
    for name in names:
        cells = [cell for found in costs.values() for cell in speed_cells(name, found)]
        target = f"{TARGETS[name]:g}" if name in TARGETS else ""
        lines.append(f"| {name} | {' | '.join(cells)} | {target} |")
    return "\n".join([*lines, ""])


def speed_cells(name: str, costs: dict[str, list[float]]) -> tuple[str, str]:
    if name not in costs:
        return "not installed: pip install neurokit[bench]", ""
    faster = [loop / own for loop, own in zip(costs[LOOP], costs[name], strict=True)]
    return f"{IMAGES / median(costs[name]):.0f}", f"{median(faster):.2f} ({min(faster):.2f} to {max(faster):.2f})"


def share_lines(threads: int, costs: dict[str, list[float]]) -> str:
    """How much of a step is not its matrix products."""
    lines = []
    for name in (RATE, RELU):
        shares = [1 - bare / own for bare, own in zip(costs[PRODUCTS], costs[name], strict=True)]
        lines.append(f"- outside of matrix products, {counted(threads)}: {median(shares):.0%} of the time of {name}")
    return "\n".join(lines)


def agreement_line(images: Tensor, labels: Tensor) -> str:
    """Whether whole sequences are the loop: spikes bit for bit, and the gradient of a batch."""
    spikes, gradients = [], []
    for network in (Loop(), Sequences()):
        with torch.no_grad():
            spikes.append(torch.cat([s.flatten() for s in network.spikes(images)]))
        mse_loss(network(images[:BATCH]), one_hot(labels[:BATCH], CLASSES).float()).backward()
        gradients.append([p.grad for p in network.parameters()])
    different = int((spikes[0] != spikes[1]).sum())
    apart = max(float((a - b).norm() / a.norm()) for a, b in zip(*gradients, strict=True))
    return (
        f"- {SEQUENCES}: {different} of {len(spikes[0])} outputs of a neuron in a step differ from the loop's, among "
        f"them {int(spikes[0].sum())} spikes; the gradients of a batch differ by {apart:.1e} of their norm at most"
    )


# The paper's recipe, start to finish.

_RECIPE = """
import sys, torch
from pathlib import Path
from neurokit.snn import training
from neurokit.snn.data import load
from neurokit.snn.settings import Settings
from neurokit.spikes.transfer_file import read_curve
torch.set_num_threads(int(sys.argv[2]))
digits, settings = load("mnist"), Settings(held_out=0)
progress = training.begin(read_curve(Path(sys.argv[1])), settings)
training.train(digits, settings, progress)
print(len(digits.train_labels), len(progress.epochs), settings.batch)
"""


def recipe_lines(threads: list[int]) -> str:
    """Processor time of a process that trains by the paper's recipe, imports and reading of the images included."""
    lines = []
    for n in threads:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-c", _RECIPE, str(CURVE), str(n)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        images, epochs, batch = done.stdout.split()
        lines.append(
            f"- the paper's recipe start to finish, {images} images x {epochs} epochs in batches of {batch}, "
            f"{counted(n)}: {cpu:.1f} s of processor time, {wall:.1f} s by the clock"
        )
    return "\n".join(lines)


def counted(threads: int) -> str:
    return "1 thread" if threads == 1 else f"{threads} threads"


def cpu_name() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return "unknown processor"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


if __name__ == "__main__":
    main()
