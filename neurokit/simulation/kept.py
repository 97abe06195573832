"""Where the netlist of a run that failed is kept, so that it can be looked at and run by hand."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from neurokit.circuits.netlist import Netlist

KEPT_FILES = 200  # a sweep may fail thousands of times; the latest are what one looks at


def keep_netlist(netlist: Netlist) -> str:
    """Write the text where it stays and return the path; the name comes from the text, so repeats share a file."""
    name = hashlib.sha256(netlist.text.encode("utf-8", errors="replace")).hexdigest()[:16] + ".cir"
    for directory in (failed_directory(), Path(tempfile.gettempdir()) / f"neurokit-failed-{os.getuid()}"):
        with suppress(OSError):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = directory / name
            path.write_text(netlist.text, encoding="utf-8", errors="replace")
            _forget_oldest(directory)
            return str(path)
    return ""


def failed_directory() -> Path:
    """`$XDG_STATE_HOME/neurokit/failed`, or the same under ~/.local/state."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "neurokit" / "failed"


def _forget_oldest(directory: Path) -> None:
    kept = list(directory.glob("*.cir"))
    if len(kept) > KEPT_FILES:
        for path in sorted(kept, key=lambda path: path.stat().st_mtime)[:-KEPT_FILES]:
            path.unlink(missing_ok=True)
