"""`neurokit verify`: a trained network as resistors and op-amps in ngspice, and how far the two agree."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import CHECK_FAILED, OK, SIMULATIONS_FAILED
from neurokit.cli.network_options import data_options, threads_option
from neurokit.cli.options import folder_option, jobs_option, output_options, seed_option
from neurokit.cli.output import Output, plain
from neurokit.cli.parameter_types import QUANTITY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from neurokit.simulation.pool import Progress
    from neurokit.snn.data import Digits
    from neurokit.snn.results import Trained
    from neurokit.verification.job import Plan, Verified

COLUMNS = {"check": "check", "asked": "asked", "reached": "reached", "holds": "holds"}
REPORT, PAGE = "report.json", "report.html"


@click.command()
@click.argument("result", type=click.Path(exists=True, file_okay=False, path_type=Path))
@data_options
@click.option(
    "--digits",
    "count",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Test images to run in ngspice, drawn by --seed; half a minute each on two cores.",
)
@click.option(
    "--level",
    type=click.Choice(["layer", "network"]),
    default="layer",
    show_default=True,
    help="network: the first digit also with the whole network in one ngspice run, which takes most of an hour.",
)
@click.option(
    "--adder",
    type=click.Choice(["resistors", "sources"]),
    default="resistors",
    show_default=True,
    help="Of that run: a resistor a weight, or equivalent controlled sources, in half of the time.",
)
@click.option(
    "--twin", type=click.IntRange(min=0), help="Test images to run by the twin.  [default: all; 20 a second on a core]"
)
@click.option(
    "--devices",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Digits for each row of the table over Devices 1 to 4; 0: no table.",
)
@click.option(
    "--series",
    type=click.Choice(["E12", "E24", "E96", "any"]),
    help="Of resistors.  [default: that of the training, else E96]",
)
@click.option("--bin", "bin_width", type=QUANTITY, default="25n", show_default=True, help="s, of recorded pulses.")
@click.option("--time-limit", type=QUANTITY, default="14400", show_default=True, help="s for the whole network's run.")
@click.option("--memory-limit", type=QUANTITY, default="4G", show_default=True, help="Bytes for each ngspice process.")
@folder_option("[default: RESULT/verify]")
@click.option("--retry-failed", is_flag=True, help="Simulate again what failed or met a limit.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a check does not hold.")
@jobs_option
@seed_option
@threads_option
@output_options
@click.pass_context
def verify(
    ctx: click.Context,
    result: Path,
    load_digits: "Callable[..., Digits]",
    count: int,
    level: str,
    adder: str,
    twin: int | None,
    devices: int,
    series: str | None,
    bin_width: float,
    time_limit: float,
    memory_limit: float,
    out: Path | None,
    retry_failed: bool,
    strict: bool,
    jobs: int | None,
    seed: int,
    output: Output,
) -> None:
    """Put a trained network back into ngspice, and say how far circuit and network agree.

    RESULT is a folder that `neurokit train` wrote. Its weights become resistors around op-amps; every neuron of some
    test images is simulated with the recorded pulses of the layer before. --out gets report.html, report.json, figures,
    the netlist of the whole network and the bill of materials. The same command again goes on where it was interrupted.
    """
    from neurokit.simulation import Limits
    from neurokit.snn.results import load_result
    from neurokit.verification.job import Plan
    from neurokit.verification.mapping import Parts, series_of

    trained = load_result(result)
    digits = load_digits(output, trained)
    limits = Limits(memory_bytes=int(memory_limit))
    plan = Plan(
        digits=count,
        seed=seed,
        twin=twin,
        devices=devices,
        adder=adder if level == "network" else "",
        parts=Parts(series=series or series_of(trained.network)),
        bin_width=bin_width,
        limits=limits,
        whole_limits=Limits(time_s=time_limit, memory_bytes=int(memory_limit)),
        jobs=jobs,
        retry_failed=retry_failed,
    )
    folder = out or result / "verify"
    report, paths = verified(folder, trained, digits, plan, output)
    if output.json:
        output.write_json({**report, "files": paths})
    else:
        output.show(COLUMNS, check_rows(report))
        click.echo(folder / PAGE)
    if some_failed(report):
        ctx.exit(SIMULATIONS_FAILED)
    ctx.exit(CHECK_FAILED if strict and not all(row["holds"] for row in report["checks"]) else OK)


def some_failed(report: Mapping[str, Any]) -> bool:
    """Whether a neuron, the whole network or a digit of another device did not run through."""
    from neurokit.verification.by_layers import failed

    whole = report["whole"]
    partial = whole is not None and failed(whole)
    return bool(report["summary"]["failed"] or partial or any(row["failed"] for row in report["devices"]))


def check_rows(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each check of a report."""
    return [row | {"holds": "yes" if row["holds"] else "NO"} for row in report["checks"]]


