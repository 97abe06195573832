"""The generated scalar functions are the device equations."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import neurokit.simulation
from neurokit.device import FILMS, Vo2x, equations
from neurokit.device.export.python_kernel import twin_kernel
from neurokit.device.film import FILM_PARAMETERS
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import device_coefficients
from neurokit.simulation import twin_kernel as kernel
from neurokit.simulation.twin import _coefficients

KERNEL = Path(neurokit.simulation.__file__).with_name("twin_kernel.py")

devices = st.builds(
    Vo2x,
    film=st.sampled_from(list(FILMS.values())),
    x=st.floats(0, 0.1),
    t_ambient=st.floats(250, 400),
    width=st.floats(0.01, 100),
    d_insulating=st.floats(-0.5, 2),
)
films = st.builds(
    replace,
    st.sampled_from(list(FILMS.values())),
    sources=st.just(dict.fromkeys(FILM_PARAMETERS, "assumed")),
    s_growth=st.floats(0, 50),
    beta_ratio=st.floats(0.5, 2),
    u_reversible=st.floats(0, 0.9),
    beta_reversible=st.floats(0.01, 1),
    d_reversible=st.floats(-20, 20),
)
fitted = st.builds(Vo2x, film=films, x=st.floats(0, 0.1), t_ambient=st.floats(250, 400))
thetas, fractions = st.floats(0, 500), st.floats(0, 1)


def test_committed_kernel_is_what_the_code_generates():
    assert KERNEL.read_text() == twin_kernel(), "run `make models`"


@settings(max_examples=200, deadline=None)
@given(device=fitted, theta=thetas, u=fractions)
def test_reversible_metal_equals_the_numpy_equations(device, theta, u):
    xp, known, c = numpy_maths(), device_coefficients(device), _coefficients(device)
    assert kernel.metal(c, u, 0.3) == pytest.approx(equations.metal(xp, known, u, 0.3), rel=1e-12)
    expected = equations.reversible_rate(xp, known, theta, u)
    assert kernel.reversible_rate(c, theta, u) == pytest.approx(expected, rel=1e-9, abs=1e-14 / known.tau_reversible)


@settings(max_examples=200, deadline=None)
@given(device=devices | fitted, theta=thetas, u=fractions)
def test_conductance_and_heat_loss_equal_the_numpy_equations(device, theta, u):
    xp, known, c = numpy_maths(), device_coefficients(device), _coefficients(device)
    assert kernel.conductance(c, theta, u) == pytest.approx(equations.conductance(xp, known, theta, u), rel=1e-12)
    assert kernel.heat_loss(c, theta, u) == pytest.approx(equations.heat_loss(xp, known, theta, u), rel=1e-12)


@settings(max_examples=200, deadline=None)
@given(device=devices, theta=thetas, u=fractions)
def test_metal_fraction_rate_equals_the_numpy_equation(device, theta, u):
    expected = equations.metal_fraction_rate(numpy_maths(), device_coefficients(device), theta, u)
    largest = 1 / device.film.tau_up  # where a branch is met the rate is a difference of equal numbers
    assert kernel.metal_fraction_rate(_coefficients(device), theta, u) == pytest.approx(
        expected, rel=1e-12, abs=1e-14 * largest
    )


@settings(max_examples=100, deadline=None)
@given(theta=thetas, step=st.integers(0, 1000), seed=st.integers(0, 1000))
def test_threshold_noise_equals_the_numpy_equation(theta, step, seed):
    device = Vo2x(noise=0.0072, seed=float(seed))
    time = (step + 0.5) * device.noise_step
    expected = equations.extra_heat_loss(numpy_maths(), device_coefficients(device), theta, 0.5, time)
    scale = equations.heat_loss(numpy_maths(), device_coefficients(device), theta, 0.5)
    # The noise is the far digits of a sine: rounding in its argument reaches it 1e5-fold, more near a digit's wrap.
    assert kernel.extra_heat_loss(_coefficients(device), theta, 0.5, time) == pytest.approx(expected, abs=1e-6 * scale)


def test_fast_tanh_keeps_its_promise():
    y = np.concatenate([np.linspace(-800, 800, 2001), np.linspace(-5, 5, 2001)])
    fast = np.array([kernel.fast_tanh(value) for value in y])
    assert np.abs(fast - np.tanh(y)).max() < 4e-16
