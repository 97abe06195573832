"""Handwritten digits to learn from: MNIST from its original files, sets of the same shape, or a small bundled one.

The files are looked for in the folder given, else in `$NEUROKIT_DATA`, else in the user's cache, and else are
downloaded there once. Each is checked before anything is used. MNIST is what has MNIST's sums; only a folder that
was given by name may hold something else, so that an environment variable cannot silently change what is learned.

Fashion-MNIST and KMNIST name their files as MNIST does; EMNIST puts a prefix before, and its images lie on their
side (rows and columns exchanged), which is left as it is.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neurokit.errors import OutOfRangeError
from neurokit.simulation.cache import default_directory
from neurokit.snn import download, idx
from neurokit.snn.idx import Bytes, DataError

DATASETS: Mapping[str, str] = {
    "mnist": "MNIST, whose sums every file must have",
    "digits": "scikit-learn's bundled digits, 8 x 8 scaled to 28 x 28; needs no network",
    "other": "any set of MNIST's shape in --data DIR, whatever its sums",
}
SIDE = 28  # pixels
CLASSES = 10

_BUNDLED_SIDE = 8  # pixels
_BUNDLED_LEVELS = 16  # the brightest pixel
_BUNDLED_TEST = 360  # images; the other 1437 train, as 1 to 4
_BUNDLED_SEED = 1

_FILE_NAME = re.compile(
    r"(?P<prefix>.*?)(?P<split>train|t10k|test)[-_.](?P<what>images|labels)[-_.]idx[13]-ubyte(?P<gzip>\.gz)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class Digits:
    """Images of ten classes with their labels, in two sets; arrays are read-only and may be mapped from files."""

    name: str  # "mnist" and "digits" are those sets and no other
    train_images: Bytes  # n x 28 x 28, 0 background to 255
    train_labels: Bytes  # n, 0 to 9
    test_images: Bytes
    test_labels: Bytes
    source: str  # where it was found: --data, NEUROKIT_DATA, cache, download, or a package with its version
    sha256: Mapping[str, str]  # of each file's uncompressed content, by MNIST's name of the file


def load(dataset: str | None = None, directory: str | Path | None = None, *, quiet: bool = False) -> Digits:
    """The digits asked for: MNIST, or whatever set lies in `directory` if one is given; DataError if they are wrong.

    `dataset` (see `DATASETS`) insists: "mnist" on MNIST's sums also in `directory`, "other" on taking files as they
    are. Without it, files of which some are MNIST's and some are not are refused, as one of them is likely damaged.
    """
    if dataset is not None and dataset not in DATASETS:
        raise DataError(f"no dataset {dataset!r}: there are {', '.join(DATASETS)}")
    if dataset == "digits":
        if directory is not None:
            raise DataError(f"--dataset digits and --data {directory} name data in two ways: give one of them")
        return _bundled()
    if directory is not None:
        return _from_folder(Path(directory).expanduser(), "--data", dataset)
    if named := os.environ.get("NEUROKIT_DATA"):
        return _from_folder(Path(named).expanduser(), "NEUROKIT_DATA", dataset or "mnist")
    if dataset == "other":
        raise DataError("--dataset other is a set of your own: say with --data DIR where it lies")
    return _from_cache(quiet)


def hold_out(digits: Digits, count: int = 5000, seed: int = 1) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of the training set to train on, and `count` to choose settings by; the test set has no part in it.

    Every class is held out in its proportion. Both are in ascending order, and depend on the labels and the seed alone.
    """
    rows = len(digits.train_labels)
    if not 0 < count < rows:
        raise OutOfRangeError(
            f"held-out count ({count}) must be 1 to {rows - 1}: {digits.name} has {rows} training images"
        )
    if seed < 0:
        raise OutOfRangeError(f"seed ({seed}) must not be negative")
    return _stratified(digits.train_labels, count, seed)


def _from_cache(quiet: bool) -> Digits:
    folder = _cache() / "mnist"
    try:
        return _from_folder(folder, "cache", "mnist")
    except DataError:
        download.download(folder, quiet)
    return replace(_from_folder(folder, "cache", "mnist"), source="download")


