"""`neurokit netlist`: the circuits that neurokit ships, as netlists."""

from pathlib import Path

import click

from neurokit.circuits import CIRCUITS, LIBRARY_PATH, SCHEMATICS
from neurokit.cli.options import out_option, output_options
from neurokit.cli.output import Output, provenance
from neurokit.cli.parameter_types import OutFile


@click.command()
@click.argument("name", required=False, type=click.Choice(list(CIRCUITS)))
@click.option("--list", "listed", is_flag=True, help="List the circuits.")
@click.option(
    "--all", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write all as shipped."
)
@click.option("--include", metavar="PATH", help="Include the library from PATH; otherwise its text is embedded.")
@click.option("--schematic", type=OutFile(".svg"), metavar="FILE", help="Draw the circuit instead, as SVG.")
@out_option(help="File to write instead of stdout")
@output_options
def netlist(
    name: str | None,
    listed: bool,
    folder: Path | None,
    include: str | None,
    schematic: Path | None,
    out: Path | None,
    output: Output,
) -> None:
    """Write the netlist of a circuit, which `ngspice -b` and `neurokit run` take as it is."""
    if [bool(name), listed, folder is not None].count(True) != 1:
        raise click.UsageError(f"give one of NAME ({', '.join(CIRCUITS)}), --list or --all DIR")
    if schematic is not None:
        return _draw(name, schematic, out or include, output)
    if listed:
        return _list(output)
    if folder is not None:
        return _write_all(folder, include or LIBRARY_PATH, output)
    text = _text(str(name), include)
    if output.json:
        return output.write_json({"name": name, "netlist": text, "provenance": provenance({})})
    if out is None:
        return click.echo(text, nl=False)
    out.write_text(text, encoding="utf-8")
    return output.wrote(out)


def _draw(name: str | None, path: Path, contradicted: object, output: Output) -> None:
    if name is None or contradicted:
        raise click.UsageError(
            "--schematic draws one circuit into its file: give NAME, and neither --out nor --include"
        )
    path.write_text(SCHEMATICS[name](), encoding="utf-8")
    if output.json:
        return output.write_json({"name": name, "schematic": path, "provenance": provenance({})})
    return output.wrote(path)


def _list(output: Output) -> None:
    rows = [{"name": name, "title": make().title} for name, make in CIRCUITS.items()]
    if output.json:
        return output.write_json({"circuits": rows, "provenance": provenance({})})
    return output.show({"name": "name", "title": "title"}, rows)


def _write_all(folder: Path, include: str, output: Output) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in CIRCUITS:
        path = folder / f"{name}.cir"
        path.write_text(_text(name, include), encoding="utf-8")
        output.wrote(path)


def _text(name: str, include: str | None) -> str:
    """A shipped netlist, with the library's text in the place of its include line unless one is wanted."""
    from neurokit.circuits.library import embedded_library

    line = f".include {LIBRARY_PATH}\n"
    text = CIRCUITS[name]().text
    return text.replace(line, f".include {include}\n" if include else embedded_library())
