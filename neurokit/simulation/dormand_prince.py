"""One neuron integrated by Dormand and Prince's explicit pair of orders 5 and 4, compiled.

States are the capacitor's voltage, the device's temperature above ambient and its metal fraction, and that without
hysteresis where a device has any. Time runs through
segments, between which the drive or its slope may jump: steps end exactly there. Spikes and samples are read off the
continuous extension of order 4 between steps.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neurokit.simulation import compiled as compiling
from neurokit.simulation import twin_kernel
from neurokit.simulation.compiled import compiled, compiled_part
from neurokit.simulation.twin_kernel import (
    Coefficients,
    conductance,
    extra_heat_loss,
    heat_loss,
    metal,
    metal_fraction_rate,
    reversible_rate,
)

Floats = NDArray[np.float64]
Line = tuple[float, float, float]  # s where a segment begins, V there, V/s along it

# Dormand and Prince, J. Comput. Appl. Math. 6, 19 (1980), table 2. The last row of A is the solution of order 5.
NODES = np.array([0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1])
A = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [1 / 5, 0, 0, 0, 0, 0],
        [3 / 40, 9 / 40, 0, 0, 0, 0],
        [44 / 45, -56 / 15, 32 / 9, 0, 0, 0],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0, 0],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
)
ERROR = np.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])
# Continuous extension and step control: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, 2nd ed.,
# section II.6, and Hairer, Wanner, II, section IV.2, with the numbers of their program DOPRI5.
EXTENSION = np.array(
    [
        -12715105075 / 11282082432,
        0,
        87487479700 / 32700410799,
        -10690763975 / 1880347072,
        701980252875 / 199316789632,
        -1453857185 / 822651844,
        69997945 / 29380423,
    ]
)
SAFETY, SHRINK, GROW = 0.9, 0.2, 10.0
PI_BETA = 0.04
PI_ALPHA = 0.2 - 0.75 * PI_BETA

SMALL = np.array([0.1, 1.0, 0.01, 0.01])  # V, K, 1, 1: periods are most sensitive to u as it leaves a branch
PLAIN = 3  # states of a device without additions; the metal without hysteresis is one more

BISECTIONS = 42  # a crossing is found to 2**-42 of a step
FIRST_STEP = 1e-6  # of the whole time; the step control finds its own from there
SMALLEST_STEP = 1e-15  # of the whole time: below it, adding a step to the time says nothing

OK, NOT_FINITE, STEP_TOO_SMALL, OUT_OF_STEPS = range(4)
LAST_TIME, REST, REPEAT = range(3)
U, V_SPK, FALL = range(3)  # the signal whose rise through a level is a spike; FALL: how fast v(osc) falls (V/s)


class Circuit(NamedTuple):
    """What surrounds the device."""

    r_series: float  # ohm
    capacitance: float  # F
    r_sense: float  # ohm
    sine_amplitude: float  # V, added to the segments' voltage
    sine_omega: float  # rad/s


class Settings(NamedTuple):
    """How to integrate and what to keep."""

    rtol: float  # error of a step, relative to each state or, where that is small, to its entry in SMALL
    max_steps: int
    spike_signal: int  # U or V_SPK
    spike_level: float
    refine: int  # rows kept per step, 0 for none
    span: float  # s; above 0: end as soon as what comes next is known, see `Run.ended_by`
    rest: float  # a neuron whose signals vary by less than this share over a span rests
    repeat: float  # three intervals between spikes that differ by less than this share repeat for good


class Run(NamedTuple):
    """What became of one neuron; extremes are over the ends of steps."""

    status: int  # OK, NOT_FINITE, STEP_TOO_SMALL or OUT_OF_STEPS
    steps: int  # rejected ones included
    rows: Floats  # time, v(osc), theta, u, and w where there is one
    spikes: Floats  # s
    t: float  # s, where it ended
    v: float  # V, there
    theta: float  # K above ambient, there
    u: float  # there
    theta_peak: float  # K above ambient
    v_low: float  # V, of v(osc) in the second half or, where it rests or repeats, since then or the last spike
    v_high: float  # V, likewise
    v_mean: float  # V, likewise
    signal_end: float  # u, V or V/s, at t
    ended_by: int  # LAST_TIME, REST or REPEAT


@compiled_part
def _metal(c: Coefficients, y: Floats) -> float:
    """The metal fraction in all."""
    return metal(c, y[2], y[3]) if len(y) > PLAIN else float(y[2])


@compiled_part
def _rates(c: Coefficients, circuit: Circuit, v_in: float, noise_time: float, y: Floats, k: Floats, s: int) -> None:
    v, theta, u = y[0], y[1], y[2]
    m = _metal(c, y)
    g = conductance(c, theta, m)
    v_device = v / (1 + g * (circuit.r_sense + c.r_lead))
    i = g * v_device
    loss = heat_loss(c, theta, u)
    if c.noise > 0:
        loss += extra_heat_loss(c, theta, u, noise_time)
    k[s, 0] = ((v_in - v) / circuit.r_series - i) / circuit.capacitance
    k[s, 1] = (v_device * i - loss) / c.c_heat
    k[s, 2] = metal_fraction_rate(c, theta, u)
    if len(y) > PLAIN:
        k[s, 3] = reversible_rate(c, theta, y[3])


@compiled_part
def _voltage(circuit: Circuit, drive: Line, t: float) -> float:
    begin, v, slope = drive
    v_in = v + slope * (t - begin)
    if circuit.sine_amplitude != 0:
        v_in += circuit.sine_amplitude * np.sin(circuit.sine_omega * t)
    return v_in


@compiled_part
def _advance(
    c: Coefficients,
    circuit: Circuit,
    drive: Line,
    noise_time: float,
    t: float,
    h: float,
    y: Floats,
    k: Floats,
    y_new: Floats,
) -> None:
    """The states a step later and the rates at every stage; those at the first must be there."""
    for s in range(1, 7):
        for i in range(len(y)):
            change = 0.0
            for before in range(s):
                change += A[s, before] * k[before, i]
            y_new[i] = y[i] + h * change
        t_stage = t + NODES[s] * h
        _rates(c, circuit, _voltage(circuit, drive, t_stage), noise_time, y_new, k, s)


@compiled_part
def _error(settings: Settings, h: float, k: Floats, y: Floats, y_new: Floats) -> float:
    """The estimated error of a step in units of the tolerance; not a number where a state is none."""
    total = 0.0
    for i in range(len(y)):
        error = 0.0
        for s in range(7):
            error += ERROR[s] * k[s, i]
        scale = settings.rtol * (SMALL[i] + max(abs(y[i]), abs(y_new[i])))
        total += (h * error / scale) ** 2
    return float(np.sqrt(total / len(y)))


@compiled_part
def _extend(h: float, k: Floats, y: Floats, y_new: Floats, extension: Floats) -> None:
    for i in range(len(y)):
        change = y_new[i] - y[i]
        bend = h * k[0, i] - change
        curl = 0.0
        for s in range(7):
            curl += EXTENSION[s] * k[s, i]
        extension[0, i] = y[i]
        extension[1, i] = change
        extension[2, i] = bend
        extension[3, i] = change - h * k[6, i] - bend
        extension[4, i] = h * curl


@compiled_part
def _between(extension: Floats, part: float, y: Floats) -> None:
    """The states at this part of the step."""
    rest = 1 - part
    for i in range(len(y)):
        inner = extension[2, i] + part * (extension[3, i] + rest * extension[4, i])
        y[i] = extension[0, i] + part * (extension[1, i] + rest * inner)


@compiled_part
def _signal(c: Coefficients, circuit: Circuit, which: int, y: Floats, v_in: float) -> float:
    if which == U:
        return float(y[2])
    g = conductance(c, y[1], _metal(c, y))
    if which == FALL:
        i = y[0] * g / (1 + g * (circuit.r_sense + c.r_lead))
        return float((i - (v_in - y[0]) / circuit.r_series) / circuit.capacitance)
    return float(y[0] * g * circuit.r_sense / (1 + g * (circuit.r_sense + c.r_lead)))


@compiled_part
def _crossing(
    c: Coefficients, circuit: Circuit, settings: Settings, extension: Floats, y: Floats, v_in: float
) -> float:
    """The part of a step at which the signal rises through its level."""
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        _between(extension, middle, y)
        if _signal(c, circuit, settings.spike_signal, y, v_in) < settings.spike_level:
            low = middle
        else:
            high = middle
    return high


@compiled_part
def _room_for_one(rows: Floats, used: int) -> Floats:
    if used < len(rows):
        return rows
    larger = np.empty((2 * len(rows) + 16, rows.shape[1]))
    for row in range(used):
        for column in range(rows.shape[1]):
            larger[row, column] = rows[row, column]
    return larger


@compiled_part
def _keep(rows: Floats, used: int, t: float, y: Floats) -> Floats:
    rows = _room_for_one(rows, used)
    rows[used, 0] = t
    for i in range(len(y)):
        rows[used, 1 + i] = y[i]
    return rows


@compiled_part
def _repeats(spikes: Floats, used: int, share: float) -> bool:
    """Whether the last three intervals are one within this share."""
    if used < 4:
        return False
    shortest, longest = np.inf, 0.0
    for k in range(used - 3, used):
        interval = spikes[k, 0] - spikes[k - 1, 0]
        shortest, longest = min(shortest, interval), max(longest, interval)
    return longest - shortest < share * longest


@compiled_part
def _steady(swings: Floats, share: float) -> bool:
    """Whether the last three swings are one within this share: ringing that dies away has equal intervals too."""
    return bool(swings.max() - swings.min() < share * swings.max())


Integrator = Callable[[Coefficients, Circuit, Settings, Floats, Floats, Floats, Floats], Run]


def _integrator(sources: str) -> Integrator:
    """The integrator, which Numba keeps for each text of `sources`; by itself it would not see other files change."""

    @compiled
    def integrate(
        c: Coefficients,
        circuit: Circuit,
        settings: Settings,
        breaks: Floats,  # s, the segments' ends, from 0 to the last time
        v_start: Floats,  # V, the drive where each segment begins
        slope: Floats,  # V/s, along each segment
        wanted: Floats,  # s, rising times to keep; where there are none, `refine` rows a step
    ) -> Run:
        """From a cold, empty circuit to the last break."""
        if not sources:  # read here, so that it belongs to the function
            raise ValueError("no source names what is compiled in")
        t_stop = breaks[-1]
        t = 0.0
        states = PLAIN + 1 if c.u_reversible > 0 else PLAIN
        y, y_new, y_between = np.zeros(states), np.empty(states), np.empty(states)
        y[2] = c.u_start
        if states > PLAIN:
            y[3] = c.w_start
        k, extension = np.empty((7, states)), np.empty((5, states))
        rows, n_rows, n_wanted = np.empty((0, 1 + states)), 0, 0
        spikes, n_spikes = np.empty((0, 1)), 0
        theta_peak, v_low, v_high, v_mean = 0.0, np.inf, -np.inf, np.nan
        area, t_spike, swings = 0.0, 0.0, np.zeros(3)  # of v(osc) since the last spike, and when that was
        late_low, late_high, late_area, late_time = np.inf, -np.inf, 0.0, 0.0  # of the second half
        signal = _signal(c, circuit, settings.spike_signal, y, _voltage(circuit, (0.0, v_start[0], slope[0]), t))
        status, steps, ended_by = OK, 0, LAST_TIME
        cycle_low, cycle_high = np.inf, -np.inf  # of v(osc) since the last spike
        t_mark, low, high = 0.0, np.array([np.inf, np.inf]), np.array([-np.inf, -np.inf])  # since the mark
        h_next, error_before = FIRST_STEP * t_stop, 1e-4

        if settings.refine > 0 and len(wanted) == 0:
            rows, n_rows = _keep(rows, n_rows, t, y), 1
        while n_wanted < len(wanted) and wanted[n_wanted] <= 0:
            rows, n_rows, n_wanted = _keep(rows, n_rows, t, y), n_rows + 1, n_wanted + 1

        for segment in range(len(slope)):
            t_begin, t_end = breaks[segment], breaks[segment + 1]
            drive = (t_begin, v_start[segment], slope[segment])
            noise_time = 0.5 * (t_begin + t_end)
            _rates(c, circuit, _voltage(circuit, drive, t), noise_time, y, k, 0)
            while t < t_end and status == OK and ended_by == LAST_TIME:
                if steps >= settings.max_steps:
                    status = OUT_OF_STEPS
                    break
                steps += 1
                last = t + 1.01 * h_next >= t_end
                h = t_end - t if last else h_next

                _advance(c, circuit, drive, noise_time, t, h, y, k, y_new)
                error = _error(settings, h, k, y, y_new)

                if not error <= 1:
                    finite = np.isfinite(error)
                    h_next = h * max(SHRINK, SAFETY / error**PI_ALPHA) if finite else h * SHRINK
                    if h_next < SMALLEST_STEP * t_stop:
                        status = STEP_TOO_SMALL if finite else NOT_FINITE
                    continue

                factor = SAFETY * error_before**PI_BETA / max(error, 1e-10) ** PI_ALPHA
                h_next = max(h * min(GROW, max(SHRINK, factor)), h_next if last else 0.0)
                error_before = max(error, 1e-4)
                t_new = t_end if last else t + h
                v_in = _voltage(circuit, drive, t_new)
                signal_new = _signal(c, circuit, settings.spike_signal, y_new, v_in)
                rises = signal < settings.spike_level <= signal_new
                is_wanted = n_wanted < len(wanted) and wanted[n_wanted] <= t_new
                refine = settings.refine if len(wanted) == 0 else 0

                if rises or is_wanted or refine > 0:
                    _extend(h, k, y, y_new, extension)
                if rises:
                    part = _crossing(c, circuit, settings, extension, y_between, v_in)
                    spikes = _room_for_one(spikes, n_spikes)
                    spikes[n_spikes, 0] = t + part * h
                    n_spikes += 1
                    if settings.span > 0:
                        swings[0], swings[1], swings[2] = swings[1], swings[2], cycle_high - cycle_low
                        if _repeats(spikes, n_spikes, settings.repeat) and (
                            settings.spike_signal != FALL or _steady(swings, settings.repeat)
                        ):
                            ended_by = REPEAT
                        v_low, v_high, v_mean = cycle_low, cycle_high, area / max(t - t_spike, SMALLEST_STEP * t_stop)
                        cycle_low, cycle_high, area, t_spike = np.inf, -np.inf, 0.0, t
                for piece in range(1, refine + 1):
                    part = piece / refine
                    _between(extension, part, y_between)
                    rows, n_rows = _keep(rows, n_rows, t_new if part == 1 else t + part * h, y_between), n_rows + 1
                while n_wanted < len(wanted) and wanted[n_wanted] <= t_new:
                    _between(extension, (wanted[n_wanted] - t) / h, y_between)
                    rows, n_rows = _keep(rows, n_rows, wanted[n_wanted], y_between), n_rows + 1
                    n_wanted += 1

                gained = h * (0.5 * (y[0] + y_new[0]) + h * (k[0, 0] - k[6, 0]) / 12)  # of a cubic through both ends
                area += gained
                if t >= 0.5 * t_stop:
                    late_area, late_time = late_area + gained, late_time + h
                t, signal = t_new, signal_new
                for i in range(states):
                    y[i], k[0, i] = y_new[i], k[6, i]
                theta_peak = max(theta_peak, y[1])
                if settings.span > 0:
                    cycle_low, cycle_high = min(cycle_low, y[0]), max(cycle_high, y[0])
                    low[0], high[0] = min(low[0], y[0]), max(high[0], y[0])
                    low[1], high[1] = min(low[1], signal), max(high[1], signal)
                    if t - t_mark >= settings.span:
                        rests = True
                        for i in range(1 if settings.spike_signal == FALL else 2):
                            rests = rests and high[i] - low[i] <= settings.rest * max(abs(high[i]), abs(low[i]))
                        if rests and ended_by == LAST_TIME:
                            ended_by = REST
                            v_low, v_high, v_mean = low[0], high[0], y[0]
                        t_mark = t  # the next span begins where this one ended: a step can be longer than a span
                        low[0], high[0], low[1], high[1] = y[0], y[0], signal, signal
                if t >= 0.5 * t_stop:
                    late_low, late_high = min(late_low, y[0]), max(late_high, y[0])
            if ended_by != LAST_TIME or status != OK:
                break

        if ended_by == LAST_TIME:
            v_low, v_high, v_mean = late_low, late_high, late_area / late_time if late_time > 0 else np.nan
        return Run(
            status,
            steps,
            rows[:n_rows],
            spikes[:n_spikes, 0].copy(),
            t,
            y[0],
            y[1],
            y[2],
            theta_peak,
            v_low,
            v_high,
            v_mean,
            signal,
            ended_by,
        )

    return integrate


def _sources() -> str:
    """A digest of the other files that the integrator is compiled from."""
    texts = [Path(module.__file__ or "").read_bytes() for module in (twin_kernel, compiling)]
    return sha256(b"".join(texts)).hexdigest()


integrate = _integrator(_sources())
