"""What may drive a circuit, and what is refused."""

import pytest

from neurokit.circuits.drive import Constant, Pulse, Pwl, Sine
from neurokit.errors import OutOfRangeError


def test_drives_are_written_as_spice_sources():
    assert Constant(12.5).source() == "DC 12.5"
    assert Pulse(12.5, width=2e-6, period=4e-6).source() == "PULSE(0 12.5 0.0 1e-09 1e-09 2e-06 4e-06)"
    assert Sine(10.0, period=2e-3).source() == "SIN(0 10.0 500.0)"
    assert Pwl(((0.0, 0.0), (1e-3, 5.0)), repeat=True).source() == "PWL(0.0 0.0 0.001 5.0) r=0"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Pulse(5.0, width=4e-6, period=4e-6), "must be above 0 and fit the period 4e-06 s"),
        (lambda: Pulse(5.0, width=1e-6, rise=-1e-9), "edges -1e-09 s must be above 0"),
        (lambda: Pwl(((0.0, 0.0),)), "at least two corners"),
        (lambda: Pwl(((0.0, 0.0), (0.0, 1.0))), "rising times"),
        (lambda: Pwl(((1e-3, 0.0), (2e-3, 1.0)), repeat=True), "first corner at 0"),
        (lambda: Pwl(tuple((k * 1e-6, 0.0) for k in range(201))).source(), "201 corners"),
    ],
)
def test_a_drive_that_ngspice_would_misread_is_refused(make, message):
    with pytest.raises(OutOfRangeError, match=message):
        make()
