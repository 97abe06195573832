"""What the processes of this package share: parameters with their sources, and the deficiency that each ends in."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurokit.errors import OutOfRangeError

Floats = NDArray[np.float64]

X_SINGLE_PHASE = 0.1  # of VO2-x: beyond it Magneli phases begin (V8O15 is x = 0.125)
ASSUMED = "assumed"


class OutsideValidityWarning(UserWarning):
    """A model is used where nobody has checked it."""


def stated(default: float, meaning: str, unit: str, low: float, high: float, source: str) -> Any:
    """A parameter of a model: bounds are those of what is known, the source a publication or "assumed"."""
    known = {"meaning": meaning, "unit": unit, "low": low, "high": high, "source": source}
    return field(default=default, metadata=known)


def check_validity(model: Any) -> tuple[str, ...]:
    """Refuses parameters that are no numbers or of the wrong sign; warns of those outside their range, by name."""
    found = []
    for item in fields(model):
        if "low" not in item.metadata:
            continue
        value, low, high, unit = (getattr(model, item.name), *(item.metadata[k] for k in ("low", "high", "unit")))
        if not np.isfinite(value) or (low >= 0 > value):
            raise OutOfRangeError(f"{item.name} = {value} {unit} must be finite and not below 0: {low:g} to {high:g}")
        if not low <= value <= high:
            found.append(f"{item.name} = {value:g} {unit} is outside {low:g} to {high:g} {unit}, where the model holds")
    for text in found:
        warnings.warn(text, OutsideValidityWarning, stacklevel=3)
    return tuple(found)


def warn_beyond_single_phase(x: Floats) -> tuple[str, ...]:
    """Warns, and says what it warned of, where a process gives more than VO2-x can lack as a single phase."""
    if not (x > X_SINGLE_PHASE).any():
        return ()
    text = f"x = {x.max():.3g} is beyond {X_SINGLE_PHASE:g}, where VO2-x is no single phase"
    warnings.warn(text, OutsideValidityWarning, stacklevel=3)
    return (text,)


@dataclass(frozen=True, eq=False)
class Deficiency:
    """Oxygen deficiency x of VO2-x, one number or a profile of it, and what it was computed from."""

    x: Floats  # 0-d, or one for each position
    process: str  # the name of the model
    parameters: Mapping[str, Any]  # of the model, by name
    position: Floats | None = None  # m, along the last axis that `along` names; of a map, (ny, nx, 2)
    along: str = ""  # "across the wafer", "from the surface down", "from the tip"
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not np.isfinite(self.x).all() or (np.asarray(self.x) < -1e-12).any():
            raise OutOfRangeError(f"{self.process} gives x = {np.min(self.x)}: a deficiency is finite and not below 0")

    @property
    def beyond_single_phase(self) -> bool:
        """Whether some of it lies where VO2-x is no single phase any more."""
        return bool((np.asarray(self.x) > X_SINGLE_PHASE).any())
