"""A film grid in ngspice against the lumped device, closed forms, and another solver of the same equations."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from neurokit.circuits.drive import Pwl
from neurokit.circuits.film_grid import FilmGrid, filament_netlist, film_rt_netlist, triangle
from neurokit.circuits.library import device_line, embedded_library
from neurokit.circuits.netlist import Netlist
from neurokit.device.closed_form import resistance_loop, thresholds, v_firing_onset
from neurokit.device.equations import conductance, metal_fraction_rate
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import DEVICES, Vo2x, device_coefficients
from neurokit.simulation import simulate
from neurokit.spikes.filament import filaments, film_states
from neurokit.spikes.film_resistance import film_loop

DEVICE = DEVICES[3]
R_SERIES = 3e3


EDGE = 40e-6  # s


def run(grid, v_in, r_series=R_SERIES):
    waves = simulate(filament_netlist(grid, triangle(v_in, EDGE), r_series)).checked().waveforms
    return film_states(grid, waves)


def uneven(shape, spread=0.003, seed=1):
    return np.clip(DEVICE.x + spread * np.random.default_rng(seed).standard_normal(shape), 0, 0.1)


def supply_that_snaps(device, factor):
    return factor * float(v_firing_onset(device, R_SERIES))


@pytest.mark.parametrize("shape", [(1, 1), (4, 3)])
def test_a_film_of_one_x_carries_the_current_of_the_lumped_device(shape):
    v_in = 1.2 * thresholds(DEVICE).v_threshold
    states = run(FilmGrid(np.full(shape, DEVICE.x), DEVICE), v_in, r_series=10.0)
    expected = lumped_current(v_in, 10.0, states.time)
    assert states.i == pytest.approx(expected, rel=0.05, abs=1e-5)
    assert states.u.max() > 0.9


def test_behind_a_large_resistor_a_film_of_one_x_is_the_lumped_device_until_it_falls_apart():
    v_in = supply_that_snaps(DEVICE, 1.2)
    states = run(FilmGrid(np.full((4, 3), DEVICE.x), DEVICE), v_in)
    even = (
        np.cumsum(np.ptp(states.u, axis=(1, 2)) > 1e-3) == 0
    )  # what is uneven by rounding grows while it resists less
    assert states.u[even].max() > 0.1
    assert states.i[even] == pytest.approx(lumped_current(v_in, R_SERIES, states.time)[even], rel=0.01, abs=1e-5)


def lumped_current(v_in, r_series, time):
    drive = triangle(v_in, EDGE)
    lines = ["lumped", embedded_library(), f"V_in in 0 {drive.source()}", f"R_series in top {r_series}"]
    lines += [device_line("vo2", "top 0", DEVICE), ".options method=trap reltol=1e-5 trtol=1"]
    text = "\n".join([*lines, ".tran 50n 88u 0 50n uic", ".end"]) + "\n"
    waves = simulate(Netlist("lumped", text, ("i(v_in)",))).checked().waveforms
    return np.interp(time, waves.time, -waves["i(v_in)"])


def test_a_filament_forms_above_the_threshold_of_the_even_device_and_vanishes_below_hold():
    even = thresholds(DEVICE)
    states = run(FilmGrid(uneven((6, 6)), DEVICE), supply_that_snaps(DEVICE, 1.2))
    (filament,) = filaments(states)
    assert filament.v_highest == pytest.approx(even.v_threshold, rel=0.1)
    assert 0 < filament.widest < 0.7
    assert filament.t_broken is not None
    below = states.v_in[states.time > filament.t_formed] < even.v_hold
    assert (states.u[states.time > filament.t_formed][below] < 0.5).all()


def test_no_filament_forms_below_the_threshold():
    assert filaments(run(FilmGrid(uneven((6, 6)), DEVICE), supply_that_snaps(DEVICE, 0.8))) == []


def test_the_currents_of_each_row_add_up_to_that_through_the_film():
    states = run(FilmGrid(uneven((3, 4)), DEVICE), supply_that_snaps(DEVICE, 1.2))
    assert states.down.sum(axis=2) == pytest.approx(np.repeat(states.i[:, None], 3, axis=1), rel=1e-3, abs=1e-7)


def test_cells_follow_the_equations_as_another_solver_integrates_them():
    grid = FilmGrid(uneven((3, 2), spread=0.005), DEVICE)
    v_in, t_stop = supply_that_snaps(DEVICE, 1.3), 6e-6
    netlist = filament_netlist(grid, Pwl(((0.0, v_in), (t_stop, v_in))), R_SERIES)
    states = film_states(grid, simulate(netlist).checked().waveforms)
    times = np.linspace(0.2e-6, t_stop, 30)
    theta, u = by_scipy(grid, v_in, times)
    for found, expected, scale in ((states.theta, theta, 40.0), (states.u, u, 1.0)):
        seen = np.stack([np.interp(times, states.time, cell) for cell in found.reshape(len(found), -1).T])
        assert np.abs(seen - expected).max() < 0.01 * scale
    assert u.max() > 0.5


def by_scipy(grid, v_in, times):
    """theta and u (cells, times): cells joined middle to middle, the electrodes' voltages from sparse equations."""
    xp, cells = numpy_maths(), device_coefficients(grid.cell(1, 1), x=grid.x.ravel())
    n = grid.x.size

    def slope(_, y):
        theta, u = y[:n], y[n:]
        g = conductance(xp, cells, theta, u)
        heat = spread_heat(grid, g, v_in) - cells.s_loss * theta
        for a, b in neighbours(grid.shape):
            flow = grid.k_square * (theta[a] - theta[b])
            heat[a] -= flow
            heat[b] += flow
        return np.concatenate([heat / cells.c_heat, metal_fraction_rate(xp, cells, theta, u)])

    start = np.concatenate([np.zeros(n), np.broadcast_to(cells.u_start, n)])
    y = solve_ivp(slope, (0, times[-1]), start, "LSODA", times, rtol=1e-7, atol=1e-9).y
    return y[:n], y[n:]


