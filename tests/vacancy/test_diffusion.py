from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erfc

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.diffusion import BOLTZMANN, Exchange, Layer, Stack, arrhenius, depths, diffuse, widths

NM, KELVIN = 1e-9, 423.15


def make_stack(**changes):
    return Stack(layers=(Layer(thickness=100 * NM, diffusivity=1e-19, cells=200),), temperature=KELVIN, **changes)


def two_layers(step, **changes):
    layers = (
        Layer(thickness=6 * NM, diffusivity=1e-19, cells=30, energy=step),
        Layer(thickness=12 * NM, diffusivity=3e-19, cells=40),
    )
    return Stack(layers=layers, temperature=KELVIN, **changes)


def half_space_error(steps, cells=400):
    stack = make_stack(surface=Exchange(velocity=np.inf, equilibrium=1e26))
    stack = replace(stack, layers=(replace(stack.layers[0], cells=cells),))
    found = diffuse(stack, np.zeros(cells), 1000.0, steps).concentration / 1e26
    return np.abs(found - erfc(depths(stack) / (2 * np.sqrt(1e-19 * 1000)))).max()


def test_diffusion_into_a_half_space_follows_erfc():
    assert half_space_error(800) < 1e-3


def test_the_error_falls_with_the_number_of_steps():
    assert half_space_error(200) / half_space_error(400) == pytest.approx(2, abs=0.2)


def test_what_enters_a_half_space_grows_with_the_root_of_time():
    stack = make_stack(surface=Exchange(velocity=np.inf, equilibrium=1e26))
    found = diffuse(stack, np.zeros(200), 1000.0, 800).entered_surface
    assert found == pytest.approx(2e26 * np.sqrt(1e-19 * 1000 / np.pi), rel=3e-3)


def test_steady_profile_of_two_layers_is_that_of_resistances_in_series():
    stack = two_layers(0.01, surface=Exchange(np.inf, 1e26), bottom=Exchange(np.inf, 0.0), interface_velocity=1e-10)
    c = diffuse(stack, np.zeros(70), 1e7, 60).concentration
    ratio = np.exp(-0.01 / (BOLTZMANN * KELVIN))
    flux = 1e26 / (6 * NM / 1e-19 + 1 / 1e-10 + ratio * 12 * NM / 3e-19)
    z = depths(stack)
    expected = np.where(z < 6 * NM, 1e26 - flux * z / 1e-19, flux * (18 * NM - z) / 3e-19)
    assert c == pytest.approx(expected, rel=1e-6)


def test_drift_against_diffusion_ends_in_an_exponential_profile():
    layer = Layer(thickness=20 * NM, diffusivity=1e-19, cells=50, drift=2e-11)
    stack = Stack(layers=(layer,), temperature=KELVIN)
    c = diffuse(stack, np.full(50, 1e26), 1e7, 60).concentration
    assert c / c[0] == pytest.approx(np.exp(2e-11 * (depths(stack) - depths(stack)[0]) / 1e-19), rel=1e-6)


def test_layers_in_equilibrium_share_vacancies_by_their_energies():
    stack = two_layers(0.1)
    c = diffuse(stack, np.full(70, 1e26), 1e8, 100).concentration
    assert c[0] / c[-1] == pytest.approx(np.exp(-0.1 / (BOLTZMANN * KELVIN)), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.floats(-1.5, 1.5), st.floats(0, 1e9), st.floats(-1e-10, 1e-10), st.sampled_from([1e-14, 1e-10, 1.0, np.inf]))
def test_closed_stacks_keep_their_vacancies_and_never_go_negative(step, duration, drift, velocity):
    stack = two_layers(step, interface_velocity=velocity)
    stack = replace(stack, layers=(replace(stack.layers[0], drift=drift), stack.layers[1]))
    start = np.where(np.arange(70) < 30, 1e27, 0.0)
    c = diffuse(stack, start, duration, 20).concentration
    assert c @ widths(stack) == pytest.approx(start @ widths(stack), rel=1e-9)
    assert c.min() >= -1e-12 * start.max()


def test_open_stacks_account_for_what_enters():
    stack = make_stack(surface=Exchange(1e-10, 1e26, 1e15), bottom=Exchange(1e-9, 2e25))
    start = np.full(200, 5e25)
    end = diffuse(stack, start, 3000.0)
    gained = (end.concentration - start) @ widths(stack)
    assert end.entered_surface + end.entered_bottom == pytest.approx(gained, rel=1e-9)


def test_arrhenius_gives_the_known_value_at_its_temperature():
    assert arrhenius(2.0, 423.15, 0.7, 423.15) == 2.0
    assert arrhenius(2.0, 423.15, 0.7, 573.15) > 2.0


def test_senseless_input_is_refused():
    with pytest.raises(OutOfRangeError, match="a layer of 0 m"):
        Layer(thickness=0.0, diffusivity=1e-19, cells=3)
    with pytest.raises(OutOfRangeError, match="for 200 cells"):
        diffuse(make_stack(), np.zeros(3), 1.0)
    with pytest.raises(OutOfRangeError, match="-1 s"):
        diffuse(make_stack(), np.zeros(200), -1.0)
