"""What a device would have given in each record: closed form where there is one, the compiled twin elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from neurokit.calibration.records import UP, Record, value_of
from neurokit.circuits.drive import Constant, Drive, Pulse, Pwl
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device.accuracy import thermal_time
from neurokit.device.closed_form import has_thresholds, resistance_loop, static_curve, thresholds
from neurokit.device.vo2x import Vo2x
from neurokit.simulation.outcome import Waveforms
from neurokit.simulation.twin import settled, simulate_twin
from neurokit.vacancy.model import Floats

R_SOURCE = 1e9  # ohm, of a current source written as a supply: a device of 1 Mohm takes 1e-3 from its current
R_SENSE = 1e-3  # ohm, nothing: records are of the device alone
RTOL = 1e-4  # of the integrator
LASTS = 80  # slowest time constants, after which what still changes is told by the second half of that time
SPAN = 12  # of them, over which what rests must rest
STATIC_POINTS = 3000
HOTTEST = 1500.0  # K above ambient, up to which a static curve is looked at

Values = Mapping[str, float]


def predicted(record: Record, device: Vo2x, circuit: Values) -> dict[str, Floats]:
    """By name, what the device gives in every row of a record."""
    return PREDICTIONS[record.kind](record, at_temperature(record, device, circuit), circuit)


def at_temperature(record: Record, device: Vo2x, circuit: Values) -> Vo2x:
    """The device at the temperature of a record, where it says one of its own."""
    if record.t_ambient is None:
        return device
    value = circuit[record.t_ambient] if isinstance(record.t_ambient, str) else record.t_ambient
    return replace(device, t_ambient=value)


def neurons_of(record: Record, device: Vo2x, circuit: Values) -> list[tuple[NeuronCircuit, Drive]]:
    """The circuit around the device in every row, and what drives it."""
    parts = {"supply": np.zeros(len(record)), "rise": np.zeros(len(record))}
    parts |= {name: value_of(entry, circuit, len(record)) for name, entry in record.circuit.items()}
    if "current" in parts:
        parts["supply"], parts["r_series"] = R_SOURCE * parts["current"], np.full(len(record), R_SOURCE)
    return [
        (NeuronCircuit(device, float(r), float(c), R_SENSE), _risen(float(v), float(rise)))
        for v, r, c, rise in zip(*(parts[name] for name in ("supply", "r_series", "capacitance", "rise")), strict=True)
    ]


def _risen(v: float, rise: float) -> Drive:
    return Pwl(((0.0, 0.0), (rise, v))) if rise > 0 else Constant(v)


def lasting(neuron: NeuronCircuit) -> float:
    """The slowest time constant of a neuron, s: of its heat, its phases and its capacitor."""
    film = neuron.device.film
    cold = float(resistance_loop(neuron.device, [neuron.device.t_ambient]).heating[0])
    charging = neuron.capacitance / (1 / cold + 1 / neuron.r_series)
    return max(thermal_time(neuron.device), charging, film.tau_up, film.tau_down)


def swept_up(device: Vo2x, v: Floats) -> Floats:
    """Current of a device that a slow sweep from 0 has brought to v: it jumps where the static curve turns back."""
    curve = static_curve(device, "heating", _temperatures())
    return np.asarray(np.interp(v, np.maximum.accumulate(curve.v), curve.i / curve.v) * v)


def swept_down(device: Vo2x, v: Floats, v_top: float = np.inf) -> Floats:
    """The same of a sweep down from v_top: it is no hotter than there, and no more of it is metal."""
    up = static_curve(device, "heating", _temperatures())
    theta_top, u_top = (float(np.interp(v_top, np.maximum.accumulate(up.v), values)) for values in (up.theta, up.u))
    curve = static_curve(device, "cooling", np.append(up.theta[up.theta < theta_top], theta_top), u_top)
    lowest = np.minimum.accumulate(curve.v[::-1])[::-1]
    return np.asarray(np.interp(v, lowest, curve.i / curve.v) * v)


def _temperatures() -> Floats:
    return np.geomspace(1e-2, HOTTEST, STATIC_POINTS)


def _resistance(record: Record, device: Vo2x, circuit: Values) -> dict[str, Floats]:
    loop = resistance_loop(device, record.given["temperature"])
    return {"resistance": np.where(record.on(UP), loop.heating, loop.cooling)}


def _current(record: Record, device: Vo2x, circuit: Values) -> dict[str, Floats]:
    v = record.given["voltage"]
    down = swept_down(device, np.abs(v), record.v_top)
    size = np.where(record.on(UP), swept_up(device, np.abs(v)), down)
    return {"current": np.sign(v) * size}


def _threshold(record: Record, device: Vo2x, circuit: Values) -> dict[str, Floats]:
    """V_th where the branch rises, V_hold where it falls; nan of a device that does not snap."""
    if not has_thresholds(device):
        return {"voltage": np.full(len(record), np.nan)}
    snaps = thresholds(device)
    return {"voltage": np.where(record.on(UP), snaps.v_threshold, snaps.v_hold)}


def _oscillation(record: Record, device: Vo2x, circuit: Values) -> dict[str, Floats]:
    neurons, drives = zip(*neurons_of(record, device, circuit), strict=True)
    slowest = max(lasting(neuron) for neuron in neurons)
    found = settled(neurons, drives, LASTS * slowest, span=SPAN * slowest, rtol=RTOL)
    return {"mean": found.mean, "peak_to_peak": found.swing, "frequency": found.frequency}


def _waveform(record: Record, device: Vo2x, circuit: Values) -> dict[str, Floats]:
    ((neuron, drive, t_stop),) = runs_of(record, device, circuit)
    return {"voltage": voltage_at(record, simulate_twin(neuron, drive, t_stop, rtol=RTOL).waveforms)}


def _fires(record: Record, device: Vo2x, circuit: Values) -> dict[str, Floats]:
    runs = [simulate_twin(*run, rtol=RTOL).waveforms for run in runs_of(record, device, circuit)]
    return {"fires": np.array([fired(waves) for waves in runs])}


def runs_of(record: Record, device: Vo2x, circuit: Values) -> list[tuple[NeuronCircuit, Drive, float]]:
    """Circuit, drive and duration of each simulation behind a record of waveforms (one) or of pulses (one a row)."""
    rows = neurons_of(record, device, circuit)
    if record.kind == "waveform":
        return [(*rows[0], float(record.given["time"][-1]))]
    pulses = zip(record.given["amplitude"], record.given["width"], strict=True)
    drives = [(Pulse(float(v), width=float(width), period=4 * float(width)), 2 * float(width)) for v, width in pulses]
    return [(neuron, drive, t_stop) for (neuron, _), (drive, t_stop) in zip(rows, drives, strict=True)]


def voltage_at(record: Record, waves: Waveforms) -> Floats:
    """The voltage across the device at the times of a record."""
    return np.interp(record.given["time"], waves.time, waves["v(osc)"])


def fired(waves: Waveforms) -> float:
    """1 where the metal fraction with hysteresis reached a half; a smaller number the further it stayed below."""
    return float(np.clip(waves["v(u)"].max() / 0.5, 0, 1))


PREDICTIONS: Mapping[str, Callable[[Record, Vo2x, Values], dict[str, Floats]]] = {
    "resistance": _resistance,
    "iv": _current,
    "threshold": _threshold,
    "oscillation": _oscillation,
    "range": _oscillation,
    "waveform": _waveform,
    "pulse": _fires,
}
