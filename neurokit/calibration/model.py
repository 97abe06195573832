"""From a point in the unit cube of the free parameters to a device, its circuit, and residuals of all records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from neurokit.calibration.description import LOG, Description, Free
from neurokit.calibration.predict import predicted
from neurokit.calibration.records import Record
from neurokit.calibration.residuals import residuals
from neurokit.device.film import FILM_PARAMETERS, Film
from neurokit.device.vo2x import DEVICE_PARAMETERS, Vo2x
from neurokit.errors import NeurokitError
from neurokit.vacancy.model import Floats

HOPELESS = 1e9  # chi-square of a device that cannot be


@dataclass(frozen=True, eq=False)
class Model:
    """A description as a function of the unit cube: 0 is each parameter's low bound, 1 its high one."""

    description: Description
    records: tuple[Record, ...]  # whose residuals are asked for

    @property
    def known(self) -> int:
        """How many measured numbers there are to explain; what is assumed is none."""
        return sum(record.known for record in self.records if not record.assumed)

    def values(self, point: Floats) -> dict[str, float]:
        """Each free parameter in SI units."""
        return {free.name: value_at(free, share) for free, share in zip(self.description.free, point, strict=True)}

    def device(self, point: Floats) -> Vo2x:
        known = {**self.description.fixed, **self.values(point)}
        return device_of(self.description, known)

    def circuit(self, point: Floats) -> dict[str, float]:
        return {**self.description.fixed_circuit, **self.values(point)}

    def predictions(self, point: Floats) -> list[dict[str, Floats]]:
        """What the device gives in every record."""
        device, circuit = self.device(point), self.circuit(point)
        return [predicted(record, device, circuit) for record in self.records]

    def residuals(self, point: Floats) -> Floats:
        parts = zip(self.records, self.predictions(point), strict=True)
        return np.concatenate([residuals(record, answers) for record, answers in parts])

    def cost(self, point: Floats) -> float:
        """The sum of squared residuals; a device that cannot be, or does not move, is as bad as any."""
        try:
            found = self.residuals(np.clip(point, 0.0, 1.0))
        except (NeurokitError, FloatingPointError, ZeroDivisionError):
            return HOPELESS
        return float(found @ found) if np.isfinite(found).all() else HOPELESS


def device_of(description: Description, known: dict[str, float]) -> Vo2x:
    """The description's device with these parameters; the others are those of the device that it starts from."""
    base = description.base.film
    own = {name: value for name, value in known.items() if name in FILM_PARAMETERS}
    free = {item.name for item in description.free}
    words = {name: f"{'fitted to' if name in free else 'given for'} {description.title}" for name in known}
    sources = base.sources | {
        name: text for name, text in words.items() if name in (*FILM_PARAMETERS, *DEVICE_PARAMETERS)
    }
    film: Film = replace(base, name=description.name, description=description.title, sources=sources, **own)
    return replace(
        description.base,
        film=film,
        **{name: value for name, value in known.items() if name in DEVICE_PARAMETERS},
    )


def value_at(free: Free, share: float) -> float:
    """The value of a parameter at this share of its range, on its scale."""
    share = min(max(float(share), 0.0), 1.0)
    if free.scale == LOG:
        return float(np.exp(np.log(free.low) + share * (np.log(free.high) - np.log(free.low))))
    return free.low + share * (free.high - free.low)


def share_of(free: Free, value: float) -> float:
    """Where in its range a value is."""
    if free.scale == LOG:
        return float(np.log(value / free.low) / np.log(free.high / free.low))
    return (value - free.low) / (free.high - free.low)


def that_matter(model: Model, seed: int, points: int = 8) -> tuple[int, ...]:
    """The places of the parameters that change any residual of these records, by trying."""
    draw = np.random.default_rng(seed)
    count = len(model.description.free)
    found: set[int] = set()
    for point in draw.uniform(0.2, 0.8, (points, count)):
        before = model.residuals(point)
        for k in set(range(count)) - found:
            moved = point.copy()
            moved[k] += 0.15
            if not np.allclose(model.residuals(moved), before, rtol=1e-9, atol=1e-9):
                found.add(k)
    return tuple(sorted(found))


def with_kinds(description: Description, kinds: Sequence[str]) -> tuple[Record, ...]:
    """The fitted records of these kinds."""
    return tuple(record for record in description.fitted if record.kind in kinds)
