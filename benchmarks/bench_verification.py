"""What a digit costs in ngspice layer by layer, as one whole network, and by the twin, and how that grows.

    python benchmarks/bench_verification.py [--window 20] [--all]

Networks are random but always the same, scaled so that neurons fire in every layer. Of an image 80 % is black and the
rest has three grey levels, so that the input layer is four simulations; an MNIST digit has many more levels, but each
is simulated once for all digits. Layer level and twin follow a neuron as reports do; whole networks do with the looser
tolerances of `simulated_whole`, and their weights are resistors or linear sources.

Processor time (user and system) is that of ngspice, from wait4, and beside it that of Python, which writes netlists and
reads results; both of the run in which they came to the least, of up to three in turns. The whole network of 922
neurons takes far longer than all else, so it is run for its first microsecond only, like the others for comparison;
with --all it is shown a digit as well. That all ways count the same spikes, within one of a neuron, is checked in the
same run.
"""

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch

from neurokit.circuits import NeuronCircuit
from neurokit.simulation.outcome import Limits
from neurokit.snn.network import Network
from neurokit.snn.rate import Rate
from neurokit.spikes.transfer_measure import transfer_curve
from neurokit.sweeps.journal import Journal
from neurokit.verification.board import LEVELS, Board, Greys
from neurokit.verification.by_layers import simulated_digits
from neurokit.verification.by_twin import Spikes, TwinBoard, spikes_by_twin, twin_board
from neurokit.verification.cells import Cells
from neurokit.verification.compare import largest_difference, spikes_of
from neurokit.verification.mapping import mapped
from neurokit.verification.whole import simulated_whole

NEURON = NeuronCircuit(r_series=6e3, capacitance=0.2e-9)  # fast, so that short windows hold many of its spikes
CELLS = Cells(NEURON)
V_RAIL = 20.0  # V
TAU = 5e-6  # s, of the adders
SILENT_MARGIN = 0.5  # V
BLACK = 0.8  # of an image, as in MNIST
LIT = (255, 255, 255, 128, 64)  # of the rest: most of it is white
SEED = 2

SIZES: tuple[tuple[int, ...], ...] = ((8, 6, 2), (32, 20, 10), (128, 64, 10), (784, 128, 10))
WINDOW = 20e-6  # s
BEGINNING = 1e-6  # s, of whole networks of all sizes
WINDOWS = (10e-6, 25e-6, 50e-6, 100e-6)  # s, of the smallest network
MOST_WHOLE = 300  # neurons of a whole network that is shown a digit without being asked to
ROUNDS = 3
ENOUGH_S = 5.0  # of processor time, after which a way has had its rounds
LOOK_S = 0.02  # between looks at the memory of ngspice
LIMITS = Limits(time_s=4 * 3600.0)

LAYERS = "ngspice, by layers"
RESISTORS = "ngspice, whole, resistors"
SOURCES = "ngspice, whole, sources"
BOARD = "twin, once a board"
TWIN = "twin"
ADDERS = {RESISTORS: "resistors", SOURCES: "sources"}


@dataclass(frozen=True, eq=False)
class Cost:
    """What one digit took."""

    ngspice_s: float = 0.0  # CPU
    python_s: float = 0.0  # CPU
    simulations: int = 0
    points: int = 0
    elements: int = 0
    memory_bytes: int = 0
    spikes: Spikes | None = None

    @property
    def cpu_s(self) -> float:
        return self.ngspice_s + self.python_s


Way = Callable[[], Cost]
Sizes = tuple[int, ...]
Costs = Mapping[str, Cost]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--window", type=float, default=WINDOW * 1e6, help="for which a digit is shown, in us")
    arguments.add_argument("--all", action="store_true", help="a digit for the whole network of 922 neurons too")
    chosen = arguments.parse_args()
    torch.set_num_threads(1)
    make = board_maker()
    measured(make(SIZES[0], BEGINNING), (*ADDERS, LAYERS))  # imports, and compiles the twin
    shown = {}
    for sizes in SIZES:
        whole = chosen.all or sum(sizes) <= MOST_WHOLE
        shown[sizes] = measured(make(sizes, chosen.window * 1e-6), (LAYERS, *ADDERS) if whole else (LAYERS,))
    print(digit_table(shown, chosen.window))
    beginnings = {sizes: measured(make(sizes, BEGINNING), tuple(ADDERS), by_twin=False) for sizes in SIZES}
    print(beginning_table(beginnings))
    windows = {window: measured(make(SIZES[0], window), (LAYERS, *ADDERS)) for window in WINDOWS}
    print(window_table(windows))
    print(agreement_line([*shown.values(), *windows.values()]))


# What is measured.


