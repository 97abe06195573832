"""Simulations on behalf of a command: many at once, with a progress bar on a terminal unless it is to be quiet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from neurokit.circuits import Netlist
from neurokit.cli.output import Output

if TYPE_CHECKING:
    from neurokit.simulation import Cache, Outcome


def simulate_all(
    netlists: Sequence[Netlist], jobs: int | None, output: Output, cache: "Cache | None" = None
) -> "list[Outcome]":
    """All of them in ngspice, in order; those that fail say why on stderr."""
    from neurokit.simulation import simulate_many

    outcomes = simulate_many(netlists, jobs=jobs, cache=cache, progress=not output.quiet)
    if known := sum(outcome.from_cache for outcome in outcomes):
        output.say(f"{known} of {len(outcomes)} results from the cache")
    for outcome in outcomes:
        if not outcome.complete:
            click.echo(outcome.explain(), err=True)
    return outcomes
