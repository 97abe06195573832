"""Panel 2M: the thresholds of Device 1 over a thousand cycles, with the cycle-to-cycle noise of a real device."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.netlist import Netlist
from neurokit.device.vo2x import CYCLE_SPREAD, DEVICES, MEASURED_THRESHOLDS, device_label
from neurokit.report.paper.anchors import LOOK, threshold_text
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices
from neurokit.report.paper.slow_sweep import sweep_netlist, switching_of
from neurokit.report.style import BLUE, GREY, VERMILLION, label, legend_below, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOISE = CYCLE_SPREAD
CYCLES, RUNS = 1000, 20
LARGEST_DRIFT = 3.0  # standard errors of the drift that noise alone gives
WIDEST = 1.1  # of the spread that was put in

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stability:
    """What a straight line through the thresholds of all cycles says."""

    cycles: int
    mean: float  # V
    spread: float  # relative, one standard deviation
    drift: float  # relative, from the first cycle to the last
    drift_error: float  # relative, one standard error


def endurance_panel() -> Panel:
    """The panel of Device 1."""
    return Panel(
        title=f"Thresholds of Device 1 over {CYCLES} cycles",
        statement=f"The text says: stable over {CYCLES} cycles.",
        make=_make,
        needs=endurance_netlists,
        note=f"The noise, {100 * NOISE:g} % from cycle to cycle, is measured by Li Z. et al. 2024 and not the paper's. "
        f"{RUNS} runs of {CYCLES // RUNS} consecutive cycles each, with seeds of their own, are put end to end. The "
        "model has no wear: the panel shows that every cycle switches and that noise does not pile up, not how a film "
        "ages.",
    )


def endurance_netlists(seed: int) -> dict[int, Netlist]:
    """The runs, with a new threshold for every triangle."""
    cycles = CYCLES // RUNS
    triangle = (sweep_netlist(DEVICES[1], cycles).t_stop or 0.0) / cycles
    noisy = replace(DEVICES[1], noise=NOISE, noise_step=triangle)
    return {k: sweep_netlist(replace(noisy, seed=float(seed + k)), cycles) for k in range(RUNS)}


def stability(v_threshold: Floats) -> Stability:
    """A straight line through the thresholds by cycle."""
    n, mean = len(v_threshold), float(v_threshold.mean())
    slope = float(np.polyfit(np.arange(n), v_threshold, 1)[0])
    spread = float(v_threshold.std(ddof=1)) / mean
    return Stability(n, mean, spread, drift=slope * (n - 1) / mean, drift_error=spread * (12 / n) ** 0.5)


def verdict(found: Stability) -> bool:
    """Every cycle switches, nothing drifts beyond what noise alone does, and the spread is no wider than put in."""
    steady = abs(found.drift) <= LARGEST_DRIFT * found.drift_error
    return found.cycles == CYCLES and steady and found.spread <= WIDEST * NOISE


def _make(workshop: Workshop) -> Made:
    netlists = endurance_netlists(workshop.seed)
    outcomes = workshop.simulate(netlists)
    switched = [switching_of(outcome) for outcome in outcomes.values()]
    v_threshold = np.concatenate([found.v_threshold for found in switched])
    v_hold = np.concatenate([found.v_hold for found in switched])
    found = stability(v_threshold)
    noise = {"spread": NOISE, "cycles": CYCLES, "runs": RUNS, "seeds": f"{workshop.seed} to {workshop.seed + RUNS - 1}"}
    return Made(
        figure=_figure(v_threshold, v_hold),
        holds=verdict(found),
        finding=f"{found.cycles} of {CYCLES} cycles switch; V_th {found.mean:.2f} V with a spread of "
        f"{100 * found.spread:.2f} %, drift {100 * found.drift:+.2f} % over all cycles "
        f"(noise alone: ±{100 * found.drift_error:.2f} %).",
        outcomes=tuple(outcomes.values()),
        parameters=known_devices({device_label(1): DEVICES[1]}) | {"noise": noise},
        seed=workshop.seed,
    )


def _figure(v_threshold: Floats, v_hold: Floats) -> "Figure":
    figure = new_figure(7.5, 5.2)
    rows = figure.subplots(2, 1, sharex=True).tolist()
    for axes, values, colour, name in zip(
        rows, (v_threshold, v_hold), (VERMILLION, BLUE), ("V_th", "V_hold"), strict=True
    ):
        cycle, middle = np.arange(1, len(values) + 1), float(values.mean())
        band = 2 * NOISE * middle
        axes.axhspan(
            middle - band, middle + band, color=GREY, alpha=0.2, linewidth=0, label=f"mean ± 2 x {100 * NOISE:g} %"
        )
        axes.plot(cycle, values, ".", color=colour, markersize=3, label=f"{name}, ngspice")
        label(axes, "", f"{name} (V)")
    rows[0].axhline(MEASURED_THRESHOLDS[1], **LOOK, label=threshold_text(1))
    rows[0].set_title(device_label(1), fontsize="medium")
    rows[1].set_xlabel("cycle (number)")
    legend_below(figure, rows, columns=2)
    return figure
