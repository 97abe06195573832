"""From wishes to a design by active learning: a surrogate proposes, simulations answer, until every wish is met.

Each round fits the surrogate to all answers and proposes a small batch: where the wishes are met by its mean, and where
they would be if it were wrong by a draw of its own uncertainty. Where the mean cannot meet them, the batch goes to
where they are met if everything is wrong in their favour; where not even that helps, the wishes contradict each other
or the limits. Then each wish in turn gives way to all others, and the nearest value that is left to it is simulated.
How near that is to the truth where oscillation itself ends is a matter of how many simulations are left.
An answer is always a design that was simulated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from neurokit.design.ask import Ask
from neurokit.design.forecast import Aim, Forecast
from neurokit.design.prior import RESPONSES
from neurokit.design.space import Design, Space
from neurokit.design.surrogate import REACH, Known, Surrogate, fitted
from neurokit.design.wishes import Wishes
from neurokit.device.closed_form import thresholds
from neurokit.device.vo2x import Vo2x
from neurokit.errors import OutOfRangeError
from neurokit.spikes.operating_point import OperatingPoint
from neurokit.spikes.regime import Regime

Floats = NDArray[np.float64]

RUNS = 60
BATCH = 2
OPTIMISM = 2.0  # standard deviations
REACHABLE = 0.9  # tolerances within which the surrogate must see a wish before a simulation is spent on it
YIELDING = 0.02  # weight of the wish that gives way, against 1 of the others
BOLD = 0.25  # of the reach of silent points, where the surrogate is taken to be wrong in the wishes' favour
ROUNDS = 40  # at most, in which nearest values are improved; they end when none promises to improve
WORTHWHILE = 1.0  # tolerances by which a nearest value must promise to improve for another simulation
FRONT = 7  # places along the trade-off of the two wishes that come nearest
_ALIKE = 1e-4  # of the cube: two places this close are one


@dataclass(frozen=True, eq=False)
class Trial:
    """A design that was simulated: what became of each wished quantity, NaN where the neuron did not oscillate."""

    at: Floats  # coordinates in the cube
    design: Design
    values: dict[str, float]
    points: tuple[OperatingPoint, ...]  # one a drive, the highest first
    runs: int  # simulations so far, these included

    @property
    def oscillates(self) -> bool:
        return all(_alive(point) for point in self.points)


@dataclass(frozen=True, eq=False)
class Search:
    """What a search found: trials in their order, the last surrogate, and the trial each yielding wish came to."""

    wishes: Wishes
    space: Space
    trials: tuple[Trial, ...]
    surrogate: Surrogate
    exhausted: bool  # the surrogate sees no design that meets all wishes
    nearest: dict[str, Trial]  # by wish: all others are met, and this one as nearly as the surrogate could find

    @property
    def runs(self) -> int:
        return self.trials[-1].runs if self.trials else 0


def search(
    wishes: Wishes,
    ask: Ask,
    *,
    device: Vo2x = Vo2x(),  # noqa: B008 - frozen
    runs: int = RUNS,
    batch: int = BATCH,
    seed: int = 1,
) -> Search:
    """Look for a design within this many simulations, `batch` designs at a time."""
    if runs < 1 or batch < 1:
        raise OutOfRangeError(f"runs = {runs} and batch = {batch} must be at least 1")
    space = Space.of(wishes, device)
    if runs < space.drives:
        raise OutOfRangeError(f"runs = {runs} is not enough for one design: a range over the drive takes two")
    at_work = _Searching(wishes, space, ask, runs, batch, seed)
    at_work.until_met()
    if at_work.exhausted and not at_work.met():
        at_work.let_each_give_way()
        at_work.trade()
    return at_work.found()


def worst_miss(wishes: Wishes, values: dict[str, float], but: str = "") -> float:
    """The largest relative miss of the wishes, in tolerances, of all but one; infinite where nothing oscillated."""
    if any(value != value for value in values.values()):
        return float("inf")
    misses = [abs(values[name] / wish - 1) for name, wish in wishes.wished.items() if name != but]
    return max(misses, default=0.0) / wishes.tolerance


def nearest_trials(wishes: Wishes, trials: Sequence[Trial]) -> dict[str, Trial]:
    """For each wish the trial that comes nearest to it while it meets all others, the most nearly met wish first."""
    found = {}
    for name, wish in wishes.wished.items():
        if met := [trial for trial in trials if worst_miss(wishes, trial.values, but=name) <= 1]:
            found[name] = min(zip([_distance(trial, name, wish) for trial in met], range(len(met)), met, strict=True))[
                2
            ]
    return dict(sorted(found.items(), key=lambda item: _distance(item[1], item[0], wishes.wished[item[0]])))


def _distance(trial: Trial, name: str, wish: float) -> float:
    return float(abs(np.log(trial.values[name] / wish)))


class _Searching:
    """A search at work."""

    def __init__(self, wishes: Wishes, space: Space, ask: Ask, runs: int, batch: int, seed: int) -> None:
        self._wishes, self._space, self._ask, self._runs, self._batch = wishes, space, ask, runs, batch
        self._random = np.random.default_rng(seed)
        self._trials: list[Trial] = []
        self._surrogate = fitted(space, _known(()))
        self.exhausted = False

    def met(self) -> bool:
        return any(worst_miss(self._wishes, trial.values) <= 1 for trial in self._trials)

    def left(self) -> int:
        """Designs for which there are simulations left, if each drive takes one."""
        spent = self._trials[-1].runs if self._trials else 0
        return max(self._runs - spent, 0) // self._space.drives

    def until_met(self) -> None:
        while self.left() > 0 and not self.met():
            places = self._proposals()
            if not places:
                self.exhausted = True
                return
            self._simulate(places)

    def let_each_give_way(self) -> None:
        """Simulate, for each wish, the nearest that it comes to its value while all others are met."""
        pending = list(self._wishes.wished)
        for _ in range(ROUNDS):
            places = {name: at for name in pending if (at := self._giving_way(name)) is not None}
            room = self.left() - (FRONT if len(self._wishes.wished) > 1 else 0)
            if not places or room <= 0:
                return
            self._simulate(list(places.values())[:room])
            pending = list(places)

    def trade(self) -> None:
        """Simulate designs along the trade-off between the wish most nearly met and the next one that is simulated."""
        pair = traded(self._wishes, self._trials)
        if pair is None:
            return
        forecast, names = self._forecast(), list(self._wishes.wished)
        places: list[Floats] = []
        for angle in np.linspace(0.0, np.pi / 2, FRONT + 2)[1:-1]:
            share = dict(zip(pair, (np.cos(angle), np.sin(angle)), strict=True))
            weights = np.array([YIELDING * share[name] if name in share else 1.0 for name in names])
            at = self._solved(forecast, Aim(weights, np.zeros(len(names))))
            if self._is_new(at, places):
                places.append(at)
        if places and self.left() > 0:
            self._simulate(places[: self.left()])

    def found(self) -> Search:
        trials = tuple(self._trials)
        return Search(
            wishes=self._wishes,
            space=self._space,
            trials=trials,
            surrogate=self._surrogate,
            exhausted=self.exhausted,
            nearest=nearest_trials(self._wishes, trials) if self.exhausted else {},
        )

    def _proposals(self) -> list[Floats]:
        """Coordinates of the next batch, the most promising first; none where nothing promises anything."""
        forecast, count = self._forecast(), len(self._wishes.wished)
        plain = Aim(np.ones(count), np.zeros(count))
        best = self._solved(forecast, plain)
        if not self._promises(forecast, best, 0.0):
            best = self._solved(forecast, replace(plain, optimism=OPTIMISM, reach=BOLD * REACH))
            return [best] if self._promises(forecast, best, OPTIMISM) and self._is_new(best, []) else []
        places = [best] if self._is_new(best, []) else []
        _, spread = forecast.misses(self._space.designs(best[None, :]), uncertain=True)
        for _ in range(self._batch - 1 if (spread > 1).any() else 0):  # a sure surrogate needs no second opinion
            other = self._solved(forecast, Aim(np.ones(count), self._random.normal(size=count) * spread[0]))
            if self._is_new(other, places):
                places.append(other)
        return places[: self.left()]

    def _giving_way(self, name: str) -> Floats | None:
        """Where one wish comes nearer to its value with all others met, or None where that cannot be.

        Silent points are kept clear of the more widely the longer it was in vain, and then more boldly approached.
        """
        reaches = (REACH * (1 + self._silent_streak()), BOLD * REACH)
        return next((at for reach in reaches if (at := self._nearer(name, reach)) is not None), None)

    def _nearer(self, name: str, reach: float) -> Floats | None:
        forecast, names = self._forecast(), list(self._wishes.wished)
        weights = np.where(np.array(names) == name, YIELDING, 1.0)
        at = self._solved(forecast, Aim(weights, np.zeros(len(names)), reach=reach))
        others = [k for k, other in enumerate(names) if other != name]
        if not self._promises(forecast, at, OPTIMISM, others) or not self._is_new(at, []):
            return None
        known = nearest_trials(self._wishes, self._trials).get(name)
        if known is None:
            return at
        miss = abs(forecast.misses(self._space.designs(at[None, :]))[0][0][names.index(name)])
        so_far = _distance(known, name, self._wishes.wished[name]) / self._wishes.tolerance
        return at if so_far - miss > WORTHWHILE else None

    def _promises(self, forecast: Forecast, at: Floats, optimism: float, among: Sequence[int] | None = None) -> bool:
        misses, spread = forecast.misses(self._space.designs(at[None, :]), uncertain=optimism > 0)
        favoured = np.maximum(np.abs(misses[0]) - optimism * spread[0], 0.0)
        if among is not None:
            favoured = favoured[list(among)]
        return bool((favoured <= REACHABLE).all())

    def _silent_streak(self) -> int:
        """How many of the last trials did not oscillate: the longer in vain, the farther away the search tries."""
        return next((k for k, trial in enumerate(reversed(self._trials)) if trial.oscillates), len(self._trials))

    def _is_new(self, at: Floats, places: Sequence[Floats]) -> bool:
        known = [*(trial.at for trial in self._trials), *places]
        return all(np.abs(at - other).max() > _ALIKE for other in known)

    def _solved(self, forecast: Forecast, aim: Aim) -> Floats:
        near = sorted(self._trials, key=lambda trial: worst_miss(self._wishes, trial.values))[:2]
        seed = int(self._random.integers(2**31))
        return forecast.nearest(aim, seed, np.array([trial.at for trial in near]))

    def _forecast(self) -> Forecast:
        return Forecast(self._space, self._wishes, self._surrogate)

    def _simulate(self, places: Sequence[Floats]) -> None:
        designs = [self._space.design(at) for at in places]
        asked = [(design.neuron(self._space.device), v) for design in designs for v in design.drives]
        answers = iter(self._ask.measure([neuron for neuron, _ in asked], [v for _, v in asked]))
        for at, design in zip(places, designs, strict=True):
            points = tuple(next(answers) for _ in design.drives)
            spent = self._trials[-1].runs if self._trials else 0
            values = wished_values(self._wishes, self._space.device, design, points)
            self._trials.append(Trial(at, design, values, points, spent + sum(point.simulations for point in points)))
        self._surrogate = fitted(self._space, _known(self._trials), self._surrogate)


def wished_values(wishes: Wishes, device: Vo2x, design: Design, points: Sequence[OperatingPoint]) -> dict[str, float]:
    """What a design comes to for each wish; NaN where its neuron does not oscillate."""
    top, low = points[0], points[-1]
    nothing = float("nan")
    values = {
        "frequency": top.frequency if _alive(top) else nothing,
        "energy": top.energy_per_spike if _alive(top) else nothing,
        "device_energy": top.device_energy_per_spike if _alive(top) else nothing,
        "amplitude": top.amplitude if _alive(top) else nothing,
        "frequency_low": low.frequency if _alive(low) else nothing,
        "v_threshold": thresholds(design.neuron(device).device).v_threshold,
        "v_in": design.v_in,
        "v_low": design.drives[-1],
    }
    if not all(_alive(point) for point in points):
        values |= dict.fromkeys(("v_in", "v_low", "v_threshold"), nothing)
    return {name: float(values[name]) for name in wishes.wished}


def traded(wishes: Wishes, trials: Sequence[Trial]) -> tuple[str, str] | None:
    """The two wishes whose trade-off is worth seeing, or None where it is not known that giving up one helps."""
    order = list(nearest_trials(wishes, trials))
    rest = [name for name in wishes.wished if name not in order]
    first, *others = [*order, *sorted(rest, key=list(wishes.wished).index)]
    return (first, others[0]) if order and others else None


def _alive(point: OperatingPoint) -> bool:
    return point.complete and point.regime is Regime.OSCILLATING and point.frequency > 0


def _known(trials: Sequence[Trial]) -> Known:
    rows = [
        (trial.design.x, trial.design.r_series, trial.design.capacitance, point.v_in, *_responses(point))
        for trial in trials
        for point in trial.points
    ]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 4 + len(RESPONSES))
    x, r, c, v = table[:, :4].T
    return Known(x, r, c, v, table[:, 4:])


def _responses(point: OperatingPoint) -> Sequence[float]:
    if not _alive(point):
        return (float("nan"),) * len(RESPONSES)
    device_power = point.power * point.device_energy_per_spike / point.energy_per_spike
    return [float(np.log(value)) for value in (point.frequency, point.power, device_power, point.amplitude)]
