"""What a film costs in ngspice as it is cut into more cells: a filament forms and breaks, and R(T).

    python benchmarks/bench_film_grid.py [--sizes 4,8,16,32]

Every film has Device 3's mean x, uneven by 0.003 from cell to cell, behind 3 kohm; the supply rises to 1.2 times of
what the even film snaps at and falls again, in 40 us each. CPU seconds are ngspice's own.
"""

import argparse

import numpy as np

from neurokit.circuits.film_grid import FilmGrid, filament_netlist, film_rt_netlist, triangle
from neurokit.device.closed_form import v_firing_onset
from neurokit.device.vo2x import DEVICES
from neurokit.simulation import Limits, simulate
from neurokit.spikes.filament import filaments, film_states
from neurokit.vacancy.film_map import graded_map

DEVICE = DEVICES[3]
SPREAD, SEED = 0.003, 1
R_SERIES, EDGE = 3e3, 40e-6
LIMITS = Limits(time_s=3 * 3600.0)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sizes", default="4,8,16,32", help="cells along each side")
    sizes = [int(size) for size in arguments.parse_args().sizes.split(",")]
    print("| cells | filament: CPU s | time points | ms a point | MB | snaps at (V) | breaks at (V) | R(T): CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    for size in sizes:
        print(row(size), flush=True)


def row(size: int) -> str:
    x = graded_map((size, size), DEVICE.x, spread=SPREAD, seed=SEED).x
    grid = FilmGrid(x, DEVICE)
    v_in = 1.2 * float(v_firing_onset(DEVICE, R_SERIES))
    switched = simulate(filament_netlist(grid, triangle(v_in, EDGE), R_SERIES), limits=LIMITS).checked()
    filament = filaments(film_states(grid, switched.waveforms))[0]
    heated = simulate(film_rt_netlist(grid, 300.0, 370.0), limits=LIMITS).checked()
    points = len(switched.waveforms)
    cells = (
        f"{size} x {size}",
        f"{switched.cpu_s:.3g}",
        f"{points}",
        f"{1e3 * switched.cpu_s / points:.3g}",
        f"{switched.memory_bytes / 1e6:.0f}",
        f"{filament.v_highest:.3f}",
        f"{np.nan if filament.v_broken is None else filament.v_broken:.3f}",
        f"{heated.cpu_s:.3g}",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
