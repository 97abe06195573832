"""Oxygen that a TiO2 overlayer takes: Park et al. on TiO2(001), and Zhou, Yao and Qiao on Al2O3."""

from typing import Any

import numpy as np

from neurokit.vacancy.checks.check import Check, below, within, within_share
from neurokit.vacancy.overlayer import (
    MILLITORR,
    OXYGEN_LIMITS,
    REACTION_ENERGIES,
    Boundaries,
    Overlayer,
    epitaxial_limit,
    epitaxial_thickness,
    grow,
    overlayer_deficiency,
    reaction_energy,
    stable_oxides,
)
from neurokit.vacancy.response import (
    jump_decades,
    out_of_plane,
    overlayer_current_share,
    transition_temperature,
    two_theta,
)
from neurokit.vacancy.spectroscopy import Calibration, edge_peaks, ratio_of

# Park et al., Nat. Commun. 11, 1401 (2020), against oxygen pressure in mTorr: T_MI in K, decades, 2 theta in deg.
# The jump at 6 mTorr is published as "below one decade".
PUBLISHED_T_MI = {6.0: 260.0, 24.0: 298.0}
PUBLISHED_DECADES = {6.0: 1.0, 24.0: 3.2}
PUBLISHED_TWO_THETA = {6.0: 51.5, 24.0: 51.9}
PUBLISHED_EXPANSION = 0.8  # %, about
PUBLISHED_SATURATION = 10e-9  # m at 150 C, about
METALLIC_AT = 270.0  # K, after 6 mTorr

# Zhou, Yao and Qiao, supporting information: nm of TiO2 on about 26 nm of VO2.
PUBLISHED_OVERLAYERS = (0.6, 1.7, 13.0)

_VISIBLE_SHIFT = 0.1  # eV, of the V-L edge: assumed, a tenth of the width of its first peak
_ALIKE = 0.2  # relative, within which two expansions are the same: assumed


def park(millitorr: float, **changes: Any) -> Overlayer:
    """TiO2 on 12 nm of VO2 as Park et al. grew it at this oxygen pressure."""
    return Overlayer(oxygen_pressure=millitorr * MILLITORR, **changes)


def zhou(nanometres: float, **changes: Any) -> Overlayer:
    """So much TiO2 on 26 nm of VO2 as Zhou, Yao and Qiao grew it: 250 C, 1 Pa."""
    grown = {"oxygen_pressure": 1.0, "temperature": 523.15, "film_thickness": 26e-9}
    return Overlayer(thickness=nanometres * 1e-9, **(grown | changes))


def overlayer_checks() -> tuple[Check, ...]:
    """Park et al.: transition, jump, lattice and epitaxy against oxygen pressure, and the energies behind them."""
    x = {p: mean_x(park(p)) for p in (6.0, 9.0, 12.0, 24.0)}
    t_mi = [float(transition_temperature(value)) for value in x.values()]
    wide, narrow = (float(out_of_plane(x[p])) for p in (6.0, 24.0))
    return (
        within("T_MI after 24 mTorr", PUBLISHED_T_MI[24.0], t_mi[-1], 1.0, "K"),
        within("jump after 24 mTorr", PUBLISHED_DECADES[24.0], float(jump_decades(x[24.0])), 0.1, "decades"),
        within("T_MI after 6 mTorr", PUBLISHED_T_MI[6.0], t_mi[0], 2.0, "K"),
        below("jump after 6 mTorr", PUBLISHED_DECADES[6.0], float(jump_decades(x[6.0])), "decades"),
        below("metallic at 270 K after 6 mTorr: T_MI", METALLIC_AT, t_mi[0], "K"),
        Check("T_MI between them", "falls with the pressure", _listed(t_mi, "K"), bool((np.diff(t_mi) > 0).all())),
        within("expansion out of plane", PUBLISHED_EXPANSION, 100 * (wide / narrow - 1), 0.1, "%"),
        *(
            within(f"(002) after {p:g} mTorr", angle, float(two_theta(out_of_plane(x[p]))), 0.05, "°")
            for p, angle in PUBLISHED_TWO_THETA.items()
        ),
        *_energy_checks(),
        *_epitaxy_checks(),
        _direction_check(),
    )


def directional_checks() -> tuple[Check, ...]:
    """Zhou, Yao and Qiao: overlayers of rising thickness, domain boundaries, oxygen pressure, and who conducts."""
    return (*_thickness_checks(), _pressure_check(), _boundary_check(), _current_check())


