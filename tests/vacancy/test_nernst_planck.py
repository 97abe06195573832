"""Drift and diffusion of vacancies: against closed forms, and none is lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erfc

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.nernst_planck import BOLTZMANN, CHARGE, Grid, Ions, conductances, evolve, middles

NM = 1e-9


def make_column(depth=40 * NM, cells=400, around=False):
    return Grid(np.array([0.0, NM]), np.linspace(0, depth, cells + 1), around)


def make_section(around):
    return Grid(np.linspace(0, 20 * NM, 15), np.linspace(0, 10 * NM, 12), around)


@pytest.mark.parametrize("around", [True, False])
def test_a_step_spreads_into_a_half_space_as_fick_says(around):
    grid, ions = make_column(around=around), Ions(diffusivity=1e-20)
    z = middles(grid.depth)
    left = evolve(grid, ions, (z < 20 * NM)[None, :], np.zeros(()), 400.0, 400)[0]
    expected = 0.5 * erfc((z - 20 * NM) / (2 * np.sqrt(1e-20 * 400.0)))
    assert np.abs(left - expected).max() < 2e-3


@pytest.mark.parametrize("jump", [0.0, 3.905e-10])
@pytest.mark.parametrize("around", [True, False])
def test_the_steady_profile_is_boltzmann_s_with_or_without_hopping(jump, around):
    grid, ions = make_section(around), Ions(jump=jump)
    r, z = grid.centres
    potential = 0.03 * np.cos(r / (6 * NM)) + 0.02 * z / NM
    found = evolve(grid, ions, np.ones(()), potential, 1e9, 3)
    weight = np.exp(-ions.charge * CHARGE * potential / (BOLTZMANN * ions.temperature))
    expected = weight * grid.volumes.sum() / (weight * grid.volumes).sum()
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_linear_drift_moves_the_mean_with_the_einstein_velocity():
    grid, ions = make_column(), Ions(diffusivity=1e-20, jump=0.0)
    z, field = middles(grid.depth), 2e7
    start = np.exp(-(((z - 10 * NM) / NM) ** 2))[None, :]
    end = evolve(grid, ions, start, -field * z[None, :], 500.0, 100)
    means = [float((c[0] * z).sum() / c[0].sum()) for c in (start, end)]
    velocity = ions.diffusivity * ions.charge * CHARGE * field / (BOLTZMANN * ions.temperature)
    assert means[1] - means[0] == pytest.approx(velocity * 500.0, rel=1e-3)


def test_the_matrix_itself_loses_none():
    grid = make_section(True)
    matrix = conductances(grid, Ions(), np.sin(np.arange(grid.volumes.size)).reshape(grid.volumes.shape))
    column = np.abs(np.asarray(matrix.sum(axis=0))).ravel()
    assert (column <= 1e-13 * np.abs(matrix.diagonal())).all()


def test_hops_between_lattice_planes_have_the_rates_of_hopping():
    ions, d = Ions(), 3.905e-10
    grid = Grid(np.array([0.0, NM]), np.array([0, d, 2 * d]), around=False)
    fall, time = 0.2, 1e-7
    moved = evolve(grid, ions, np.array([[1.0, 0.0]]), np.array([[fall, 0.0]]), time, 1)[0, 1]
    rate = ions.diffusivity / d**2 * np.exp(ions.charge * CHARGE * fall / (2 * BOLTZMANN * ions.temperature))
    assert moved == pytest.approx(rate * time, rel=1e-3)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.floats(0, 2), st.floats(-6, 4), st.booleans())
def test_none_is_lost_and_none_is_negative_in_any_field(seed, volts, log_time, around):
    grid, random = make_section(around), np.random.default_rng(seed)
    start = random.random(grid.volumes.shape)
    end = evolve(grid, Ions(), start, volts * random.random(start.shape), 10**log_time, 5)
    before, after = (float((c * grid.volumes).sum()) for c in (start, end))
    assert abs(after / before - 1) < 1e-9
    assert end.min() >= 0


def test_a_field_too_strong_for_the_grid_is_refused():
    with pytest.raises(OutOfRangeError, match="finer grid"):
        evolve(make_section(True), Ions(), np.ones(()), 1e3 * make_section(True).centres[1] / NM, 1.0, 2)


@pytest.mark.parametrize("edges", [[0.0], [0.0, 0.0], [1.0, 0.0], [0.0, np.nan], [-1.0, 1.0]])
def test_edges_that_do_not_rise_are_refused(edges):
    with pytest.raises(OutOfRangeError, match="edges"):
        Grid(np.array(edges), np.array([0.0, 1.0]), around=True)


@pytest.mark.parametrize(
    ("start", "potential", "duration", "steps"),
    [(-1.0, 0.0, 1.0, 1), (np.nan, 0.0, 1.0, 1), (1.0, np.inf, 1.0, 1), (1.0, 0.0, -1.0, 1), (1.0, 0.0, 1.0, 0)],
)
def test_what_is_no_concentration_potential_or_time_is_refused(start, potential, duration, steps):
    with pytest.raises(OutOfRangeError):
        evolve(make_section(True), Ions(), np.array(start), np.array(potential), duration, steps)
