"""Figures of training, from small made-up data: what is counted is shown, once, with its unit."""

import re

import numpy as np
import pytest

from neurokit.report.training.chips import yield_curve
from neurokit.report.training.confusion import confusion_matrix
from neurokit.report.training.energy import energy_per_inference
from neurokit.report.training.epochs import accuracy_per_epoch
from neurokit.report.training.input import input_and_voltages
from neurokit.report.training.rasters import rasters
from neurokit.report.training.rates import rate_histogram
from neurokit.report.training.width import width_ablation
from neurokit.report.training.windows import windows_and_taus

MU = "\N{GREEK SMALL LETTER MU}"
UNIT = re.compile(rf"\((V|%|{MU}s|kHz|nJ|{MU}J|number|digit|pixel|points|mse)\)$")

GREYS = (np.arange(28 * 28) % 256).reshape(28, 28).astype(np.uint8)
EPOCHS = [{"number": k, "loss": 0.1 / k, "accuracy": 0.9, "held_out": 0.8 + 0.01 * k} for k in (1, 2, 3)]
COUNTS = 50 * np.eye(10, dtype=int) + np.triu(np.ones((10, 10), dtype=int), 5)


def make_spikes(neurons, seed=1):
    return np.random.default_rng(seed).random((100, neurons)) < 0.05


def make_chips(chips=40):
    spread = np.linspace(0, 0.1, 4)[:, None]
    return 0.97 - spread * np.random.default_rng(1).random((4, chips))


MAKERS = {
    "input": lambda: input_and_voltages(GREYS, 8.2 + GREYS / 60, 8.7, 12.9, 7),
    "rasters": lambda: rasters({"hidden": make_spikes(32), "output": make_spikes(10)}, 0.5e-6, 3, 3),
    "rates": lambda: rate_histogram({"hidden": [0.0, 4e4, 9e4], "output": np.zeros((2, 10))}, 9e4, "made up"),
    "confusion": lambda: confusion_matrix(COUNTS, "made up"),
    "epochs": lambda: accuracy_per_epoch(EPOCHS, {"by rates": 0.91, "spiking": 0.89}),
    "yield": lambda: yield_curve([0, 0.01, 0.02, 0.05], {"ordinary": make_chips(), "trimmed": make_chips()}),
    "windows": lambda: windows_and_taus([2e-5, 5e-5], [1e-6, 5e-6], [[0.8, 0.7], [0.96, np.nan]], 0.97),
    "energy": lambda: energy_per_inference({"Device 1": np.full(10, 3e-7)}, {"Device 1": 3.1e-7}),
    "width": lambda: width_ablation([0.1, 1, 10], [0.8, 0.97, 0.9], [0.05, 0.002, 0.01], 1.0),
}


@pytest.fixture(params=MAKERS)
def figure(request):
    figure = MAKERS[request.param]()
    figure.draw_without_rendering()
    return figure


def texts(axes):
    return [text.get_text() for text in axes.texts]


def spikes_drawn(axes):
    return sum(len(line.get_positions()) for line in axes.collections)


def bars_of(axes, name):
    (bars,) = (bars for bars in axes.containers if bars.get_label() == name)
    return np.array([bar.get_height() for bar in bars])


