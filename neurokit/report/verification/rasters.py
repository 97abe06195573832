"""Figure: spikes of a circuit in ngspice beside those of the spiking network, one row a layer, the output's last."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neurokit.report.style import BLUE, label, legend_below, new_figure
from neurokit.report.training.rasters import MU, SEEN, name_classes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Layers = Sequence[Sequence[NDArray[np.float64]]]  # s, by layer, then by neuron

SIDES = {"ngspice": "circuit in ngspice", "spiking": "spiking network"}  # left and right, by who read an answer
OTHERS = {"rate": "rate network"}


def rasters(
    circuit: Sequence[Sequence[ArrayLike]],
    network: Sequence[Sequence[ArrayLike]],
    window: float,
    label: int,
    answers: Mapping[str, int | None],
) -> "Figure":
    """Spikes (s) by layer, then by neuron, within a window (s), of an image of the digit `label`.

    `answers` are the classes that were read, by who read them: "ngspice" and "spiking" at least; None stands for none.
    """
    columns = {side: _times(layers) for side, layers in zip(SIDES, (circuit, network), strict=True)}
    sizes = [len(layer) for layer in columns["ngspice"]]
    heights = [0.9 + min(max(0.024 * size, 1.2), 3.6) for size in sizes]
    heights[-1] = 0.9 + max(0.2 * sizes[-1], 1.0)
    figure = new_figure(10.0, 0.8 + sum(heights))
    panels = figure.subplots(len(sizes), 2, sharex=True, sharey="row", squeeze=False, height_ratios=heights)
    for column, (side, layers) in zip(panels.T, columns.items(), strict=True):
        for k, (axes, spikes) in enumerate(zip(column, layers, strict=True)):
            _raster(axes, f"{SIDES[side]}, layer {k + 1}", spikes, window)
        _as_classes(column[-1], layers[-1], answers[side])
        column[-1].set_xlabel(f"time ({MU}s)")
        column[-1].set_xlim(0, 1e6 * window)
    for axes in panels[:, 0]:
        axes.set_ylabel("neuron (number)")
    panels[-1, 0].set_ylabel("neuron (digit)")
    figure.suptitle(_title(label, answers), fontsize="medium")
    legend_below(figure, panels.ravel().tolist(), columns=2)
    return figure


def _times(layers: Sequence[Sequence[ArrayLike]]) -> Layers:
    return [[np.asarray(times, dtype=np.float64) for times in layer] for layer in layers]


def _raster(axes: "Axes", name: str, spikes: Sequence[NDArray[np.float64]], window: float) -> None:
    count = len(spikes)
    shown = [1e6 * times[times <= window] for times in spikes]
    axes.eventplot(shown, colors=BLUE, linelengths=max(0.8, count / SEEN), linewidths=1.0)
    firing = sum(len(times) > 0 for times in spikes)
    label(axes, "", "")
    axes.set_title(f"{name}: {firing} of {count} fire", loc="left", fontsize="medium")
    axes.set_ylim(-0.7, count - 0.3)


def _as_classes(axes: "Axes", spikes: Sequence[NDArray[np.float64]], answer: int | None) -> None:
    """Every neuron named and its spikes counted; those of the answer, and nothing else, stand out."""
    axes.tick_params(axis="y", labelleft=True)  # in the right column too: the answers can differ
    name_classes(axes, [len(times) for times in spikes], answer)


def _title(digit: int, answers: Mapping[str, int | None]) -> str:
    names = SIDES | OTHERS
    said = ", ".join(
        f"{names.get(name, name)} {'none' if answer is None else answer}" for name, answer in answers.items()
    )
    return f"a {digit}; answers: {said}"
