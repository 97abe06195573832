"""Fingerprints in X-ray absorption: what Zhou, Yao and Qiao give of the V-L edge, and the signs of Li et al."""

import numpy as np

from neurokit.vacancy.checks.check import Check, within
from neurokit.vacancy.spectroscopy import Calibration, Quantity, edge_peaks, ratio_of

# Zhou, Yao, Qiao, supporting information, V-L edge: first over second peak of VO2, and under 1.7 nm of TiO2.
PUBLISHED_RATIOS: dict[Quantity, tuple[float, float]] = {"area": (0.5157, 0.1079), "width": (0.4169, 0.2229)}

_LAST_DIGIT = {"area": 1e-4, "width": 2e-4}  # 1.2036/2.8864, published beside 0.4169, is 0.4170
_POINTS = 101


def spectra_checks() -> tuple[Check, ...]:
    """The calibration gives its own ratios back; with rising deficiency V-L goes down in energy, O-K in ratio."""
    calibration = Calibration()
    ends = {"VO2": 0.0, "VO2 under 1.7 nm of TiO2": calibration.x_overlayer}
    x = np.linspace(0, calibration.x_overlayer, _POINTS)
    vl = np.array([edge_peaks(calibration, "V-L", float(value)).energy for value in x])
    ok = ratio_of(calibration, "O-K", x)
    return (
        *(
            within(
                f"V-L {quantity} ratio of {name}",
                published,
                float(ratio_of(calibration, "V-L", at, quantity)),
                _LAST_DIGIT[quantity],
            )
            for quantity, pair in PUBLISHED_RATIOS.items()
            for (name, at), published in zip(ends.items(), pair, strict=True)
        ),
        Check(
            "V-L edge with rising deficiency",
            "shifts to lower energy",
            f"peaks by {1e3 * (vl[-1, 0] - vl[0, 0]):+.0f} meV up to x = {x[-1]:g}",
            bool((np.diff(vl, axis=0) < 0).all()),
        ),
        Check(
            "O-K t2g/eg ratio with rising deficiency",
            "falls",
            f"{ok[0]:.2f} to {ok[-1]:.2f} up to x = {x[-1]:g}",
            bool((np.diff(ok) < 0).all()),
        ),
    )
