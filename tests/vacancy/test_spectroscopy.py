"""Fingerprints in X-ray absorption: the published calibration, signs, and x back from noisy spectra."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.vacancy.model import OutsideValidityWarning
from neurokit.vacancy.spectroscopy import (
    Calibration,
    Spectrum,
    combine,
    edge_peaks,
    fit_peaks,
    monte_carlo_reading,
    ratio_of,
    read_deficiency,
    read_x,
    simulate_spectrum,
    x_from_ratio,
)

CALIBRATION = Calibration()
X_C = CALIBRATION.x_overlayer
NOISE = 0.005  # about 1 % of the highest peak
READABLE = [("V-L", "area"), ("V-L", "width"), ("O-K", "area")]


def make_fit(edge="V-L", x=0.02, seed=1000):
    return fit_peaks(CALIBRATION, simulate_spectrum(CALIBRATION, edge, x, NOISE, seed))


@pytest.mark.parametrize(("edge", "quantity"), READABLE)
def test_every_ratio_falls_with_deficiency(edge, quantity):
    assert (np.diff(ratio_of(CALIBRATION, edge, np.linspace(0, X_C, 101), quantity)) < 0).all()


def test_the_shift_and_the_fall_are_there_in_fitted_spectra_too():
    vl, ok = ([make_fit(edge, x).peaks for x in (0, X_C)] for edge in ("V-L", "O-K"))
    assert (vl[1].energy < vl[0].energy).all()
    assert ok[1].ratio("area") < ok[0].ratio("area")


@given(st.sampled_from(READABLE), st.floats(0, X_C))
def test_x_comes_back_from_its_ratio(fingerprint, x):
    edge, quantity = fingerprint
    assert x_from_ratio(CALIBRATION, edge, ratio_of(CALIBRATION, edge, x, quantity), quantity) == pytest.approx(
        x, abs=1e-12
    )


@given(st.floats(0.01, 0.1))
def test_a_reading_scales_with_the_deficiency_assumed_for_the_overlayer_sample(x_c):
    assert x_from_ratio(replace(CALIBRATION, x_overlayer=x_c), "V-L", 0.1079) == pytest.approx(x_c, rel=1e-3)


@pytest.mark.parametrize(("edge", "quantity"), READABLE)
def test_about_95_of_100_intervals_hold_the_x_that_made_the_spectrum(edge, quantity):
    readings = [read_x(CALIBRATION, make_fit(edge, 0.02, seed), quantity) for seed in range(1000, 1100)]
    assert 90 <= sum(r.low <= 0.02 <= r.high for r in readings) <= 99
    assert np.std([r.x for r in readings]) == pytest.approx(np.mean([r.sigma for r in readings]), rel=0.2)


@pytest.mark.parametrize(("edge", "quantity"), READABLE)
def test_the_delta_method_agrees_with_monte_carlo(edge, quantity):
    fit = make_fit(edge)
    first_order = read_x(CALIBRATION, fit, quantity)
    drawn = monte_carlo_reading(CALIBRATION, fit, 50_000, seed=7, quantity=quantity)
    assert drawn.sigma == pytest.approx(first_order.sigma, rel=0.02)
    assert [drawn.low, drawn.high] == pytest.approx([first_order.low, first_order.high], abs=0.1 * first_order.sigma)
    assert "seed 7" in drawn.source


def test_the_unit_of_the_signal_does_not_matter():
    spectrum = simulate_spectrum(CALIBRATION, "V-L", 0.02, NOISE, 3)
    louder = replace(spectrum, signal=1e4 * spectrum.signal)
    quiet, loud = (read_x(CALIBRATION, fit_peaks(CALIBRATION, s)) for s in (spectrum, louder))
    assert loud.x == pytest.approx(quiet.x, abs=0.01 * quiet.sigma)
    assert loud.sigma == pytest.approx(quiet.sigma, rel=0.01)


def test_both_edges_together_know_x_better_than_either():
    readings = [read_x(CALIBRATION, make_fit(edge)) for edge in ("V-L", "O-K")]
    assert combine(readings).sigma < min(r.sigma for r in readings)
    with pytest.raises(OutOfRangeError, match="give at least one"):
        combine([])


def test_a_reading_that_noise_carried_below_0_is_a_deficiency_of_0():
    reading = replace(read_x(CALIBRATION, make_fit(x=0)), x=-1e-4)
    assert read_deficiency(CALIBRATION, reading).x == 0


def test_a_spectrum_beyond_the_calibration_is_warned_of():
    with pytest.warns(OutsideValidityWarning, match=r"x = 0\.06 is beyond 0\.05"):
        spectrum = simulate_spectrum(CALIBRATION, "V-L", 0.06, NOISE, 1)
    with pytest.warns(OutsideValidityWarning, match=r"lies outside 0 to 0\.05"):
        reading = read_x(CALIBRATION, fit_peaks(CALIBRATION, spectrum))
    assert reading.warnings


def test_what_cannot_be_read_is_refused():
    with pytest.raises(OutOfRangeError, match=r"leaves no first V-L peak: give one below 0\.0809"):
        edge_peaks(CALIBRATION, "V-L", 0.1)
    with pytest.raises(OutOfRangeError, match=r"x = -0\.01 must be finite and not below 0"):
        edge_peaks(CALIBRATION, "O-K", -0.01)
    with pytest.raises(OutOfRangeError, match="noise = -1 must be finite"):
        simulate_spectrum(CALIBRATION, "V-L", 0.02, -1, 1)
    with pytest.raises(OutOfRangeError, match="must be finite and above 0"):
        x_from_ratio(CALIBRATION, "V-L", -0.1)
    with pytest.raises(OutOfRangeError, match="do not change with x: read it from the areas"):
        x_from_ratio(CALIBRATION, "O-K", 0.7, "width")
    with pytest.raises(OutOfRangeError, match="at least 12 finite values"):
        fit_peaks(CALIBRATION, Spectrum("V-L", np.arange(510.0, 515.0), np.ones(5), {}))


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_a_spectrum_without_peaks_is_refused_with_what_to_look_for(noise):
    signal = np.random.default_rng(1).normal(0, noise, 251)
    with pytest.raises(NeurokitError, match="check its energies, and that background and edge steps are subtracted"):
        fit_peaks(CALIBRATION, Spectrum("V-L", np.linspace(509, 534, 251), signal, {}))
