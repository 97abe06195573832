"""`neurokit sweep`: the tri-state diagram of a device, or a map over any one to three quantities."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import CHECK_FAILED, OK, SIMULATIONS_FAILED
from neurokit.cli.options import Chosen, device_options, folder_option, jobs_option, output_options
from neurokit.cli.output import Output, slug
from neurokit.cli.parameter_types import QUANTITY
from neurokit.cli.sweep_monte_carlo import draw

if TYPE_CHECKING:
    from neurokit.sweeps.diagram import PhaseDiagram
    from neurokit.sweeps.run import Method
    from neurokit.sweeps.spec import SweepSpec

UNSURE = 0.95  # a confidence below it is worth a line
ANY_AXIS = "seed=0..1"  # of a Monte Carlo, which has axes of its own

COLUMNS = {
    "device": "device",
    "runs": "ngspice runs",
    "failed": "failed",
    "uncertain": "uncertain",
    "triple": "triple point",
    "closed": "closed form, R_sense apart",
    "rc": "RC / thermal time there",
    "onset": "onset minus closed form (V)",
    "latching": "latching minus closed form (V)",
}


@click.command()
@device_options
@click.option(
    "--r-series", type=QUANTITY, default=3e3, show_default="3k", help="Series resistance where it is no axis."
)
@click.option("--c", "capacitance", type=QUANTITY, default=1.8e-9, show_default="1.8n", help="Capacitance, likewise.")
@click.option("--v-in", type=QUANTITY, default=12.5, show_default=True, help="Supply, likewise.")
@click.option(
    "--axis",
    "axes",
    multiple=True,
    metavar="NAME=LOW..HIGH[:N][:log]",
    help="What to vary, one to three times: v_in, r_series, c, x, temperature or another parameter of the device; with "
    "N points it is a full grid.  [default: r_series and v_in around the closed form's triple point]",
)
@click.option("--grid", metavar="60x60", help="Simulate a full grid instead of following the boundaries.")
@click.option(
    "--engine",
    type=click.Choice(("ngspice", "twin", "guided")),
    default="ngspice",
    show_default=True,
    help="Who simulates: ngspice, the compiled twin of its equations, or the twin checked by ngspice.",
)
@click.option(
    "--backend",
    type=click.Choice(("auto", "ngspice", "pyspice")),
    default="auto",
    show_default=True,
    help="How ngspice runs: as a program, or as PySpice's shared library, which is quicker.",
)
@click.option("--budget", type=click.IntRange(min=1), help="Most simulations.  [default: ngspice 1000, guided 200]")
@click.option("--fine", is_flag=True, help="Twice the time for frequencies right to 2e-4 instead of 1e-3.")
@click.option("--time-limit", type=QUANTITY, default=600.0, show_default="600", help="Seconds for one simulation.")
@jobs_option
@click.option(
    "--scheduler", metavar="tcp://HOST:PORT", help="A running Dask cluster computes, instead of this machine."
)
@click.option("--strict", is_flag=True, help="A point that fails ends the sweep.")
@click.option("--retry-failed", is_flag=True, help="Simulate those again that failed before.")
@click.option(
    "--monte-carlo",
    type=click.IntRange(min=1),
    metavar="N",
    help="Draw so many devices around this one instead of varying an axis: V_th, frequency, triple point.",
)
@click.option("--mismatch", type=QUANTITY, help="Spread of V_th from device to device, relative.  [default: 0.0373]")
@click.option(
    "--resistance-mismatch", type=QUANTITY, help="Spread of the insulating resistance, relative.  [default: 0]"
)
@click.option("--cycle-noise", type=QUANTITY, help="Spread of V_th from cycle to cycle, relative.  [default: 0.0072]")
@folder_option("Where points are kept as they come; the same command goes on with what is there.", default="out/sweep")
@output_options
@click.pass_context
def sweep(
    ctx: click.Context,
    /,
    devices: Sequence[Chosen],
    r_series: float,
    capacitance: float,
    v_in: float,
    axes: tuple[str, ...],
    grid: str | None,
    backend: str,
    fine: bool,
    time_limit: float,
    jobs: int | None,
    scheduler: str | None,
    retry_failed: bool,
    monte_carlo: int | None,
    mismatch: float | None,
    resistance_mismatch: float | None,
    cycle_noise: float | None,
    out: Path,
    output: Output,
    **method: Any,
) -> None:
    """Tri-state diagrams: un-firing, oscillating and firing over series resistance and supply, or other quantities.

    \b
      neurokit sweep --device 1                              follow the boundaries in ngspice
      neurokit sweep --device 1 --grid 60x60                 a full grid
      neurokit sweep --devices 1-5 --engine guided           diagrams and triple points of all presets
      neurokit sweep --device 2 --axis c=100p..10n:40:log    frequency against capacitance
      neurokit sweep --axis x=0..0.05 --axis v_in=2..20      over oxygen deficiency
      neurokit sweep --device 1 --monte-carlo 100 --seed 7   spread of V_th, frequency and triple point

    The folder --out gets points.jsonl while the sweep runs; then points.parquet (a row a point), diagram.nc (an xarray
    Dataset) and diagram.png. A sweep that was interrupted or killed goes on with the same command.
    """
    from neurokit.sweeps.axes import parse_axis
    from neurokit.sweeps.executors import dask_cluster, local_processes
    from neurokit.sweeps.run import Method

    spread = {"threshold": mismatch, "insulating": resistance_mismatch, "cycle": cycle_noise}
    given = {name: value for name, value in spread.items() if value is not None}
    if monte_carlo is None and given:
        raise click.UsageError("--mismatch, --resistance-mismatch and --cycle-noise belong to --monte-carlo N")
    if monte_carlo is not None and (axes or grid or method["engine"] != "ngspice" or method["budget"]):
        raise click.UsageError(
            "--monte-carlo N draws devices in ngspice: it takes no --axis, --grid, --engine or --budget"
        )
    _refuse_overridden(ctx, axes)
    if monte_carlo is not None:
        axes = (ANY_AXIS,)
    full_grid = grid is not None or any(parse_axis(text).count for text in axes)
    how = Method(full_grid=full_grid, **method)
    specs = {
        chosen.label: _spec(chosen, (r_series, capacitance, v_in), axes, grid, backend, fine, time_limit, how.engine)
        for chosen in devices
    }
    workers = dask_cluster(scheduler) if scheduler else local_processes(jobs)
    if monte_carlo is not None:
        ctx.exit(draw(specs, given, monte_carlo, out, workers, how, retry_failed, output))
    found: dict[str, PhaseDiagram] = {}
    for name, spec in specs.items():
        folder = out / slug(name) if len(specs) > 1 else out
        found[name] = swept(name, spec, folder, workers, how, retry_failed, output)
    if len(found) > 1:
        _overlay(found, out, output)
    _report(found, out, output)
    ctx.exit(_code(list(found.values())))


def _refuse_overridden(ctx: click.Context, axes: tuple[str, ...]) -> None:
    """An option that an axis would silently override is a mistake."""
    from neurokit.sweeps.axes import parse_axis

    for text in axes:
        name = parse_axis(text).name
        if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            option = next(p for p in ctx.command.params if p.name == name).opts[0]
            raise click.UsageError(f"{option} and --axis {text} both set {name}: give one of them")


def _code(diagrams: "Sequence[PhaseDiagram]") -> int:
    """4 if a simulation failed, 1 if a budget ended before the boundaries were closed."""
    if any(not row["regime"] for diagram in diagrams for row in diagram.rows):
        return SIMULATIONS_FAILED
    return CHECK_FAILED if any(diagram.unfinished for diagram in diagrams) else OK


def _spec(
    chosen: Chosen,
    circuit: tuple[float, float, float],
    axes: tuple[str, ...],
    grid: str | None,
    backend: str,
    fine: bool,
    time_limit: float,
    engine: str,
) -> "SweepSpec":
    from neurokit.circuits import NeuronCircuit
    from neurokit.device.accuracy import FINE, MAP
    from neurokit.simulation.versions import quickest_backend
    from neurokit.sweeps.axes import parse_axis, parse_grid
    from neurokit.sweeps.spec import SweepSpec, default_axes

    r_series, capacitance, v_in = circuit
    varied = tuple(parse_axis(text) for text in axes) or default_axes(chosen.device)
    if grid:
        varied = parse_grid(grid, varied)
    if backend == "auto":
        backend = quickest_backend() if engine != "twin" else "ngspice"
    neuron = NeuronCircuit(chosen.device, r_series, capacitance)
    return SweepSpec(neuron, varied, v_in, FINE if fine else MAP, backend, time_limit)


def swept(
    name: str, spec: "SweepSpec", folder: Path, workers: Any, how: "Method", retry_failed: bool, output: Output
) -> "PhaseDiagram":
    """One sweep, its files and its figure."""
    from neurokit.report import save_figure
    from neurokit.report.phase_diagram import phase_diagram
    from neurokit.sweeps.journal import JOURNAL
    from neurokit.sweeps.run import run_sweep, versions_behind
    from neurokit.sweeps.storage import description, save

    known = (folder / JOURNAL).read_bytes().count(b"\n") if (folder / JOURNAL).exists() else 0
    if known:
        output.say(f"{folder} holds {known} points from before; they are not simulated again")
    with output.counting(name) as progress:
        diagram = run_sweep(spec, folder, workers, how, retry_failed=retry_failed, progress=progress)
    versions = versions_behind(spec, how.engine)
    table, dataset = save(diagram, folder, versions)
    picture = save_figure(
        phase_diagram(diagram, _title(name, diagram)), folder / "diagram.png", description(diagram, versions)
    )
    for path in (table, dataset, picture):
        output.wrote(path)
    return diagram


def _title(name: str, diagram: "PhaseDiagram") -> str:
    """What is not on an axis: the device, unless x is varied, and the circuit's parts."""
    from neurokit.circuits.values import si_text

    spec = diagram.spec
    varied = {axis.name for axis in spec.axes}
    parts = {
        "x": f"film {spec.neuron.device.film.name}" if "x" in varied else name,
        "r_series": si_text(spec.neuron.r_series, "Ohm"),
        "capacitance": si_text(spec.neuron.capacitance, "F"),
        "v_in": si_text(spec.v_in, "V"),
    }
    shown = [text for key, text in parts.items() if key == "x" or key not in varied]
    return ", ".join(shown) + (" (unfinished: the budget was spent)" if diagram.unfinished else "")


