"""From an x to the films that have it: each setting gives that x back, and what is out of reach is told."""

from dataclasses import replace

import numpy as np
import pytest

from neurokit.design import ways_to
from neurokit.vacancy.anneal import EXTENSIVE, annealed
from neurokit.vacancy.growth import GrowthGradient, growth_deficiency
from neurokit.vacancy.overlayer import Overlayer, overlayer_deficiency

MODELS = {
    "position on the line": lambda place: growth_deficiency(GrowthGradient(), place),
    "oxygen pressure": lambda pressure: overlayer_deficiency(Overlayer(oxygen_pressure=pressure)),
    "temperature": lambda kelvin: annealed(replace(EXTENSIVE, temperature=kelvin)),
}


@pytest.mark.parametrize("x", [0.0005, 0.01, 0.025])
def test_every_process_with_its_setting_makes_the_wished_x(x):
    ways = ways_to(x)
    assert {way.setting for way in ways} == set(MODELS)
    for way in ways:
        assert way.reached
        assert MODELS[way.setting](way.value).x.mean() == pytest.approx(x, rel=1e-3)


def test_the_error_of_x_becomes_that_of_the_setting():
    low, middle, high = (ways_to(x, 1e-4) for x in (0.0099, 0.01, 0.0101))
    for below, way, above in zip(low, middle, high, strict=True):
        assert way.error == pytest.approx(abs(above.value - below.value) / 2, rel=0.05)


def test_a_process_that_does_not_reach_x_says_how_far_it_goes():
    found = {way.process: way for way in ways_to(0.06)}
    assert not found["growth gradient"].reached
    assert not found["TiO2 overlayer"].reached
    assert found["TiO2 overlayer"].reach[1] < 0.06
    assert found["vacuum anneal, 30 min"].reached
    assert not any(way.reached for way in ways_to(0.2))
    assert np.isnan(ways_to(0.2)[0].error)


def test_a_pristine_film_is_where_the_gradient_begins():
    (growth, *others) = ways_to(0.0)
    assert growth.value == GrowthGradient().position_pristine
    assert not any(way.reached for way in others)
