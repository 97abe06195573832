"""Figures: writing oxygen vacancies with a scanning tip, what the publication measured beside what the model gives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from neurokit.errors import OutOfRangeError
from neurokit.report.style import BLACK, BLUE, GREY, VERMILLION, label, legend_below, new_figure, ordered_colours
from neurokit.vacancy.checks.tip import NEWTONS, PRESSED, VOLTS, Scans, read
from neurokit.vacancy.model import Deficiency, Floats
from neurokit.vacancy.nernst_planck import middles
from neurokit.vacancy.tip import (
    D_DECAY,
    PUBLISHED_FORCE,
    PUBLISHED_VOLTAGE,
    Film,
    Sigmoid,
    Written,
    recovery,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MU = "\N{GREEK SMALL LETTER MU}"

_NM, _UN, _HOUR = 1e9, 1e6, 3600.0
_SHOWN = 5e-9  # m, depth of the cross-sections


def tip_scans(found: Scans) -> "Figure":
    """Readings by voltage and by force, where vacancies go under each tip, and their return; published beside them."""
    figure = new_figure(10.0, 8.0)
    (by_voltage, by_force), (moved, back) = figure.subplots(2, 2).tolist()
    _scan(by_voltage, VOLTS, found.by_voltage, PUBLISHED_VOLTAGE, "voltage of the tip (V)")
    _scan(by_force, _UN * NEWTONS, found.by_force, _scaled(PUBLISHED_FORCE, _UN), f"force on the tip ({MU}N)")
    _bars(moved, found)
    _return(back, Film().read_depth)
    legend_below(figure, [by_voltage, moved, back], columns=4)
    return figure


def _scan(axes: "Axes", drive: Floats, read: Floats, published: Sigmoid, name: str) -> None:
    fine = np.linspace(0, drive[-1], 200)
    axes.plot(fine, published(fine), color=GREY, linewidth=3, label="published sigmoid")
    axes.plot(drive, read, "o", color=BLUE, markersize=4, label="model")
    axes.axvline(published.onset, color=BLACK, linestyle=":", linewidth=0.8, label="published onset (0.9 A1)")
    label(axes, name, "vacancies read (normalised)", f"scan by {name.split()[0]}")


def _scaled(sigmoid: Sigmoid, scale: float) -> Sigmoid:
    return replace(sigmoid, x0=scale * sigmoid.x0, m=scale * sigmoid.m)


def _bars(axes: "Axes", found: Scans) -> None:
    """Drop and gain of each pressed line."""
    place = np.arange(len(PRESSED))
    drop, gain = np.array([read(found.pressed[name]) for name in PRESSED]).T
    drop_published, gain_published = np.array([line.published for line in PRESSED.values()]).T
    axes.bar(place - 0.2, drop, 0.36, color=BLUE, label="drop under the contact")
    axes.bar(place + 0.2, gain, 0.36, color=VERMILLION, label="gain beside it")
    axes.plot(place - 0.2, drop_published, "_", color=BLACK, markersize=20, markeredgewidth=2, label="published")
    axes.plot(place + 0.2, gain_published, "_", color=BLACK, markersize=20, markeredgewidth=2)
    label(axes, "", "change of the reading (normalised)", "where vacancies go, by force")
    ticks = [f"{line.label}\n{_UN * line.force:g} {MU}N" for line in PRESSED.values()]
    axes.set_xticks(place, ticks)


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
        label(axes, "across the line (nm)", "depth (nm)", name)
        axes.set(ylim=(_SHOWN * _NM, 0), xlim=(-2.5 * written.contact * _NM, 2.5 * written.contact * _NM))
        figure.colorbar(mesh, ax=axes, label="vacancies (relative)")
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
    label(axes, "along x (nm)", "along y (nm)", deficiency.process)
    axes.set_aspect("equal")
    figure.colorbar(mesh, ax=axes, label="x of VO2-x (effective)")


def tip_decay(profiles: Mapping[float, Written], depth: float) -> "Figure":
    """How an emptied layer of `depth` m fills again; a written line after these seconds, read down to that depth."""
    figure = new_figure(10.0, 4.6)
    left, right = figure.subplots(1, 2).tolist()
    _return(left, depth)
    for colour, (time_since, written) in zip(ordered_colours(len(profiles)), profiles.items(), strict=True):
        across = middles(written.grid.lateral) * _NM
        right.plot(across, written.profile(depth), color=colour, label=f"after {time_since / _HOUR:.3g} h")
    label(right, "distance from the line (nm)", "vacancies (relative)", "a written line")
    right.set_xlim(0, 4 * _NM * max(written.contact for written in profiles.values()))
    legend_below(figure, (left, right), columns=4)
    return figure


def _return(axes: "Axes", depth: float) -> None:
    """S(t) of a layer by film thickness, and its semi-parabolic start."""
    time = np.linspace(0, 4 * depth**2 / min(D_DECAY.values()), 400)
    for colour, (cells, diffusivity) in zip((BLUE, VERMILLION), D_DECAY.items(), strict=True):
        root = np.sqrt(time / _HOUR)
        axes.plot(root, recovery(time, depth, diffusivity), color=colour, label=f"S(t), {cells} unit cells")
        start = np.sqrt(diffusivity * time / np.pi) / depth
        axes.plot(root[start < 1], start[start < 1], color=colour, linestyle=":", linewidth=0.9)
    axes.plot([], [], color=GREY, linestyle=":", label="sqrt(D t / \N{GREEK SMALL LETTER PI}) / depth")
    title = f"return of an emptied layer of {_NM * depth:.2g} nm, SrTiO3"
    label(axes, "square root of time (\N{SQUARE ROOT}h)", "S, share that is back (normalised)", title)
