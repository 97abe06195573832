"""Points of a phase diagram per CPU second, against the ways in which people make one, on the same grid in one run.

    python benchmarks/bench_sweep.py [--grid 40]

Device 1 over series resistance and supply, the ranges that `neurokit sweep` takes by itself.

- the peers simulate every point for the same time. 120 us is the shortest of 100, 120, 150 and 200 us that leaves no
  wrong regime on a 60 x 60 grid, which is known only afterwards; 200 us is what somebody takes who does not know it.
  They run the netlists of `neurokit sweep`, with its tolerances and that last time, and nobody reads their results.
- `neurokit sweep` is the command as typed, with its table and its figure; its start, which is that of a 2 x 2 grid, is
  given apart.
- the limit is the compiled integrator alone, in one process, with nothing around it.

Processor time is that of all processes that belong to it (user and system, from `wait4`; this process makes itself the
one that inherits orphans, Linux). Regimes and frequencies are compared with the integrator's at a tolerance of 1e-8.
"""

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from neurokit.circuits import NeuronCircuit
from neurokit.device import DEVICES
from neurokit.device.accuracy import MAP
from neurokit.simulation.rawfile import read_raw
from neurokit.spikes.operating_point import OperatingPoint, certainty_of, measure_by_twin, point_netlist, read_waves
from neurokit.sweeps.lattice import Lattice
from neurokit.sweeps.spec import SweepSpec, default_axes
from neurokit.sweeps.storage import load_table

KNOWN_AFTERWARDS, CAREFUL = 120e-6, 200e-6  # s, what the peers simulate of each point
SHELL, PYSPICE, SPICELIB = (
    "shell loop, one `ngspice -b` a point",
    "PySpice's API in a loop",
    "spicelib's SimRunner",
)
OURS, TWIN, LIMIT = (
    "`neurokit sweep --engine ngspice`",
    "`neurokit sweep --engine twin`",
    "limit: compiled integrator alone",
)
TARGETS = {SHELL: 3.0, PYSPICE: 2.5}  # of the points per CPU second of `neurokit sweep`, to those of a peer
TWIN_TARGET = 5000.0  # points per CPU second

_LOOP = 'for f in p*.cir; do ngspice -n -b -r "${f%.cir}.raw" "$f" >/dev/null 2>&1; done'
_PYSPICE_LOOP = """
import glob, logging
logging.disable(logging.CRITICAL)
from PySpice.Spice.NgSpice.Shared import NgSpiceShared
NgSpiceShared.LIBRARY_PATH = "libngspice.so.0"
simulator = NgSpiceShared.new_instance()
for path in sorted(glob.glob("p*.cir")):
    simulator.load_circuit(open(path).read())
    simulator.run()
    plot = simulator.plot(None, simulator.last_plot)
    signals = {name: plot[name].to_waveform() for name in plot if name != "time"}
    simulator.destroy()
    simulator.remove_circuit()
"""
_SPICELIB_LOOP = """
import glob, logging
logging.disable(logging.CRITICAL)
from spicelib.sim.sim_runner import SimRunner
from spicelib.simulators.ngspice_simulator import NGspiceSimulator
runner = SimRunner(simulator=NGspiceSimulator, output_folder="spicelib", parallel_sims=1)
for path in sorted(glob.glob("p*.cir")):
    runner.run(path)
runner.wait_completion()
assert runner.okSim == runner.runno, (runner.okSim, runner.runno)
"""
_LIMIT_LOOP = """
import sys
sys.path.insert(0, {here!r})
from bench_sweep import integrate_alone
integrate_alone({cells})
"""


@dataclass(frozen=True)
class Score:
    """What one way took, and how right it was."""

    cpu_s: float
    start_s: float = 0.0  # of it, before the first point
    t_stop: float | None = None  # s, where it is the same for every point
    wrong: int | None = None  # regimes; None where nobody looked
    frequency_error: float | None = None  # largest relative one


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--grid", type=int, default=60, help="points along each of the two axes")
    count = arguments.parse_args().grid
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    spec = SweepSpec(NeuronCircuit(DEVICES[1]), default_axes(DEVICES[1]))
    lattice = Lattice(spec.axes, (count - 1, count - 1))
    placed = [spec.point(lattice.values(site)) for site in lattice.coarse()]
    truth = measure_by_twin([neuron for neuron, _ in placed], [v for _, v in placed], rtol=1e-8)
    with tempfile.TemporaryDirectory() as folder:
        scores = all_scores(Path(folder), count, placed, truth)
    print(table(scores, len(placed)))


