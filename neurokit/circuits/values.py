"""Numbers as text: what SPICE reads and writes, and what a person types.

The two readers differ in one letter that costs a factor of a thousand million: in SPICE `1M` is a thousandth,
for a person it is a million. So there are two functions, and each says which one it is.
"""

import math
import re

from neurokit.errors import NeurokitError, OutOfRangeError

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_SPICE = re.compile(rf"({_NUMBER.replace('[eE]', '[eEdD]')})([a-zA-Z]*)\Z")
_SI = re.compile(rf"({_NUMBER})\s*([^\s\d]*)\Z")

SPICE_SUFFIXES = {  # longest first: "meg" and "mil" are not "m"; ngspice manual, section 2.1.3.1
    "meg": 1e6,
    "mil": 25.4e-6,
    "t": 1e12,
    "g": 1e9,
    "k": 1e3,
    "m": 1e-3,
    "u": 1e-6,
    "n": 1e-9,
    "p": 1e-12,
    "f": 1e-15,
    "a": 1e-18,
}

SI_PREFIXES = {
    "T": 1e12,
    "G": 1e9,
    "M": 1e6,
    "Meg": 1e6,
    "meg": 1e6,
    "k": 1e3,
    "": 1.0,
    "m": 1e-3,
    "u": 1e-6,
    "\N{MICRO SIGN}": 1e-6,
    "\N{GREEK SMALL LETTER MU}": 1e-6,
    "n": 1e-9,
    "p": 1e-12,
    "f": 1e-15,
    "a": 1e-18,
}

_PREFIX_OF_POWER = dict(zip(range(-18, 13, 3), ("a", "f", "p", "n", "u", "m", "", "k", "M", "G", "T"), strict=True))

SI_UNITS = (
    "",
    "V",
    "A",
    "s",
    "Hz",
    "Ohm",
    "ohm",
    "\N{GREEK CAPITAL LETTER OMEGA}",
    "\N{OHM SIGN}",
    "F",
    "H",
    "S",
    "W",
    "J",
)


def spice_number(text: str) -> float:
    """The value SPICE reads from `text`: "1k", "2meg", "10uF"; M is milli, letters after the suffix do not count."""
    match = _SPICE.match(text.strip())
    if not match:
        raise NeurokitError(f"{text!r} is not a SPICE number: write it like 1k, 1.8n, 2meg or 1e-9")
    digits, letters = match.groups()
    return _scaled(re.sub("[dD]", "e", digits), _spice_scale(letters.lower()), text)


def si_number(text: str) -> float:
    """The value a person means by `text`: "3k", "1.8n", "5 us", "12.5V"; M is mega, m is milli."""
    match = _SI.match(text.strip())
    if not match:
        raise NeurokitError(f"{text!r} is not a number: write it like 12.5, 3k, 1.8n or 5us")
    digits, letters = match.groups()
    return _scaled(digits, _si_scale(letters, text), text)


def spice_value(x: float) -> str:
    """`x` for a netlist, at full precision; the one formatting function, as repr of a NumPy number is no number."""
    value = float(x)
    if not math.isfinite(value):
        raise OutOfRangeError(f"value {value} cannot stand in a netlist: it must be finite")
    return repr(value)


def si_text(x: float, unit: str, digits: int = 3) -> str:
    """`x` for a person, rounded: "3 kOhm", "1.8 nF"; `si_number` reads it."""
    if x == 0 or not math.isfinite(x):
        return f"{x:g} {unit}"
    rounded = float(f"{x:.{digits}g}")
    power = min(max(3 * math.floor(math.log10(abs(rounded)) / 3), -18), 12)
    return f"{rounded / 10.0**power:.{digits}g} {_PREFIX_OF_POWER[power]}{unit}"


def _scaled(digits: str, exponent: float, text: str) -> float:
    value = float(digits) * exponent
    if not math.isfinite(value):
        raise OutOfRangeError(f"{text!r} is beyond the largest number, {math.ulp(0.0):.1g} to 1.8e308 are possible")
    return value


def _spice_scale(letters: str) -> float:
    return next((scale for suffix, scale in SPICE_SUFFIXES.items() if letters.startswith(suffix)), 1.0)


def _si_scale(letters: str, text: str) -> float:
    if letters == "K":
        raise NeurokitError(f"{text!r}: K alone could be kilo or kelvin; write k for kilo, and kelvin without a unit")
    for unit in SI_UNITS:
        prefix = letters.removesuffix(unit)
        if letters.endswith(unit) and prefix in SI_PREFIXES:
            return SI_PREFIXES[prefix]
    prefixes = ", ".join(p for p in SI_PREFIXES if p.isascii() and p)
    units = ", ".join(u for u in SI_UNITS if u.isascii() and u)
    raise NeurokitError(f"{text!r}: {letters!r} is no prefix ({prefixes}) with or without a unit ({units})")
