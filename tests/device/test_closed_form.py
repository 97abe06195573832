"""What the device does without simulation, against the published figures and the definitions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.device import DEVICES, MEASURED_THRESHOLDS, Vo2x, device_label
from neurokit.device.closed_form import (
    NoThresholdsError,
    critical_temperature,
    film_bar,
    has_thresholds,
    resistance_history,
    resistance_loop,
    static_curve,
    threshold_limit,
    thresholds,
    triple_point,
    v_firing_onset,
    v_latching,
)
from neurokit.device.vo2x import device_coefficients

ORDERED = [DEVICES[number] for number in sorted(DEVICES)]


@pytest.mark.parametrize("number", MEASURED_THRESHOLDS)
def test_thresholds_of_devices_1_and_5_are_the_published_ones(number):
    assert thresholds(DEVICES[number]).v_threshold == pytest.approx(MEASURED_THRESHOLDS[number], rel=0.02)


def test_devices_without_a_published_threshold_are_labelled_interpolated():
    assert [n for n in DEVICES if "interpolated" in device_label(n)] == [2, 3, 4]


def test_threshold_and_hysteresis_fall_strictly_with_x():
    on = [thresholds(d).v_threshold for d in ORDERED]
    hysteresis = [thresholds(d).v_threshold - thresholds(d).v_hold for d in ORDERED]
    assert (np.diff(on) < 0).all()
    assert (np.diff(hysteresis) < 0).all()


def test_triple_point_moves_to_lower_resistance_and_lower_voltage_with_x():
    points = [triple_point(d) for d in ORDERED]
    assert (np.diff([p.r_series for p in points]) < 0).all()
    assert (np.diff([p.v_in for p in points]) < 0).all()


@given(st.floats(0, 0.05))
def test_boundaries_cross_at_the_triple_point(x):
    device = Vo2x(x=x)
    point = triple_point(device)
    assert v_firing_onset(device, point.r_series) == pytest.approx(point.v_in)
    assert v_latching(device, point.r_series) == pytest.approx(point.v_in)


@given(st.floats(0, 0.05), st.floats(-0.2, 0.2))
def test_a_threshold_mismatch_moves_both_thresholds_by_itself(x, d):
    nominal, off = thresholds(Vo2x(x=x)), thresholds(Vo2x(x=x, d_threshold=d))
    assert off.v_threshold == pytest.approx(nominal.v_threshold * (1 + d))
    assert off.v_hold == pytest.approx(nominal.v_hold * (1 + d))


@given(st.floats(0, 0.1), st.floats(0.1, 80))
def test_at_rest_the_heat_loss_is_the_power(x, theta):
    device = Vo2x(x=x)
    curve = static_curve(device, "heating", [theta])
    assert curve.v[0] * curve.i[0] == pytest.approx(device_coefficients(device).s_loss * theta)


def test_the_pristine_device_swings_by_two_decades_and_its_bare_film_by_three():
    device = resistance_loop(DEVICES[1], [300.0, 370.0]).heating
    film = resistance_loop(film_bar(DEVICES[1], r_pristine=1e4, r_metal=10.0), [300.0, 370.0]).heating
    assert np.log10(device[0] / device[1]) == pytest.approx(2, abs=0.25)
    assert film == pytest.approx([1e4, 10], rel=0.01)


def test_resistance_swing_and_cold_resistance_fall_with_x_of_device_and_film():
    for make in (lambda d: d, lambda d: film_bar(d, r_pristine=1e4, r_metal=10.0)):
        ends = np.array([resistance_loop(make(d), [300.0, 370.0]).heating for d in ORDERED])
        assert (np.diff(ends[:, 0]) < 0).all()
        assert (np.diff(ends[:, 0] / ends[:, 1]) < 0).all()


def test_critical_temperature_of_the_papers_film_moves_less_than_2_kelvin():
    steepest = [_steepest_temperature(d) for d in ORDERED]
    assert max(steepest) - min(steepest) < 2
    middles = [critical_temperature(d) for d in ORDERED]
    assert max(middles) - min(middles) < 2


def _steepest_temperature(device):
    """Where d ln R / dT of the mean of both branches is steepest, as an experimenter reads it."""
    t = np.linspace(310, 370, 6001)
    loop = resistance_loop(device, t)
    return np.mean([t[np.argmin(np.gradient(np.log(r), t))] for r in (loop.heating, loop.cooling)])


def test_the_transition_of_the_film_on_tio2_falls_with_x():
    films = [Vo2x.from_vacancy(x, film="pld-tio2", t_ambient=230.0) for x in (0.0, 0.01, 0.016)]
    t_c = [critical_temperature(f) for f in films]
    assert t_c[0] == pytest.approx(298, abs=1)
    assert t_c[2] - t_c[0] == pytest.approx(-38, abs=2)


def test_the_metallic_end_is_ohmic():
    device = Vo2x(x=0.1)
    assert not has_thresholds(device)
    for which in ("heating", "cooling"):
        curve = static_curve(device, which, np.linspace(0.1, 300, 3001))
        assert (np.diff(curve.v) > 0).all()
        assert np.ptp(curve.v / curve.i) < 0.02 * 370
    with pytest.raises(NoThresholdsError, match=r"x = 0\.1 at 300 K does not snap on and off"):
        thresholds(device)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"s_growth": 60.0}, r"as it heats, its voltage nowhere falls; take a smaller s_growth or a lower ambient"),
        (
            {"s_growth": 18.0, "u_reversible": 0.2},
            r"it switches on at 6\.\d+ V and .* A, but as it cools it turns at .* V",
        ),
        ({"s_growth": 60.0, "r_contact": 300.0, "u_reversible": 0.48}, "as it cools its voltage has no minimum"),
    ],
)
def test_a_device_whose_heat_loss_grows_too_much_says_what_its_thresholds_lack(changes, words):
    nominal = Vo2x().film
    device = Vo2x(film=replace(nominal, sources=nominal.sources | dict.fromkeys(changes, "assumed"), **changes))
    assert not has_thresholds(device)
    with pytest.raises(NoThresholdsError, match=words):
        thresholds(device)


def test_thresholds_end_between_device_5_and_the_metallic_end():
    limit = threshold_limit(Vo2x())
    assert DEVICES[5].x < limit < 0.1
    assert has_thresholds(Vo2x(x=limit))
    assert not has_thresholds(Vo2x(x=limit + 2e-6))


def test_minor_loops_lie_inside_the_major_loop_and_close():
    device = DEVICES[2]
    up_and_down = np.concatenate([np.linspace(310, 340, 301), np.linspace(340, 334, 61), np.linspace(334, 340, 61)])
    r = resistance_history(device, up_and_down)
    major = resistance_loop(device, up_and_down)
    assert (r <= major.heating * (1 + 1e-9)).all()
    assert (r >= major.cooling * (1 - 1e-9)).all()
    assert r[-1] == pytest.approx(r[300])


def test_a_full_history_is_the_major_loop():
    device = DEVICES[2]
    up = np.linspace(300, 380, 801)
    history = resistance_history(device, np.concatenate([up, up[::-1]]))
    major = resistance_loop(device, up)
    assert history[:801] == pytest.approx(major.heating)
    assert history[:800:-1] == pytest.approx(major.cooling, rel=1e-6)
