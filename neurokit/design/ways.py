"""From the x of a design to the films that have it: one setting of each process, found by inverting its model.

Everything else of a process stays as its model has it. Each is another film: x is an effective deficiency, and that of
one film is taken for that of another. The error is that of x alone, carried through the slope of the model; what is
not known of the models themselves (`docs/models.md`) is not in it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.optimize import brentq

from neurokit.vacancy.anneal import EXTENSIVE, MILD, annealed
from neurokit.vacancy.growth import LINE_END, GrowthGradient, growth_deficiency, position_of
from neurokit.vacancy.overlayer import Overlayer, grow

_SLOPE_STEP = 1e-3  # of the setting's span


@dataclass(frozen=True)
class Way:
    """A process that makes films with the wished x, by one of its settings."""

    process: str
    film: str  # that it makes or changes
    setting: str
    unit: str
    value: float  # not a number where the process does not reach x
    error: float  # standard deviation, from that of x
    reach: tuple[float, float]  # lowest and highest x that the setting gives

    @property
    def reached(self) -> bool:
        return bool(np.isfinite(self.value))


@dataclass(frozen=True)
class _Setting:
    """A setting of a process, over a span in which x rises or falls all along."""

    process: str
    film: str
    name: str
    unit: str
    span: tuple[float, float]
    x_at: Callable[[float], float]


def ways_to(x: float, error: float = 0.0) -> tuple[Way, ...]:
    """Growth, overlayer and vacuum anneal that give x, which is known to `error`."""
    gradient = GrowthGradient()
    return (
        _way(_place(gradient), x, error, lambda wished: position_of(gradient, wished)),
        *(_way(setting, x, error, _inverse(setting)) for setting in (_pressure(), _heat())),
    )


def _place(gradient: GrowthGradient) -> _Setting:
    return _Setting(
        "growth gradient",
        "VO2-x by MBE on a 2-inch wafer",
        "position on the line",
        "m",
        (-LINE_END, LINE_END),
        lambda place: float(growth_deficiency(gradient, place).x),
    )


def _pressure() -> _Setting:
    model = Overlayer()
    (known,) = (item.metadata for item in fields(model) if item.name == "oxygen_pressure")
    return _Setting(
        "TiO2 overlayer",
        f"{1e9 * model.film_thickness:g} nm of VO2 under {1e9 * model.thickness:g} nm of TiO2",
        "oxygen pressure",
        "Pa",
        (known["low"], known["high"]),
        lambda pressure: float(grow(replace(model, oxygen_pressure=pressure)).x.mean()),
    )


def _heat() -> _Setting:
    """Up to the extensive anneal: beyond it VO2-x is soon no single phase."""
    return _Setting(
        f"vacuum anneal, {EXTENSIVE.duration / 60:g} min",
        f"{1e9 * EXTENSIVE.film_thickness:g} nm of bare VO2",
        "temperature",
        "K",
        (MILD.temperature, EXTENSIVE.temperature),
        lambda temperature: float(annealed(replace(EXTENSIVE, temperature=temperature)).x.mean()),
    )


def _inverse(setting: _Setting) -> Callable[[float], float]:
    return lambda x: float(brentq(lambda v: setting.x_at(v) - x, *setting.span, xtol=1e-6))


def _way(setting: _Setting, x: float, error: float, inverse: Callable[[float], float]) -> Way:
    low, high = sorted(setting.x_at(end) for end in setting.span)
    value = inverse(x) if low <= x <= high else float("nan")
    spread = error / _slope(setting, value)
    return Way(setting.process, setting.film, setting.name, setting.unit, value, spread, (low, high))


def _slope(setting: _Setting, value: float) -> float:
    """|dx/dv| at a setting, between neighbours within the span; not a number where there is no setting."""
    if not np.isfinite(value):
        return float("nan")
    first, last = setting.span
    step = _SLOPE_STEP * (last - first)
    below, above = max(value - step, first), min(value + step, last)
    return abs(setting.x_at(above) - setting.x_at(below)) / (above - below)
