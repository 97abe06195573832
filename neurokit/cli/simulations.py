"""Many simulations on behalf of a command, with a progress bar unless it is to be quiet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from neurokit.circuits import Netlist
from neurokit.cli.output import Output

if TYPE_CHECKING:
    from neurokit.simulation import Outcome


def simulate_all(netlists: Sequence[Netlist], jobs: int | None, output: Output) -> "list[Outcome]":
    """All of them in ngspice, in order; those that fail say why on stderr."""
    from neurokit.simulation.pool import simulate_many

    outcomes = simulate_many(netlists, jobs=jobs, progress=not output.quiet)
    for outcome in outcomes:
        if not outcome.complete:
            click.echo(outcome.explain(), err=True)
    return outcomes