def neighbours(shape):
    places = np.arange(shape[0] * shape[1]).reshape(shape)
    yield from zip(places[:-1].ravel(), places[1:].ravel(), strict=True)
    yield from zip(places[:, :-1].ravel(), places[:, 1:].ravel(), strict=True)


def spread_heat(grid, g, v_in):
    """Joule heat of each cell, W: of every link between two middles each half heats its own cell."""
    n, top = g.size, g.size
    columns = grid.shape[1]
    halves = [(a, b, 2 * g[a], 2 * g[b]) for a, b in neighbours(grid.shape)]
    halves += [(top, j, np.inf, 2 * g[j]) for j in range(columns)]
    matrix, source = np.zeros((n + 1, n + 1)), np.zeros(n + 1)
    for a, b, g_a, g_b in halves:
        link = 1 / (1 / g_a + 1 / g_b)
        matrix[[a, b], [a, b]] += link
        matrix[[a, b], [b, a]] -= link
    for j in range(n - columns, n):
        matrix[j, j] += 2 * g[j]
    matrix[top, top] += 1 / R_SERIES
    source[top] = v_in / R_SERIES
    v = spsolve(coo_array(matrix).tocsc(), source)
    heat = np.zeros(n + 1)
    for a, b, g_a, g_b in halves:
        i = (v[a] - v[b]) / (1 / g_a + 1 / g_b)
        heat[a] += i**2 / g_a
        heat[b] += i**2 / g_b
    heat[n - columns : n] += 2 * g[n - columns :] * v[n - columns : n] ** 2
    return heat[:n]


@pytest.mark.parametrize(
    ("axis", "combined"),
    [
        ("across", lambda rs: len(rs) / sum(1 / r for r in rs)),  # columns side by side, each n times as resistive
        ("along", lambda rs: sum(rs) / len(rs)),  # rows one after another, each an nth of the resistance
    ],
)
def test_a_graded_film_is_its_columns_in_parallel_or_its_rows_in_series(axis, combined):
    line = np.linspace(0.0, 0.03, 4)
    x = np.tile(line, (2, 1)) if axis == "across" else np.tile(line[:, None], (1, 2))
    device, temperature = Vo2x(), np.linspace(310, 360, 101)
    waves = simulate(film_rt_netlist(FilmGrid(x, device), 305, 365)).checked().waveforms
    loop = film_loop(waves, 305.0, temperature)
    each = [resistance_loop(replace(device, x=float(value)), temperature) for value in line]
    for branch in ("heating", "cooling"):
        expected = combined([getattr(known, branch) for known in each])
        assert np.log10(getattr(loop, branch)) == pytest.approx(np.log10(expected), abs=3e-3)


def test_a_film_may_be_read_far_below_the_ambient_temperature_of_its_device():
    device, temperature = Vo2x(x=0.01, t_ambient=330.0), np.linspace(255, 300, 10)
    waves = simulate(film_rt_netlist(FilmGrid(np.full((1, 1), 0.01), device), 250, 370)).checked().waveforms
    expected = resistance_loop(device, temperature).heating
    assert film_loop(waves, 250.0, temperature).heating == pytest.approx(expected, rel=1e-3)
