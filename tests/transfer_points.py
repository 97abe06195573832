"""Transfer curves made up for tests, from a law that is known everywhere."""

import math

import numpy as np

from neurokit.simulation.outcome import Cause, Status
from neurokit.spikes.operating_point import OperatingPoint
from neurokit.spikes.regime import Regime
from neurokit.spikes.transfer import TransferCurve

V_ON, V_OFF = 5.0, 8.0


def make_rate(v):
    """Hz: log-singular at both ends of the oscillating range, as of a neuron that charges and discharges."""
    v = np.asarray(v, dtype=float)
    inside = (v > V_ON) & (v < V_OFF)
    held = np.where(inside, v, (V_ON + V_OFF) / 2)
    period = 1e-5 + 2e-6 * np.log(V_OFF / (held - V_ON)) + 1e-6 * np.log(V_OFF / (V_OFF - held))
    return np.where(inside, 1 / period, 0.0)


def make_regime(v):
    return Regime.UN_FIRING if v <= V_ON else Regime.FIRING if v >= V_OFF else Regime.OSCILLATING


def make_point(v, *, regime=None, rate=None, scale=1.0, **changes):
    regime = regime or make_regime(v)
    rate = float(make_rate(v)) if rate is None else rate
    power = scale * v**2 / {Regime.UN_FIRING: 1e4, Regime.OSCILLATING: 5e3, Regime.FIRING: 3e3}[regime]
    usual = {
        "v_in": v,
        "status": Status.OK,
        "cause": None,
        "rung": None,
        "engine": "ngspice",
        "regime": regime,
        "confidence": 1.0,
        "frequency": scale * rate,
        "frequency_error": 1e-4 * rate,
        "amplitude": 3.0,
        "duty": 0.1,
        "first_latency": 1e-5,
        "power": power,
        "energy_per_spike": power / rate if rate else math.inf,
        "device_energy_per_spike": math.nan,
        "energy_residual": 1e-6,
        "t_stop": 1e-4,
        "step": 1.0,
        "netlist_sha256": "0" * 64,
        "simulations": 1,
    }
    return OperatingPoint(**(usual | changes))


def make_failure(v, cause=Cause.TIME_LIMIT):
    return make_point(v, status=Status.PARTIAL, cause=cause, frequency=math.nan, power=math.nan, message="too slow")


def make_curve(scale=1.0, voltages=(2.0, 4.0, 4.999, 5.001, 5.1, 5.5, 6.0, 6.5, 7.0, 7.5, 7.9, 7.999, 8.001, 9.0)):
    return TransferCurve(tuple(make_point(v, scale=scale) for v in voltages), {"label": "made up"})
