"""`neurokit sweep --monte-carlo N`: what the spread of devices and cycles does to a neuron."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import OK, SIMULATIONS_FAILED
from neurokit.cli.output import Output, slug

if TYPE_CHECKING:
    from neurokit.sweeps.monte_carlo import Quantiles
    from neurokit.sweeps.run import Method
    from neurokit.sweeps.spec import Row, SweepSpec

COLUMNS = {
    "device": "device",
    "name": "quantity",
    "unit": "unit",
    "draws": "draws",
    "mean": "mean",
    "deviation": "std. deviation",
    "relative": "relative",
    "low": "2.5 %",
    "median": "median",
    "high": "97.5 %",
}


def draw(
    specs: "Mapping[str, SweepSpec]",
    spread: Mapping[str, float],
    count: int,
    out: Path,
    workers: Any,
    how: "Method",
    retry_failed: bool,
    output: Output,
) -> int:
    """Draws around each neuron, their table and figure; returns the exit code."""
    from neurokit.sweeps.monte_carlo import Spread

    shown: list[dict[str, Any]] = []
    code = OK
    for name, spec in specs.items():
        noise = spec.neuron.device.noise  # --noise is another name for --cycle-noise
        widths = Spread(**({"cycle": noise} if noise else {}) | dict(spread))
        folder = out / slug(name) if len(specs) > 1 else out
        rows, found = _drawn(name, spec, widths, count, folder, workers, how, retry_failed, output)
        shown += [{"device": name, **asdict(q), "relative": q.deviation / q.mean if q.draws else ""} for q in found]
        for row in rows:
            if not row["regime"]:
                code = SIMULATIONS_FAILED
                click.echo(f"{name}: draw {row['values']} {row['status']}, {row['cause']}: {row['message']}", err=True)
    if output.json:
        output.write_json({"out": out, "quantities": shown})
    else:
        output.show(COLUMNS, shown)
    return code


def _drawn(
    name: str,
    spec: "SweepSpec",
    spread: Any,
    count: int,
    folder: Path,
    workers: Any,
    how: "Method",
    retry_failed: bool,
    output: Output,
) -> "tuple[list[Row], list[Quantiles]]":
    from neurokit.report import save_figure
    from neurokit.report.monte_carlo import monte_carlo
    from neurokit.sweeps.diagram import counts
    from neurokit.sweeps.monte_carlo import monte_carlo_spec, quantiles
    from neurokit.sweeps.run import run_monte_carlo, versions_behind
    from neurokit.sweeps.spec import spec_to_json
    from neurokit.sweeps.storage import save_draws

    seed = int(spec.neuron.device.seed)
    with output.counting(name) as progress:
        rows = run_monte_carlo(
            spec, spread, count, seed, folder, workers, strict=how.strict, retry_failed=retry_failed, progress=progress
        )
    output.say(f"{name}: " + ", ".join(f"{number} {word}" for word, number in counts(rows).items()))
    found = quantiles(rows)
    about = {
        "sweep": spec_to_json(monte_carlo_spec(spec, spread)),
        "spread": asdict(spread),
        "seed": seed,
        "versions": versions_behind(spec, "ngspice"),
        "quantities": [asdict(q) for q in found],
    }
    output.wrote(save_draws(rows, folder, about))
    title = f"{name}, {spec.v_in:g} V: {count} draws, seed {seed}"
    output.wrote(save_figure(monte_carlo(rows, found, title), folder / "draws.png", about))
    return rows, found
