"""The options of commands about networks: which images, and every setting of a training by its own name."""

import functools
from collections.abc import Callable
from dataclasses import Field, fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.options import Command
from neurokit.cli.output import Output
from neurokit.cli.parameter_types import QUANTITY, Sizes
from neurokit.errors import NeurokitError
from neurokit.simulation.installation import INSTALL_FOR_NETWORKS
from neurokit.snn.settings import Settings  # without torch, so every command line can afford it

if TYPE_CHECKING:
    from neurokit.snn.data import Digits
    from neurokit.snn.results import Trained


AS_ELSEWHERE = {"capacitance": ("--c",), "temperature": ("--t-ambient",)}  # what other commands call them
NEEDED = ("torch", "snntorch", "safetensors")
FINDABLE = ("mnist", "digits")  # data sets, by their names alone
THREADS = 1


def data_options(command: Command) -> Command:
    """--data and --dataset; the command gets `load_digits`, which finds the images when it is called.

    For a trained network they are those that it learned, unless others are asked for, of which that is said.
    """

    @functools.wraps(command)
    def with_data(data: Path | None, dataset: str | None, **rest: Any) -> Any:
        def load_digits(output: Output, trained: "Trained | None" = None) -> "Digits":
            from neurokit.snn.data import load

            learned = trained.data if trained else None
            asked = _findable(learned["name"]) if learned and not (dataset or data) else dataset
            digits = load(asked, data, quiet=output.quiet)
            if learned and dict(digits.sha256) != learned["sha256"]:
                output.say(f"the network was trained on {learned['name']}, these images are of {digits.name}")
            return digits

        return command(load_digits=load_digits, **rest)

    with_data = click.option(
        "--dataset",
        type=click.Choice(["mnist", "digits", "other"]),
        help="digits: scikit-learn's, no network needed; other: any set of MNIST's shape in --data.  [default: mnist, "
        "or what a trained network was trained on]",
    )(with_data)
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Folder of the IDX files.  [default: NEUROKIT_DATA, else the cache, else download once]",
    )(with_data)


def _findable(learned: str) -> str:
    """The name of a set that a network learned; NeurokitError if that name does not say where it is."""
    if learned not in FINDABLE:
        raise NeurokitError(
            f"the network was trained on {learned}, a set of your own: say with --data DIR where it lies, or choose "
            "another by --dataset"
        )
    return learned


def words_of(setting: str) -> click.Choice[str]:
    """What a setting that is a word can be."""
    (item,) = (item for item in fields(Settings) if item.name == setting)
    return click.Choice(item.metadata["words"])


def refuse_without_torch() -> None:
    """NeurokitError if what networks need is not installed."""
    for name in NEEDED:
        if find_spec(name) is None:
            raise NeurokitError(f"networks need {name}, which is not here: {INSTALL_FOR_NETWORKS}")


def threads_option(command: Command) -> Command:
    """--threads, which is set when the command begins; it gets no argument."""

    @functools.wraps(command)
    def with_threads(threads: int, **rest: Any) -> Any:
        set_threads(threads)
        return command(**rest)

    text = "Of torch; more help large networks only. Results are the same bit for bit for the same number."
    return click.option("--threads", type=click.IntRange(min=1), default=THREADS, show_default=True, help=text)(
        with_threads
    )


def set_threads(threads: int = THREADS) -> None:
    """So many threads of torch; NeurokitError if what networks need is not installed."""
    refuse_without_torch()
    import torch

    torch.set_num_threads(threads)


def settings_options(command: Command) -> Command:
    """An option for every setting; the command gets those that were given as `changes`."""
    items = fields(Settings)

    @functools.wraps(command)
    def with_settings(**given: Any) -> Any:
        changes = {item.name: given.pop(item.name) for item in items}
        return command(changes={name: value for name, value in changes.items() if value is not None}, **given)

    decorated: Callable[..., Any] = with_settings
    for item in reversed(items):
        decorated = _option(item)(decorated)
    return decorated


def _option(item: "Field[Any]") -> Callable[[Command], Command]:
    known = item.metadata
    unit = f" in {known['unit']}" if known.get("unit") else ""
    default = (
        "128" if item.name == "hidden" else f"{item.default:g}" if isinstance(item.default, float) else item.default
    )
    text = (
        f"{known['meaning'][0].upper()}{known['meaning'][1:]}{unit}.  [default: {'none' if default == '' else default}]"
    )
    kinds: dict[type, Any] = {int: int, float: QUANTITY, tuple: Sizes(), str: str}
    kind = words_of(item.name) if "words" in known else kinds[type(item.default)]
    metavar = "FILE" if item.name == "curve" else None
    names = [f"--{item.name.replace('_', '-')}", *AS_ELSEWHERE.get(item.name, ())]
    return click.option(*names, item.name, type=kind, help=text, metavar=metavar)
