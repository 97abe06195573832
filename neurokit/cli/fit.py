"""`neurokit fit`: measured data of a device to its parameters, with intervals and a verdict."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import CHECK_FAILED, OK
from neurokit.cli.options import folder_option, jobs_option, output_options, seed_option
from neurokit.cli.output import Output, plain, run_provenance, slug, write_csv
from neurokit.cli.parameter_types import CheckRows
from neurokit.cli.simulations import simulate_all

if TYPE_CHECKING:
    from neurokit.calibration.result import Fit
    from neurokit.circuits import Netlist
    from neurokit.simulation import Outcome

PARAMETERS = {"name": "parameter", "value": "value", "low": "from", "high": "to", "unit": "unit", "known": ""}
SCORES = {
    "record": "record",
    "use": "use",
    "quantity": "quantity",
    "rms": "rms off",
    "worst": "worst",
    "unit": "unit",
    "word": "explained",
    "words": "",
}
ABLATIONS = {
    "without": "without",
    "parameters": "parameters",
    "fitted": "fitted rows off by (sigma, rms)",
    "checked": "rows kept apart",
    "missed": "not explained",
}
LINES = ("record", "end of the search", "drive", "at (SI)", "mean (V)", "peak to peak (V)", "frequency (Hz)")
PAGE = "fit.html"
RESIDUALS = ("record", "use", "row", "quantity", "measured (SI)", "its error", "fitted device", "ngspice")


@click.command()
@click.argument("description", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--starts", type=click.IntRange(1, 64), default=6, show_default=True, help="Searches from anew.")
@click.option(
    "--generations",
    type=click.IntRange(1, 10_000),
    default=60,
    show_default=True,
    help="Of the global part of each search; the local parts take as long again.",
)
@click.option(
    "--check",
    type=CheckRows(),
    multiple=True,
    help="Rows of a record to keep apart, scored and never fitted: 'I-V=every 3' or 'drive=2, 5-8'; repeatable.",
)
@click.option("--ablate", is_flag=True, help="Search again without each addition to the equations, and compare.")
@folder_option("[default: out/fit/NAME]")
@click.option("--strict", is_flag=True, help="Exit code 1 where a record is not explained.")
@jobs_option
@seed_option
@output_options
@click.pass_context
def fit(
    ctx: click.Context,
    description: Path,
    starts: int,
    generations: int,
    check: tuple[tuple[str, str], ...],
    ablate: bool,
    out: Path | None,
    strict: bool,
    jobs: int | None,
    seed: int,
    output: Output,
) -> None:
    """Fit the device to what was measured, as the DESCRIPTION (a TOML file) tells: R(T), I-V, oscillations, pulses.

    Static branches are fitted first, then everything; every device that the search ends in is run in ngspice. DIR gets
    the best one as a file that --film takes; parameters, residuals and, where oscillations were measured against one
    drive, what it does between them as CSV; figures, and a page that holds it all. examples/fit/ has descriptions to
    begin with.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from neurokit.calibration import fit as fitting
    from neurokit.calibration.description import read_description
    from neurokit.calibration.search import Effort

    if twice := {record for record, _ in check if [name for name, _ in check].count(record) > 1}:
        raise click.UsageError(f"--check names {', '.join(sorted(twice))} more than once: write all its rows in one")
    told = read_description(description, dict(check))
    outcomes: list[Outcome] = []

    def simulate(netlists: "Sequence[Netlist]") -> "Sequence[Outcome]":
        outcomes.extend(ended := simulate_all(netlists, jobs, output))
        return ended

    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as executor:
        found = fitting.fit(told, Effort(starts, generations, seed), executor, simulate, output.say, ablate)
    asked = {"starts": starts, "generations": generations, "ablate": ablate}
    made_by = run_provenance(
        {"description": description.read_text(encoding="utf-8"), "check": dict(check)} | asked, outcomes, seed
    )
    files = _written(found, out or Path("out/fit") / description.stem, made_by, output)
    _show(found, made_by, files, output)
    ctx.exit(CHECK_FAILED if strict and not found.holds else OK)


def _show(found: "Fit", made_by: Mapping[str, Any], files: Sequence[Path], output: Output) -> None:
    from neurokit.calibration.as_data import ablation_rows, fit_record

    if output.json:
        return output.write_json(fit_record(found) | {"provenance": made_by, "files": list(files)})
    rows = [vars(i) | {"known": "" if i.determined else "not determined"} for i in found.intervals]
    output.show(PARAMETERS, rows)
    output.show(SCORES, [vars(score) | {"word": "yes" if score.explained else "NO"} for score in found.scores])
    if found.ablations:
        output.show(ABLATIONS, [dict(zip(ABLATIONS, row, strict=True)) for row in ablation_rows(found)])
    for sentence in found.verdict:
        click.echo(sentence)
    return None


def _written(found: "Fit", out: Path, made_by: Mapping[str, Any], output: Output) -> list[Path]:
    from neurokit.calibration.as_data import ablation_rows, fit_record, line_rows, residual_rows
    from neurokit.device.preset import write_device
    from neurokit.report.fit.figures import fit_figures
    from neurokit.report.fit.page import fit_page
    from neurokit.report.style import save_figure

    out.mkdir(parents=True, exist_ok=True)
    parameters = [(i.name, i.unit, i.value, i.low, i.high, i.determined) for i in found.intervals]
    files = [out / name for name in ("device.toml", "parameters.csv", "residuals.csv", "fit.json", PAGE)]
    about = {"made by": "neurokit fit", "title": found.description.title, "source": found.description.source}
    about |= {f"{name}, of the circuit around it": f"{value:.6g} (SI)" for name, value in found.best.circuit.items()}
    write_device(found.best.device, files[0], about)
    write_csv(files[1], ("parameter", "unit", "value", "from", "to", "determined"), parameters)
    write_csv(files[2], RESIDUALS, residual_rows(found))
    record = plain(fit_record(found) | {"provenance": made_by})
    files[3].write_text(json.dumps(record, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    images = {
        name: save_figure(figure, out / f"{k}_{slug(name.replace(' ', '_'))}.png", made_by)
        for k, (name, figure) in enumerate(fit_figures(found).items(), start=1)
    }
    if lines := line_rows(found):
        files.append(out / "lines.csv")
        write_csv(files[-1], LINES, lines)
    if found.ablations:
        files.append(out / "ablations.csv")
        write_csv(files[-1], tuple(ABLATIONS.values()), ablation_rows(found))
    files[4].write_text(fit_page(found, images, made_by), encoding="utf-8")
    for file in (*files, *images.values()):
        output.wrote(file)
    return [*files, *images.values()]
