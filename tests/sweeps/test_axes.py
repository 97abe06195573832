"""Axes and specs as text: what is written is read back, and what cannot be is refused with the way out."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device import DEVICES, Vo2x
from neurokit.device.accuracy import FINE, MAP
from neurokit.device.closed_form import triple_point
from neurokit.device.vo2x import FILMS
from neurokit.errors import NeurokitError
from neurokit.sweeps.axes import QUANTITIES, SHORT, Axis, parse_axis, parse_grid, placed
from neurokit.sweeps.spec import SweepSpec, default_axes, spec_from_json, spec_to_json

PAIRS = st.tuples(st.floats(1e-15, 1e15), st.floats(1e-15, 1e15)).map(sorted).filter(lambda p: p[0] < p[1])
AXES = st.builds(
    lambda name, pair, count, log: Axis(name, *pair, count, log),
    st.sampled_from(sorted(QUANTITIES)),
    PAIRS,
    st.none() | st.integers(2, 10_000),
    st.booleans(),
)


@given(AXES)
def test_an_axis_that_is_written_out_is_read_as_itself(axis):
    count = f":{axis.count}" if axis.count else ""
    assert parse_axis(f"{axis.name}={axis.low!r}..{axis.high!r}{count}{':log' if axis.log else ''}") == axis


def test_people_write_prefixes_short_names_and_dashes():
    assert parse_axis("c=100p..10n:40:log") == Axis("capacitance", 1e-10, 1e-8, 40, log=True)
    assert parse_axis("R=1k..9k:log:7") == Axis("r_series", 1e3, 9e3, 7, log=True)
    assert parse_axis("v-in = 2..20") == parse_axis("v=2..20") == Axis("v_in", 2.0, 20.0)
    assert parse_axis("t_ambient=-5..5").low == -5
    assert {parse_axis(f"{short}=1..2").name for short in SHORT} == set(SHORT.values())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("r_seris=1k..9k", "no axis 'r_seris': choose one of v_in"),
        ("voltage=1..9", "no axis 'voltage'"),
        ("r_series", "NAME=LOW..HIGH"),
        ("r_series=1k", "NAME=LOW..HIGH"),
        ("r_series=1k-9k", "NAME=LOW..HIGH"),
        ("r_series=9k..1k", "9000..1000 must rise"),
        ("r_series=1k..1k", "must rise"),
        ("r_series=1k..9k:1", "1 points are no axis, give at least 2"),
        ("r_series=1k..9k:0", "0 points"),
        ("r_series=1k..9k:", "a number of points and `log`"),
        ("r_series=1k..9k:4:5", "a number of points and `log`"),
        ("r_series=1k..9k:log:log", "a number of points and `log`"),
        ("r_series=1k..9k:-3", "a number of points and `log`"),
        ("v_in=0..20:log", "begins above 0, not at 0"),
        ("v_in=-2..20:5:log", "begins above 0, not at -2"),
        ("v_in=two..20", "'two' is not a number"),
        ("v_in=1..1e999", "largest number"),
    ],
)
def test_what_is_no_axis_is_refused_with_the_value_and_the_way_out(text, words):
    with pytest.raises(NeurokitError, match=words.replace("(", r"\(").replace(".", r"\.")):
        parse_axis(text)


@given(AXES, st.integers(1, 200))
def test_positions_run_from_one_bound_to_the_other(axis, cells):
    values = [axis.value(k / cells) for k in range(cells + 1)]
    assert (values[0], values[-1]) == (axis.low, axis.high)
    assert all(axis.low * (1 - 1e-12) <= v <= axis.high * (1 + 1e-12) for v in values)
    assert sorted(values) == pytest.approx(values)
    middle = (axis.low * axis.high) ** 0.5 if axis.log else (axis.low + axis.high) / 2
    assert axis.value(0.5) == pytest.approx(middle)


def test_a_grid_gives_each_axis_its_number_or_all_the_same():
    axes = (Axis("r_series", 1e3, 9e3), Axis("v_in", 2.0, 20.0))
    assert [axis.count for axis in parse_grid("60x40", axes)] == [60, 40]
    assert [axis.count for axis in parse_grid("12", axes)] == [12, 12]
    for wrong in ("60x40x20", "60xx40", "60x", "ax40", "-3x4"):
        with pytest.raises(NeurokitError, match="each of the 2 axes"):
            parse_grid(wrong, axes)
    with pytest.raises(NeurokitError, match="at least 2"):
        parse_grid("60x1", axes)


def test_a_setting_goes_to_the_supply_the_circuit_or_the_device():
    neuron, v_in = placed(NeuronCircuit(), 12.5, {"v_in": 7.0, "capacitance": 1e-9, "x": 0.02, "t_ambient": 310.0})
    assert (v_in, neuron.capacitance, neuron.r_series) == (7.0, 1e-9, 3e3)
    assert neuron.device == Vo2x(x=0.02, t_ambient=310.0)
    assert placed(NeuronCircuit(), 12.5, {}) == (NeuronCircuit(), 12.5)


OWN_FILM = replace(FILMS["mbe"], name="own", r_metal=123.0)


@pytest.mark.parametrize("film", [*FILMS.values(), OWN_FILM, replace(FILMS["mbe"], tau_up=1e-8)])
def test_a_spec_survives_json_whatever_its_film(film):
    neuron = NeuronCircuit(Vo2x(film, x=0.0123456789, noise=0.0072, seed=7.0), 1 / 3 * 1e4, 2.2e-9, 12.0)
    axes = (Axis("x", 0.0, 0.05), Axis("capacitance", 1e-10, 1e-8, 40, log=True), Axis("v_in", 2.0, 20.0))
    for accuracy in (FINE, MAP):
        spec = SweepSpec(neuron, axes, 9.5, accuracy, "pyspice", 30.0)
        assert spec_from_json(json.loads(json.dumps(spec_to_json(spec)))) == spec
    assert isinstance(spec_to_json(spec)["neuron"]["device"]["film"], str) == (film in FILMS.values())


@pytest.mark.parametrize("document", [{}, {"neuron": {}}, {"neuron": None}, {"neuron": {"device": {"film": "none"}}}])
def test_what_is_no_spec_is_refused(document):
    with pytest.raises(NeurokitError, match="not the description of a sweep"):
        spec_from_json(document)


def test_a_sweep_needs_one_to_three_axes_each_once_and_possible_at_both_ends():
    r, v = Axis("r_series", 1e3, 9e3), Axis("v_in", 2.0, 20.0)
    for axes in ((), (r, r), (r, v, Axis("x", 0.0, 0.05), Axis("capacitance", 1e-10, 1e-8))):
        with pytest.raises(NeurokitError, match="one to three axes"):
            SweepSpec(NeuronCircuit(), axes)
    with pytest.raises(NeurokitError, match=r"x = 0\.3"):
        SweepSpec(NeuronCircuit(), (Axis("x", 0.0, 0.3),))
    with pytest.raises(NeurokitError, match="r_series"):
        SweepSpec(NeuronCircuit(), (Axis("r_series", 0.0, 1e3),))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_default_axes_have_the_closed_form_triple_point_well_inside(number):
    r, v = default_axes(DEVICES[number])
    t = triple_point(DEVICES[number])
    assert 0.1 < (t.r_series - r.low) / (r.high - r.low) < 0.4
    assert 0.1 < (t.v_in - v.low) / (v.high - v.low) < 0.4


def test_a_device_without_triple_point_has_no_default_axes_but_a_hint():
    with pytest.raises(NeurokitError, match="--axis r_series=LOW"):
        default_axes(Vo2x(x=0.1))
