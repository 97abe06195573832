"""`neurokit transfer`: frequency, power and energy per spike of neurons against their supply voltage."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import code_of_outcomes
from neurokit.cli.options import Chosen, device_options, jobs_option, out_option, output_options
from neurokit.cli.output import Output, provenance, slug
from neurokit.cli.parameter_types import QUANTITY, OutFile, Span

if TYPE_CHECKING:
    from neurokit.circuits import NeuronCircuit
    from neurokit.spikes.transfer import Boundary, TransferCurve

COLUMNS = {
    "device": "device",
    "v_on": "oscillates from (V)",
    "v_off": "to (V)",
    "frequencies": "frequency (kHz)",
    "rises": "rises over",
    "powers": "power (mW)",
    "energies": "energy per spike (uJ)",
    "error": "est. error",
    "residual": "energy balance",
    "simulations": "simulations",
    "failed": "failed",
}
COMPARED = {
    "device": "at the same frequency",
    "other": "against",
    "band": "band (kHz)",
    "voltage": "voltage",
    "power": "power",
}


@click.command()
@device_options
@click.option("--r-series", type=QUANTITY, default="3k", show_default=True, help="Series resistance in ohm.")
@click.option("--c", "capacitance", type=QUANTITY, default="1.8n", show_default=True, help="Capacitance in F.")
@click.option(
    "--matched",
    is_flag=True,
    help="Each further device gets R_s in the ratio to its triple point, and C for the top frequency, of the first.",
)
@click.option("--v-in", "v_range", type=Span(), help="Supply voltages in V.  [default: around both boundaries]")
@click.option(
    "--points", type=click.IntRange(min=2), help="So many voltages, evenly spaced, not where the curve bends."
)
@click.option(
    "--tolerance", type=QUANTITY, help="Estimated relative error of the frequency between points.  [default: 0.005]"
)
@click.option("--budget", type=click.IntRange(min=1), help="Most simulations for each device.  [default: 40]")
@click.option(
    "--engine",
    type=click.Choice(["ngspice", "twin"]),
    default="ngspice",
    show_default=True,
    help="The twin is quicker and gives no powers.",
)
@click.option(
    "--backend",
    type=click.Choice(["ngspice", "pyspice"]),
    default="ngspice",
    show_default=True,
    help="How ngspice is run: as a program, or as PySpice's library.",
)
@click.option("--no-cache", is_flag=True, help="Simulate even what is known from before.")
@jobs_option
@click.option("--csv", "csv_file", type=OutFile(".csv"), metavar="FILE", help="Write the curve of one device.")
@click.option(
    "--curves",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write one CSV a device.",
)
@out_option(".png", ".svg", help="Draw all curves")
@output_options
@click.pass_context
def transfer(
    ctx: click.Context,
    devices: Sequence[Chosen],
    r_series: float,
    capacitance: float,
    matched: bool,
    v_range: tuple[float, float] | None,
    points: int | None,
    tolerance: float | None,
    budget: int | None,
    engine: str,
    backend: str,
    no_cache: bool,
    jobs: int | None,
    csv_file: Path | None,
    folder: Path | None,
    out: Path | None,
    output: Output,
) -> None:
    """Transfer curves: frequency, power and energy per spike against the supply voltage.

    Each goes through three regimes: un-firing, oscillating, firing (latched). Points lie where the curve bends.
    """
    from neurokit.spikes.transfer_file import write_curve

    _refuse_one_file_for_many(csv_file, devices)
    placement = {"even": points, "v_range": v_range, "tolerance": tolerance, "budget": budget}
    neurons = _neurons(devices, r_series, capacitance, matched)
    curves = measured_curves(neurons, placement, engine if engine == "twin" else backend, no_cache, jobs)
    _complain(curves, output)
    for path, curve in _files(csv_file, folder, curves):
        path.parent.mkdir(parents=True, exist_ok=True)
        output.wrote(write_curve(curve, path))
    made_by = _provenance(curves)
    if out:
        from neurokit.report import FIGURES, save_figure

        output.wrote(save_figure(FIGURES["transfer_curves"](curves, _title(neurons)), out, made_by))
    if output.json:
        output.write_json(_document(curves, devices, made_by))
    else:
        output.show(COLUMNS, [_row(curve) for curve in curves.values()])
        if rows := [_compared_row(item) for item in _comparisons(curves)]:
            output.show(COMPARED, rows)
    failures = [point for curve in curves.values() for point in curve.failures]
    ctx.exit(code_of_outcomes(failures))


def _refuse_one_file_for_many(csv_file: Path | None, devices: Sequence[Chosen]) -> None:
    if csv_file and len(devices) > 1:
        raise click.UsageError(f"--csv {csv_file} holds one curve, not {len(devices)}: give --curves DIR")


def _neurons(
    devices: Sequence[Chosen], r_series: float, capacitance: float, matched: bool
) -> "dict[str, NeuronCircuit]":
    from neurokit.circuits import NeuronCircuit
    from neurokit.spikes.transfer_compare import matched as in_its_circuit

    first = NeuronCircuit(devices[0].device, r_series=r_series, capacitance=capacitance)
    return {
        chosen.label: in_its_circuit(first, chosen.device) if matched else replace(first, device=chosen.device)
        for chosen in devices
    }


def measured_curves(
    neurons: "Mapping[str, NeuronCircuit]", placement: Mapping[str, Any], engine: str, no_cache: bool, jobs: int | None
) -> "dict[str, TransferCurve]":
    from neurokit.simulation import Cache, simulate
    from neurokit.spikes.transfer_measure import Placement, transfer_curve

    where = Placement(**{name: value for name, value in placement.items() if value is not None})
    by = simulate if no_cache else Cache().simulate
    return {
        name: transfer_curve(neuron, label=name, engine=engine, placement=where, jobs=jobs, simulate=by)
        for name, neuron in neurons.items()
    }


def _complain(curves: "Mapping[str, TransferCurve]", output: Output) -> None:
    """What failed, what is uncertain, and what does not go through the three regimes in their order."""
    from neurokit.spikes.regime import Regime

    for name, curve in curves.items():
        for words, voltages in _failures(curve).items():
            click.echo(f"{name} at {', '.join(voltages)} V: {words}", err=True)
        if unsure := [f"{point.v_in:.6g}" for point in curve.readable if point.confidence < 1]:
            output.say(f"{name}: the regime is uncertain at {', '.join(unsure)} V")
        regimes = [run.regime for run in curve.runs]
        if regimes and Regime.OSCILLATING not in regimes:
            output.say(f"{name} does not oscillate in this circuit and range")
        elif regimes != [regime for regime in Regime if regime in regimes]:
            output.say(f"{name}: unusual sequence {', '.join(regime.value for regime in regimes)}")


def _failures(curve: "TransferCurve") -> dict[str, list[str]]:
    """By cause and message, the voltages at which nothing could be read."""
    voltages: dict[str, list[str]] = {}
    for point in curve.failures:
        cause = point.cause.value if point.cause else point.status.value
        voltages.setdefault(f"{cause}: {point.message}", []).append(f"{point.v_in:g}")
    return voltages


def _files(
    csv_file: Path | None, folder: Path | None, curves: "Mapping[str, TransferCurve]"
) -> "list[tuple[Path, TransferCurve]]":
    files = [(csv_file, curve) for curve in curves.values()] if csv_file else []
    return files + ([(folder / f"{slug(name)}.csv", curve) for name, curve in curves.items()] if folder else [])


def _title(neurons: "Mapping[str, NeuronCircuit]") -> str:
    from neurokit.circuits.values import si_text

    def span(values: Sequence[float], unit: str) -> str:
        return " to ".join(si_text(value, unit, 3) for value in dict.fromkeys((values[0], values[-1])))

    r_series = span([neuron.r_series for neuron in neurons.values()], "Ohm")
    return f"R_s = {r_series}, C = {span([neuron.capacitance for neuron in neurons.values()], 'F')}"


def _provenance(curves: "Mapping[str, TransferCurve]") -> dict[str, Any]:
    first, *_ = (curve.provenance for curve in curves.values())
    known = {name: curve.provenance["parameters"] for name, curve in curves.items()}
    made_by = provenance(known, first["engine"], first["versions"], first["seed"])
    hashes = {name: curve.provenance["netlist_sha256"] for name, curve in curves.items()}
    return made_by | {"accuracy": first["accuracy"], "placement": first["placement"], "netlist_sha256": hashes}


def _document(
    curves: "Mapping[str, TransferCurve]", devices: Sequence[Chosen], made_by: Mapping[str, Any]
) -> dict[str, Any]:
    basis = {chosen.label: chosen.basis for chosen in devices}
    records = [
        {
            "device": name,
            "basis": basis[name],
            "boundaries": [_boundary_record(boundary) for boundary in curve.boundaries],
            "rising_share": curve.rising_share,
            "interpolation_error": _error(curve),
            "simulations": curve.provenance["simulations"],
            "points": [_point_record(point) for point in curve.points],
        }
        for name, curve in curves.items()
    ]
    return {"curves": records, "same_frequency": _comparisons(curves), "provenance": made_by}


def _boundary_record(boundary: "Boundary") -> dict[str, Any]:
    return asdict(boundary) | {"below": boundary.below.value, "above": boundary.above.value}


def _point_record(point: Any) -> dict[str, Any]:
    return {name: getattr(value, "value", value) for name, value in asdict(point).items()}


def _comparisons(curves: "Mapping[str, TransferCurve]") -> list[dict[str, Any]]:
    """Each curve against the one before it."""
    from neurokit.spikes.transfer_compare import same_frequency

    names = list(curves)
    return [
        {"device": this, "other": other} | asdict(same_frequency(curves[this], curves[other]))
        for other, this in pairwise(names)
    ]


def _compared_row(item: Mapping[str, Any]) -> dict[str, Any]:
    if not item["high"] > item["low"]:
        return {"device": item["device"], "other": item["other"], "band": "none in common"}
    return {
        "device": item["device"],
        "other": item["other"],
        "band": f"{1e-3 * item['low']:.4g} to {1e-3 * item['high']:.4g}",
        "voltage": f"x {item['voltage_ratio']:.3f}",
        "power": f"x {item['power_ratio']:.3f}",
    }


def _error(curve: "TransferCurve") -> float | None:
    run = curve.oscillating
    return float(run.interpolation_errors().max()) if run and len(run.points) > 1 else None


def _row(curve: "TransferCurve") -> dict[str, Any]:
    row: dict[str, Any] = {
        "device": curve.label,
        "simulations": curve.provenance["simulations"],
        "failed": len(curve.failures),
    }
    run = curve.oscillating
    if run is None:
        return row | {"v_on": "never" if curve.readable else "unknown"}
    error = _error(curve)
    return row | {
        "v_on": _edge(run.lower),
        "v_off": _edge(run.upper),
        "frequencies": _span([1e-3 * point.frequency for point in run.points]),
        "rises": f"{100 * curve.rising_share:.0f} % of it",
        "powers": _span([1e3 * point.power for point in run.points]),
        "energies": _span([1e6 * point.energy_per_spike for point in run.points]),
        "error": "" if error is None else f"{100 * error:.2g} %",
        "residual": _worst_residual(curve),
    }


def _worst_residual(curve: "TransferCurve") -> str:
    """The largest part of the source's energy that device, resistors and capacitor do not account for."""
    known = [abs(point.energy_residual) for point in curve.readable if point.energy_residual == point.energy_residual]
    return f"{100 * max(known):.2g} %" if known else ""


def _edge(boundary: "Boundary | None") -> str:
    return f"{boundary.v_in:.4f} +- {boundary.error:.4f}" if boundary else "end of range"


def _span(values: Sequence[float]) -> str:
    known = [value for value in values if value == value]
    return f"{min(known):.4g} to {max(known):.4g}" if known else "-"
