"""What simulations so far say of those not made: the closed form, corrected by Gaussian processes, with uncertainty.

One process for the logarithm of each response over the closed form's: it is smooth in the coordinates of
`Space.features` and mostly a number. Where nothing oscillated is kept
beside them, so that the search stays away.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurokit.design.prior import RESPONSES, prior
from neurokit.design.space import Space
from neurokit.errors import NeurokitError

Floats = NDArray[np.float64]

SPREAD = 0.3  # of the logarithm of a response about its closed form's, before anything is simulated
NOISE = 3e-4  # of a simulated response, relative: the period's error of `neurokit.device.accuracy`
SHORTEST = 0.3  # R_s C in thermal times, at which nothing oscillates any more
REACH = 0.25  # of the features: so far does a point that did not oscillate warn, unless one that did is nearer
_LENGTHS = (0.15, 6.0)  # bounds of length scales in units of the features
_SPREADS = (0.02, 1.0)
_FEW = 5  # points, below which length scales stay as they are


@dataclass(frozen=True, eq=False)
class Known:
    """The operating points so far, an array each; responses are logarithms, NaN where nothing oscillated."""

    x: Floats
    r_series: Floats  # ohm
    capacitance: Floats  # F
    v: Floats  # V
    responses: Floats  # a row a point, in the order of RESPONSES

    @property
    def alive(self) -> NDArray[np.bool_]:
        return np.asarray(np.isfinite(self.responses).all(axis=1))


@dataclass(frozen=True, eq=False)
class Surrogate:
    """Predicts responses anywhere in the space; `fitted` makes one."""

    space: Space
    processes: tuple[Any, ...]  # one a response; none while nothing has oscillated
    offsets: Floats
    alive: Floats  # features of the points that oscillated
    dead: Floats  # and of those that did not

    def predict(
        self, x: Floats, r: Floats, c: Floats, v: Floats, *, needed: Sequence[str] = RESPONSES, uncertain: bool = False
    ) -> tuple[Floats, Floats]:
        """Logarithms of the responses and, if asked for, their standard deviations; a row for each point.

        Of responses that are not needed nothing but the closed form is given.
        """
        mean = prior(self.space, x, r, c, v)
        if not self.processes:
            return mean, np.full_like(mean, SPREAD)
        at = self.space.features(x, r, c, v)
        deviation = np.zeros_like(mean)
        for k, (name, process) in enumerate(zip(RESPONSES, self.processes, strict=True)):
            if name not in needed:
                continue
            if uncertain:
                correction, deviation[:, k] = process.predict(at, return_std=True)
            else:
                correction = process.predict(at)
            mean[:, k] += self.offsets[k] + correction
        return mean, deviation

    def silence(self, x: Floats, r: Floats, c: Floats, v: Floats, reach: float = REACH) -> Floats:
        """How surely nothing oscillates there: 0 for not at all; `reach` is how far a silent point warns.

        A slower circuit around a device of smaller x oscillates sooner. So a silent point also speaks for all faster
        circuits and larger x, and one that oscillated for all others; between the two the boundary is in the middle.
        """
        at = self.space.features(x, r, c, v)
        known = np.maximum(np.minimum(reach, _distance(at, self.alive, 1.0)) - _distance(at, self.dead, -1.0), 0.0)
        too_small = np.maximum(np.log(1.05 * self.space.statics(x).r_triple / r), 0.0)
        too_fast = np.maximum(np.log(SHORTEST * self.space.tau / (r * c)), 0.0)
        return np.asarray(known + too_small + too_fast)


def _distance(at: Floats, known: Floats, sign: float) -> Floats:
    """To the nearest of the known features, which also speak for larger x and faster circuits, or the opposite."""
    if not len(known):
        return np.full(len(at), np.inf)
    away = at[:, None, :] - known[None, :, :]
    away[:, :, 0] = np.maximum(sign * away[:, :, 0], 0.0)
    away[:, :, 2] = np.maximum(-sign * away[:, :, 2], 0.0)
    return np.asarray(np.sqrt(np.square(away).sum(axis=2)).min(axis=1))


def fitted(space: Space, known: Known, before: Surrogate | None = None) -> Surrogate:
    """The surrogate after these points; length scales begin where those of the one before ended."""
    alive = known.alive
    at = space.features(known.x, known.r_series, known.capacitance, known.v)
    processes: list[Any] = []
    offsets = np.zeros(len(RESPONSES))
    if alive.any():
        closed = prior(space, known.x, known.r_series, known.capacitance, known.v)
        difference = (known.responses - closed)[alive]
        offsets = difference.mean(axis=0)
        for k in range(len(RESPONSES)):
            kernel = before.processes[k].kernel_ if before and before.processes else None
            processes.append(_process(at[alive], difference[:, k] - offsets[k], kernel))
    return Surrogate(space, tuple(processes), offsets, at[alive], at[~alive])


def _process(at: Floats, values: Floats, kernel: Any) -> Any:
    gaussian_process = _scikit_learn()
    kernels = gaussian_process.kernels
    if kernel is None:
        kernel = kernels.ConstantKernel(SPREAD**2, (_SPREADS[0] ** 2, _SPREADS[1] ** 2)) * kernels.Matern(
            np.full(at.shape[1], 1.0), _LENGTHS, nu=2.5
        )
    optimizer = "fmin_l_bfgs_b" if len(at) >= _FEW else None
    process = gaussian_process.GaussianProcessRegressor(kernel, alpha=NOISE**2, optimizer=optimizer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a length scale at its bound, which is what bounds are for
        return process.fit(at, values)


def _scikit_learn() -> Any:
    try:
        from sklearn import gaussian_process
    except ImportError:
        raise NeurokitError("design needs scikit-learn: pip install 'neurokit[design]'") from None
    return gaussian_process
