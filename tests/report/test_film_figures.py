"""Figures of the processes of a film: axes carry units, legends keep off the data, published figures are drawn."""

import re
from functools import cache

import numpy as np
import pytest

from neurokit.device.wafer import cut_devices
from neurokit.errors import OutOfRangeError
from neurokit.report import save_figure
from neurokit.report.film.anneal import anneal_figure, annealing_curves, annealing_figure
from neurokit.report.film.overlayer import directional_curves, directional_figure, overlayer_curves, overlayer_figure
from neurokit.report.film.spectra import FINGERPRINTS, fingerprints, noisy_readings, simulated_spectra
from neurokit.report.film.tip import tip_decay, tip_scans, tip_sections
from neurokit.report.film.wafer import wafer_line, wafer_rt_curves, wafer_rt_maps
from neurokit.vacancy.anneal import Anneal
from neurokit.vacancy.checks.overlayer import park
from neurokit.vacancy.checks.tip import scans
from neurokit.vacancy.growth import GrowthGradient, growth_deficiency
from neurokit.vacancy.spectroscopy import Calibration, reading_of_ratio
from neurokit.vacancy.tip import D_DECAY, Film, Force, decayed, write_line, written_map

UNIT = re.compile(
    r"\((V|K|ohm|mm|nm|min|mTorr|decades|°|°C|\N{GREEK SMALL LETTER MU}N|eV|meV|\N{SQUARE ROOT}h|normalised|relative|"
    r"ratio|arbitrary unit|effective)\)$"
)
GRADIENT, CALIBRATION, DEPTH = GrowthGradient(), Calibration(), Film().read_depth


def make_line():
    return write_line(Force(5.7e-6))


def make_map():
    middles = 4e-9 * (np.arange(16) + 0.5)
    positions = np.stack(np.meshgrid(middles, middles), axis=-1)
    return written_map(make_line(), positions, 0.02, DEPTH, (32e-9, 16e-9), (32e-9, 48e-9), cell=4e-9)


FIGURES = {
    "wafer_rt_curves": lambda: wafer_rt_curves(GRADIENT),
    "wafer_rt_maps": lambda: wafer_rt_maps(GRADIENT, cut_devices(GRADIENT)),
    "wafer_line": lambda: wafer_line(GRADIENT, cut_devices(GRADIENT)),
    "overlayer": lambda: overlayer_figure(overlayer_curves(pressures=(6, 24))),
    "thickness": lambda: directional_figure(directional_curves()),
    "annealing": lambda: annealing_figure(annealing_curves()),
    "anneal": lambda: anneal_figure(Anneal(), 0.01),
    "fingerprints": lambda: fingerprints(CALIBRATION, noisy_readings(CALIBRATION, seed=1)),
    "spectra": lambda: simulated_spectra(CALIBRATION, seed=1),
    "tip_scans": lambda: tip_scans(scans()),
    "tip_sections": lambda: tip_sections({"a line": make_line()}, [make_map()]),
    "tip_decay": lambda: tip_decay({0.0: make_line(), 3600.0: decayed(make_line(), D_DECAY[14], 3600.0)}, DEPTH),
}
# By figure, how many lines or marks say what is published.
PUBLISHED = {"wafer_line": 2, "overlayer": 4, "annealing": 0, "fingerprints": 2, "tip_scans": 5}


@cache
def drawn(name):
    figure = FIGURES[name]()
    figure.draw_without_rendering()
    return figure


@pytest.mark.parametrize("name", FIGURES)
def test_every_axis_that_is_named_has_its_unit(name):
    labels = [text for axes in drawn(name).axes for text in (axes.get_xlabel(), axes.get_ylabel())]
    assert all(UNIT.search(text) for text in labels if text), labels
    assert sum(bool(text) for text in labels) >= 3


@pytest.mark.parametrize("name", FIGURES)
def test_legends_keep_off_the_data_and_inside_the_figure(name):
    figure = drawn(name)
    assert not any(axes.get_legend() for axes in figure.axes)
    for box in (legend.get_window_extent() for legend in figure.legends):
        assert not any(box.overlaps(axes.get_window_extent()) for axes in figure.axes)
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.width


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_is_published_is_drawn_and_called_so(name):
    lines = [line for axes in drawn(name).axes for line in axes.get_lines()]
    assert sum("published" in str(line.get_label()) for line in lines) == PUBLISHED[name]
    assert any("published" in text.get_text() for legend in drawn(name).legends for text in legend.get_texts())


def test_a_figure_is_written_with_what_made_it(tmp_path):
    path = save_figure(drawn("wafer_line"), tmp_path / "line.png", {"angle": 35})
    assert b"angle" in path.read_bytes()


def test_an_overlayer_s_own_pressure_is_drawn_too():
    growths = overlayer_curves(park(7.5), pressures=(6, 24)).growths
    assert list(growths) == [6, 7.5, 24]


def test_a_wafer_whose_far_end_does_not_switch_is_drawn_as_far_as_it_does():
    steep = GrowthGradient(uptake=0.14)
    above, below = wafer_line(steep, cut_devices(steep)).axes
    assert above.get_lines()[0].get_xdata()[-1] == pytest.approx(25)
    assert below.get_lines()[0].get_xdata()[-1] < 20


def test_readings_come_out_near_the_films_that_made_the_spectra():
    for fingerprint, readings in noisy_readings(CALIBRATION, seed=3).items():
        assert fingerprint in FINGERPRINTS
        assert [r.x for r in readings] == pytest.approx([0.0125, 0.025, 0.0375], abs=0.01)


def test_a_ratio_alone_is_a_reading_without_an_interval():
    reading = reading_of_ratio(CALIBRATION, "V-L", 0.3)
    assert reading.low == reading.x == reading.high
    axes = fingerprints(CALIBRATION, {("V-L", "area"): [reading]}, "0.3").axes[0]
    assert "0.3" in axes.get_legend_handles_labels()[1]


def test_a_map_without_positions_is_refused():
    uniform = growth_deficiency(GRADIENT, 0.0)
    with pytest.raises(OutOfRangeError, match="no positions"):
        tip_sections({}, [type(uniform)(uniform.x, "a process", {})])
