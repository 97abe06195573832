"""`neurokit train`: a network of VO2 neurons learns handwritten digits, and is then run spike by spike."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.network_options import data_options, settings_options, threads_option
from neurokit.cli.options import folder_option, output_options
from neurokit.cli.output import Output

if TYPE_CHECKING:
    from neurokit.snn.data import Digits
    from neurokit.snn.results import Trained
    from neurokit.snn.settings import Settings
    from neurokit.snn.training import Epoch, Step
    from neurokit.spikes.transfer import TransferCurve

OUT = Path("out/train")
COLUMNS = {"way": "run", "test": "test accuracy", "held_out": "held out", "loss": "against by rate"}


@click.command()
@click.argument("recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@settings_options
@data_options
@folder_option(f"[default: {OUT}/RECIPE]")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in --out, to the same result.")
@click.option(
    "--tensorboard", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write logs there."
)
@click.option("--no-figures", is_flag=True, help="Write no figures beside the result.")
@threads_option
@output_options
def train(
    recipe: Path | None,
    changes: Mapping[str, Any],
    load_digits: "Callable[..., Digits]",
    out: Path | None,
    resume: bool,
    tensorboard: Path | None,
    no_figures: bool,
    output: Output,
) -> None:
    """Train a network of VO2 neurons on MNIST, and run it spike by spike.

    RECIPE is a TOML file of settings, such as those in training/; every setting is an option too, which goes before
    the file. Without either it is the paper's network: 784-128-10 of Device 1, MSE on rates, ten epochs.
    """
    from neurokit.simulation import Cache
    from neurokit.snn.job import curve_of, train_into
    from neurokit.snn.results import CHECKPOINT
    from neurokit.snn.settings import Settings, changed, settings_from_toml

    settings = settings_from_toml(recipe, changes) if recipe else changed(Settings(), changes)
    folder = out or OUT / (recipe.stem if recipe else "paper")
    digits = load_digits(output)
    simulate = Cache().simulate
    curve = curve_of(settings, simulate)
    output.say(f"{_about(digits, settings, curve)}\n{folder} gets the result")
    with ExitStack() as stack:
        report, follow = stack.enter_context(_watched(settings, tensorboard, output))
        try:
            trained = train_into(
                folder, digits, settings, curve, simulate=simulate, go_on=resume, report=report, follow=follow
            )
        except KeyboardInterrupt:
            if (folder / CHECKPOINT).exists():
                output.say(f"the same command with --resume --out {folder} goes on after the last whole epoch")
            raise
    if not no_figures:
        from neurokit.cli.network_figures import draw_trained

        for path in draw_trained(trained, digits, folder):
            output.wrote(path)
    if output.json:
        output.write_json(trained.record)
    else:
        output.show(COLUMNS, accuracy_rows(trained))


def accuracy_rows(trained: "Trained") -> list[dict[str, Any]]:
    """What each way reached, and what is lost by running the same weights spike by spike."""
    reached = trained.record["accuracy"]
    settings = trained.settings
    names = {"rate": "by rate", "spiking": f"spiking, {1e6 * settings.window:g} us, tau {1e6 * settings.tau:g} us"}
    return [
        {
            "way": names[way],
            "test": f"{100 * found['test']:.2f} %",
            "held_out": f"{100 * found['held_out']:.2f} %" if "held_out" in found else "",
            "loss": f"{100 * (found['test'] - reached['rate']['test']):+.2f} points" if way == "spiking" else "",
        }
        for way, found in reached.items()
    ]


def _about(digits: "Digits", settings: "Settings", curve: "TransferCurve") -> str:
    from neurokit.snn.training import split

    layers = "-".join(str(n) for n in (digits.train_images[0].size, *settings.hidden, 10))
    rows, held = split(digits, settings)
    images = f"{len(rows)} images of {digits.name} ({digits.source}), {len(held)} held out"
    return f"{layers} of {curve.label} on {images}, seed {settings.seed}"


@contextmanager
def _watched(
    settings: "Settings", tensorboard: Path | None, output: Output
) -> "Iterator[tuple[Callable[[Epoch], None], Callable[[Step], None]]]":
    """What is told of each epoch and step: a bar on a terminal, a line an epoch elsewhere, logs where asked for."""
    with ExitStack() as stack:
        log = stack.enter_context(_logged(tensorboard)) if tensorboard else None
        bar = stack.enter_context(_bar(settings, output))

        def report(epoch: "Epoch") -> None:
            held_out = "" if epoch.held_out is None else f", held out {100 * epoch.held_out:.2f} %"
            output.say(f"epoch {epoch.number}: loss {epoch.loss:.5f}, {100 * epoch.accuracy:.2f} %{held_out}")
            if log:
                log(epoch)
            if epoch.number == settings.epochs:
                output.say(f"running the test images by rate and over {1e6 * settings.window:g} us")

        yield report, bar


@contextmanager
def _bar(settings: "Settings", output: Output) -> "Iterator[Callable[[Step], None]]":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=output.quiet or not console.is_terminal) as bar:
        task = bar.add_task("begins", total=None)

        def follow(step: "Step") -> None:
            words = f"epoch {step.epoch}/{settings.epochs} loss {step.loss:.4f} accuracy {100 * step.accuracy:.1f} %"
            bar.update(task, completed=step.step, total=step.steps, description=words)

        yield follow


@contextmanager
def _logged(folder: Path) -> "Iterator[Callable[[Epoch], None]]":
    from neurokit.errors import NeurokitError

    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise NeurokitError("--tensorboard needs a package that is not here: pip install tensorboard") from None
    with SummaryWriter(str(folder)) as writer:

        def log(epoch: "Epoch") -> None:
            writer.add_scalar("loss/train", epoch.loss, epoch.number)
            writer.add_scalar("accuracy/train", epoch.accuracy, epoch.number)
            if epoch.held_out is not None:
                writer.add_scalar("accuracy/held out", epoch.held_out, epoch.number)
            writer.flush()  # an interrupted training has what its checkpoint has

        yield log
