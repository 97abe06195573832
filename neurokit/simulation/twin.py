"""The compiled twin: neurons integrated from the same equations as ngspice's, in a small part of its time.

ngspice is the reference; the twin does maps, fits and batches, and its results say that it made them. The capacitor is
discharged by device and sampling resistor in series, so three states are the whole circuit: v(osc), the device's
temperature and its metal fraction.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.drive import Drive
from neurokit.circuits.neuron import NeuronCircuit, neuron_netlist
from neurokit.device.accuracy import largest_step
from neurokit.device.equations import conductance, metal
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import Vo2x, device_coefficients
from neurokit.errors import OutOfRangeError
from neurokit.simulation.outcome import Cause, Outcome, Status, Waveforms
from neurokit.simulation.segments import Segments, segments

if TYPE_CHECKING:  # Numba takes half a second to import
    from neurokit.simulation.dormand_prince import Run, Settings
    from neurokit.simulation.twin_kernel import Coefficients

Floats = NDArray[np.float64]

ENGINE = "twin"
RTOL = 1e-6  # periods of 136 random neurons were then within 1e-5 of those at 1e-10
MAX_STEPS = 5_000_000
REFINE = 4  # rows per step where no sampling is asked for: steps of order 5 are too long to draw

ENDED_BY = ("last time", "rest", "repeat")  # in the order in which the integrator numbers them
_EARLY = ("spike_level", "span", "rest", "repeat")  # what `Until` and the integrator's settings share
SIGNALS = ("u", "v(spk)")  # in the order in which the integrator numbers them
FALL = 2  # the integrator's number of the signal whose zeros are the peaks of v(osc)

# By the integrator's status: cause, what happened, what to try.
_FAILURES = {
    1: (
        Cause.NOT_FINITE,
        "the states are beyond the largest number",
        "check that the drive's voltage and the device's parameters are what a circuit can have",
    ),
    2: (
        Cause.TIMESTEP_TOO_SMALL,
        "no step is short enough for the tolerance",
        "give a larger rtol, or a shorter t_stop in which the fastest time constant can be seen",
    ),
    3: (Cause.INCOMPLETE, "the budget of steps is used up", "give more max_steps, a shorter t_stop or a larger rtol"),
}


@dataclass(frozen=True)
class Until:
    """When a neuron under a constant drive need not be followed any longer: it rests, or repeats itself."""

    t_stop: float  # s, after which it is left undecided
    spike_level: float  # V: where v(spk) rises through it there is a spike
    span: float  # s over which it must rest
    rest: float  # by this share may v(osc) and v(spk) vary over a span
    repeat: float  # by this share may the last three intervals between spikes differ


@dataclass(frozen=True)
class SpikeTimes:
    """The spikes of a batch of neurons, and where each neuron ended; arrays run over the neurons."""

    spikes: tuple[Floats, ...]  # s
    status: tuple[Status, ...]
    cause: tuple[Cause | None, ...]
    t_end: Floats  # s, t_stop where the status is OK
    v_end: Floats  # V, of v(osc)
    theta_end: Floats  # K above ambient
    u_end: Floats  # metal fraction
    theta_peak: Floats  # K above ambient
    v_low: Floats  # V, extremes of v(osc) in the second half of the time; infinite if it was not reached
    v_high: Floats  # V; with `until` the extremes between the last two spikes, or while it rested
    signal_end: Floats  # metal fraction or V
    ended_by: tuple[str, ...]  # one of ENDED_BY

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many spikes each neuron fired."""
        return np.array([len(times) for times in self.spikes], dtype=np.int64)

    @property
    def rates(self) -> Floats:
        """Spikes per second between each neuron's first and last; 0 with fewer than two."""
        return np.array([(len(t) - 1) / (t[-1] - t[0]) if len(t) > 1 else 0.0 for t in self.spikes])


