"""A store of simulation results that were asked for before, found by everything that could have changed them.

The key holds the netlist's text, the contents of every file that it includes, the simulator with its version
and the flags of the run. It lies in full beside each result and is compared when that is read, so that not
even two keys with one hash could be taken for each other. Only complete results are kept, and none of a
netlist that could do more than its text says: run commands, read other files, or draw random numbers without
a seed.

An entry is a SHA-256 sum and what it is the sum of: an npz archive with the arrays, and JSON for the rest;
nothing is unpickled, and nothing is parsed before its sum is found right. It is written under another name
and then renamed, so that readers and writers need no lock. It is not forced to the disk: after a power cut a
file may be incomplete, which its sum tells, and an entry that cannot be read is a miss.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError
from neurokit.simulation import engine
from neurokit.simulation.cards import Card, cards, circuit_cards
from neurokit.simulation.ngspice import ngspice_version
from neurokit.simulation.options import option_values
from neurokit.simulation.outcome import Limits, Outcome, Status, Waveforms
from neurokit.simulation.safety import INCLUDES, refuse_unsafe

FORMAT = 2  # raise it when what is stored, or how neurokit judges or repairs a run, changes
_SUM_BYTES = hashlib.sha256().digest_size

_OTHER_FILE = re.compile(r"\w*file\w*\s*=", re.IGNORECASE)  # tables, sources and state machines read from files
_RANDOM = re.compile(
    r"\b(a?gauss|a?unif|sgauss|sunif|poisson|exponential|rand(om)?|rnd|trnoise|trrandom)\b"
    r"|\blimit\s*\([^,()]*,[^,()]*\)",  # of two arguments; that of three only bounds a value
    re.IGNORECASE,
)
_SIMULATOR_SETTINGS = ("SPICE_", "NGSPICE_")  # environment variables that ngspice reads begin so


class NotCacheableError(NeurokitError):
    """A netlist whose result depends on more than its text and the files that it includes."""


@dataclass(frozen=True)
class CacheInfo:
    """How much a cache holds, and where."""

    path: Path
    entries: int
    bytes: int


def default_directory() -> Path:
    """`$NEUROKIT_CACHE`, or the place for such things on this system."""
    if named := os.environ.get("NEUROKIT_CACHE"):
        return Path(named).expanduser()
    if xdg := os.environ.get("XDG_CACHE_HOME"):
        return Path(xdg) / "neurokit"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "neurokit"
    return Path.home() / ".cache" / "neurokit"


@dataclass(frozen=True)
class Cache:
    """Results of earlier simulations in a folder; many processes may use one folder at the same time."""

    directory: Path = field(default_factory=default_directory)

    def simulate(
        self,
        netlist: Netlist,
        backend: str = "ngspice",
        limits: Limits = Limits(),  # noqa: B008 - frozen
        retry: bool = True,
        safe: bool = False,
        directory: str | Path | None = None,
    ) -> Outcome:
        """What `neurokit.simulation.simulate` answers, from the store if it is there (`from_cache` tells)."""

        def run() -> Outcome:
            return engine.simulate(netlist, backend, limits, retry, safe, directory)

        try:
            key = key_material(netlist, backend, retry, safe, directory)
        except NotCacheableError:
            return run()
        with suppress(KeyError):
            return replace(self.read(key), netlist=netlist)
        outcome = run()
        if outcome.complete and _is_still(key, netlist, backend, retry, safe, directory):
            self.write(key, outcome)
        return outcome

    def read(self, key: Mapping[str, Any]) -> Outcome:
        """The result under this key, or KeyError; an entry that cannot be read is removed."""
        path = self._path(key)
        try:
            stored_key, outcome = _unpack(_checked(path.read_bytes()))
        except OSError as error:
            raise KeyError(path.name) from error
        except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            path.unlink(missing_ok=True)
            raise KeyError(path.name) from error
        if stored_key != key:
            raise KeyError(path.name)
        return outcome

    def write(self, key: Mapping[str, Any], outcome: Outcome) -> bool:
        """Store a result; whether that succeeded, as a full disk is no reason to lose a simulation."""
        path = self._path(key)
        payload = _pack(key, outcome)
        temporary = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
                temporary = Path(file.name)
                file.write(hashlib.sha256(payload).digest())
                file.write(payload)
            temporary.replace(path)
        except OSError:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            return False
        return True

    def info(self) -> CacheInfo:
        sizes = [size for path in self._entries("*.result") if (size := _size(path)) is not None]
        return CacheInfo(self.directory, len(sizes), sum(sizes))

    def clear(self) -> CacheInfo:
        """Remove every entry, and nothing else that may lie in the folder; what was removed."""
        before = self.info()
        for path in (*self._entries("*.result"), *self._entries("*.tmp")):
            path.unlink(missing_ok=True)
        return before

    def _path(self, key: Mapping[str, Any]) -> Path:
        name = hashlib.sha256(_json(key)).hexdigest()
        return self.directory / name[:2] / f"{name}.result"

    def _entries(self, pattern: str) -> Iterator[Path]:
        yield from self.directory.glob(f"[0-9a-f][0-9a-f]/{pattern}")


def key_material(
    netlist: Netlist, backend: str, retry: bool = True, safe: bool = False, directory: str | Path | None = None
) -> Mapping[str, Any]:
    """Everything that the result of a run depends on; NotCacheableError if that is more than can be known."""
    folder = Path(directory) if directory is not None else Path.cwd()
    try:
        refuse_unsafe(netlist, folder)
        files = _included(netlist.text, folder)
        texts = [netlist.text, *(content.decode("utf-8", errors="replace") for content in files.values())]
        _refuse_unknowable(netlist, texts)
        return {
            "format": FORMAT,
            "text": netlist.text,
            "probes": list(netlist.probes),
            "t_stop": netlist.t_stop,
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
            "backend": backend,
            "simulator": _simulator(backend),
            "settings": {k: v for k, v in sorted(os.environ.items()) if k.startswith(_SIMULATOR_SETTINGS)},
            "retry": retry,
            "safe": safe,
        }
    except (NeurokitError, OSError, UnicodeError) as error:
        raise NotCacheableError(str(error)) from error


def _is_still(
    key: Mapping[str, Any], netlist: Netlist, backend: str, retry: bool, safe: bool, directory: str | Path | None
) -> bool:
    """Whether no included file, and no simulator, changed while the netlist ran."""
    try:
        return key_material(netlist, backend, retry, safe, directory) == key
    except NotCacheableError:
        return False


def _refuse_unknowable(netlist: Netlist, texts: list[str]) -> None:
    if any(_OTHER_FILE.search(text) for text in texts):
        raise NotCacheableError("the netlist reads a file that it does not include")
    if any(_RANDOM.search(text) for text in texts) and not _has_seed(netlist):
        raise NotCacheableError("the netlist draws random numbers without a seed: write .options seed=1")


def _has_seed(netlist: Netlist) -> bool:
    options = option_values(circuit_cards(netlist.text))
    return any(options.get(name, "").isdecimal() for name in ("seed", "rndseed"))


def _included(text: str, folder: Path) -> dict[str, bytes]:
    """The contents of all included files by path, and of the files that those include."""
    found: dict[str, bytes] = {}
    waiting = [(text, folder)]
    while waiting:
        includer, beside = waiting.pop()
        for path in _named_files(includer, (beside, folder)):
            if str(path) not in found:
                found[str(path)] = path.read_bytes()
                included = found[str(path)].decode("utf-8", errors="replace")
                waiting.append((f"*\n{included}", path.parent))  # its first line is no title
    return found


def _named_files(text: str, folders: tuple[Path, ...]) -> Iterator[Path]:
    """The files named; all that exist where one name could mean several, as ngspice chooses."""
    for card in cards(text):
        name = _file_of(card)
        if name:
            paths = {(folder / Path(name).expanduser()).resolve() for folder in folders}
            existing = sorted(path for path in paths if path.is_file())
            if not existing:
                raise NotCacheableError(f"line {card.line}: {name} is not there")
            yield from existing


def _file_of(card: Card) -> str:
    """The file that a card includes, if it does; `.lib NAME` alone opens a section and includes nothing."""
    if card.keyword not in INCLUDES or (card.keyword == ".lib" and len(card.words) < 3):
        return ""
    rest = card.text.partition(" ")[2].strip()
    quoted = re.match(r"[\"']([^\"']*)[\"']", rest)
    return quoted.group(1) if quoted else rest.partition(" ")[0]


def _simulator(backend: str) -> Mapping[str, str]:
    if backend not in _IDENTITIES:
        raise NotCacheableError(f"no way to tell versions of the back end {backend!r} apart")
    return _IDENTITIES[backend]()


def _ngspice_identity() -> Mapping[str, str]:
    executable = shutil.which("ngspice")
    if executable is None:
        raise NotCacheableError("ngspice is not on the PATH")
    state = Path(executable).stat()
    return {
        "ngspice": ngspice_version(executable),
        "executable": f"{Path(executable).resolve()} {state.st_size} {state.st_mtime_ns}",
    }


def _pyspice_identity() -> Mapping[str, str]:
    from neurokit.simulation.pyspice import facts

    return facts()


_IDENTITIES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "ngspice": _ngspice_identity,
    "pyspice": _pyspice_identity,
}


def _checked(content: bytes) -> bytes:
    """What follows the sum, if it is the sum of that."""
    payload = content[_SUM_BYTES:]
    if hashlib.sha256(payload).digest() != content[:_SUM_BYTES]:
        raise ValueError("damaged")
    return payload


def _pack(key: Mapping[str, Any], outcome: Outcome) -> bytes:
    import numpy as np

    about = {
        "key": key,
        "title": outcome.netlist.title,
        "status": outcome.status.value,
        "engine": outcome.engine,
        "rung": outcome.rung,
        "messages": outcome.messages,
        "advice": outcome.advice,
        "versions": dict(outcome.versions),
        "cpu_s": outcome.cpu_s,
        "wall_s": outcome.wall_s,
        "memory_bytes": outcome.memory_bytes,
        "plots": [[plot.name, plot.scale, list(plot.signals)] for plot in outcome.plots],
    }
    signals = (plot.signals.values() for plot in outcome.plots)
    arrays = {f"{i}_{k}": values for i, row in enumerate(signals) for k, values in enumerate(row)}
    archive = BytesIO()
    np.savez(archive, allow_pickle=False, about=np.frombuffer(_json(about), dtype=np.uint8), **arrays)
    return archive.getvalue()


def _unpack(payload: bytes) -> tuple[Mapping[str, Any], Outcome]:
    import numpy as np

    with np.load(BytesIO(payload), allow_pickle=False) as stored:
        about = json.loads(stored["about"].tobytes())
        plots = tuple(
            Waveforms(name, scale, {signal: stored[f"{i}_{k}"] for k, signal in enumerate(signals)})
            for i, (name, scale, signals) in enumerate(about["plots"])
        )
    key = about["key"]
    outcome = Outcome(
        status=Status(about["status"]),
        netlist=Netlist(about["title"], key["text"], tuple(key["probes"]), key["t_stop"]),
        engine=about["engine"],
        plots=plots,
        rung=about["rung"],
        messages=tuple(about["messages"]),
        advice=about["advice"],
        versions=about["versions"],
        cpu_s=about["cpu_s"],
        wall_s=about["wall_s"],
        memory_bytes=about["memory_bytes"],
        from_cache=True,
    )
    return key, outcome


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode("ascii")


def _size(path: Path) -> int | None:
    """None for an entry that another process has just removed."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None
