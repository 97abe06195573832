import numpy as np
import pytest

from neurokit.spikes.filament import FilmStates, filaments, joins_electrodes

APART, JOINED = np.zeros((3, 3)), np.zeros((3, 3))
JOINED[:, 1] = 1.0


def states(*maps, v=None):
    u = np.array(maps, dtype=float)
    time = np.arange(len(u), dtype=float)
    v = time if v is None else np.array(v, dtype=float)
    return FilmStates(time, 2 * v, v, v, 40 * u, u, 0 * u, 0 * u)


def test_metal_joins_the_electrodes_by_neighbouring_cells_and_not_by_corners():
    corner = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 1]])
    assert joins_electrodes(JOINED)
    assert not joins_electrodes(corner)
    assert joins_electrodes(np.array([[1, 0, 0], [1, 1, 1], [0, 0, 1]]))
    assert not joins_electrodes(JOINED.T)


def test_a_filament_is_told_by_when_it_forms_is_widest_and_breaks():
    wide = np.ones((3, 3))
    (one,) = filaments(states(APART, APART, JOINED, wide, JOINED, APART, v=[0, 5, 3, 2, 2, 1]))
    assert (one.t_highest, one.v_highest, one.t_formed) == (1, 5, 2)
    assert (one.t_widest, one.widest) == (3, 1.0)
    assert (one.t_broken, one.v_broken, one.v_in_broken) == (5, 2, 4)


def test_a_filament_that_lasts_has_no_end_and_each_is_counted():
    assert filaments(states(APART, APART)) == []
    first, second = filaments(states(APART, JOINED, APART, JOINED))
    assert first.t_broken == 2
    assert second.t_broken is None
    assert second.theta_highest == pytest.approx(40)
