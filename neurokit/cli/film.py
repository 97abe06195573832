"""`neurokit film`: how a film is made or changed, to its oxygen deficiency x."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.film_grid import filament, graded_rt
from neurokit.cli.film_options import ModelCommand, model_class, parameter_rows
from neurokit.cli.group import NeurokitGroup
from neurokit.cli.options import folder_option, output_options, seed_option
from neurokit.cli.output import Output, provenance, write_csv
from neurokit.cli.parameter_types import QUANTITY, Numbers, OutFile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The models, by the command that runs them.
GROWTH = "neurokit.vacancy.growth:GrowthGradient"
OVERLAYER = "neurokit.vacancy.overlayer:Overlayer"
ANNEAL = "neurokit.vacancy.anneal:Anneal"
RESPONSE = "neurokit.vacancy.response:FilmResponse"
SPECTRA = "neurokit.vacancy.spectroscopy:Calibration"
TIP = "neurokit.vacancy.tip:Film"
GRID = "neurokit.circuits.film_grid:FilmGrid"
MODELS = {
    "wafer": GROWTH,
    "overlayer": OVERLAYER,
    "anneal": ANNEAL,
    "film": RESPONSE,
    "spectrum": SPECTRA,
    "tip": TIP,
    "filament": GRID,
}

CUTS = {
    "label": "device",
    "position": "position (mm)",
    "x": "x",
    "v_threshold": "V_th (V)",
    "v_hold": "V_hold (V)",
    "window": "V_th within 5 % (mm)",
}
CHECKS = {"item": "published", "published": "figure", "reached": "reached", "met": "met"}
PARAMETERS = {"name": "name", "value": "value", "unit": "unit", "range": "holds for", "meaning": "", "source": "source"}
MODELS_HEAD = """Printed by `neurokit film models --out docs/models.md` from the models. A source is a publication, or
"assumed"; "fitted to" names the published figure that a parameter was set by. Outside "holds for" a model warns. The
device's own equations and parameters are in `spice_models/vo2x.lib` and `neurokit device show`."""
WRITTEN = {"tip": "tip", "drive": "drive", "drop": "drop", "gain": "gain beside", "sideways": "moved sideways"}
FILM = {
    "x": "x, mean",
    "x_least": "least",
    "x_most": "most",
    "transition": "T_MI (K)",
    "jump": "jump (decades)",
    "two_theta": "(002) 2theta (deg)",
}

out_option = folder_option("Write figures there, and x by position as CSV.")


@click.group(cls=NeurokitGroup)
def film() -> None:
    """How a film is made or changed, to its oxygen deficiency x.

    Each process is a model with parameters that say where they come from; outside the range where it holds it warns.
    The x that comes out goes into any other command: `neurokit device thresholds --x 0.012`.
    """


film.add_command(filament)
film.add_command(graded_rt)


@film.command(cls=ModelCommand, model=GROWTH)
@click.option("--threshold", "thresholds", type=Numbers(above=True), help="Where to cut devices of these V_th in V.")
@out_option
@output_options
def wafer(thresholds: tuple[float, ...] | None, out: Path | None, given: Mapping[str, Any], output: Output) -> None:
    """A growth gradient over a 2-inch wafer: x along the line, R(T) maps, where to cut Devices 1 to 5."""
    from neurokit.device.wafer import cut_devices, cut_for_threshold, wafer_checks

    gradient = model_class(GROWTH)(**given)
    with _warned(output):
        cuts = [*cut_devices(gradient), *(cut_for_threshold(gradient, v) for v in thresholds or ())]
        checks = wafer_checks(gradient)
        figures, profile = (_wafer_figures(gradient, cuts) if out else {}), _along_wafer(gradient)
    made_by = provenance(_values(gradient), "closed form")
    written = _draw(figures, made_by, out, output)
    if out:
        written.append(_write_profile(profile, out / "wafer.csv", output))
    rows = [vars(cut) for cut in cuts]
    if output.json:
        return output.write_json(
            {"cuts": rows, "checks": [vars(check) for check in checks], "provenance": made_by, "files": written}
        )
    output.show(CUTS, [row | {"position": 1e3 * row["position"], "window": _span(row["window"])} for row in rows])
    return output.show(CHECKS, [vars(check) | {"met": check.word} for check in checks])


