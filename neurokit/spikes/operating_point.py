"""One neuron under one constant drive: its regime and its numbers, from no longer a simulation than they need.

The compiled twin says, in a tenth of a millisecond, how long the neuron takes until it rests or repeats itself. ngspice
then simulates that time, with longer steps where the twin expects it to rest; regime and frequency are read from
ngspice's waveform alone. Where they are not certain yet the time is doubled, and where an oscillation was not expected
the steps are made short. So the twin decides what a point costs and never what it is.
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
from neurokit.simulation.twin import Until, simulate_twin, spikes_until
from neurokit.spikes.energy import energy_balance
from neurokit.spikes.regime import Certainty, Reading, Regime, read_regime

LONGEST = 400.0  # of R_s C plus thermal time: what is not decided by then is read with less confidence
NOISE_ROOM = 5.0  # intervals of a noisy device differ by about as much as its thresholds, now and then by more
HINT_SHARE = 0.7  # of the tolerances, for the twin: ngspice should then not need a second try
REST_STEP = 4.0  # on the largest step of a neuron that should rest: it is there for the periods of an oscillation
HINT_ROOM = 1.01  # of the twin's time: ngspice's periods are 1e-3 longer or shorter
TWIN_RTOL = 1e-5
TWIN_SAMPLES = 20.0  # rows a span, where the twin's waveform is needed


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
    message: str = ""  # the simulator's words where it failed

    @property
    def complete(self) -> bool:
        return self.status in (Status.OK, Status.RECOVERED)


def certainty_of(neuron: NeuronCircuit) -> Certainty:
    """What counts as certain for this neuron; noisy devices never repeat themselves more closely than their noise."""
    span = neuron.r_series * neuron.capacitance + thermal_time(neuron.device)
    usual = Certainty(span)
    noise = NOISE_ROOM * neuron.device.noise
    return replace(usual, rest=usual.rest + noise, repeat=usual.repeat + noise)


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
    while True:
        netlist = point_netlist(neuron, v_in, t_stop, replace(accuracy, step=step))
        outcome = simulate(netlist, backend, limits, True, False, None)
        point = read_point(neuron, v_in, outcome, step)
        rests = point.regime is not Regime.OSCILLATING
        if point.confidence == 0.0 or (point.confidence == 1.0 and (rests or step == accuracy.step)):
            return point
        if step == accuracy.step:
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
    return _point(neuron, v_in, outcome, reading, step)


def read_waves(neuron: NeuronCircuit, waves: Waveforms, certainty: Certainty) -> Reading:
    """The regime that a simulation of a neuron under a constant drive shows."""
    i_device = waves["v(spk)"] / neuron.r_sense
    return read_regime(waves.time, waves["v(osc)"], i_device, switching_current(neuron.device), certainty)


def measure_by_twin(
    neurons: Sequence[NeuronCircuit], v_in: Sequence[float], *, rtol: float = TWIN_RTOL
) -> list[OperatingPoint]:
    """The operating points by the twin, without energies: thousands a second.

    An oscillation that never crosses the switching current is read from its waveform.
    """
    certainties = [certainty_of(neuron) for neuron in neurons]
    runs = spikes_until(neurons, [Constant(v) for v in v_in], _untils(neurons, certainties, share=1.0), rtol=rtol)
    nan = float("nan")
    points = []
    for k, (neuron, v, certainty) in enumerate(zip(neurons, v_in, certainties, strict=True)):
        if runs.status[k] is not Status.OK or runs.ended_by[k] == "last time":
            points.append(_twin_point_from_waveform(neuron, v, certainty))
            continue
        spikes = runs.spikes[k]
        repeats = runs.ended_by[k] == "repeat"
        intervals = np.diff(spikes[-4:]) if repeats else np.zeros(0)
        fired = runs.signal_end[k] > switching_current(neuron.device) * neuron.r_sense
        points.append(
            OperatingPoint(
                v_in=v,
                status=Status.OK,
                cause=None,
                rung=None,
                engine="twin",
                regime=Regime.OSCILLATING if repeats else Regime.FIRING if fired else Regime.UN_FIRING,
                confidence=1.0,
                frequency=1 / float(intervals.mean()) if repeats else 0.0,
                frequency_error=float(intervals.std(ddof=1)) / 3**0.5 / float(intervals.mean()) ** 2
                if repeats
                else 0.0,
                amplitude=float(runs.v_high[k] - runs.v_low[k]) if repeats else 0.0,
                duty=nan,
                first_latency=float(spikes[0]) if len(spikes) else float("inf"),
                power=nan,
                energy_per_spike=nan,
                device_energy_per_spike=nan,
                energy_residual=nan,
                t_stop=float(runs.t_end[k]),
                step=nan,
                netlist_sha256="",
            )
        )
    return points


def _expected(neuron: NeuronCircuit, v_in: float, step: float) -> tuple[float, float]:
    """How long ngspice should simulate and with which largest step, by the twin; where it gives up, some spans."""
    certainty = certainty_of(neuron)
    run = spikes_until([neuron], [Constant(v_in)], _untils([neuron], [certainty], HINT_SHARE), rtol=TWIN_RTOL)
    if run.status[0] is not Status.OK or run.ended_by[0] == "last time":
        return 30 * certainty.span, step
    return HINT_ROOM * float(run.t_end[0]), step * REST_STEP if run.ended_by[0] == "rest" else step


def _untils(neurons: Sequence[NeuronCircuit], certainties: Sequence[Certainty], share: float) -> list[Until]:
    levels = {id(neuron.device): switching_current(neuron.device) for neuron in neurons}
    return [
        Until(
            t_stop=LONGEST * certainty.span,
            spike_level=levels[id(neuron.device)] * neuron.r_sense,
            span=certainty.span,
            rest=share * certainty.rest,
            repeat=share * certainty.repeat,
        )
        for neuron, certainty in zip(neurons, certainties, strict=True)
    ]


def _point(neuron: NeuronCircuit, v_in: float, outcome: Outcome, reading: Reading, step: float) -> OperatingPoint:
    balance = energy_balance(neuron, outcome.waveforms, reading.settled)
    spikes = round(balance.duration * reading.frequency)
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
        energy_per_spike=balance.per_spike(spikes),
        device_energy_per_spike=balance.device / spikes if spikes else float("inf"),
        energy_residual=balance.residual,
        t_stop=float(outcome.netlist.t_stop or 0.0),
        step=step,
        netlist_sha256=hashlib.sha256(outcome.netlist.text.encode()).hexdigest(),
    )


def _unread(v_in: float, outcome: Outcome, step: float) -> OperatingPoint:
    """A point whose simulation is not complete: no number of it is passed off as one."""
    nan = float("nan")
    return OperatingPoint(
        v_in=v_in,
        status=outcome.status,
        cause=outcome.cause,
        rung=None,
        engine=outcome.engine,
        regime=None,
        confidence=0.0,
        frequency=nan,
        frequency_error=nan,
        amplitude=nan,
        duty=nan,
        first_latency=nan,
        power=nan,
        energy_per_spike=nan,
        device_energy_per_spike=nan,
        energy_residual=nan,
        t_stop=float(outcome.netlist.t_stop or 0.0),
        step=step,
        netlist_sha256=hashlib.sha256(outcome.netlist.text.encode()).hexdigest(),
        message=" | ".join(outcome.messages)[:500],
    )


def _twin_point_from_waveform(neuron: NeuronCircuit, v_in: float, certainty: Certainty) -> OperatingPoint:
    t_stop = LONGEST * certainty.span
    outcome = simulate_twin(neuron, Constant(v_in), t_stop, sample=certainty.span / TWIN_SAMPLES)
    return read_point(neuron, v_in, outcome)
