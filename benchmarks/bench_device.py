"""What a spike costs in ngspice, and how often a deck fails: the VO2-x device against two simpler switches.

    python benchmarks/bench_device.py [--devices 1 2 3] [--decks 1000] [--quick]

The circuit is the neuron of `neurokit.circuits` at 12.5 V, 3 kohm, 1.8 nF, 10 ohm. Each model is compared with its own
exact solution, so a model is charged for its numerics and not for its physics. Cost is processor time of the ngspice
process (user and system, from wait4) without that of its start, and accepted time points, both over the spikes of
T_STOP seconds. Accuracy is the mean period against the exact one.
"""

import argparse
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from threshold_switch import (
    C_STATE_SMALL,
    HysteresisSwitch,
    ThresholdSwitch,
    matched_hysteresis_switch,
    matched_threshold_switch,
)

from neurokit.circuits.library import device_line, embedded_library
from neurokit.circuits.values import spice_value
from neurokit.device import DEVICES, Vo2x, device_label
from neurokit.device.accuracy import METHOD, RELTOL, TRTOL, largest_step, thermal_time
from neurokit.device.closed_form import threshold_limit
from neurokit.device.equations import X_HIGH, conductance, heat_loss, metal_fraction_rate
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import device_coefficients
from neurokit.simulation.rawfile import read_raw

V_IN, R_SERIES, CAPACITANCE, R_SENSE = 12.5, 3e3, 1.8e-9, 10.0  # Li et al., arXiv 2405.00700; r_sense assumed
T_STOP = 1e-3  # s, some 90 spikes of Device 1
SCAN_T_STOP = 0.5e-3  # s, while settings are looked for
ROUNDS = 4  # of the final measurement, models in turn, least time of each: other load only ever adds
FINALISTS = 6  # settings of each model that enter it
SKIPPED = 4  # first spikes, in which the circuit settles
TARGET_ERROR = 3e-4
TARGET_RATIO = 0.5
WORKERS = 2
DECK_POINTS = 1500  # largest steps in a random deck at most: some 50 ms
DECK_TIMES = 20  # time constants R_s C + thermal time in a random deck, unless that is more
DECK_SEED = 20240500
HANGS_S = 120.0  # a run that takes longer is ended, and has failed

TAU = R_SERIES * CAPACITANCE + thermal_time(DEVICES[1])  # s
Floats = NDArray[np.float64]
Model = Vo2x | ThresholdSwitch | HysteresisSwitch

# What is compared: each model made to match a VO2-x device, by the name that the tables use.
MODELS: dict[str, Callable[[Vo2x], Model]] = {
    "vo2x": lambda device: device,
    "Maffezzoni-type": matched_threshold_switch,
    "Maffezzoni-type, exponential": lambda device: matched_threshold_switch(device, "exponential"),
    "Maffezzoni-type, 10 fF": lambda device: matched_threshold_switch(device, c_state=C_STATE_SMALL),
    "ngspice S switch": matched_hysteresis_switch,
}


@dataclass(frozen=True)
class Settings:
    """How ngspice is told to step."""

    reltol: float = 1e-3
    trtol: float = 7.0
    method: str = "trap"
    steps: float | None = (
        None  # largest step = (R_s C + thermal time) / steps; None: 100 ns, a print step as people write it
    )

    def options(self) -> str:
        return f".options method={self.method} reltol={self.reltol:g} trtol={self.trtol:g}"

    def largest_step(self, tau: float) -> float:
        return 100e-9 if self.steps is None else tau / self.steps

    def __str__(self) -> str:
        step = "100 ns" if self.steps is None else f"tau/{self.steps:g}"
        return f"{self.method}, reltol {self.reltol:g}, trtol {self.trtol:g}, step {step}"


ORDINARY = Settings()
# Every model is scanned over the same grid. Gear never won a place in finer scans, so it gets a coarse one.
GRID = tuple(
    Settings(reltol, trtol, "trap", steps)
    for reltol, trtol, steps in product(
        (1e-3, 3e-4, 1e-4, 3e-5, 1e-5), (3.0, 1.0, 0.3, 0.2, 0.1), (30.0, 60.0, 80.0, 100.0, 120.0)
    )
) + tuple(Settings(reltol, trtol, "gear", 120.0) for reltol, trtol in product((1e-3, 1e-4, 1e-5), (1.0, 0.1)))
QUICK_GRID = tuple(
    Settings(reltol, trtol, "trap", steps)
    for reltol, trtol, steps in product((1e-3, 3e-5, 1e-5), (1.0, 0.3, 0.1), (60.0, 80.0, 120.0))
)


