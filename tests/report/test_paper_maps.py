"""Panels 3F-3L: their verdicts can fail, and hold for what the simulations give."""

import pytest

from neurokit.report.paper.network import order_verdict
from neurokit.report.paper.panel import Workshop
from neurokit.report.paper.transfer import frequency_panel, power_panel
from neurokit.report.paper.tri_state import tri_state_panel, triple_points_panel, triple_points_verdict
from neurokit.sweeps.triple import TripleEstimate


def make_point(r_series, v_in):
    return TripleEstimate(r_series, 1.0, v_in, 0.01, "lines", 1)


def test_triple_points_must_fall_in_both_numbers():
    falling = {n: make_point(2000 - 400 * n, 9 - n) for n in range(1, 5)}
    assert triple_points_verdict(falling)
    assert not triple_points_verdict(falling | {4: make_point(900, 5)})
    assert not triple_points_verdict(falling | {4: make_point(100, 7)})
    assert not triple_points_verdict({n: falling[n] for n in (1, 2, 3)})


@pytest.mark.parametrize(
    ("rates", "holds"),
    [
        ((100.0, 100.0, 110.0, 90.0), True),
        ((100.0, 100.0, 110.0, 0.0), True),
        ((100.0, 103.0, 110.0, 90.0), False),
        ((100.0, 100.0, 99.0, 90.0), False),
        ((100.0, 100.0, 110.0, 101.0), False),
    ],
)
def test_rates_must_have_the_order_of_the_text(rates, holds):
    assert order_verdict(dict(zip([(1, 1), (1, 2), (2, 1), (2, 2)], rates, strict=True))) is holds


@pytest.mark.slow
@pytest.mark.parametrize("panel", [tri_state_panel, triple_points_panel, frequency_panel, power_panel])
def test_the_paper_s_statement_holds(panel):
    made = panel().make(Workshop(run=lambda netlists: []))
    assert made.holds, made.finding