@film.command(cls=ModelCommand, model=OVERLAYER)
@click.option("--boundaries", type=click.Choice(["none", "vertical", "inclined", "horizontal"]), default="none")
@click.option("--channels", type=click.Choice(["out of plane", "in plane"]), default="out of plane")
@out_option
@output_options
def overlayer(boundaries: str, channels: str, out: Path | None, given: Mapping[str, Any], output: Output) -> None:
    """Oxygen leaves the VO2 for a TiO2 that grows on it: x of the film, its transition, jump and lattice."""
    from neurokit.vacancy.overlayer import overlayer_deficiency

    model = model_class(OVERLAYER)(boundaries=boundaries, channels=channels, **given)
    with _warned(output):
        found = overlayer_deficiency(model)
    figures = {}
    if out:
        from neurokit.report.film.overlayer import overlayer_curves, overlayer_figure

        figures = {"overlayer": overlayer_figure(overlayer_curves(model))}
    _tell(found, model, figures, out, output)


@film.command(cls=ModelCommand, model=ANNEAL)
@click.option("--x-start", type=QUANTITY, default="0", show_default=True, help="x before.")
@out_option
@output_options
def anneal(x_start: float, out: Path | None, given: Mapping[str, Any], output: Output) -> None:
    """Annealing in vacuum or air, by default 2 h at 300 C in air: x of the film against depth.

    In vacuum it is reduced (--oxygen-pressure 1e-4), in air it recovers.
    """
    from neurokit.vacancy.anneal import annealed

    model = model_class(ANNEAL)(**given)
    with _warned(output):
        found = annealed(model, x_start)
        figures = _anneal_figures(model, x_start) if out else {}
    _tell(found, model, figures, out, output)


@film.command(cls=ModelCommand, model=SPECTRA)
@click.argument("ratio", type=QUANTITY)
@click.option("--edge", type=click.Choice(["V-L", "O-K"]), default="V-L", show_default=True)
@click.option("--quantity", type=click.Choice(["area", "width"]), default="area", show_default=True)
@out_option
@seed_option
@output_options
def spectrum(
    ratio: float, edge: str, quantity: str, out: Path | None, seed: int, given: Mapping[str, Any], output: Output
) -> None:
    """x from RATIO, that of the first to the second peak of an absorption edge, as an instrument gives it.

    Figures show the reading on its calibration, and simulated spectra with noise.
    """
    from neurokit.vacancy.spectroscopy import reading_of_ratio

    calibration = model_class(SPECTRA)(**given)
    with _warned(output):
        reading = reading_of_ratio(calibration, edge, ratio, quantity)  # type: ignore[arg-type]  # click's words
    made_by = provenance(_values(calibration), "closed form", seed=seed if out else None)
    figures = {}
    if out:
        from neurokit.report.film.spectra import fingerprints, simulated_spectra

        readings = {(edge, quantity): [reading]}
        figures["fingerprints"] = fingerprints(calibration, readings, f"ratio {ratio:g}")  # type: ignore[arg-type]
        figures["spectra"] = simulated_spectra(calibration, seed)
    written = _draw(figures, made_by, out, output)
    row = {"edge": edge, "ratio": ratio, "x": reading.x}
    if output.json:
        return output.write_json(row | {"quantity": quantity, "provenance": made_by, "files": written})
    return output.show({"edge": "edge", "ratio": "ratio", "x": "x"}, [row])


