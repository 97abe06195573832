"""The type: what a curve says between, beside and beyond its points."""

import numpy as np
import pytest
from transfer_points import V_OFF, V_ON, make_curve, make_failure, make_point, make_rate

from neurokit.spikes.regime import Regime
from neurokit.spikes.transfer import TransferCurve, stretched, unstretched

U, O, F = Regime.UN_FIRING, Regime.OSCILLATING, Regime.FIRING  # noqa: E741


def curve_of(regimes, rates=None):
    points = [make_point(1.0 + k, regime=r, rate=1e5 if r is O else 0.0) for k, r in enumerate(regimes)]
    return TransferCurve(tuple(points), {})


def test_a_curve_goes_through_its_points():
    curve = make_curve()
    assert curve.frequency(curve.drives) == pytest.approx(curve.rates, rel=1e-12)
    assert curve.power(curve.drives) == pytest.approx(curve.powers, rel=1e-12)


def test_frequency_is_zero_where_the_neuron_is_silent_or_latched_however_far():
    assert list(make_curve().frequency([0.0, 1e-9, 3.0, 4.99, 8.01, 9.0, 1e3])) == [0.0] * 7


def test_a_few_points_follow_a_rate_that_is_singular_at_both_ends():
    v = np.linspace(V_ON, V_OFF, 402)[1:-1]
    assert make_curve().frequency(v) == pytest.approx(make_rate(v), rel=0.02)


def test_the_estimated_error_is_of_the_size_of_the_true_one():
    curve = make_curve()
    v = curve.oscillating.between()
    true = np.abs(curve.frequency(v) / make_rate(v) - 1).max()
    assert 0.3 * true < curve.oscillating.interpolation_errors().max() < 10 * true


def test_the_sign_of_the_supply_does_not_matter():
    assert make_curve().frequency(-6.2) == make_curve().frequency(6.2) > 0


def test_scalars_and_arrays_of_any_shape_are_answered_in_their_shape():
    curve = make_curve()
    for quantity in (curve.frequency, curve.power, curve.energy_per_spike, curve.frequency_error):
        assert quantity(6.0).shape == ()
        assert quantity(np.full((2, 3), 6.0)).shape == (2, 3)


def test_boundaries_lie_between_two_points_and_say_how_far_these_are():
    on, off = make_curve().boundaries
    assert (on.v_in, on.error) == pytest.approx((5.0, 1e-3))
    assert (off.below, off.above) == (O, F)
    assert (make_curve().v_on, make_curve().v_off) == (on, off)


def test_beside_a_boundary_the_frequency_is_uncertain_by_the_whole_jump():
    curve = make_curve()
    assert curve.frequency_error(4.9995) >= make_rate(5.001)
    assert curve.frequency_error(6.2) < 0.01 * make_rate(6.2)
    assert curve.frequency_error(3.0) == 0


def test_power_of_a_neuron_at_rest_goes_with_the_square_of_the_voltage():
    assert make_curve().power([0.0, 1.0, 3.0, 30.0]) == pytest.approx([0.0, 1e-4, 9e-4, 0.3])


def test_energy_per_spike_is_power_over_frequency_and_infinite_without_spikes():
    curve = make_curve()
    assert curve.energy_per_spike(6.2) == pytest.approx(curve.power(6.2) / curve.frequency(6.2))
    assert list(curve.energy_per_spike([3.0, 9.0])) == [np.inf, np.inf]


def test_what_lies_beyond_an_end_that_oscillates_is_not_known():
    curve = curve_of([O, O, O])
    assert np.isnan(curve.frequency([0.5, 3.5])).all()
    assert curve.v_on is None
    assert curve.v_off is None
    assert curve.frequency(2.5) == pytest.approx(1e5)


def test_runs_in_an_unusual_order_are_kept_and_not_joined():
    curve = curve_of([U, O, O, F, O, O, O, F])
    assert [run.regime for run in curve.runs] == [U, O, F, O, F]
    assert list(curve.frequency([2.5, 4.0, 6.0])) == pytest.approx([1e5, 0.0, 1e5])
    assert curve.oscillating.span == (4.5, 7.5)


def test_a_neuron_that_never_oscillates_has_a_boundary_and_no_range():
    curve = curve_of([U, U, F])
    assert (curve.oscillating, curve.v_on, curve.v_off) == (None, None, None)
    assert curve.boundaries[0].v_in == 2.5
    assert np.isnan(curve.rising_share)


def test_a_failed_point_is_kept_and_counts_for_nothing():
    whole = make_curve()
    broken = TransferCurve((*whole.points, make_failure(6.2)), whole.provenance)
    assert [point.v_in for point in broken.failures] == [6.2]
    assert broken.frequency(6.3) == whole.frequency(6.3)


def test_a_curve_of_failures_knows_nothing():
    curve = TransferCurve((make_failure(5.0),), {})
    assert np.isnan(curve.frequency([1.0, 5.0])).all()
    assert curve.boundaries == ()


def test_the_share_over_which_frequency_rises_is_told():
    rates = {1.0: 1e5, 2.0: 2e5, 4.0: 3e5, 5.0: 2e5}
    curve = TransferCurve(tuple(make_point(v, regime=O, rate=rate) for v, rate in rates.items()), {})
    assert curve.rising_share == pytest.approx(3 / 4)


def test_curves_are_equal_if_their_numbers_are_even_where_these_are_none():
    a, b = make_curve(), make_curve()
    assert a == b
    assert hash(a) == hash(b)
    assert a != make_curve(scale=1 + 1e-15)
    assert a != TransferCurve(b.points, {"label": "another"})


@pytest.mark.parametrize(("low", "high"), [(5.0, 8.0), (5.0, None), (None, 8.0), (None, None)])
def test_the_stretched_voltage_can_be_turned_back(low, high):
    v = np.linspace(5.01, 7.99, 7)
    assert unstretched(stretched(v, low, high), low, high) == pytest.approx(v)
