"""Panel "filament": a film cell by cell in ngspice, whose x differs from place to place."""

from dataclasses import replace

import numpy as np

from neurokit.circuits.film_grid import FilmGrid, filament_netlist, triangle
from neurokit.circuits.netlist import Netlist
from neurokit.device.closed_form import Thresholds, thresholds, v_firing_onset
from neurokit.device.vo2x import DEVICES
from neurokit.report.film.grid import filament_figure
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices, made_of_checks
from neurokit.spikes.filament import METAL, Filament, FilmStates, filaments, film_states
from neurokit.vacancy.checks.check import Check, within_share
from neurokit.vacancy.film_map import graded_map

DEVICE = DEVICES[3]
SPREAD = 0.003  # of x from cell to cell, assumed
SIDE = 12  # cells
R_SERIES = 3e3  # ohm, Li et al., arXiv 2405.00700
EDGE = 40e-6  # s, long against the thermal time
OVERDRIVE = 1.2  # of the supply at which an even film snaps
ALIKE = 0.05  # of the current of the lumped device, within which an even film's must lie
NEAR = 0.1  # of the threshold of an even film, within which an uneven one snaps: assumed


def filament_panel() -> Panel:
    """What must hold of any film: no publication's."""
    return Panel(
        title="A conducting filament in an uneven film",
        statement="No publication's, but what must be: a filament forms at the threshold of the film of one x and is "
        "gone below its hold voltage, and a film of one x carries the current of the lumped device.",
        make=_make,
        needs=_netlists,
        note=f"{SIDE} x {SIDE} cells of Device 3 (interpolated), uneven by {SPREAD} in x from cell to cell. Behind a "
        "large resistor an even film falls apart by itself; it is compared behind a small one, as a voltage sweep.",
    )


def _grids(seed: int) -> dict[str, FilmGrid]:
    uneven = graded_map((SIDE, SIDE), DEVICE.x, spread=SPREAD, seed=seed).x
    return {
        "uneven": FilmGrid(uneven, DEVICE),
        "even": FilmGrid(np.full((SIDE // 2, SIDE // 2), DEVICE.x), DEVICE),
        "lumped": FilmGrid(np.full((1, 1), DEVICE.x), DEVICE),
    }


def _netlists(seed: int) -> dict[str, Netlist]:
    t, grids = thresholds(DEVICE), _grids(seed)
    swept = triangle(OVERDRIVE * t.v_threshold, EDGE)
    driven = triangle(OVERDRIVE * float(v_firing_onset(DEVICE, R_SERIES)), EDGE)
    return {
        "uneven": filament_netlist(grids["uneven"], driven, R_SERIES),
        **{name: filament_netlist(grids[name], swept, 10.0) for name in ("even", "lumped")},
    }


def _make(workshop: Workshop) -> Made:
    grids, outcomes = _grids(workshop.seed), workshop.simulate(_netlists(workshop.seed))
    states = {name: film_states(grids[name], outcome.waveforms) for name, outcome in outcomes.items()}
    found, even = filaments(states["uneven"]), thresholds(DEVICE)
    first = found[0] if found else None
    words = "" if first is None else f"At its widest, {100 * first.widest:.0f} % of the cells are metal. "
    words += f"The hottest cell is {states['uneven'].theta.max():.0f} K above ambient."
    made = made_of_checks(
        filament_figure(grids["uneven"], states["uneven"], first, even),
        _checks(states, first, even),
        words,
        known_devices({"Device 3 (interpolated)": DEVICE}),
        workshop.seed,
    )
    return replace(made, outcomes=tuple(outcomes.values()))


def _checks(states: dict[str, FilmStates], first: Filament | None, even: Thresholds) -> list[Check]:
    uneven, lumped = states["uneven"], states["lumped"]
    late = uneven.time > uneven.time[np.argmax(uneven.v_in)]
    left = float((uneven.u[late & (uneven.v_in < even.v_hold)] >= METAL).mean())
    expected = np.interp(states["even"].time, lumped.time, lumped.i)
    flowing = expected > 0.01 * expected.max()
    apart = float(np.max(np.abs(states["even"].i / np.where(flowing, expected, 1) - 1)[flowing]))
    formed = np.nan if first is None else first.v_highest
    return [
        within_share("voltage at which a filament forms", even.v_threshold, formed, NEAR, "V"),
        Check("metal left with the supply below hold", "none", f"{100 * left:.1f} % of cells", left == 0),
        Check("current of an even film", f"the lumped device's ± {100 * ALIKE:g} %", f"{100 * apart:.2f} % off",
              apart <= ALIKE),
    ]  # fmt: skip
