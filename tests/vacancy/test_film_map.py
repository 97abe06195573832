import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.cli.output import write_csv
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.vacancy.film_map import COLUMNS, graded_map, read_map


def written(path, found):
    write_csv(path, COLUMNS, zip(*found.position.reshape(-1, 2).T, found.x.ravel(), strict=True))
    return path


@given(st.integers(1, 5), st.integers(1, 5), st.floats(0, 0.1), st.floats(0, 0.1), st.floats(0, 0.2))
def test_x_of_every_cell_stays_within_the_single_phase(rows, columns, x, x_end, spread):
    found = graded_map((rows, columns), x, x_end, spread=spread)
    assert found.x.shape == (rows, columns)
    assert ((found.x >= 0) & (found.x <= 0.1)).all()


def test_x_rises_along_the_current_or_across_it():
    along, across = (graded_map((4, 3), 0.0, 0.03, direction).x for direction in ("along", "across"))
    assert (np.diff(along, axis=0) > 0).all()
    assert np.ptp(along, axis=1).max() == 0
    assert (np.diff(across, axis=1) > 0).all()
    assert np.ptp(across, axis=0).max() == 0


def test_the_same_seed_gives_the_same_map():
    first, again, other = (graded_map((4, 4), 0.02, spread=0.01, seed=seed).x for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_a_map_comes_back_from_its_file_in_whatever_order_its_lines_are(tmp_path):
    found = graded_map((3, 4), 0.01, 0.04, spread=0.002)
    path = written(tmp_path / "map.csv", found)
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([header, *reversed(lines)]) + "\n")
    assert read_map(path).x == pytest.approx(found.x)


def test_a_file_that_is_no_map_is_refused_by_what_it_lacks(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(NeurokitError, match="x_position_m"):
        read_map(path)
    path.write_text(",".join(COLUMNS) + "\n0,0,0.01\n1,0,0.01\n0,1,0.01\n")
    with pytest.raises(NeurokitError, match="rectangle"):
        read_map(path)
    path.write_text(",".join(COLUMNS) + "\n0,0,metal\n")
    with pytest.raises(NeurokitError, match="line 2"):
        read_map(path)


@pytest.mark.parametrize(("shape", "x", "spread"), [((0, 3), 0.01, 0), ((3, 3), 0.11, 0), ((3, 3), 0.01, -1)])
def test_a_map_out_of_bounds_is_refused(shape, x, spread):
    with pytest.raises(OutOfRangeError):
        graded_map(shape, x, spread=spread)
