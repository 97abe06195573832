"""A film as a network of square cells, each with an x, a temperature and a metal fraction of its own.

Rows go from the upper electrode down to the lower one, columns across. A cell conducts to its four neighbours and
hands them heat; to the substrate it loses its share of what the whole film loses. With n rows and m columns a film of
one x is the lumped device again:

    cell: conductance * n / m, heat loss and heat capacity / (n m)

So the cells are squares, and a film is m / n times as wide as long. The equations of a cell are the device's, but that
four halves of its conductance meet in its middle, and that k_square (theta_neighbour - theta) flows in from each side.

Behind a resistor that is large against the film, an even film does not stay even: where the differential resistance is
negative, the cell that is hottest by chance draws current from those beside it. That is how filaments form.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from neurokit.circuits.drive import Pwl
from neurokit.circuits.library import device_line, embedded_library
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.values import spice_value
from neurokit.device.accuracy import MAP, STEPS_PER_THERMAL_TIME, Accuracy, thermal_time
from neurokit.device.equations import X_HIGH, X_LOW
from neurokit.device.vo2x import Vo2x
from neurokit.errors import OutOfRangeError
from neurokit.vacancy.model import Floats, check_validity, stated

LARGEST = 128  # cells along a side, beyond which ngspice's memory and time are not what anybody waits for
RT_EDGE = 1.0  # s: slow enough that the loop lies within 1e-3 decades of the static one
REST = 0.2  # of an edge, for which nothing drives the film at the end
V_READ = 10e-3  # V, with which R(T) is read: it heats the film by microkelvins


@dataclass(frozen=True, eq=False)
class FilmGrid:
    """x of each cell, and the device that the film would be if it had one x all over."""

    x: Floats = field(default_factory=lambda: np.zeros((1, 1)))  # (rows, columns)
    device: Vo2x = Vo2x()  # noqa: RUF009 - frozen; its own x is not used
    k_square: float = stated(
        3.3e-7,
        "heat conductance of a square of film, from cell to cell",
        "W/K",
        0,
        1e-5,
        "assumed: 6 W/(m K) times 55 nm; what goes sideways through the substrate is left out",
    )

    def __post_init__(self) -> None:
        x = np.asarray(self.x)
        if x.ndim != 2 or not all(1 <= side <= LARGEST for side in x.shape):
            raise OutOfRangeError(f"x has shape {x.shape}: give a map of rows and columns, 1 to {LARGEST} of each")
        if not (np.isfinite(x).all() and x.min() >= X_LOW and x.max() <= X_HIGH):
            raise OutOfRangeError(f"x from {x.min():g} to {x.max():g}: each cell's must lie in [{X_LOW}, {X_HIGH}]")
        check_validity(self)

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = np.shape(self.x)
        return rows, columns

    def cell(self, i: int, j: int) -> Vo2x:
        """The device of one cell, counted from 1."""
        rows, columns = self.shape
        film = self.device.film
        scaled = replace(
            film,
            r_metal=film.r_metal * columns / rows,
            g_insulating=film.g_insulating * rows / columns,
            s_thermal=film.s_thermal / (rows * columns),
            c_thermal=film.c_thermal / (rows * columns),
        )
        return replace(self.device, film=scaled, x=float(self.x[i - 1, j - 1]))


def filament_netlist(grid: FilmGrid, drive: Pwl, r_series: float, *, accuracy: Accuracy = MAP) -> Netlist:
    """The film behind a series resistor, until the drive's last corner; its current is -i(v_in), its voltage v(top)."""
    if not r_series > 0:
        raise OutOfRangeError(f"r_series = {r_series} ohm must be above 0")
    t_stop = drive.corners[-1][0]
    rows, columns = grid.shape
    body = [
        "* supply and series resistor",
        f"V_in in 0 {drive.source()}",
        f"R_series in top {spice_value(r_series)}",
        *_cells(grid, own_heat=True),
        *_heat_between(grid),
    ]
    step = accuracy.step * thermal_time(grid.device) / STEPS_PER_THERMAL_TIME
    probes = ("v(in)", "v(top)", "i(v_in)", *(f"v({node})" for node in _state_nodes(grid)))
    return _netlist(f"VO2-x film of {rows} x {columns} cells", body, probes, accuracy, step, t_stop)


def triangle(v_in: float, edge: float) -> Pwl:
    """A supply that rises to v_in in `edge` seconds, falls in as many, and leaves the film to cool."""
    if not v_in > 0 or not edge > 0:
        raise OutOfRangeError(f"the highest supply, {v_in:g} V, and its edge, {edge:g} s, must be above 0")
    return Pwl(((0.0, 0.0), (edge, v_in), (2 * edge, 0.0), ((2 + REST) * edge, 0.0)))


