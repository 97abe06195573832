"""Figures: writing oxygen vacancies with a scanning tip, what the publication measured beside what the model gives."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from neurokit.errors import OutOfRangeError
from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, legend_below, new_figure, ordered_colours
from neurokit.vacancy.model import Deficiency
from neurokit.vacancy.nernst_planck import middles
from neurokit.vacancy.tip import Sigmoid, Written, recovery

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_NM, _UN, _HOUR = 1e9, 1e6, 3600.0
_SHOWN = 5e-9  # m, depth of the cross-sections


def tip_scans(
    by_voltage: tuple[Floats, Floats],
    by_force: tuple[Floats, Floats],
    published: tuple[Sigmoid, Sigmoid],
    partitions: Mapping[str, tuple[float, float, float, float]],
) -> "Figure":
    """Readings by voltage (V) and force (N) with published sigmoids; by tip, drop and gain: ours, then published."""
    figure = new_figure(13.0, 4.4)
    row = figure.subplots(1, 3).tolist()
    scans = ((by_voltage, published[0], 1.0, "voltage of the tip (V)"), (by_force, published[1], _UN, "force (uN)"))
    for axes, ((drive, read), sigmoid, unit, name) in zip(row, scans, strict=False):
        fine = np.linspace(0, drive[-1], 200)
        axes.plot(fine * unit, sigmoid(fine), color=GREY, linewidth=3, label="published sigmoid")
        axes.plot(drive * unit, read, "o", color=BLUE, markersize=4, label="model")
        axes.axvline(sigmoid.onset * unit, color=BLACK, linestyle=":", linewidth=0.8, label="published onset (0.9 A1)")
        label(axes, name, "vacancies read (normalised)", f"scan by {name.split()[0]}")
    _bars(row[2], partitions)
    legend_below(figure, row, columns=6)
    return figure


def _bars(axes: "Axes", partitions: Mapping[str, tuple[float, float, float, float]]) -> None:
    place = np.arange(len(partitions))
    drop, gain, drop_published, gain_published = np.array(list(partitions.values())).T
    axes.bar(place - 0.2, drop, 0.36, color=BLUE, label="drop under the contact")
    axes.bar(place + 0.2, gain, 0.36, color=VERMILLION, label="gain beside it")
    axes.plot(place - 0.2, drop_published, "_", color=BLACK, markersize=22, markeredgewidth=2, label="published")
    axes.plot(place + 0.2, gain_published, "_", color=BLACK, markersize=22, markeredgewidth=2)
    label(axes, "", "change of the reading", "where vacancies go, by force")
    axes.set_xticks(place, [name.replace(", ", "\n") for name in partitions])


def tip_sections(sections: Mapping[str, Written], maps: Sequence[Deficiency]) -> "Figure":
    """Relative concentration below each contact (its rim marked), and the written maps of x from above."""
    from matplotlib.colors import LogNorm

    figure = new_figure(4.2 * max(len(sections), len(maps)), 7.0)
    rows = figure.subplots(2, max(len(sections), len(maps)), squeeze=False)
    for axes, (name, written) in zip(rows[0], sections.items(), strict=False):
        across, depth = (edges * _NM for edges in (written.grid.lateral, written.grid.depth))
        both = np.concatenate([-across[:0:-1], across])
        value = np.clip(np.concatenate([written.relative[::-1], written.relative]), 0.1, 10)
        mesh = axes.pcolormesh(both, depth, value.T, cmap="PuOr_r", norm=LogNorm(0.1, 10), rasterized=True)
        for side in (-1, 1):
            axes.axvline(side * written.contact * _NM, color=BLACK, linestyle=":", linewidth=0.8)
        label(axes, "across (nm)", "depth (nm)", name)
        axes.set(ylim=(_SHOWN * _NM, 0), xlim=(-2.5 * written.contact * _NM, 2.5 * written.contact * _NM))
        figure.colorbar(mesh, ax=axes, label="vacancies, relative")
    for axes, deficiency in zip(rows[1], maps, strict=False):
        _map(figure, axes, deficiency)
    for axes in [*rows[0][len(sections) :], *rows[1][len(maps) :]]:
        axes.set_axis_off()
    return figure


def _map(figure: "Figure", axes: "Axes", deficiency: Deficiency) -> None:
    if deficiency.position is None:
        raise OutOfRangeError(f"{deficiency.process} gives one x and no positions: a map needs them")
    x, y = np.moveaxis(deficiency.position, -1, 0) * _NM
    mesh = axes.pcolormesh(x, y, deficiency.x, cmap="viridis", rasterized=True)
    label(axes, "x (nm)", "y (nm)", deficiency.process)
    axes.set_aspect("equal")
    figure.colorbar(mesh, ax=axes, label="oxygen deficiency x of VO2-x")


def tip_decay(
    diffusivities: Mapping[int, float], depth: float, profiles: Mapping[float, Written], read: float
) -> "Figure":
    """S(t) of an emptied layer by film thickness (unit cells); a written line after these seconds, down to `read` m."""
    figure = new_figure(10.0, 4.4)
    left, right = figure.subplots(1, 2).tolist()
    for colour, (cells, diffusivity) in zip((BLUE, VERMILLION), diffusivities.items(), strict=False):
        time = np.linspace(0, 4 * depth**2 / min(diffusivities.values()), 400)
        left.plot(np.sqrt(time / _HOUR), recovery(time, depth, diffusivity), color=colour, label=f"{cells} unit cells")
        start = np.minimum(np.sqrt(diffusivity * time / np.pi) / depth, 1.0)
        left.plot(np.sqrt(time / _HOUR), start, color=colour, linestyle=":", linewidth=0.9)
    left.plot([], [], color=GREY, linestyle=":", label="sqrt(D t / pi) / depth")
    label(left, "square root of time (h^0.5)", "S(t)", f"return of a layer of {depth * _NM:.2g} nm, SrTiO3")
    for colour, (time_since, written) in zip(ordered_colours(len(profiles)), profiles.items(), strict=True):
        across = middles(written.grid.lateral) * _NM
        right.plot(across, written.profile(read), color=colour, label=f"after {time_since / _HOUR:.3g} h")
    label(right, "distance from the line (nm)", "vacancies, relative", "a written line")
    right.set_xlim(0, 4 * _NM * max(written.contact for written in profiles.values()))
    legend_below(figure, (left, right), columns=4)
    return figure