def all_scores(
    folder: Path, count: int, placed: Sequence[tuple[NeuronCircuit, float]], truth: Sequence[OperatingPoint]
) -> dict[str, Score]:
    """Every way on the same points."""
    python = [sys.executable, "-c"]
    ways = {SHELL: ["bash", "-c", _LOOP], PYSPICE: [*python, _PYSPICE_LOOP], SPICELIB: [*python, _SPICELIB_LOOP]}
    known = [(t.regime.value if t.regime else "", t.frequency) for t in truth]
    scores: dict[str, Score] = {}
    for t_stop in (KNOWN_AFTERWARDS, CAREFUL):
        for number, (neuron, v_in) in enumerate(placed):
            (folder / f"p{number:05d}.cir").write_text(point_netlist(neuron, v_in, t_stop, MAP).text)
        for name, command in ways.items():
            cpu = tree_cpu(command, folder)
            right: tuple[int | None, float | None] = (None, None)
            if name == SHELL:  # the others run the same netlists
                seen = [read_point_of(folder / f"p{n:05d}.raw", neuron) for n, (neuron, _) in enumerate(placed)]
                right = compared(seen, known)
            scores[f"{name}, {1e6 * t_stop:.0f} us"] = Score(cpu, 0.0, t_stop, *right)
            shutil.rmtree(folder / "spicelib", ignore_errors=True)
    for name, engine in ((OURS, "ngspice"), (TWIN, "twin")):
        start, cpu = (
            tree_cpu([*sweep_command(points), "--engine", engine, "--out", f"{engine}{points}"], folder)
            for points in (2, count)
        )
        rows, _ = load_table(folder / f"{engine}{count}")
        found = [(row["regime"], row["frequency"]) for row in rows]
        scores[name] = Score(cpu, start, None, *compared(found, known))
    start, cpu = (
        tree_cpu([*python, _LIMIT_LOOP.format(here=str(Path(__file__).parent), cells=cells)], folder)
        for cells in (1, count - 1)
    )
    alone = measure_by_twin([neuron for neuron, _ in placed], [v for _, v in placed])
    found = [(point.regime.value if point.regime else "", point.frequency) for point in alone]
    scores[LIMIT] = Score(cpu, start, None, *compared(found, known))
    return scores


def sweep_command(points: int) -> list[str]:
    grid = f"{points}x{points}"
    neurokit = str(Path(sys.executable).with_name("neurokit"))
    return [neurokit, "sweep", "--device", "1", "--grid", grid, "--jobs", "1", "--quiet"]


def integrate_alone(cells: int) -> None:
    """The twin on the same grid, in this process and nothing around it."""
    spec = SweepSpec(NeuronCircuit(DEVICES[1]), default_axes(DEVICES[1]))
    lattice = Lattice(spec.axes, (cells, cells))
    placed = [spec.point(lattice.values(site)) for site in lattice.coarse()]
    measure_by_twin([neuron for neuron, _ in placed], [v for _, v in placed])


def tree_cpu(command: Sequence[str], folder: Path) -> float:
    """Processor time of a command with everything that it started, orphans included, in s."""
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    total = 0.0
    while True:
        try:
            pid, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        total += usage.ru_utime + usage.ru_stime
        if pid == child.pid and status:
            raise SystemExit(f"{command[:2]} failed: status {os.waitstatus_to_exitcode(status)}")
    child.returncode = 0
    return total


def read_point_of(raw: Path, neuron: NeuronCircuit) -> tuple[str, float]:
    """Regime and frequency from a peer's result, by neurokit's reader."""
    reading = read_waves(neuron, read_raw(raw)[0], certainty_of(neuron))
    return reading.regime.value, reading.frequency


def compared(found: Sequence[tuple[str, float]], truth: Sequence[tuple[str, float]]) -> tuple[int, float]:
    """Wrong regimes, and the largest relative error of a frequency."""
    wrong = sum(a != b for (a, _), (b, _) in zip(found, truth, strict=True))
    errors = [abs(f / t - 1) for (_, f), (_, t) in zip(found, truth, strict=True) if f and t]
    return wrong, max(errors)


def table(scores: dict[str, Score], points: int) -> str:
    ours = scores[OURS].cpu_s - scores[OURS].start_s
    lines = [
        f"{points} points. Points per CPU second are without the start; faster is `neurokit sweep --engine ngspice`.",
        "",
        "| way | points per CPU second | start / s | faster by | target | wrong regimes | frequency error |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, score in scores.items():
        spent = score.cpu_s - score.start_s
        peer = next((peer for peer in (SHELL, PYSPICE, SPICELIB) if name.startswith(peer)), "")
        cells = [
            name,
            f"{points / spent:.4g}",
            f"{score.start_s:.1f}" if score.start_s else "",
            f"{spent / ours:.2f}" if peer else "",
            f"{TARGETS[peer]:g}" if peer in TARGETS else f"{TWIN_TARGET:g} a second" if name == TWIN else "",
            "" if score.wrong is None else str(score.wrong),
            "" if score.frequency_error is None else f"{score.frequency_error:.1e}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
