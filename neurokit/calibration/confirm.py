"""The same records once more in ngspice, which is the reference; R(T) and thresholds are closed form and stay out."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from neurokit.calibration.predict import Values, at_temperature, fired, lasting, neurons_of, runs_of, voltage_at
from neurokit.calibration.records import UP
from neurokit.calibration.result import Answers
from neurokit.circuits.iv_sweep import iv_netlist
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.neuron import neuron_netlist
from neurokit.device.accuracy import thermal_time
from neurokit.device.vo2x import Vo2x
from neurokit.spikes.switching import rising_crossings
from neurokit.vacancy.model import Floats

if TYPE_CHECKING:
    from neurokit.simulation import Outcome

CYCLES = 40  # that an oscillation is followed
SPAN = 16  # slowest time constants, at least
SLOW = 1e6  # slowest time constants, in which an I-V is swept from 0 to its end
RESTS = 1e-3  # of the mean voltage: what swings by less rests

Simulate = Callable[[Sequence[Netlist]], "Sequence[Outcome]"]


def confirmed(answers: Sequence[Answers], device: Vo2x, circuit: Values, simulate: Simulate) -> tuple[Answers, ...]:
    """What ngspice gives in every record that it can run; a simulation that fails leaves nan."""
    return tuple(
        Answers(answer.record, _in_ngspice(answer, at_temperature(answer.record, device, circuit), circuit, simulate))
        for answer in answers
        if answer.record.kind in CONFIRMATIONS
    )


def _in_ngspice(answer: Answers, device: Vo2x, circuit: Values, simulate: Simulate) -> dict[str, Floats]:
    return CONFIRMATIONS[answer.record.kind](answer, device, circuit, simulate)


def _oscillation(answer: Answers, device: Vo2x, circuit: Values, simulate: Simulate) -> dict[str, Floats]:
    rows = neurons_of(answer.record, device, circuit)
    slowest = max(lasting(neuron) for neuron, _ in rows)
    periods = np.nan_to_num(1 / answer.predicted["frequency"])
    netlists = [
        neuron_netlist(neuron, drive, max(SPAN * slowest, CYCLES * float(period)))
        for (neuron, drive), period in zip(rows, periods, strict=True)
    ]
    ends = [_settled(outcome) for outcome in simulate(netlists)]
    return {name: np.array([end[k] for end in ends]) for k, name in enumerate(("mean", "peak_to_peak", "frequency"))}


def _settled(outcome: "Outcome") -> tuple[float, float, float]:
    """Mean, swing and frequency in the second half of a run."""
    if not outcome.complete:
        return (np.nan,) * 3
    waves = outcome.waveforms
    late = waves.time >= waves.time[-1] / 2
    time, v = waves.time[late], waves["v(osc)"][late]
    mean, swing = float(np.trapezoid(v, time) / (time[-1] - time[0])), float(np.ptp(v))
    at = rising_crossings(time, v, (v.max() + v.min()) / 2, band=0.0)
    if swing <= RESTS * abs(mean) or len(at) < 3:
        return mean, 0.0, np.nan
    whole = (time >= at[0]) & (time <= at[-1])
    mean = float(np.trapezoid(v[whole], time[whole]) / (time[whole][-1] - time[whole][0]))
    return mean, swing, float((len(at) - 1) / (at[-1] - at[0]))


def _waveform(answer: Answers, device: Vo2x, circuit: Values, simulate: Simulate) -> dict[str, Floats]:
    record = answer.record
    (outcome,) = simulate([neuron_netlist(*run) for run in runs_of(record, device, circuit)])
    if not outcome.complete:
        return {"voltage": np.full(len(record), np.nan)}
    return {"voltage": voltage_at(record, outcome.waveforms)}


def _fires(answer: Answers, device: Vo2x, circuit: Values, simulate: Simulate) -> dict[str, Floats]:
    outcomes = simulate([neuron_netlist(*run, temperature=True) for run in runs_of(answer.record, device, circuit)])
    return {"fires": np.array([fired(end.waveforms) if end.complete else np.nan for end in outcomes])}


def _current(answer: Answers, device: Vo2x, circuit: Values, simulate: Simulate) -> dict[str, Floats]:
    record = answer.record
    v = np.abs(record.given["voltage"])
    slowest = max(thermal_time(device), device.film.tau_up, device.film.tau_down)
    (outcome,) = simulate([iv_netlist(device, record.v_top, edge=SLOW * slowest)])
    if not outcome.complete:
        return {"current": np.full(len(v), np.nan)}
    waves = outcome.waveforms
    top = int(np.argmax(waves["v(a)"]))
    swept, i = waves["v(a)"], -waves["i(v_sweep)"]
    up = np.interp(v, swept[: top + 1], i[: top + 1])
    down = np.interp(v, swept[top:][::-1], i[top:][::-1])
    return {"current": np.sign(record.given["voltage"]) * np.where(record.on(UP), up, down)}


CONFIRMATIONS: Mapping[str, Callable[[Answers, Vo2x, Values, Simulate], dict[str, Floats]]] = {
    "iv": _current,
    "oscillation": _oscillation,
    "waveform": _waveform,
    "pulse": _fires,
}
