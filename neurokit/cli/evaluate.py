"""`neurokit evaluate`: a trained network run otherwise: other windows, drawn chips, coarse weights, heat, devices."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.network_options import data_options, threads_option, words_of
from neurokit.cli.options import folder_option, output_options, seed_option
from neurokit.cli.output import Output
from neurokit.cli.parameter_types import QUANTITY, DeviceNumbers, Numbers

if TYPE_CHECKING:
    from torch import Tensor

    from neurokit.snn.data import Digits
    from neurokit.snn.network import Network, Timing
    from neurokit.snn.results import Trained

RUNS = {"way": "run", "accuracy": "accuracy", "loss": "against by rate"}
CHIPS = {
    "spread": "threshold spread",
    "chips": "chips",
    "trimmed": "output biases",
    "mean": "mean",
    "low": "5 % of chips below",
    "worst": "worst",
    "best": "best",
}
HEAT = {"temperature": "ambient (K)", "rate": "by rate"}
DEVICE = {
    "device": "device",
    "circuit": "circuit",
    "accuracy": "by rate",
    "neurons": "neurons (uJ)",
    "adders": "adders (uJ)",
    "spikes": "spikes",
    "per_spike": "per spike (nJ)",
}


def _not_negative(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if not value >= 0:
        raise click.BadParameter(f"{value:g} must be at least 0", ctx, param)
    return value


@click.command()
@click.argument("result", type=click.Path(exists=True, file_okay=False, path_type=Path))
@data_options
@click.option("--images", "count", type=click.IntRange(min=1), help="Only so many of the test images.")
@click.option(
    "--windows", type=Numbers(above=True), help="Windows in s of spiking runs.  [default: that of the training]"
)
@click.option("--taus", type=Numbers(), help="Time constants in s of the adders' low-pass.  [default: the same]")
@click.option("--encoding", type=words_of("encoding"), help="[default: the same]")
@click.option("--mismatch", type=Numbers(), help="Relative threshold spreads to draw chips with.")
@click.option("--chips", type=click.IntRange(min=1), default=50, show_default=True, help="Drawn for each spread.")
@click.option(
    "--trim", type=click.IntRange(min=10), help="Trim each chip's output biases by so many training images too."
)
@click.option("--spiking-chips", is_flag=True, help="Run the chips spike by spike, not by rate.")
@click.option("--noise", type=QUANTITY, help="Relative threshold spread from cycle to cycle, measured in ngspice.")
@click.option("--v-rail", type=QUANTITY, help="Supply of the adders in V.  [default: as trained]")
@click.option("--bits", type=click.IntRange(0, 16), help="Bits of a weight.  [default: as trained]")
@click.option("--resistors", type=words_of("resistors"), help="[default: as trained]")
@click.option(
    "--temperatures", type=Numbers(above=True), help="Ambient temperatures in K; the curve is measured at each."
)
@click.option("--devices", type=DeviceNumbers(), help="The same weights in these devices' matched circuits; energies.")
@click.option(
    "--i-rest",
    type=QUANTITY,
    default="0",
    callback=_not_negative,
    show_default=True,
    help="A that an amplifier draws at rest.",
)
@folder_option("Draw the tables there: windows.png, chips.png, energy.png.")
@seed_option
@threads_option
@output_options
def evaluate(
    result: Path,
    load_digits: "Callable[..., Digits]",
    count: int | None,
    windows: tuple[float, ...] | None,
    taus: tuple[float, ...] | None,
    encoding: str | None,
    mismatch: tuple[float, ...] | None,
    chips: int,
    trim: int | None,
    spiking_chips: bool,
    noise: float | None,
    v_rail: float | None,
    bits: int | None,
    resistors: str | None,
    temperatures: tuple[float, ...] | None,
    devices: tuple[int, ...] | None,
    i_rest: float,
    out: Path | None,
    seed: int,
    output: Output,
) -> None:
    """Run a trained network on the test images otherwise than it was trained.

    RESULT is a folder that `neurokit train` wrote. Each option that names numbers adds a table.
    """
    from neurokit.snn.results import load_result
    from neurokit.snn.training import tensor, timing_of

    _refuse_alone(mismatch, {"--trim": trim, "--spiking-chips": spiking_chips}, "--mismatch")
    _refuse_alone(devices, {"--i-rest": i_rest}, "--devices")
    trained = load_result(result)
    digits = load_digits(output, trained)
    images, labels = tensor(digits.test_images)[:count], tensor(digits.test_labels).long()[:count]
    network = _realised(trained, noise, v_rail, bits, resistors, seed)
    timing = timing_of(trained.settings)
    timing = replace(timing, encoding=encoding or timing.encoding)
    tables: dict[str, Any] = {"runs": _runs(network, images, labels, timing, windows, taus, seed)}
    if mismatch:
        few = _few(digits, trim, seed)
        tables["chips"] = _chips(network, images, labels, timing, mismatch, chips, few, spiking_chips, seed)
    if temperatures:
        tables["temperatures"] = _temperatures(trained, network, images, labels, timing, temperatures)
    if devices:
        tables["devices"] = _devices(trained, network, images, labels, timing, devices, i_rest)
    made_by = _made_by(trained, digits, network, len(images), seed)
    if out:
        from neurokit.cli.network_figures import draw_tables

        for path in draw_tables(tables, trained.curve.label, out, made_by):
            output.wrote(path)
    if output.json:
        output.write_json(tables | {"provenance": made_by})
        return
    output.show(RUNS, tables["runs"])
    for name, columns in (("chips", CHIPS), ("temperatures", HEAT), ("devices", DEVICE)):
        if name in tables:
            output.show(columns, [_in_words(row) for row in tables[name]])


def _realised(
    trained: "Trained",
    noise: float | None,
    v_rail: float | None,
    bits: int | None,
    resistors: str | None,
    seed: int,
) -> "Network":
    from neurokit.simulation import Cache
    from neurokit.snn.curves import interval_spread
    from neurokit.snn.evaluation import realised_with, with_curve

    changes: dict[str, object] = {}
    if noise is not None:
        _refuse_unknown_circuit(trained, "--noise")
        changes["jitter"] = interval_spread(trained.settings.neuron, trained.curve, noise, seed, Cache().simulate)
    changes |= {} if bits is None else {"bits": bits}
    changes |= {} if resistors is None else {"resistors": resistors}
    network = realised_with(trained.network, **changes)
    return network if v_rail is None else with_curve(network, trained.curve, v_rail)


def _refuse_alone(needed: object, given: Mapping[str, object], option: str) -> None:
    for name, value in given.items():
        if value and not needed:
            raise click.UsageError(f"{name} says nothing without {option}")


def _refuse_unknown_circuit(trained: "Trained", option: str) -> None:
    if trained.settings.curve:
        raise click.UsageError(f"{option} measures the neuron again, but this network's curve came from a file")


def _runs(
    network: "Network",
    images: "Tensor",
    labels: "Tensor",
    timing: "Timing",
    windows: tuple[float, ...] | None,
    taus: tuple[float, ...] | None,
    seed: int,
) -> list[dict[str, Any]]:
    from neurokit.snn.training import accuracy, output_rates

    by_rate = accuracy(output_rates(network, images, timing, seed=seed), labels)
    rows = [{"way": "by rate", "accuracy": f"{100 * by_rate:.2f} %", "value": by_rate}]
    for window in windows or (timing.window,):
        for tau in taus or (timing.tau,):
            at = replace(timing, window=window, tau=tau)
            value = accuracy(output_rates(network, images, at, spiking=True, seed=seed), labels)
            rows.append(
                {
                    "way": f"spiking, {1e6 * window:g} us, tau {1e6 * tau:g} us, {timing.encoding}",
                    "accuracy": f"{100 * value:.2f} %",
                    "loss": f"{100 * (value - by_rate):+.2f} points",
                    "value": value,
                    "window": window,
                    "tau": tau,
                }
            )
    return rows


def _few(digits: "Digits", trim: int | None, seed: int) -> "Tensor | None":
    """Some training images to trim chips by."""
    import torch

    from neurokit.snn.training import tensor

    if trim is None:
        return None
    order = torch.randperm(len(digits.train_labels), generator=torch.Generator().manual_seed(seed))[:trim]
    return tensor(digits.train_images[order.numpy()])


def _chips(
    network: "Network",
    images: "Tensor",
    labels: "Tensor",
    timing: "Timing",
    spreads: tuple[float, ...],
    count: int,
    few: "Tensor | None",
    spiking: bool,
    seed: int,
) -> list[dict[str, Any]]:
    from neurokit.snn import evaluation

    ways: dict[str, Callable[..., Any]] = {"as trained": lambda network, chip: network}
    if few is not None:
        ways[f"trimmed by {len(few)} images"] = lambda network, chip: evaluation.trimmed(network, chip, few)
    rows = []
    for spread in spreads:
        drawn = evaluation.chips(network, spread, count, seed)
        for name, trim in ways.items():
            values = evaluation.chip_accuracies(network, drawn, images, labels, timing, spiking=spiking, trim=trim)
            rows.append(_chip_row(spread, name, values))
    return rows


def _chip_row(spread: float, name: str, values: list[float]) -> dict[str, Any]:
    import numpy as np

    return {
        "spread": spread,
        "chips": len(values),
        "trimmed": name,
        "mean": float(np.mean(values)),
        "low": float(np.quantile(values, 0.05)),
        "worst": min(values),
        "best": max(values),
        "accuracies": values,
    }


def _temperatures(
    trained: "Trained",
    network: "Network",
    images: "Tensor",
    labels: "Tensor",
    timing: "Timing",
    temperatures: tuple[float, ...],
) -> list[dict[str, Any]]:
    from neurokit.simulation import Cache
    from neurokit.snn.curves import measured_curve
    from neurokit.snn.evaluation import with_curve
    from neurokit.snn.training import accuracy, output_rates

    _refuse_unknown_circuit(trained, "--temperatures")
    rows = []
    for kelvin in temperatures:
        hot = with_curve(network, measured_curve(replace(trained.settings, temperature=kelvin), Cache().simulate))
        rows.append({"temperature": kelvin, "rate": accuracy(output_rates(hot, images, timing), labels)})
    return rows


def _devices(
    trained: "Trained",
    network: "Network",
    images: "Tensor",
    labels: "Tensor",
    timing: "Timing",
    devices: tuple[int, ...],
    i_rest: float,
) -> list[dict[str, Any]]:
    from neurokit.circuits.values import si_text
    from neurokit.simulation import Cache
    from neurokit.snn.energy import energy
    from neurokit.snn.job import in_matched_circuit
    from neurokit.snn.training import accuracy, output_rates

    _refuse_unknown_circuit(trained, "--devices")
    rows = []
    for number in devices:
        settings, other, curve = in_matched_circuit(trained, network, number, Cache().simulate)
        spent = energy(other, images, curve, timing.window, i_rest=i_rest)
        circuit = f"{si_text(settings.r_series, 'Ohm', 3)}, {si_text(settings.capacitance, 'F', 3)}"
        rows.append(
            {
                "device": number,
                "circuit": f"{circuit}, {settings.v_rail:.3g} V",
                "accuracy": accuracy(output_rates(other, images, timing), labels),
                "neurons": 1e6 * float(spent.neurons.mean()),
                "adders": 1e6 * float(spent.adders.mean()),
                "spikes": float(spent.spikes.mean()),
                "per_spike": 1e9 * float(spent.total.mean() / spent.spikes.mean()),
                "by_digit": spent.by_class(labels),
            }
        )
    return rows


def _in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """Shares as percentages."""
    shares = ("mean", "low", "worst", "best", "rate", "accuracy", "spread")
    return {k: f"{100 * v:.2f} %" if k in shares else v for k, v in row.items()}


def _made_by(trained: "Trained", digits: "Digits", network: "Network", images: int, seed: int) -> dict[str, Any]:
    from dataclasses import asdict

    from neurokit.snn.job import versions

    return {
        "weights": trained.record["weights"]["sha256"],
        "curve": trained.record["curve"],
        "settings": trained.record["settings"],
        "realised": asdict(network.realised),
        "data": {"name": digits.name, "sha256": dict(digits.sha256), "images": images},
        "seed": seed,
        "versions": versions(),
    }