def board_maker() -> Callable[[Sequence[int], float], Board]:
    """Makes the board of a random network by its layers, shown an image for so long (s)."""
    rate = Rate(transfer_curve(NEURON, engine="twin"), v_rail=V_RAIL)

    def make(sizes: Sequence[int], window: float) -> Board:
        torch.manual_seed(SEED)
        network = Network(sizes, rate, SILENT_MARGIN)
        with torch.no_grad():
            for weight, bias in zip(network.weights, network.biases, strict=True):
                weight.mul_(1.5)
                bias.add_(0.3)
            drives = network.pixel_drive(torch.arange(LEVELS, dtype=torch.float64)).double().numpy()
        circuit, unrealised = mapped(network, CELLS.former, TAU)
        return Board(circuit, unrealised, CELLS, drives, window)

    return make


def image(pixels: int) -> Greys:
    draw = np.random.default_rng(SEED)
    greys = np.zeros(pixels, dtype=np.uint8)
    lit = draw.permutation(pixels)[: round((1 - BLACK) * pixels)]
    greys[lit] = np.resize(LIT, len(lit))
    return greys


def measured(board: Board, ways: Sequence[str], *, by_twin: bool = True) -> dict[str, Cost]:
    """The least that a digit cost by each of these ways, and by the twin, in turns."""
    greys = image(board.sizes[0])
    runs: dict[str, Way] = {
        LAYERS: partial(by_layers, board, greys),
        **{way: partial(as_whole, board, greys, adder) for way, adder in ADDERS.items()},
    }
    runs = {way: runs[way] for way in ways}
    if by_twin:
        twin = twin_board(board)
        runs |= {BOARD: partial(making_the_twin, board), TWIN: partial(twins, twin, greys)}
    costs: dict[str, list[Cost]] = {way: [] for way in runs}
    for _ in range(ROUNDS):
        for way, run in runs.items():
            if sum(cost.cpu_s for cost in costs[way]) < ENOUGH_S:
                costs[way].append(run())
    return {way: min(found, key=lambda cost: cost.cpu_s) for way, found in costs.items()}


def by_layers(board: Board, greys: Greys) -> Cost:
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder), {}) as journal, Meter() as meter:
        ((_, layers, _),) = simulated_digits(board, {0: greys}, journal, jobs=1, limits=LIMITS)
    assert layers is not None, "a neuron failed"
    rows = journal.rows.values()
    return Cost(
        ngspice_s=sum(row["cpu_s"] for row in rows),
        python_s=meter.cpu_s,
        simulations=len(rows),
        points=sum(row["points"] for row in rows),
        memory_bytes=meter.memory_bytes,
        spikes=spikes_of(layers),
    )


def as_whole(board: Board, greys: Greys, adder: str) -> Cost:
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder), {}) as journal, Meter() as meter:
        row = simulated_whole(board, 0, greys, adder, journal, LIMITS)
    assert row["status"] in ("ok", "recovered"), row["message"]
    return Cost(
        ngspice_s=row["cpu_s"],
        python_s=meter.cpu_s,
        simulations=1,
        points=row["points"],
        elements=row["elements"],
        memory_bytes=meter.memory_bytes,
        spikes=tuple(tuple(np.array(times) for times in layer) for layer in row["spikes"]),
    )


def making_the_twin(board: Board) -> Cost:
    began = time.process_time()
    twin_board(board)
    return Cost(python_s=time.process_time() - began)


def twins(twin: TwinBoard, greys: Greys) -> Cost:
    began = time.process_time()
    spikes = spikes_by_twin(twin, greys)
    return Cost(python_s=time.process_time() - began, spikes=spikes)


@dataclass
class Meter:
    """Python's processor time in a `with`, and the most memory that any ngspice held meanwhile.

    The largest resident set that wait4 tells of a child is at least that of the process which started it, here
    Python's, as a child has its parent's memory until its `exec`; so /proc is looked at again and again. What that
    takes is not counted.
    """

    cpu_s: float = 0.0
    memory_bytes: int = 0
    _looking_s: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Meter":
        self._looker = threading.Thread(target=self._look)
        self._looker.start()
        self.cpu_s = -time.process_time()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._looker.join()
        self.cpu_s += time.process_time() - self._looking_s

    def _look(self) -> None:
        while not self._over.wait(LOOK_S):
            self.memory_bytes = max(self.memory_bytes, *map(held_by, children()), 0)
        self._looking_s = time.thread_time()


def children() -> list[str]:
    """Process ids of what this process runs."""
    found = []
    for thread in Path(f"/proc/{os.getpid()}/task").iterdir():
        with suppress(OSError):  # it has ended meanwhile
            found += (thread / "children").read_text().split()
    return found


