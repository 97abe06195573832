"""The equations of the device: physics they must obey, and the same numbers wherever they run."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.circuits.library import device_line, embedded_library
from neurokit.circuits.netlist import Netlist
from neurokit.device import DEVICES, FILMS, Vo2x
from neurokit.device.equations import (
    conductance,
    current,
    heat_loss,
    metal,
    metal_fraction_rate,
    reversible_branch,
    threshold_noise,
)
from neurokit.device.film import FILM_PARAMETERS
from neurokit.device.maths import numpy_maths, torch_maths
from neurokit.device.vo2x import device_coefficients, parameters
from neurokit.errors import OutOfRangeError
from neurokit.simulation import simulate

XP = numpy_maths()
xs = st.floats(0, 0.1)
thetas = st.floats(0, 300)
fractions = st.floats(0, 1)
voltages = st.floats(-20, 20)


@given(xs, voltages, thetas, fractions)
def test_the_device_is_passive_and_odd_in_the_voltage(x, v, theta, u):
    c = device_coefficients(Vo2x(x=x))
    i = current(XP, c, v, theta, u)
    assert v * i >= 0
    assert current(XP, c, -v, theta, u) == -i


@given(xs, thetas, fractions)
def test_nothing_drives_the_metal_fraction_between_the_branches(x, theta, share):
    c = device_coefficients(Vo2x(x=x))
    low, high = (0.5 + 0.5 * np.tanh(c.beta * (theta - t)) for t in (c.theta_heating, c.theta_cooling))
    assert metal_fraction_rate(XP, c, theta, low + share * (high - low)) == pytest.approx(0, abs=1e-12 / c.tau_up)


@given(xs, thetas, fractions)
def test_the_metal_fraction_is_pushed_back_between_the_branches(x, theta, u):
    c = device_coefficients(Vo2x(x=x))
    low, high = (0.5 + 0.5 * np.tanh(c.beta * (theta - t)) for t in (c.theta_heating, c.theta_cooling))
    rate = metal_fraction_rate(XP, c, theta, u)
    assert (rate > 0) == (max(low - u, 0) ** 1.5 > 0)
    assert (rate < 0) == (max(u - high, 0) ** 1.5 > 0)


def test_conductance_far_from_transition_is_arrhenius():
    cold, warm = Vo2x(t_ambient=290.0), Vo2x(t_ambient=310.0)
    ratio = current(XP, device_coefficients(warm), 1.0, 0.0, 0.0) / current(
        XP, device_coefficients(cold), 1.0, 0.0, 0.0
    )
    assert math.log(ratio) == pytest.approx(0.53 / 2 / 8.617333e-5 * (1 / 290 - 1 / 310), rel=1e-6)


def test_width_scales_current_and_heat_alike():
    narrow, wide = (device_coefficients(Vo2x(x=0.01, width=w)) for w in (1.0, 3.0))
    assert current(XP, wide, 2.0, 10.0, 0.3) == pytest.approx(3 * current(XP, narrow, 2.0, 10.0, 0.3))
    assert heat_loss(XP, wide, 10.0, 0.5) == pytest.approx(3 * heat_loss(XP, narrow, 10.0, 0.5))
    assert wide.c_heat == pytest.approx(3 * narrow.c_heat)


@pytest.mark.parametrize("value", [-0.001, 0.1001, float("nan"), float("inf")])
def test_a_deficiency_outside_its_range_is_refused_with_value_and_bound(value):
    with pytest.raises(OutOfRangeError, match=rf"x = {value}.*\[0.0, 0.1\]"):
        Vo2x.from_vacancy(value)


def test_an_unknown_film_is_refused_with_those_that_are_known():
    with pytest.raises(OutOfRangeError, match=r"'pld'.*mbe, pld-tio2"):
        Vo2x.from_vacancy(0.01, film="pld")


def test_every_parameter_of_every_film_has_a_source():
    assert all(
        set(film.sources) >= set(parameters(Vo2x(film=film))) - set(parameters(Vo2x())) for film in FILMS.values()
    )
    assert all(text for film in FILMS.values() for text in film.sources.values())


def _random_states(count):
    rng = np.random.default_rng(20_240_500)
    return [
        (Vo2x(x=x, t_ambient=t, d_threshold=d, d_insulating=r, width=w), v, theta, u)
        for x, t, d, r, w, v, theta, u in zip(
            rng.uniform(0, 0.1, count),
            rng.uniform(280, 330, count),
            rng.normal(0, 0.05, count),
            rng.normal(0, 0.05, count),
            rng.uniform(0.5, 2, count),
            rng.uniform(-15, 15, count),
            rng.uniform(0, 250, count),
            rng.uniform(0, 1, count),
            strict=True,
        )
    ]


def _numpy_answers(states):
    rows = []
    for device, v, theta, u in states:
        c = device_coefficients(device)
        i = current(XP, c, v, theta, u)
        rows.append([i, v * i - heat_loss(XP, c, theta, u), metal_fraction_rate(XP, c, theta, u)])
    return np.array(rows)


def test_torch_gives_the_current_and_rates_of_numpy_with_gradients():
    torch = pytest.importorskip("torch")
    states, xp = _random_states(40), torch_maths()
    for (device, v, theta, u), expected in zip(states, _numpy_answers(states), strict=True):
        tensors = {name: torch.tensor(value, dtype=torch.float64) for name, value in parameters(device).items()}
        tensors["x"].requires_grad_()
        from neurokit.device.equations import coefficients

        c = coefficients(xp, tensors)
        v_t, theta_t, u_t = (torch.tensor(s, dtype=torch.float64, requires_grad=True) for s in (v, theta, u))
        i = current(xp, c, v_t, theta_t, u_t)
        answers = [i, v_t * i - heat_loss(xp, c, theta_t, u_t), metal_fraction_rate(xp, c, theta_t, u_t)]
        assert [a.item() for a in answers] == pytest.approx(expected.tolist(), rel=1e-9, abs=1e-15)
        sum(answers).backward()
        assert all(torch.isfinite(t.grad) for t in (v_t, theta_t, u_t, tensors["x"]))


def test_torch_gradient_of_the_current_is_its_difference_quotient():
    torch = pytest.importorskip("torch")
    from neurokit.device.equations import coefficients

    def i_of_x(x):
        tensors = {name: torch.tensor(value, dtype=torch.float64) for name, value in parameters(DEVICES[3]).items()}
        return current(torch_maths(), coefficients(torch_maths(), tensors | {"x": x}), torch.tensor(3.0), 20.0, 0.1)

    x = torch.tensor(0.02, dtype=torch.float64, requires_grad=True)
    i_of_x(x).backward()
    h = 1e-6
    quotient = (i_of_x(torch.tensor(0.02 + h)) - i_of_x(torch.tensor(0.02 - h))).item() / (2 * h)
    assert x.grad.item() == pytest.approx(quotient, rel=1e-3)


def _pinned_library(*devices):
    """The committed sub-circuits with temperature and metal fraction as pins, and nothing else on them."""
    kept = [
        line.replace(" p n params:", " p n theta u params:")
        for line in embedded_library(*devices).splitlines()
        if line.split(" ")[0] not in ("C_heat", "R_loss", "B_loss", "C_phase", "R_x_outside_0_to_0p1")
    ]
    return "\n".join(kept)


def _in_ngspice(states):
    """Current, heat and du/dt of devices pinned at (v, theta, u), the heat without what is lost."""
    lines = ["pinned states", _pinned_library(*(device for device, *_ in states))]
    for k, (device, v, theta, u) in enumerate(states):
        lines += [
            f"V_d{k} p{k} 0 {float(v)!r}",
            f"V_t{k} t{k} 0 {float(theta)!r}",
            f"V_u{k} u{k} 0 {float(u)!r}",
            device_line(f"x{k}", f"p{k} 0 t{k} u{k}", device),
        ]
    probes = tuple(f"i(v_{kind}{k})" for k in range(len(states)) for kind in "dtu")
    lines += [f".save {' '.join(probes[k : k + 12])}" for k in range(0, len(probes), 12)] + [".op", ".end"]
    waves = simulate(Netlist("pinned states", "\n".join(lines) + "\n", probes=probes)).checked().waveforms
    for k in range(len(states)):
        yield -waves[f"i(v_d{k})"][0], waves[f"i(v_t{k})"][0], waves[f"i(v_u{k})"][0] / 1e-9


def test_the_generated_sub_circuit_gives_the_current_and_rates_of_numpy():
    states = _random_states(40)
    for (device, _, theta, u), expected, (i, heat, rate) in zip(
        states, _numpy_answers(states), _in_ngspice(states), strict=True
    ):
        loss = heat_loss(XP, device_coefficients(device), theta, u)
        assert [i, heat - loss, rate] == pytest.approx(expected.tolist(), rel=1e-6, abs=1e-9)


def test_the_sub_circuit_with_additions_gives_the_current_and_rates_of_numpy():
    states = [(_with_additions(device, k), v, theta, u) for k, (device, v, theta, u) in enumerate(_random_states(20))]
    for (device, v, theta, u), (i, heat, rate) in zip(states, _in_ngspice(states), strict=True):
        c = device_coefficients(device)
        g = conductance(XP, c, theta, metal(XP, c, u, reversible_branch(XP, c, theta)))
        v_core = v / (1 + g * c.r_lead)
        expected = [g * v_core, g * v_core**2, metal_fraction_rate(XP, c, theta, u)]
        assert [i, heat, rate] == pytest.approx(expected, rel=1e-5, abs=1e-9)


def _with_additions(device, seed):
    draw = np.random.default_rng(seed)
    added = {
        "s_growth": draw.uniform(0, 20),
        "beta_ratio": draw.uniform(0.5, 2),
        "u_reversible": draw.uniform(0, 0.5),
        "beta_reversible": draw.uniform(0.05, 0.5),
        "d_reversible": draw.uniform(-10, 10),
        "r_contact": draw.uniform(1, 200),
    }
    sources = dict.fromkeys(FILM_PARAMETERS, "drawn")
    return replace(device, film=replace(device.film, sources=sources, **added))


def test_neutral_additions_leave_the_device_as_it_is():
    for device, _, theta, u in _random_states(10):
        c = device_coefficients(device)
        plain = (1 - u) * (c.g_semi * np.exp(-c.b_arrhenius / (c.t_ambient + theta)) + c.g_shunt) + u * c.g_metal
        assert conductance(XP, c, theta, metal(XP, c, u, 0.7)) == pytest.approx(plain, rel=1e-12)
        assert heat_loss(XP, c, theta, u) == pytest.approx(c.s_loss * theta, rel=1e-12)


def test_threshold_noise_is_normal_and_white_for_any_seed():
    from scipy import stats

    for seed in (1, 2, 77, 123_456):
        c = device_coefficients(Vo2x(noise=0.01, noise_step=1e-6, seed=seed))
        n = threshold_noise(XP, c, (np.arange(20_000) + 0.5) * 1e-6) / 0.01
        assert stats.kstest(n, "norm").pvalue > 1e-3
        lags = [np.corrcoef(n[:-k], n[k:])[0, 1] for k in (1, 2, 3, 5, 8, 22, 44)]
        assert max(map(abs, lags)) < 4 / math.sqrt(len(n))


def test_threshold_noise_of_two_seeds_is_independent():
    times = (np.arange(20_000) + 0.5) * 1e-6
    one, two = (
        threshold_noise(XP, device_coefficients(Vo2x(noise=0.01, noise_step=1e-6, seed=s)), times) for s in (1, 2)
    )
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / math.sqrt(len(times))