def simulate_twin(
    neuron: NeuronCircuit,
    drive: Drive,
    t_stop: float,
    *,
    rtol: float = RTOL,
    sample: float | None = None,
    max_steps: int = MAX_STEPS,
) -> Outcome:
    """The waveforms of one neuron over t_stop seconds: those of `neuron_netlist(..., temperature=True)` in ngspice.

    Rows come every `sample` seconds and at the end, or without it at four times in each step of the integrator.
    """
    netlist = neuron_netlist(neuron, drive, t_stop, temperature=True)
    if sample is not None and not sample > 0:
        raise OutOfRangeError(f"sample = {sample} s must be above 0")
    wanted = np.zeros(0) if sample is None else np.append(np.arange(math.ceil(t_stop / sample - 1e-9)) * sample, t_stop)
    wall, cpu = time.monotonic(), time.thread_time()
    parts = _segments(neuron, drive, t_stop)
    run = _run(neuron, _coefficients(neuron.device), parts, wanted, _settings(rtol, max_steps, refine=REFINE))
    status, cause = _judged(run)
    said, advice = _FAILURES[run.status][1:] if cause else ("", "")
    return Outcome(
        status=status,
        netlist=netlist,
        engine=ENGINE,
        plots=(_waveforms(neuron, parts, run.rows),) if len(run.rows) else (),
        cause=cause,
        messages=(f"{said} at {run.t:.6g} s, after {run.steps} steps",) if cause else (),
        advice=advice,
        versions=versions(),
        cpu_s=time.thread_time() - cpu,
        wall_s=time.monotonic() - wall,
    )


def spike_times(
    neurons: Sequence[NeuronCircuit],
    drives: Sequence[Drive],
    t_stop: float,
    *,
    signal: Literal["u", "v(spk)"] = "u",
    level: float = 0.5,
    rtol: float = RTOL,
    max_steps: int = MAX_STEPS,
) -> SpikeTimes:
    """When each neuron under its drive fires: `signal`, the metal fraction or v(spk), rises through `level`.

    Waveforms are not kept. The integrator works without Python's lock, so threads can share a batch.
    """
    if not t_stop > 0:
        raise OutOfRangeError(f"t_stop = {t_stop} s must be above 0")
    if signal not in SIGNALS:
        raise OutOfRangeError(f"signal {signal!r} is not known: choose one of {', '.join(SIGNALS)}")
    settings = _settings(rtol, max_steps, spike_signal=SIGNALS.index(signal), spike_level=level)
    tasks = [(neuron, drive, t_stop, settings) for neuron, drive in zip(neurons, drives, strict=True)]
    return _batch(tasks)


def spikes_until(
    neurons: Sequence[NeuronCircuit],
    drives: Sequence[Drive],
    untils: Sequence[Until],
    *,
    rtol: float = RTOL,
    max_steps: int = MAX_STEPS,
) -> SpikeTimes:
    """The same for constant drives, each neuron only until it rests or repeats itself; `ended_by` says which."""
    usual = _settings(rtol, max_steps, spike_signal=SIGNALS.index("v(spk)"))
    return _batch(
        [
            (neuron, drive, until.t_stop, usual._replace(**{name: getattr(until, name) for name in _EARLY}))
            for neuron, drive, until in zip(neurons, drives, untils, strict=True)
        ]
    )


@dataclass(frozen=True)
class Settled:
    """What constant drives end in; arrays run over the neurons."""

    mean: Floats  # V, of v(osc); nan where the integrator gave up
    swing: Floats  # V, peak to peak, 0 at rest
    frequency: Floats  # Hz, nan at rest
    ended_by: tuple[str, ...]  # one of ENDED_BY: what was still changing at the last time is neither rest nor repeat


def settled(
    neurons: Sequence[NeuronCircuit],
    drives: Sequence[Drive],
    t_stop: float,
    *,
    span: float,
    rest: float = 1e-3,
    repeat: float = 3e-3,
    rtol: float = RTOL,
    max_steps: int = MAX_STEPS,
) -> Settled:
    """The mean, swing and frequency of v(osc), however small it swings: a cycle goes from one peak of it to the next.

    Drives are constant from some time on. Neurons are followed until they rest (v(osc) within a share over a span in
    s) or repeat (intervals and swings of three cycles within a share). One that is still changing at t_stop is told by
    the second half of the time.
    """
    settings = _settings(rtol, max_steps, spike_signal=FALL, spike_level=0.0)
    settings = settings._replace(span=span, rest=rest, repeat=repeat)
    nothing = np.zeros(0)
    runs = [
        _run(neuron, _coefficients(neuron.device), _segments(neuron, drive, t_stop), nothing, settings)
        for neuron, drive in zip(neurons, drives, strict=True)
    ]
    ends = [_end(run, t_stop, rest) for run in runs]
    mean, swing, frequency = (np.array(column) for column in zip(*ends, strict=True))
    return Settled(mean, swing, frequency, tuple(ENDED_BY[run.ended_by] for run in runs))


def _end(run: "Run", t_stop: float, rest: float) -> tuple[float, float, float]:
    """Mean (V), swing (V) and frequency (Hz) of one neuron; a swing below a share of the mean is rest."""
    peaks, swing = _last_peaks(run, ENDED_BY[run.ended_by], t_stop), run.v_high - run.v_low
    if len(peaks) > 1 and swing > rest * abs(run.v_mean):
        mean, frequency = run.v_mean, (len(peaks) - 1) / (peaks[-1] - peaks[0])
    else:
        mean, swing, frequency = run.v, 0.0, math.nan
    return (math.nan if run.status else mean), swing, frequency