def mean_x(model: Overlayer) -> float:
    """x of the film, mean over its depth."""
    return float(overlayer_deficiency(model).x.mean())


def under_boundaries(boundaries: Boundaries) -> Overlayer:
    """A growth on 26 nm with such domain boundaries, seen as it ends."""
    return park(6.0, film_thickness=26e-9, hold=0.0, boundaries=boundaries)


def _energy_checks() -> tuple[Check, ...]:
    between = sum(OXYGEN_LIMITS.values()) / 2
    return (
        *(
            within(f"dG at d = {d:g}", 1e-3 * energy, 1e-3 * float(reaction_energy(d)), 0.01, "kJ/mol")
            for d, energy in REACTION_ENERGIES.items()
        ),
        Check(
            f"stable at an oxygen chemical potential of {between:.2f} eV",
            "TiO2 alone",
            " and ".join(stable_oxides(between)),
            stable_oxides(between) == ("TiO2",),
        ),
    )


def _epitaxy_checks() -> tuple[Check, ...]:
    hot, times = park(24.0, temperature=573.15), np.linspace(0, 4000, 9)
    hot_growth = epitaxial_thickness(hot, times)
    linear = bool(np.allclose(hot_growth, hot.growth_rate * times))
    return (
        within_share(
            "epitaxial TiO2 at 150 °C ends at", 1e9 * PUBLISHED_SATURATION, 1e9 * epitaxial_limit(park(24.0)), 0.2, "nm"
        ),
        Check("epitaxial TiO2 at 300 °C", "grows linearly", f"{1e9 * hot_growth[-1]:.3g} nm in 4000 s", linear),
    )


def _direction_check() -> Check:
    along, across = (mean_x(park(6.0, hold=0.0, channels=c)) for c in ("out of plane", "in plane"))
    words = f"x = {along:.4f} along, {across:.4f} across as growth ends"
    return Check("transport along the [001] channels", "is the fast one", words, along > across, predicted=True)


def _thickness_checks() -> tuple[Check, ...]:
    x = {nm: mean_x(zhou(nm)) for nm in PUBLISHED_OVERLAYERS}
    calibration = Calibration()
    fall = float(ratio_of(calibration, "O-K", 0.0) - ratio_of(calibration, "O-K", x[0.6]))
    at, start = (edge_peaks(calibration, "V-L", value).energy[0] for value in (x[0.6], 0.0))
    thin, thick = (100 * float(out_of_plane(x[nm]) / out_of_plane(0.0) - 1) for nm in (1.7, 13.0))
    return (
        Check("O-K ratio under 0.6 nm", "falls", f"by {fall:.4f}", fall > 0, predicted=True),
        Check(
            "V-L shift under 0.6 nm",
            "not clear",
            f"{1e3 * (at - start):+.2g} meV",
            abs(at - start) < _VISIBLE_SHIFT,
            predicted=True,
        ),
        Check(
            "expansion under 1.7 nm",
            "as under 13 nm",
            f"{thin:.2f} % against {thick:.2f} % ({100 * (thin / thick - 1):+.0f} %)",
            abs(thin / thick - 1) <= _ALIKE,
            predicted=True,
        ),
    )


def _pressure_check() -> Check:
    x = [mean_x(zhou(13.0, oxygen_pressure=p)) for p in (2.0, 1.0, 0.5)]
    falls = bool((np.diff(x) > 0).all())
    return Check("vacancies at 2, 1 and 0.5 Pa", "more at lower pressure", _listed(x, "", "x = "), falls)


def _boundary_check() -> Check:
    directions: tuple[Boundaries, ...] = ("vertical", "inclined", "horizontal")
    x = {}
    for kind in directions:
        found = grow(under_boundaries(kind)).x  # horizontal ones pile it up at the interface, beyond a single phase
        x[kind] = float(found[len(found) // 2 :].mean())
    through = min(x["vertical"], x["inclined"]) > 100 * x["horizontal"]
    words = ", ".join(f"{kind} {value:.2g}" for kind, value in x.items())
    return Check(
        "x of the lower half with domain boundaries",
        "vertical and inclined let oxygen through, horizontal do not",
        words,
        through,
        predicted=True,
    )


def _current_check() -> Check:
    return below("current in 13 nm of TiO2 on 26 nm of VO2", 1.0, 100 * overlayer_current_share(13e-9, 26e-9), "%")


def _listed(values: "list[float]", unit: str, before: str = "") -> str:
    return before + f"{', '.join(f'{value:.4g}' for value in values)} {unit}".rstrip()
