"""Growth by oxide MBE without rotating the wafer: more vanadium on one side, so more oxygen is missing there.

The vanadium cell stands off the wafer's axis and looks at its centre; oxygen arrives evenly from everywhere. With p the
position on the line through the wafer's centre towards the cell, d the distance from cell to centre, a the angle
between the wafer's normal and the cell's axis, and r the distance from cell to p:

    r^2    = d^2 - 2 p d sin(a) + p^2
    V/O(p) = [(d - p sin(a)) / r]^n  (d / r)^3        emission cos^n, incidence cosine over r^2; 1 at the centre

At p_0 the fluxes are those of VO2; on its vanadium-poor side the film takes no more oxygen than VO2 holds. Beyond it
vanadium finds 2 V/O(p_0) / V/O(p) oxygen atoms each in the beam. What is lacking the background of oxygen supplies,
but for a share k of it:

    x(p)   = 2 k [1 - V/O(p_0) / V/O(p)]   for p > p_0, else 0

The published text gives the line, the number of points on it and that deficiency rises along it. It gives neither the
machine's geometry nor any x, so geometry and k are assumed; the shape of x(p) is what the geometry makes of them.
"""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.model import (
    ASSUMED,
    Deficiency,
    Floats,
    check_validity,
    stated,
    warn_beyond_single_phase,
)

PROCESS = "growth gradient"
LINE_END = 25e-3  # m from the centre: the line from -25 to +25 mm of Li et al., arXiv 2405.00700

_POINTS = 201  # of the line, where the flux is checked to rise


@dataclass(frozen=True)
class GrowthGradient:
    """One growth of VO2-x on a 2-inch wafer that stands still; symbols are those of the module's equations."""

    distance: float = stated(0.20, "distance d from the vanadium cell to the wafer's centre", "m", 0.15, 0.5, ASSUMED)
    angle: float = stated(35.0, "angle a between the cell's axis and the wafer's normal", "deg", 25, 60, ASSUMED)
    exponent: float = stated(
        1.0,
        "exponent n of the cell's emission",
        "",
        1,
        4,
        "1: Knudsen's cosine law of an opening; a deep crucible has more",
    )
    position_pristine: float = stated(
        -22.5e-3,
        "position p_0 where the fluxes are those of VO2",
        "m",
        -LINE_END,
        LINE_END,
        "assumed: the first of the ten points, whose film is the pristine one of Li et al., arXiv 2405.00700",
    )
    uptake: float = stated(
        0.075,
        "share k of the lacking oxygen that the background does not supply",
        "",
        0.0,
        1.0,
        "assumed: Device 5 (x = 0.04 on neurokit's scale) and every point of the line then switch",
    )


def flux_ratio(gradient: GrowthGradient, position: ArrayLike) -> Floats:
    """V/O flux ratio along the line, 1 at the wafer's centre."""
    p, d, sine = np.asarray(position, dtype=np.float64), gradient.distance, np.sin(np.radians(gradient.angle))
    r = np.sqrt(d**2 - 2 * p * d * sine + p**2)
    return np.asarray(((d - p * sine) / r) ** gradient.exponent * (d / r) ** 3)


def growth_deficiency(gradient: GrowthGradient, position: ArrayLike) -> Deficiency:
    """x at positions (m) on the line, from -25 mm, far from the cell, to +25 mm."""
    found = _check(gradient)
    p = np.asarray(position, dtype=np.float64)
    if not (np.abs(p) <= LINE_END * (1 + 1e-9)).all():
        raise OutOfRangeError(f"position {1e3 * _farthest(p):g} mm is not on the line: give it within -25 to 25 mm")
    x = _x(gradient, p)
    found += warn_beyond_single_phase(x)
    return Deficiency(x, PROCESS, asdict(gradient), position=p, along="across the wafer", warnings=found)


def reachable(gradient: GrowthGradient) -> tuple[float, float]:
    """Lowest and highest x on the line."""
    low, high = _x(gradient, np.array([-LINE_END, LINE_END]))
    return float(low), float(high)


def position_of(gradient: GrowthGradient, x: float) -> float:
    """Where (m) on the line the film has this x; of the pristine film, the place where its deficiency begins."""
    _check(gradient)
    low, high = reachable(gradient)
    if not low <= x <= high:
        raise OutOfRangeError(
            f"x = {x:g} is nowhere on this wafer, which has {low:.4g} to {high:.4g}: wish for one between, or grow "
            f"with another `uptake` ({gradient.uptake:g}) or `angle` ({gradient.angle:g} deg)"
        )
    start = max(gradient.position_pristine, -LINE_END)
    if x <= low:
        return start
    if float(_x(gradient, np.array(LINE_END))) <= x:  # the same number but for its last bit
        return LINE_END
    return float(brentq(lambda p: float(_x(gradient, np.array(p))) - x, start, LINE_END, xtol=1e-12))


def _x(gradient: GrowthGradient, position: Floats) -> Floats:
    at_stoichiometry = flux_ratio(gradient, gradient.position_pristine)
    lacking = 1 - at_stoichiometry / flux_ratio(gradient, position)
    return np.asarray(np.where(position > gradient.position_pristine, 2 * gradient.uptake * lacking, 0.0))


def _check(gradient: GrowthGradient) -> tuple[str, ...]:
    """What check_validity says; refuses a cell so near the axis that the flux has its highest point on the wafer."""
    found = check_validity(gradient)
    if not (np.diff(flux_ratio(gradient, np.linspace(-LINE_END, LINE_END, _POINTS))) > 0).all():
        raise OutOfRangeError(
            f"angle = {gradient.angle:g} deg and exponent = {gradient.exponent:g} at distance = {gradient.distance:g} "
            "m give a V/O flux that does not rise all along the line: take a larger angle or distance, or a smaller "
            "exponent"
        )
    return found


def _farthest(position: Floats) -> float:
    return float(position.flat[int(np.argmax(np.abs(position)))])