@dataclass(frozen=True)
class Cost:
    """What one run cost and how right it was."""

    settings: Settings
    cpu_per_spike: float  # s
    points_per_spike: float
    period_error: float  # relative, signed


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--devices", type=int, nargs="+", default=[1, 2, 3], help="numbers of the paper's devices")
    arguments.add_argument("--decks", type=int, default=1000, help="random decks for each model")
    arguments.add_argument("--quick", action="store_true", help="a coarse grid of settings")
    chosen = arguments.parse_args()
    print(spike_table(chosen.devices, QUICK_GRID if chosen.quick else GRID))
    print(failure_table(chosen.decks))


# The tables.


def spike_table(devices: Sequence[int], grid: Sequence[Settings] = GRID) -> str:
    """Cost and period error of every model on the given devices, and the ratios that the targets are about."""
    lines = [
        "| device | model | options | CPU per spike / ms | points per spike | period error |",
        "|---|---|---|---|---|---|",
    ]
    ratios = []
    for number in devices:
        best = {}
        for name, (ordinary, cheapest) in compared(DEVICES[number], grid).items():
            lines.append(_row(number, name, "ordinary: ", ordinary))
            lines.append(_row(number, name, f"cheapest at {TARGET_ERROR:g}: ", cheapest))
            best[name] = cheapest
        ratios += [
            f"- {device_label(number)}: vo2x takes {best['vo2x'].cpu_per_spike / cost.cpu_per_spike:.2f} of the CPU "
            f"and {best['vo2x'].points_per_spike / cost.points_per_spike:.2f} of the time points of the {name} switch"
            for name, cost in best.items()
            if name.startswith("Maffezzoni") and cost and best["vo2x"]
        ]
    return "\n".join(
        [*lines, "", f"Ratios at a period error of at most {TARGET_ERROR:g} (target {TARGET_RATIO}):", "", *ratios, ""]
    )


def _row(number: int, name: str, kind: str, cost: Cost | None) -> str:
    if cost is None:
        return f"| {number} | {name} | {kind}none completes and is right | | | |"
    figures = f"{cost.cpu_per_spike * 1e3:.2f} | {cost.points_per_spike:.0f} | {cost.period_error:+.1e}"
    return f"| {number} | {name} | {kind}{cost.settings} | {figures} |"


def failure_table(n_decks: int) -> str:
    """How many random decks each model fails, with ordinary options and with those that neurokit's netlists carry."""
    lines = [
        f"| model | fails of {n_decks}, ordinary options | fails, neurokit's options and largest step |",
        "|---|---|---|",
    ]
    for name in MODELS:
        fails = [failures(name, n_decks, safe) for safe in (False, True)]
        lines.append(f"| {name} | {fails[0]} | {fails[1]} |")
    return "\n".join([*lines, ""])


# The comparison.


def compared(device: Vo2x, grid: Sequence[Settings]) -> dict[str, tuple[Cost | None, Cost | None]]:
    """For each model its cost at ordinary options and at the cheapest settings of the grid that are accurate enough."""
    entries: list[tuple[str, Model, Settings, float]] = []
    for name, make in MODELS.items():
        model = make(device)
        period = exact_period(model)
        entries.append((name, model, ORDINARY, period))
        entries += [(name, model, settings, period) for settings in finalists(model, grid, period)]
    costs = remeasured(entries)
    return {name: (_ordinary(costs[name]), _cheapest(costs[name])) for name in MODELS}


def finalists(model: Model, grid: Sequence[Settings], period: float) -> list[Settings]:
    """The few cheapest settings that are accurate enough, by a scan with two runs at a time."""
    with ThreadPoolExecutor(WORKERS) as pool:
        costs = [cost for cost in pool.map(lambda settings: measured(model, settings, period), grid) if cost]
    enough = [cost for cost in costs if abs(cost.period_error) <= TARGET_ERROR]
    return [cost.settings for cost in sorted(enough, key=lambda cost: cost.cpu_per_spike)[:FINALISTS]]


def remeasured(entries: Sequence[tuple[str, Model, Settings, float]]) -> dict[str, list[Cost]]:
    """The costs of some models and settings one run at a time, in rounds, without the start of ngspice."""
    least: dict[int, Cost] = {}
    start: dict[int, float] = {}
    for _ in range(ROUNDS):
        for k, (_, model, settings, period) in enumerate(entries):
            cost = measured(model, settings, period, T_STOP)
            if cost and (k not in least or cost.cpu_per_spike < least[k].cpu_per_spike):
                least[k] = cost
            started = simulated(neuron_deck(model, settings, settings.largest_step(TAU)))[0]
            start[k] = min(start.get(k, started), started)
    costs: dict[str, list[Cost]] = {entry[0]: [] for entry in entries}
    for k, cost in least.items():
        name, _, _, period = entries[k]
        spikes = T_STOP / (period * (1 + cost.period_error))
        costs[name].append(replace(cost, cpu_per_spike=cost.cpu_per_spike - start[k] / spikes))
    return costs


