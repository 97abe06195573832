"""Every figure of the table, drawn from small made-up data: its axes carry units, and its file says what made it."""

import json
import re

import numpy as np
import pytest
from transfer_points import make_curve as make_curve_of_rates

from neurokit.device.closed_form import StaticCurve, resistance_loop
from neurokit.device.vo2x import DEVICES
from neurokit.errors import NeurokitError
from neurokit.report import FIGURES, save_figure
from neurokit.report.iv_loops import static_branches
from neurokit.report.rt_loops import bare_film, minor_histories, temperatures
from neurokit.report.style import ordered_colours
from neurokit.simulation import Waveforms

UNIT = re.compile(r"\((V|A|mA|K|ohm|s|\N{GREEK SMALL LETTER MU}s|Hz|kHz|mW|\N{GREEK SMALL LETTER MU}J|%|effective)\)$")


def make_curve(v_max: float = 6.0) -> StaticCurve:
    v = np.linspace(0.1, v_max, 50)
    return StaticCurve(theta=v, v=v, i=v * 1e-3, u=v / v_max)


def make_waveforms() -> Waveforms:
    t = np.linspace(0, 1e-4, 200)
    return Waveforms("Transient Analysis", "time", {"time": t, "v(osc)": np.sin(1e5 * t), "i(v_in)": 1e-3 * t})


def make_loops() -> dict:
    return {f"Device {n}": resistance_loop(DEVICES[n], temperatures((300, 370))) for n in (1, 5)}


ARGUMENTS = {
    "iv_loops": lambda: (
        {f"d{k}": (make_curve(), make_curve()) for k in range(5)},
        {"d0": [(make_curve().v, make_curve().i)]},
    ),
    "rt_loops": lambda: ({"device": make_loops(), "film": make_loops()}, {"Device 1": 338.0, "Device 5": 338.0}),
    "minor_loops": lambda: (
        make_loops()["Device 1"],
        minor_histories(DEVICES[1], 310.0, [(330.0, 339.0), (334.0, 342.0)]),
    ),
    "waveforms": lambda: ({"Device 1": make_waveforms(), "Device 2 (interpolated)": make_waveforms()},),
    "signals": lambda: (make_waveforms(), "a title"),
    "thresholds_vs_x": lambda: ([0, 0.05], [6.5, 1.5], [1.5, 1.4], ([0.01], [4.2], [1.5]), ([0], [6.5])),
    "transfer_curves": lambda: ({f"Device {k}": make_curve_of_rates(k) for k in (1, 2)},),
    "threshold_noise": lambda: (np.random.default_rng(1).normal(6.5, 0.05, 100), 6.5, 0.0072),
}


@pytest.fixture(params=FIGURES)
def figure(request):
    return FIGURES[request.param](*ARGUMENTS[request.param]())


def shown(figure):
    return [axes for axes in figure.axes if axes.get_visible()]


def test_the_outer_axes_of_every_figure_are_labelled_with_units(figure):
    for axes in shown(figure):
        assert UNIT.search(axes.get_ylabel()), axes.get_ylabel()
        alone_or_last = not axes.get_shared_x_axes().get_siblings(axes)[1:] or axes is shown(figure)[-1]
        if alone_or_last:
            assert UNIT.search(axes.get_xlabel()), axes.get_xlabel()


def test_no_legend_lies_on_the_data(figure):
    figure.draw_without_rendering()
    inside = [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    for legend in (*figure.legends, *inside):
        box = legend.get_window_extent()
        assert not any(box.overlaps(axes.get_window_extent()) for axes in shown(figure))


def test_every_figure_is_written_as_png_and_svg_with_what_made_it(figure, tmp_path):
    for suffix in (".png", ".svg"):
        path = save_figure(figure, tmp_path / "new" / f"figure{suffix}", {"ngspice": "39", "netlist": "abc"})
        assert b"netlist" in path.read_bytes()


def test_the_provenance_of_a_png_is_json(tmp_path):
    from PIL import Image

    path = save_figure(FIGURES["signals"](make_waveforms()), tmp_path / "f.png", {"ngspice": "39"})
    assert json.loads(Image.open(path).text["Description"]) == {"ngspice": "39"}


def test_a_figure_with_another_suffix_is_refused(tmp_path):
    with pytest.raises(NeurokitError, match=r"'\.pdf'.*\.png or \.svg"):
        save_figure(FIGURES["signals"](make_waveforms()), tmp_path / "f.pdf", {})


def test_branches_reach_the_highest_voltage_in_the_metallic_state():
    heating, cooling = static_branches(DEVICES[1], 8.0)
    for curve in (heating, cooling):
        assert curve.v.max() == pytest.approx(8.0, rel=0.01)
        assert curve.v[-1] / curve.i[-1] == pytest.approx(DEVICES[1].film.r_metal, rel=0.01)


def test_a_minor_loop_goes_up_down_and_up_again():
    ((label, (temperature, resistance)),) = minor_histories(DEVICES[1], 310.0, [(334.0, 339.0)]).items()
    assert label == "minor loop 334 to 339 K"
    assert (temperature.min(), temperature.max()) == (310.0, 339.0)
    assert resistance[-1] == pytest.approx(resistance[temperature == 339.0][0], rel=1e-6)


def test_the_bare_film_of_a_pristine_device_starts_at_1e4_ohm():
    assert resistance_loop(bare_film(DEVICES[1]), [300.0]).heating[0] == pytest.approx(1e4)


def test_colours_of_a_family_differ_in_lightness_as_well():
    lightness = [0.3 * r + 0.6 * g + 0.1 * b for r, g, b, _ in ordered_colours(5)]
    assert lightness == sorted(lightness)
