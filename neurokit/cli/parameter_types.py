"""What people type, as click parameter types: numbers with SI prefixes, device numbers, output files, temperatures."""

import os
from pathlib import Path
from typing import Any

import click

from neurokit.circuits.values import si_number
from neurokit.device.film import Film
from neurokit.device.preset import SUFFIX, read_device
from neurokit.device.vo2x import DEVICES, FILMS, Vo2x
from neurokit.errors import NeurokitError


class Quantity(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """A number as a person writes it: 12.5, 3k, 1.8n, 5us."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return si_number(value) if isinstance(value, str) else float(value)
        except NeurokitError as error:
            self.fail(str(error), param, ctx)


class Numbers(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """Several numbers from 0 on, or above it: 10u,50u,200u."""

    name = "numbers"

    def __init__(self, *, above: bool = False) -> None:
        self.above = above

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        numbers = tuple(Quantity().convert(part, param, ctx) for part in value.split(","))
        for number in numbers:
            if not (number > 0 or (number == 0 and not self.above)):
                self.fail(f"{number:g} must be {'above' if self.above else 'at least'} 0", param, ctx)
        return numbers


class Sizes(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """Layers of neurons: 128 or 64,32."""

    name = "sizes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[int]:
        try:
            return [int(part) for part in str(value).split(",")]
        except ValueError:
            self.fail(f"{value!r} is no list of layers: write it like 128 or 64,32", param, ctx)


class DeviceNumbers(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """Numbers of the preset devices: 1, 1-5 or 1,3,5."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            numbers = [n for part in value.split(",") for n in _span(part)]
        except ValueError:
            self.fail(f"{value!r} names no devices: write it like 1, 1-5 or 1,3,5", param, ctx)
        for number in numbers:
            if number not in DEVICES:
                self.fail(f"device {number} is not one of {min(DEVICES)} to {max(DEVICES)}", param, ctx)
        return tuple(numbers)


class FilmOrFile(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """A film by its preset's name, or a whole device in a file that `neurokit.device.preset` reads."""

    name = "film"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Film | Vo2x:
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]
        if value in FILMS:
            return FILMS[value]
        if not value.lower().endswith(SUFFIX):
            self.fail(f"{value!r} is not one of {', '.join(FILMS)}, nor a file that ends in {SUFFIX}", param, ctx)
        try:
            return read_device(value)
        except NeurokitError as error:
            self.fail(str(error), param, ctx)


class Span(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """Two numbers, the lower first: 330..345."""

    name = "low..high"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        if isinstance(value, tuple):
            return value
        low, dots, high = value.partition("..")
        if not dots:
            self.fail(f"{value!r} is no span: write it like 330..345", param, ctx)
        ends = Quantity().convert(low, param, ctx), Quantity().convert(high, param, ctx)
        if not ends[0] < ends[1]:
            self.fail(f"{value!r}: the low end {ends[0]:g} must be below the high end {ends[1]:g}", param, ctx)
        return ends


class CheckRows(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """A record's name and which of its rows are meant: 'I-V=every 3'."""

    name = "record=rows"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        record, equals, rows = value.rpartition("=")
        if not equals:
            self.fail(f"{value!r} names no record: write it like 'I-V=every 3' or 'I-V=2, 5'", param, ctx)
        return record, rows


class OutFile(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """A file to write, refused before any work is done if its suffix or its folder will not do."""

    name = "file"

    def __init__(self, *suffixes: str) -> None:
        self.suffixes = suffixes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if self.suffixes and path.suffix.lower() not in self.suffixes:
            self.fail(f"{path.name!r} ends in {path.suffix!r}: it must end in {' or '.join(self.suffixes)}", param, ctx)
        if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
            self.fail(f"{str(path)!r} cannot be written: its folder must exist and take files", param, ctx)
        return path


QUANTITY = Quantity()
FILM = FilmOrFile()


def _span(part: str) -> range:
    first, dash, last = part.partition("-")
    return range(int(first), int(last if dash else first) + 1)
