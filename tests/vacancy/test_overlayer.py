from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurokit.device.closed_form import critical_temperature, film_bar, resistance_loop
from neurokit.device.film_pld_tio2 import PLD_TIO2
from neurokit.device.vo2x import Vo2x
from neurokit.errors import OutOfRangeError
from neurokit.vacancy.checks.overlayer import mean_x, park, zhou
from neurokit.vacancy.model import OutsideValidityWarning
from neurokit.vacancy.overlayer import (
    Overlayer,
    as_deposited,
    driving_force,
    epitaxial_limit,
    film_diffusivity,
    grow,
    nucleation_barrier,
    overlayer_deficiency,
    reaction_energy,
    stable_oxides,
)
from neurokit.vacancy.response import (
    FilmResponse,
    jump_decades,
    transition_temperature,
    two_theta,
)


def make_bar(x):
    """A bar of the bare film with the published 3.3 decades at x = 0."""
    return film_bar(Vo2x(x=x, film=PLD_TIO2), r_pristine=10**3.3, r_metal=1.0, t_pristine=280.0)


def test_at_6_millitorr_the_preset_is_metallic_at_270_kelvin():
    bar = make_bar(mean_x(park(6)))
    assert resistance_loop(bar, [270.0]).heating[0] < 1.1 * resistance_loop(bar, [330.0]).heating[0]


@settings(max_examples=15, deadline=None)
@given(st.floats(6, 24), st.floats(6, 24))
def test_the_transition_falls_with_oxygen_pressure(first, second):
    low, high = (transition_temperature(mean_x(park(p))) for p in sorted((first, second)))
    assert low <= high


def test_driving_force_is_the_slope_of_the_reaction_energy_and_exceeds_the_published_difference_of_limits():
    slope = (reaction_energy(0.3001) - reaction_energy(0.2999)) / 2e-4
    assert driving_force(0.3) == pytest.approx(-slope / 96485.332, rel=1e-6)
    assert driving_force(0.0) > -8.767 + 9.624


def test_tio2_alone_is_stable_between_the_published_limits():
    assert stable_oxides(-9.0) == ("TiO2",)
    assert stable_oxides(-8.767) == ("VO2", "TiO2")
    assert stable_oxides(-9.7) == ()


def test_half_of_the_vacancies_wait_at_the_front_where_epitaxy_ends():
    model = park(6, thickness=epitaxial_limit(park(6)))
    assert grow(model).d_front[-1] / as_deposited(model) == pytest.approx(0.5, abs=0.03)


def test_overlayers_of_rising_thickness_take_more_oxygen():
    thin, middle, thick = (mean_x(zhou(nm)) for nm in (0.6, 1.7, 13))
    assert 0 < thin < middle < thick


def test_vertical_boundaries_carry_vacancies_deepest_and_horizontal_ones_stop_them():
    models = [park(6, film_thickness=26e-9, hold=0.0, boundaries=b) for b in ("vertical", "inclined", "horizontal")]
    deep = [grow(model).x[24:].mean() for model in models]
    assert deep[0] > deep[1] > 1e6 * max(deep[2], 1e-30)
    assert film_diffusivity(models[0]) > film_diffusivity(park(6)) > film_diffusivity(models[1])


def test_thinner_films_and_hotter_growths_lose_no_less():
    assert mean_x(park(6, film_thickness=8e-9)) > mean_x(park(6))
    assert mean_x(park(6, hold=0.0, temperature=523.15)) > mean_x(park(6, hold=0.0))


@pytest.mark.parametrize("model", [park(6), park(24), zhou(0.6), zhou(13), park(6, boundaries="inclined", hold=0.0)])
def test_growth_keeps_vacancies(model):
    assert abs(grow(model).unbalanced) < 1e-9


def test_after_the_hold_the_vacancies_are_in_the_film():
    model = park(6)
    grown = grow(model)
    assert grown.d.max() < 2e-3 * as_deposited(model)
    assert grown.x_mean[-1] == pytest.approx(grown.x.mean())
    assert (np.diff(grown.x_mean) >= 0).all()


def test_more_time_steps_change_little(monkeypatch):
    coarse = mean_x(park(6, hold=0.0))
    monkeypatch.setattr("neurokit.vacancy.overlayer._STEPS_MONOLAYER", 60)
    assert coarse == pytest.approx(mean_x(park(6, hold=0.0)), rel=0.01)


def test_the_response_is_that_of_the_preset():
    film = FilmResponse()
    assert (film.t_pristine, film.k_tc, film.x_metal) == (PLD_TIO2.t_transition, PLD_TIO2.k_tc, PLD_TIO2.x_metal)
    for x in (0.0, 3e-4, 4e-3, 0.0158):
        middle = critical_temperature(make_bar(x))
        below, above = resistance_loop(make_bar(x), [middle - 18, middle + 18]).heating
        assert transition_temperature(x) == pytest.approx(middle)
        assert jump_decades(x) == pytest.approx(np.log10(below / above), abs=0.12)


def test_nucleation_barrier_falls_with_the_square_of_the_gain():
    flat = nucleation_barrier(0.5, 2e9, 0.0, np.pi)
    assert flat == pytest.approx(16 * np.pi * 0.125 / (3 * 4e18))
    assert nucleation_barrier(0.5, 4e9, 0.0, np.pi) == pytest.approx(flat / 4)
    with pytest.raises(OutOfRangeError, match="net gain"):
        nucleation_barrier(0.5, 1e9, 1e9, np.pi)


def test_every_number_has_a_source_and_lies_where_the_model_holds():
    for model in (Overlayer(), FilmResponse()):
        for item in (f for f in fields(model) if f.metadata):
            assert item.metadata["source"]
            assert item.metadata["low"] <= getattr(model, item.name) <= item.metadata["high"]


def test_outside_its_validity_the_model_warns():
    with pytest.warns(OutsideValidityWarning, match="temperature = 673.15 K"):
        assert overlayer_deficiency(park(6, temperature=673.15)).warnings
    with pytest.warns(OutsideValidityWarning, match="no single phase"):
        found = overlayer_deficiency(park(6, film_thickness=5e-9, thickness=18e-9, hold=3e4))
    assert found.beyond_single_phase


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"boundaries": "diagonal"}, "must be one of none, vertical"),
        ({"channels": "up"}, "out of plane"),
        ({"growth_rate": 0.0}, "above 0"),
        ({"boundary_spacing": 5e-10}, "below boundary_spacing"),
    ],
)
def test_senseless_growths_are_refused(changes, words):
    with pytest.raises(OutOfRangeError, match=words):
        replace(Overlayer(), **changes)


def test_senseless_arguments_are_refused():
    with pytest.raises(OutOfRangeError, match=r"between 0 and 0\.5"):
        reaction_energy(0.7)
    with pytest.raises(OutOfRangeError, match="no deficiency"):
        transition_temperature(-0.1)
    with pytest.raises(OutOfRangeError, match=r"no \(002\) line"):
        two_theta(1e-10)
    with pytest.raises(OutOfRangeError, match="oxygen_pressure"):
        overlayer_deficiency(Overlayer(oxygen_pressure=-1.0))
