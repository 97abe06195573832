"""What a sweep varies: an axis is a quantity of the neuron or its device, a range, and how to step through it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import isfinite, log
from typing import Any

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.circuits.values import si_number
from neurokit.device.vo2x import DEVICE_PARAMETERS, Vo2x
from neurokit.errors import NeurokitError, OutOfRangeError

_CIRCUIT = {"r_series": "ohm", "capacitance": "F", "r_sense": "ohm"}
_DEVICE: Mapping[str, str] = {f.name: f.metadata["unit"] for f in fields(Vo2x) if f.name in DEVICE_PARAMETERS}

# Every quantity that can be an axis, with its unit: the supply, the circuit's parts, the device's parameters.
QUANTITIES: Mapping[str, str] = {"v_in": "V"} | _CIRCUIT | dict(_DEVICE)
SHORT: Mapping[str, str] = {"r": "r_series", "c": "capacitance", "v": "v_in", "temperature": "t_ambient"}


@dataclass(frozen=True)
class Axis:
    """One quantity between two bounds; positions along it run from 0 to 1, evenly or by the logarithm."""

    name: str
    low: float
    high: float
    count: int | None = None  # points of a full grid along it
    log: bool = False

    def __post_init__(self) -> None:
        if self.name not in QUANTITIES:
            short = {full: name for name, full in SHORT.items()}
            names = (f"{n} (or {short[n]})" if n in short else n for n in QUANTITIES)
            raise NeurokitError(f"no axis {self.name!r}: choose one of {', '.join(names)}")
        if not (isfinite(self.low) and isfinite(self.high) and self.low < self.high):
            raise OutOfRangeError(
                f"axis {self.name}: {self.low:g}..{self.high:g} must rise from a finite bound to another"
            )
        if self.count is not None and self.count < 2:
            raise OutOfRangeError(f"axis {self.name}: {self.count} points are no axis, give at least 2")
        if self.log and not self.low > 0:
            raise OutOfRangeError(f"axis {self.name}: a logarithmic axis begins above 0, not at {self.low:g}")

    @property
    def unit(self) -> str:
        return QUANTITIES[self.name]

    def value(self, position: float) -> float:
        """The quantity at a position; the bounds themselves at 0 and 1."""
        if position in (0.0, 1.0):
            return self.high if position else self.low
        if self.log:
            return float(self.low * (self.high / self.low) ** position)
        return self.low + position * (self.high - self.low)

    def position(self, value: float) -> float:
        """Where a value lies along the axis; the opposite of `value` but for rounding."""
        if not self.log:
            return (value - self.low) / (self.high - self.low)
        if not value > 0:
            raise OutOfRangeError(
                f"axis {self.name} is logarithmic: {value:g} has no place on it, give a value above 0"
            )
        return log(value / self.low) / log(self.high / self.low)


def parse_axis(text: str) -> Axis:
    """`NAME=LOW..HIGH[:N][:log]`, numbers with SI prefixes: "c=100p..10n:40:log"."""
    name, equals, rest = text.partition("=")
    bounds, *options = rest.split(":")
    low, dots, high = bounds.partition("..")
    if not (equals and dots):
        raise NeurokitError(
            f"axis {text!r} is not understood: write NAME=LOW..HIGH[:N][:log], such as r_series=1k..9k:40"
        )
    log = "log" in options
    counts = [option for option in options if option != "log"]
    if len(counts) > 1 or not all(c.isdecimal() for c in counts) or options.count("log") > 1:
        raise NeurokitError(
            f"axis {text!r}: after the range come a number of points and `log`, not {':'.join(options)!r}"
        )
    name = name.strip().lower().replace("-", "_")
    count = int(counts[0]) if counts else None
    return Axis(SHORT.get(name, name), si_number(low), si_number(high), count, log)


def parse_grid(text: str, axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """These axes with the points of `60x60`, one number for each of them or one for all."""
    parts = text.lower().split("x")
    if len(parts) == 1:
        parts *= len(axes)
    if len(parts) != len(axes) or not all(part.isdecimal() for part in parts):
        raise NeurokitError(f"grid {text!r}: write the points along each of the {len(axes)} axes, such as 60x60")
    return tuple(replace(axis, count=int(part)) for axis, part in zip(axes, parts, strict=True))


def placed(neuron: NeuronCircuit, v_in: float, setting: Mapping[str, float]) -> tuple[NeuronCircuit, float]:
    """The neuron and its supply with these quantities set, the others as they are."""
    circuit: dict[str, Any] = {name: value for name, value in setting.items() if name in _CIRCUIT}
    device: dict[str, Any] = {name: value for name, value in setting.items() if name in _DEVICE}
    if device:
        circuit["device"] = replace(neuron.device, **device)
    return replace(neuron, **circuit) if circuit else neuron, setting.get("v_in", v_in)