def entries(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_axes_have_units(figure):
    for axes in figure.axes:
        below = axes.get_shared_x_axes().get_siblings(axes)[1:] or axes.get_label() == "<colorbar>"
        named = [axes.get_ylabel()] if below else [axes.get_ylabel(), axes.get_xlabel()]
        assert all(UNIT.search(text) for text in named), named


def test_legends_keep_off_the_data_and_all_is_within_the_figure(figure):
    legends = [legend.get_window_extent() for legend in figure.legends]
    assert not any(box.overlaps(axes.get_window_extent()) for box in legends for axes in figure.axes)
    whole = figure.bbox.padded(1)
    for axes in figure.axes:
        box = axes.get_tightbbox()
        assert whole.containsx(box.x0) and whole.containsx(box.x1)  # noqa: PT018
        assert whole.containsy(box.y0) and whole.containsy(box.y1)  # noqa: PT018


def test_neurons_between_onset_and_latching_fire():
    drives = np.full((28, 28), 8.0)
    drives[0, :5], drives[1, :3] = 10.0, 20.0
    figure = input_and_voltages(GREYS, drives, 8.7, 12.9, 7)
    assert "5 of 784" in figure.axes[1].get_title()


def test_onset_and_latching_are_marked_on_the_scale_of_voltages():
    figure = MAKERS["input"]()
    (marks,) = figure.axes[2].child_axes
    assert [text.get_text() for text in marks.get_yticklabels()] == ["onset\n8.70 V", "latching\n12.90 V"]


def test_a_drive_outside_of_the_range_is_on_the_scale():
    figure = input_and_voltages(GREYS, np.linspace(5, 20, 784).reshape(28, 28), 8.7, 12.9, 7)
    assert figure.axes[2].get_ylim() == (5, 20)


def test_every_spike_is_drawn_once_within_its_step():
    spikes = np.zeros((100, 3))
    spikes[[0, 7, 99], [0, 2, 2]] = 1
    hidden, output = rasters({"hidden": spikes, "output": make_spikes(10)}, 0.5e-6, 3, 3).axes
    assert spikes_drawn(hidden) == 3
    assert spikes_drawn(output) == make_spikes(10).sum()
    assert list(hidden.collections[2].get_positions()) == pytest.approx([3.75, 49.75])
    assert output.get_xlim() == pytest.approx((0, 50))


def test_the_spikes_of_the_answer_stand_out():
    output = rasters({"output": make_spikes(10)}, 0.5e-6, 3, 8).axes[0]
    colours = [tuple(line.get_color()) for line in output.collections]
    assert [k for k, colour in enumerate(colours) if colours.count(colour) == 1] == [8]


@pytest.mark.parametrize(
    ("spikes", "answer", "said"),
    [
        (make_spikes(10), 3, "answered 3$"),
        (make_spikes(10), 5, "answered 5: wrong$"),
        (np.zeros((9, 10)), 0, "no answer"),
    ],
)
def test_a_raster_says_what_the_answer_was(spikes, answer, said):
    assert re.search(said, rasters({"output": spikes}, 1e-6, 3, answer).get_suptitle())


def test_bars_of_rates_and_of_silence_make_the_whole():
    rates = np.concatenate([np.zeros(60), np.random.default_rng(1).uniform(1, 9e4, 140)])
    (axes,) = rate_histogram({"hidden": rates}, 9e4).axes
    assert bars_of(axes, "silent") == pytest.approx([30.0])
    assert bars_of(axes, "firing").sum() == pytest.approx(70.0)
    assert axes.get_title(loc="left") == "hidden: 30.0 % silent"


def test_rates_above_the_curve_s_highest_are_counted():
    (axes,) = rate_histogram({"jittered": [9e4, 9.9e4]}, 9e4).axes
    assert bars_of(axes, "firing").sum() == pytest.approx(100.0)


def test_numbers_in_the_matrix_sum_to_the_images():
    axes = confusion_matrix(COUNTS).axes[0]
    assert sum(int(text) for text in texts(axes)) == COUNTS.sum()
    assert "97.09 % of 515 images right" in axes.get_title()


def test_a_class_without_images_has_no_share():
    counts = COUNTS.copy()
    counts[4] = 0
    (shares,) = confusion_matrix(counts).axes[0].child_axes
    assert shares.get_yticklabels()[4].get_text() == "none"


def test_one_error_more_has_another_colour():
    more = COUNTS.copy()
    more[9, 0] = 2
    (image,) = confusion_matrix(more).axes[0].images
    colours = image.get_array()
    assert np.abs(colours[9, 0] - colours[0, 9]).max() > 0.2


def test_without_held_out_images_there_is_no_line_of_them():
    epochs = [{**epoch, "held_out": None} for epoch in EPOCHS]
    assert "held-out images" in entries(accuracy_per_epoch(EPOCHS, {}))
    assert "held-out images" not in entries(accuracy_per_epoch(epochs, {}))


def test_final_accuracies_are_lines_and_numbers():
    figure = accuracy_per_epoch(EPOCHS, {"by rates": 0.9125, "spiking": 0.89})
    assert {"test, by rates: 91.25 %", "test, spiking: 89.00 %"} <= set(entries(figure))
    heights = [line.get_ydata()[0] for line in figure.axes[0].lines[2:]]
    assert heights == pytest.approx([91.25, 89.0])


def test_a_yield_has_mean_band_and_worst_chip():
    chips = np.tile(np.linspace(0.5, 0.9, 101), (4, 1))
    (axes,) = yield_curve([0, 1, 2, 5], {"one": chips}).axes
    mean, worst = (line.get_ydata() for line in axes.lines[:2])
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert (mean[0], worst[0], band.min(), band.max()) == pytest.approx((70, 50, 52, 88))


def test_cells_say_accuracy_and_difference_and_where_none_is_known():
    axes = MAKERS["windows"]().axes[0]
    assert texts(axes) == ["80.0\n\N{MINUS SIGN}17.0", "96.0\n\N{MINUS SIGN}1.0", "70.0\n\N{MINUS SIGN}27.0", "none"]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["20", "50"]


@pytest.mark.parametrize(("energy", "unit"), [(3e-3, "mJ"), (4e-6, f"{MU}J"), (5e-7, "nJ"), (1e-10, "pJ"), (0.0, "pJ")])
def test_energies_have_a_unit_that_suits_them(energy, unit):
    figure = energy_per_inference({"Device 1": np.full(10, energy)}, {"Device 1": energy})
    assert figure.axes[0].get_ylabel() == f"energy per inference ({unit})"


def test_bars_of_a_digit_stand_beside_each_other_around_it():
    energies = {f"Device {k}": np.full(10, k * 1e-7) for k in (1, 2, 3, 4)}
    (axes,) = energy_per_inference(energies, dict.fromkeys(energies, 1e-7)).axes
    edges = [(bars[7].get_x(), bars[7].get_x() + bars[7].get_width()) for bars in axes.containers]
    assert [right for _, right in edges[:-1]] == pytest.approx([left for left, _ in edges[1:]])
    assert edges[0][0] + edges[-1][1] == pytest.approx(14)


def test_widths_are_logarithmic_and_the_default_is_marked():
    figure = MAKERS["width"]()
    assert figure.axes[0].get_xscale() == "log"
    assert "the default, 1 V" in entries(figure)
    assert [text.get_text() for text in figure.axes[0].get_xticklabels()] == ["0.1", "1", "10"]
