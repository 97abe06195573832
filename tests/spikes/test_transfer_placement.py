"""Where points go, tried on a law that is known everywhere and costs nothing."""

from dataclasses import replace

import numpy as np
import pytest
from transfer_points import V_OFF, V_ON, make_failure, make_point, make_rate

from neurokit.errors import OutOfRangeError
from neurokit.spikes.regime import Regime
from neurokit.spikes.transfer import TransferCurve
from neurokit.spikes.transfer_placement import LEAST, hint, place

RANGE = (2.0, 10.0)


class Bench:
    """Measures the made-up neuron, `shifted` by some volts, and fails where it is told to."""

    def __init__(self, shifted=0.0, fails=lambda v: False):
        self.shifted, self.fails, self.voltages = shifted, fails, []

    def measure(self, voltages):
        self.voltages += voltages
        return [make_failure(v) if self.fails(v) else self._point(v) for v in voltages]

    def spent(self):
        return len(self.voltages)

    def _point(self, v):
        return replace(make_point(v - self.shifted), v_in=v)


def placed(bench, hinted=None, tolerance=5e-3, budget=40, v_range=RANGE):
    hinted = hinted or hint(Bench().measure, v_range)
    return TransferCurve(tuple(place(bench.measure, hinted, v_range, tolerance, budget, bench.spent)), {})


def error(curve, shifted=0.0):
    v = np.linspace(V_ON, V_OFF, 402)[1:-1]
    return np.abs(curve.frequency(v + shifted) / make_rate(v) - 1).max()


def test_the_twin_is_asked_until_it_knows_the_boundaries():
    found = hint(Bench().measure, RANGE)
    assert found.regimes == (Regime.UN_FIRING, Regime.OSCILLATING, Regime.FIRING)
    assert found.edges == pytest.approx((V_ON, V_OFF), abs=1e-4)


def test_a_narrow_oscillation_is_found_between_likely_voltages():
    def narrow(voltages):
        return [make_point(v, regime=Regime.OSCILLATING if abs(v - 6) < 2e-3 else Regime.UN_FIRING) for v in voltages]

    assert len(hint(narrow, RANGE).regimes) == 1
    assert len(hint(narrow, RANGE, likely=(5.9, 6.1)).regimes) == 3


def test_25_points_are_enough_for_a_curve_with_two_singular_ends():
    bench = Bench()
    assert error(placed(bench)) < 5e-3
    assert bench.spent() <= 25


@pytest.mark.parametrize("shifted", [-0.1, -0.01, 3e-4, 0.02, 0.1])
def test_boundaries_elsewhere_than_the_twin_has_them_are_found_within_the_budget(shifted):
    bench = Bench(shifted)
    curve = placed(bench)
    assert bench.spent() <= 40
    assert (curve.v_on.v_in, curve.v_off.v_in) == pytest.approx((V_ON + shifted, V_OFF + shifted), abs=2e-3)
    assert error(curve, shifted) < 0.01


def test_an_oscillation_that_the_twin_does_not_see_is_found_if_a_first_point_falls_into_it():
    silent = hint(lambda voltages: [make_point(v, regime=Regime.UN_FIRING) for v in voltages], RANGE)
    curve = placed(Bench(), silent)
    assert (curve.v_on.v_in, curve.v_off.v_in) == pytest.approx((V_ON, V_OFF), abs=2e-3)


def test_a_smaller_tolerance_takes_more_points_and_gives_a_smaller_error():
    coarse, fine = Bench(), Bench()
    assert error(placed(fine, tolerance=1e-3)) < error(placed(coarse, tolerance=3e-2))
    assert fine.spent() > coarse.spent()


@pytest.mark.parametrize("budget", [LEAST, 25, 40])
def test_a_budget_is_kept_whatever_the_tolerance(budget):
    bench = Bench()
    placed(bench, tolerance=1e-9, budget=budget)
    assert bench.spent() <= budget


def test_a_budget_that_cannot_hold_the_first_points_is_refused():
    with pytest.raises(OutOfRangeError, match=f"10 simulations.*{LEAST}"):
        placed(Bench(), budget=10)


def test_points_that_fail_are_not_tried_again_and_the_rest_is_refined():
    bench = Bench(fails=lambda v: 6.4 < v < 6.6)
    curve = placed(bench)
    assert len(set(bench.voltages)) == len(bench.voltages)
    assert error(curve) < 0.05


def test_where_nothing_can_be_measured_only_the_first_points_are_tried():
    bench = Bench(fails=lambda v: True)
    assert len(placed(bench).failures) == bench.spent() <= LEAST


def test_a_range_inside_the_oscillation_has_no_boundaries_and_needs_none():
    curve = placed(Bench(), v_range=(5.5, 7.5))
    assert curve.boundaries == ()
    v = np.linspace(5.5, 7.5, 200)
    assert curve.frequency(v) == pytest.approx(make_rate(v), rel=0.01)
