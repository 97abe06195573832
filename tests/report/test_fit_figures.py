"""Figures and page of a made-up fit: one for every kind of record, axes with units, and a page that loads nothing."""

import re
from dataclasses import replace

import numpy as np
import pytest

from neurokit.calibration.description import LINEAR, LOG, Description, Free
from neurokit.calibration.predict import predicted
from neurokit.calibration.records import CHECK, DOWN, FIT, KINDS, UP, Record
from neurokit.calibration.result import Ablation, Answers, End, Fit, Interval, Score
from neurokit.device.vo2x import DEVICES
from neurokit.report.fit.correlations import correlation_figure
from neurokit.report.fit.figures import CORRELATIONS, PARAMETERS, RECORD_FIGURES, fit_figures, record_figure
from neurokit.report.fit.page import OTHER_TEXTS, RECORD_TEXTS, fit_page
from neurokit.report.fit.parameters import parameter_figure
from neurokit.report.fit.wording import UNKNOWN, limits_text, number_text, shown_in, title_of, value_text
from neurokit.report.style import save_figure

DEVICE = DEVICES[1]
BOTH_WAYS = (UP, UP, DOWN, DOWN)
UNIT = re.compile(r"\((K|V|mV|mA|A|ohm|kohm|decades|%|ns|\N{MICRO SIGN}s|\N{MICRO SIGN}A|kHz|MHz)\)$")


def make_record(kind, given, measured, branch=(), circuit=None, use=FIT, name=None):
    columns = {key: np.array(values, dtype=np.float64) for key, values in measured.items()}
    return Record(
        name=name or f"the {kind}",
        kind=kind,
        use=use,
        given={key: np.array(values, dtype=np.float64) for key, values in given.items()},
        branch=branch,
        measured=columns,
        errors={key: 0.05 * np.abs(values) for key, values in columns.items()},
        circuit={
            key: part if isinstance(part, str) else np.array(part, dtype=np.float64)
            for key, part in (circuit or {}).items()
        },
    )


def make_loop():
    record = make_record("resistance", {"temperature": [300, 345, 345, 300]}, {"resistance": [1] * 4}, BOTH_WAYS)
    given = predicted(record, DEVICE, {})
    return Answers(replace(record, measured={"resistance": 1.1 * given["resistance"]}), given)


def make_sweep():
    record = make_record("iv", {"voltage": [0, 4, 8, 2]}, {"current": [1] * 4}, BOTH_WAYS)
    given = predicted(record, DEVICE, {})
    return Answers(replace(record, measured={"current": 0.9 * given["current"]}), given)


def make_thresholds():
    record = make_record("threshold", {}, {"voltage": [6.0, 1.5]}, (UP, DOWN))
    return Answers(record, predicted(record, DEVICE, {}))


def make_oscillation(**circuit):
    drive = circuit or {"current": [5e-5, 1e-4, 2e-4]}
    measured = {"mean": [0.1, 0.2, 0.3], "peak_to_peak": [0, 0.1, 0.2], "frequency": [np.nan, 4e7, 5e7]}
    record = make_record("oscillation", {}, measured, circuit={**drive, "capacitance": "c_beside"}, use=CHECK)
    return Answers(record, {**record.measured, "frequency": np.array([np.nan, np.nan, 4.8e7])})


def make_waveform():
    record = make_record("waveform", {"time": [0, 1e-8, 2e-8]}, {"voltage": [0, 0.1, 0.05]})
    return Answers(record, {"voltage": np.array([0, 0.11, 0.05])})


def make_pulses():
    record = make_record("pulse", {"amplitude": [5, 8], "width": [1e-7, 1e-5]}, {"fires": [0, 1]})
    return Answers(record, {"fires": np.array([0.2, 1.0])})


ANSWERS = {
    "resistance": make_loop,
    "iv": make_sweep,
    "threshold": make_thresholds,
    "oscillation": make_oscillation,
    "waveform": make_waveform,
    "pulse": make_pulses,
}
FREE = (Free("r_metal", 10, 1000, LOG), Free("k_tc", -5, 5, LINEAR), Free("c_beside", 1e-13, 1e-11, LOG))
INTERVALS = (
    Interval("r_metal", 100.0, 99.0, 101.0, True, "ohm"),
    Interval("k_tc", 1.0, -5.0, 5.0, False, "K per unit x"),
    Interval("c_beside", 6e-12, 2e-12, 1e-11, False, "F"),
)


def make_fit():
    answers = tuple(make() for make in ANSWERS.values())
    related = np.full((3, 3), np.nan)
    related[0, 0] = 1.0
    records = tuple(given.record for given in answers)
    return Fit(
        description=Description("a <made-up> device", "nobody", DEVICE, {}, {}, FREE, records),
        best=End(
            12.3, True, DEVICE, {"c_beside": 6e-12}, answers, (make_oscillation(), make_sweep()), "ngspice agrees."
        ),
        others=(End(40.0, False, DEVICE, {}, answers, (), "ngspice says nothing of it."),),
        numbers=10,
        intervals=INTERVALS,
        correlations=related,
        scores=(
            Score("the iv", FIT, "current", "decades", 0.05, 0.1, True),
            Score("the oscillation", CHECK, "frequency", "%", 4.0, 4.0, False, "row 2 is quiet and should oscillate"),
        ),
        verdict=("Of the 2 quantities one is explained.", "The data do not determine k_tc."),
        starts=(12.3, 40.0),
        seed=1,
        cpu_s=60.0,
        evaluations=12345,
    )


