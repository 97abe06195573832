"""How a thin film of VO2-x shows its x: transition, size of the resistance jump, lattice, where its X-ray line stands.

    T_MI    = t_pristine + k_tc x
    m       = 1 - exp[-(x / x_metal)^2]                           share of the film that is metal always
    jump    = -log10[m + (1 - m) 10^-decades_pristine]
    c       = c_pristine (1 + expansion x)
    2 theta = 2 asin(wavelength / c)                              of (002), where the spacing is c / 2

T_MI and m are those of the film preset "pld-tio2" in neurokit/device, which this package may not import; tests hold
them together. The jump is that of the bare film, read just below and just above T_MI, in decades; a device with
contacts has a smaller one. Where it vanishes (x above 0.06 or so) T_MI is a number without a transition. x is as
uncertain as k_tc: the carrier count that k_tc comes from is an upper bound, so x is a lower one, and the expansion
per x an upper one (0.49 is much for an oxide: fitted, not explained).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.model import Floats, stated

# Vanadium atoms per m^3: two in a cell of a^2 c, bulk rutile VO2, 0.4554 and 0.2857 nm (textbook values).
VANADIUM = 2 / (0.4554e-9**2 * 0.2857e-9)
WAVELENGTH = 0.12398e-9  # m, of the X-rays in Park et al., Nat. Commun. 11, 1401 (2020)

_PARK = "Park et al., Nat. Commun. 11, 1401 (2020)"


@dataclass(frozen=True)
class FilmResponse:
    """What x does to VO2 grown by PLD on TiO2(001)."""

    t_pristine: float = stated(298.0, "T_MI at x = 0", "K", 250, 350, f"about 298 K as grown, {_PARK}")
    k_tc: float = stated(
        -2400.0,
        "shift of T_MI with x",
        "K per unit x",
        -2800,
        -2000,
        "20-28 K per at.% of a two-electron donor, an upper bound by carrier count; as in the preset pld-tio2",
    )
    decades_pristine: float = stated(3.3, "jump at x = 0", "decades", 1, 5, f"10^3.3 in sheet resistance, {_PARK}")
    x_metal: float = stated(
        0.041, "deficiency scale of localized metallization", "", 0.01, 0.1, "assumed: that of the preset pld-tio2"
    )
    c_pristine: float = stated(
        0.28333e-9,
        "out-of-plane lattice constant at x = 0",
        "m",
        0.28e-9,
        0.29e-9,
        f"(002) at 51.9 deg after 24 mTorr, {_PARK}; its text also gives 0.2839 nm as grown, 0.2 % more",
    )
    expansion: float = stated(
        0.49,
        "relative expansion of c per unit x",
        "",
        0,
        1,
        f"fitted to 51.9 -> 51.5 deg (0.72 %) and to 'about 0.8 %', both of {_PARK}",
    )


def transition_temperature(x: ArrayLike, film: FilmResponse | None = None) -> Floats:
    """T_MI in K of a film with this x: the middle of heating and cooling."""
    film = film or FilmResponse()
    return film.t_pristine + film.k_tc * _checked(x)


def metal_share(x: ArrayLike, film: FilmResponse | None = None) -> Floats:
    """Share of the film that is metal at any temperature."""
    film = film or FilmResponse()
    return np.asarray(-np.expm1(-((_checked(x) / film.x_metal) ** 2)))


def jump_decades(x: ArrayLike, film: FilmResponse | None = None) -> Floats:
    """Decades by which the sheet resistance falls at the transition; 0 for a film that is metal everywhere."""
    film = film or FilmResponse()
    m = metal_share(x, film)
    return np.asarray(-np.log10(m + (1 - m) * 10**-film.decades_pristine))


def out_of_plane(x: ArrayLike, film: FilmResponse | None = None) -> Floats:
    """Out-of-plane lattice constant c in m."""
    film = film or FilmResponse()
    return film.c_pristine * (1 + film.expansion * _checked(x))


def two_theta(c: ArrayLike, wavelength: float = WAVELENGTH) -> Floats:
    """Where (deg) the (002) line of a lattice constant (m) stands."""
    sine = wavelength / np.asarray(c, dtype=np.float64)
    if not ((sine > 0) & (sine < 1)).all():
        raise OutOfRangeError(
            f"a wavelength of {wavelength:g} m has no (002) line at c = {c!r} m: c must be the longer one"
        )
    return np.asarray(2 * np.degrees(np.arcsin(sine)))


def overlayer_current_share(
    overlayer: float, film: float, sigma_overlayer: float = 1e-2, sigma_film: float = 100.0
) -> float:
    """Share of a current along the stack that the overlayer takes; thicknesses in m, conductivities in S/m, assumed.

    The film's is that of insulating VO2, where its share is least; the overlayer's an upper bound of what would still
    be called insulating. A metallic VO2 has a thousand times more, which makes the share so much smaller.
    """
    if not (min(overlayer, film, sigma_overlayer) >= 0 and film * sigma_film > 0):
        raise OutOfRangeError(f"overlayer {overlayer:g} m on film {film:g} m: thicknesses and conductivities above 0")
    return overlayer * sigma_overlayer / (overlayer * sigma_overlayer + film * sigma_film)


def _checked(x: ArrayLike) -> Floats:
    values = np.asarray(x, dtype=np.float64)
    if not (np.isfinite(values) & (values >= -1e-12)).all():
        raise OutOfRangeError(f"x = {x!r} is no deficiency: it must be finite and not below 0")
    return values
