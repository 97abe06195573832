"""Figure: resistance against temperature on heating and cooling, of the device and of the bare film."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from neurokit.device.closed_form import ResistanceLoop, film_bar, resistance_history
from neurokit.device.vo2x import Vo2x
from neurokit.device.wafer import R_METAL, R_PRISTINE
from neurokit.report.style import BLACK, label, legend_below, new_figure, ordered_colours

if TYPE_CHECKING:
    from matplotlib.figure import Figure


_POINTS = 801
_MINOR_POINTS = 301


def bare_film(device: Vo2x) -> Vo2x:
    """A bar of this device's film that goes from about 1e4 to 10 ohm where it is pristine."""
    return film_bar(device, R_PRISTINE, R_METAL)


def temperatures(span: tuple[float, float]) -> NDArray[np.float64]:
    """The temperatures in K at which these figures are computed."""
    return np.linspace(*span, _POINTS)


def minor_histories(
    device: Vo2x, t_start: float, spans: Sequence[tuple[float, float]]
) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """By label, temperature and resistance of a device heated from t_start to each high end, cooled, heated again."""
    histories = {}
    for low, high in spans:
        corners = (t_start, high, low, high)
        path = np.concatenate([np.linspace(a, b, _MINOR_POINTS) for a, b in pairwise(corners)])
        histories[f"minor loop {low:g} to {high:g} K"] = (path, resistance_history(device, path))
    return histories


def rt_loops(panels: Mapping[str, Mapping[str, ResistanceLoop]], critical: Mapping[str, float]) -> "Figure":
    """One panel a title ("device", "bare film"), one loop a label in it; `critical` marks T_c (K) by label."""
    figure = new_figure(1.0 + 4.2 * len(panels), 4.6)
    row = figure.subplots(1, len(panels), squeeze=False).ravel().tolist()
    for axes, (title, loops) in zip(row, panels.items(), strict=True):
        for colour, (name, loop) in zip(ordered_colours(len(loops)), loops.items(), strict=True):
            axes.plot(loop.temperature, loop.heating, color=colour, label=name)
            axes.plot(loop.temperature, loop.cooling, color=colour, linestyle="--")
        for t_critical in sorted({round(critical[name], 2) for name in loops if name in critical}):
            axes.axvline(t_critical, color=BLACK, linewidth=0.7, linestyle=":")
        axes.set_yscale("log")
        label(axes, "temperature (K)", "resistance (ohm)", title)
    key = row[0]
    key.plot([], [], color="black", label="heating")
    key.plot([], [], color="black", linestyle="--", label="cooling")
    if critical:
        key.plot([], [], color="black", linewidth=0.7, linestyle=":", label="critical temperature")
    legend_below(figure, row, columns=2 if len(panels) == 1 else 4)
    return figure
