"""What a training run is asked to do: every number that decides its result, from a TOML file or by itself."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from neurokit.errors import NeurokitError, OutOfRangeError


@dataclass(frozen=True)
class Settings:
    """A network and its training; the defaults are the paper's recipe as far as its text gives it."""

    hidden: int = 128  # neurons, Li et al., arXiv 2405.00700: 784-128-10
    epochs: int = 10  # the same
    batch: int = 256  # images; assumed
    learning_rate: float = 4e-3  # the highest of the one cycle; assumed
    width: float = 1.0  # V over which the slope of the curve is averaged backward
    silent_margin: float = 0.5  # V below the onset that a black pixel drives its neuron with; assumed
    seed: int = 1

    def __post_init__(self) -> None:
        for name, low, high in (
            ("hidden", 1, 100_000),
            ("epochs", 1, 10_000),
            ("batch", 1, 1_000_000),
            ("learning_rate", 1e-9, 10.0),
            ("width", 1e-6, 100.0),
            ("silent_margin", 0.0, 100.0),
            ("seed", 0, 2**31 - 1),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise OutOfRangeError(f"{name} = {value} must lie between {low} and {high}")


def settings_from_toml(path: Path, changes: Mapping[str, Any] | None = None) -> Settings:
    """The settings of a file with some of them changed; a name that is none is refused."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NeurokitError(f"cannot read the settings {path}: {error}") from None
    return changed(Settings(), found | dict(changes or {}))


def changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """These settings with some of them replaced; whole numbers stand for others, as in TOML."""
    known = {field.name: field.type for field in fields(Settings)}
    for name, value in changes.items():
        if name not in known:
            raise NeurokitError(f"no setting {name!r}: there are {', '.join(known)}")
        whole = isinstance(asdict(settings)[name], int)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise NeurokitError(f"{name} = {value!r} must be a {'whole ' if whole else ''}number")
    typed: dict[str, Any] = {k: type(asdict(settings)[k])(value) for k, value in changes.items()}
    return replace(settings, **typed)