def film_rt_netlist(
    grid: FilmGrid, t_low: float, t_high: float, edge: float = RT_EDGE, *, accuracy: Accuracy = MAP
) -> Netlist:
    """The whole film is heated from t_low to t_high (K) in `edge` seconds and cooled again; R = 10 mV / -i(v_read).

    One node sets the temperature of all cells, so the few picowatts of the reading heat nothing.
    """
    if not t_low < t_high or not edge > 0:
        raise OutOfRangeError(f"t_low = {t_low} K must be below t_high = {t_high} K and edge = {edge} s above 0")
    rows, columns = grid.shape
    grid = replace(grid, device=replace(grid.device, t_ambient=t_low))  # below it the device's equations do not hold
    corners = [(0.0, 0.0), (edge, t_high - t_low), (2 * edge, 0.0)]
    body = [
        "* one temperature for all cells, in kelvin above the lowest; a small voltage reads the film",
        "V_theta theta 0 PWL(" + " ".join(f"{spice_value(t)} {spice_value(v)}" for t, v in corners) + ")",
        f"V_read top 0 {spice_value(V_READ)}",
        *_cells(grid, own_heat=False),
    ]
    probes = ("v(theta)", "i(v_read)")
    title = f"R(T) of a VO2-x film of {rows} x {columns} cells"
    return _netlist(title, body, probes, accuracy, edge / 1000, 2 * edge)


def state_node(what: str, i: int, j: int) -> str:
    """The node that carries `theta` or `u` of cell (i, j), or the voltage of its `south` or `east` side."""
    return f"{what}_{i}_{j}"


def side_nodes(grid: FilmGrid, i: int, j: int) -> tuple[str, str, str, str]:
    """North, east, south and west of cell (i, j): the south of one cell is the north of the next; east likewise."""
    rows, _ = grid.shape
    north = "top" if i == 1 else state_node("south", i - 1, j)
    south = "0" if i == rows else state_node("south", i, j)
    return north, state_node("east", i, j), south, state_node("east", i, j - 1)


def _cells(grid: FilmGrid, own_heat: bool) -> Iterator[str]:
    yield "* the cells from the upper electrode (top) to the lower one (ground): north east south west theta u"
    for i, j in _places(grid):
        theta = state_node("theta", i, j) if own_heat else "theta"
        nodes = (*side_nodes(grid, i, j), theta, state_node("u", i, j))
        yield device_line(f"cell_{i}_{j}", " ".join(nodes), grid.cell(i, j), "vo2x_cell")


def _heat_between(grid: FilmGrid) -> Iterator[str]:
    if not grid.k_square:
        return
    rows, columns = grid.shape
    yield "* heat from cell to cell, in K/W"
    for i, j in _places(grid):
        here = state_node("theta", i, j)
        if j < columns:
            yield f"R_east_{i}_{j} {here} {state_node('theta', i, j + 1)} {spice_value(1 / grid.k_square)}"
        if i < rows:
            yield f"R_south_{i}_{j} {here} {state_node('theta', i + 1, j)} {spice_value(1 / grid.k_square)}"


def _state_nodes(grid: FilmGrid) -> Iterator[str]:
    """Everything that maps of temperature, metal and current are made of."""
    rows = grid.shape[0]
    for i, j in _places(grid):
        yield from (state_node(what, i, j) for what in ("theta", "u", "east"))
        if i < rows:
            yield state_node("south", i, j)
    yield from (state_node("east", i, 0) for i in range(1, rows + 1))


def _places(grid: FilmGrid) -> Iterator[tuple[int, int]]:
    rows, columns = grid.shape
    return ((i, j) for i in range(1, rows + 1) for j in range(1, columns + 1))


def _netlist(
    title: str, body: list[str], probes: tuple[str, ...], accuracy: Accuracy, step: float, t_stop: float
) -> Netlist:
    written = spice_value(step)
    lines = [
        title,
        embedded_library(subcircuit="vo2x_cell"),
        *body,
        "* without these options and the largest step (fourth number) switching is silently wrong",
        accuracy.options,
        *(f".save {probe}" for probe in probes),
        f".tran {written} {spice_value(t_stop)} 0 {written} uic",
        ".end",
    ]
    return Netlist(title=title, text="\n".join(lines) + "\n", probes=probes, t_stop=t_stop)
