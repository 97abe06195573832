"""Regimes that are known without simulating: what the sweeps' geometry is tested against."""

import math
from collections.abc import Callable, Sequence

from neurokit.spikes.regime import Regime
from neurokit.sweeps.axes import Axis
from neurokit.sweeps.boundary import Known
from neurokit.sweeps.lattice import Lattice, Site

RegimeAt = Callable[[tuple[float, ...]], Regime]

R, V, C = Axis("r_series", 0.0, 1.0), Axis("v_in", 0.0, 1.0), Axis("capacitance", 0.0, 1.0)


def straight(r: float = 0.31, v: float = 0.37, onset: float = 0.22, latching: float = 1.1) -> RegimeAt:
    """The closed form's: two straight boundaries that cross at (r, v); below it un-firing meets firing."""

    def at(values: tuple[float, ...]) -> Regime:
        p, q = values[-2:]
        on = v + onset * (p - r)
        if p < r:
            return Regime.UN_FIRING if q < on else Regime.FIRING
        if q < on:
            return Regime.UN_FIRING
        return Regime.OSCILLATING if q < v + latching * (p - r) else Regime.FIRING

    return at


def curved(r: float = 0.31, v: float = 0.37) -> RegimeAt:
    """The same with boundaries that bend."""

    def at(values: tuple[float, ...]) -> Regime:
        p, q = values[-2:]
        on = v + 0.12 * math.sin(2.5 * (p - r))
        if q < on:
            return Regime.UN_FIRING
        if p < r:
            return Regime.FIRING
        return Regime.OSCILLATING if q < v + 0.75 * math.sqrt(p - r + 0.04) - 0.75 * 0.2 else Regime.FIRING

    return at


class Asked:
    """An `Ask` of a known diagram that keeps what it was asked; sites in `failing` fail."""

    def __init__(self, lattice: Lattice, regime_at: RegimeAt, failing: frozenset[Site] = frozenset()) -> None:
        self._lattice, self._regime_at, self._failing = lattice, regime_at, failing
        self.known: dict[Site, Regime | None] = {}
        self.asked: list[Site] = []

    def __call__(self, sites: Sequence[Site]) -> Known:
        for site in sites:
            assert all(0 <= k <= size for k, size in zip(site, self._lattice.sizes, strict=True))
        self.asked += sites
        answer = {s: None if s in self._failing else self._regime_at(self._lattice.position(s)) for s in sites}
        self.known |= answer
        return answer
