"""A wafer with a growth gradient against the published figures, and devices cut from it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurokit.device.closed_form import thresholds
from neurokit.device.vo2x import DEVICES, MEASURED_THRESHOLDS, Vo2x
from neurokit.device.wafer import (
    Check,
    cut_devices,
    cut_for_threshold,
    resistance_map,
    threshold_range,
    wafer_checks,
)
from neurokit.errors import OutOfRangeError
from neurokit.vacancy.growth import LINE_END, GrowthGradient, growth_deficiency

GRADIENT = GrowthGradient()
CUTS = dict(zip(DEVICES, cut_devices(GRADIENT), strict=True))


@pytest.mark.parametrize("number", DEVICES)
def test_the_five_devices_thresholds_come_out_of_the_gradient_within_5_percent(number):
    assert CUTS[number].v_threshold == pytest.approx(thresholds(DEVICES[number]).v_threshold, rel=0.05)


@pytest.mark.parametrize("number", MEASURED_THRESHOLDS)
def test_devices_1_and_5_cut_from_the_wafer_have_the_published_thresholds(number):
    assert CUTS[number].v_threshold == pytest.approx(MEASURED_THRESHOLDS[number], rel=0.02)


def test_devices_lie_in_their_order_on_the_line_each_inside_its_window():
    places = [cut.position for cut in CUTS.values()]
    assert (np.diff(places) > 0).all()
    assert all(cut.window[0] <= cut.position <= cut.window[1] for cut in CUTS.values())
    assert max(map(abs, places)) <= LINE_END


def test_at_the_edge_of_a_window_the_threshold_is_off_by_5_percent():
    cut = CUTS[3]
    for place, off in zip(cut.window, (1.05, 0.95), strict=True):
        x = float(growth_deficiency(GRADIENT, place).x)
        assert thresholds(Vo2x(x=x)).v_threshold == pytest.approx(off * cut.v_wished, rel=1e-6)


def test_the_pristine_end_goes_from_1e4_to_10_ohm():
    wafer = resistance_map(GRADIENT, temperature=[300.0, 370.0])
    assert wafer.heating[0] == pytest.approx([1e4, 10], rel=0.05)


def test_cold_resistance_and_size_of_the_jump_fall_along_the_line():
    wafer = resistance_map(GRADIENT, temperature=[300.0, 370.0])
    for branch in (wafer.heating, wafer.cooling):
        assert (np.diff(branch[:, 0]) < 0).all()
        assert (np.diff(branch[:, 0] / branch[:, 1]) < 0).all()


def test_the_middle_of_the_transition_moves_less_than_2_kelvin_along_the_line():
    assert np.ptp(resistance_map(GRADIENT).critical_temperature) < 2


def test_the_steepest_fall_of_the_films_resistance_is_the_one_check_not_met():
    unmet = [check for check in wafer_checks(GRADIENT) if not check.met]
    assert [check.item for check in unmet] == ["critical temperature, steepest fall of log R"]
    steepest = resistance_map(GRADIENT).steepest_temperature
    assert (np.diff(steepest) > 0).all()  # not reduced: it rises, by 2.7 K
    assert np.ptp(steepest) == pytest.approx(2.7, abs=0.1)


def test_checks_say_what_was_reached():
    assert all(isinstance(check, Check) and check.published and check.reached for check in wafer_checks(GRADIENT))


def test_cooling_follows_heating_at_lower_temperature_everywhere_on_the_wafer():
    wafer = resistance_map(GRADIENT, np.linspace(-LINE_END, LINE_END, 5))
    assert wafer.heating.shape == wafer.cooling.shape == (5, wafer.temperature.size)
    assert (wafer.cooling <= wafer.heating).all()


@settings(max_examples=10, deadline=None)
@given(st.floats(0, 1))
def test_the_place_of_a_wished_threshold_has_that_threshold(share):
    low, high = threshold_range(GRADIENT)
    wish = low + share * (high - low)
    assert cut_for_threshold(GRADIENT, wish, step=0).v_threshold == pytest.approx(wish, rel=1e-3)
    assert cut_for_threshold(GRADIENT, wish).v_threshold == pytest.approx(wish, rel=0.01)


def test_a_wish_that_no_place_fulfils_is_refused_with_the_reachable_range():
    with pytest.raises(OutOfRangeError, match=r"v_threshold = 9 V cannot be cut .* from 1\.591 to 6\.5 V"):
        cut_for_threshold(GRADIENT, 9.0)


def test_a_wafer_reaching_beyond_the_switching_films_offers_thresholds_up_to_where_they_end():
    steep = GrowthGradient(uptake=0.14)
    low, _ = threshold_range(steep)
    assert cut_for_threshold(steep, low).v_threshold == pytest.approx(low, rel=0.01)


def test_a_wafer_too_hot_to_switch_is_refused():
    with pytest.raises(OutOfRangeError, match="no device of this wafer switches"):
        threshold_range(GRADIENT, Vo2x(t_ambient=360.0))
