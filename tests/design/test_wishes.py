"""Wishes: what can be wished, and what is refused with words that help."""

import pytest

from neurokit.design import QUANTITIES, Wishes
from neurokit.errors import OutOfRangeError


def test_only_what_is_given_is_wished():
    wishes = Wishes(frequency=2e5, v_in=12)
    assert wishes.wished == {"frequency": 2e5, "v_in": 12.0}
    assert not wishes.is_range
    assert set(wishes.wished) < set(QUANTITIES)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "nothing is wished"),
        ({"frequency": -1.0}, r"frequency = -1 Hz is outside \[1, 1e\+09\]"),
        ({"energy": float("nan")}, "energy = nan J"),
        ({"v_in": 12.0, "c_limits": (1e-9, 1e-10)}, "c_limits = 1e-09 to 1e-10 must begin above 0 and rise"),
        ({"v_in": 12.0, "tolerance": 0.0}, "tolerance = 0.0 is outside"),
        ({"frequency": 1e5, "frequency_low": 2e5}, "must be below frequency = 100000"),
        ({"frequency": 1e5, "v_low": 5.0}, "says nothing without frequency_low"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_wishes_out_of_bounds_name_value_and_bound(given, words):
    with pytest.raises(OutOfRangeError, match=words):
        Wishes(**given)
