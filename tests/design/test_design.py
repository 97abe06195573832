"""Wishes to designs: by the twin, which answers like ngspice, and once by ngspice itself."""

import json
import sys

import numpy as np
import pytest

from neurokit.cli.output import plain
from neurokit.design import Design, Wishes, ask_ngspice, ask_twin, design
from neurokit.design.prior import RESPONSES, prior
from neurokit.design.search import worst_miss
from neurokit.design.space import Space
from neurokit.design.surrogate import Known, fitted
from neurokit.device import FILMS, Vo2x
from neurokit.device.closed_form import thresholds, v_firing_onset, v_latching
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.simulation import Cache

FEASIBLE = Wishes(frequency=2e5, v_in=12.0, device_energy=30e-9, v_threshold=4.0)


def make_space(wishes=FEASIBLE, device=Vo2x()):  # noqa: B008 - frozen
    return Space.of(wishes, device)


def reached(result):
    return {item.name: item for item in result.reached}


def test_feasible_wishes_are_met_within_tolerance_in_few_simulations():
    result = design(FEASIBLE, ask_twin(), seed=2)
    assert result.verdict == "met"
    assert result.runs <= 15
    for name, wish in FEASIBLE.wished.items():
        assert reached(result)[name].met
        assert reached(result)[name].value == pytest.approx(wish, rel=0.02)


def test_the_answer_is_what_a_simulation_of_the_design_says():
    result = design(FEASIBLE, ask_twin())
    (point,) = ask_twin().measure([result.design.neuron(Vo2x())], [result.design.v_in])
    assert reached(result)["frequency"].value == point.frequency
    assert reached(result)["device_energy"].value == point.device_energy_per_spike
    assert result.x == result.design.x


def test_the_same_seed_gives_the_same_result():
    first, second = (design(FEASIBLE, ask_twin(), seed=3).record() for _ in range(2))
    assert first == second


def test_a_range_over_the_drive_gets_a_lowest_drive_too():
    wishes = Wishes(frequency=1.5e5, frequency_low=0.8e5)
    result = design(wishes, ask_twin())
    assert result.verdict == "met"
    assert result.design.v_low < result.design.v_in
    drives = np.linspace(result.design.v_low, result.design.v_in, 7)
    points = ask_twin().measure([result.design.neuron(Vo2x())] * 7, [float(v) for v in drives])
    assert np.all(np.diff([point.frequency for point in points]) > 0)


def test_limits_are_never_left():
    wishes = Wishes(frequency=1e5, r_limits=(5e3, 6e3), c_limits=(1e-10, 1e-9))
    result = design(wishes, ask_twin(), runs=20)
    for step in result.path:
        assert 5e3 <= step.design.r_series <= 6e3
        assert 1e-10 <= step.design.capacitance <= 1e-9 * (1 + 1e-12)


def test_wishes_that_contradict_each_other_are_told_with_the_nearest_value_and_a_front():
    wishes = Wishes(frequency=2e5, v_in=12.0, energy=20e-9, v_threshold=4.0)
    result = design(wishes, ask_twin(), runs=40)
    assert result.verdict == "infeasible"
    energy = reached(result)["energy"]
    assert not energy.met
    assert energy.nearest == energy.value
    assert 60e-9 < energy.nearest < 120e-9
    assert "energy = 20 nJ cannot be met" in result.words
    others = {name: item for name, item in reached(result).items() if name != "energy"}
    assert all(item.met for item in others.values())
    assert result.runs <= 40


def test_a_threshold_that_the_film_does_not_have_is_told_with_the_nearest():
    result = design(Wishes(frequency=1e5, v_threshold=9.0), ask_twin(), runs=40)
    assert result.verdict == "infeasible"
    assert reached(result)["v_threshold"].nearest == pytest.approx(thresholds(Vo2x()).v_threshold, rel=1e-3)
    assert reached(result)["frequency"].met


def test_parameters_have_windows_in_which_the_wishes_stay_met():
    result = design(FEASIBLE, ask_twin())
    r_series = next(item for item in result.parameters if item.name == "r_series")
    assert r_series.window[0] <= r_series.value <= r_series.window[1]
    assert 0 < r_series.error < 0.01 * r_series.value
    for value in np.interp([0.1, 0.9], [0, 1], r_series.window):
        moved = Design(result.x, float(value), result.design.capacitance, result.design.v_in)
        (point,) = ask_twin().measure([moved.neuron(Vo2x())], [moved.v_in])
        assert point.frequency == pytest.approx(2e5, rel=0.021)


