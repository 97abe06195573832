"""Digits come from the place that was named, are what they are called, and are refused where any file is wrong."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn import data, download, idx
from neurokit.snn.data import Digits, hold_out, load
from neurokit.snn.idx import Bytes, DataError

TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = download.MNIST

FOUND = os.environ.get("NEUROKIT_DATA", "")
real = pytest.mark.skipif(
    not any((Path(FOUND or "nowhere") / name).is_file() for name in (TRAIN_IMAGES, f"{TRAIN_IMAGES}.gz")),
    reason="the real MNIST is not here: name the folder of its four files in NEUROKIT_DATA",
)


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, no folder in the environment, and no network."""
    monkeypatch.setenv("NEUROKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("NEUROKIT_DATA", raising=False)
    monkeypatch.setattr(download, "MIRRORS", ())


def make_arrays(seed: int = 1, train: int = 60, test: int = 20) -> dict[str, Bytes]:
    random = np.random.default_rng(seed)
    return {
        TRAIN_IMAGES: random.integers(0, 256, (train, 28, 28), dtype=np.uint8),
        TRAIN_LABELS: random.permutation(np.arange(train) % 10).astype(np.uint8),
        TEST_IMAGES: random.integers(0, 256, (test, 28, 28), dtype=np.uint8),
        TEST_LABELS: random.permutation(np.arange(test) % 10).astype(np.uint8),
    }


def write(folder: Path, arrays: dict[str, Bytes], zipped: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in arrays.items():
        content = idx.encode(values)
        (folder / (f"{name}.gz" if zipped else name)).write_bytes(gzip.compress(content) if zipped else content)
    return folder


@pytest.fixture
def mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small set that counts as MNIST here."""
    arrays = make_arrays()
    monkeypatch.setattr(download, "MNIST", {name: idx.content_sum(values) for name, values in arrays.items()})
    return write(tmp_path / "files", arrays)


def holds(digits: Digits, arrays: dict[str, Bytes]) -> bool:
    parts = (digits.train_images, digits.train_labels, digits.test_images, digits.test_labels)
    return all(np.array_equal(part, values) for part, values in zip(parts, arrays.values(), strict=True))


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("dataset", [None, "mnist", "other"])
def test_files_with_the_sums_of_mnist_are_mnist(mnist: Path, tmp_path: Path, zipped: bool, dataset: str | None) -> None:
    folder = write(tmp_path / "again", make_arrays(), zipped)
    digits = load(dataset, folder)
    assert (digits.name, digits.source) == ("mnist", "--data")
    assert digits.sha256 == download.MNIST
    assert holds(digits, make_arrays())


def test_the_folder_named_comes_before_the_environment_and_that_before_the_cache(
    mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "cache" / "data" / "mnist", make_arrays())
    assert load().source == "cache"
    monkeypatch.setenv("NEUROKIT_DATA", str(mnist))
    assert load().source == "NEUROKIT_DATA"
    assert load(directory=mnist).source == "--data"


def test_arrays_are_mapped_and_cannot_be_written_to(mnist: Path) -> None:
    load(directory=mnist)
    digits = load(directory=mnist)
    for values in (digits.train_images, digits.train_labels, digits.test_images, digits.test_labels):
        assert isinstance(values, np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0


@pytest.mark.parametrize("name", list(download.MNIST))
@pytest.mark.parametrize("damage", ["cut", "cut inside", "other content", "no file at all"])
@pytest.mark.parametrize("place", ["--data", "NEUROKIT_DATA"])
def test_a_damaged_file_of_mnist_is_named_with_what_was_expected(
    mnist: Path, monkeypatch: pytest.MonkeyPatch, name: str, damage: str, place: str
) -> None:
    path = mnist / f"{name}.gz"
    content = gzip.decompress(path.read_bytes())
    damaged = {
        "cut": path.read_bytes()[:-9],
        "cut inside": gzip.compress(content[:-1]),
        "other content": gzip.compress(content[:-1] + bytes((content[-1] ^ 1,))),
        "no file at all": b"<html>not found</html>",
    }
    path.write_bytes(damaged[damage])
    if place == "NEUROKIT_DATA":
        monkeypatch.setenv(place, str(mnist))
    with pytest.raises(DataError) as caught:
        load(directory=mnist if place == "--data" else None)
    message = str(caught.value)
    assert str(path) in message
    assert f"expected content with SHA-256 {download.MNIST[name]}" in message
    assert "nothing was used" in message
    assert sum(line.startswith("  ") for line in message.splitlines()) == 1  # the right ones are not accused


def test_another_set_of_the_shape_is_taken_from_a_folder_that_was_named(tmp_path: Path) -> None:
    arrays = make_arrays(2)
    digits = load(directory=write(tmp_path / "fashion", arrays))
    assert digits.name == "fashion"
    assert digits.sha256 == {name: idx.content_sum(values) for name, values in arrays.items()}
    assert holds(digits, arrays)


@pytest.mark.parametrize("folder", ["mnist", "MNIST", "digits", "MNIST/raw"])
def test_another_set_is_not_called_mnist_whatever_its_folder_is(tmp_path: Path, folder: str) -> None:
    assert load(directory=write(tmp_path / folder, make_arrays(2))).name == "other"


def test_the_folder_raw_of_other_libraries_gives_the_name_of_the_one_above(tmp_path: Path) -> None:
    assert load(directory=write(tmp_path / "KMNIST" / "raw", make_arrays(2), zipped=False)).name == "KMNIST"


def test_names_of_emnist_are_understood(tmp_path: Path) -> None:
    names = [f"emnist-digits-{name.replace('t10k', 'test')}" for name in download.MNIST]
    arrays = make_arrays(2)
    digits = load(directory=write(tmp_path / "gzip", dict(zip(names, arrays.values(), strict=True))))
    assert digits.name == "emnist-digits"
    assert holds(digits, arrays)


def test_names_with_a_dot_are_understood(tmp_path: Path) -> None:
    arrays = {name.replace("-idx", ".idx"): values for name, values in make_arrays(2).items()}
    assert holds(load(directory=write(tmp_path / "set", arrays, zipped=False)), make_arrays(2))


def test_a_folder_with_several_sets_is_refused(tmp_path: Path) -> None:
    for prefix in ("emnist-digits-", "emnist-letters-"):
        write(tmp_path / "gzip", {prefix + name: values for name, values in make_arrays(2).items()})
    with pytest.raises(DataError, match=r"several sets \(emnist-digits-\*, emnist-letters-\*\)"):
        load(directory=tmp_path / "gzip")


def test_an_uncompressed_file_is_taken_before_a_compressed_one(mnist: Path) -> None:
    write(mnist, make_arrays(), zipped=False)
    (mnist / f"{TRAIN_IMAGES}.gz").write_bytes(b"")
    assert load("mnist", mnist).name == "mnist"


def test_who_insists_on_mnist_gets_no_other_set(mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = write(tmp_path / "other", make_arrays(2))
    with pytest.raises(DataError, match="not MNIST"):
        load("mnist", other)
    monkeypatch.setenv("NEUROKIT_DATA", str(other))
    with pytest.raises(DataError, match="leave out NEUROKIT_DATA"):
        load()
    assert load("other").source == "NEUROKIT_DATA"


def test_images_of_ones_own_with_labels_of_mnist_are_taken_only_as_another_set(mnist: Path) -> None:
    write(mnist, {TRAIN_IMAGES: make_arrays(2)[TRAIN_IMAGES]})
    with pytest.raises(DataError, match="--dataset other"):
        load(directory=mnist)
    assert load("other", mnist).name == "files"


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        (TRAIN_IMAGES, np.zeros((60, 27, 28), dtype=np.uint8), "27 x 28 and must be 28 x 28"),
        (TEST_IMAGES, np.zeros((19, 28, 28), dtype=np.uint8), "19 images and .* 20 labels"),
        (TRAIN_LABELS, np.full(60, 10, dtype=np.uint8), "label 10 must be 0 to 9"),
        (TEST_LABELS, np.zeros((20, 1, 1), dtype=np.uint8), "no IDX file of bytes in 1 dimensions"),
    ],
)
def test_files_that_do_not_fit_together_are_refused(tmp_path: Path, name: str, values: Bytes, words: str) -> None:
    folder = write(tmp_path / "set", {**make_arrays(2), name: values})
    with pytest.raises(DataError, match=words) as caught:
        load(directory=folder)
    assert f"{name}.gz" in str(caught.value)
    assert "nothing was" in str(caught.value)


def test_a_missing_file_or_folder_is_named(mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (mnist / f"{TEST_LABELS}.gz").unlink()
    with pytest.raises(DataError, match=f"lacks {TEST_LABELS}:"):
        load(directory=mnist)
    monkeypatch.setenv("NEUROKIT_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"NEUROKIT_DATA names .*nowhere, which is no folder"):
        load()


def test_what_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no dataset 'cifar': there are mnist, digits, other"):
        load("cifar")
    with pytest.raises(DataError, match="in two ways"):
        load("digits", tmp_path)
    with pytest.raises(DataError, match="--data DIR"):
        load("other")


def test_the_bundled_digits_are_the_same_everywhere() -> None:
    digits = load("digits")
    assert digits.name == "digits"
    assert digits.source.startswith("scikit-learn ")
    assert digits.train_images.shape == (1437, 28, 28)
    assert digits.test_images.shape == (360, 28, 28)
    assert digits.train_images.min() == 0
    assert digits.train_images.max() == 255
    assert np.ptp(np.bincount(digits.test_labels)) <= 2
    assert not digits.train_images.flags.writeable
    assert digits.sha256 == {
        TRAIN_IMAGES: "afd12799198769f1f6b0030d1143835b5e96b150d36e53493e22ded994740f0f",
        TRAIN_LABELS: "2963d3f98d5382d978707c91b0ef98f615d9e9be5e4dad5a8a10ffbcffe94c24",
        TEST_IMAGES: "4303106b5192204bd31a70ac1061ce53aca44982481c8d37ac7de5532d8db0e2",
        TEST_LABELS: "89dc4d6f6e41603f980461255db4376052730730d651e2a90bcdc61b7eb7b684",
    }


def test_enlarging_is_bilinear_and_keeps_what_is_uniform() -> None:
    from scipy.interpolate import RegularGridInterpolator

    image = np.random.default_rng(1).integers(0, 17, (8, 8)).astype(float)
    fine = np.clip((np.arange(28) + 0.5) * 8 / 28 - 0.5, 0, 7)
    expected = RegularGridInterpolator((np.arange(8), np.arange(8)), image)(
        np.stack(np.meshgrid(fine, fine, indexing="ij"), -1)
    )
    assert np.abs(data._enlarged(image[None])[0] - expected * 255 / 16).max() <= 0.5 + 1e-9
    assert np.array_equal(data._enlarged(np.full((1, 8, 8), 16.0)), np.full((1, 28, 28), 255))


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=200), st.data())
def test_held_out_rows_are_a_fair_part_and_no_row_is_in_both(labels: list[int], draw: st.DataObject) -> None:
    count = draw.draw(st.integers(1, len(labels) - 1), "count")
    digits = make_digits(np.array(labels, dtype=np.uint8))
    train, held = hold_out(digits, count, draw.draw(st.integers(0, 5), "seed"))
    assert len(held) == count
    assert np.array_equal(np.sort(np.concatenate([train, held])), np.arange(len(labels)))
    shares = np.bincount(labels, minlength=10) * count / len(labels)
    assert np.all(np.abs(np.bincount(digits.train_labels[held], minlength=10) - shares) < 1)


def make_digits(train_labels: Bytes) -> Digits:
    images = np.zeros((len(train_labels), 28, 28), dtype=np.uint8)
    return Digits("some", images, train_labels, images[:1], train_labels[:1], "a test", {})


def test_the_same_seed_holds_out_the_same_rows_and_another_seed_others() -> None:
    digits = make_digits(make_arrays()[TRAIN_LABELS])
    first, again, other = (hold_out(digits, 20, seed)[1] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("count", [-1, 0, 60, 5000])
def test_holding_out_nothing_or_everything_is_refused(count: int) -> None:
    with pytest.raises(OutOfRangeError, match=rf"\({count}\) must be 1 to 59: some has 60 training images"):
        hold_out(make_digits(make_arrays()[TRAIN_LABELS]), count)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(NeurokitError, match=r"seed \(-1\)"):
        hold_out(make_digits(make_arrays()[TRAIN_LABELS]), 5, -1)


@real
def test_the_real_mnist_has_its_sums_its_sizes_and_its_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROKIT_DATA", FOUND)
    digits = load("mnist")
    assert digits.sha256 == download.MNIST
    assert digits.train_images.shape == (60_000, 28, 28)
    assert digits.test_images.shape == (10_000, 28, 28)
    # counts of each class as published with the set
    assert np.bincount(digits.train_labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(digits.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert round(float(digits.train_images.mean()) / 255, 4) == 0.1307
    train, held = hold_out(digits)
    assert (len(train), len(held)) == (55_000, 5_000)


@real
def test_one_changed_pixel_of_the_real_mnist_is_found(tmp_path: Path) -> None:
    for path in Path(FOUND).iterdir():
        if "ubyte" in path.name:
            (tmp_path / path.name).symlink_to(path.resolve())
    digits = load("mnist", FOUND)
    images = digits.test_images.copy()
    images[5_000, 14, 14] ^= 1
    for path in tmp_path.glob(f"{TEST_IMAGES}*"):
        path.unlink()
    (tmp_path / TEST_IMAGES).write_bytes(idx.encode(images))
    with pytest.raises(DataError, match=download.MNIST[TEST_IMAGES]):
        load(directory=tmp_path)
