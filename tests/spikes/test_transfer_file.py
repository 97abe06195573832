"""The file: every curve is read back as it was."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transfer_points import make_curve

from neurokit.errors import NeurokitError
from neurokit.simulation.outcome import Cause, Status
from neurokit.spikes.operating_point import OperatingPoint
from neurokit.spikes.regime import Regime
from neurokit.spikes.transfer import TransferCurve
from neurokit.spikes.transfer_file import UNITS, curve_from_text, curve_text, read_curve, write_curve

OTHERS = {
    "v_in": st.floats(allow_nan=False),
    "status": st.sampled_from(Status),
    "cause": st.none() | st.sampled_from(Cause),
    "regime": st.none() | st.sampled_from(Regime),
    "rung": st.none() | st.text(min_size=1),
    "engine": st.text(),
    "netlist_sha256": st.text(),
    "message": st.text(),
    "simulations": st.integers(1, 99),
}
POINTS = st.builds(
    OperatingPoint,
    **{item.name: OTHERS.get(item.name, st.floats()) for item in dataclasses.fields(OperatingPoint)},
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def same(a, b):
    return type(a) is type(b) and (a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b)))


@given(st.lists(POINTS, max_size=4), st.dictionaries(st.text(), JSON, max_size=4))
def test_any_curve_is_read_back_exactly(points, provenance):
    curve = TransferCurve(tuple(points), provenance)
    back = curve_from_text(curve_text(curve))
    assert back == curve
    for old, new in zip(curve.points, back.points, strict=True):
        assert all(same(getattr(old, item.name), getattr(new, item.name)) for item in dataclasses.fields(old))


def test_a_file_is_csv_under_a_header_of_json(tmp_path):
    path = write_curve(make_curve(), tmp_path / "curve.csv")
    lines = path.read_text().splitlines()
    assert lines[0] == "# {"
    rows = [line for line in lines if not line.startswith("# ")]
    assert rows[0].startswith('"v_in","status",')
    assert rows[1].startswith('2.0,"ok",')
    assert read_curve(path) == make_curve()


def test_every_unit_is_that_of_a_column():
    assert set(UNITS) <= {item.name for item in dataclasses.fields(OperatingPoint)}


@pytest.mark.parametrize(
    "text",
    ["", "v_in\n1.0\n", "# {}\n", "# not json\n", curve_text(make_curve()).replace("duty", "doubt")],
    ids=["empty", "no header", "empty header", "no JSON", "other columns"],
)
def test_another_file_is_refused_by_name(tmp_path, text):
    (tmp_path / "other.csv").write_text(text)
    with pytest.raises(NeurokitError, match=r"other\.csv is not a transfer curve.*neurokit transfer"):
        read_curve(tmp_path / "other.csv")


def test_a_file_that_ends_too_early_is_refused(tmp_path):
    text = curve_text(make_curve())
    (tmp_path / "short.csv").write_text(text[: text.rindex('"ok"') + 10])
    with pytest.raises(NeurokitError, match="not a transfer curve"):
        read_curve(tmp_path / "short.csv")
