"""An IDX file is read as it was written, and one that was cut or changed is refused."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from neurokit.errors import NeurokitError
from neurokit.snn import idx
from neurokit.snn.idx import Bytes, DataError

ARRAYS = st.sampled_from((1, 3)).flatmap(
    lambda n: hnp.arrays(np.uint8, hnp.array_shapes(min_dims=n, max_dims=n, min_side=1, max_side=9))
)


def make_images(count: int = 3) -> Bytes:
    return np.arange(count * 784, dtype=np.uint32).reshape(count, 28, 28).astype(np.uint8)


@given(ARRAYS, st.booleans())
def test_reading_gives_back_what_was_written_raw_or_gzipped(values: Bytes, zipped: bool) -> None:
    stored = idx.encode(values)
    again = idx.decode(gzip.compress(stored) if zipped else stored, values.ndim)
    assert again.shape == values.shape
    assert np.array_equal(again, values)
    assert not again.flags.writeable


@given(ARRAYS, st.data())
def test_a_file_cut_anywhere_is_refused(values: Bytes, data: st.DataObject) -> None:
    stored = idx.encode(values)
    if data.draw(st.booleans(), "zipped"):
        stored = gzip.compress(stored)
    end = data.draw(st.integers(0, len(stored) - 1), "end")
    with pytest.raises(NeurokitError):
        idx.decode(stored[:end], values.ndim)


@given(ARRAYS, st.data())
def test_any_changed_bit_of_the_header_is_refused(values: Bytes, data: st.DataObject) -> None:
    stored = bytearray(idx.encode(values))
    bit = data.draw(st.integers(0, 8 * (4 + 4 * values.ndim) - 1), "bit")
    stored[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NeurokitError):
        idx.decode(bytes(stored), values.ndim)


@given(st.binary(max_size=200), st.sampled_from((1, 3)), st.booleans())
def test_any_bytes_are_an_array_or_refused(stored: bytes, dimensions: int, zipped: bool) -> None:
    try:
        values = idx.decode(gzip.compress(stored) if zipped else stored, dimensions)
    except NeurokitError:
        return
    assert idx.encode(values) == stored


@given(ARRAYS, st.data())
def test_a_damaged_gzip_file_is_refused_or_holds_the_same(values: Bytes, data: st.DataObject) -> None:
    stored = bytearray(gzip.compress(idx.encode(values)))
    at = data.draw(st.integers(0, len(stored) - 1), "at")
    stored[at] ^= data.draw(st.integers(1, 255), "change")
    try:
        again = idx.decode(bytes(stored), values.ndim)
    except NeurokitError:
        return
    assert np.array_equal(again, values)  # the change was in the gzip header's time stamp or name


def test_more_bytes_than_announced_are_refused_also_inside_gzip() -> None:
    stored = idx.encode(make_images()) + b"\0"
    for form in (stored, gzip.compress(stored)):
        with pytest.raises(DataError, match="too long"):
            idx.decode(form, 3)


def test_a_truncated_file_tells_what_it_holds_and_what_it_announces() -> None:
    with pytest.raises(DataError, match=r"is truncated: 2351 bytes follow a header that announces 3 x 28 x 28 = 2352"):
        idx.decode(idx.encode(make_images())[:-1], 3)


def test_a_header_that_asks_for_too_much_is_refused_before_anything_is_read() -> None:
    header = bytes((0, 0, 8, 3)) + b"\xff" * 12
    with pytest.raises(DataError, match=str(idx.MAX_BYTES)):
        idx.decode(gzip.compress(header), 3)


def test_the_sum_is_that_of_the_uncompressed_file() -> None:
    import hashlib

    images = make_images()
    assert idx.content_sum(images) == hashlib.sha256(idx.encode(images)).hexdigest()
    assert idx.content_sum(images[:, ::-1]) == hashlib.sha256(idx.encode(images[:, ::-1])).hexdigest()


def write(folder: Path, values: Bytes) -> Path:
    path = folder / "images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(idx.encode(values)))
    return path


def test_a_file_is_decoded_once_and_mapped_from_then_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, cache = write(tmp_path, make_images()), tmp_path / "cache"
    first = idx.read(path, 3, cache)
    monkeypatch.setattr(idx, "decode", None)
    again = idx.read(path, 3, cache)
    for values in (first, again):
        assert isinstance(values, np.memmap)
        assert not values.flags.writeable
        assert np.array_equal(values, make_images())
    assert [file.suffix for file in cache.iterdir()] == [".npy"]


def test_a_changed_file_is_not_answered_from_the_copy_of_the_old_one(tmp_path: Path) -> None:
    path = write(tmp_path, make_images())
    idx.read(path, 3, tmp_path / "cache")
    write(tmp_path, 255 - make_images())
    assert np.array_equal(idx.read(path, 3, tmp_path / "cache"), 255 - make_images())


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 128 + 784 - 1), change=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_copy_is_never_used(
    tmp_path_factory: pytest.TempPathFactory, at: int, change: int, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("idx")
    path = write(folder, make_images(1))
    idx.read(path, 3, folder / "cache")
    (copy,) = (folder / "cache").iterdir()
    content = bytearray(copy.read_bytes())
    content[at] ^= change
    copy.write_bytes(content[:at] if cut else content)
    assert np.array_equal(idx.read(path, 3, folder / "cache"), make_images(1))
    assert np.array_equal(idx.read(path, 3, folder / "cache"), make_images(1))


def test_without_a_folder_to_write_to_the_array_is_held_in_memory(tmp_path: Path) -> None:
    path = write(tmp_path, make_images())
    (tmp_path / "taken").write_text("a file where the cache should be")
    values = idx.read(path, 3, tmp_path / "taken")
    assert np.array_equal(values, make_images())
    assert not values.flags.writeable
