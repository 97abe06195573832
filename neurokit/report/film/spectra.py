"""Figures: edges of X-ray absorption for rising deficiency, and the fingerprints that are read from them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import BLACK, BLUE, VERMILLION, label, legend_below, new_figure, ordered_colours
from neurokit.vacancy.checks.spectra import PUBLISHED_RATIOS
from neurokit.vacancy.spectroscopy import (
    EDGES,
    Calibration,
    Edge,
    FittedPeaks,
    Quantity,
    Reading,
    Spectrum,
    edge_peaks,
    fit_peaks,
    peaks_signal,
    ratio_of,
    read_x,
    simulate_spectrum,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Fingerprint = tuple[Edge, Quantity]
FINGERPRINTS: tuple[Fingerprint, ...] = (("V-L", "area"), ("V-L", "width"), ("O-K", "area"))
NOISE = 0.005  # standard deviation, about 1 % of the highest peak: assumed

_X = "oxygen deficiency x (effective)"
_POINTS = 51


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


def simulated_spectra(calibration: Calibration, seed: int) -> "Figure":
    """Both edges of films between VO2 and the calibration sample, with noise, and the peaks that are fitted."""
    edges: dict[str, dict[str, tuple[Spectrum, ArrayLike]]] = {}
    for edge in EDGES:
        taken = {f"x = {x:g}": _taken(calibration, edge, x, seed + k) for k, x in enumerate(_shown(calibration))}
        edges[edge] = {
            name: (spectrum, peaks_signal(calibration, fitted.peaks, spectrum.energy))
            for name, (spectrum, fitted) in taken.items()
        }
    return spectra(edges)


def noisy_readings(calibration: Calibration, seed: int) -> dict[Fingerprint, list[Reading]]:
    """What those spectra, of another seed each, are read as; those of pristine VO2 left out."""
    films = [x for x in _shown(calibration) if x > 0]
    return {
        (edge, quantity): [
            read_x(calibration, _taken(calibration, edge, x, seed + k)[1], quantity) for k, x in enumerate(films, 1)
        ]
        for edge, quantity in FINGERPRINTS
    }


def fingerprints(
    calibration: Calibration, readings: Mapping[Fingerprint, Sequence[Reading]], read: str = "reading, 95 %"
) -> "Figure":
    """Every ratio against x, with readings (called so) and what is published; and where the V-L peaks go."""
    figure = new_figure(9.4, 7.4)
    *ratios, energies = figure.subplots(2, 2).ravel().tolist()
    x = np.linspace(0, calibration.x_overlayer, _POINTS)
    for axes, (edge, quantity) in zip(ratios, FINGERPRINTS, strict=True):
        axes.plot(x, ratio_of(calibration, edge, x, quantity), color=BLACK, label="calibration")
        for reading in readings.get((edge, quantity), ()):
            reach = np.array([[reading.x - reading.low], [reading.high - reading.x]])
            axes.errorbar(reading.x, reading.ratio, xerr=reach, fmt="o", color=VERMILLION, capsize=3, label=read)
        if edge == "V-L":
            ends = (0, calibration.x_overlayer), PUBLISHED_RATIOS[quantity]
            axes.plot(*ends, "*", color=BLUE, markersize=11, label="published (x of the second assumed)")
        peaks = "t2g / eg" if edge == "O-K" else "first / second peak"
        label(axes, _X, f"{quantity} of {peaks} (ratio)", f"{edge} edge, {quantity}s")
    moved = np.array([edge_peaks(calibration, "V-L", float(value)).energy for value in x])
    energies.plot(x, 1e3 * (moved[:, 0] - moved[0, 0]), color=BLACK, label="calibration")
    label(energies, _X, "shift of both peaks (meV)", "V-L edge, energies (published: the sign)")
    legend_below(figure, [*ratios, energies], columns=3)
    return figure


def _shown(calibration: Calibration) -> list[float]:
    return [share * calibration.x_overlayer for share in (0.0, 0.25, 0.5, 0.75)]


def _taken(calibration: Calibration, edge: Edge, x: float, seed: int) -> tuple[Spectrum, FittedPeaks]:
    spectrum = simulate_spectrum(calibration, edge, x, NOISE, seed)
    return spectrum, fit_peaks(calibration, spectrum)