def _ordinary(costs: Iterable[Cost]) -> Cost | None:
    return next((cost for cost in costs if cost.settings == ORDINARY), None)


def _cheapest(costs: Iterable[Cost]) -> Cost | None:
    enough = [cost for cost in costs if abs(cost.period_error) <= TARGET_ERROR]
    return min(enough, key=lambda cost: cost.cpu_per_spike, default=None)


# Random decks.


def failures(name: str, n_decks: int, safe: bool) -> int:
    """How many of n random decks with this model do not reach their end with finite vectors."""
    decks = random_decks(name, n_decks, safe)
    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(not finished for finished in pool.map(lambda one: _finished(*one), decks))


def random_decks(name: str, n_decks: int, safe: bool) -> list[tuple[str, float]]:
    """Decks with their last times, the same circuits for every model.

    x over its range, R_s 0.2-50 kohm, V 0.5-20 V, C 30 pF-30 nF. Beyond a certain x a VO2-x device has no thresholds
    that a switch could have, so the peers' x is scaled to end there.
    """
    random = np.random.default_rng(DECK_SEED)
    x_end = X_HIGH if name == "vo2x" else 0.999 * threshold_limit(DEVICES[1])
    decks = []
    for share, v_in, log_r, log_c in random.uniform(
        (0, 0.5, np.log(200), np.log(30e-12)), (1, 20, np.log(50e3), np.log(30e-9)), (n_decks, 4)
    ):
        device = replace(DEVICES[1], x=share * x_end)
        circuit = {"v_in": v_in, "r_series": np.exp(log_r), "capacitance": np.exp(log_c)}
        t_max = largest_step(device, circuit["r_series"], circuit["capacitance"])
        tau = circuit["r_series"] * circuit["capacitance"] + thermal_time(device)
        t_stop = min(DECK_TIMES * tau, DECK_POINTS * t_max)
        settings = Settings(RELTOL, TRTOL, METHOD) if safe else ORDINARY
        step = t_max if safe else ORDINARY.largest_step(tau)
        decks.append((deck(MODELS[name](device), settings.options(), step, t_stop, **circuit), t_stop))
    return decks


def _finished(text: str, t_stop: float) -> bool:
    return complete(simulated(text)[1], t_stop)


# The decks.


def deck(
    model: Model,
    options: str,
    t_max: float,
    t_stop: float,
    *,
    v_in: float = V_IN,
    r_series: float = R_SERIES,
    capacitance: float = CAPACITANCE,
) -> str:
    """The same neuron for every model, with the same vectors saved."""
    if isinstance(model, Vo2x):
        text, line = embedded_library(), device_line("vo2", "osc spk", model)
    else:
        text, line = model.subcircuit(), model.line("vo2", "osc spk")
    step = spice_value(t_max)
    return "\n".join(
        [
            "neuron",
            text,
            f"V_in in 0 DC {spice_value(v_in)}",
            f"R_series in osc {spice_value(r_series)}",
            f"C_osc osc 0 {spice_value(capacitance)}",
            line,
            f"R_sense spk 0 {spice_value(R_SENSE)}",
            options,
            ".save v(osc) v(spk)",
            f".tran {step} {spice_value(t_stop)} 0 {step} uic",
            ".end",
            "",
        ]
    )


# Running and measuring.


def child_cpu(command: Sequence[str], directory: str | Path) -> float:
    """Processor time of one child process in s, user and system."""
    child = subprocess.Popen(
        command,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    watchdog = threading.Timer(HANGS_S, child.kill)
    watchdog.start()
    _, status, usage = os.wait4(child.pid, 0)
    watchdog.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def simulated(text: str) -> tuple[float, dict[str, Floats]]:
    """Processor time of `ngspice -b -r` on this text, and the vectors it wrote (none if it wrote no plot)."""
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "deck.cir").write_text(text)
        cpu = child_cpu(["ngspice", "-b", "-r", "out.raw", "deck.cir"], directory)
        raw = Path(directory) / "out.raw"
        plots = read_raw(raw) if raw.exists() else ()
    return cpu, {name: np.asarray(values, float) for name, values in plots[0].signals.items()} if plots else {}


