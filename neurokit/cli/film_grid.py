"""`neurokit film filament` and `neurokit film rt`: a film cell by cell in ngspice, each cell with its own x."""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import code_of_outcomes
from neurokit.cli.options import (
    Command,
    decorated,
    device_in,
    film_option,
    folder_option,
    given,
    output_options,
    seed_option,
)
from neurokit.cli.output import Output, run_provenance, write_csv
from neurokit.cli.parameter_types import QUANTITY, Span
from neurokit.device.film import Film
from neurokit.device.vo2x import Vo2x

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from neurokit.circuits import Netlist
    from neurokit.circuits.film_grid import FilmGrid
    from neurokit.device.closed_form import Thresholds
    from neurokit.simulation import Outcome

FILAMENT = {
    "v_highest": "snaps at (V)",
    "t_formed": "forms at (s)",
    "widest": "widest, share of cells",
    "theta_highest": "hottest (K above ambient)",
    "t_broken": "breaks at (s)",
    "v_broken": "with (V)",
    "v_in_broken": "supply then (V)",
}
LOOP = {"temperature": "T (K)", "heating": "heating (ohm)", "cooling": "cooling (ohm)"}
RT_POINTS = 401
TIME_LIMIT = 3600.0  # s
OVERDRIVE = 1.2  # of the supply at which the film of one x snaps: the peak of the usual triangle


def grid_options(command: Command) -> Command:
    """What each cell's x is; the command gets the grid, in `grid`, and what it was made of, in `made_of`."""

    @functools.wraps(command)
    def with_grid(
        map_file: Path | None,
        rows: int,
        columns: int,
        x: float,
        x_end: float | None,
        direction: str,
        spread: float,
        seed: int,
        film: Film | Vo2x,
        t_ambient: float,
        k_square: float | None,
        **rest: Any,
    ) -> Any:
        from neurokit.circuits.film_grid import FilmGrid
        from neurokit.vacancy.film_map import graded_map, read_map

        found = (
            read_map(map_file) if map_file else graded_map((rows, columns), x, x_end, direction, spread, seed)  # type: ignore[arg-type]  # click's words
        )
        device = device_in(film, x=float(found.x.mean()), **given({"t_ambient": t_ambient}))
        grid = FilmGrid(found.x, device) if k_square is None else FilmGrid(found.x, device, k_square)
        made_of = dict(found.parameters) | {
            "film": device.film.name,
            "t_ambient": device.t_ambient,
            "k_square": grid.k_square,
        }
        return command(grid=grid, made_of=made_of, **rest)

    options: list[Callable[[Command], Command]] = [
        click.option(
            "--map",
            "map_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="x of each cell from a file, such as map.csv of `neurokit film tip`, instead of the options below.",
        ),
        click.option("--rows", type=click.IntRange(1, 128), default=16, show_default=True, help="From top to bottom."),
        click.option("--columns", type=click.IntRange(1, 128), default=16, show_default=True, help="Across."),
        click.option("--x", type=QUANTITY, default="0.02", show_default=True, help="x of the film, at its beginning."),
        click.option("--x-end", type=QUANTITY, help="x at its other end.  [default: the same]"),
        click.option(
            "--direction",
            type=click.Choice(["along", "across"]),
            default="across",
            show_default=True,
            help="Of the gradient: along the current or across it.",
        ),
        click.option(
            "--spread", type=QUANTITY, default="0", show_default=True, help="Standard deviation of x from cell to cell."
        ),
        seed_option,
        film_option("Film of the cells, or a file with a device, of which all but x is kept."),
        click.option("--t-ambient", type=QUANTITY, default="300", show_default=True, help="Ambient temperature in K."),
        click.option(
            "--k-square", type=QUANTITY, help="Heat conductance of a square of film in W/K.  [default: 0.33u]"
        ),
    ]
    return decorated(with_grid, options)


out_option = folder_option("Write figure, table, netlist there.")


@click.command()
@grid_options
@click.option("--series", type=QUANTITY, default="3k", show_default=True, help="Series resistance in ohm.")
@click.option("--volts", type=QUANTITY, help="Highest supply in V.  [default: 1.2 times what the even film snaps at]")
@click.option("--edge", type=QUANTITY, default="40u", show_default=True, help="s, in which the supply rises and falls.")
@out_option
@output_options
@click.pass_context
def filament(
    ctx: click.Context,
    grid: "FilmGrid",
    made_of: Mapping[str, Any],
    series: float,
    volts: float | None,
    edge: float,
    out: Path | None,
    output: Output,
) -> None:
    """A conducting filament forms in a film and breaks: maps of metal, current and temperature.

    The supply rises and falls in front of a series resistor. 16 x 16 cells take some ten seconds of processor time,
    32 x 32 some three minutes.
    """
    from neurokit.circuits.film_grid import filament_netlist, triangle
    from neurokit.report.film.grid import filament_figure
    from neurokit.spikes.filament import filaments, film_states

    even = _thresholds(grid)
    v_in = _highest_supply(grid, series) if volts is None else volts
    outcome = _simulated(filament_netlist(grid, triangle(v_in, edge), series), output)
    made_by = run_provenance(
        {**made_of, "r_series": series, "v_in": v_in, "edge": edge}, [outcome], made_of.get("seed")
    )
    found, states = [], None
    if outcome.plots:
        states = film_states(grid, outcome.waveforms)
        found = filaments(states)
    files = []
    if out is not None and states is not None:
        figure = filament_figure(grid, states, found[0] if found else None, even)
        rows = zip(states.time, states.v_in, states.v, states.i, states.u.mean(axis=(1, 2)), strict=True)
        header = ("time (s)", "supply (V)", "across the film (V)", "current (A)", "metal fraction, mean")
        files = _written(out, "filament", figure, made_by, outcome, (header, rows), output)
    if output.json:
        even_record = None if even is None else vars(even)
        record = {"filaments": [vars(one) for one in found], "film_of_one_x": even_record, "v_in": v_in}
        output.write_json(record | {"status": outcome.status.value, "provenance": made_by, "files": files})
    else:
        if even is not None:
            output.say(f"a film of one x snaps at {even.v_threshold:.3f} V and holds down to {even.v_hold:.3f} V")
        if not found:
            output.say(f"no filament forms up to {v_in:g} V of the supply: raise --volts or lower --series")
        output.show(FILAMENT, [vars(one) for one in found])
    ctx.exit(code_of_outcomes([outcome]))


