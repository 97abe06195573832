"""Draws of devices and cycles: seeded, resumable, and with the spread that was asked for."""

from dataclasses import replace

import numpy as np
import pytest

from neurokit.circuits import NeuronCircuit
from neurokit.device import DEVICES
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.sweeps.executors import local_processes
from neurokit.sweeps.monte_carlo import Spread, draws, evaluate_draw, monte_carlo_spec, quantiles
from neurokit.sweeps.run import run_monte_carlo
from neurokit.sweeps.spec import SweepSpec, default_axes

SPEC = SweepSpec(NeuronCircuit(DEVICES[1]), default_axes(DEVICES[1]), v_in=10.5)


def test_draws_have_the_spread_that_was_asked_for():
    drawn = np.array(draws(DEVICES[1], Spread(threshold=0.04, insulating=0.02), 2000, seed=3))
    assert drawn[:, :2].std(axis=0) == pytest.approx([0.04, 0.02], rel=4 / 4000**0.5)  # 4 sigma
    assert abs(np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1]) < 4 / 2000**0.5


def test_a_draw_depends_on_the_seed_and_its_number_alone():
    assert draws(DEVICES[1], Spread(), 50, seed=3)[:10] == draws(DEVICES[1], Spread(), 10, seed=3)
    assert draws(DEVICES[1], Spread(), 10, seed=4)[0] != draws(DEVICES[1], Spread(), 10, seed=3)[0]


def test_draws_lie_around_the_device_that_was_asked_for():
    shifted = replace(DEVICES[1], d_threshold=0.3)
    drawn = np.array(draws(shifted, Spread(), 2000, seed=3))[:, 0]
    assert 1 + drawn.mean() == pytest.approx(1.3, rel=4 * 0.0373 / 2000**0.5)


def test_thresholds_and_triple_points_follow_the_mismatch_of_their_device():
    spec = monte_carlo_spec(SPEC, Spread(cycle=0.0))
    low, high = (evaluate_draw(spec, (shift, 0.0, 1.0)) for shift in (-0.05, 0.05))
    for quantity in ("v_threshold", "triple_v_in"):  # both scale with the thresholds
        assert high[quantity] / low[quantity] == pytest.approx(1.05 / 0.95, rel=5e-3)


def test_a_monte_carlo_goes_on_with_what_is_there(tmp_path):
    first = run_monte_carlo(SPEC, Spread(), 2, 7, tmp_path, local_processes(2))
    more = run_monte_carlo(SPEC, Spread(), 3, 7, tmp_path, local_processes(1))
    assert more[:2] == first
    assert len((tmp_path / "points.jsonl").read_text().splitlines()) == 3
    with pytest.raises(NeurokitError, match="another sweep"):
        run_monte_carlo(SPEC, Spread(), 3, 8, tmp_path, local_processes(1))


def test_a_frequency_is_that_of_the_draws_that_oscillate():
    rows = [
        {"v_threshold": 6.0, "frequency": f, "triple_r_series": np.nan, "triple_v_in": 7.0} for f in (0.0, 8e4, 9e4)
    ]
    found = {q.name: q for q in quantiles(rows)}
    assert (found["frequency"].draws, found["frequency"].mean) == (2, 8.5e4)
    assert found["triple_r_series"].draws == 0


@pytest.mark.parametrize("spread", [{"threshold": -0.1}, {"cycle": 0.5}, {"insulating": float("nan")}])
def test_a_spread_outside_its_bounds_is_refused(spread):
    with pytest.raises(OutOfRangeError, match="must lie between 0 and"):
        Spread(**spread)


@pytest.mark.slow
def test_a_hundred_draws_recover_the_spread_of_thresholds(tmp_path):
    rows = run_monte_carlo(replace(SPEC, backend="pyspice"), Spread(), 100, 1, tmp_path, local_processes())
    found = {q.name: q for q in quantiles(rows)}["v_threshold"]
    assert found.deviation / found.mean == pytest.approx((0.0373**2 + 0.0072**2) ** 0.5, rel=4 / 200**0.5)  # 4 sigma
