"""Figures of a verification, from small made-up data: what is counted is shown, with its unit and without overlap."""

import re

import numpy as np
import pytest
from matplotlib.colors import same_color

from neurokit.report.style import VERMILLION, save_figure
from neurokit.report.verification.devices import devices_compared
from neurokit.report.verification.latency import latencies
from neurokit.report.verification.partings import partings
from neurokit.report.verification.rasters import rasters
from neurokit.report.verification.rates import rates_compared

MU = "\N{GREEK SMALL LETTER MU}"
UNIT = re.compile(rf"\(({MU}s|{MU}J|nJ|number|number, logarithmic scale|digit|% of full scale)\)$|device and circuit$")
WINDOW = 5e-5
COUNTS = {"same number of spikes": 13412, "start-up: the first spike comes at another time": 387, "rail": 1, "rate": 0}


def make_spikes(*sizes):
    return [[np.arange(1e-6 * (2 + k % 7), WINDOW, 1e-6 * (3 + k % 5)) for k in range(size)] for size in sizes]


def make_rasters(sizes=(8, 4, 10), ngspice=3, spiking=3):
    spikes = make_spikes(*sizes)
    return rasters(spikes, spikes, WINDOW, 3, {"ngspice": ngspice, "spiking": spiking, "rate": None})


def make_row(device, neurons=8e-4, per_spike=1.5e-7):
    circuit = {"circuit": f"{device} kOhm, 200 pF, 20.9 V", "device": device}
    return circuit | {"neurons": neurons, "supply": 1.3 * neurons, "per_spike": per_spike}


MAKERS = {
    "rasters": make_rasters,
    "rasters of 784 neurons": lambda: make_rasters((784, 128, 10)),
    "rates": lambda: rates_compared([0, 0.5, 1.0], [0, 0.53, 1.0], [2, 2, 3], 0.02, "made up"),
    "partings": lambda: partings(COUNTS, "made up"),
    "devices": lambda: devices_compared([make_row(k, 8e-4 / k**3) for k in (1, 2, 3, 4)]),
    "one device": lambda: devices_compared([make_row(1)]),
    "latency": lambda: latencies([1e-5, 1.2e-5, 3e-5], 1, WINDOW),
    "no latency": lambda: latencies([], 3, WINDOW),
}


@pytest.fixture(scope="module", params=MAKERS)
def drawn(request):
    figure = MAKERS[request.param]()
    figure.draw_without_rendering()
    return figure


def entries(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def highlighted(axes):
    return [k for k, line in enumerate(axes.collections) if same_color(line.get_color(), VERMILLION)]


def test_axes_of_a_verification_have_units(drawn):
    named = [text for axes in drawn.axes for text in (axes.get_xlabel(), axes.get_ylabel()) if text]
    assert all(UNIT.search(text) for text in named), named
    assert drawn.axes[-1].get_xlabel()


def test_texts_keep_clear_of_each_other_and_within_the_figure(drawn):
    boxes = [legend.get_window_extent() for legend in drawn.legends]
    assert not any(box.overlaps(axes.get_window_extent()) for box in boxes for axes in drawn.axes)
    whole = drawn.bbox.padded(1)
    for axes in drawn.axes:
        box = axes.get_tightbbox()
        assert (whole.x0 <= box.x0, box.x1 <= whole.x1, whole.y0 <= box.y0, box.y1 <= whole.y1) == (True,) * 4
        ticks = [[text.get_window_extent() for text in ticks] for ticks in (axes.get_xticklabels(), axes.texts)]
        assert not any(a.overlaps(b) for row in ticks for k, a in enumerate(row) for b in row[:k])


def test_every_figure_of_a_verification_is_written_as_png(drawn, tmp_path):
    assert save_figure(drawn, tmp_path / "figure.png", {}).read_bytes().startswith(b"\x89PNG")


def test_a_row_of_rasters_is_a_layer_and_a_column_a_side():
    circuit, network = make_spikes(5, 10), make_spikes(5, 10)
    network[0][2] = np.array([])
    axes = rasters(circuit, network, WINDOW, 3, {"ngspice": 3, "spiking": 3}).axes
    titles = [panel.get_title(loc="left") for panel in axes]
    assert titles[:2] == ["circuit in ngspice, layer 1: 5 of 5 fire", "spiking network, layer 1: 4 of 5 fire"]
    assert list(axes[2].collections[4].get_positions()) == pytest.approx(list(1e6 * circuit[1][4]))
    assert axes[0].get_xlim() == pytest.approx((0, 50))


def test_only_the_answer_of_each_side_stands_out():
    axes = make_rasters(ngspice=8, spiking=0).axes
    assert [highlighted(panel) for panel in axes] == [[], [], [], [], [8], [0]]


def test_without_an_answer_nothing_stands_out_and_the_title_says_so():
    figure = make_rasters(ngspice=8, spiking=None)
    assert [highlighted(panel) for panel in figure.axes[-2:]] == [[8], []]
    title = figure.get_suptitle()
    assert title == "a 3; answers: circuit in ngspice 8, spiking network none, rate network none"


def test_rates_within_the_tolerance_are_counted():
    left, right = MAKERS["rates"]().axes
    assert right.get_title() == "66.67 % within ±2 %"
    assert sum(len(line.get_xdata()) for line in left.lines if line.get_rasterized()) == 3
    assert {"layer 2: 2 rates", "layer 3: 1 rates"} <= set(entries(left.figure))


def test_rates_above_full_scale_and_large_differences_are_drawn():
    left, right = rates_compared([1.2, 0.0], [0.3, 0.0], [2, 2], 0.02).axes
    assert left.get_ylim()[1] > 120
    assert right.get_xlim()[1] >= 90


def test_one_neuron_beside_ten_thousand_has_a_bar_that_is_seen():
    (axes,) = partings(COUNTS).axes
    axes.figure.draw_without_rendering()
    lengths = [bar.get_window_extent().width for bar in axes.patches]
    assert lengths[2] > 0.1 * lengths[0]
    assert lengths[3] == 0
    assert [text.get_text() for text in axes.texts] == ["13,412 (97.19 %)", "387 (2.80 %)", "1 (0.01 %)", "0"]


def test_energies_of_devices_are_in_microjoule_and_those_of_spikes_in_nanojoule():
    left, right = devices_compared([make_row(1), make_row(2, 4e-6, None)]).axes
    assert [text.get_text() for text in left.texts] == ["800", "4", "1,040", "5.2"]
    assert [text.get_text() for text in right.texts] == ["150", "none"]


def test_the_median_of_latencies_is_marked_and_the_undecided_are_counted():
    figure = MAKERS["latency"]()
    (axes,) = figure.axes
    assert axes.lines[0].get_xdata()[0] == pytest.approx(12.0)
    assert f"median, 12 {MU}s" in entries(figure)
    assert axes.get_title() == "decided: 3 digits, undecided: 1"
