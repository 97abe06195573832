"""What a neuron is wished to do, with checked bounds: any subset of frequency, energy, thresholds, supply, limits.

The frequency belongs to the supply v_in, the neuron's highest drive. With `frequency_low` it is a range over the drive:
the neuron is to reach it at `v_low`, which is found where it is not wished, and from there its frequency rises to the
highest one. Wishes are met within a tolerance; limits are never left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from neurokit.errors import OutOfRangeError

# Limits where none are given, assumed: what is soldered to a device of the paper, with room to both sides.
R_LIMITS = (200.0, 20e3)  # ohm
C_LIMITS = (30e-12, 100e-9)  # F
TOLERANCE = 0.02


def _wish(meaning: str, unit: str, low: float, high: float) -> Any:
    """A field that may be left out, and otherwise lies within bounds."""
    return field(default=None, metadata={"meaning": meaning, "unit": unit, "low": low, "high": high})


@dataclass(frozen=True)
class Wishes:
    """What is wished, and within which limits; None is no wish. The metadata of a field says what it means."""

    frequency: float | None = _wish("frequency at v_in, the highest of the drive", "Hz", 1.0, 1e9)
    frequency_low: float | None = _wish("frequency at v_low, the lowest of the drive", "Hz", 1.0, 1e9)
    energy: float | None = _wish("energy per spike that the supply gives at v_in", "J", 1e-18, 1.0)
    device_energy: float | None = _wish("energy per spike that the device turns into heat at v_in", "J", 1e-18, 1.0)
    amplitude: float | None = _wish("swing of v(osc), peak to peak, at v_in", "V", 1e-3, 1e3)
    v_threshold: float | None = _wish("threshold voltage of the device", "V", 1e-2, 1e3)
    v_in: float | None = _wish("supply voltage, the highest drive", "V", 1e-2, 1e3)
    v_low: float | None = _wish("lowest drive", "V", 1e-2, 1e3)
    r_limits: tuple[float, float] = R_LIMITS  # ohm, of the series resistance
    c_limits: tuple[float, float] = C_LIMITS  # F
    tolerance: float = TOLERANCE  # relative, within which a wish is met

    def __post_init__(self) -> None:
        if not self.wished:
            raise OutOfRangeError(f"nothing is wished: give one or more of {', '.join(QUANTITIES)}")
        for name, value in self.wished.items():
            meaning, unit, low, high = (QUANTITIES[name][key] for key in ("meaning", "unit", "low", "high"))
            if not low <= value <= high:
                raise OutOfRangeError(
                    f"{name} = {value:g} {unit} is outside [{low:g}, {high:g}]: give the {meaning} within it"
                )
        for name, limits in (("r_limits", self.r_limits), ("c_limits", self.c_limits)):
            if not 0 < limits[0] < limits[1] < float("inf"):
                raise OutOfRangeError(f"{name} = {limits[0]:g} to {limits[1]:g} must begin above 0 and rise")
        if not 1e-3 <= self.tolerance <= 0.5:
            raise OutOfRangeError(f"tolerance = {self.tolerance} is outside [0.001, 0.5]: simulations err by some 3e-4")
        for low, high in (("frequency_low", "frequency"), ("v_low", "v_in")):
            below, above = getattr(self, low), getattr(self, high)
            if below is not None and above is not None and not below < above:
                raise OutOfRangeError(f"{low} = {below:g} must be below {high} = {above:g}")
        if self.v_low is not None and self.frequency_low is None:
            raise OutOfRangeError(f"v_low = {self.v_low:g} V says nothing without frequency_low: give both")

    @property
    def wished(self) -> dict[str, float]:
        """The wishes that there are, by name."""
        return {name: float(getattr(self, name)) for name in QUANTITIES if getattr(self, name) is not None}

    @property
    def is_range(self) -> bool:
        """Whether a frequency range over the drive is wished, so that a design has a lowest drive too."""
        return self.frequency_low is not None


# What can be wished, with meaning, unit and bounds.
QUANTITIES: dict[str, Mapping[str, Any]] = {item.name: item.metadata for item in fields(Wishes) if item.metadata}
