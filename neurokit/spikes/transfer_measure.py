"""From a neuron to its transfer curve: by ngspice, several simulations at a time, or by the twin."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from math import nan
from typing import Any

import numpy as np

from neurokit.circuits.netlist import Netlist
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device.accuracy import FINE, Accuracy
from neurokit.device.closed_form import has_thresholds, v_firing_onset, v_latching
from neurokit.device.vo2x import parameters
from neurokit.errors import OutOfRangeError
from neurokit.simulation import engine as simulators
from neurokit.simulation import twin
from neurokit.simulation.engine import BACKENDS, Simulate
from neurokit.simulation.outcome import Limits, Outcome
from neurokit.simulation.pool import checked_jobs
from neurokit.simulation.stop import Stop
from neurokit.spikes.operating_point import OperatingPoint, measure, measure_by_twin
from neurokit.spikes.transfer import TransferCurve
from neurokit.spikes.transfer_placement import hint, place

TWIN = "twin"
ENGINES = (*BACKENDS, TWIN)
TOLERANCE = 5e-3  # of the frequency, estimated
BUDGET = 40  # simulations
LOWEST, HIGHEST = 0.5, 1.15  # of the boundaries in closed form: the range of a curve
AROUND = 0.97, 1.03  # of the same: where the twin looks more closely


@dataclass(frozen=True)
class Placement:
    """Where points go: adaptively, to a tolerance and within a budget, or `even`: so many, evenly spaced."""

    tolerance: float = TOLERANCE  # estimated relative error of the frequency between points
    budget: int = BUDGET  # simulations
    even: int | None = None
    v_range: tuple[float, float] | None = None  # V, lowest and highest; by the device's boundaries if None

    def __post_init__(self) -> None:
        if self.even is not None and self.even < 2:
            raise OutOfRangeError(f"{self.even} points are no curve: give 2 or more")
        if not self.tolerance > 0:
            raise OutOfRangeError(f"tolerance = {self.tolerance} must be above 0")
        if self.v_range is not None and not 0 < self.v_range[0] < self.v_range[1] < float("inf"):
            low, high = self.v_range
            raise OutOfRangeError(f"v_range = {low:g} V to {high:g} V must begin above 0 V and rise")


def transfer_curve(
    neuron: NeuronCircuit,
    *,
    label: str = "",
    engine: str = "ngspice",
    placement: Placement = Placement(),
    accuracy: Accuracy = FINE,
    jobs: int | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    simulate: Simulate = simulators.simulate,
) -> TransferCurve:
    """The transfer curve of a neuron by one of `ENGINES`; `jobs` simulations at a time, by default one for each core.

    The twin gives no powers. `simulate` may be that of a `Cache`. A simulation that fails is a point with a cause.
    """
    if engine not in ENGINES:
        raise OutOfRangeError(f"no engine {engine!r}: there are {', '.join(ENGINES)}")
    v_range = placement.v_range or usual_range(neuron)
    bench = _Twin(neuron) if engine == TWIN else _Bench(neuron, engine, accuracy, jobs, limits, simulate)
    if placement.even is not None:
        points = bench.measure([float(v) for v in np.linspace(*v_range, placement.even)])
    else:
        hinted = hint(_Twin(neuron).measure, v_range, _likely(neuron))
        points = place(bench.measure, hinted, v_range, placement.tolerance, placement.budget, bench.spent)
    points.sort(key=lambda point: point.v_in)
    made_by: dict[str, Any] = {
        "label": label,
        "engine": engine,
        "versions": bench.versions(),
        "parameters": _parameters(neuron),
        "accuracy": None if engine == TWIN else asdict(accuracy) | {"card": accuracy.options},
        "seed": neuron.device.seed if neuron.device.noise else None,
        "placement": asdict(placement) | {"v_range": list(v_range)},
        "simulations": bench.spent(),
        "netlist_sha256": netlists_sha256(points),
    }
    return TransferCurve(tuple(points), made_by)


def usual_range(neuron: NeuronCircuit) -> tuple[float, float]:
    """From half of the lower boundary to beyond the higher one, in V, as the closed form has them."""
    likely = _boundaries(neuron)
    if likely is None:
        raise OutOfRangeError(
            f"x = {neuron.device.x:g} at {neuron.device.t_ambient:g} K has no thresholds to look around: "
            "give the range of voltages (v_range, --v-in)"
        )
    return LOWEST * likely[0], HIGHEST * likely[1]


def netlists_sha256(points: Sequence[OperatingPoint]) -> str:
    """One SHA-256 for all netlists of a curve: that of theirs in hexadecimal, joined by rising voltage."""
    return hashlib.sha256("".join(point.netlist_sha256 for point in points).encode()).hexdigest()


def _boundaries(neuron: NeuronCircuit) -> tuple[float, float] | None:
    if not has_thresholds(neuron.device):
        return None
    ends = (float(of(neuron.device, neuron.r_series)) for of in (v_firing_onset, v_latching))
    low, high = sorted(ends)
    return low, high


def _likely(neuron: NeuronCircuit) -> tuple[float, float] | None:
    ends = _boundaries(neuron)
    return (AROUND[0] * ends[0], AROUND[1] * ends[1]) if ends else None


def _parameters(neuron: NeuronCircuit) -> dict[str, Any]:
    own = {name: float(getattr(neuron, name)) for name in ("r_series", "capacitance", "r_sense")}
    return own | {"film": neuron.device.film.name, "device": parameters(neuron.device)}


class _Bench:
    """Measures one neuron by a simulator, and counts what that takes."""

    def __init__(
        self,
        neuron: NeuronCircuit,
        backend: str,
        accuracy: Accuracy,
        jobs: int | None,
        limits: Limits,
        simulate: Simulate,
    ) -> None:
        self._neuron, self._backend, self._accuracy = neuron, backend, accuracy
        self._jobs, self._limits, self._simulate = jobs, limits, simulate
        self._versions: list[dict[str, str]] = []  # one a simulation; threads only append

    def measure(self, voltages: Sequence[float]) -> list[OperatingPoint]:
        """One point a voltage, in order; an interrupt ends what runs."""
        stop = Stop()
        limits = replace(self._limits, stop=stop)
        executor = ThreadPoolExecutor(checked_jobs(self._jobs), thread_name_prefix="neurokit")
        try:
            futures = [executor.submit(self._point, v, limits) for v in voltages]
            return [future.result() for future in futures]
        finally:
            stop.set()
            executor.shutdown(wait=True, cancel_futures=True)

    def spent(self) -> int:
        return len(self._versions)

    def versions(self) -> dict[str, str]:
        return next((dict(sorted(known.items())) for known in self._versions if known), {})

    def _point(self, v: float, limits: Limits) -> OperatingPoint:
        return measure(
            self._neuron, v, accuracy=self._accuracy, backend=self._backend, limits=limits, simulate=self._counted
        )

    def _counted(self, netlist: Netlist, *arguments: Any) -> Outcome:
        outcome = self._simulate(netlist, *arguments)
        self._versions.append(dict(outcome.versions))
        return outcome


class _Twin:
    """The same by the twin."""

    def __init__(self, neuron: NeuronCircuit) -> None:
        self._neuron, self._spent = neuron, 0

    def measure(self, voltages: Sequence[float]) -> list[OperatingPoint]:
        self._spent += len(voltages)
        return [_powerless(point) for point in measure_by_twin([self._neuron] * len(voltages), voltages)]

    def spent(self) -> int:
        return self._spent

    def versions(self) -> dict[str, str]:
        return twin.versions()


def _powerless(point: OperatingPoint) -> OperatingPoint:
    """The twin tells energies of those few points that it reads from a waveform: none are better than a few."""
    return replace(point, power=nan, energy_per_spike=nan, device_energy_per_spike=nan, energy_residual=nan)
