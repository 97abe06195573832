"""The store of a long run, such as a sweep: one line of JSON for each finished point, written at once and kept.

A process that is killed loses what it had not finished and nothing else. A line that was cut off, by a full disk for
instance, is dropped when the file is opened again, and its point is simulated again.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from neurokit.errors import NeurokitError, OtherRunError
from neurokit.sweeps.spec import Row, Values

JOURNAL = "points.jsonl"

Key = tuple[str, Values]  # engine, values


class Journal:
    """The finished points of one run in a folder, for one process at a time; use it in a `with`.

    The folder's description says which run it is: another one is refused rather than mixed in. `kind` is the word for
    such a run ("sweep") and the name of that description.
    """

    def __init__(self, folder: Path, description: Mapping[str, Any], kind: str = "sweep") -> None:
        self._folder = folder
        self._description = description
        self._kind = kind
        self.rows: dict[Key, Row] = {}

    def __enter__(self) -> "Journal":
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._folder / JOURNAL, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # gone with the process, however that ends
            self._claim()
            self._load()
        except BlockingIOError:
            os.close(self._file)
            raise NeurokitError(
                f"another {self._kind} is at work in {self._folder}: wait for it or give another --out"
            ) from None
        except BaseException:
            os.close(self._file)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def add(self, rows: Iterable[Row]) -> None:
        """Keep these points; when this returns they survive the process."""
        rows = list(rows)
        text = "".join(json.dumps(row) + "\n" for row in rows).encode()
        try:
            while text:
                text = text[os.write(self._file, text) :]
        except OSError as error:
            raise NeurokitError(
                f"cannot write {self._folder / JOURNAL}: {error.strerror}; the {len(self.rows)} points before are "
                "kept: make room and run the same command again"
            ) from None
        for row in rows:
            self.rows[row["engine"], tuple(row["values"])] = row

    def forget(self, failed: Callable[[Row], bool]) -> int:
        """Leave out the points that failed, so that they are tried again; how many there were.

        Their lines stay until better ones follow them: of two lines for one point the later counts.
        """
        kept = {key: row for key, row in self.rows.items() if not failed(row)}
        dropped = len(self.rows) - len(kept)
        self.rows = kept
        return dropped

    def _claim(self) -> None:
        path = self._folder / f"{self._kind}.json"
        wanted = json.dumps(self._description, indent=2, sort_keys=True) + "\n"
        if not path.exists():
            write_whole(path, lambda part: part.write_text(wanted, encoding="utf-8"))
            return
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            asked = json.loads(wanted)
            differs = sorted(key for key in {*found, *asked} if found.get(key) != asked.get(key))
        except (ValueError, TypeError):
            raise NeurokitError(f"{path} is spoilt: remove it with its folder, or give another --out") from None
        if differs:
            raise OtherRunError(
                f"{self._folder} holds another {self._kind}: {', '.join(differs)} differ (see its {path.name}); give "
                "another --out, or remove that folder"
            )

    def _load(self) -> None:
        data = (self._folder / JOURNAL).read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            os.ftruncate(self._file, len(whole))
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                row = json.loads(line)
                self.rows[row["engine"], tuple(row["values"])] = row
            except (ValueError, TypeError, KeyError):
                raise NeurokitError(
                    f"line {number} of {self._folder / JOURNAL} is no point: remove that line"
                ) from None


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """A file that is there in full or not at all: `write` gets another name, which then becomes the file's."""
    part = path.with_name(path.name + ".part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NeurokitError(
            f"cannot write {path}: {error.strerror or error}; run the same command again after"
        ) from None
