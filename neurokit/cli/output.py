"""Where words go: results to stdout, as a table or as one JSON document; everything else to stderr, unless quiet."""

import csv
import hashlib
import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import neurokit
from neurokit.device.vo2x import parameters as device_parameters

if TYPE_CHECKING:
    from neurokit.cli.options import Chosen
    from neurokit.simulation import Outcome

WIDTH_WITHOUT_TERMINAL = 200  # characters; a pipe has no width, and rich would fold at 80


@dataclass(frozen=True)
class Output:
    """What --json and --quiet ask for."""

    json: bool
    quiet: bool

    def say(self, message: str) -> None:
        """Something worth knowing that is not the result."""
        if not self.quiet:
            click.echo(message, err=True)

    def show(self, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]], title: str = "") -> None:
        """A table of the rows' keys under these headings."""
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table

        table = Table(*columns.values(), title=title or None, title_justify="left", box=SIMPLE_HEAD)
        for row in rows:
            table.add_row(*(_cell(row.get(key, "")) for key in columns))
        width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
        Console(width=width, highlight=False, markup=False).print(table)

    @contextmanager
    def counting(self, what: str) -> Iterator[Callable[[int, int], None]]:
        """A line on a terminal's stderr that counts points, and how many of them failed; nothing where it is quiet."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda known, failed: None
            return
        from rich.console import Console

        with Console(stderr=True).status(what) as line:

            def show(known: int, failed: int) -> None:
                line.update(f"{what}: {known} points" + (f", [red]{failed} failed" if failed else ""))

            yield show

    def write_json(self, document: Mapping[str, Any]) -> None:
        click.echo(json.dumps(plain(document), indent=2, allow_nan=False))

    def wrote(self, path: Path) -> None:
        self.say(f"wrote {path}")


def provenance(
    parameters: Mapping[str, Any],
    engine: str = "none",
    versions: Mapping[str, str] | None = None,
    seed: float | None = None,
) -> dict[str, Any]:
    """What made a result: versions, engine, parameters, and the seed where chance was part of it."""
    made_by = {"neurokit": neurokit.__version__, "engine": engine, "versions": dict(versions or {})}
    return made_by | {"parameters": dict(parameters)} | ({} if seed is None else {"seed": seed})


def run_provenance(
    parameters: Mapping[str, Any], outcomes: "Sequence[Outcome]", seed: float | None = None
) -> dict[str, Any]:
    """What made the results of these simulations; netlists by the SHA-256 of their text."""
    if not outcomes:
        return provenance(parameters, "closed form", seed=seed)
    engines = " and ".join(dict.fromkeys(outcome.engine for outcome in outcomes))
    hashes = [hashlib.sha256(outcome.netlist.text.encode()).hexdigest() for outcome in outcomes]
    return provenance(parameters, engines, outcomes[0].versions, seed) | {"netlist_sha256": hashes}


def device_provenance(devices: "Sequence[Chosen]", outcomes: "Sequence[Outcome]" = ()) -> dict[str, Any]:
    """What made results about these devices, by closed form and perhaps by simulation."""
    known = {chosen.label: device_parameters(chosen.device) | {"film": chosen.device.film.name} for chosen in devices}
    seeds = {chosen.device.seed for chosen in devices if chosen.device.noise}
    made_by = run_provenance(known, outcomes, seed=seeds.pop() if len(seeds) == 1 else None)
    return made_by | {"engine": f"closed form and {made_by['engine']}"} if outcomes else made_by


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows of numbers, at full precision, and words."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(plain(row) for row in rows)


def slug(label: str) -> str:
    """A device's label as the name of a file or folder: "device3" for "Device 3 (interpolated)"."""
    return re.sub(r"[^a-z0-9.]+", "_", label.partition(" (")[0].lower().replace(" ", "")).strip("_")


def plain(value: Any) -> Any:
    """The same as JSON knows it: lists and numbers, null for what is not finite."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):  # NumPy's arrays and numbers
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
