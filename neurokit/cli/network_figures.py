"""The figures of a trained network, as in the paper's figure 4, drawn from the result and the test images."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from neurokit.snn.data import Digits
    from neurokit.snn.results import Trained

SHOWN_RATES = 500  # images behind the histogram of rates


def draw_trained(trained: "Trained", digits: "Digits", folder: Path) -> list[Path]:
    """Input and voltages, rasters, rates, confusion and accuracy per epoch, as PNG in the result's folder."""
    from neurokit.report import save_figure

    made_by = {name: trained.record[name] for name in ("settings", "curve", "weights", "data", "versions")}
    return [save_figure(figure, folder / f"{name}.png", made_by) for name, figure in _figures(trained, digits).items()]


def draw_tables(tables: Mapping[str, Any], title: str, folder: Path, made_by: Mapping[str, Any]) -> list[Path]:
    """What `neurokit evaluate` found that is worth a picture, as PNG in a folder."""
    from neurokit.report import save_figure
    from neurokit.report.training.chips import yield_curve
    from neurokit.report.training.energy import energy_per_inference
    from neurokit.report.training.windows import windows_and_taus

    figures: dict[str, Figure] = {}
    by_rate, *spiking = tables["runs"]
    if len(spiking) > 1:
        windows, taus = (sorted({row[name] for row in spiking}) for name in ("window", "tau"))
        found = {(row["window"], row["tau"]): row["value"] for row in spiking}
        grid = [[found[window, tau] for tau in taus] for window in windows]
        figures["windows"] = windows_and_taus(windows, taus, grid, by_rate["value"], title)
    if chips := tables.get("chips"):
        spreads = list(dict.fromkeys(row["spread"] for row in chips))
        ways = dict.fromkeys(row["trimmed"] for row in chips)
        bands = {way: [row["accuracies"] for row in chips if row["trimmed"] == way] for way in ways}
        figures["chips"] = yield_curve(spreads, bands, title)
    if devices := tables.get("devices"):
        by_digit = {f"Device {row['device']}": [e or float("nan") for e in row["by_digit"]] for row in devices}
        means = {f"Device {row['device']}": 1e-6 * (row["neurons"] + row["adders"]) for row in devices}
        figures["energy"] = energy_per_inference(by_digit, means, title)
    return [save_figure(figure, folder / f"{name}.png", made_by) for name, figure in figures.items()]


def _figures(trained: "Trained", digits: "Digits") -> "dict[str, Figure]":
    import torch

    from neurokit.report.training.confusion import confusion_matrix
    from neurokit.report.training.epochs import accuracy_per_epoch
    from neurokit.report.training.input import input_and_voltages
    from neurokit.report.training.rasters import rasters
    from neurokit.report.training.rates import rate_histogram
    from neurokit.snn.network import spike_rate
    from neurokit.snn.training import tensor, timing_of

    network, reached = trained.network, trained.record["accuracy"]
    image, label = digits.test_images[0], int(digits.test_labels[0])
    timing = timing_of(trained.settings)
    with torch.no_grad():
        drives = network.pixel_drive(tensor(image).float()).numpy()
        fired = list(network.spikes(tensor(image)[None], timing))
        answer = int(spike_rate(fired[-1])[0].argmax())
        rates = list(network.all_rates(network.encode(tensor(digits.test_images[:SHOWN_RATES]))))
    names = _layer_names(len(rates))
    tests = {"by rate": reached["rate"]["test"], "spiking": reached["spiking"]["test"]}
    by_layer: dict[str, Any] = {n: (network.f_full * rate).numpy() for n, rate in zip(names, rates, strict=True)}
    spikes = {n: layer[:, 0].numpy() for n, layer in zip(names, fired[1:], strict=True)}
    return {
        "input": input_and_voltages(image, drives, network.rate.v_on, network.rate.v_off, label),
        "rasters": rasters(spikes, timing.dt, label, answer),
        "rates": rate_histogram(by_layer, network.f_full, trained.curve.label),
        "confusion": confusion_matrix(reached["spiking"]["confusion"], "Spiking, test images"),
        "epochs": accuracy_per_epoch(trained.record["epochs"], tests, trained.settings.loss, trained.curve.label),
    }


def _layer_names(layers: int) -> list[str]:
    hidden = ["hidden"] if layers == 2 else [f"hidden {k + 1}" for k in range(layers - 1)]
    return [*hidden, "output"]
