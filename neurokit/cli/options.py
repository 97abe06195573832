"""The options that commands share, each defined once: which devices, where to write, how to speak."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import click

from neurokit.cli.output import Output
from neurokit.cli.parameter_types import QUANTITY, DeviceNumbers, OutFile
from neurokit.device.vo2x import DEVICES, FILMS, MEASURED_THRESHOLDS, Vo2x, device_label

Command = Callable[..., Any]

_NOMINAL_FILM = Vo2x().film.name
_DEVIATIONS = tuple(item for item in fields(Vo2x) if "low" in item.metadata and item.name not in ("x", "seed"))


@dataclass(frozen=True)
class Chosen:
    """A device that a command was asked about."""

    label: str
    basis: str  # "measured" or "interpolated" thresholds of a preset; "computed" of any other device
    device: Vo2x


def device_options(command: Command) -> Command:
    """--device, --x, --film and how a device deviates; the command gets the devices chosen, in `devices`."""

    @functools.wraps(command)
    def with_devices(device: tuple[tuple[int, ...], ...], x: tuple[float, ...], film: str, **rest: Any) -> Any:
        deviations = {item.name: rest.pop(item.name) for item in _DEVIATIONS} | {"seed": float(rest.pop("seed"))}
        numbers = tuple(n for group in device for n in group)
        return command(devices=choose(numbers, x, film, deviations), **rest)

    numbers = "Preset devices: 1, 1-5 or 1,3.  [default: 1]"
    options: list[Callable[[Command], Command]] = [
        click.option("--device", "--devices", type=DeviceNumbers(), multiple=True, help=numbers),
        click.option("--x", type=QUANTITY, multiple=True, help="Oxygen deficiency, instead of a preset; repeatable."),
        click.option(
            "--film", type=click.Choice(list(FILMS)), default=_NOMINAL_FILM, show_default=True, help="Film of --x."
        ),
        *(_deviation_option(item) for item in _DEVIATIONS),
        seed_option,
    ]
    return _decorated(with_devices, options)


def output_options(command: Command) -> Command:
    """--json and --quiet; the command gets them as `output`."""

    @functools.wraps(command)
    def with_output(json: bool, quiet: bool, **rest: Any) -> Any:
        return command(output=Output(json=json, quiet=quiet), **rest)

    options = [
        click.option("--json", is_flag=True, help="One JSON document on stdout instead of tables."),
        click.option("--quiet", is_flag=True, help="Nothing but results and errors."),
    ]
    return _decorated(with_output, options)


def out_option(*suffixes: str, help: str = "File to write") -> Callable[[Command], Command]:  # noqa: A002 - click's word
    """--out FILE, whose suffix says what is written."""
    kinds = f" ({', '.join(suffixes)} by suffix)." if suffixes else "."
    return click.option("--out", type=OutFile(*suffixes), metavar="FILE", help=help + kinds)


jobs_option = click.option("--jobs", type=click.IntRange(min=1), help="Simulations at a time.  [default: one a core]")

seed_option = click.option(
    "--seed", type=click.IntRange(0, 1_000_000), default=1, show_default=True, help="Seed of whatever is random."
)


def choose(
    numbers: tuple[int, ...], xs: tuple[float, ...], film: str, deviations: dict[str, float]
) -> tuple[Chosen, ...]:
    """The devices that options name; a preset that deviates is no longer the measured or interpolated one."""
    if numbers and xs:
        raise click.UsageError("--device and --x name devices in two ways: give one of them")
    if xs:
        return tuple(Chosen(f"x = {x:g}", "computed", Vo2x.from_vacancy(x, film, **deviations)) for x in xs)
    if film != _NOMINAL_FILM:
        raise click.UsageError(f"the preset devices are of film {_NOMINAL_FILM!r}: give --x with --film {film}")
    return tuple(_preset(number, deviations) for number in numbers or (min(DEVICES),))


def _preset(number: int, deviations: dict[str, float]) -> Chosen:
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


def _decorated(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
