"""A phase diagram: the points of a sweep, the boundaries between them, and the regime of every point in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from neurokit.device.accuracy import thermal_time
from neurokit.device.closed_form import (
    NoThresholdsError,
    has_thresholds,
    triple_point,
    v_firing_onset,
    v_latching,
)
from neurokit.spikes.regime import Regime
from neurokit.sweeps.boundary import Crossing, Known, crossings
from neurokit.sweeps.lattice import Lattice, Site
from neurokit.sweeps.segments import Cell, cells, regimes_at
from neurokit.sweeps.spec import Row, SweepSpec
from neurokit.sweeps.triple import LATCHING, TripleEstimate, triple_estimate


@dataclass(frozen=True)
class Disagreement:
    """A point at which the twin says something else than ngspice."""

    site: Site
    ngspice: Regime | None
    twin: Regime | None


@dataclass(frozen=True)
class Boundary:
    """A place between two simulated points of different regimes."""

    values: tuple[float, ...]  # of the axes, half-way
    half_width: float  # of the axis along which it was crossed, half the distance of the two points
    axis: str
    below: Regime
    above: Regime
    excess: float  # V, supply there above the closed form's boundary; NaN without one


@dataclass(frozen=True)
class PhaseDiagram:
    """What a sweep found; `rows` are its points with everything that was measured, in the order of their values."""

    spec: SweepSpec
    engine: str
    lattice: Lattice
    known: Known
    rows: Sequence[Row]
    disagreements: tuple[Disagreement, ...] = ()
    unfinished: bool = False  # the budget was spent before every boundary was closed

    @cached_property
    def crossings(self) -> list[Crossing]:
        """Neighbouring points between which the regime changes."""
        return crossings(self.known)

    @cached_property
    def cells(self) -> Mapping[tuple[Site, int], Cell]:
        """The cells of a diagram of two axes, with the pieces of boundary in each."""
        return cells(self.lattice, self.known)

    @cached_property
    def triple(self) -> TripleEstimate | None:
        """The triple point as simulated, where a diagram of two axes shows one."""
        if len(self.lattice.axes) != 2:
            return None
        return triple_estimate(self.lattice, self.crossings, list(self.cells.values()))

    @cached_property
    def boundaries(self) -> list[Boundary]:
        """The crossings in the axes' units, beside the closed form's boundaries."""
        return [self._boundary(c) for c in self.crossings]

    def regime_at(self, positions: ArrayLike) -> list[Regime | None]:
        """The regime at positions in the unit cube, one a row: with two axes by the boundaries, else by the nearest.

        None where nothing is known, because simulations failed there.
        """
        from scipy.spatial import cKDTree

        places = np.asarray(positions, dtype=np.float64).reshape(-1, len(self.lattice.axes))
        if len(self.lattice.axes) == 2:
            return regimes_at(self.lattice, self.cells, places)
        simulated = [(self.lattice.position(site), regime) for site, regime in self.known.items() if regime is not None]
        if not simulated:
            return [None] * len(places)
        nearest = cKDTree([at for at, _ in simulated]).query(places)[1]
        return [simulated[int(k)][1] for k in nearest]

    def _boundary(self, crossing: Crossing) -> Boundary:
        low, high = (self.lattice.values(site) for site in (crossing.low, crossing.high))
        k = next(i for i, (a, b) in enumerate(zip(crossing.low, crossing.high, strict=True)) if a != b)
        values = tuple((a + b) / 2 for a, b in zip(low, high, strict=True))
        return Boundary(
            values=values,
            half_width=(high[k] - low[k]) / 2,
            axis=self.lattice.axes[k].name,
            below=crossing.below,
            above=crossing.above,
            excess=self._excess(values, frozenset({crossing.below, crossing.above})),
        )

    def _excess(self, values: tuple[float, ...], kind: frozenset[Regime]) -> float:
        neuron, v_in = self.spec.point(values)
        boundary = v_latching if kind == LATCHING else v_firing_onset
        try:
            return v_in - float(boundary(neuron.device, neuron.r_series + neuron.r_sense))  # it knows one resistor
        except NoThresholdsError:
            return float("nan")


def closed_form_triple(spec: SweepSpec) -> tuple[float, float] | None:
    """The closed form's triple point along the axes, where these are series resistance and supply."""
    names = [axis.name for axis in spec.axes]
    if sorted(names) != ["r_series", "v_in"] or not has_thresholds(spec.neuron.device):
        return None
    t = triple_point(spec.neuron.device)
    at = {"r_series": t.r_series - spec.neuron.r_sense, "v_in": t.v_in}
    return at[names[0]], at[names[1]]


def rc_over_thermal_time(diagram: PhaseDiagram) -> float | None:
    """R_s C at the triple point in thermal times: what the closed form takes for infinite, and why it is off."""
    if diagram.triple is None:
        return None
    neuron, _ = diagram.spec.point((diagram.triple.first, diagram.triple.second))
    return neuron.r_series * neuron.capacitance / thermal_time(neuron.device)


def counts(rows: Sequence[Row]) -> Mapping[str, int]:
    """How many points ended how: by status, and by regime where there is one."""
    found: dict[str, Any] = {}
    for row in rows:
        for word in (row["status"], row["regime"] or "no regime"):
            found[word] = found.get(word, 0) + 1
    return found
