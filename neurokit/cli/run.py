"""`neurokit run`: a user's own netlist, unchanged, and what happened to it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import code_of_outcomes
from neurokit.cli.options import out_option, output_options
from neurokit.cli.output import Output, run_provenance, write_csv
from neurokit.cli.parameter_types import QUANTITY, OutFile

if TYPE_CHECKING:
    from neurokit.simulation import Limits, Outcome, Waveforms

SIGNAL_COLUMNS = {"plot": "plot", "signal": "signal", "points": "points", "min": "min", "max": "max"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--backend", type=click.Choice(["ngspice", "pyspice"]), default="ngspice", show_default=True, help="Engine."
)
@click.option("--safe", is_flag=True, help="Refuse what could do more than simulate, such as .control blocks.")
@click.option("--time-limit", type=QUANTITY, help="Wall-clock seconds for each try.  [default: 600]")
@click.option("--memory-limit", type=QUANTITY, help="Bytes of memory, such as 2G.  [default: 4 GiB]")
@click.option("--no-retry", is_flag=True, help="One try only, instead of safer settings after a failure to converge.")
@click.option("--no-cache", is_flag=True, help="Run it even if its result is known from before.")
@click.option("--plot", type=OutFile(".png", ".svg"), metavar="FILE", help="Draw all signals (.png or .svg).")
@out_option(".csv", ".npz", help="Write the waveforms")
@output_options
@click.pass_context
def run(
    ctx: click.Context,
    file: Path,
    backend: str,
    safe: bool,
    time_limit: float | None,
    memory_limit: float | None,
    no_retry: bool,
    no_cache: bool,
    plot: Path | None,
    out: Path | None,
    output: Output,
) -> None:
    """Run the netlist FILE unchanged and say what happened.

    Its includes are found from its own folder. Warnings on stderr name what would make the answer of a VO2-x circuit
    silently wrong.
    """
    from neurokit.simulation import Cache, simulate, simulate_file
    from neurokit.simulation.options import accuracy_warnings

    by = simulate if no_cache else Cache().simulate
    outcome = simulate_file(file, backend, _limits(time_limit, memory_limit), not no_retry, safe, by)
    warnings = accuracy_warnings(outcome.netlist)
    for warning in warnings:
        output.say(f"warning: {warning}")
    if out and outcome.plots:
        _write_waveforms(outcome, out, output)
    if plot and outcome.plots:
        _draw(outcome, plot, output)
    if output.json:
        output.write_json(_document(outcome, file, warnings))
    elif outcome.complete:
        output.say(outcome.explain() + (", from the cache" if outcome.from_cache else ""))
        output.show(SIGNAL_COLUMNS, _signal_rows(outcome))
    else:
        click.echo(outcome.explain(), err=True)
        output.show(SIGNAL_COLUMNS, _signal_rows(outcome))
    ctx.exit(code_of_outcomes([outcome]))


def _limits(time_limit: float | None, memory_limit: float | None) -> "Limits":
    from neurokit.simulation import Limits

    usual = Limits()
    return Limits(
        time_s=usual.time_s if time_limit is None else time_limit,
        memory_bytes=usual.memory_bytes if memory_limit is None else int(memory_limit),
    )


def _signal_rows(outcome: "Outcome") -> list[dict[str, Any]]:
    return [
        {"plot": plot.name, "signal": name, "points": len(plot), "min": _real(values).min(), "max": _real(values).max()}
        for plot in outcome.plots
        for name, values in plot.signals.items()
    ]


def _real(values: Any) -> Any:
    """What a table can show of a signal: itself, or its magnitude."""
    import numpy as np

    return np.abs(values) if np.iscomplexobj(values) else values


def _document(outcome: "Outcome", file: Path, warnings: tuple[str, ...]) -> dict[str, Any]:
    return {
        "status": outcome.status.value,
        "cause": outcome.cause.value if outcome.cause else None,
        "rung": outcome.rung,
        "messages": list(outcome.messages),
        "advice": outcome.advice,
        "warnings": list(warnings),
        "signals": _signal_rows(outcome),
        "from_cache": outcome.from_cache,
        "cpu_s": outcome.cpu_s,
        "wall_s": outcome.wall_s,
        "provenance": run_provenance({"file": str(file)}, [outcome]),
    }


def _write_waveforms(outcome: "Outcome", out: Path, output: Output) -> None:
    import numpy as np

    if out.suffix.lower() == ".npz":
        arrays: dict[str, Any] = {
            f"{k}/{name}": values for k, plot in enumerate(outcome.plots, 1) for name, values in plot.signals.items()
        }
        np.savez(out, **arrays)
    else:
        columns = _columns(outcome.plots[0])
        write_csv(out, list(columns), zip(*columns.values(), strict=True))
        if len(outcome.plots) > 1:
            output.say(f"{out} holds the first of {len(outcome.plots)} plots: take --out FILE.npz for all")
    output.wrote(out)


def _columns(plot: "Waveforms") -> dict[str, Any]:
    """The signals as real columns, scale first; a complex one becomes two."""
    import numpy as np

    columns: dict[str, Any] = {}
    for name in sorted(plot.signals, key=lambda name: name != plot.scale):
        values = plot.signals[name]
        columns |= {f"re {name}": values.real, f"im {name}": values.imag} if np.iscomplexobj(values) else {name: values}
    return {name: values.tolist() for name, values in columns.items()}


def _draw(outcome: "Outcome", plot: Path, output: Output) -> None:
    from neurokit.report import FIGURES, save_figure

    save_figure(FIGURES["signals"](outcome.waveforms, outcome.netlist.title), plot, run_provenance({}, [outcome]))
    output.wrote(plot)
