"""How records, numbers and axes of a fit are written for people: with prefixes, and no more digits than are known."""

import math

import numpy as np
from numpy.typing import ArrayLike

from neurokit.calibration.description import Free
from neurokit.calibration.model import share_of
from neurokit.calibration.records import CHECK, FIT, Record
from neurokit.calibration.result import Interval
from neurokit.circuits.values import SI_PREFIXES, si_text

PREFIXED = ("V", "A", "ohm", "S", "s", "Hz", "F", "W", "J", "W/K", "J/K")  # other units stand alone
MICRO = "\N{MICRO SIGN}"
FEWEST_DIGITS, MOST_DIGITS = 3, 7
ALONE = 2  # digits of an interval's width that its ends show
AT_BOUND = 1e-3  # of a range: so near to a bound, the data set no limit on that side
UNKNOWN = "not known"

USES = {FIT: "fitted", CHECK: "checked and never fitted"}


def title_of(record: Record) -> str:
    """The name of a record and what it was used for."""
    return f"{record.name}, {USES[record.use]}"


def shown_in(unit: str, *values: ArrayLike) -> tuple[float, str]:
    """What to multiply values by, and the unit that they then have: that which suits the largest of them."""
    largest = max((float(np.nanmax(np.abs(v))) for v in values if np.isfinite(v).any()), default=0.0)
    if unit not in PREFIXED or largest == 0:
        return 1.0, unit
    prefix = si_text(largest, unit).split()[1].removesuffix(unit)
    return 1 / SI_PREFIXES[prefix], _with_micro(prefix) + unit


def number_text(value: float, unit: str, digits: int = FEWEST_DIGITS) -> str:
    """A number with its unit."""
    if not math.isfinite(value):
        return UNKNOWN
    if unit not in PREFIXED:
        return f"{value:.{digits}g} {unit}".rstrip()
    number, prefixed = si_text(value, unit, digits).split()
    prefix = prefixed.removesuffix(unit)
    return f"{number} {_with_micro(prefix)}{unit}"


def digits_of(interval: Interval) -> int:
    """Significant digits of a parameter, by how well it is known."""
    width, size = interval.high - interval.low, abs(interval.value)
    if width <= 0 or size == 0:
        return FEWEST_DIGITS
    apart = math.floor(math.log10(size)) - math.floor(math.log10(width))
    return min(max(ALONE + apart, FEWEST_DIGITS), MOST_DIGITS)


def value_text(interval: Interval) -> str:
    return number_text(interval.value, interval.unit, digits_of(interval))


def range_text(low: float, high: float, unit: str, digits: int = FEWEST_DIGITS) -> str:
    """From where to where a parameter may be."""
    return f"{number_text(low, unit, digits)} to {number_text(high, unit, digits)}"


def limits_text(free: Free, interval: Interval) -> str:
    """Whether the data determine a parameter, and on which side they do not."""
    if interval.determined:
        return "determined"
    below, above = share_of(free, interval.low) <= AT_BOUND, share_of(free, interval.high) >= 1 - AT_BOUND
    if below == above:
        return "not determined"
    return "not limited from below" if below else "not limited from above"


def _with_micro(prefix: str) -> str:
    return MICRO if prefix == "u" else prefix
