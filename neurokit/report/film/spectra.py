"""Figures: edges of X-ray absorption for rising deficiency, and the fingerprints that are read from them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import BLACK, VERMILLION, label, legend_below, new_figure, ordered_colours
from neurokit.vacancy.spectroscopy import Reading, Spectrum

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def spectra(edges: Mapping[str, Mapping[str, tuple[Spectrum, ArrayLike]]]) -> "Figure":
    """One panel an edge; in it, by label, a spectrum as measured (dots) and its fit at the same energies (line)."""
    figure = new_figure(1.0 + 4.2 * len(edges), 4.8)
    row = figure.subplots(1, len(edges), squeeze=False).ravel().tolist()
    for axes, (edge, measured) in zip(row, edges.items(), strict=True):
        for colour, (name, (spectrum, fit)) in zip(ordered_colours(len(measured)), measured.items(), strict=True):
            axes.plot(spectrum.energy, spectrum.signal, ".", markersize=2, color=colour, alpha=0.5)
            axes.plot(spectrum.energy, fit, color=colour, label=name)
        label(axes, "photon energy (eV)", "absorption (arbitrary unit)", f"{edge} edge")
    row[0].plot([], [], ".", color=BLACK, markersize=3, label="simulated spectrum (line: its fit)")
    legend_below(figure, row, columns=3)
    return figure


def fingerprints(
    x: ArrayLike,
    ratios: Mapping[str, ArrayLike],
    readings: Mapping[str, Sequence[Reading]],
    published: Mapping[str, tuple[ArrayLike, ArrayLike]],
) -> "Figure":
    """One panel a fingerprint: its ratio against x, readings with their 95 % intervals, published (x, ratio)."""
    figure = new_figure(1.0 + 3.6 * len(ratios), 4.4)
    row = figure.subplots(1, len(ratios), squeeze=False).ravel().tolist()
    for axes, (name, ratio) in zip(row, ratios.items(), strict=True):
        axes.plot(x, ratio, color=BLACK, label="calibration")
        for reading in readings.get(name, ()):
            reach = np.array([[reading.x - reading.low], [reading.high - reading.x]])
            axes.errorbar(
                reading.x, reading.ratio, xerr=reach, fmt="o", color=VERMILLION, capsize=3, label="reading, 95 %"
            )
        if name in published:
            axes.plot(*published[name], "*", color=BLACK, markersize=9, label="published (x of the second assumed)")
        label(axes, "oxygen deficiency x (effective)", "first / second peak", name)
    legend_below(figure, row, columns=3)
    return figure
