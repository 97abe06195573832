"""One neuron under one constant drive: its regime and its numbers, from no longer a simulation than they need.

The compiled twin says, in a tenth of a millisecond, how long the neuron takes until it rests or repeats itself. ngspice
then simulates that time, with longer steps where the twin expects it to rest; regime and frequency are read from
ngspice's waveform alone. Where they are not certain yet the time is doubled, and where an oscillation was not expected
the steps are made short. So the twin decides what a point costs and never what it is.

A neuron with threshold noise never repeats itself, and any rest may end: it is followed for a long time that is given
beforehand, and no regime of it is certain.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from neurokit.circuits.drive import Constant
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.neuron import NeuronCircuit, neuron_netlist
from neurokit.device.accuracy import FINE, Accuracy, thermal_time
from neurokit.device.closed_form import switching_current
from neurokit.simulation import engine
from neurokit.simulation.engine import Simulate
from neurokit.simulation.outcome import Cause, Limits, Outcome, Status, Waveforms
from neurokit.simulation.twin import SpikeTimes, Until, simulate_twin, spikes_until
from neurokit.spikes.energy import energy_balance
from neurokit.spikes.regime import Certainty, Reading, Regime, SpikeReading, read_noisy, read_regime
from neurokit.spikes.switching import rising_crossings

LONGEST = 400.0  # of R_s C plus thermal time: what is not decided by then is read with less confidence
NOISY_SPANS, NOISY_STEPS = 60.0, 150.0  # R_s C plus thermal time, and noise steps: how long a noisy neuron is followed
HINT_SHARE = 0.7  # of the tolerances, for the twin: ngspice should then not need a second try
REST_STEP = 4.0  # on the largest step of a neuron that should rest: it is there for the periods of an oscillation
HINT_ROOM = 1.01  # of the twin's time: ngspice's periods are 1e-3 longer or shorter
HINT_DIGITS = 4  # of the time then: compiled code on another processor must not give another netlist
TWIN_RTOL = 1e-5
TWIN_SAMPLES = 100.0  # rows a span, where the twin's waveform is needed

_NAN = float("nan")


@dataclass(frozen=True)
class OperatingPoint:
    """What a neuron does at one drive and how that is known; numbers are not finite where nothing was simulated."""

    v_in: float  # V
    status: Status
    cause: Cause | None
    rung: str | None  # step of the retry ladder that worked
    engine: str
    regime: Regime | None  # None where nothing could be read
    confidence: float  # 0.5 to 1, 0 where nothing could be read
    frequency: float  # Hz
    frequency_error: float  # Hz, standard error
    amplitude: float  # V, peak to peak of v(osc)
    duty: float
    first_latency: float  # s
    power: float  # W, mean of the source over the settled part
    energy_per_spike: float  # J, of the source; infinite where there is no spike
    device_energy_per_spike: float  # J
    energy_residual: float  # of the energy balance, relative
    t_stop: float  # s that were simulated
    step: float  # the largest step, in units of `neurokit.device.accuracy.largest_step`
    netlist_sha256: str
    simulations: int = 1  # that it took
    message: str = ""  # the simulator's words where it failed, and what to try

    @property
    def complete(self) -> bool:
        return self.status in (Status.OK, Status.RECOVERED)


def certainty_of(neuron: NeuronCircuit) -> Certainty:
    """What counts as certain for this neuron, if its device has no noise."""
    return Certainty(neuron.r_series * neuron.capacitance + thermal_time(neuron.device))


def measure(
    neuron: NeuronCircuit,
    v_in: float,
    *,
    accuracy: Accuracy = FINE,
    backend: str = "ngspice",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    simulate: Simulate = engine.simulate,
) -> OperatingPoint:
    """The operating point by ngspice; `simulate` may be that of a `Cache`."""
    longest = LONGEST * certainty_of(neuron).span
    t_stop, step = _expected(neuron, v_in, accuracy.step)
    simulations = 0
    while True:
        netlist = point_netlist(neuron, v_in, t_stop, replace(accuracy, step=step))
        outcome = simulate(netlist, backend, limits, True, False, None)
        simulations += 1
        point = replace(read_point(neuron, v_in, outcome, step), simulations=simulations)
        if point.confidence == 0.0 or neuron.device.noise:
            return point
        has_short_steps = step == accuracy.step
        if point.confidence == 1.0 and (has_short_steps or point.regime is not Regime.OSCILLATING):
            return point
        if has_short_steps:
            if t_stop >= longest:
                return point
            t_stop = min(2 * t_stop, longest)
        step = accuracy.step


def point_netlist(neuron: NeuronCircuit, v_in: float, t_stop: float, accuracy: Accuracy = FINE) -> Netlist:
    """What ngspice runs for a point; the same text for the same point wherever it is asked for."""
    return neuron_netlist(neuron, Constant(v_in), t_stop, accuracy=accuracy)


def read_point(neuron: NeuronCircuit, v_in: float, outcome: Outcome, step: float = FINE.step) -> OperatingPoint:
    """What the simulation of a `point_netlist` says; nothing is read off one that is not complete."""
    if not outcome.complete:
        return _unread(v_in, outcome, step)
    reading = read_waves(neuron, outcome.waveforms, certainty_of(neuron))
    if neuron.device.noise:
        reading = replace(reading, **vars(_noisy_reading(neuron, outcome.waveforms)))
    return _point(neuron, v_in, outcome, reading, step)


def read_waves(neuron: NeuronCircuit, waves: Waveforms, certainty: Certainty) -> Reading:
    """The regime that a simulation of a neuron under a constant drive of either sign shows."""
    sign = _sign(waves)
    i_device = sign * waves["v(spk)"] / neuron.r_sense
    return read_regime(waves.time, sign * waves["v(osc)"], i_device, switching_current(neuron.device), certainty)


def measure_by_twin(
    neurons: Sequence[NeuronCircuit], v_in: Sequence[float], *, rtol: float = TWIN_RTOL
) -> list[OperatingPoint]:
    """The operating points by the twin, without energies: thousands a second.

    An oscillation that never crosses the switching current is read from its waveform.
    """
    drives = [Constant(abs(float(v))) for v in v_in]  # the device is symmetric
    runs = spikes_until(neurons, drives, [_until(neuron) for neuron in neurons], rtol=rtol)
    return [_twin_point(neuron, v, runs, k) for k, (neuron, v) in enumerate(zip(neurons, v_in, strict=True))]


def _expected(neuron: NeuronCircuit, v_in: float, step: float) -> tuple[float, float]:
    """How long ngspice should simulate and with which largest step, by the twin; where it gives up, some spans."""
    until = _until(neuron, HINT_SHARE)
    if neuron.device.noise:
        return until.t_stop, step
    run = spikes_until([neuron], [Constant(abs(float(v_in)))], [until], rtol=TWIN_RTOL)
    if run.status[0] is not Status.OK or run.ended_by[0] == "last time":
        return 30 * until.span, step
    t_stop = float(f"{HINT_ROOM * run.t_end[0]:.{HINT_DIGITS}g}")
    return t_stop, step * REST_STEP if run.ended_by[0] == "rest" else step


def _until(neuron: NeuronCircuit, share: float = 1.0) -> Until:
    """When the twin may stop; a noisy neuron runs its whole time."""
    certainty, device = certainty_of(neuron), neuron.device
    longest = LONGEST * certainty.span
    return Until(
        t_stop=max(NOISY_SPANS * certainty.span, NOISY_STEPS * device.noise_step) if device.noise else longest,
        spike_level=switching_current(device) * neuron.r_sense,
        span=0.0 if device.noise else certainty.span,
        rest=share * certainty.rest,
        repeat=share * certainty.repeat,
    )


def _twin_point(neuron: NeuronCircuit, v_in: float, runs: SpikeTimes, k: int) -> OperatingPoint:
    ended, spikes = runs.ended_by[k], runs.spikes[k]
    fired = bool(runs.signal_end[k] > switching_current(neuron.device) * neuron.r_sense)
    if runs.status[k] is not Status.OK or (ended == "last time" and not neuron.device.noise):
        return _twin_point_from_waveform(neuron, v_in)
    if neuron.device.noise:
        found = read_noisy(spikes, float(runs.t_end[k]), fired, neuron.device.noise_step)
    elif ended == "repeat":
        intervals = np.diff(spikes[-4:])
        mean = float(intervals.mean())
        error = float(intervals.std(ddof=1)) / len(intervals) ** 0.5 / mean**2
        found = SpikeReading(Regime.OSCILLATING, 1.0, 1 / mean, error)
    else:
        found = SpikeReading(Regime.FIRING if fired else Regime.UN_FIRING, 1.0, 0.0, 0.0)
    return OperatingPoint(
        v_in=v_in,
        status=Status.OK,
        cause=None,
        rung=None,
        engine="twin",
        regime=found.regime,
        confidence=found.confidence,
        frequency=found.frequency,
        frequency_error=found.frequency_error,
        amplitude=float(runs.v_high[k] - runs.v_low[k]) if found.regime is Regime.OSCILLATING else 0.0,
        duty=_NAN,
        first_latency=float(spikes[0]) if len(spikes) else float("inf"),
        power=_NAN,
        energy_per_spike=_NAN,
        device_energy_per_spike=_NAN,
        energy_residual=_NAN,
        t_stop=float(runs.t_end[k]),
        step=_NAN,
        netlist_sha256="",
    )


def _twin_point_from_waveform(neuron: NeuronCircuit, v_in: float) -> OperatingPoint:
    span = certainty_of(neuron).span
    outcome = simulate_twin(neuron, Constant(float(v_in)), LONGEST * span, sample=span / TWIN_SAMPLES)
    return replace(read_point(neuron, v_in, outcome, _NAN), netlist_sha256="")


def _noisy_reading(neuron: NeuronCircuit, waves: Waveforms) -> SpikeReading:
    """The reading of a noisy neuron, from all spikes of its waveform."""
    level = switching_current(neuron.device)
    i_device = _sign(waves) * waves["v(spk)"] / neuron.r_sense
    spikes = rising_crossings(waves.time, i_device, level, 0.0)
    return read_noisy(spikes, float(waves.time[-1]), bool(i_device[-1] > level), neuron.device.noise_step)


def _sign(waves: Waveforms) -> float:
    return -1.0 if waves["v(in)"][-1] < 0 else 1.0


def _point(neuron: NeuronCircuit, v_in: float, outcome: Outcome, reading: Reading, step: float) -> OperatingPoint:
    balance = energy_balance(neuron, outcome.waveforms, reading.settled)
    spikes = balance.duration * reading.frequency
    return OperatingPoint(
        v_in=v_in,
        status=outcome.status,
        cause=outcome.cause,
        rung=outcome.rung,
        engine=outcome.engine,
        regime=reading.regime,
        confidence=reading.confidence,
        frequency=reading.frequency,
        frequency_error=reading.frequency_error,
        amplitude=reading.amplitude,
        duty=reading.duty,
        first_latency=reading.first_latency,
        power=balance.mean_power,
        energy_per_spike=balance.source / spikes if spikes else float("inf"),
        device_energy_per_spike=balance.device / spikes if spikes else float("inf"),
        energy_residual=balance.residual,
        t_stop=float(outcome.netlist.t_stop or 0.0),
        step=step,
        netlist_sha256=hashlib.sha256(outcome.netlist.text.encode()).hexdigest(),
    )


def _unread(v_in: float, outcome: Outcome, step: float) -> OperatingPoint:
    """A point whose simulation is not complete: no number of it is passed off as one."""
    advice = f"try: {outcome.advice}" if outcome.advice else ""
    return OperatingPoint(
        v_in=v_in,
        status=outcome.status,
        cause=outcome.cause,
        rung=None,
        engine=outcome.engine,
        regime=None,
        confidence=0.0,
        frequency=_NAN,
        frequency_error=_NAN,
        amplitude=_NAN,
        duty=_NAN,
        first_latency=_NAN,
        power=_NAN,
        energy_per_spike=_NAN,
        device_energy_per_spike=_NAN,
        energy_residual=_NAN,
        t_stop=float(outcome.netlist.t_stop or 0.0),
        step=step,
        netlist_sha256=hashlib.sha256(outcome.netlist.text.encode()).hexdigest(),
        message=" | ".join([*outcome.messages, advice])[:500].strip(" |"),
    )
