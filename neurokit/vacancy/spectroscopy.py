"""Fingerprints of deficiency in X-ray absorption: two peaks of an edge, whose ratio tells x as an instrument reads it.

Each peak's area and width go linearly from those of VO2 to those of a calibration sample of deficiency x_c, as if the
film were a mixture of both. So x follows from the ratio of the peaks alone, however the spectrum is normalised:

    s = x / x_c,   first(s) = f0 + s df,   second(s) = g0 + s dg
    s = (f0 second - g0 first) / (dg first - df second)

- V-L edge: areas and widths of both peaks are published for VO2 and for VO2 under 1.7 nm of TiO2. That sample's x is
  not, so x_c is assumed, and every x read here scales with it. Both peaks move to lower energy with x; which peak is
  which is not published either, and with the energies assumed here (L3, L2) the middle of the whole edge moves up all
  the same, because the second peak takes over: the shift is to be read from peaks.
- O-K edge: the t2g peak falls against the eg peak. Only the sign is published; how far it falls is assumed.

Noise: the covariance of the fitted areas (or widths) goes through the derivative of s (delta method) to the standard
deviation of x; `monte_carlo_reading` draws areas instead. An interval holds noise alone, not the doubt about x_c.
Spectra are taken as they come out of reduction: background and edge steps subtracted, V-L cut off from O-K.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeWarning, curve_fit

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.vacancy.model import (
    ASSUMED,
    X_SINGLE_PHASE,
    Deficiency,
    Floats,
    OutsideValidityWarning,
    check_validity,
    stated,
)

Edge = Literal["V-L", "O-K"]
Quantity = Literal["area", "width"]

PROCESS = "spectroscopic fingerprint"
EDGES: tuple[Edge, ...] = ("V-L", "O-K")
CONFIDENCE = 1.96  # standard deviations to either side: 95 % of a normal distribution

# Energies (eV) at which a spectrum is taken unless told otherwise: assumed.
ENERGIES: Mapping[Edge, Floats] = {"V-L": np.linspace(509, 534, 251), "O-K": np.linspace(523, 538, 151)}

_VISIBLE = 3  # standard deviations of its area that a peak must have to be one

_ZHOU = "Zhou, Yao, Qiao, supporting information (TiO2/VO2/Al2O3), V-L edge"
_LI = "Li et al., arXiv 2405.00700"


@dataclass(frozen=True)
class Calibration:
    """What the two edges look like of VO2 and of a sample whose deficiency is taken for known."""

    x_overlayer: float = stated(
        0.05, "deficiency x_c of VO2 under 1.7 nm of TiO2", "", 1e-4, X_SINGLE_PHASE, "assumed: not published"
    )
    vl_area_first: float = stated(0.68786, "V-L, area of the first peak of VO2", "", 1e-3, 1e3, _ZHOU)
    vl_area_second: float = stated(1.33396, "V-L, area of the second peak of VO2", "", 1e-3, 1e3, _ZHOU)
    vl_area_first_overlayer: float = stated(0.26273, "the first peak's at x_c", "", 1e-3, 1e3, _ZHOU)
    vl_area_second_overlayer: float = stated(2.43603, "the second peak's at x_c", "", 1e-3, 1e3, _ZHOU)
    vl_width_first: float = stated(1.2036, "V-L, full width at half maximum of VO2's first peak", "eV", 0.1, 10, _ZHOU)
    vl_width_second: float = stated(2.8864, "V-L, the second peak's", "eV", 0.1, 10, _ZHOU)
    vl_width_first_overlayer: float = stated(0.8849, "V-L, the first peak's at x_c", "eV", 0.1, 10, _ZHOU)
    vl_width_second_overlayer: float = stated(3.9692, "V-L, the second peak's at x_c", "eV", 0.1, 10, _ZHOU)
    vl_energy_first: float = stated(
        518.0, "V-L, energy of the first peak of VO2", "eV", 510, 530, "assumed: taken for L3, of VO2 near 518 eV"
    )
    vl_energy_second: float = stated(
        525.0, "V-L, the second peak's", "eV", 510, 535, "assumed: taken for L2, 7 eV of spin-orbit splitting above L3"
    )
    vl_shift: float = stated(
        1.4,
        "fall of both V-L energies with x",
        "eV per unit x",
        0,
        10,
        f"assumed: two electrons a vacancy, 0.7 eV an electron; only the sign is from {_LI}",
    )
    ok_ratio: float = stated(1.0, "O-K, t2g/eg area ratio of VO2", "", 0.1, 10, ASSUMED)
    ok_fall: float = stated(
        4.0,
        "relative fall of that ratio with x",
        "per unit x",
        0.4,
        9.9,
        f"assumed (two electrons into five t2g holes alone would give 0.4); only the sign is from {_LI}",
    )
    ok_width_t2g: float = stated(1.5, "O-K, full width at half maximum of the t2g peak", "eV", 0.1, 10, ASSUMED)
    ok_width_eg: float = stated(2.0, "O-K, the eg peak's", "eV", 0.1, 10, ASSUMED)
    ok_energy_t2g: float = stated(529.5, "O-K, energy of the t2g peak", "eV", 527, 531, ASSUMED)
    ok_energy_eg: float = stated(532.0, "O-K, the eg peak's", "eV", 530, 535, ASSUMED)
    lorentz_share: float = stated(0.5, "Lorentzian share of every peak, the rest Gaussian", "", 0, 1, ASSUMED)


@dataclass(frozen=True, eq=False)
class Peaks:
    """The two peaks of an edge: first and second of V-L, t2g and eg of O-K."""

    area: Floats  # eV times the spectrum's unit, 2
    width: Floats  # eV, full width at half maximum, 2
    energy: Floats  # eV, 2

    def ratio(self, quantity: Quantity) -> float:
        """First over second, of areas or widths."""
        first, second = getattr(self, quantity)
        return float(first / second)


@dataclass(frozen=True, eq=False)
class Spectrum:
    """An edge as measured, background subtracted."""

    edge: Edge
    energy: Floats  # eV
    signal: Floats  # arbitrary unit
    provenance: Mapping[str, Any]  # of a simulated one: x, noise, seed


@dataclass(frozen=True, eq=False)
class FittedPeaks:
    """The two peaks that describe a spectrum best, and how well they are known."""

    edge: Edge
    peaks: Peaks
    covariance: Floats  # 6 x 6: areas, widths, energies
    noise: float  # standard deviation of what the peaks leave over, in the spectrum's unit


@dataclass(frozen=True)
class Reading:
    """x as read from a ratio, with the interval that noise leaves (95 %); noise may carry it below 0."""

    x: float
    sigma: float  # standard deviation of x
    low: float
    high: float
    ratio: float | None  # first over second; None of several readings together
    source: str  # edge and quantity, how the interval was found, and the seed if it was drawn
    warnings: tuple[str, ...] = ()


def edge_peaks(calibration: Calibration, edge: Edge, x: float) -> Peaks:
    """The peaks of an edge of VO2-x."""
    check_validity(calibration)
    _check_x(calibration, x)
    return _peaks(calibration, edge, x)


def peaks_signal(calibration: Calibration, peaks: Peaks, energy: ArrayLike) -> Floats:
    """The edge that two peaks make, without noise."""
    e = np.asarray(energy, dtype=np.float64)
    return _two_peaks(e, *peaks.area, *peaks.width, *peaks.energy, lorentz_share=calibration.lorentz_share)


def ratio_of(calibration: Calibration, edge: Edge, x: ArrayLike, quantity: Quantity = "area") -> Floats:
    """First over second peak of each x; falls with x."""
    s = np.asarray(x, dtype=np.float64) / calibration.x_overlayer
    (f0, g0), (df, dg) = _line(calibration, edge, quantity)
    return np.asarray((f0 + s * df) / (g0 + s * dg))


def x_from_ratio(calibration: Calibration, edge: Edge, ratio: ArrayLike, quantity: Quantity = "area") -> Floats:
    """x from the ratio of first and second peak, of V-L also from that of their widths."""
    r = np.asarray(ratio, dtype=np.float64)
    if not (np.isfinite(r) & (r > 0)).all():
        raise OutOfRangeError(f"{edge} {quantity} ratio = {r} must be finite and above 0: fit both peaks again")
    return _x_from_pair(calibration, edge, quantity, r, np.ones_like(r))


def reading_of_ratio(calibration: Calibration, edge: Edge, ratio: float, quantity: Quantity = "area") -> Reading:
    """x from a ratio alone, whose noise is not known."""
    x = float(x_from_ratio(calibration, edge, ratio, quantity))
    return Reading(x, float("nan"), x, x, ratio, f"{edge} {quantity}, ratio alone", _outside(calibration, x, x))


def simulate_spectrum(
    calibration: Calibration, edge: Edge, x: float, noise: float, seed: int, energy: ArrayLike | None = None
) -> Spectrum:
    """A spectrum with normal noise of this standard deviation (VO2's V-L edge is about 0.5 high)."""
    if not 0 <= noise < np.inf:
        raise OutOfRangeError(f"noise = {noise} must be finite and not below 0: it is a standard deviation")
    e = ENERGIES[edge] if energy is None else np.asarray(energy, dtype=np.float64)
    peaks = edge_peaks(calibration, edge, x)
    clean = peaks_signal(calibration, peaks, e)
    drawn = np.random.default_rng(seed).normal(0.0, noise, e.shape)
    return Spectrum(edge, e, clean + drawn, {"x": x, "noise": noise, "seed": seed})


def fit_peaks(calibration: Calibration, spectrum: Spectrum) -> FittedPeaks:
    """Least squares for areas, widths and energies; the noise is taken from what the two peaks leave over."""
    check_validity(calibration)
    energy, signal = (np.asarray(a, dtype=np.float64) for a in (spectrum.energy, spectrum.signal))
    if energy.shape != signal.shape or energy.size < 12 or not np.isfinite(signal).all():
        raise OutOfRangeError(
            f"{spectrum.edge} spectrum of {energy.size} energies and {signal.size} values cannot be fitted: give at "
            "least 12 finite values, one an energy"
        )
    guess = _peaks(calibration, spectrum.edge, calibration.x_overlayer / 2)
    scale = float(np.trapezoid(signal, energy) / guess.area.sum())
    start = np.concatenate([guess.area * scale, guess.width, guess.energy])

    def shape(e: Floats, *p: float) -> Floats:
        return _two_peaks(e, *p, lorentz_share=calibration.lorentz_share)

    low = [-np.inf] * 2 + [0.05] * 2 + list(guess.energy - 3)
    high = [np.inf] * 2 + [20.0] * 2 + list(guess.energy + 3)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", OptimizeWarning)
            best, covariance = curve_fit(shape, energy, signal, p0=start, bounds=(low, high))
    except (RuntimeError, ValueError, OptimizeWarning) as error:
        raise _no_peaks(spectrum, guess, str(error)) from error
    if (best[:2] <= _VISIBLE * np.sqrt(np.diag(covariance)[:2])).any():
        raise _no_peaks(spectrum, guess, "one does not stand out of the noise")
    left = signal - shape(energy, *best)
    noise = float(np.sqrt((left**2).sum() / (energy.size - best.size)))
    return FittedPeaks(spectrum.edge, Peaks(best[:2], best[2:4], best[4:]), np.asarray(covariance), noise)


def read_x(calibration: Calibration, fitted: FittedPeaks, quantity: Quantity = "area") -> Reading:
    """x and its interval from fitted peaks, the fit's covariance propagated to first order."""
    pair, covariance = _pair(fitted, quantity)
    x = float(_x_from_pair(calibration, fitted.edge, quantity, *pair))
    slope = _slope(calibration, fitted.edge, quantity, pair)
    sigma = float(np.sqrt(slope @ covariance @ slope))
    ends = (x - CONFIDENCE * sigma, x + CONFIDENCE * sigma)
    found = _outside(calibration, *ends)
    return Reading(x, sigma, *ends, pair[0] / pair[1], f"{fitted.edge} {quantity}, delta method", found)


def monte_carlo_reading(
    calibration: Calibration, fitted: FittedPeaks, draws: int, seed: int, quantity: Quantity = "area"
) -> Reading:
    """The same with areas (or widths) drawn from the fit's covariance: what the delta method is checked against."""
    pair, covariance = _pair(fitted, quantity)
    drawn = np.random.default_rng(seed).multivariate_normal(pair, covariance, size=draws)
    x = _x_from_pair(calibration, fitted.edge, quantity, drawn[:, 0], drawn[:, 1])
    low, high = np.quantile(x, [0.025, 0.975])
    source = f"{fitted.edge} {quantity}, Monte Carlo of {draws} draws, seed {seed}"
    centre = float(_x_from_pair(calibration, fitted.edge, quantity, *pair))
    found = _outside(calibration, float(low), float(high))
    return Reading(centre, float(x.std()), float(low), float(high), pair[0] / pair[1], source, found)


def combine(readings: Sequence[Reading]) -> Reading:
    """Independent readings of one film, such as V-L and O-K areas, weighted by their variances.

    Areas and widths of one fit are not independent: do not combine those.
    """
    if not readings:
        raise OutOfRangeError("no readings to combine: give at least one")
    weights = np.array([r.sigma**-2 for r in readings])
    x = float(weights @ [r.x for r in readings] / weights.sum())
    sigma = float(weights.sum() ** -0.5)
    found = tuple(text for r in readings for text in r.warnings)
    ends = (x - CONFIDENCE * sigma, x + CONFIDENCE * sigma)
    return Reading(x, sigma, *ends, None, " and ".join(r.source for r in readings), found)


def read_deficiency(calibration: Calibration, reading: Reading) -> Deficiency:
    """What a reading says of the film; an x that noise carried below 0 is 0."""
    made_of = asdict(calibration) | {"reading": asdict(reading)}
    return Deficiency(np.asarray(max(reading.x, 0.0)), PROCESS, made_of, warnings=reading.warnings)


def _no_peaks(spectrum: Spectrum, expected: Peaks, why: str) -> NeurokitError:
    first, second = expected.energy
    return NeurokitError(
        f"{spectrum.edge} spectrum does not show two peaks near {first:g} and {second:g} eV ({why}): check its "
        "energies, and that background and edge steps are subtracted"
    )


def _peaks(calibration: Calibration, edge: Edge, x: float) -> Peaks:
    s, c = x / calibration.x_overlayer, calibration
    (area, area_change), (width, width_change) = (_line(c, edge, quantity) for quantity in ("area", "width"))
    if edge == "V-L":
        energy = np.array([c.vl_energy_first, c.vl_energy_second]) - c.vl_shift * x
    else:
        energy = np.array([c.ok_energy_t2g, c.ok_energy_eg])
    return Peaks(area + s * area_change, width + s * width_change, energy)


def _line(calibration: Calibration, edge: Edge, quantity: Quantity) -> tuple[Floats, Floats]:
    """Of both peaks, the quantity of VO2 and its change up to the calibration sample."""
    c = calibration
    ends = {
        ("V-L", "area"): (
            (c.vl_area_first, c.vl_area_second),
            (c.vl_area_first_overlayer, c.vl_area_second_overlayer),
        ),
        ("V-L", "width"): (
            (c.vl_width_first, c.vl_width_second),
            (c.vl_width_first_overlayer, c.vl_width_second_overlayer),
        ),
        ("O-K", "area"): ((c.ok_ratio, 1.0), (c.ok_ratio * (1 - c.ok_fall * c.x_overlayer), 1.0)),
        ("O-K", "width"): ((c.ok_width_t2g, c.ok_width_eg), (c.ok_width_t2g, c.ok_width_eg)),
    }
    pristine, overlayer = (np.array(pair) for pair in ends[edge, quantity])
    return pristine, overlayer - pristine


def _x_from_pair(calibration: Calibration, edge: Edge, quantity: Quantity, first: Any, second: Any) -> Floats:
    (f0, g0), (df, dg) = _line(calibration, edge, quantity)
    if df == dg == 0:
        raise OutOfRangeError(f"the {quantity}s of {edge} do not change with x: read it from the areas")
    return np.asarray(calibration.x_overlayer * (f0 * second - g0 * first) / (dg * first - df * second))


def _slope(calibration: Calibration, edge: Edge, quantity: Quantity, pair: Floats) -> Floats:
    """Derivative of x with respect to the first and the second peak's quantity."""
    (f0, g0), (df, dg) = _line(calibration, edge, quantity)
    below = (dg * pair[0] - df * pair[1]) ** 2
    change = calibration.x_overlayer * (g0 * df - f0 * dg) / below
    return np.array([change * pair[1], -change * pair[0]])


def _pair(fitted: FittedPeaks, quantity: Quantity) -> tuple[Floats, Floats]:
    at = slice(0, 2) if quantity == "area" else slice(2, 4)
    return getattr(fitted.peaks, quantity), fitted.covariance[at, at]


def _two_peaks(
    energy: Floats, a1: float, a2: float, w1: float, w2: float, e1: float, e2: float, *, lorentz_share: float
) -> Floats:
    return a1 * _pseudo_voigt(energy, w1, e1, lorentz_share) + a2 * _pseudo_voigt(energy, w2, e2, lorentz_share)


def _pseudo_voigt(energy: Floats, width: float, centre: float, lorentz_share: float) -> Floats:
    """Of unit area: a Gaussian and a Lorentzian of one width, mixed."""
    y = 2 * (energy - centre) / width
    gauss = 2 / width * np.sqrt(np.log(2) / np.pi) * np.exp(-np.log(2) * y**2)
    lorentz = 2 / (np.pi * width) / (1 + y**2)
    return np.asarray((1 - lorentz_share) * gauss + lorentz_share * lorentz)


def _check_x(calibration: Calibration, x: float) -> None:
    if not 0 <= x < np.inf:
        raise OutOfRangeError(f"x = {x} must be finite and not below 0: give a deficiency within 0 to {X_SINGLE_PHASE}")
    (area, change) = _line(calibration, "V-L", "area")
    if (area + x / calibration.x_overlayer * change <= 0).any():
        end = calibration.x_overlayer * area[0] / -change[0]
        raise OutOfRangeError(f"x = {x:g} leaves no first V-L peak: give one below {end:.3g}, where it vanishes")
    if x > calibration.x_overlayer:
        text = f"x = {x:g} is beyond {calibration.x_overlayer:g}, the calibration sample's: the fingerprint is extended"
        warnings.warn(text, OutsideValidityWarning, stacklevel=3)


def _outside(calibration: Calibration, low: float, high: float) -> tuple[str, ...]:
    """Warns of an interval that lies wholly outside the calibrated deficiencies."""
    if high >= 0 and low <= calibration.x_overlayer:
        return ()
    text = (
        f"x within {low:.4g} to {high:.4g} lies outside 0 to {calibration.x_overlayer:g}, for which the fingerprint is "
        "calibrated"
    )
    warnings.warn(text, OutsideValidityWarning, stacklevel=3)
    return (text,)
