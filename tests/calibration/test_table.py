import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.calibration.table import in_si, read_table
from neurokit.errors import NeurokitError


def written(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text)
    return path


def test_columns_come_in_si_units_under_our_names(tmp_path):
    path = written(tmp_path, "# a comment\nI_uA, T_C ,branch\n10,20,up\n\n-,30,down\n")
    found = read_table(
        path, {"current": "I_uA", "temperature": "T_C", "branch": "branch"}, {"current": "uA", "temperature": "degC"}
    )
    assert found["current"][0] == pytest.approx(1e-5)
    assert found["current"][1] != found["current"][1]  # a missing cell is no number
    assert list(found["temperature"]) == pytest.approx([293.15, 303.15])
    assert found["branch"] == ["up", "down"]


def test_rows_that_cannot_be_read_are_named_by_their_line(tmp_path):
    path = written(tmp_path, "# first\nv\n1\nabc\n2\n3,4\n")
    with pytest.raises(NeurokitError, match=r"line 4: 'abc' is no number; line 6: 2 cells instead of 1"):
        read_table(path, {"voltage": "v"}, {"voltage": "V"})


def test_a_missing_column_or_unit_is_named(tmp_path):
    path = written(tmp_path, "v\n1\n")
    with pytest.raises(NeurokitError, match="no column i: it has v"):
        read_table(path, {"current": "i"}, {"current": "A"})
    with pytest.raises(NeurokitError, match="unit 'furlong' is not known"):
        read_table(path, {"voltage": "v"}, {"voltage": "furlong"})
    with pytest.raises(NeurokitError, match="holds no rows"):
        read_table(written(tmp_path, "v\n"), {"voltage": "v"}, {"voltage": "V"})


@given(st.floats(-1e6, 1e6))
def test_prefixes_scale(value):
    assert in_si(value, "mV") == pytest.approx(value * 1e-3)
    assert in_si(value, "MHz") == pytest.approx(value * 1e6)
    assert in_si(value, "ohm") == value
