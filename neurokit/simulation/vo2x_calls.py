"""Calls of the sub-circuits in spice_models/vo2x.lib that ngspice accepts and gets wrong without a word.

The library is usually included, so that its parameters do not stand in the netlist's own text; they are known here.
ngspice ignores a parameter that a sub-circuit does not have, and its multiplier m scales resistors and capacitors but
not behavioural sources, which turns a device into another one.
"""

import re
from collections.abc import Iterator, Mapping

from neurokit.device.film import ADDITIONS
from neurokit.device.vo2x import DEVICE_PARAMETERS, DEVICES, PARAMETER_FIELDS
from neurokit.simulation.cards import Card, evaluate, subcircuit_of

_GIVEN = re.compile(r"([a-z_]\w*)\s*=\s*(\{[^}]*\}|\S+)", re.IGNORECASE)
_ALL = frozenset(item.name for item in PARAMETER_FIELDS)
_PLAIN = _ALL - ADDITIONS.keys()
_BOUNDS: Mapping[str, tuple[float, float]] = {
    item.name: (item.metadata["low"], item.metadata["high"]) for item in PARAMETER_FIELDS
}
_OF_PRESETS = frozenset(DEVICE_PARAMETERS) - {"x"}

# The parameters that each sub-circuit of the library takes.
PARAMETERS_OF: Mapping[str, frozenset[str]] = {
    "vo2x": _PLAIN,
    "vo2x_pins": _PLAIN,
    "vo2x_cell": _PLAIN,
    "vo2x_fitted": _ALL,
    "vo2x_fitted_pins": _ALL,
    **{f"vo2x_device{number}": _OF_PRESETS for number in DEVICES},
    "vo2x_pld_tio2": frozenset(DEVICE_PARAMETERS),
}


def unknown_parameters(card: Card) -> Iterator[str]:
    """What is wrong with the names that a call gives, in words; nothing for other cards."""
    name, known = _library_call(card)
    for parameter, _ in _given(card) if known else ():
        if parameter == "m":
            yield f"line {card.line}: m= does not multiply a {name}; write width= for devices in parallel"
        elif parameter not in known:
            yield f"line {card.line}: {name} has no parameter {parameter}; it has {', '.join(sorted(known))}"


def values_out_of_range(card: Card, parameters: Mapping[str, float]) -> Iterator[str]:
    """Values outside their bounds; an expression that cannot be read is left to ngspice."""
    _, known = _library_call(card)
    for parameter, text in _given(card) if known else ():
        value = evaluate(text, parameters)
        low, high = _BOUNDS.get(parameter, (float("-inf"), float("inf")))
        if value is not None and not low <= value <= high:
            yield f"line {card.line}: {parameter} = {value:g} is outside [{low:g}, {high:g}]"


def _library_call(card: Card) -> tuple[str, frozenset[str]]:
    name = subcircuit_of(card).lower() if card.keyword.startswith("x") else ""
    return name, PARAMETERS_OF.get(name, frozenset())


def _given(card: Card) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in _GIVEN.findall(card.text)]
