"""Numbers as text, for SPICE and for people."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.circuits.values import SI_PREFIXES, SPICE_SUFFIXES, si_number, si_text, spice_number, spice_value
from neurokit.errors import NeurokitError, OutOfRangeError

FINITE = st.floats(allow_nan=False, allow_infinity=False)
MODERATE = st.floats(min_value=1e-200, max_value=1e200)


@given(FINITE)
def test_a_value_written_for_spice_is_read_back_exactly(x: float) -> None:
    assert spice_number(spice_value(x)) == x


@given(FINITE)
def test_a_numpy_number_is_written_like_a_plain_one(x: float) -> None:
    assert spice_value(np.float64(x)) == spice_value(x)


@given(MODERATE, st.sampled_from(sorted(SPICE_SUFFIXES)), st.sampled_from(["", "F", "ohm", "V"]), st.booleans())
def test_a_suffix_scales_a_spice_number_whatever_letters_follow(x: float, suffix: str, unit: str, upper: bool) -> None:
    text = f"{spice_value(x)}{suffix.upper() if upper else suffix}{unit}"
    assert math.isclose(spice_number(text), x * SPICE_SUFFIXES[suffix], rel_tol=1e-12)


@given(
    MODERATE, st.sampled_from(sorted(SI_PREFIXES)), st.sampled_from(["", "V", "Ohm", "Hz"]), st.sampled_from(["", " "])
)
def test_a_prefix_scales_a_number_that_a_person_types(x: float, prefix: str, unit: str, gap: str) -> None:
    assert math.isclose(si_number(f"{x!r}{gap}{prefix}{unit}"), x * SI_PREFIXES[prefix], rel_tol=1e-12)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1k", 1e3),
        ("1M", 1e-3),
        ("1m", 1e-3),
        ("2meg", 2e6),
        ("10uF", 1e-5),
        ("1mil", 25.4e-6),
        (".5", 0.5),
        ("5V", 5.0),
    ],
)
def test_spice_reads_as_ngspice_does(text: str, value: float) -> None:
    assert math.isclose(spice_number(text), value, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3k", 3e3),
        ("1.8n", 1.8e-9),
        ("1M", 1e6),
        ("5 us", 5e-6),
        ("12.5V", 12.5),
        ("3 kOhm", 3e3),
        ("2 \N{MICRO SIGN}s", 2e-6),
        ("1F", 1.0),
        ("1f", 1e-15),
        ("-4e-3", -4e-3),
    ],
)
def test_people_mean_what_the_si_says(text: str, value: float) -> None:
    assert math.isclose(si_number(text), value, rel_tol=1e-12)


@pytest.mark.parametrize("text", ["", "k", "1,5k", "three", "nan", "inf", "1 2", "{x}"])
def test_what_is_no_number_is_refused_with_an_example(text: str) -> None:
    for read in (spice_number, si_number):
        with pytest.raises(NeurokitError, match="write it like"):
            read(text)


@pytest.mark.parametrize("text", ["3q", "5 kg", "1 ksV"])
def test_an_unknown_unit_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(NeurokitError, match=r"is no prefix .* with or without a unit"):
        si_number(text)


def test_a_capital_k_is_refused_as_it_could_be_kelvin() -> None:
    with pytest.raises(NeurokitError, match="kilo or kelvin"):
        si_number("300K")


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_cannot_stand_in_a_netlist(x: float) -> None:
    with pytest.raises(OutOfRangeError):
        spice_value(x)


@given(st.floats(min_value=1e-17, max_value=1e14), st.sampled_from(["V", "Ohm", "F"]))
def test_a_value_written_for_a_person_is_read_back_to_its_digits(x: float, unit: str) -> None:
    assert math.isclose(si_number(si_text(x, unit)), x, rel_tol=6e-3)


@pytest.mark.parametrize(
    ("x", "text"),
    [(3e3, "3 kV"), (1.8e-9, "1.8 nV"), (999.9, "1 kV"), (-15.0, "-15 V"), (0.0, "0 V"), (147300.0, "147 kV")],
)
def test_values_for_people_have_three_digits_and_a_prefix(x: float, text: str) -> None:
    assert si_text(x, "V") == text
