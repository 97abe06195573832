"""What a sweep is asked to do, in full: from it every point's netlist can be written again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device.accuracy import MAP, Accuracy
from neurokit.device.closed_form import has_thresholds, triple_point
from neurokit.device.film import Film
from neurokit.device.vo2x import FILMS, Vo2x
from neurokit.errors import NeurokitError
from neurokit.simulation.outcome import Limits
from neurokit.sweeps.axes import Axis, placed

Values = tuple[float, ...]  # one for each axis, in SI units
Row = dict[str, Any]  # what was measured at a point, as plain data, with its engine and its values

R_RANGE = (0.3, 6.0)  # of the closed form's triple point
V_RANGE = (0.5, 4.0)


@dataclass(frozen=True)
class SweepSpec:
    """A neuron, the axes that are varied, and how each point is simulated."""

    neuron: NeuronCircuit
    axes: tuple[Axis, ...]
    v_in: float = 12.5  # V, where the supply is no axis
    accuracy: Accuracy = MAP
    backend: str = "ngspice"
    time_limit_s: float = Limits().time_s  # of one simulation

    def __post_init__(self) -> None:
        names = [axis.name for axis in self.axes]
        if not 1 <= len(names) <= 3 or len(set(names)) < len(names):
            raise NeurokitError(f"a sweep has one to three axes, each once, not {names}")
        for position in (0.0, 1.0):  # both ends must be possible
            self.point(tuple(axis.value(position) for axis in self.axes))

    def point(self, values: Values) -> tuple[NeuronCircuit, float]:
        """The neuron and supply at these values of the axes."""
        return placed(self.neuron, self.v_in, dict(zip((a.name for a in self.axes), values, strict=True)))


def default_axes(device: Vo2x) -> tuple[Axis, Axis]:
    """Series resistance and supply around the closed form's triple point."""
    if not has_thresholds(device):
        raise NeurokitError(
            f"x = {device.x:g} at {device.t_ambient:g} K has no triple point to centre a diagram on: give the ranges, "
            "--axis r_series=LOW..HIGH --axis v_in=LOW..HIGH"
        )
    t = triple_point(device)
    r_low, r_high = (_rounded(t.r_series * share) for share in R_RANGE)
    v_low, v_high = (_rounded(t.v_in * share) for share in V_RANGE)
    return Axis("r_series", r_low, r_high), Axis("v_in", v_low, v_high)


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def spec_to_json(spec: SweepSpec) -> dict[str, Any]:
    """All of it as plain data."""
    document = asdict(spec)
    film = spec.neuron.device.film
    if FILMS.get(film.name) == film:
        document["neuron"]["device"]["film"] = film.name
    document["axes"] = [asdict(axis) for axis in spec.axes]
    return dict(json.loads(json.dumps(document)))


def spec_from_json(document: Mapping[str, Any]) -> SweepSpec:
    """The same spec again; NeurokitError for what was not written by `spec_to_json`."""
    try:
        neuron = dict(document["neuron"])
        device = dict(neuron.pop("device"))
        film = device.pop("film")
        of_film = FILMS[film] if isinstance(film, str) else Film(**film)
        return SweepSpec(
            neuron=NeuronCircuit(device=Vo2x(film=of_film, **device), **neuron),
            axes=tuple(Axis(**axis) for axis in document["axes"]),
            v_in=document["v_in"],
            accuracy=Accuracy(**document["accuracy"]),
            backend=document["backend"],
            time_limit_s=document["time_limit_s"],
        )
    except (KeyError, TypeError) as error:
        raise NeurokitError(f"this is not the description of a sweep: {error!r}") from None
