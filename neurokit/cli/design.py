"""`neurokit design`: the x, series resistance, capacitance and supply of the neuron that one wishes for."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import CHECK_FAILED
from neurokit.cli.options import device_in, film_option, jobs_option, out_option, output_options, seed_option
from neurokit.cli.output import Output
from neurokit.cli.parameter_types import QUANTITY, Span

if TYPE_CHECKING:
    from neurokit.design import DesignResult, Way
    from neurokit.device import Film, Vo2x

PARAMETERS = {"name": "design", "value": "value", "error": "known to", "window": "may move alone, wishes met"}
WAYS = {
    "process": "this x by",
    "film": "of",
    "setting": "with",
    "value": "at",
    "error": "known to",
    "reach": "which gives x from",
}
REACHED = {"name": "wish", "wished": "wished", "value": "reached", "miss": "off by", "met": "met", "nearest": "nearest"}

_EXACT = 1e-6  # relative: a supply that is wished is set, not measured


class _OneOrSpan(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """A number, or two with dots between them: 200k or 80k..200k."""

    name = "number|low..high"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        kind: click.ParamType = Span() if ".." in value else QUANTITY  # type: ignore[type-arg]
        found = kind.convert(value, param, ctx)
        return found if isinstance(found, tuple) else (None, found)


@click.command()
@click.option(
    "--frequency", type=_OneOrSpan(), help="Frequency in Hz at the supply, or a range LOW..HIGH over the drive."
)
@click.option(
    "--v-in", type=_OneOrSpan(), help="Supply voltage in V; with a range of frequencies LOW..HIGH of the drive."
)
@click.option("--energy", type=QUANTITY, help="Energy per spike in J that the supply gives.")
@click.option("--device-energy", type=QUANTITY, help="Energy per spike in J that the device turns into heat.")
@click.option("--amplitude", type=QUANTITY, help="Swing of v(osc) in V, peak to peak.")
@click.option("--threshold", "v_threshold", type=QUANTITY, help="Threshold voltage of the device in V.")
@click.option("--r-min", type=QUANTITY, help="Least series resistance in ohm.  [default: 200]")
@click.option("--r-max", type=QUANTITY, help="Largest series resistance in ohm.  [default: 20k]")
@click.option("--c-min", type=QUANTITY, help="Least capacitance in F.  [default: 30p]")
@click.option("--c-max", type=QUANTITY, help="Largest capacitance in F.  [default: 100n]")
@click.option("--tolerance", type=QUANTITY, default="0.02", show_default=True, help="Within which a wish is met.")
@film_option("Film of the device, or a file with a device, of which all but x is kept.")
@click.option("--runs", type=click.IntRange(min=1), default=60, show_default=True, help="Most simulations.")
@click.option("--batch", type=click.IntRange(min=1), default=2, show_default=True, help="Designs simulated at a time.")
@click.option(
    "--engine", type=click.Choice(["ngspice", "twin"]), default="ngspice", show_default=True, help="Who answers."
)
@click.option("--no-cache", is_flag=True, help="Simulate even what is known from before.")
@jobs_option
@seed_option
@out_option(".png", ".svg", help="Draw the search and the trade-off")
@output_options
@click.pass_context
def design(
    ctx: click.Context,
    /,
    engine: str,
    no_cache: bool,
    film: "Film | Vo2x",
    runs: int,
    batch: int,
    jobs: int | None,
    seed: int,
    out: Path | None,
    output: Output,
    **wished: Any,
) -> None:
    """Find x, R_s, C (and the supply) of a neuron for any of the wishes below, in few simulations, and films of this x.

    Every wish is verified by simulation. Exit code 1 if one cannot be met; the nearest value that was reached is told.
    """
    from neurokit.design import ask_ngspice, ask_twin, ways_to
    from neurokit.design import design as designed
    from neurokit.simulation import Cache, simulate

    by = simulate if no_cache else Cache().simulate
    ask = ask_twin() if engine == "twin" else ask_ngspice(jobs=jobs, simulate=by)
    result = designed(_wishes(wished), ask, device=device_in(film), runs=runs, batch=batch, seed=seed)
    if out:
        from neurokit.report import save_figure
        from neurokit.report.film.design import design_search

        output.wrote(save_figure(design_search(result), out, result.provenance))
    ways = ways_to(result.x, result.parameters[0].error)
    if output.json:
        output.write_json(result.record() | {"ways": [asdict(way) for way in ways]})
    else:
        _show(result, output)
        _show_ways(ways, output)
    ctx.exit(0 if result.verdict == "met" else CHECK_FAILED)


def _wishes(wished: Mapping[str, Any]) -> Any:
    from neurokit.design import Wishes
    from neurokit.design.wishes import C_LIMITS, R_LIMITS

    frequency_low, frequency = wished["frequency"] or (None, None)
    v_low, v_in = wished["v_in"] or (None, None)
    rest = {name: wished[name] for name in ("energy", "device_energy", "amplitude", "v_threshold", "tolerance")}
    return Wishes(
        frequency=frequency,
        frequency_low=frequency_low,
        v_in=v_in,
        v_low=v_low,
        r_limits=(wished["r_min"] or R_LIMITS[0], wished["r_max"] or R_LIMITS[1]),
        c_limits=(wished["c_min"] or C_LIMITS[0], wished["c_max"] or C_LIMITS[1]),
        **rest,
    )


def _show(result: "DesignResult", output: Output) -> None:
    from neurokit.circuits.values import si_text

    def text(value: float, unit: str) -> str:
        return si_text(value, unit, 4) if unit else f"{value:.5f}"

    output.show(
        PARAMETERS,
        [
            {
                "name": item.name,
                "value": text(item.value, item.unit),
                "error": text(item.error, item.unit) if item.error > _EXACT * item.value else "exactly",
                "window": " to ".join(text(end, item.unit) for end in item.window),
            }
            for item in result.parameters
        ],
        title=f"{result.verdict}: {result.runs} simulations by {result.provenance['engine']}",
    )
    output.show(
        REACHED,
        [
            {
                "name": item.name,
                "wished": text(item.wished, item.unit),
                "value": text(item.value, item.unit),
                "miss": f"{100 * (item.value / item.wished - 1):+.2f} %",
                "met": "yes" if item.met else "no",
                "nearest": "" if item.nearest is None or item.met else text(item.nearest, item.unit),
            }
            for item in result.reached
        ],
    )
    output.say(result.words)


def _show_ways(ways: "Sequence[Way]", output: Output) -> None:
    """What gives a film the design's x, or how far each process goes."""

    def text(value: float, unit: str, digits: int) -> str:
        return f"{1e3 * value:.{digits}g} mm" if unit == "m" else f"{value:.{digits}g} {unit}"

    rows = [
        {
            "process": way.process,
            "film": way.film,
            "setting": way.setting,
            "value": text(way.value, way.unit, 4) if way.reached else "out of reach",
            "error": text(way.error, way.unit, 2) if way.reached else "",
            "reach": f"{way.reach[0]:.2g} to {way.reach[1]:.2g}",
        }
        for way in ways
    ]
    output.show(WAYS, rows)
