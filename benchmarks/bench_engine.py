"""What `simulate` costs beyond bare ngspice, and what the worker pool gains by a second worker.

    python benchmarks/bench_engine.py [--runs 40] [--pairs 4]

Overhead: the neuron that ships in netlists/, over 200 us, some 50 ms of ngspice, is run by a bare `ngspice -b -r` and
by `simulate` on each back end, in turns. Processor time (user and system) is that of this process and of the children
that it has waited for, and with PySpice of the copy of the worker that ran the netlist; the few milliseconds that the
worker itself takes to make that copy show in the wall-clock time only. The least of all turns counts: other load only
ever adds.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench_device import child_cpu

from neurokit.circuits import Netlist, NeuronCircuit, neuron_netlist
from neurokit.device import DEVICES
from neurokit.simulation import simulate

T_STOP = 200e-6  # s: some 50 ms of ngspice
HEAVY_T_STOP = 1e-3  # s, for the pool
HEAVY_NETLISTS = 6
BARE = "ngspice -b -r"
ENGINES = (BARE, "ngspice", "pyspice")
TARGET_OVERHEAD = 0.1
TARGET_SPEED_UP = 1.8


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=40, help="runs of each engine")
    arguments.add_argument("--pairs", type=int, default=4, help="turns of one worker and of two")
    chosen = arguments.parse_args()
    print(overhead_table(chosen.runs))
    print(pool_table(chosen.pairs))


# One run, with and without neurokit.


def overhead_table(runs: int = 40) -> str:
    """Processor and wall-clock time of one run by each engine, and how much more than bare ngspice that is."""
    netlist = heavy_netlist(T_STOP)
    costs = {engine: (float("inf"),) * 2 for engine in ENGINES}
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "neuron.cir").write_text(str(netlist))
        for _ in range(runs + 1):  # the first is never the least: it starts what is kept between runs
            for engine in ENGINES:
                costs[engine] = tuple(map(min, costs[engine], cost(engine, netlist, directory)))
    bare_cpu, bare_wall = costs[BARE]
    lines = [
        "| engine | CPU per run / ms | more than bare | wall per run / ms | more than bare |",
        "|---|---|---|---|---|",
    ]
    for engine, (cpu, wall) in costs.items():
        name = f"bare `{engine}`" if engine == BARE else f'`simulate(..., backend="{engine}")`'
        more_cpu, more_wall = f"{cpu / bare_cpu - 1:+.0%}", f"{wall / bare_wall - 1:+.0%}"
        lines.append(f"| {name} | {cpu * 1e3:.1f} | {more_cpu} | {wall * 1e3:.1f} | {more_wall} |")
    return "\n".join([*lines, "", f"Target: at most {TARGET_OVERHEAD:.0%} more, with the `ngspice` back end.", ""])


def cost(engine: str, netlist: Netlist, directory: str) -> tuple[float, float]:
    """Processor and wall-clock time of one run, in s."""
    began, cpu = time.perf_counter(), own_cpu()
    if engine == BARE:
        child_cpu([*BARE.split(), "out.raw", "neuron.cir"], directory)
    else:
        outcome = simulate(netlist, backend=engine).checked()
        cpu -= outcome.cpu_s if engine == "pyspice" else 0.0
    return own_cpu() - cpu, time.perf_counter() - began


def own_cpu() -> float:
    """Processor time of this process and of the children that it has waited for, so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


# Many runs.


def pool_table(pairs: int = 4) -> str:
    """Wall-clock time of some heavy netlists on one worker and on two, least of some pairs in turns."""
    from neurokit.simulation.pool import simulate_many

    netlists: Sequence[Netlist] = [heavy_netlist(HEAVY_T_STOP)] * HEAVY_NETLISTS
    lines = ["| back end | one worker / s | two workers / s | speed-up |", "|---|---|---|---|"]
    for engine in ENGINES[1:]:
        walls: dict[int, list[float]] = {1: [], 2: []}
        for jobs in (1, 2) * pairs:
            began = time.perf_counter()
            for outcome in simulate_many(netlists, jobs=jobs, backend=engine):
                outcome.checked()
            walls[jobs].append(time.perf_counter() - began)
        one, two = min(walls[1]), min(walls[2])
        lines.append(f"| {engine} | {one:.2f} | {two:.2f} | {one / two:.2f} |")
    return "\n".join([*lines, "", f"Target: {TARGET_SPEED_UP} on two idle cores.", ""])


def heavy_netlist(t_stop: float) -> Netlist:
    return neuron_netlist(NeuronCircuit(DEVICES[1]), t_stop=t_stop)


if __name__ == "__main__":
    main()
