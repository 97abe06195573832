from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.anneal import (
    EXTENSIVE,
    MILD,
    P_AIR,
    RECOVERY,
    VANADIUM,
    Anneal,
    anneal_history,
    annealed,
    release,
    uptake_velocity,
)
from neurokit.vacancy.checks.overlayer import park, zhou
from neurokit.vacancy.model import OutsideValidityWarning
from neurokit.vacancy.overlayer import overlayer_deficiency
from neurokit.vacancy.response import jump_decades, transition_temperature


def mean_x(model, x_start=0.0):
    return float(annealed(model, x_start).x.mean())


def test_parks_most_reduced_film_recovers_too():
    x = overlayer_deficiency(park(6)).x
    recovery = replace(RECOVERY, film_thickness=12e-9)
    assert transition_temperature(mean_x(recovery, x)) == pytest.approx(transition_temperature(0.0), abs=3)


def test_extensive_vacuum_makes_the_film_a_metal():
    x = mean_x(EXTENSIVE)
    assert x > overlayer_deficiency(zhou(13)).x.mean()
    assert jump_decades(x) < 0.01


def test_reduction_and_recovery_are_a_cycle():
    reduced = annealed(EXTENSIVE).x
    back = mean_x(replace(RECOVERY, duration=4 * RECOVERY.duration), reduced)
    assert back < 1e-3 * reduced.mean()


def test_uptake_follows_an_exponential_where_diffusion_is_fast():
    expected = 0.01 * np.exp(-uptake_velocity(RECOVERY) * RECOVERY.duration / RECOVERY.film_thickness)
    assert mean_x(RECOVERY, 0.01) == pytest.approx(expected, rel=0.05)


def test_vacuum_alone_gives_what_it_releases():
    x = mean_x(replace(MILD, oxygen_pressure=0.0))
    expected = release(replace(MILD, oxygen_pressure=0.0)) * MILD.duration / (VANADIUM * MILD.film_thickness)
    assert x == pytest.approx(expected, rel=1e-9)


def test_history_ends_where_the_anneal_ends():
    time, x = anneal_history(RECOVERY, 0.01)
    assert (np.diff(x) < 0).all()
    assert time[-1] == RECOVERY.duration
    assert x[-1] == pytest.approx(mean_x(RECOVERY, 0.01), rel=0.05)


@settings(max_examples=15, deadline=None)
@given(st.floats(460, 710), st.floats(460, 710))
def test_hotter_vacuum_takes_more(first, second):
    low, high = (mean_x(replace(MILD, temperature=t)) for t in sorted((first, second)))
    assert low <= high * (1 + 1e-9)


@settings(max_examples=15, deadline=None)
@given(st.floats(0, P_AIR), st.floats(0, P_AIR))
def test_more_oxygen_leaves_fewer_vacancies(first, second):
    high, low = (mean_x(replace(RECOVERY, oxygen_pressure=p), 0.01) for p in sorted((first, second)))
    assert low <= high * (1 + 1e-9)


@settings(max_examples=15, deadline=None)
@given(st.floats(0, 7200), st.floats(0, 7200))
def test_longer_in_air_leaves_fewer_vacancies(first, second):
    high, low = (mean_x(replace(RECOVERY, duration=t), 0.01) for t in sorted((first, second)))
    assert low <= high * (1 + 1e-9)


def test_a_profile_keeps_its_vacancies_in_an_anneal_of_no_time():
    profile = np.linspace(0.02, 0.0, 48)
    x = annealed(replace(RECOVERY, duration=0.0), profile).x
    assert x.mean() == pytest.approx(profile.mean(), rel=1e-9)
    assert x[0] > x[-1]


def test_every_number_has_a_source_and_lies_where_the_model_holds():
    for item in fields(Anneal):
        assert item.metadata["source"]
        assert item.metadata["low"] <= item.default <= item.metadata["high"]


def test_outside_its_validity_the_model_warns():
    with pytest.warns(OutsideValidityWarning, match="temperature = 323 K"):
        assert annealed(replace(RECOVERY, temperature=323.0)).warnings
    with pytest.warns(OutsideValidityWarning, match="no single phase"):
        assert annealed(replace(EXTENSIVE, duration=7200.0)).beyond_single_phase


def test_senseless_input_is_refused():
    with pytest.raises(OutOfRangeError, match="above 0"):
        Anneal(temperature=0.0)
    with pytest.raises(OutOfRangeError, match="x_start"):
        annealed(RECOVERY, -0.1)
    with pytest.raises(OutOfRangeError, match="oxygen_pressure"):
        annealed(replace(RECOVERY, oxygen_pressure=-1.0))