@film.command()
@click.option("--volts", type=QUANTITY, help="Voltage of the tip in V, of an electrical scan.")
@click.option("--force", type=QUANTITY, help="Force on the tip in N, of a mechanical scan, instead.")
@click.option("--blunt", is_flag=True, help="A blunt tip instead of a sharp one.")
@click.option("--x-start", type=QUANTITY, default="0.02", show_default=True, help="x before.")
@click.option("--side", type=QUANTITY, default="100n", show_default=True, help="m, side of the square that is mapped.")
@click.option("--cells", type=click.IntRange(2, 512), default=32, show_default=True, help="Cells along a side.")
@folder_option("Write map.csv and figures there.")
@output_options
def tip(
    volts: float | None,
    force: float | None,
    blunt: bool,
    x_start: float,
    side: float,
    cells: int,
    out: Path | None,
    output: Output,
) -> None:
    """A line written by a scanning tip, by voltage or by force: vacancies pushed aside and down, and the map of x.

    The parameters are those of SrTiO3; that VO2 answers likewise is assumed.
    """
    import numpy as np

    from neurokit.vacancy.film_map import COLUMNS
    from neurokit.vacancy.tip import BLUNT, SHARP, Film, Force, Voltage, partition, write_line, written_map

    if (volts is None) == (force is None):
        raise click.UsageError("give --volts or --force, one of them")
    drive = Force(force) if force is not None else Voltage(volts or 0.0)
    depth = Film().read_depth
    middles = (np.arange(cells) + 0.5) * side / cells
    positions = np.stack(np.meshgrid(middles, middles), axis=-1)
    with _warned(output):
        written = write_line(drive, BLUNT if blunt else SHARP)
        ends = (side / 2, side / 4), (side / 2, 3 * side / 4)
        found = written_map(written, positions, x_start, depth, *ends, cell=side / cells)
    shares = partition(written, depth)
    row = {
        "tip": "blunt" if blunt else "sharp",
        "drive": f"{volts:g} V" if force is None else f"{1e6 * force:g} µN",
        "drop": shares.drop,
        "gain": shares.gain,
        "sideways": shares.sideways,
    }
    made_by = provenance(dict(found.parameters), found.process)
    files = []
    if out is not None:
        files = _draw(_tip_figures(written, found, f"{row['tip']} tip, {row['drive']}"), made_by, out, output)
        rows = zip(*positions.reshape(-1, 2).T, found.x.ravel(), strict=True)
        files.append(_write_rows(COLUMNS, rows, out / "map.csv", output))
    if output.json:
        return output.write_json(
            row | {"x": found.x, "warnings": list(found.warnings), "provenance": made_by, "files": files}
        )
    return output.show(WRITTEN, [row])


@film.command()
@click.argument("name", type=click.Choice(list(MODELS)), required=False)
@click.option("--out", type=OutFile(".md"), metavar="FILE", help="Write equations and parameters there (.md).")
@output_options
def models(name: str | None, out: Path | None, output: Output) -> None:
    """Every parameter of the models, or of one: value, unit, range, meaning and source."""
    chosen = {key: model for key, model in MODELS.items() if name in (None, key)}
    tables = {key: parameter_rows(model_class(model)()) for key, model in chosen.items()}
    if out:
        out.write_text(models_page(chosen), encoding="utf-8")
        output.wrote(out)
    if output.json:
        return output.write_json(tables)
    for key, rows in tables.items():
        output.show(PARAMETERS, rows, key)
    return None


