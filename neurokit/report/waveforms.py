"""Figure: the membrane voltage of several neurons against time, one panel under the other."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from neurokit.report.style import label, new_figure, ordered_colours
from neurokit.simulation.outcome import Waveforms

if TYPE_CHECKING:
    from matplotlib.figure import Figure


SCALE_UNITS = {"time": "s", "frequency": "Hz"}  # any other scale is a swept source


def neuron_waveforms(runs: Mapping[str, Waveforms], signal: str = "v(osc)") -> "Figure":
    """One panel a run, by label, all on the same scales so that amplitudes can be compared."""
    figure = new_figure(7.5, 0.8 + 1.15 * len(runs))
    panels = figure.subplots(len(runs), 1, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, colour, (name, waves) in zip(panels, ordered_colours(len(runs)), runs.items(), strict=True):
        axes.plot(1e6 * waves.time, waves[signal], color=colour, linewidth=1.0)
        label(axes, "", f"{signal} (V)")
        axes.set_title(name, loc="left", fontsize="medium")
    panels[-1].set_xlabel("time (\N{GREEK SMALL LETTER MU}s)")
    return figure


def signals(waves: Waveforms, title: str = "") -> "Figure":
    """Every real signal of one plot over its scale, one panel for each unit; for netlists that are not ours."""
    from matplotlib.ticker import EngFormatter

    groups: dict[str, list[str]] = {}
    for name, values in waves.signals.items():
        if name != waves.scale and not np.iscomplexobj(values):
            groups.setdefault(_quantity(name), []).append(name)
    if not groups:
        groups = {"magnitude": [name for name in waves.signals if name != waves.scale]}
    figure = new_figure(7.5, 0.9 + 2.6 * len(groups))
    panels = figure.subplots(len(groups), 1, sharex=True, squeeze=False).ravel()
    scale = np.abs(waves.signals[waves.scale])
    for axes, (unit, names) in zip(panels, groups.items(), strict=True):
        for colour, name in zip(ordered_colours(len(names)), names, strict=True):
            values = waves.signals[name]
            shown = np.abs(values) if np.iscomplexobj(values) else values
            axes.plot(scale, shown, color=colour, linewidth=1.0, label=name)
        label(axes, "", unit)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize="small")
    panels[0].set_title(title, fontsize="medium")
    unit = SCALE_UNITS.get(waves.scale, "V")
    panels[-1].set_xlabel(f"{waves.scale} ({unit})")
    panels[-1].xaxis.set_major_formatter(EngFormatter(unit=unit))
    return figure


def _quantity(name: str) -> str:
    return "current (A)" if name.startswith("i(") or name.endswith("#branch") else "voltage (V)"
