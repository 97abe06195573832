"""Which processes run below another, as Linux tells it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    pid: int
    parent: int
    group: int
    command: str
    ticks: int  # processor time used so far


def processes() -> Iterator[Process]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            command = (folder / "cmdline").read_text(errors="replace")
            yield Process(int(folder.name), int(fields[1]), int(fields[2]), command, int(fields[11]) + int(fields[12]))
