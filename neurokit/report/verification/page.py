"""The page that says how far a circuit in ngspice and its network agree; one HTML file, nothing to load."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from neurokit.report.page import Shown, rendered
from neurokit.verification.partings import Parting

TEMPLATE = "verification/verification.html.j2"
LISTED = 10  # of the weights that no resistor makes
UNKNOWN = "not known"

# Who answers, by the name in a report, as the page calls them.
SIDES = {
    "ngspice": "circuit in ngspice",
    "twin": "twin of the circuit",
    "spiking": "spiking network",
    "rate": "rate network",
}
# What answers are compared with, by the name in a report.
COMPARED = {"spiking": "spiking network", "rate": "rate network", "twin": "twin of the circuit", "label": "true class"}
PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def verification_page(report: Mapping[str, Any], figures: Sequence[Shown]) -> str:
    """The page of a report, which is plain data as JSON holds it; the same report and figures give the same bytes.

    Parts of the report that are None or empty leave their section out; numbers that are None are shown as not known.
    """
    names = {"sides": SIDES, "compared": COMPARED, "listed": LISTED, "parting": parting_digits(report["digits"])}
    return rendered(TEMPLATE, FILTERS, **names, report=report, figures=figures)


def parting_digits(digits: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that ran through and that the circuit answers otherwise than the spiking network or the rate network."""
    return [digit for digit in digits if digit["status"] == "ok" and _part(digit["answers"])]


def _part(answers: Mapping[str, int | None]) -> bool:
    return any(answers[side] != answers["ngspice"] for side in ("spiking", "rate"))


def _number(value: float | None, scale: float = 1.0, digits: int = 3) -> str:
    """A number in the unit that is 1 / scale; counts and large numbers are written out, without exponents."""
    if value is None:
        return UNKNOWN
    scaled = scale * value
    whole = (isinstance(value, int) and scale == 1) or abs(scaled) >= 10**digits
    return f"{scaled:,.0f}" if whole else f"{scaled:.{digits}g}"


def _percent(share: float | None, digits: int = 4) -> str:
    return UNKNOWN if share is None else f"{100 * share:.{digits}g} %"


def _ohm(value: float) -> str:
    scale, prefix = next(((s, p) for s, p in PREFIXES if value >= s), (1.0, ""))
    return f"{value / scale:.3g} {prefix}\N{GREEK CAPITAL LETTER OMEGA}"


def _answer(digit: int | None) -> str:
    return "none" if digit is None else str(digit)


def _parting(name: str) -> str:
    """Why neurons part, by the name in a report, in the words of that reason."""
    return Parting[name.upper()].value


FILTERS: Mapping[str, Callable[..., str]] = {
    "number": _number,
    "percent": _percent,
    "ohm": _ohm,
    "answer": _answer,
    "parting": _parting,
}