def _last_peaks(run: "Run", ended_by: str, t_stop: float) -> Floats:
    """The peaks of v(osc) that tell how it ends: none at rest."""
    if ended_by == "rest":
        return np.zeros(0)
    return run.spikes[-4:] if ended_by == "repeat" else run.spikes[run.spikes >= t_stop / 2]


def _settings(
    rtol: float, max_steps: int, spike_signal: int = 0, spike_level: float = 0.5, refine: int = 0
) -> "Settings":
    from neurokit.simulation.dormand_prince import Settings

    if not 0 < rtol <= 1e-2:
        raise OutOfRangeError(f"rtol = {rtol} must lie above 0 and at most 0.01")
    return Settings(rtol, max_steps, spike_signal, spike_level, refine, 0.0, 0.0, 0.0)


def _coefficients(device: Vo2x) -> "Coefficients":
    from neurokit.simulation.twin_kernel import Coefficients

    known = device_coefficients(device)
    return Coefficients(*(float(getattr(known, name)) for name in Coefficients._fields))


def _segments(neuron: NeuronCircuit, drive: Drive, t_stop: float) -> Segments:
    edge = largest_step(neuron.device, neuron.r_series, neuron.capacitance)  # the print step of the netlist
    return segments(drive, neuron.device, t_stop, edge)


def _run(neuron: NeuronCircuit, c: "Coefficients", parts: Segments, wanted: Floats, settings: "Settings") -> "Run":
    from neurokit.simulation.dormand_prince import Circuit, integrate

    circuit = Circuit(
        float(neuron.r_series),
        float(neuron.capacitance),
        float(neuron.r_sense),
        float(parts.sine_amplitude),
        float(parts.sine_omega),
    )
    return integrate(c, circuit, settings, parts.breaks, parts.v_start, parts.slope, wanted)


def _judged(run: "Run") -> tuple[Status, Cause | None]:
    if run.status == 0:
        return Status.OK, None
    return (Status.PARTIAL if run.t > 0 else Status.FAILED), _FAILURES[run.status][0]


def _waveforms(neuron: NeuronCircuit, parts: Segments, rows: Floats) -> Waveforms:
    """The netlist's probes from the states, under ngspice's names and with its sign of a source's current."""
    at, v_osc, theta, u, *w = np.ascontiguousarray(rows.T)
    xp, c = numpy_maths(), device_coefficients(neuron.device)
    g = conductance(xp, c, theta, metal(xp, c, u, w[0]) if w else u)
    v_in = parts.voltage(at)
    signals = {
        "time": at,
        "v(osc)": v_osc,
        "v(spk)": v_osc * g * neuron.r_sense / (1 + g * (neuron.r_sense + c.r_lead)),
        "v(in)": v_in,
        "i(v_in)": (v_osc - v_in) / neuron.r_series,
        "v(t_kelvin)": theta + neuron.device.t_ambient,
        "v(u)": u,
    }
    return Waveforms(name="Transient Analysis", scale="time", signals=signals)


def _batch(tasks: "Sequence[tuple[NeuronCircuit, Drive, float, Settings]]") -> SpikeTimes:
    devices = {id(neuron.device): neuron.device for neuron, *_ in tasks}  # the neurons of a map share theirs
    known = {key: _coefficients(device) for key, device in devices.items()}
    nothing = np.zeros(0)
    runs = [
        _run(neuron, known[id(neuron.device)], _segments(neuron, drive, t_stop), nothing, settings)
        for neuron, drive, t_stop, settings in tasks
    ]
    judged = [_judged(run) for run in runs]
    return SpikeTimes(
        spikes=tuple(run.spikes for run in runs),
        status=tuple(status for status, _ in judged),
        cause=tuple(cause for _, cause in judged),
        t_end=np.array([run.t for run in runs]),
        v_end=np.array([run.v for run in runs]),
        theta_end=np.array([run.theta for run in runs]),
        u_end=np.array([run.u for run in runs]),
        theta_peak=np.array([run.theta_peak for run in runs]),
        v_low=np.array([run.v_low for run in runs]),
        v_high=np.array([run.v_high for run in runs]),
        signal_end=np.array([run.signal_end for run in runs]),
        ended_by=tuple(ENDED_BY[run.ended_by] for run in runs),
    )


@cache
def versions() -> dict[str, str]:
    return {"neurokit": version("neurokit"), "numba": version("numba")}