@click.command("rt")
@grid_options
@click.option("--temperature", type=Span(), default="300..370", show_default=True, metavar="LOW..HIGH", help="In K.")
@out_option
@output_options
@click.pass_context
def graded_rt(
    ctx: click.Context,
    grid: "FilmGrid",
    made_of: Mapping[str, Any],
    temperature: tuple[float, float],
    out: Path | None,
    output: Output,
) -> None:
    """Resistance against temperature of a film whose x differs from place to place, in ngspice."""
    import numpy as np

    from neurokit.circuits.film_grid import film_rt_netlist
    from neurokit.report.film.grid import graded_rt_figure
    from neurokit.spikes.film_resistance import film_loop

    outcome = _simulated(film_rt_netlist(grid, *temperature), output)
    outcome.checked()
    t = np.linspace(*temperature, RT_POINTS)
    loop = film_loop(outcome.waveforms, temperature[0], t)
    made_by = run_provenance({**made_of, "temperature": temperature}, [outcome], made_of.get("seed"))
    files = []
    if out is not None:
        figure = graded_rt_figure(loop, _even_films(grid, t), grid.x)
        rows = zip(loop.temperature, loop.heating, loop.cooling, strict=True)
        files = _written(out, "film_rt", figure, made_by, outcome, (tuple(LOOP.values()), rows), output)
    if output.json:
        output.write_json({"loop": vars(loop), "provenance": made_by, "files": files})
    else:
        picked = [dict(zip(LOOP, (t[k], loop.heating[k], loop.cooling[k]), strict=True)) for k in _eighths(len(t))]
        output.show(LOOP, [{name: float(value) for name, value in row.items()} for row in picked])
    ctx.exit(code_of_outcomes([outcome]))


def _thresholds(grid: "FilmGrid") -> "Thresholds | None":
    """Those of the film if its x were the mean everywhere, where it has any."""
    from neurokit.device.closed_form import has_thresholds, thresholds

    return thresholds(grid.device) if has_thresholds(grid.device) else None


def _highest_supply(grid: "FilmGrid", series: float) -> float:
    from neurokit.device.closed_form import has_thresholds, v_firing_onset

    if not has_thresholds(grid.device):
        raise click.UsageError("a film of this mean x has no thresholds of its own: say the highest supply by --volts")
    return OVERDRIVE * float(v_firing_onset(grid.device, series))


def _even_films(grid: "FilmGrid", t: Any) -> dict[str, Any]:
    from dataclasses import replace

    from neurokit.device.closed_form import resistance_loop

    least, mean, most = float(grid.x.min()), float(grid.x.mean()), float(grid.x.max())
    chosen = {"least x": least, "mean x": mean, "most x": most}
    return {
        f"{name} = {x:.4g} all over": resistance_loop(replace(grid.device, x=x), t)
        for name, x in chosen.items()
        if least < most or name == "mean x"
    }


def _simulated(netlist: "Netlist", output: Output) -> "Outcome":
    from neurokit.simulation import Cache, Limits

    outcome = Cache().simulate(netlist, limits=Limits(time_s=TIME_LIMIT))
    if outcome.from_cache:
        output.say("result from the cache")
    if not outcome.complete:
        click.echo(outcome.explain(), err=True)
    return outcome


def _written(
    out: Path,
    name: str,
    figure: "Figure",
    made_by: Mapping[str, Any],
    outcome: "Outcome",
    table: tuple[Any, Any],
    output: Output,
) -> list[Path]:
    from neurokit.report.style import save_figure

    out.mkdir(parents=True, exist_ok=True)
    files = [save_figure(figure, out / f"{name}.png", made_by), out / f"{name}.csv", out / f"{name}.cir"]
    write_csv(files[1], *table)
    files[2].write_text(outcome.netlist.text, encoding="utf-8")
    for file in files:
        output.wrote(file)
    return files


def _eighths(count: int) -> list[int]:
    return [round(k * (count - 1) / 8) for k in range(9)]