def _cache() -> Path:
    return default_directory() / "data"


def _from_folder(folder: Path, source: str, wanted: str | None) -> Digits:
    """The set in a folder; `wanted` as in `load`."""
    name, paths = _files(folder, source)
    arrays: dict[str, Bytes] = {}
    sums: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for file, path in paths.items():
        try:
            arrays[file] = idx.read(path, download.dimensions(file), _cache() / "decoded")
        except DataError as error:
            wrong[file] = str(error)
        else:
            sums[file] = idx.content_sum(arrays[file])
    of_mnist = [file for file in sums if sums[file] == download.MNIST[file]]
    if wanted == "mnist" or (wanted is None and of_mnist):
        _refuse_other_than_mnist(paths, sums, wrong, source, bool(of_mnist))
    if wrong:
        raise DataError(_listed("These files cannot be used; nothing was", paths, wrong))
    return _digits("mnist" if len(of_mnist) == len(paths) else name, arrays, paths, source, sums)


def _refuse_other_than_mnist(
    paths: Mapping[str, Path], sums: Mapping[str, str], wrong: Mapping[str, str], source: str, mixed: bool
) -> None:
    """DataError that names each file that is not MNIST's, what is wrong with it and what was expected."""
    found = {**wrong, **{file: f"has content with SHA-256 {total}" for file, total in sums.items()}}
    reasons = {
        file: f"{found[file]}; expected content with SHA-256 {expected}"
        for file, expected in download.MNIST.items()
        if sums.get(file) != expected
    }
    if reasons:
        beside = ", while files beside are MNIST's" if mixed else ""
        way_out = "Fetch MNIST's files again" + (" or leave out NEUROKIT_DATA" if source == "NEUROKIT_DATA" else "")
        raise DataError(
            f"{_listed(f'These files are not MNIST{beside}; nothing was used', paths, reasons)}\n"
            f"{way_out}; another set is taken as it is with --dataset other --data DIR."
        )


def _listed(title: str, paths: Mapping[str, Path], reasons: Mapping[str, str]) -> str:
    return "\n".join((f"{title}:", *(f"  {paths[file]}: {reason}" for file, reason in reasons.items())))


def _files(folder: Path, source: str) -> tuple[str, dict[str, Path]]:
    """A name for the set in a folder, and its four files by MNIST's names for them."""
    if not folder.is_dir():
        four = ", ".join(download.MNIST)
        raise DataError(f"{source} names {folder}, which is no folder: give one with {four}, raw or as .gz")
    found: dict[str, dict[str, Path]] = {}
    try:
        paths = sorted(folder.iterdir(), key=_uncompressed_first)
    except OSError as error:
        raise DataError(f"{folder} ({source}) cannot be read ({error.strerror})") from error
    for path in paths:
        if match := _FILE_NAME.fullmatch(path.name):
            split = "train" if match["split"].lower() == "train" else "t10k"
            kind = "images-idx3" if match["what"].lower() == "images" else "labels-idx1"
            found.setdefault(match["prefix"], {}).setdefault(f"{split}-{kind}-ubyte", path)
    if len(found) > 1:
        prefixes = ", ".join(f"{prefix}*" for prefix in sorted(found))
        raise DataError(f"{folder} holds several sets ({prefixes}): give one of them a folder of its own")
    prefix, files = next(iter(found.items()), ("", {}))
    if missing := [name for name in download.MNIST if name not in files]:
        raise DataError(
            f"{folder} ({source}) lacks {', '.join(missing)}: the four files of a set must lie there, raw or as .gz"
        )
    return _name(prefix, folder), {name: files[name] for name in download.MNIST}


def _uncompressed_first(path: Path) -> tuple[bool, str]:
    return path.suffix == ".gz", path.name