def _overlay(found: "dict[str, PhaseDiagram]", out: Path, output: Output) -> None:
    """The triple points of all devices, where series resistance and supply are the axes."""
    from neurokit.report import save_figure
    from neurokit.report.phase_diagram import triple_points
    from neurokit.sweeps.diagram import closed_form_triple
    from neurokit.sweeps.spec import spec_to_json

    shown = {name: d for name, d in found.items() if closed_form_triple(d.spec)}
    if shown:
        made_by = {name: spec_to_json(d.spec) for name, d in shown.items()}
        output.wrote(save_figure(triple_points(shown), out / "triple_points.png", made_by))


def _report(found: "dict[str, PhaseDiagram]", out: Path, output: Output) -> None:
    rows = [_row(name, diagram) for name, diagram in found.items()]
    if output.json:
        output.write_json({"out": out, "sweeps": rows})
        return
    output.show(COLUMNS, rows)
    for name, diagram in found.items():
        _say_what_is_odd(name, diagram, output)


def _row(name: str, diagram: "PhaseDiagram") -> dict[str, Any]:
    from dataclasses import asdict

    from neurokit.report.phase_diagram import measured
    from neurokit.sweeps.diagram import closed_form_triple, rc_over_thermal_time
    from neurokit.sweeps.triple import LATCHING, ONSET

    t, closed = diagram.triple, closed_form_triple(diagram.spec)
    units = [axis.unit for axis in diagram.lattice.axes]
    return {
        "device": name,
        "runs": sum(row["simulations"] for row in diagram.rows if row["engine"] == "ngspice"),
        "points": len(diagram.rows),
        "failed": sum(not row["regime"] for row in diagram.rows),
        "uncertain": sum(0 < row["confidence"] < UNSURE for row in diagram.rows),
        "unfinished": diagram.unfinished,
        "disagreements": len(diagram.disagreements),
        "triple": _both(units, measured(t.first, t.first_error), measured(t.second, t.second_error))
        if t
        else "none seen",
        "closed": _both(units, *(f"{number:.5g}" for number in closed)) if closed else "",
        "rc": rc_over_thermal_time(diagram) or "",
        "triple_point": asdict(t) if t else None,
        "onset": _excess(diagram, ONSET),
        "latching": _excess(diagram, LATCHING),
    }


