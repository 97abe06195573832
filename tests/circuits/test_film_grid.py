import numpy as np
import pytest

from neurokit.circuits.film_grid import FilmGrid, filament_netlist, film_rt_netlist, triangle
from neurokit.device.vo2x import Vo2x, device_coefficients
from neurokit.errors import OutOfRangeError

DRIVE = triangle(1.0, 1e-6)


def make_grid(rows=3, columns=2, x=0.02, **rest):
    return FilmGrid(np.full((rows, columns), x), Vo2x(x=x), **rest)


def test_the_cells_of_an_even_film_together_are_the_device():
    grid = make_grid(3, 2)
    cell, whole = (device_coefficients(device) for device in (grid.cell(2, 1), grid.device))
    for name in ("g_metal", "g_semi", "g_shunt"):
        assert getattr(cell, name) * 2 / 3 == pytest.approx(getattr(whole, name))
    for name in ("s_loss", "c_heat"):
        assert getattr(cell, name) * 6 == pytest.approx(getattr(whole, name))


def test_each_cell_has_its_own_x():
    x = np.array([[0.01, 0.02], [0.03, 0.04]])
    grid = FilmGrid(x)
    assert [grid.cell(i, j).x for i in (1, 2) for j in (1, 2)] == x.ravel().tolist()
    assert "vo2x_cell x=0.03" in filament_netlist(grid, DRIVE, 1e3).text


def test_heat_goes_to_every_neighbour_or_to_none():
    text = filament_netlist(make_grid(3, 2), DRIVE, 1e3).text
    assert text.count("\nR_east_") + text.count("\nR_south_") == 3 * 1 + 2 * 2
    assert "R_east_" not in filament_netlist(make_grid(k_square=0.0), DRIVE, 1e3).text


@pytest.mark.parametrize("x", [np.zeros(3), np.zeros((0, 3)), np.zeros((129, 1)), np.full((2, 2), 0.2), [[np.nan]]])
def test_a_map_that_is_none_or_leaves_the_range_of_x_is_refused(x):
    with pytest.raises(OutOfRangeError, match="x"):
        FilmGrid(np.asarray(x, dtype=float))


def test_what_cannot_be_run_is_refused():
    with pytest.raises(OutOfRangeError, match="k_square"):
        make_grid(k_square=-1.0)
    with pytest.raises(OutOfRangeError, match="r_series"):
        filament_netlist(make_grid(), DRIVE, 0.0)
    with pytest.raises(OutOfRangeError, match="t_low"):
        film_rt_netlist(make_grid(), 350.0, 300.0)
