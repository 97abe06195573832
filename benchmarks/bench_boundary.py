"""How well a followed boundary knows a phase diagram, against a plain grid, by the points that it gets wrong.

    python benchmarks/bench_boundary.py [--devices 1 2 3 4] [--reference 200]

The reference is a full grid of 200 x 200 points by the twin. Beside it: a full grid of 100 x 100 that takes the regime
of the nearest of its points, boundaries followed in ngspice, and boundaries of the twin's map confirmed by ngspice.
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from neurokit.circuits import NeuronCircuit
from neurokit.device import DEVICES, device_label
from neurokit.simulation.versions import quickest_backend
from neurokit.sweeps.diagram import PhaseDiagram
from neurokit.sweeps.executors import local_processes
from neurokit.sweeps.run import Method, run_sweep
from neurokit.sweeps.spec import SweepSpec, default_axes

GRID = 100  # points along each axis of the grid that is compared with
TARGETS = {"ngspice": 1000, "guided": 200}  # simulations by ngspice


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--devices", type=int, nargs="+", default=[1, 2, 3, 4])
    arguments.add_argument("--reference", type=int, default=200, help="points along each axis of the reference")
    chosen = arguments.parse_args()
    lines = [
        f"Of {chosen.reference**2} points; simulations by ngspice in brackets.",
        "",
        f"| device | grid {GRID} x {GRID}, nearest | followed in ngspice | guided by the twin |",
        "|---|---|---|---|",
    ]
    for number in chosen.devices:
        lines.append(f"| {device_label(number)} | {' | '.join(compared(number, chosen.reference))} |")
    lines += [
        "",
        f"Targets: no more than the grid, from at most {TARGETS['ngspice']} and {TARGETS['guided']} simulations.",
    ]
    print("\n".join(lines))


def compared(number: int, points: int) -> list[str]:
    """Misclassified points of each way, in words."""
    spec = SweepSpec(NeuronCircuit(DEVICES[number]), default_axes(DEVICES[number]), backend=quickest_backend())
    with tempfile.TemporaryDirectory() as folder:
        reference = full_grid(spec, points, Path(folder) / "reference")
        places = np.array([reference.lattice.position(site) for site in reference.known])
        truth = list(reference.known.values())
        grid = full_grid(spec, GRID, Path(folder) / "grid")
        nearest = [grid.known[site] for site in map(tuple, np.rint(places * (GRID - 1)).astype(int).tolist())]
        words = [str(sum(a is not b for a, b in zip(nearest, truth, strict=True)))]
        for engine in TARGETS:
            found = run_sweep(spec, Path(folder) / engine, local_processes(), Method(engine))
            wrong = sum(a is not b for a, b in zip(found.regime_at(places), truth, strict=True))
            runs = sum(row["simulations"] for row in found.rows if row["engine"] == "ngspice")
            words.append(f"{wrong} ({runs})")
    return words


def full_grid(spec: SweepSpec, points: int, folder: Path) -> PhaseDiagram:
    """Every point of a square grid, by the twin."""
    axes = tuple(replace(axis, count=points) for axis in spec.axes)
    return run_sweep(replace(spec, axes=axes), folder, local_processes(), Method("twin", full_grid=True))


if __name__ == "__main__":
    main()
