"""Preferred values of resistors: IEC 60063."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

E12 = (1.0, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2)
E24 = (*E12, 1.1, 1.3, 1.6, 2.0, 2.4, 3.0, 3.6, 4.3, 5.1, 6.2, 7.5, 9.1)
E96 = tuple(round(10 ** (k / 96), 2) for k in range(96))
SERIES = {"E12": E12, "E24": E24, "E96": E96}


def nearest(ohm: ArrayLike, series: str) -> NDArray[np.float64]:
    """The values of a series nearest to these by ratio; these themselves where the series is "any"."""
    values = np.asarray(ohm, dtype=np.float64)
    if series == "any":
        return values
    decade = np.append(np.sort(SERIES[series]), 10.0)
    middles = np.sqrt(decade[1:] * decade[:-1])
    whole = np.floor(np.log10(values))
    found: NDArray[np.float64] = decade[np.searchsorted(middles, values / 10.0**whole)] * 10.0**whole
    return found
