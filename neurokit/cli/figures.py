"""`neurokit figures`: panels of published figures, and a page that holds them beside what their texts say."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import CHECK_FAILED, OK, code_of_error, code_of_outcomes
from neurokit.cli.options import folder_option, jobs_option, output_options, seed_option
from neurokit.cli.output import Output, run_provenance

if TYPE_CHECKING:
    from neurokit.circuits import Netlist
    from neurokit.report.page import Entry
    from neurokit.report.paper import Failed, Made, Panel, Workshop
    from neurokit.simulation import Outcome

COLUMNS = {"panel": "panel", "title": "shows", "verdict": "verdict", "finding": "found"}
LIST_COLUMNS = {"panel": "panel", "title": "shows", "statement": "statement", "note": "note"}


@click.command()
@click.argument("panels", nargs=-1, metavar="[PANEL]...")
@folder_option(default="out/figures")
@click.option(
    "--format", "suffix", type=click.Choice(["png", "svg"]), default="png", show_default=True, help="Of the figures."
)
@click.option("--list", "listed", is_flag=True, help="Show the panels and what the texts say; simulate nothing.")
@jobs_option
@seed_option
@output_options
@click.pass_context
def figures(
    ctx: click.Context,
    panels: tuple[str, ...],
    out: Path,
    suffix: str,
    listed: bool,
    jobs: int | None,
    seed: int,
    output: Output,
) -> None:
    """Draw panels and a page DIR/index.html: the paper's, such as 2G or 3C, and a film's processes, such as tip.

    Each is computed, in ngspice where it is a circuit, and compared with what the publication's text says: exit code 1
    means that a statement does not hold, 4 that a simulation failed. The page is one file that needs nothing else.
    """
    chosen = _chosen(panels)
    if listed:
        _show_list(chosen, output)
        return
    from neurokit.report.paper import make_panels

    workshop = _workshop(seed, jobs, output)
    results = make_panels(chosen, workshop)
    entries = [_entry(name, panel, results[name], out / f"{name}.{suffix}") for name, panel in chosen.items()]
    page = _write_page(entries, out)
    rows = [_row(entry) for entry in entries]
    if output.json:
        output.write_json({"panels": rows, "page": page})
    else:
        output.show(COLUMNS, rows)
        click.echo(page)
    ctx.exit(_code(list(results.values()), list(workshop.known.values())))


def _chosen(names: Sequence[str]) -> "dict[str, Panel]":
    from neurokit.report.panels import PANELS

    known = {name.casefold() for name in PANELS}
    if unknown := [name for name in names if name.casefold() not in known]:
        raise click.UsageError(f"no panel {', '.join(unknown)}: there are {', '.join(PANELS)}")
    wanted = {name.casefold() for name in names} or known
    return {name: panel for name, panel in PANELS.items() if name.casefold() in wanted}


def _show_list(panels: "Mapping[str, Panel]", output: Output) -> None:
    rows = [
        {"panel": name, "title": panel.title, "statement": panel.statement, "note": panel.note}
        for name, panel in panels.items()
    ]
    if output.json:
        output.write_json({"panels": rows})
    else:
        output.show(LIST_COLUMNS, rows)


def _workshop(seed: int, jobs: int | None, output: Output) -> "Workshop":
    from neurokit.cli.simulations import simulate_all
    from neurokit.report.paper import Workshop
    from neurokit.simulation import Cache

    cache = Cache()

    def run(netlists: "Sequence[Netlist]") -> "list[Outcome]":
        return simulate_all(netlists, jobs, output, cache)

    return Workshop(run, seed, jobs, cache)


def _entry(name: str, panel: "Panel", result: "Made | Failed", path: Path) -> "Entry":
    """The panel with its figure written; of one that failed, no figure of an earlier run is left in its place."""
    from neurokit.report.page import FAILED, HOLDS, HOLDS_NOT, Entry
    from neurokit.report.paper import Failed

    if isinstance(result, Failed):
        path.unlink(missing_ok=True)
        return Entry(name, panel.title, panel.statement, FAILED, str(result.error), None, {}, panel.note)
    made_by = run_provenance(result.parameters, result.outcomes, result.seed) | dict(result.sources)
    _save(result, path, made_by)
    verdict = HOLDS if result.holds else HOLDS_NOT
    return Entry(name, panel.title, panel.statement, verdict, result.finding, path, made_by, panel.note, result.checks)


def _save(made: "Made", path: Path, made_by: Mapping[str, Any]) -> None:
    from matplotlib import rc_context

    from neurokit.report import save_figure

    with rc_context({"svg.hashsalt": "neurokit"}):  # without it an SVG has other names inside each time
        save_figure(made.figure, path, made_by)


def _write_page(entries: "Sequence[Entry]", out: Path) -> Path:
    from neurokit.report.page import figures_page

    out.mkdir(parents=True, exist_ok=True)
    page = out / "index.html"
    page.write_text(figures_page(entries), encoding="utf-8")
    return page


def _row(entry: "Entry") -> dict[str, Any]:
    return {
        "panel": entry.name,
        "title": entry.title,
        "statement": entry.statement,
        "verdict": entry.verdict,
        "finding": entry.finding,
        "checks": [vars(check) for check in entry.checks],
        "note": entry.note,
        "file": entry.image,
        "provenance": entry.provenance,
    }


def _code(results: "Sequence[Made | Failed]", outcomes: "Sequence[Outcome]") -> int:
    """That of failed simulations first, then of whatever else kept a panel from being made, then of the verdicts."""
    from neurokit.errors import SimulationFailedError, SimulatorMissingError
    from neurokit.report.paper import Failed

    if code := code_of_outcomes(outcomes):
        return code
    errors = [result.error for result in results if isinstance(result, Failed)]
    for error in errors:
        if isinstance(error, SimulationFailedError | SimulatorMissingError):
            return code_of_error(error)
    holds = [result.holds for result in results if not isinstance(result, Failed)]
    return CHECK_FAILED if errors or not all(holds) else OK
