"""How far designs are from their wishes, in tolerances, as a surrogate has it; and the designs that come nearest.

Threshold and supply need no simulation and are wishes like the others. Everything is solved by least squares over the
cube of `Space`, from the best of many scattered places: the surrogate costs microseconds, a simulation does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import qmc

from neurokit.design.space import Space
from neurokit.design.surrogate import REACH, Surrogate
from neurokit.design.wishes import Wishes

Floats = NDArray[np.float64]

PREFERENCE = 0.05  # tolerances a side of the cube, towards the usual circuit, where wishes leave a choice
SILENT = 100.0  # tolerances for each unit of silence
SCATTERED = 1024  # places from which the best are refined
STARTS = 5
_STEP = 1e-5  # of a coordinate, for slopes
_EVALUATIONS = 30

_MADE_OF = {  # responses
    "frequency": ("frequency",),
    "energy": ("frequency", "power"),
    "device_energy": ("frequency", "device_power"),
    "amplitude": ("amplitude",),
}


@dataclass(frozen=True)
class Aim:
    """What is solved for: a weight for each wish, and shifts of what the surrogate says of it, in tolerances."""

    weights: Floats
    shifts: Floats
    optimism: float = 0.0  # standard deviations by which the surrogate may be wrong in the wish's favour
    reach: float = REACH  # how far silent points warn


@dataclass(frozen=True, eq=False)
class Forecast:
    """A surrogate, asked about wishes."""

    space: Space
    wishes: Wishes
    surrogate: Surrogate

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.wishes.wished)

    def values(self, designs: Floats, uncertain: bool = False) -> tuple[Floats, Floats]:
        """Logarithms of the wished quantities of these rows of designs, and their standard deviations."""
        x, r, c, v = designs[:, :4].T
        mean, spread = self.surrogate.predict(x, r, c, v, needed=self._needed(), uncertain=uncertain)
        known = {
            "frequency": (mean[:, 0], spread[:, 0]),
            "energy": (mean[:, 1] - mean[:, 0], np.hypot(spread[:, 1], spread[:, 0])),
            "device_energy": (mean[:, 2] - mean[:, 0], np.hypot(spread[:, 2], spread[:, 0])),
            "amplitude": (mean[:, 3], spread[:, 3]),
            "v_threshold": (np.log(self.space.statics(x).v_threshold), np.zeros(len(x))),
            "v_in": (np.log(v), np.zeros(len(x))),
        }
        if self.space.is_range:
            v_low = designs[:, 4]
            low, low_spread = self.surrogate.predict(x, r, c, v_low, needed=("frequency",), uncertain=uncertain)
            known["frequency_low"] = low[:, 0], low_spread[:, 0]
            known["v_low"] = np.log(v_low), np.zeros(len(x))
        chosen = [known[name] for name in self.names]
        return np.stack([a for a, _ in chosen], axis=1), np.stack([b for _, b in chosen], axis=1)

    def misses(self, designs: Floats, uncertain: bool = False) -> tuple[Floats, Floats]:
        """By how many tolerances each wish is missed, with sign, and the standard deviation of that."""
        values, spread = self.values(designs, uncertain)
        return (values - np.log(list(self.wishes.wished.values()))) / self.wishes.tolerance, (
            spread / self.wishes.tolerance
        )

    def silence(self, designs: Floats, reach: float) -> Floats:
        x, r, c, v = designs[:, :4].T
        silence = self.surrogate.silence(x, r, c, v, reach)
        return silence + self.surrogate.silence(x, r, c, designs[:, 4], reach) if self.space.is_range else silence

    def nearest(self, aim: Aim, seed: int, known: Floats | None = None) -> Floats:
        """The coordinates whose weighted misses are least; `known` are places to begin from besides scattered ones."""
        scattered = qmc.Sobol(self.space.dimensions, seed=seed).random(SCATTERED)
        places = scattered if known is None or not len(known) else np.concatenate([known, scattered])
        cost = np.square(self._residuals(places, aim)).sum(axis=1)
        starts = places[np.argsort(cost)[:STARTS]]
        found = [self._refined(start, aim) for start in starts]
        return min(found, key=lambda item: item[0])[1]

    def _needed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(response for name in self.names for response in _MADE_OF.get(name, ())))

    def _refined(self, start: Floats, aim: Aim) -> tuple[float, Floats]:
        inside = np.clip(start, 1e-9, 1 - 1e-9)
        solved = least_squares(
            lambda at: self._residuals(at[None, :], aim)[0],
            inside,
            jac=lambda at: self._slopes(at, aim),
            bounds=(0.0, 1.0),
            max_nfev=_EVALUATIONS,
        )
        return float(solved.cost), np.asarray(solved.x)

    def _slopes(self, at: Floats, aim: Aim) -> Floats:
        step = np.where(at > 0.5, -_STEP, _STEP)
        moved = self._residuals(np.concatenate([at[None, :], at + np.diag(step)]), aim)
        return np.asarray((moved[1:] - moved[0]).T / step)

    def _residuals(self, at: Floats, aim: Aim) -> Floats:
        designs = self.space.designs(at)
        misses, spread = self.misses(designs, uncertain=aim.optimism > 0)
        misses = misses - aim.shifts
        if aim.optimism:
            misses = np.sign(misses) * np.maximum(np.abs(misses) - aim.optimism * spread, 0.0)
        preference = PREFERENCE * (at - self.space.usual)
        return np.concatenate(
            [aim.weights * misses, SILENT * self.silence(designs, aim.reach)[:, None], preference], axis=1
        )