def held_by(process: str) -> int:
    """The most memory (bytes) that it has held as ngspice, 0 if it is none, or is none yet."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    told = dict(line.split(":", 1) for line in lines)
    if told["Name"].strip() != "ngspice" or "VmHWM" not in told:
        return 0
    return int(told["VmHWM"].split()[0]) * 1024


# The tables.


def digit_table(shown: Mapping[Sizes, Costs], window_us: float) -> str:
    """Every way on networks of all sizes, and how each grows with the number of neurons."""
    lines = [
        f"A digit of {window_us:g} us. CPU in seconds; times: CPU of ngspice and Python over that of the layers.",
        "",
        "| network | neurons | way | ngspice, CPU | Python, CPU | times | runs | time points | memory / MiB | spikes "
        "| counts differ by |",
        "|" + "---|" * 11,
    ]
    for sizes, costs in shown.items():
        lines += [
            f"| {named(sizes)} | {sum(sizes)} | {way} | {cells(cost, costs[LAYERS])} |" for way, cost in costs.items()
        ]
    by_neurons = {float(sum(sizes)): costs for sizes, costs in shown.items()}
    return "\n".join([*lines, "", *growth("neurons", by_neurons), ""])


def beginning_table(beginnings: Mapping[Sizes, Costs]) -> str:
    """Whole networks for so short a time that all of them can be run."""
    spikes = sum(spike_count(cost) for costs in beginnings.values() for cost in costs.values())
    lines = [
        f"Whole networks for their first {BEGINNING * 1e6:g} us only ({spikes} spikes); "
        "CPU a point has the start in it.",
        "",
        "| network | neurons | way | lines of netlist | ngspice, CPU | Python, CPU | time points | CPU a point / ms "
        "| memory / MiB |",
        "|" + "---|" * 9,
    ]
    for sizes, costs in beginnings.items():
        for way, cost in costs.items():
            lines.append(
                f"| {named(sizes)} | {sum(sizes)} | {way} | {cost.elements} | {seconds(cost.ngspice_s)} "
                f"| {seconds(cost.python_s)} | {cost.points} | {cost.ngspice_s / cost.points * 1e3:.3g} "
                f"| {cost.memory_bytes / 2**20:.0f} |"
            )
    by_neurons = {float(sum(sizes)): costs for sizes, costs in beginnings.items()}
    return "\n".join([*lines, "", *growth("neurons", by_neurons), ""])


def window_table(windows: Mapping[float, Costs]) -> str:
    """Every way on the smallest network for longer and longer."""
    lines = [
        f"{named(SIZES[0])} for longer and longer.",
        "",
        "| window / us | way | ngspice, CPU | Python, CPU | times | runs | time points | memory / MiB | spikes "
        "| counts differ by |",
        "|" + "---|" * 10,
    ]
    for window, costs in windows.items():
        lines += [f"| {window * 1e6:g} | {way} | {cells(cost, costs[LAYERS])} |" for way, cost in costs.items()]
    return "\n".join([*lines, "", *growth("the window", windows), ""])


def cells(cost: Cost, layers: Cost) -> str:
    """The columns from the CPU on."""
    told = [
        seconds(cost.ngspice_s) if cost.simulations else "",
        seconds(cost.python_s),
        f"{cost.cpu_s / layers.cpu_s:.2g}",
        str(cost.simulations or ""),
        str(cost.points or ""),
        f"{cost.memory_bytes / 2**20:.0f}" if cost.simulations else "",
        str(spike_count(cost)) if cost.spikes else "",
        "" if (apart := apart_by(cost, layers)) is None else str(apart),
    ]
    return " | ".join(told)


def growth(of: str, costs: Mapping[float, Costs]) -> list[str]:
    """A line for each way: the power of a size with which its CPU and points grow, by least squares of logarithms."""
    lines = []
    for way in next(iter(costs.values())):
        by_size = {size: ways[way] for size, ways in costs.items() if way in ways}
        powers = [f"CPU as power {power({size: cost.cpu_s for size, cost in by_size.items()}):.2f}"]
        if all(cost.simulations for cost in by_size.values()):
            points = {size: cost.points for size, cost in by_size.items()}
            each = {size: cost.ngspice_s / cost.points for size, cost in by_size.items()}
            powers += [f"time points {power(points):.2f}", f"ngspice's CPU a point {power(each):.2f}"]
        sizes = [f"{size * 1e6:g} us" if size < 1 else f"{size:g}" for size in by_size]
        lines.append(f"- {way}, with {of} ({', '.join(sizes)}): {', '.join(powers)}")
    return lines


def power(values: Mapping[float, float]) -> float:
    return float(np.polyfit(np.log(list(values)), np.log(list(values.values())), 1)[0])


def agreement_line(digits: Sequence[Costs]) -> str:
    """How many runs were compared, and by how much the counts of any neuron differ at most."""
    apart = [
        difference
        for costs in digits
        for way, cost in costs.items()
        if way != LAYERS and (difference := apart_by(cost, costs[LAYERS])) is not None
    ]
    verdict = "agree within one" if max(apart) <= 1 else "DO NOT AGREE within one"
    return (
        f"Spike counts {verdict}: in {len(apart)} runs whole or by the twin those of a neuron differ from the layers' "
        f"by {max(apart)} at most."
    )


def apart_by(one: Cost, other: Cost) -> int | None:
    """The largest difference of the numbers of spikes of a neuron, or None where nothing was simulated."""
    return largest_difference(one.spikes, other.spikes) if one.spikes and other.spikes else None


def spike_count(cost: Cost) -> int:
    return sum(len(times) for layer in cost.spikes or () for times in layer)


def named(sizes: Sequence[int]) -> str:
    return "-".join(map(str, sizes))


def seconds(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


if __name__ == "__main__":
    main()
