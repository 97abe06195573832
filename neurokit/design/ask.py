"""Who answers what a neuron does: ngspice, or the twin for tests and benchmarks. A search only sees the function."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from neurokit.circuits.drive import Constant
from neurokit.circuits.iv_sweep import HEADROOM, iv_netlist
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device.accuracy import FINE, Accuracy
from neurokit.device.closed_form import thresholds
from neurokit.device.vo2x import Vo2x
from neurokit.errors import SimulationFailedError
from neurokit.simulation import engine, twin
from neurokit.simulation.engine import Simulate
from neurokit.simulation.outcome import Limits
from neurokit.simulation.pool import checked_jobs
from neurokit.simulation.stop import Stop
from neurokit.simulation.twin import simulate_twin
from neurokit.spikes.operating_point import OperatingPoint, measure, measure_by_twin, read_point
from neurokit.spikes.switching import switching_voltages

Measure = Callable[[Sequence[NeuronCircuit], Sequence[float]], list[OperatingPoint]]


@dataclass(frozen=True)
class Ask:
    """The functions that answer: operating points of neurons at supplies, many at once; V_th of a device in V."""

    engine: str
    measure: Measure
    v_threshold: Callable[[Vo2x], float]


def ask_ngspice(
    *,
    backend: str = "ngspice",
    accuracy: Accuracy = FINE,
    jobs: int | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    simulate: Simulate = engine.simulate,
) -> Ask:
    """ngspice answers, `jobs` simulations at a time; `simulate` may be that of a `Cache`."""

    def points(neurons: Sequence[NeuronCircuit], v_in: Sequence[float]) -> list[OperatingPoint]:
        stop = Stop()

        def one(neuron: NeuronCircuit, v: float) -> OperatingPoint:
            stoppable = replace(limits, stop=stop)
            return measure(neuron, v, accuracy=accuracy, backend=backend, limits=stoppable, simulate=simulate)

        executor = ThreadPoolExecutor(checked_jobs(jobs), thread_name_prefix="neurokit")
        try:
            return list(executor.map(one, neurons, v_in))
        except BaseException:
            stop.set()
            raise
        finally:
            executor.shutdown(cancel_futures=True)

    def v_threshold(device: Vo2x) -> float:
        """By a slow voltage sweep."""
        netlist = iv_netlist(device, HEADROOM * thresholds(device).v_threshold)
        outcome = simulate(netlist, backend, limits, True, False, None)
        if not outcome.complete:
            raise SimulationFailedError(outcome.explain())
        waves = outcome.waveforms
        return float(switching_voltages(waves["v(a)"], waves["i(v_sweep)"]).v_threshold[0])

    return Ask(backend, points, v_threshold)


def ask_twin() -> Ask:
    """The twin answers, energies included, a thousand a second; its thresholds are the closed form's."""

    def points(neurons: Sequence[NeuronCircuit], v_in: Sequence[float]) -> list[OperatingPoint]:
        return [_twin_point(neuron, float(v)) for neuron, v in zip(neurons, v_in, strict=True)]

    return Ask(twin.ENGINE, points, lambda device: thresholds(device).v_threshold)


def _twin_point(neuron: NeuronCircuit, v_in: float) -> OperatingPoint:
    """The same time as the twin needs for the regime, once more with waveforms, of which energies are integrals."""
    (hint,) = measure_by_twin([neuron], [v_in])
    return read_point(neuron, v_in, simulate_twin(neuron, Constant(v_in), hint.t_stop))
