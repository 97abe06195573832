"""Figures of phase diagrams: drawn for one to three axes, with words for all that they show."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device import DEVICES
from neurokit.report.phase_diagram import measured, phase_diagram, triple_points
from neurokit.report.style import save_figure
from neurokit.spikes.regime import Regime
from neurokit.sweeps.axes import Axis
from neurokit.sweeps.run import Method, run_sweep
from neurokit.sweeps.spec import SweepSpec, default_axes

R, V, C = Axis("r_series", 1e3, 9e3, 5), Axis("v_in", 5.0, 21.0, 6), Axis("capacitance", 1e-10, 1e-8, 3, log=True)
FULL, FOLLOW = Method("twin", full_grid=True), Method("twin")


def swept(folder, axes, method=FOLLOW, device=1, **changes):
    spec = SweepSpec(NeuronCircuit(DEVICES[device]), axes, **changes)
    return run_sweep(spec, folder, lambda: ThreadPoolExecutor(2), method)


def texts(figure):
    figure.draw_without_rendering()
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    return " | ".join(text.get_text() for legend in legends if legend for text in legend.get_texts())


def drawn(figure, path):
    save_figure(figure, path, {})
    assert path.read_bytes().startswith(b"\x89PNG")
    return texts(figure)


def test_a_plane_names_regimes_points_boundaries_and_the_triple_point(tmp_path):
    figure = phase_diagram(swept(tmp_path, default_axes(DEVICES[1])), "Device 1")
    said = drawn(figure, tmp_path / "plane.png")
    for regime in Regime:
        assert regime.value in said
    for words in ("simulated, twin", "onset, closed form", "latching, closed form", "triple point 16"):
        assert words in said
    (axes,) = figure.axes
    assert axes.get_title() == "Device 1"
    assert "series resistance" in axes.get_xlabel()
    assert "supply voltage (V)" in axes.get_ylabel()


def test_one_axis_shows_frequencies(tmp_path):
    figure = phase_diagram(swept(tmp_path, (V,), FULL))
    said = drawn(figure, tmp_path / "line.png")
    assert "simulated" in said
    assert "oscillating" in said
    assert figure.axes[0].get_ylabel() == "frequency (kHz)"


@pytest.mark.parametrize("method", [FULL, pytest.param(FOLLOW, marks=pytest.mark.slow)])
def test_three_axes_are_slices_along_the_first(tmp_path, method):
    figure = phase_diagram(swept(tmp_path, (C, R, V), method), "C, R, V")
    assert "oscillating" in drawn(figure, tmp_path / "slices.png")
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert len(titles) >= 3
    assert "1e-10" in titles[0]
    assert "1e-08" in titles[-1]


def test_logarithmic_axes_are_drawn_so(tmp_path):
    (axes,) = phase_diagram(swept(tmp_path, (C, V), FULL)).axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")


@pytest.mark.parametrize("axes", [(R,), (R, V), (C, R, V)])
def test_failed_points_are_shown_and_named(tmp_path, axes):
    failed = swept(tmp_path, axes, Method("ngspice", full_grid=True, budget=6), time_limit_s=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = phase_diagram(failed)
    assert "failed" in drawn(figure, tmp_path / "failed.png")
    if len(axes) > 1:
        assert any(patch.get_hatch() for panel in figure.axes for patch in panel.patches)


def test_a_quantity_of_the_device_can_be_an_axis_even_where_it_has_no_thresholds(tmp_path):
    said = drawn(phase_diagram(swept(tmp_path, (Axis("x", 0.0, 0.1, 5), V), FULL)), tmp_path / "x.png")
    assert "onset, closed form" in said


def test_triple_points_of_several_devices_are_named_and_those_not_seen_too(tmp_path):
    found = {f"Device {n}": swept(tmp_path / str(n), default_axes(DEVICES[n]), device=n) for n in (1, 4)}
    found["far away"] = swept(tmp_path / "far", (Axis("r_series", 8e3, 9e3), Axis("v_in", 1.0, 2.0)))
    said = drawn(triple_points(found), tmp_path / "triple.png")
    for words in ("Device 1", "Device 4", "far away: none seen", "closed form, slow circuit"):
        assert words in said


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [(1643.53, 2.2, "1643.5 ± 2.2"), (7.7503, 0.006, "7.7503 ± 0.0060"), (931, 1088, "931 ± 1088"), (5.0, 0.0, "5")],
)
def test_a_measured_number_has_the_digits_that_its_error_leaves(value, error, text):
    assert measured(value, error) == text
