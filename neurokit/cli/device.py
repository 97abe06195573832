"""`neurokit device`: what a VO2-x device is and does, without simulating it unless asked."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from neurokit.cli.device_iv import iv
from neurokit.cli.device_rt import rt
from neurokit.cli.group import NeurokitGroup
from neurokit.cli.options import Chosen, choose, device_options, out_option, output_options
from neurokit.cli.output import Output, device_provenance, provenance
from neurokit.cli.parameter_types import FILM
from neurokit.device.film import ADDITIONS, Film
from neurokit.device.preset import SUFFIX
from neurokit.device.vo2x import DEVICES, FILMS, PARAMETER_FIELDS, Vo2x, parameters

THRESHOLD_COLUMNS = {
    "device": "device",
    "x": "x",
    "basis": "V_th is",
    "v_threshold": "V_th (V)",
    "i_threshold": "I_th (A)",
    "v_hold": "V_hold (V)",
    "i_hold": "I_hold (A)",
    "triple_r_series": "triple point R (ohm)",
    "triple_v_in": "triple point V (V)",
}


@click.group(cls=NeurokitGroup)
def device() -> None:
    """Parameters, closed-form curves and exports of VO2-x devices."""


device.add_command(iv)
device.add_command(rt)


@device.command("list")
@output_options
def list_devices(output: Output) -> None:
    """The preset devices and films."""
    rows = [_threshold_row(chosen) for chosen in choose(tuple(DEVICES))]
    films = [_film_row(film) for film in FILMS.values()]
    if output.json:
        return output.write_json({"devices": rows, "films": films, "provenance": provenance({}, "closed form")})
    output.show(THRESHOLD_COLUMNS, rows, "Devices")
    headings = {"film": "film", "critical_temperature": "T_c (K) at x = 0", "k_tc": "dT_c/dx (K)", "description": ""}
    return output.show(headings, films, "Films")


@device.command()
@device_options
@output_options
def show(devices: Sequence[Chosen], output: Output) -> None:
    """Every parameter of a device with its unit, meaning and source."""
    tables = {chosen.label: _parameter_rows(chosen) for chosen in devices}
    if output.json:
        return output.write_json({"parameters": tables, "provenance": device_provenance(devices)})
    headings = {"name": "name", "value": "value", "unit": "unit", "meaning": "meaning", "source": "source"}
    for label, rows in tables.items():
        output.show(headings, rows, label)
    return None


@device.command()
@device_options
@output_options
def thresholds(devices: Sequence[Chosen], output: Output) -> None:
    """Switching voltages and currents and the triple point, in closed form; a device that has none is left out."""
    rows = _threshold_rows(devices)
    if output.json:
        return output.write_json({"thresholds": rows, "provenance": device_provenance(devices)})
    return output.show(THRESHOLD_COLUMNS, rows)


@device.command()
@click.option(
    "--format", "language", type=click.Choice(["spice", "verilog-a", "python"]), required=True, help="Language."
)
@click.option(
    "--film",
    type=FILM,
    metavar=f"FILE{SUFFIX}",
    help="A file with a device, which becomes a sub-circuit of the spice library.",
)
@out_option(help="File to write instead of stdout")
@output_options
def export(language: str, film: Film | Vo2x | None, out: Path | None, output: Output) -> None:
    """The device for ngspice (spice), Verilog-A compilers, or as the scalar functions of the compiled twin (python)."""
    text = _exporter(language)() if film is None else _library_with(film, language)
    if output.json:
        return output.write_json({"text": text, "format": language, "provenance": provenance({})})
    if out is None:
        return click.echo(text, nl=False)
    out.write_text(text, encoding="utf-8")
    return output.wrote(out)


def _threshold_rows(devices: Sequence[Chosen]) -> list[dict[str, Any]]:
    """A row for each device; why one has no thresholds is said, and is an error where none has any."""
    from neurokit.device.closed_form import NoThresholdsError

    rows, without = [], {}
    for chosen in devices:
        try:
            rows.append(_threshold_row(chosen))
        except NoThresholdsError as error:
            without[chosen.label] = error
    if not rows:
        raise next(iter(without.values()))
    for label, reason in without.items():
        click.echo(f"{label}: {reason}", err=True)
    return rows


def _threshold_row(chosen: Chosen) -> dict[str, Any]:
    from neurokit.device.closed_form import thresholds as closed_form
    from neurokit.device.closed_form import triple_point

    t, triple = closed_form(chosen.device), triple_point(chosen.device)
    return {
        "device": chosen.label,
        "x": chosen.device.x,
        "basis": chosen.basis,
        "v_threshold": t.v_threshold,
        "i_threshold": t.i_threshold,
        "v_hold": t.v_hold,
        "i_hold": t.i_hold,
        "triple_r_series": triple.r_series,
        "triple_v_in": triple.v_in,
    }


def _film_row(film: Film) -> dict[str, Any]:
    from neurokit.device.closed_form import critical_temperature

    pristine = Vo2x.from_vacancy(0.0, film)
    row = {"film": film.name, "description": film.description, "k_tc": film.k_tc}
    return row | {"critical_temperature": critical_temperature(pristine)}


def _parameter_rows(chosen: Chosen) -> list[dict[str, Any]]:
    values, sources = parameters(chosen.device), chosen.device.film.sources
    return [
        {
            "name": item.name,
            "value": values[item.name],
            "unit": item.metadata["unit"],
            "meaning": item.metadata["meaning"],
            "source": sources.get(item.name) or _own_source(item.name, chosen.device),
        }
        for item in PARAMETER_FIELDS
    ]


def _own_source(name: str, device: Vo2x) -> str:
    """Of what the film gives no source for: the device's own parameters, and additions that do nothing in it."""
    if name in ADDITIONS:
        return "neutral: this film makes no use of it"
    if name == "x":
        return "effective: no measurement ties it to thresholds, its scale is assumed"
    return "nominal" if getattr(device, name) == getattr(Vo2x(), name) else "chosen by an option or a file"


def _library_with(film: Film | Vo2x, language: str) -> str:
    if language != "spice" or not isinstance(film, Vo2x):
        raise click.UsageError(
            "--film takes a FILE.toml, for --format spice alone: the library has a sub-circuit of every preset film, "
            "and the other languages take a film's numbers as parameters"
        )
    from neurokit.device.export.spice import vo2x_library

    return vo2x_library(film)


def _exporter(language: str) -> Callable[[], str]:
    if language == "python":
        from neurokit.device.export.python_kernel import twin_kernel

        return twin_kernel
    from neurokit.device.export import EXPORTS

    return EXPORTS[{"spice": "vo2x.lib", "verilog-a": "vo2x.va"}[language]]
