"""`neurokit export`: a trained network in a format that other simulators read, and what of it is lost there."""

from dataclasses import asdict
from pathlib import Path

import click

from neurokit.cli.network_options import refuse_without_torch
from neurokit.cli.options import output_options
from neurokit.cli.output import Output
from neurokit.cli.parameter_types import OutFile

COLUMNS = {"what": "part of the network", "how": "in NIR", "words": "in words"}


@click.command()
@click.argument("result", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--format", "kind", type=click.Choice(["nir"]), default="nir", show_default=True, help="What to write.")
@click.option("--out", type=OutFile(".nir"), required=True, metavar="FILE", help="File to write (.nir).")
@click.option("--approximate", is_flag=True, help="Write it although it is not wholly the network.")
@output_options
def export(result: Path, kind: str, out: Path, approximate: bool, output: Output) -> None:
    """Write the network in the folder RESULT as a NIR graph, which other simulators read.

    NIR has no VO2 neuron. What of the network is faithful, approximate or unsupported is told first; the file holds the
    curve too, and neurokit reads the exact network back from it. A reader has to know the nodes Linear, LI, Threshold,
    Scale and IF, and to add up what several edges bring to a node.
    """
    refuse_without_torch()
    from neurokit.snn.nir_export import account, write_nir
    from neurokit.snn.results import load_result

    trained = load_result(result)
    parts = account(trained)
    if not output.json:
        output.show(COLUMNS, map(asdict, parts))
    output.wrote(write_nir(trained, out, approximate=approximate))
    if output.json:
        output.write_json({"file": out, "format": kind, "parts": [asdict(part) for part in parts]})