def verified(
    folder: Path, trained: "Trained", digits: "Digits", plan: "Plan", output: Output
) -> tuple[Mapping[str, Any], list[Path]]:
    """The report of a verification in a folder, and the files that it wrote there."""
    from neurokit.simulation import Cache
    from neurokit.verification.job import verify_into

    output.say(f"{folder} gets the report, and what is simulated: the same command goes on there")
    with _counted(output) as progress:
        found = verify_into(folder, trained, digits, plan, simulate=Cache().simulate, progress=progress)
    return found.report, _written(folder, found)


@contextmanager
def _counted(output: Output) -> "Iterator[Callable[[str], Progress]]":
    """What is being done and how far it is: a line on a terminal, a word for each stage elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if output.quiet or not console.is_terminal:

        def say(what: str) -> "Progress":
            output.say(what)
            return lambda done, failed, total: None

        yield say
        return
    with console.status("") as line:

        def count(what: str) -> "Progress":
            line.update(what)
            return lambda done, failed, total: line.update(
                f"{what}: {done} of {total}" + (f", [red]{failed} failed" if failed else "")
            )

        yield count


def _written(folder: Path, found: "Verified") -> list[Path]:
    from neurokit.report.page import Shown
    from neurokit.report.style import save_figure
    from neurokit.report.verification.page import verification_page
    from neurokit.sweeps.journal import write_whole

    shown = []
    for name, (figure, title, text) in _figures(found).items():
        path = save_figure(figure, folder / f"{name}.png", found.report["provenance"])
        shown.append(Shown(path, title, text))
    report = json.dumps(plain(found.report), indent=2, allow_nan=False) + "\n"
    write_whole(folder / REPORT, lambda part: part.write_text(report, encoding="utf-8"))
    page = verification_page(plain(found.report), shown)
    write_whole(folder / PAGE, lambda part: part.write_text(page, encoding="utf-8"))
    tables = [folder / found.report["rates"]["file"]] if found.report["rates"] else []
    return [folder / PAGE, folder / REPORT, *tables, *(one.path for one in shown)]


def _figures(found: "Verified") -> "dict[str, tuple[Figure, str, str]]":
    """Figures by name, each with its title and what it shows."""
    from neurokit.report.verification.devices import devices_compared
    from neurokit.report.verification.latency import latencies
    from neurokit.report.verification.partings import partings
    from neurokit.report.verification.rasters import rasters
    from neurokit.report.verification.rates import rates_compared
    from neurokit.verification.checks import MOST_RATE_ERROR
    from neurokit.verification.partings import Parting

    report = found.report
    summary = report["summary"]
    about = report["network"]["circuit"]
    figures: dict[str, tuple[Figure, str, str]] = {}
    if found.example is not None:
        one = found.example
        drawn = rasters(one.circuit, one.network, report["network"]["window"], one.label, one.answers)
        figures["rasters"] = (drawn, "Spikes", "Every spike of one digit, in ngspice and in the spiking network.")
        shares = found.rates.shares
        drawn = rates_compared(shares["ngspice"], shares["spiking"], found.rates.layers, MOST_RATE_ERROR, about)
        figures["rates"] = (drawn, "Rates", "Every neuron behind the input, for every digit.")
        counts = summary["partings"]
        words = {why.value: counts[why.name.lower()] for why in Parting if why.name.lower() in counts}
        text = "Why neurons of the circuit do not spike as often as those of the network."
        figures["partings"] = (partings(words, about), "Partings", text)
        times = [row["decided"] for row in report["digits"] if row["status"] == "ok" and row["decided"] is not None]
        drawn = latencies(times, summary["decided"]["undecided"], report["network"]["window"])
        figures["latency"] = (drawn, "Latency", "From which output spike on the answer stays.")
    if any(row["digits"] for row in report["devices"]):
        text = "The same weights in circuits of equal top rate."
        figures["devices"] = (
            devices_compared([row for row in report["devices"] if row["digits"]]),
            "Devices 1 to 4",
            text,
        )
    return figures
