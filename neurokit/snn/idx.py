"""IDX files, in which MNIST and its kin are published: a short header, then bytes; raw or gzip-compressed.

The header is two zero bytes, 0x08 for unsigned bytes, the number of dimensions, and each dimension as a
big-endian 32-bit integer. A file is known by the SHA-256 of its uncompressed content, as gzip of the same
content differs from one compressor to the next.
"""

import gzip
import hashlib
import math
import tempfile
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tokenize import TokenError

import numpy as np
from numpy.typing import NDArray

from neurokit.errors import NeurokitError

Bytes = NDArray[np.uint8]

MAX_BYTES = 1 << 30  # of uncompressed content: what a damaged or hostile header could ask for ends here

_UNSIGNED_BYTE = 0x08
_GZIP = b"\x1f\x8b"
_DAMAGED_NPY = (OSError, ValueError, TypeError, OverflowError, EOFError, SyntaxError, TokenError)


class DataError(NeurokitError, ValueError):
    """A data file that is missing, damaged, or not what it should be."""


def read(path: Path, dimensions: int, cache: Path | None = None) -> Bytes:
    """What a file holds, read-only; mapped from the decoded copy in `cache`, which is made if it is not there.

    The copy is `SUM OF THE FILE.SUM OF ITS CONTENT.npy`, and is used only if its content has that sum still.
    Where the folder cannot be written to, the decoded array itself is the answer.
    """
    stored = stored_bytes(path)
    key = hashlib.sha256(stored).hexdigest()
    if cache is None:
        return decode(stored, dimensions)
    if (known := _mapped(cache, key, dimensions)) is not None:
        return known
    values = decode(stored, dimensions)
    with suppress(OSError):
        _keep(values, cache / f"{key}.{content_sum(values)}.npy")
    return known if (known := _mapped(cache, key, dimensions)) is not None else values


def stored_bytes(path: Path) -> bytes:
    """A file as it lies."""
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise DataError(f"has {size} bytes: no more than {MAX_BYTES} are read")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})") from error


def decode(stored: bytes, dimensions: int) -> Bytes:
    """The array in the bytes of an IDX file, raw or gzip, read-only; DataError says what is wrong with them."""
    if not stored.startswith(_GZIP):
        shape = _shape(stored, dimensions)
        return _array(stored, shape)
    try:
        with gzip.GzipFile(fileobj=BytesIO(stored)) as file:
            header = file.read(_header_bytes(dimensions))
            shape = _shape(header, dimensions)
            return _array(header + file.read(math.prod(shape) + 1), shape)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"is truncated or damaged: its gzip stream does not unpack ({error})") from error


def encode(values: Bytes) -> bytes:
    """The uncompressed IDX file that holds an array."""
    return _header(values) + np.ascontiguousarray(values).tobytes()


def content_sum(values: Bytes) -> str:
    """The SHA-256 of the uncompressed IDX file that holds an array."""
    digest = hashlib.sha256(_header(values))
    digest.update(np.ascontiguousarray(values).data)
    return digest.hexdigest()


def _header(values: Bytes) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return bytes((0, 0, _UNSIGNED_BYTE, values.ndim)) + sizes


def _header_bytes(dimensions: int) -> int:
    return 4 + 4 * dimensions


def _shape(content: bytes, dimensions: int) -> tuple[int, ...]:
    """The dimensions that a header claims."""
    magic = bytes((0, 0, _UNSIGNED_BYTE, dimensions))
    if content[:4] != magic:
        found = content[:4].hex() or "nothing"
        raise DataError(f"is no IDX file of bytes in {dimensions} dimensions: it begins {found}, not {magic.hex()}")
    end = _header_bytes(dimensions)
    if len(content) < end:
        raise DataError(f"is truncated: {len(content)} bytes, and its header alone has {end}")
    shape = tuple(int.from_bytes(content[at : at + 4], "big") for at in range(4, end, 4))
    if not 0 < math.prod(shape) <= MAX_BYTES:
        raise DataError(f"claims to hold {_times(shape)} bytes: it must be 1 to {MAX_BYTES}")
    return shape


def _array(content: bytes, shape: tuple[int, ...]) -> Bytes:
    start = _header_bytes(len(shape))
    held, claimed = len(content) - start, math.prod(shape)
    if held != claimed:
        what = f"is truncated: {held} bytes follow" if held < claimed else "is too long: further bytes follow"
        raise DataError(f"{what} a header that announces {_times(shape)} = {claimed}")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _mapped(cache: Path, key: str, dimensions: int) -> Bytes | None:
    """The decoded copy of the file with this sum, if it is there and whole; a damaged one is removed."""
    for path in cache.glob(f"{key}.*.npy"):
        with suppress(*_DAMAGED_NPY):
            values = np.load(path, mmap_mode="r", allow_pickle=False)
            if values.dtype == np.uint8 and content_sum(values) == path.name.split(".")[1]:
                return values if values.ndim == dimensions else None
        with suppress(OSError):
            path.unlink()
    return None


def _keep(values: Bytes, path: Path) -> None:
    """Write under another name, then rename: nobody sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
        temporary = Path(file.name)
        try:
            np.save(file, values, allow_pickle=False)
            file.flush()
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
