"""A device in a file: its film, every number with a source, and its own parameters, as TOML that a person reads.

The numbers are written in full and read back exactly. A parameter of the device that the file leaves out has its usual
value, an addition that it leaves out its neutral one; every other parameter of the film must stand there.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from neurokit.device.film import ADDITIONS, FILM_PARAMETERS, PARAMETERS, Film
from neurokit.device.vo2x import DEVICE_PARAMETERS, Vo2x
from neurokit.errors import NeurokitError, OutOfRangeError

SUFFIX = ".toml"
SUBCIRCUIT_PREFIX = "vo2x_"

_FILM_NAME = re.compile(r"[a-z][a-z0-9_-]*\Z")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")
_COMMENT_COLUMN = 40  # characters, behind which unit and meaning stand
# The tables of a file, with the keys that each may have; the others hold words of any name.
_KNOWN = {
    "": ("film", "device", "made_by"),
    "film": ("name", "description", "parameters", "sources"),
    "film.parameters": FILM_PARAMETERS,
    "device": DEVICE_PARAMETERS,
}
_OWN = tuple(item for item in fields(Vo2x) if item.name in DEVICE_PARAMETERS)
_HEADER = """\
# A VO2-x device for neurokit, in SI units: a film, with the source of every number, and the device's own parameters.
# `--film` takes this file wherever it takes a film's name; for a circuit without Python:
# neurokit device export --format spice --film FILE.toml --out FILE.lib
"""


def write_device(device: Vo2x, path: str | Path, about: Mapping[str, str]) -> None:
    """Write the device with all numbers of its film; `about` says what made it."""
    subcircuit_name(device.film)  # a name that could not be read again is not written
    Path(path).write_text("\n".join(_lines(device, about)) + "\n", encoding="utf-8")


def read_device(path: str | Path) -> Vo2x:
    """The device in such a file; NeurokitError with the file's name for what is none."""
    found = _parsed(Path(path))
    try:
        _check_keys(found)
        _check_complete(_table(found, "film.parameters"))
        film = Film(
            name=_words(found, "film", "name"),
            description=_words(found, "film", "description"),
            sources={name: _words(found, "film.sources", name) for name in _table(found, "film.sources")},
            **_numbers(found, "film.parameters"),
        )
        subcircuit_name(film)
        return Vo2x(film=film, **_numbers(found, "device"))
    except NeurokitError as error:
        raise type(error)(f"{path}: {error}") from None


def subcircuit_name(film: Film) -> str:
    """What a sub-circuit of devices of this film is called: a netlist can run commands, so the name is checked."""
    if not _FILM_NAME.match(film.name):
        raise OutOfRangeError(
            f"film name {film.name!r} may not stand in a netlist: use a lower-case letter followed by lower-case "
            "letters, digits, - or _"
        )
    return SUBCIRCUIT_PREFIX + film.name.replace("-", "_")


def _lines(device: Vo2x, about: Mapping[str, str]) -> Iterator[str]:
    film = device.film
    yield _HEADER
    yield from ("[film]", f"name = {_text(film.name)}", f"description = {_text(film.description)}", "")
    yield from ("[film.parameters]", *(_number_line(item, film) for item in PARAMETERS), "")
    yield from ("[film.sources]", *_word_lines(film.sources), "")
    yield from ("[device]", *(_number_line(item, device) for item in _OWN), "")
    yield from ("[made_by]", *_word_lines(about))


def _number_line(item: "Field[Any]", record: Film | Vo2x) -> str:
    """The value, and what it is: `r_metal = 370.0   # ohm, resistance of the fully metallic device`."""
    setting = f"{item.name} = {float(getattr(record, item.name))!r}"
    words = ", ".join(word for word in (item.metadata["unit"], item.metadata["meaning"]) if word)
    return f"{setting:<{_COMMENT_COLUMN - 1}} # {words}"


def _word_lines(words: Mapping[str, str]) -> Iterator[str]:
    for name, text in words.items():
        yield f"{name if _BARE_KEY.match(name) else _text(name)} = {_text(text)}"


def _text(words: str) -> str:
    """A basic string of TOML, which is one of JSON but for the character DEL."""
    return json.dumps(str(words), ensure_ascii=False).replace("\x7f", "\\u007f")


def _parsed(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NeurokitError(f"cannot read {path}: {error.strerror}; check the path and its permissions") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NeurokitError(f"{path} is not TOML ({error}): give a file that neurokit wrote, or one like it") from None


def _check_keys(found: Mapping[str, Any]) -> None:
    for name, known in _KNOWN.items():
        if unknown := [key for key in _table(found, name) if key not in known]:
            place = f"[{name}]" if name else "the file"
            raise NeurokitError(f"{place} has no {', '.join(unknown)}: it takes {', '.join(known)}")


def _check_complete(given: Mapping[str, Any]) -> None:
    if missing := [name for name in FILM_PARAMETERS if name not in given and name not in ADDITIONS]:
        raise NeurokitError(
            f"[film.parameters] lacks {', '.join(missing)}: only {', '.join(ADDITIONS)} may be left out"
        )


def _table(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The table of this dotted name; an empty one where the file has none."""
    table = found
    for part in name.split(".") if name else ():
        inner = table.get(part, {})
        if not isinstance(inner, Mapping):
            raise NeurokitError(f"{name} = {inner!r} must be a table: write [{name}] and its values on lines below")
        table = inner
    return table


def _numbers(found: Mapping[str, Any], name: str) -> dict[str, float]:
    for key, value in _table(found, name).items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NeurokitError(f"[{name}] {key} = {value!r} must be a number, in SI units and without a prefix")
    return {key: float(value) for key, value in _table(found, name).items()}


def _words(found: Mapping[str, Any], name: str, key: str) -> str:
    value = _table(found, name).get(key)
    if not isinstance(value, str):
        raise NeurokitError(f'[{name}] needs words for {key}, not {value!r}: write {key} = "..."')
    return value
