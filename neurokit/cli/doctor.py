"""`neurokit doctor`: what is installed, what is missing, and what to type."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from neurokit.cli.exit_codes import CHECK_FAILED, OK, SIMULATOR_MISSING
from neurokit.cli.options import output_options
from neurokit.cli.output import Output, provenance

if TYPE_CHECKING:
    from neurokit.simulation.installation import Check

COLUMNS = {"name": "what", "state": "", "detail": "found", "advice": "to get it"}


@click.command()
@output_options
@click.pass_context
def doctor(ctx: click.Context, output: Output) -> None:
    """What is installed, what this ngspice can do, and what to type for the rest.

    Exit code 3 if ngspice is missing, 1 if something else is that neurokit requires.
    """
    from neurokit.simulation.installation import installation

    checks = installation()
    if output.json:
        output.write_json({"checks": [asdict(check) for check in checks], "provenance": provenance({})})
    else:
        output.show(COLUMNS, [asdict(check) | {"state": _state(check)} for check in checks])
    ctx.exit(code_of_checks(checks))


def code_of_checks(checks: "Sequence[Check]") -> int:
    """The exit code that tells whether everything required is there."""
    missing = {check.name for check in checks if check.required and not check.found}
    if not missing:
        return OK
    return SIMULATOR_MISSING if "ngspice" in missing else CHECK_FAILED


def _state(check: "Check") -> str:
    return "ok" if check.found else "MISSING" if check.required else "-"
