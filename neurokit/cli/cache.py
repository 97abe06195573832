"""`neurokit cache`: the stored results of simulations."""

from typing import TYPE_CHECKING

import click

from neurokit.cli.group import NeurokitGroup
from neurokit.cli.options import output_options
from neurokit.cli.output import Output, provenance

if TYPE_CHECKING:
    from neurokit.simulation.cache import CacheInfo


@click.group(cls=NeurokitGroup)
def cache() -> None:
    """Results that are kept so that the same netlist need not run again; $NEUROKIT_CACHE names another folder."""


@cache.command()
@output_options
def info(output: Output) -> None:
    """Where the results lie, and how many there are."""
    from neurokit.simulation.cache import Cache

    _show(Cache().info(), "holds", output)


@cache.command()
@output_options
def clear(output: Output) -> None:
    """Remove all of them, and nothing else that lies in the folder."""
    from neurokit.simulation.cache import Cache

    _show(Cache().clear(), "removed", output)


def _show(held: "CacheInfo", verb: str, output: Output) -> None:
    if output.json:
        document = {"path": held.path, "entries": held.entries, "bytes": held.bytes}
        return output.write_json({verb: document, "provenance": provenance({})})
    return click.echo(f"{held.path}: {verb} {held.entries} results, {held.bytes / 1e6:.1f} MB")
