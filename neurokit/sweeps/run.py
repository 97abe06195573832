"""A sweep from its description to its diagram: a full grid, a followed boundary, or the twin's map that ngspice checks.

All three ask for points by the batch; what is in the journal is not simulated again.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from neurokit.errors import NeurokitError, OutOfRangeError, SimulationFailedError
from neurokit.simulation.versions import versions_of
from neurokit.spikes.operating_point import point_netlist
from neurokit.spikes.regime import Regime
from neurokit.sweeps.boundary import BudgetSpentError, Known, follow
from neurokit.sweeps.diagram import Disagreement, PhaseDiagram
from neurokit.sweeps.executors import OpenExecutor, Workers
from neurokit.sweeps.guided import confirm
from neurokit.sweeps.journal import Journal
from neurokit.sweeps.lattice import Lattice, Site
from neurokit.sweeps.monte_carlo import Spread, draws, monte_carlo_spec
from neurokit.sweeps.spec import Row, SweepSpec, Values, spec_to_json
from neurokit.sweeps.work import regime_of

Engine = Literal["ngspice", "twin", "guided"]
Progress = Callable[[int, int], None]  # points known, of them failed

ENGINES: tuple[Engine, ...] = ("ngspice", "twin", "guided")
# Simulations of a followed boundary; a point that needs a second try when the budget ends may exceed it by that.
BUDGET: Mapping[str, int] = {"ngspice": 1000, "twin": 100_000, "guided": 200}
CELLS: Mapping[int, int] = {1: 16, 2: 12, 3: 6}  # of the coarse lattice along each axis, by the number of axes
HALVINGS = 6
DEFAULT_COUNT = 60  # points of a full grid along an axis that does not say
TWIN_CELLS, TWIN_HALVINGS = 24, 5  # the twin's map that ngspice checks: the same finest step, seen more closely


@dataclass(frozen=True)
class Method:
    """How a sweep chooses its points and who computes them."""

    engine: Engine = "ngspice"
    full_grid: bool = False  # every point of the axes' grid instead of following the boundaries
    budget: int | None = None  # simulations by ngspice (by the twin, for the engine twin); None: the engine's own
    strict: bool = False  # a failed point ends the sweep

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise NeurokitError(f"no engine {self.engine!r}: choose one of {', '.join(ENGINES)}")
        if self.full_grid and self.engine == "guided":
            raise NeurokitError("a full grid leaves nothing to guide: take engine ngspice or twin, or no grid")
        if self.budget is not None and self.budget < 1:
            raise OutOfRangeError(f"budget is {self.budget}: it must be at least 1")


def run_sweep(
    spec: SweepSpec,
    folder: Path,
    open_executor: OpenExecutor,
    method: Method = Method(),
    *,
    retry_failed: bool = False,
    progress: Progress = lambda known, failed: None,
) -> PhaseDiagram:
    """The diagram of a sweep whose points are kept in `folder`; what is there already is not simulated again."""
    how = {"method": {"engine": method.engine, "full_grid": method.full_grid}}
    description = _made_by(spec, method.engine) | how
    with Journal(folder, description) as journal, Workers(open_executor) as workers:
        if retry_failed:
            journal.forget(lambda row: not row["regime"])
        asked = _Asked(spec, method, journal, workers, progress)
        return _guided(spec, method, asked) if method.engine == "guided" else _direct(spec, method, asked)


def run_monte_carlo(
    spec: SweepSpec,
    spread: Spread,
    count: int,
    seed: int,
    folder: Path,
    open_executor: OpenExecutor,
    *,
    strict: bool = False,
    retry_failed: bool = False,
    progress: Progress = lambda known, failed: None,
) -> list[Row]:
    """So many draws around a neuron, one row each in their order; kept in `folder` as the points of a sweep are."""
    drawn = monte_carlo_spec(spec, spread)
    description = _made_by(drawn, "ngspice") | {"monte_carlo": {"spread": asdict(spread), "seed": seed}}
    with Journal(folder, description) as journal, Workers(open_executor) as workers:
        if retry_failed:
            journal.forget(lambda row: not row["regime"])
        asked = _Asked(drawn, Method(strict=strict), journal, workers, progress)
        return asked.rows_of("monte-carlo", draws(spec.neuron.device, spread, count, seed))


def versions_behind(spec: SweepSpec, engine: str) -> dict[str, str]:
    """The releases of everything that computes the points of a sweep by this engine."""
    return {
        name: release
        for part in ("twin", *(() if engine == "twin" else (spec.backend,)))
        for name, release in versions_of(part).items()
    }


def _made_by(spec: SweepSpec, engine: str) -> dict[str, Any]:
    """What must be the same for points to belong to one sweep: the netlist stands for the equations and their text."""
    neuron, v_in = spec.point(tuple(axis.low for axis in spec.axes))
    netlist = point_netlist(neuron, v_in, 1.0, spec.accuracy)
    return {
        "sweep": {name: value for name, value in spec_to_json(spec).items() if name != "time_limit_s"},
        "versions": versions_behind(spec, engine),
        "first_netlist_sha256": sha256(netlist.text.encode()).hexdigest(),
    }


def lattice_of(spec: SweepSpec, method: Method) -> Lattice:
    """Where the points of a sweep can lie."""
    if method.full_grid:
        return Lattice(spec.axes, tuple((axis.count or DEFAULT_COUNT) - 1 for axis in spec.axes))
    dimensions = len(spec.axes)
    return Lattice(spec.axes, (CELLS[dimensions],) * dimensions, HALVINGS)


class _Asked:
    """Answers what regimes some sites have: from the journal, or by simulating them within the budget."""

    def __init__(self, spec: SweepSpec, method: Method, journal: Journal, workers: Workers, progress: Progress) -> None:
        self._spec, self._method, self._journal, self._workers, self._progress = (
            spec,
            method,
            journal,
            workers,
            progress,
        )
        self.used: dict[tuple[str, Values], Row] = {}  # the points of this sweep
        self._failed = 0

    def sites(self, lattice: Lattice, engine: str, sites: Sequence[Site], budget: int) -> Known:
        """The regimes of these sites; raises BudgetSpentError after as many simulations by this engine."""
        wanted = [lattice.values(site) for site in sites]
        spent = sum(row["simulations"] for (by, _), row in self.used.items() if by == engine)
        new = [values for values in dict.fromkeys(wanted) if (engine, values) not in self.used]
        self._simulate(engine, new[: max(budget - spent, 0)])
        if len(new) > budget - spent:
            raise BudgetSpentError
        return {site: regime_of(self.used[engine, values]) for site, values in zip(sites, wanted, strict=True)}

    def rows_of(self, engine: str, points: Sequence[Values]) -> list[Row]:
        """The rows of these points, in their order."""
        self._simulate(engine, points)
        return [self.used[engine, values] for values in points]

    def _simulate(self, engine: str, points: Sequence[Values]) -> None:
        known = self._journal.rows
        for values in points:
            if (engine, values) in known:
                self._use(known[engine, values])
        missing = [values for values in points if (engine, values) not in known]
        if not missing:
            return
        for rows in self._workers.rows(self._spec, engine, missing):
            self._journal.add(rows)
            for row in rows:
                self._use(row)

    def _use(self, row: Row) -> None:
        self.used[row["engine"], tuple(row["values"])] = row
        self._failed += not row["regime"]
        self._progress(len(self.used), self._failed)
        if self._method.strict and not row["regime"]:
            raise SimulationFailedError(f"point {row['values']}: {row['status']}, {row['cause']}: {row['message']}")

    def rows(self) -> list[Row]:
        """The points in the order of engine and values, whoever computed them when."""
        return [self.used[key] for key in sorted(self.used)]


def _budget(method: Method) -> int:
    return method.budget if method.budget is not None else BUDGET[method.engine]


def _direct(spec: SweepSpec, method: Method, asked: _Asked) -> PhaseDiagram:
    """A grid or a followed boundary by one engine."""
    lattice = lattice_of(spec, method)
    known: dict[Site, Regime | None] = {}
    budget = _budget(method) if not method.full_grid or method.budget is not None else len(lattice.coarse())

    def ask(sites: Sequence[Site]) -> Known:
        answer = asked.sites(lattice, method.engine, sites, budget)
        known.update(answer)
        return answer

    unfinished = True
    with suppress(BudgetSpentError):
        ask(lattice.coarse()) if method.full_grid else follow(lattice, ask)
        unfinished = False
    known.update(_known_of(lattice, asked.rows()))
    return PhaseDiagram(spec, method.engine, lattice, known, asked.rows(), unfinished=unfinished)


def _guided(spec: SweepSpec, method: Method, asked: _Asked) -> PhaseDiagram:
    """The twin's map, then ngspice at its boundaries and at its triple point."""
    dimensions = len(spec.axes)
    lattice = Lattice(spec.axes, (TWIN_CELLS,) * dimensions, TWIN_HALVINGS)
    map_: dict[Site, Regime | None] = {}

    def by_twin(sites: Sequence[Site]) -> Known:
        answer = asked.sites(lattice, "twin", sites, BUDGET["twin"])
        map_.update(answer)
        return answer

    def by_ngspice(sites: Sequence[Site]) -> Known:
        return asked.sites(lattice, "ngspice", sites, _budget(method))

    unfinished = False
    try:
        follow(lattice, by_twin)
        confirm(lattice, map_, by_ngspice, _budget(method))
    except BudgetSpentError:
        unfinished = True
    seen = _known_of(lattice, [row for row in asked.rows() if row["engine"] == "ngspice"])
    twin = by_twin(sorted(seen))
    disagreements = tuple(Disagreement(s, r, twin[s]) for s, r in sorted(seen.items()) if twin[s] is not r)
    known = {**map_, **seen}
    return PhaseDiagram(spec, "guided", lattice, known, asked.rows(), disagreements, unfinished)


def _known_of(lattice: Lattice, rows: Sequence[Row]) -> dict[Site, Regime | None]:
    """The sites of these rows."""
    by_value: list[dict[float, int]] = [
        {axis.value(k / size): k for k in range(size + 1)}
        for axis, size in zip(lattice.axes, lattice.sizes, strict=True)
    ]
    return {
        tuple(index[value] for index, value in zip(by_value, row["values"], strict=True)): regime_of(row)
        for row in rows
    }
