"""The growth gradient: geometry to V/O flux ratio to x along the wafer, and back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.growth import LINE_END, GrowthGradient, flux_ratio, growth_deficiency, position_of, reachable
from neurokit.vacancy.model import OutsideValidityWarning

LINE = np.linspace(-LINE_END, LINE_END, 101)

gradients = st.builds(
    GrowthGradient,
    distance=st.floats(0.15, 0.5),
    angle=st.floats(25, 60),
    exponent=st.floats(1, 4),
    position_pristine=st.floats(-LINE_END, 0),
    uptake=st.floats(0.01, 0.05),
)


@given(gradients)
def test_deficiency_rises_all_along_the_line_from_where_it_begins(gradient):
    x = growth_deficiency(gradient, LINE).x
    rising = LINE - gradient.position_pristine > 1e-9
    assert (x[~rising] < 1e-9).all()
    assert (np.diff(x[rising]) > 0).all()


@given(gradients, st.floats(0, 1))
def test_the_place_of_a_wished_x_has_that_x(gradient, share):
    low, high = reachable(gradient)
    x = low + share * (high - low)
    assert growth_deficiency(gradient, position_of(gradient, x)).x == pytest.approx(x, abs=1e-9)


def test_the_flux_is_that_of_a_small_source_by_the_cosine_law():
    d, a, p = 0.3, np.radians(40), 0.02
    cell, place = np.array([d * np.sin(a), d * np.cos(a)]), np.array([p, 0.0])
    ray, axis = place - cell, -cell / d
    r = np.linalg.norm(ray)
    emission, incidence = ray @ axis / r, -ray[1] / r
    at_centre = np.cos(a) / d**2
    gradient = GrowthGradient(distance=d, angle=40)
    assert flux_ratio(gradient, p) == pytest.approx(emission * incidence / r**2 / at_centre)


def test_a_cell_far_away_grows_an_even_film():
    near, far = (np.ptp(flux_ratio(GrowthGradient(distance=d), LINE)) for d in (0.15, 0.5))
    assert far < near / 3


def test_the_profile_says_what_it_was_computed_from():
    profile = growth_deficiency(GrowthGradient(), LINE)
    assert profile.parameters["uptake"] == GrowthGradient().uptake
    assert (profile.position == LINE).all()
    assert not profile.warnings


def test_an_unreachable_x_is_refused_with_the_reachable_range():
    with pytest.raises(OutOfRangeError, match=r"x = 0\.2 is nowhere on this wafer, which has 0 to 0\.04961"):
        position_of(GrowthGradient(), 0.2)


def test_a_place_off_the_line_is_refused():
    with pytest.raises(OutOfRangeError, match=r"position 30 mm is not on the line"):
        growth_deficiency(GrowthGradient(), [0.0, 0.03])


@pytest.mark.parametrize("wrong", [{"distance": -0.2}, {"uptake": float("nan")}])
def test_parameters_that_mean_nothing_are_refused(wrong):
    with pytest.raises(OutOfRangeError, match=f"{next(iter(wrong))} = .* must be finite and not below 0"):
        growth_deficiency(replace(GrowthGradient(), **wrong), 0.0)


def test_a_cell_near_the_axis_is_warned_of_and_refused_where_the_flux_turns():
    with (
        pytest.warns(OutsideValidityWarning, match="angle = 2 deg is outside 25 to 60 deg"),
        pytest.raises(OutOfRangeError, match="does not rise all along the line: take a larger angle"),
    ):
        growth_deficiency(GrowthGradient(angle=2), 0.0)


def test_a_film_beyond_the_single_phase_is_warned_of():
    with pytest.warns(OutsideValidityWarning, match=r"beyond 0\.1, where VO2-x is no single phase"):
        profile = growth_deficiency(GrowthGradient(uptake=0.3), LINE)
    assert profile.beyond_single_phase
    assert profile.warnings
