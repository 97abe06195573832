"""`neurokit replay`: one point of a sweep again, with its waveform."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.circuits.values import si_number
from neurokit.cli.exit_codes import CHECK_FAILED, code_of_outcomes
from neurokit.cli.options import out_option, output_options
from neurokit.cli.output import Output
from neurokit.errors import NeurokitError, OutOfRangeError

if TYPE_CHECKING:
    from neurokit.circuits import Netlist
    from neurokit.simulation import Outcome
    from neurokit.sweeps.axes import Axis

COMPARED = ("regime", "frequency", "amplitude", "power")
COLUMNS = {"quantity": "", "table": "in the table", "again": "again"}


@click.command()
@click.argument("result", type=click.Path(exists=True, path_type=Path))
@click.argument("point")
@out_option(".png", ".svg", ".cir", help="File to write: the waveform, or the netlist")
@click.option("--no-cache", is_flag=True, help="Simulate even if the result is known from before.")
@output_options
@click.pass_context
def replay(ctx: click.Context, result: Path, point: str, out: Path | None, no_cache: bool, output: Output) -> None:
    """Rebuild the netlist of a point, run it and show its waveform.

    RESULT is the folder of a sweep. POINT is a row of its table, counted from 0, or values of the axes, of which the
    closest row is taken: r_series=3k,v_in=9. The netlist is checked against the sum that the table holds.
    """
    import hashlib
    from dataclasses import replace

    from neurokit.simulation import Cache, simulate
    from neurokit.spikes.operating_point import point_netlist, read_point
    from neurokit.sweeps.spec import spec_from_json
    from neurokit.sweeps.storage import load_table

    rows, about = load_table(result)
    spec = spec_from_json(about["sweep"])
    number = _number(point, rows, spec.axes)
    row = rows[number]
    if not point.isdecimal():
        output.say(f"{point}: the closest simulated point is row {number}")
    if not row["t_stop"] > 0:
        raise NeurokitError(f"point {point} was never simulated ({row['cause']}): sweep again with --retry-failed")
    neuron, v_in = spec.point(tuple(row["values"]))
    is_twin = row["engine"] == "twin"
    accuracy = spec.accuracy if is_twin else replace(spec.accuracy, step=row["step"])
    netlist = point_netlist(neuron, v_in, row["t_stop"], accuracy)
    same = is_twin or hashlib.sha256(netlist.text.encode()).hexdigest() == row["netlist_sha256"]
    backend = "ngspice" if is_twin else spec.backend
    outcome = (simulate if no_cache else Cache().simulate)(netlist, backend)
    again = read_point(neuron, v_in, outcome, accuracy.step)
    values = dict(zip((axis.name for axis in spec.axes), row["values"], strict=True))
    title = ", ".join(f"{name} = {value:.6g}" for name, value in values.items())
    shown = [{"quantity": name, "table": row[name], "again": _plain(getattr(again, name))} for name in COMPARED]
    if not same:
        click.echo("the netlist is not the one of the table: another release of neurokit made it", err=True)
    if out:
        _write(out, netlist, outcome, title)
        output.wrote(out)
    if output.json:
        output.write_json(
            {"values": values, "engine": row["engine"], "netlist_is_the_same": same, "compared": shown}
            | {"status": outcome.status.value, "from_cache": outcome.from_cache, "versions": outcome.versions}
        )
    else:
        output.show(COLUMNS, shown, title=title)
        if not outcome.complete:
            click.echo(outcome.explain(), err=True)
    ctx.exit(code_of_outcomes([outcome]) or (0 if same else CHECK_FAILED))


def _number(text: str, rows: Sequence[Any], axes: "Sequence[Axis]") -> int:
    """The row that POINT names, or the closest one along the axes."""
    names = [axis.name for axis in axes]
    if text.isdecimal():
        if int(text) >= len(rows):
            raise NeurokitError(f"there is no point {text}: the table holds 0 to {len(rows) - 1}")
        return int(text)
    wanted = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        if name.strip() not in names or not value:
            raise NeurokitError(f"{part!r} names no axis: write {','.join(f'{n}=VALUE' for n in names)}")
        wanted[name.strip()] = si_number(value)
    for axis in axes:
        if axis.name in wanted and not axis.low <= wanted[axis.name] <= axis.high:
            raise OutOfRangeError(
                f"{axis.name} = {wanted[axis.name]:g} is outside the sweep: {axis.low:g} to {axis.high:g}"
            )
    if set(wanted) != set(names):
        raise NeurokitError(f"{text!r} does not give every axis: {', '.join(names)}")

    def distance(number: int) -> float:
        return sum((axis.position(rows[number][axis.name]) - axis.position(wanted[axis.name])) ** 2 for axis in axes)

    return min(range(len(rows)), key=distance)


def _write(out: Path, netlist: "Netlist", outcome: "Outcome", title: str) -> None:
    from neurokit.cli.output import run_provenance
    from neurokit.report import FIGURES, save_figure

    if out.suffix.lower() == ".cir":
        out.write_text(netlist.text, encoding="utf-8")
        return
    save_figure(FIGURES["signals"](outcome.waveforms, title), out, run_provenance({}, [outcome]))


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)