def models_page(chosen: Mapping[str, str]) -> str:
    """Markdown: what each model's module says of its equations, and a table of its parameters."""
    parts = ["# Models of the film", MODELS_HEAD]
    for key, model in chosen.items():
        module = import_module(model.partition(":")[0])
        title, _, text = (module.__doc__ or "").partition("\n")
        header = "| " + " | ".join(heading or "meaning" for heading in PARAMETERS.values()) + " |"
        rows = [
            "| " + " | ".join(_cell(row[column]) for column in PARAMETERS) + " |"
            for row in parameter_rows(model_class(model)())
        ]
        parts += [f"## {title.rstrip('.')}", f"`neurokit film {key}`" if key != "film" else "", text.strip("\n")]
        parts += ["\n".join([header, "|" + " --- |" * len(PARAMETERS), *rows])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _cell(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _tell(found: Any, model: Any, figures: "Mapping[str, Figure]", out: Path | None, output: Output) -> None:
    """What x a process ends in, and what that does to the film."""
    from neurokit.vacancy.response import jump_decades, out_of_plane, transition_temperature, two_theta

    mean = float(found.x.mean())
    row = {
        "x": mean,
        "x_least": float(found.x.min()),
        "x_most": float(found.x.max()),
        "transition": float(transition_temperature(mean)),
        "jump": float(jump_decades(mean)),
        "two_theta": float(two_theta(out_of_plane(mean))),
    }
    made_by = provenance(_values(model), found.process)
    written = _draw(figures, made_by, out, output)
    if out:
        written.append(_write_profile(found, out / f"{next(iter(figures))}.csv", output))
    if output.json:
        return output.write_json(
            row
            | {"profile": {"position": found.position, "x": found.x, "along": found.along}}
            | {"warnings": list(found.warnings), "provenance": made_by, "files": written}
        )
    return output.show(FILM, [row])


def _wafer_figures(gradient: Any, cuts: list[Any]) -> "dict[str, Figure]":
    from neurokit.report.film.wafer import wafer_line, wafer_rt_curves, wafer_rt_maps

    return {
        "wafer_rt_curves": wafer_rt_curves(gradient),
        "wafer_rt_maps": wafer_rt_maps(gradient, cuts),
        "wafer_line": wafer_line(gradient, cuts),
    }


def _anneal_figures(model: Any, x_start: float) -> "dict[str, Figure]":
    """This anneal, and the published ones."""
    from neurokit.report.film.anneal import anneal_figure, annealing_curves, annealing_figure

    return {"anneal": anneal_figure(model, x_start), "annealing": annealing_figure(annealing_curves())}


def _tip_figures(written: Any, found: Any, name: str) -> "dict[str, Figure]":
    """The written line, its decay, and the published scans beside the model's."""
    from neurokit.report.film.tip import tip_decay, tip_scans, tip_sections
    from neurokit.vacancy.checks.tip import scans
    from neurokit.vacancy.tip import D_DECAY, Film, decayed

    hours = (0.0, 1.0, 10.0, 100.0)
    thin = D_DECAY[min(D_DECAY)]
    profiles = {3600 * t: decayed(written, thin, 3600 * t) if t else written for t in hours}
    return {
        "tip_sections": tip_sections({name: written}, [found]),
        "tip_decay": tip_decay(profiles, Film().read_depth),
        "tip_scans": tip_scans(scans()),
    }


def _along_wafer(gradient: Any) -> Any:
    import numpy as np

    from neurokit.vacancy.growth import LINE_END, growth_deficiency

    return growth_deficiency(gradient, np.linspace(-LINE_END, LINE_END, 101))


def _write_profile(found: Any, path: Path, output: Output) -> Path:
    """x against position, as the process names it."""
    return _write_rows(("position_m", "deficiency"), zip(found.position, found.x, strict=True), path, output)


def _write_rows(header: tuple[str, ...], rows: Iterable[Any], path: Path, output: Output) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, header, rows)
    output.wrote(path)
    return path


def _draw(figures: "Mapping[str, Figure]", made_by: Mapping[str, Any], out: Path | None, output: Output) -> list[Path]:
    from neurokit.report.style import save_figure

    if out is None:
        return []
    paths = [save_figure(figure, out / f"{name}.png", made_by) for name, figure in figures.items()]
    for path in paths:
        output.wrote(path)
    return paths


def _values(model: Any) -> dict[str, Any]:
    return {row["name"]: row["value"] for row in parameter_rows(model)}


def _span(metres: tuple[float, float]) -> str:
    return f"{1e3 * metres[0]:.2f} to {1e3 * metres[1]:.2f}"


@contextmanager
def _warned(output: Output) -> Iterator[None]:
    """What a model warns of, said on stderr, each once."""
    import warnings

    from neurokit.vacancy.model import OutsideValidityWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", OutsideValidityWarning)
        yield
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        output.say(f"warning: {text}")
