"""MNIST's four files, how to know them, and how to fetch them once from where they are published.

MNIST is by Y. LeCun, C. Cortes and C. J. C. Burges. A file is held in memory until its SHA-256 is found
right, written under another name and renamed: what lies in the folder is complete and right, or not there.
"""

import http.client
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError

from neurokit.errors import NeurokitError
from neurokit.snn import idx
from neurokit.snn.idx import DataError

# SHA-256 of the uncompressed files, computed from the files themselves; those of the compressed ones, which
# many publish (440fcabf... for the training images), hold only for one compressor's output.
MNIST: Mapping[str, str] = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
TIMEOUT = 30.0  # s without a byte, after which a mirror is given up

_MAX_COMPRESSED = 64 << 20  # bytes; the largest file has 9.9e6, and no more than this is taken from a mirror
_CHUNK = 1 << 16

Report = Callable[[int, int | None], None]  # bytes so far, bytes in all where the mirror says so


class DownloadError(NeurokitError):
    """A file that no mirror gave."""


def download(directory: Path, quiet: bool = False, insecure: bool = False) -> None:
    """Make `directory` hold MNIST's files, gzip-compressed as they are published; right ones are left alone.

    Mirrors are tried in order, over HTTPS only unless `insecure`, which is for a mirror of one's own.
    """
    opener = _opener(insecure)
    for name, expected in MNIST.items():
        path = directory / f"{name}.gz"
        if (wrong := problem(path, expected)) is not None:
            tried = [f"  {path}: the file {wrong}"] if path.exists() else []
            _write(_fetched(opener, path.name, expected, tried, quiet), path)


def problem(path: Path, expected: str) -> str | None:
    """What keeps a file from being the one with this sum, in words; None if it is that file."""
    try:
        return _problem(idx.stored_bytes(path), path.name, expected)
    except DataError as error:
        return str(error)


def _problem(stored: bytes, name: str, expected: str) -> str | None:
    try:
        found = idx.content_sum(idx.decode(stored, dimensions(name)))
    except DataError as error:
        return f"{error}; expected content with SHA-256 {expected}"
    return None if found == expected else f"has content with SHA-256 {found}; expected {expected}"


def dimensions(name: str) -> int:
    """Of the array in a file, which its name tells."""
    return 3 if "idx3" in name else 1


def _fetched(opener: urllib.request.OpenerDirector, name: str, expected: str, tried: list[str], quiet: bool) -> bytes:
    """The file from the first mirror that gives it right."""
    for mirror in MIRRORS:
        url = f"{mirror.rstrip('/')}/{name}"
        try:
            with _progress(name, quiet) as report:
                stored = _body(opener, url, report)
        except (OSError, http.client.HTTPException, ValueError) as error:
            tried.append(f"  {url}: {_reason(error)}")
            continue
        if (wrong := _problem(stored, name, expected)) is None:
            return stored
        tried.append(f"  {url}: the file {wrong}")
    raise DownloadError(
        "\n".join(
            (
                f"{name} of MNIST is not on this machine and could not be downloaded; nothing was used:",
                *tried,
                "Give a folder that has MNIST's four files with --data DIR or NEUROKIT_DATA, "
                "or take --dataset digits, which needs no network.",
            )
        )
    )


def _body(opener: urllib.request.OpenerDirector, url: str, report: Report) -> bytes:
    with opener.open(url, timeout=TIMEOUT) as answer:
        announced = answer.headers.get("Content-Length", "")
        total = int(announced) if announced.isdecimal() else None
        body = bytearray()
        while chunk := answer.read(_CHUNK):
            body += chunk
            if len(body) > _MAX_COMPRESSED:
                raise ValueError(f"sends more than {_MAX_COMPRESSED} bytes")
            report(len(body), total)
    if total is not None and len(body) != total:
        raise ValueError(f"the connection ended after {len(body)} of {total} bytes")
    return bytes(body)


def _opener(insecure: bool) -> urllib.request.OpenerDirector:
    """Opens https alone: neither a mirror nor a redirection can lead to http, ftp or a file."""
    opener = urllib.request.OpenerDirector()
    handlers = [
        urllib.request.ProxyHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ]
    for handler in handlers + [urllib.request.HTTPHandler()] * insecure:
        opener.add_handler(handler)
    return opener


def _reason(error: Exception) -> str:
    """Why a mirror failed, without urllib's wrapping."""
    if isinstance(error, HTTPError):
        with error:
            return f"HTTP {error.code} {error.reason}"
    reason = error.reason if isinstance(error, URLError) else error
    return str(getattr(reason, "strerror", None) or reason) or type(reason).__name__


def _write(stored: bytes, path: Path) -> None:
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            temporary = Path(file.name)
            file.write(stored)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise DownloadError(
            f"{path} cannot be written ({error.strerror}): name another folder in NEUROKIT_CACHE"
        ) from error


@contextmanager
def _progress(name: str, quiet: bool) -> Iterator[Report]:
    """A bar on a terminal's stderr, or nothing."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