def measured(model: Model, settings: Settings, period: float, t_stop: float = SCAN_T_STOP) -> Cost | None:
    """Cost (the start of ngspice included) and accuracy at these settings; None if it ends early or rests."""
    cpu, signals = simulated(neuron_deck(model, settings, t_stop))
    if not complete(signals, t_stop):
        return None
    spikes = falling_times(signals["time"], signals["v(osc)"])
    if len(spikes) < SKIPPED + 2:
        return None
    found = float(spikes[-1] - spikes[SKIPPED]) / (len(spikes) - SKIPPED - 1)
    n_spikes = t_stop / found
    return Cost(settings, cpu / n_spikes, len(signals["time"]) / n_spikes, found / period - 1)


def neuron_deck(model: Model, settings: Settings, t_stop: float) -> str:
    return deck(model, settings.options(), settings.largest_step(TAU), t_stop)


def complete(signals: dict[str, Floats], t_stop: float) -> bool:
    """Whether all vectors are there, finite, and reach the end; ngspice's exit code and silence say nothing."""
    wanted = [signals.get(name, np.empty(0)) for name in ("time", "v(osc)", "v(spk)")]
    return all(len(v) and np.isfinite(v).all() for v in wanted) and abs(wanted[0][-1] / t_stop - 1) < 1e-9


def falling_times(time: Floats, v: Floats) -> Floats:
    """When v falls through the middle of its range, by linear interpolation: the spikes."""
    late = v[len(v) // 10 :]
    level = (late.max() + late.min()) / 2
    if late.max() - late.min() < 0.05:
        return np.empty(0)
    (k,) = np.nonzero((v[:-1] > level) & (v[1:] <= level))
    return time[k] + (level - v[k]) * (time[k + 1] - time[k]) / (v[k + 1] - v[k])


# Exact solutions.


def exact_period(model: Model) -> float:
    """The period of the neuron's limit cycle, in s."""
    if isinstance(model, HysteresisSwitch):
        return _piecewise_period(model)
    return _integrated_period(*(_vo2x_neuron(model) if isinstance(model, Vo2x) else _switch_neuron(model)))


def _vo2x_neuron(device: Vo2x) -> tuple[Callable[[float, Floats], list[float]], list[float]]:
    xp, c = numpy_maths(), device_coefficients(device)

    def rates(_: float, y: Floats) -> list[float]:
        v_osc, theta, u = y
        g = conductance(xp, c, theta, u)
        v = v_osc / (1 + g * R_SENSE)
        heating = (v * v * g - heat_loss(xp, c, theta, u)) / c.c_heat
        return [_charging(v_osc, v * g), heating, metal_fraction_rate(xp, c, theta, u)]

    return rates, [0.0, 0.0, float(c.u_start)]


def _switch_neuron(switch: ThresholdSwitch) -> tuple[Callable[[float, Floats], list[float]], list[float]]:
    def rates(_: float, y: Floats) -> list[float]:
        v_osc, s = y
        g = switch.conductance(s)
        v = v_osc / (1 + g * R_SENSE)
        return [_charging(v_osc, v * g), switch.rate(v, s)]

    return rates, [0.0, 0.0]


def _charging(v_osc: float, i_device: float) -> float:
    return ((V_IN - v_osc) / R_SERIES - i_device) / CAPACITANCE


def _integrated_period(rates: Callable[[float, Floats], list[float]], start: list[float], cycles: int = 8) -> float:
    """The last of some periods of an ODE, at rtol 1e-9; the circuit forgets its start within the first."""

    def falls(_: float, y: Floats) -> float:
        return y[0] - 2.0  # V, between hold and threshold of every device that is asked for

    falls.direction = -1
    falls.terminal = cycles
    found = solve_ivp(rates, (0, T_STOP), start, method="LSODA", rtol=1e-9, atol=1e-12, events=falls, max_step=50e-9)
    times = found.t_events[0]
    return float(times[-1] - times[-2])


def _piecewise_period(switch: HysteresisSwitch) -> float:
    """Two exponentials: charging with the switch open, discharging with it closed."""

    def duration(r_device: float, v_from: float, v_to: float) -> float:
        r = r_device + R_SENSE
        v_rest = V_IN * r / (r + R_SERIES)
        return R_SERIES * r / (R_SERIES + r) * CAPACITANCE * np.log((v_rest - v_from) / (v_rest - v_to))

    v_on = switch.v_threshold * (switch.r_ins + R_SENSE) / switch.r_ins
    v_off = switch.v_hold * (switch.r_met + R_SENSE) / switch.r_met
    return float(duration(switch.r_ins, v_off, v_on) + duration(switch.r_met, v_on, v_off))


if __name__ == "__main__":
    main()
