"""Panels 3F and 3G: the tri-state diagram of Device 1, and the triple points of all devices."""

from collections.abc import Mapping
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from neurokit.circuits import NEURON
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device.vo2x import DEVICES, device_label
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices
from neurokit.report.phase_diagram import measured, phase_diagram, triple_points
from neurokit.simulation.versions import quickest_backend
from neurokit.spikes.regime import Regime
from neurokit.sweeps.diagram import PhaseDiagram, closed_form_triple
from neurokit.sweeps.executors import local_processes
from neurokit.sweeps.run import Method, run_sweep, versions_behind
from neurokit.sweeps.spec import SweepSpec, default_axes, spec_to_json

if TYPE_CHECKING:
    from neurokit.sweeps.triple import TripleEstimate


def tri_state_panel() -> Panel:
    """Panel 3F."""
    return Panel(
        title="Tri-state diagram of Device 1",
        statement="The text says: over series resistance and input voltage the neuron has three states, un-firing, "
        "oscillating and firing, which meet in a triple point.",
        make=_make_diagram,
        note="The twin draws the map and ngspice confirms its boundaries; 1.8 nF.",
    )


def triple_points_panel() -> Panel:
    """Panel 3G."""
    return Panel(
        title="Triple points of Devices 1 to 5",
        statement="The text says: the triple point moves to lower resistance and lower voltage with the deficiency.",
        make=_make_triple_points,
        note="Devices 2 to 4 are interpolated. At 1.8 nF Device 5 does not oscillate near its closed-form point.",
    )


def diagram_verdict(diagram: PhaseDiagram) -> bool:
    """All three states are there, nothing failed, and they meet."""
    seen = {row["regime"] for row in diagram.rows}
    return seen == {regime.value for regime in Regime} and diagram.triple is not None


def triple_points_verdict(found: "Mapping[int, TripleEstimate]") -> bool:
    """Both numbers fall from each device to the next, for four devices at least."""
    points = [found[number] for number in sorted(found)]
    falls = all(a.first > b.first and a.second > b.second for a, b in pairwise(points))
    return len(points) >= 4 and falls


def _make_diagram(workshop: Workshop) -> Made:
    diagram = _diagrams(workshop, [1])[1]
    closed = closed_form_triple(diagram.spec)
    finding = _where(diagram.triple) + (f"; closed form {closed[0]:.0f} Ω, {closed[1]:.2f} V" if closed else "")
    runs = sum(row["engine"] == "ngspice" for row in diagram.rows)
    return Made(
        figure=phase_diagram(diagram, device_label(1)),
        holds=diagram_verdict(diagram),
        finding=f"{finding}. {runs} ngspice runs, {len(diagram.disagreements)} of them disagree with the twin.",
        parameters=known_devices({device_label(1): DEVICES[1]}),
        sources=_sources({1: diagram}),
    )


def _make_triple_points(workshop: Workshop) -> Made:
    diagrams = _diagrams(workshop, list(DEVICES))
    found = {number: diagram.triple for number, diagram in diagrams.items() if diagram.triple}
    where = [f"Device {number}: {_where(diagram.triple)}" for number, diagram in diagrams.items()]
    return Made(
        figure=triple_points({device_label(number): diagram for number, diagram in diagrams.items()}),
        holds=triple_points_verdict(found),
        finding="; ".join(where) + ".",
        parameters=known_devices({device_label(number): DEVICES[number] for number in DEVICES}),
        sources=_sources(diagrams),
    )


def _diagrams(workshop: Workshop, numbers: list[int]) -> dict[int, PhaseDiagram]:
    """Guided sweeps of these devices in the paper's circuit."""
    backend, workers = quickest_backend(), local_processes(workshop.jobs)
    found = {}
    for number in numbers:
        device = DEVICES[number]
        neuron = NeuronCircuit(device, NEURON.r_series, NEURON.capacitance)
        spec = SweepSpec(neuron, default_axes(device), backend=backend)
        with TemporaryDirectory(prefix="neurokit-") as folder:
            found[number] = run_sweep(spec, Path(folder), workers, Method("guided", strict=True))
    return found


def _where(triple: "TripleEstimate | None") -> str:
    if triple is None:
        return "no triple point seen"
    return f"{measured(triple.first, triple.first_error)} Ω, {measured(triple.second, triple.second_error)} V"


def _sources(diagrams: Mapping[int, PhaseDiagram]) -> dict[str, Any]:
    specs = {device_label(number): diagram.spec for number, diagram in diagrams.items()}
    one = next(iter(specs.values()))
    return {
        "engine": f"twin and {one.backend}",
        "versions": versions_behind(one, "guided"),
        "sweeps": {name: spec_to_json(spec) for name, spec in specs.items()},
        "netlists_sha256": {device_label(number): _netlists(diagram) for number, diagram in diagrams.items()},
    }


def _netlists(diagram: PhaseDiagram) -> str:
    """One sum for all netlists of a sweep, in the order of its points."""
    return sha256("".join(row["netlist_sha256"] for row in diagram.rows).encode()).hexdigest()