@pytest.fixture(params=ANSWERS)
def answers(request):
    return ANSWERS[request.param]()


def entries(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def lines_of(axes, name):
    return next(line for line in axes.lines if line.get_label() == name)


def test_every_kind_of_record_has_a_figure_and_words_on_the_page():
    assert set(RECORD_FIGURES) == set(RECORD_TEXTS) == set(KINDS) == set(ANSWERS)


def test_axes_of_every_record_have_units(answers):
    figure = record_figure(answers, answers, DEVICE)
    for axes in figure.axes:
        assert UNIT.search(axes.get_ylabel()), axes.get_ylabel()
    assert UNIT.search(figure.axes[-1].get_xlabel()), figure.axes[-1].get_xlabel()


def test_no_legend_lies_on_the_data(answers):
    figure = record_figure(answers, answers, DEVICE)
    figure.draw_without_rendering()
    boxes = [legend.get_window_extent() for legend in figure.legends]
    assert boxes
    assert not any(box.overlaps(axes.get_window_extent()) for box in boxes for axes in figure.axes)


@pytest.mark.parametrize("kind", ["iv", "oscillation", "pulse", "waveform"])  # the others are closed form
def test_ngspice_is_in_the_legend_only_where_it_answered(kind):
    given = ANSWERS[kind]()
    assert any("ngspice" in text for text in entries(record_figure(given, given, DEVICE)))
    assert not any("ngspice" in text for text in entries(record_figure(given, None, DEVICE)))


def test_residuals_of_a_loop_are_the_decades_that_the_model_is_off():
    below = record_figure(make_loop(), None, DEVICE).axes[1]
    off = np.concatenate([line.get_ydata() for line in below.lines if line.get_linestyle() == "None"])
    np.testing.assert_allclose(off, -np.log10(1.1))


def test_a_device_that_does_not_snap_has_a_sweep_all_the_same():
    given = make_thresholds()
    axes = record_figure(replace(given, predicted={"voltage": np.full(2, np.nan)}), None, DEVICE).axes[0]
    assert lines_of(axes, "model, voltage up").get_xdata()[-1] == pytest.approx(1.3 * 6.0)


def test_a_current_of_zero_has_no_residual_in_percent():
    off = record_figure(make_sweep(), None, DEVICE).axes[2]
    shown = np.concatenate([line.get_ydata() for line in off.lines if line.get_linestyle() == "None"])
    assert np.isnan(shown[0])
    np.testing.assert_allclose(shown[1:], 100 / 9)


@pytest.mark.parametrize(
    ("circuit", "axis"),
    [
        ({"current": [5e-5, 1e-4, 2e-4]}, "current (\N{MICRO SIGN}A)"),
        ({"supply": [3, 4, 5], "r_series": [1e3] * 3}, "supply (V)"),
        ({"supply": [5] * 3, "r_series": [3e3, 4e3, 5e3]}, "load (kohm)"),
        ({"supply": [5] * 3, "r_series": [3e3] * 3}, "supply (V)"),
    ],
)
def test_oscillations_are_drawn_against_what_was_varied(circuit, axis):
    assert record_figure(make_oscillation(**circuit), None, DEVICE).axes[-1].get_xlabel() == axis


def test_rows_without_oscillation_are_open_circles_at_zero():
    axes = record_figure(make_oscillation(), None, DEVICE).axes[-1]
    quiet = lines_of(axes, "measured, no oscillation")
    assert quiet.get_markerfacecolor() == "white"
    assert list(quiet.get_ydata()) == [0.0]
    assert list(lines_of(axes, "measured").get_ydata()) == pytest.approx([40.0, 50.0])
    assert list(lines_of(axes, "twin").get_ydata()) == pytest.approx([0.0, 0.0, 48.0])


def test_what_it_does_between_the_rows_is_a_line_beside_those_of_ends_that_are_not_ruled_out():
    given = make_oscillation()
    drive = np.linspace(3e-5, 3e-4, 10)
    asked = replace(given.record, circuit={**given.record.circuit, "current": drive})
    quiet = {name: np.full(10, np.nan) for name in given.predicted}
    lines = (Answers(asked, {**quiet, "frequency": np.full(10, 4e7)}), Answers(asked, quiet))
    axes = record_figure(replace(given, lines=lines), None, DEVICE).axes[-1]
    assert list(lines_of(axes, "twin, between the rows").get_ydata()) == pytest.approx([40.0] * 10)
    assert np.isnan(lines_of(axes, "other ends of the search, not ruled out").get_ydata()).all()
    low, high = axes.get_xlim()
    assert low < 30 < 300 < high
    assert lines_of(axes, "twin").get_linestyle() == "None"


def test_the_page_says_where_other_starts_ended_and_what_additions_are_worth():
    tried = (
        Ablation((), 3, 0.9, 1.1, ()),
        Ablation(("s_growth",), 2, 0.95, 7.25, ("the oscillation: frequency",)),
    )
    page = " ".join(fit_page(replace(make_fit(), ablations=tried), {}, {}).split())
    others = page[page.index('<section id="others">') : page.index('<section id="ablations">')]
    assert "40" in others
    assert "ruled out" in others
    assert "ngspice says nothing of it." in others
    assert '<th scope="row">s_growth</th><td class="n">2</td>' in page
    assert "7.25" in page
    assert 'id="ablations"' not in fit_page(make_fit(), {}, {})


def test_a_simulation_that_failed_has_no_mark():
    given = make_oscillation()
    failed = replace(given, predicted={name: np.full(3, np.nan) for name in given.predicted})
    for axes in record_figure(given, failed, DEVICE).axes:
        assert np.isnan(lines_of(axes, "ngspice").get_ydata()).all()


def test_rows_that_differ_in_two_ways_are_not_joined():
    two = make_oscillation(supply=[3, 4, 5], r_series=[1e3, 3e3, 2e3])
    axes = record_figure(two, None, DEVICE).axes[-1]
    assert {line.get_linestyle() for line in axes.lines} == {"None"}


def test_a_figure_says_whether_its_record_was_fitted():
    assert title_of(make_loop().record) == "the resistance, fitted"
    assert title_of(make_oscillation().record) == "the oscillation, checked and never fitted"


def test_parameters_are_shares_of_their_range_and_those_undetermined_are_open():
    axes = parameter_figure(make_fit()).axes[0]
    points = [line for line in axes.lines if line.get_marker() == "o"]
    assert [float(point.get_xdata()[0]) for point in points] == pytest.approx([50.0, 60.0, 88.9], abs=0.1)
    assert [point.get_markerfacecolor() == "white" for point in points] == [False, True, True]


def test_correlations_that_are_not_known_are_masked():
    axes = correlation_figure(make_fit()).axes[0]
    assert np.ma.getmaskarray(axes.images[0].get_array()).sum() == 8
    assert [text.get_text() for text in axes.texts] == ["1.00"]


@pytest.mark.parametrize(
    ("free", "interval", "words"),
    [
        (FREE[0], INTERVALS[0], "determined"),
        (FREE[1], INTERVALS[1], "not determined"),
        (FREE[2], INTERVALS[2], "not limited from above"),
        (FREE[0], replace(INTERVALS[0], low=10.0, determined=False), "not limited from below"),
    ],
)
def test_the_side_that_data_leave_open_is_said(free, interval, words):
    assert limits_text(free, interval) == words


def test_a_parameter_has_the_digits_that_its_interval_knows():
    known = Interval("t_transition", 340.0647123, 340.05, 340.08, True, "K")
    assert value_text(known) == "340.065 K"
    assert value_text(replace(known, low=335, high=345)) == "340 K"


def test_numbers_have_prefixes_where_their_unit_takes_them():
    assert number_text(2.7e-6, "W/K") == "2.7 \N{MICRO SIGN}W/K"
    assert number_text(0.0123, "1/K") == "0.0123 1/K"
    assert number_text(0.0512, "decades") == "0.0512 decades"
    assert number_text(np.nan, "V") == UNKNOWN
    assert shown_in("A", np.array([np.nan, 3.8e-4])) == (pytest.approx(1e6), "\N{MICRO SIGN}A")
    assert shown_in("V", np.array([np.nan])) == (1.0, "V")


def test_the_page_holds_every_figure_and_loads_nothing(tmp_path):
    fit = make_fit()
    images = {
        name: save_figure(figure, tmp_path / f"{k}.png", {})
        for k, (name, figure) in enumerate(fit_figures(fit).items())
    }
    page = fit_page(fit, images, {"neurokit": "0.1.0"})
    assert images.keys() == {given.record.name for given in fit.best.answers} | {PARAMETERS, CORRELATIONS}
    assert OTHER_TEXTS.keys() == {PARAMETERS, CORRELATIONS}
    assert page.count("data:image/png;base64,") == len(images)
    assert not re.search(r"(src|href)=\"(?!data:)", page)


def test_the_verdict_comes_first_on_the_page():
    page = fit_page(make_fit(), {}, {})
    places = [page.index(f'<section id="{name}">') for name in ("verdict", "parameters", "scores", "provenance")]
    assert places == sorted(places)
    assert places[0] < page.index("Of the 2 quantities one is explained.") < places[1]


def test_the_page_says_what_is_not_explained_and_not_determined():
    page = fit_page(make_fit(), {}, {})
    assert "row 2 is quiet and should oscillate" in page
    assert page.count("not explained") == 1
    assert "not limited from above" in page
    assert "a &lt;made-up&gt; device" in page