def test_a_record_is_json():
    record = json.loads(json.dumps(plain(design(FEASIBLE, ask_twin()).record()), allow_nan=False))
    assert record["provenance"]["engine"] == "twin"
    assert record["design"]["v_low"] is None


def test_simulations_that_were_spent_count():
    result = design(Wishes(frequency=3e6), ask_twin(), runs=9)
    assert result.runs <= 9
    assert result.verdict != "met"
    assert worst_miss(Wishes(frequency=3e6), {"frequency": float("nan")}) == float("inf")


def test_a_noisy_device_and_a_budget_of_nothing_are_refused():
    with pytest.raises(OutOfRangeError, match=r"noise = 0\.01"):
        design(FEASIBLE, ask_twin(), device=Vo2x(noise=0.01))
    with pytest.raises(OutOfRangeError, match="runs = 0"):
        design(FEASIBLE, ask_twin(), runs=0)
    with pytest.raises(OutOfRangeError, match="runs = 1 is not enough"):
        design(Wishes(frequency=1e5, frequency_low=5e4), ask_twin(), runs=1)


@pytest.mark.parametrize("runs", [2, 3, 5])
def test_a_range_over_the_drive_keeps_to_its_simulations(runs):
    result = design(Wishes(frequency=1.5e5, frequency_low=0.8e5), ask_twin(), runs=runs)
    assert result.runs <= runs


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(NeurokitError, match=r"pip install 'neurokit\[design\]'"):
        design(FEASIBLE, ask_twin())


def test_another_film_is_designed_with_its_own_thresholds():
    film = next(film for name, film in FILMS.items() if name != Vo2x().film.name)
    device = Vo2x(film=film, t_ambient=270.0)
    result = design(Wishes(frequency=5e4), ask_twin(), device=device, runs=30)
    assert result.provenance["film"] == film.name
    assert result.verdict == "met"


def test_places_of_the_cube_lie_within_the_oscillating_window():
    space = make_space()
    x, r, _, v = space.designs(np.random.default_rng(1).random((50, 4))).T
    for k in range(50):
        ends = sorted(float(of(Vo2x(x=x[k]), r[k] + 10.0)) for of in (v_firing_onset, v_latching))
        assert ends[0] < v[k] < ends[1]


def test_a_surrogate_reproduces_what_it_was_told_and_knows_less_elsewhere():
    space = make_space()
    x, r, c, v = space.designs(np.array([[0.3, 0.6, 0.5, 0.4], [0.3, 0.7, 0.5, 0.4]])).T
    told = prior(space, x, r, c, v) + 0.2
    surrogate = fitted(space, Known(x[:1], r[:1], c[:1], v[:1], told[:1]))
    mean, spread = surrogate.predict(x, r, c, v, uncertain=True)
    assert mean[0] == pytest.approx(told[0], abs=1e-3)
    assert spread.shape == (2, len(RESPONSES))
    assert (spread[1] > 10 * spread[0]).all()


def test_near_a_silent_point_and_beyond_it_nothing_is_expected():
    space = make_space()
    at = np.array([[0.3, 0.6, 0.3, 0.4]])
    x, r, c, v = space.designs(at).T
    surrogate = fitted(space, Known(x, r, c, v, np.full((1, len(RESPONSES)), np.nan)))
    assert surrogate.silence(x, r, c, v) > 0
    assert surrogate.silence(x, r, c / 2, v) > 0
    assert surrogate.silence(x, r, 100 * c, v) == 0


def test_ngspice_meets_wishes_and_its_sweep_confirms_the_threshold(tmp_path):
    result = design(FEASIBLE, ask_ngspice(jobs=1, simulate=Cache(tmp_path).simulate))
    assert result.verdict == "met"
    assert result.provenance["versions"]["ngspice"]
    threshold = reached(result)["v_threshold"]
    assert threshold.met
    assert threshold.value != thresholds(Vo2x(x=result.x)).v_threshold
    assert threshold.value == pytest.approx(4.0, rel=0.01)
