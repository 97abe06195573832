"""Conducting filaments in a film grid: its states over time, and when metal joins the electrodes."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import label

from neurokit.circuits.film_grid import FilmGrid, side_nodes, state_node
from neurokit.device.equations import conductance
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import device_coefficients
from neurokit.simulation.outcome import Waveforms
from neurokit.vacancy.model import Floats

METAL = 0.5  # metal fraction from which a cell counts as metal


@dataclass(frozen=True, eq=False)
class FilmStates:
    """What every cell of a film does; maps are (times, rows, columns)."""

    time: Floats  # s
    v_in: Floats  # V, supply
    v: Floats  # V, across the film
    i: Floats  # A, through it
    theta: Floats  # K above ambient
    u: Floats  # metal fraction
    down: Floats  # A, through each cell from the upper electrode to the lower: mean of its two halves
    across: Floats  # A, from the left to the right: the same

    def at(self, time: float) -> int:
        """The index of the last moment that is not after this time (s)."""
        return max(int(np.searchsorted(self.time, time, side="right")) - 1, 0)


@dataclass(frozen=True)
class Filament:
    """A filament from the moment when it joins the electrodes to that when it breaks."""

    t_highest: float  # s, when the voltage across the film was highest before
    v_highest: float  # V, that voltage: the film snaps there
    t_formed: float  # s, when metal first joins the electrodes
    t_widest: float  # s, when most of the film is metal
    widest: float  # that share of its cells
    theta_highest: float  # K above ambient, of any cell while the filament lives
    t_broken: float | None  # s; None: it is still there at the end
    v_broken: float | None  # V across the film just before
    v_in_broken: float | None  # V of the supply just before


def film_states(grid: FilmGrid, waves: Waveforms) -> FilmStates:
    """The maps of a run of `filament_netlist`.

    A square's four halves have the same conductance, so the mean of what flows in on one side and out on the other is
    its conductance times the voltage between both: the currents of a row add up to that through the film.
    """
    theta, u = (_cells_of(grid, waves, what) for what in ("theta", "u"))
    rows, columns = grid.shape
    cells = device_coefficients(grid.cell(1, 1), x=np.asarray(grid.x))
    g = conductance(numpy_maths(), cells, theta, u)
    down, across = np.empty_like(g), np.empty_like(g)
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            north, east, south, west = (_voltage(waves, node) for node in side_nodes(grid, i, j))
            down[:, i - 1, j - 1] = g[:, i - 1, j - 1] * (north - south)
            across[:, i - 1, j - 1] = g[:, i - 1, j - 1] * (west - east)
    return FilmStates(waves.time, waves["v(in)"], waves["v(top)"], -waves["i(v_in)"], theta, u, down, across)


def joins_electrodes(u: Floats) -> bool:
    """Whether metal leads from the first row to the last, from cell to neighbouring cell."""
    clusters, _ = label(u >= METAL)
    return bool((set(clusters[0]) & set(clusters[-1])) - {0})


def filaments(states: FilmStates) -> list[Filament]:
    """Every filament of the run, in order."""
    joined = np.array([joins_electrodes(u) for u in states.u])
    edges = np.flatnonzero(np.diff(joined.astype(int), prepend=0))
    formed, broken = edges[0::2], [*edges[1::2], None]
    return [
        _filament(states, int(k), None if end is None else int(end), since)
        for k, end, since in zip(formed, broken, [0, *edges[1::2]], strict=False)
    ]


def _filament(states: FilmStates, formed: int, broken: int | None, since: int) -> Filament:
    highest = since + int(np.argmax(states.v[since : formed + 1]))
    metal = (states.u[formed:broken] >= METAL).mean(axis=(1, 2))
    widest = formed + int(np.argmax(metal))
    last = None if broken is None else max(broken - 1, formed)
    return Filament(
        t_highest=float(states.time[highest]),
        v_highest=float(states.v[highest]),
        t_formed=float(states.time[formed]),
        t_widest=float(states.time[widest]),
        widest=float(metal.max()),
        theta_highest=float(states.theta[formed:broken].max()),
        t_broken=None if broken is None else float(states.time[broken]),
        v_broken=None if last is None else float(states.v[last]),
        v_in_broken=None if last is None else float(states.v_in[last]),
    )


def _cells_of(grid: FilmGrid, waves: Waveforms, what: str) -> Floats:
    rows, columns = grid.shape
    maps = [[waves[f"v({state_node(what, i, j)})"] for j in range(1, columns + 1)] for i in range(1, rows + 1)]
    return np.moveaxis(np.array(maps), -1, 0)


def _voltage(waves: Waveforms, node: str) -> Floats:
    return np.zeros(len(waves)) if node == "0" else waves[f"v({node})"]