def _both(units: Sequence[str], *numbers: str) -> str:
    return ", ".join(f"{number} {unit}".rstrip() for number, unit in zip(numbers, units, strict=True))


def _excess(diagram: "PhaseDiagram", kind: Any) -> str:
    """By how much the simulated boundary of this kind lies above the closed form's: range and median."""
    from statistics import median

    found = [b.excess for b in diagram.boundaries if {b.below, b.above} == kind and b.excess == b.excess]
    return f"{min(found):+.3f} .. {max(found):+.3f}, median {median(found):+.3f}" if found else ""


def _say_what_is_odd(name: str, diagram: "PhaseDiagram", output: Output) -> None:
    if diagram.unfinished:
        output.say(f"{name}: the budget was spent before every boundary was closed; --budget gives more")
    if diagram.disagreements:
        checked = sum(row["engine"] == "ngspice" for row in diagram.rows)
        output.say(
            f"{name}: at {len(diagram.disagreements)} of {checked} points that ngspice checked the twin says something "
            "else; ngspice's answer is used"
        )
    for d in diagram.disagreements:
        words = [regime.value if regime else "failed" for regime in (d.ngspice, d.twin)]
        at = _at(diagram, diagram.lattice.values(d.site))
        output.say(f"{name}: at {at} ngspice says {words[0]}, the twin {words[1]}")
    for row in diagram.rows:
        if not row["regime"]:
            click.echo(
                f"{name}: at {_at(diagram, row['values'])} {row['status']}, {row['cause']}: {row['message']}", err=True
            )
        elif row["confidence"] < UNSURE:
            output.say(
                f"{name}: at {_at(diagram, row['values'])} {row['regime']} with confidence {row['confidence']:.2f}"
            )


def _at(diagram: "PhaseDiagram", values: Sequence[float]) -> str:
    named = zip(diagram.lattice.axes, values, strict=True)
    return ", ".join(f"{axis.name} = {value:.5g} {axis.unit}".rstrip() for axis, value in named)
