"""The options that commands share, each defined once: which devices, where to write, how to speak."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from neurokit.cli.output import Output
from neurokit.cli.parameter_types import FILM, QUANTITY, DeviceNumbers, OutFile
from neurokit.device.film import Film
from neurokit.device.preset import SUFFIX
from neurokit.device.vo2x import DEVICES, FILMS, MEASURED_THRESHOLDS, Vo2x, device_label

Command = Callable[..., Any]

_NOMINAL = Vo2x().film
_DEVIATIONS = tuple(item for item in fields(Vo2x) if "low" in item.metadata and item.name not in ("x", "seed"))


@dataclass(frozen=True)
class Chosen:
    """A device that a command was asked about."""

    label: str
    basis: str  # "measured" or "interpolated" thresholds of a preset; "computed" of any other device
    device: Vo2x


def device_options(command: Command) -> Command:
    """--device, --x, --film and how a device deviates; the command gets the devices chosen, in `devices`.

    An option that is not given leaves the device as it is: a preset, nominal, or what a file says.
    """

    @functools.wraps(command)
    def with_devices(device: tuple[tuple[int, ...], ...], x: tuple[float, ...], film: Film | Vo2x, **rest: Any) -> Any:
        deviations = {name: float(rest.pop(name)) for name in (*(item.name for item in _DEVIATIONS), "seed")}
        numbers = tuple(n for group in device for n in group)
        return command(devices=choose(numbers, x, film, **given(deviations)), **rest)

    numbers = "Preset devices: 1, 1-5 or 1,3.  [default: 1]"
    options: list[Callable[[Command], Command]] = [
        click.option("--device", "--devices", type=DeviceNumbers(), multiple=True, help=numbers),
        click.option("--x", type=QUANTITY, multiple=True, help="Oxygen deficiency, instead of a preset; repeatable."),
        film_option("Film of --x, or a file with a device; what is not given is as in the file."),
        *(_deviation_option(item) for item in _DEVIATIONS),
        seed_option,
    ]
    return decorated(with_devices, options)


def output_options(command: Command) -> Command:
    """--json and --quiet; the command gets them as `output`."""

    @functools.wraps(command)
    def with_output(json: bool, quiet: bool, **rest: Any) -> Any:
        return command(output=Output(json=json, quiet=quiet), **rest)

    options = [
        click.option("--json", is_flag=True, help="One JSON document on stdout instead of tables."),
        click.option("--quiet", is_flag=True, help="Nothing but results and errors."),
    ]
    return decorated(with_output, options)


def out_option(*suffixes: str, help: str = "File to write") -> Callable[[Command], Command]:  # noqa: A002 - click's word
    """--out FILE, whose suffix says what is written."""
    kinds = f" ({', '.join(suffixes)} by suffix)." if suffixes else "."
    return click.option("--out", type=OutFile(*suffixes), metavar="FILE", help=help + kinds)


def folder_option(text: str | None = None, default: str | None = None) -> Callable[[Command], Command]:
    """--out DIR, the folder that a command writes to."""
    folder = click.Path(file_okay=False, path_type=Path)
    shown = default is not None
    return click.option("--out", type=folder, metavar="DIR", default=default, show_default=shown, help=text)


def film_option(text: str) -> Callable[[Command], Command]:
    """--film, which the command gets as a Film if it is named, as a Vo2x if it is a file."""
    metavar = f"[{'|'.join(FILMS)}|FILE{SUFFIX}]"
    return click.option("--film", type=FILM, metavar=metavar, default=_NOMINAL.name, show_default=True, help=text)


jobs_option = click.option("--jobs", type=click.IntRange(min=1), help="Simulations at a time.  [default: one a core]")

seed_option = click.option(
    "--seed", type=click.IntRange(0, 1_000_000), default=1, show_default=True, help="Seed of whatever is random."
)


def given(values: Mapping[str, float]) -> dict[str, float]:
    """Those of these options of the running command that were given, rather than left at their defaults."""
    source = click.get_current_context().get_parameter_source
    return {name: value for name, value in values.items() if source(name) is not ParameterSource.DEFAULT}


def device_in(film: Film | Vo2x, **changes: float) -> Vo2x:
    """What --film says, as a device with these changes."""
    return replace(film if isinstance(film, Vo2x) else Vo2x(film=film), **changes)  # type: ignore[arg-type]


def choose(
    numbers: tuple[int, ...],
    xs: tuple[float, ...] = (),
    film: Film | Vo2x = _NOMINAL,
    **deviations: float,
) -> tuple[Chosen, ...]:
    """The devices that options name; a preset that deviates is no longer the measured or interpolated one."""
    if numbers and xs:
        raise click.UsageError("--device and --x name devices in two ways: give one of them")
    if isinstance(film, Vo2x):
        return _of_file(film, numbers, xs, deviations)
    if xs:
        return tuple(Chosen(f"x = {x:g}", "computed", device_in(film, x=x, **deviations)) for x in xs)
    if film != _NOMINAL:
        raise click.UsageError(f"the preset devices are of film {_NOMINAL.name!r}: give --x with --film {film.name}")
    return tuple(_preset(number, deviations) for number in numbers or (min(DEVICES),))


def _of_file(
    device: Vo2x, numbers: tuple[int, ...], xs: tuple[float, ...], deviations: Mapping[str, float]
) -> tuple[Chosen, ...]:
    if numbers:
        raise click.UsageError(f"the preset devices are of film {_NOMINAL.name!r}: give no --device with a file")
    name, changed = device.film.name, device_in(device, **deviations)
    if not xs:
        return (Chosen(name, "computed", changed),)
    return tuple(Chosen(f"{name}, x = {x:g}", "computed", replace(changed, x=x)) for x in xs)


def _preset(number: int, deviations: Mapping[str, float]) -> Chosen:
    device = replace(DEVICES[number], **deviations)  # type: ignore[arg-type]
    if device != replace(DEVICES[number], seed=device.seed):
        return Chosen(f"{device_label(number)}, modified", "computed", device)
    return Chosen(device_label(number), "measured" if number in MEASURED_THRESHOLDS else "interpolated", device)


def _deviation_option(item: Any) -> Callable[[Command], Command]:
    unit, low, high = (item.metadata[key] for key in ("unit", "low", "high"))
    text = f"{item.metadata['meaning'].capitalize()}{f' in {unit}' if unit else ''}, {low:g} to {high:g}."
    return click.option(
        f"--{item.name.replace('_', '-')}",
        type=QUANTITY,
        default=item.default,
        show_default=f"{item.default:g}",
        help=text,
    )


def decorated(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    """The command with these options, in this order in its help."""
    for option in reversed(options):
        command = option(command)
    return command
