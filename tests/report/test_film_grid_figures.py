import numpy as np
import pytest

from neurokit.circuits.film_grid import FilmGrid
from neurokit.device.closed_form import resistance_loop, thresholds
from neurokit.device.vo2x import DEVICES
from neurokit.report.film.grid import filament_figure, graded_rt_figure
from neurokit.spikes.filament import FilmStates, filaments

DEVICE = DEVICES[3]


def make_states(joined=True):
    u = np.zeros((5, 3, 3))
    if joined:
        u[2:4, :, 1] = 1.0
    time, v = np.linspace(0, 1e-5, 5), np.array([0.0, 2.7, 2.0, 1.5, 0.5])
    return FilmStates(time, np.array([0.0, 6.0, 8.0, 6.0, 1.0]), v, v / 1e3, 40 * u, u, 1e-3 * u, 0 * u)


def titles(figure):
    return [axes.get_title().partition("\n")[0] for axes in figure.axes if axes.get_title()]


@pytest.mark.parametrize("joined", [True, False])
def test_a_filament_is_shown_before_it_forms_at_its_widest_and_after_it_broke(joined):
    states = make_states(joined)
    found = filaments(states)
    figure = filament_figure(FilmGrid(np.full((3, 3), 0.02)), states, found[0] if found else None, thresholds(DEVICE))
    shown = titles(figure)
    if joined:
        assert {"highest voltage before", "filament joins", "widest", "filament broken"} <= set(shown)
    else:
        assert "at the highest supply" in shown
    names = {axes.get_ylabel() for axes in figure.axes}
    assert {"current down a cell (mA)", "above ambient (K)", "metal fraction"} <= names


def test_a_graded_films_loop_stands_between_those_of_even_films():
    temperature = np.linspace(310, 360, 11)
    loop = resistance_loop(DEVICE, temperature)
    figure = graded_rt_figure(loop, {"least": loop, "most": loop}, np.array([[0.01, 0.03]]))
    curves = next(axes for axes in figure.axes if axes.get_ylabel() == "resistance (ohm)")
    assert curves.get_yscale() == "log"
    assert len(curves.lines) == 6