def _name(prefix: str, folder: Path) -> str:
    """What the files or the folder are called, unless that is the name of a set that this is not."""
    folder = folder.resolve()
    called = prefix.strip("-_.") or (folder.parent.name if folder.name == "raw" else folder.name)
    return "other" if called.lower() in ("", *DATASETS) else called


def _digits(
    name: str, arrays: Mapping[str, Bytes], paths: Mapping[str, Path], source: str, sums: Mapping[str, str]
) -> Digits:
    """The set, if images and labels belong together."""
    train_images, train_labels, test_images, test_labels = (arrays[file] for file in download.MNIST)
    images, labels = list(paths.values())[::2], list(paths.values())[1::2]
    for i, (pictures, classes) in enumerate(((train_images, train_labels), (test_images, test_labels))):
        if pictures.shape[1:] != (SIDE, SIDE):
            size = " x ".join(map(str, pictures.shape[1:]))
            raise DataError(f"{images[i]}: images are {size} and must be {SIDE} x {SIDE}; nothing was used")
        if len(pictures) != len(classes):
            raise DataError(
                f"{images[i]} holds {len(pictures)} images and {labels[i]} {len(classes)} labels: "
                "they must be as many; nothing was used"
            )
        if (highest := int(classes.max())) >= CLASSES:
            raise DataError(f"{labels[i]}: label {highest} must be 0 to {CLASSES - 1}; nothing was used")
    return Digits(name, train_images, train_labels, test_images, test_labels, source, dict(sums))


def _bundled() -> Digits:
    """The 1797 digits that scikit-learn brings (the test half of UCI's optdigits), a fixed fifth of them to test.

    The fifth is drawn from every class alike. Writers are not told apart, so one may be in both sets, and the
    accuracy on this set says less about new writers than MNIST's does.
    """
    try:
        import sklearn
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise DataError("--dataset digits needs scikit-learn: pip install scikit-learn") from error
    bunch = load_digits()
    images, labels = _enlarged(bunch.images), bunch.target.astype(np.uint8)
    train, test = _stratified(labels, _BUNDLED_TEST, _BUNDLED_SEED)
    parts = (images[train], labels[train], images[test], labels[test])
    for part in parts:
        part.setflags(write=False)
    sums = {file: idx.content_sum(part) for file, part in zip(download.MNIST, parts, strict=True)}
    return Digits("digits", *parts, f"scikit-learn {sklearn.__version__}", sums)


def _enlarged(images: NDArray[np.float64]) -> Bytes:
    """Images of 8 x 8 pixels from 0 to 16 as 28 x 28 from 0 to 255: bilinear between the pixels' centres.

    In whole numbers, so that the result is the same to the bit on every machine: the centre of pixel j of 28 lies at
    (4 j - 5) / 14 among those of 8, and beyond the outermost centres the outermost pixels go on.
    """
    places = np.clip(4 * np.arange(SIDE) - 5, 0, 14 * (_BUNDLED_SIDE - 1))
    below, share = places // 14, places % 14
    weights = np.zeros((SIDE, _BUNDLED_SIDE), dtype=np.int64)
    weights[np.arange(SIDE), below] += 14 - share
    weights[np.arange(SIDE), np.minimum(below + 1, _BUNDLED_SIDE - 1)] += share
    white = 14 * 14 * _BUNDLED_LEVELS
    fine = weights @ images.astype(np.int64) @ weights.T
    return ((255 * fine + white // 2) // white).astype(np.uint8)


def _stratified(labels: Bytes, count: int, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows left and `count` rows drawn, every class in its proportion to within one."""
    classes, sizes = np.unique(labels, return_counts=True)
    quotas, remainders = np.divmod(count * sizes, len(labels))
    quotas[np.argsort(-remainders, kind="stable")[: count - quotas.sum()]] += 1
    random = np.random.default_rng(seed)
    drawn = np.zeros(len(labels), dtype=bool)
    for label, quota in zip(classes, quotas, strict=True):
        drawn[random.permutation(np.flatnonzero(labels == label))[:quota]] = True
    return np.flatnonzero(~drawn), np.flatnonzero(drawn)
