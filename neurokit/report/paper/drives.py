"""Panels 3B-3D: the neuron of Device 1 under a constant drive, under pulses, and under a sine."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits import CONSTANT, NEURON, PULSE, SINE
from neurokit.circuits.drive import Drive, Pulse
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.neuron import neuron_netlist
from neurokit.device.closed_form import thresholds
from neurokit.device.vo2x import MEASURED_THRESHOLDS, device_label
from neurokit.report.paper.anchors import LOOK, threshold_text
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices
from neurokit.report.style import BLACK, BLUE, VERMILLION, label, legend_below, new_figure
from neurokit.spikes.switching import rising_crossings
from neurokit.spikes.train import SpikeTrain, spike_train

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from neurokit.simulation import Outcome, Waveforms

# The drives are those of the shipped netlists: the pulses' period and width and the sine's period are the text's, the
# amplitudes ours. At the pulses' own amplitude several together make the neuron fire; at this one none ever do.
SILENT = replace(PULSE, v=16.0)  # V

REGULAR = 0.01  # relative spread of the intervals below which spikes are regular; assumed
FEWEST = 3  # spikes that show a rhythm
VISIBLE_LEAK = 0.05  # of the membrane voltage lost from one pulse to the next; assumed

OVERSHOOT = "The membrane rises above the static V_th because the device takes time to heat."

Floats = NDArray[np.float64]


def constant_drive_panel() -> Panel:
    """Panel 3B."""
    return Panel(
        title="Device 1 under a constant drive",
        statement="The text says: with 3 kΩ, 1.8 nF and a square pulse of 12.5 V for 100 µs, Device 1 oscillates.",
        make=_make_constant,
        needs=lambda _: _netlists(constant=CONSTANT),
        note=f"A constant drive of the pulse's voltage is our choice. {OVERSHOOT}",
    )


def pulse_drive_panel() -> Panel:
    """Panel 3C."""
    return Panel(
        title="Device 1 under pulses: leaky integrate and fire",
        statement="The text says: under pulses of 4 µs period and 2 µs width the neuron is a leaky integrate-and-fire "
        "neuron.",
        make=_make_pulses,
        needs=lambda _: _netlists(firing=PULSE, silent=SILENT),
        note=f"The amplitudes, {PULSE.v:g} V and {SILENT.v:g} V, are our choice. {OVERSHOOT}",
    )


def sine_drive_panel() -> Panel:
    """Panel 3D."""
    return Panel(
        title="Device 1 under a sine",
        statement="The text says: under a sine of 2 ms period the neuron fires in both polarities.",
        make=_make_sine,
        needs=lambda _: _netlists(t_stop=SINE.period, sine=SINE),
        note=f"The amplitude, {SINE.amplitude:g} V, is our choice. {OVERSHOOT}",
    )


def constant_verdict(spikes: SpikeTrain) -> bool:
    """A rhythm: several spikes at equal intervals."""
    return len(spikes) >= FEWEST and _spread(spikes) <= REGULAR


def pulse_verdict(pulses: int, spikes: int, first_after: int, spikes_below: int, leak: float) -> bool:
    """It integrates: several pulses make it fire, one does not. It leaks: visibly, and weaker pulses never fire it."""
    integrates = 0 < spikes < pulses and first_after > 1
    return integrates and spikes_below == 0 and leak >= VISIBLE_LEAK


def sine_verdict(spikes: SpikeTrain, drive_at_spikes: Floats) -> bool:
    """Spikes of both signs, each of the sign that the drive has at that moment."""
    both = {-1.0, 1.0} <= set(spikes.signs.tolist())
    return both and bool((np.sign(drive_at_spikes) == spikes.signs).all())


def leak_between_pulses(waves: "Waveforms", pulse: Pulse) -> float:
    """Share of the membrane voltage that is lost from the end of a pulse to the beginning of the next, mean of all."""
    pulses = int((waves.time[-1] - pulse.delay) / pulse.period)
    starts = pulse.delay + pulse.period * np.arange(1, pulses)
    ends = starts - pulse.period + pulse.width + 2 * pulse.rise
    before, after = (np.interp(t, waves.time, waves["v(osc)"]) for t in (ends, starts))
    return float(np.mean(1 - after / before))


def _netlists(t_stop: float = 100e-6, **drives: Drive) -> dict[str, Netlist]:
    return {name: neuron_netlist(NEURON, drive, t_stop) for name, drive in drives.items()}


def _make_constant(workshop: Workshop) -> Made:
    outcomes = workshop.simulate(_netlists(constant=CONSTANT))
    waves = outcomes["constant"].waveforms
    spikes = _spikes(waves)
    figure = _figure({f"constant {CONSTANT.v:g} V": waves}, both_signs=False)
    finding = f"{len(spikes)} spikes in {1e6 * waves.time[-1]:.0f} µs"
    if len(spikes) >= FEWEST:
        finding += (
            f" at {1e-3 * spikes.frequency()[0]:.1f} kHz, their intervals equal within {100 * _spread(spikes):.2f} %"
        )
    return _made(figure, constant_verdict(spikes), f"{finding}.", outcomes, CONSTANT)


def _make_pulses(workshop: Workshop) -> Made:
    outcomes = workshop.simulate(_netlists(firing=PULSE, silent=SILENT))
    firing, silent = (outcomes[name].waveforms for name in ("firing", "silent"))
    spikes, below = _spikes(firing), len(_spikes(silent))
    pulses, leak = _pulses(firing), leak_between_pulses(silent, SILENT)
    first_after = int((pulses < spikes.times[0]).sum()) if len(spikes) else len(pulses)
    figure = _figure({f"{PULSE.v:g} V pulses": firing, f"{SILENT.v:g} V pulses": silent}, both_signs=False)
    return _made(
        figure,
        pulse_verdict(len(pulses), len(spikes), first_after, below, leak),
        f"{len(spikes)} spikes for {len(pulses)} pulses of {PULSE.v:g} V, the first after {first_after}; {below} "
        f"for {len(_pulses(silent))} pulses of {SILENT.v:g} V; {100 * leak:.0f} % of the membrane voltage leaks away "
        "between two pulses.",
        outcomes,
        PULSE,
        SILENT,
    )


def _make_sine(workshop: Workshop) -> Made:
    outcomes = workshop.simulate(_netlists(t_stop=SINE.period, sine=SINE))
    waves = outcomes["sine"].waveforms
    spikes = _spikes(waves)
    up, down = int((spikes.signs > 0).sum()), int((spikes.signs < 0).sum())
    drive = np.interp(spikes.times, waves.time, waves["v(in)"])
    against = int((np.sign(drive) != spikes.signs).sum())
    return _made(
        _figure({f"sine of {SINE.amplitude:g} V and {1e3 * SINE.period:g} ms": waves}, both_signs=True),
        sine_verdict(spikes, drive),
        f"{up} positive and {down} negative spikes in one period, {against} of them against the sign of the drive.",
        outcomes,
        SINE,
    )


def _made(figure: "Figure", holds: bool, finding: str, outcomes: "Mapping[str, Outcome]", *drives: Drive) -> Made:
    circuit = {"r_series": NEURON.r_series, "capacitance": NEURON.capacitance, "r_sense": NEURON.r_sense}
    return Made(
        figure=figure,
        holds=holds,
        finding=finding,
        outcomes=tuple(outcomes.values()),
        parameters=known_devices({device_label(1): NEURON.device})
        | {"circuit": circuit, "drive": " and ".join(drive.source() for drive in drives)},
    )


def _spikes(waves: "Waveforms") -> SpikeTrain:
    """Spikes of either sign: discharges of a membrane at V_th through the metallic device, by half their current."""
    device = NEURON.device
    peak = thresholds(device).v_threshold / device.film.r_metal * NEURON.r_sense
    return spike_train(waves.time, waves["v(spk)"], both_signs=True, rest_and_peak=(0.0, peak))


def _spread(spikes: SpikeTrain) -> float:
    return float(spikes.intervals.std(ddof=1) / spikes.intervals.mean())


def _pulses(waves: "Waveforms") -> Floats:
    """When each pulse of the drive begins, in s."""
    drive = waves["v(in)"]
    return rising_crossings(waves.time, drive, float(drive.max()) / 2, float(drive.max()) / 4)


def _figure(runs: "Mapping[str, Waveforms]", both_signs: bool) -> "Figure":
    """Input, membrane and output under each other, one column a run."""
    figure = new_figure(max(7.5, 4.3 * len(runs)), 5.6)
    columns = figure.subplots(3, len(runs), sharex=True, sharey="row", squeeze=False).T.tolist()
    for column, (name, waves) in zip(columns, runs.items(), strict=True):
        column[0].set_title(name, fontsize="medium")
        _draw(column, waves, both_signs)
    low, high = (pick(float(pick(waves["v(in)"])) for waves in runs.values()) for pick in (min, max))
    columns[0][0].set_ylim(min(1.08 * low, -0.04 * high), 1.08 * high)
    for axes, quantity in zip(columns[0], ("input (V)", "membrane (V)", "output (V)"), strict=True):
        axes.set_ylabel(quantity)
    legend_below(figure, columns[0], columns=2)
    return figure


def _draw(column: "list[Axes]", waves: "Waveforms", both_signs: bool) -> None:
    scale, unit = (1e3, "ms") if waves.time[-1] >= 1e-3 else (1e6, "µs")
    rows = (
        ("v(in)", BLACK, "input v(in)"),
        ("v(osc)", BLUE, "membrane v(osc)"),
        ("v(spk)", VERMILLION, "output v(spk)"),
    )
    for axes, (signal, colour, name) in zip(column, rows, strict=True):
        axes.plot(scale * waves.time, waves[signal], color=colour, linewidth=1.0, label=name)
        label(axes, "", "", axes.get_title())
    for sign in (1, -1) if both_signs else (1,):
        column[1].axhline(
            sign * MEASURED_THRESHOLDS[1], **LOOK, label=threshold_text(1) + (", either sign" if both_signs else "")
        )
    column[-1].set_xlabel(f"time ({unit})")
