"""Writing with a tip: section D of the published figures, signs, maps and decay."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurokit.errors import OutOfRangeError
from neurokit.vacancy.model import OutsideValidityWarning
from neurokit.vacancy.nernst_planck import Grid, Ions, evolve, middles
from neurokit.vacancy.tip import (
    BLUNT,
    D_DECAY,
    ON_VO2,
    SHARP,
    Film,
    Force,
    Tip,
    Voltage,
    contact_radius,
    decayed,
    hertz_radius,
    partition,
    pressure_potential,
    recovery,
    write_line,
    write_spot,
    written_map,
)

READ = Film().read_depth


def test_the_contact_of_the_sharp_tip_is_8_nm_by_hertz_and_its_flat_end_holds_it_near_15_nm():
    assert hertz_radius(SHARP, 4e-6) == pytest.approx(8e-9, rel=0.01)
    assert 15e-9 < contact_radius(SHARP, 4e-6) < 15.5e-9
    assert contact_radius(BLUNT, 9.5e-6) == pytest.approx(hertz_radius(BLUNT, 9.5e-6))


def test_the_potential_of_a_force_is_hertz_s_pressure_on_the_surface_and_its_closed_form_on_the_axis():
    a, r = 15e-9, np.linspace(0, 40e-9, 41)
    on_surface = np.sqrt(np.maximum(1 - (r / a) ** 2, 0))
    np.testing.assert_allclose(pressure_potential(r, np.array(0.0), a), on_surface, atol=1e-6)
    z = np.linspace(1e-10, 50e-9, 20)
    np.testing.assert_allclose(pressure_potential(np.array(0.0), z, a), 1 - z / a * np.arctan(a / z), atol=1e-9)


@pytest.mark.parametrize("write", [write_line, lambda drive: write_spot(drive, 0.1)])
@pytest.mark.parametrize("drive", [Voltage(8.0), Voltage(-8.0), Force(14e-6)])
def test_writing_loses_no_vacancy(write, drive):
    written = write(drive)
    volumes = written.grid.volumes
    assert abs((written.relative * volumes).sum() / volumes.sum() - 1) < 1e-9


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 8.0))
def test_a_positive_tip_depletes_and_a_negative_one_gathers(volts):
    assert partition(write_line(Voltage(volts)), READ).drop > 0
    assert partition(write_line(Voltage(-volts)), READ).drop < 0


@settings(max_examples=15, deadline=None)
@given(st.floats(0.1e-6, 13e-6), st.floats(1.05, 3))
def test_more_force_takes_more_away(newtons, factor):
    more = min(newtons * factor, 14e-6)
    assert partition(write_line(Force(more)), READ).drop >= partition(write_line(Force(newtons)), READ).drop


def test_no_voltage_changes_nothing():
    written = write_line(Voltage(0.0))
    np.testing.assert_allclose(written.relative, 1.0, rtol=1e-12)
    assert partition(written, READ).sideways == 0


@pytest.mark.parametrize("cells", D_DECAY)
def test_an_emptied_layer_fills_as_fick_s_second_law_says(cells):
    diffusivity, depth = D_DECAY[cells], 2e-9
    edges = np.concatenate([np.linspace(0, 4e-9, 161), 4e-9 + 36e-9 * np.linspace(0, 1, 120)[1:] ** 1.5])
    grid = Grid(np.array([0.0, 1e-9]), edges, around=False)
    emptied = (middles(edges) > depth).astype(float)[None, :]
    for time in np.array([0.01, 0.1, 1.0]) * depth**2 / diffusivity:
        end = evolve(grid, Ions(diffusivity=diffusivity), emptied, np.zeros(()), float(time), 400)
        filled = end[0, :80].mean()
        assert filled == pytest.approx(float(recovery(time, depth, diffusivity)), rel=0.01)


def test_recovery_starts_at_0_and_ends_at_1():
    s = recovery(np.array([0.0, 1e4, 1e12]), 2e-9, 9.4e-23)
    assert s[0] == 0
    assert 0 < s[1] < s[2] < 1
    assert s[2] == pytest.approx(1, abs=1e-3)


def test_what_was_written_fades_and_none_is_lost():
    written = write_line(Force(5.7e-6))
    drops = [partition(decayed(written, D_DECAY[14], hours * 3600.0), READ).drop for hours in (1, 10, 100)]
    assert partition(written, READ).drop > drops[0] > drops[1] > drops[2] > 0
    old = decayed(written, D_DECAY[120], 3e5)
    assert (old.relative * old.grid.volumes).sum() == pytest.approx(written.grid.volumes.sum(), rel=1e-9)


def test_a_map_of_a_line_is_depleted_on_it_enriched_beside_it_and_as_before_far_off():
    written = write_line(Force(5.7e-6))
    at = np.array([[[0.0, 0.0], [10e-9, 5e-9]], [[0.0, written.contact + 0.4e-9], [0.0, 1e-6]]])
    found = written_map(written, at, 0.02, READ, (-50e-9, 0.0), (50e-9, 0.0))
    assert found.x.shape == (2, 2)
    assert found.x[0].max() < 0.02 < found.x[1, 0]
    assert found.x[1, 1] == pytest.approx(0.02)
    assert ON_VO2 in found.warnings
    assert found.parameters["x_start"] == 0.02


def test_a_map_of_cells_keeps_what_a_line_moved():
    written = write_line(Force(5.7e-6))
    side = 3e-9
    y = side * (np.arange(51) - 25)
    at = np.stack([np.zeros_like(y), y], axis=-1)
    x = written_map(written, at, 0.02, READ, (-1e-6, 0.0), (1e-6, 0.0), cell=side).x
    expected = float(written.grid.areas @ (written.profile(READ) - 1))
    assert side / 2 * (x / 0.02 - 1).sum() == pytest.approx(expected, rel=0.25)


def test_a_spot_and_a_line_are_not_mapped_as_each_other():
    with pytest.raises(OutOfRangeError, match="needs its end"):
        written_map(write_line(Voltage(1.0)), np.zeros((1, 2)), 0.01, READ, (0.0, 0.0))
    with pytest.raises(OutOfRangeError, match="spot has none"):
        written_map(write_spot(Voltage(1.0), 0.1), np.zeros((1, 2)), 0.01, READ, (0.0, 0.0), (1e-7, 0.0))


@pytest.mark.parametrize("drive", [Voltage(9.0), Force(15e-6)])
def test_outside_what_was_measured_it_warns_and_says_so(drive):
    with pytest.warns(OutsideValidityWarning, match="outside"):
        written = write_line(drive)
    assert "outside" in written.warnings[0]


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: write_line(Force(-1e-6)), "not below 0"),
        (lambda: write_line(Voltage(np.nan)), "finite"),
        (lambda: write_line(Force(0.0), Tip(flat=0.0)), "no contact"),
        (lambda: write_spot(Force(1e-6), 1.0, BLUNT), "at rest"),
        (lambda: write_spot(Voltage(1.0), -1.0), "duration"),
        (lambda: write_line(Voltage(1.0)).profile(1.0), "body ends"),
        (lambda: recovery(np.array(1.0), 0.0, 1e-22), "above 0"),
        (lambda: written_map(write_line(Voltage(1.0)), np.zeros(3), 0.01, READ, (0, 0), (1, 0)), "shape"),
        (lambda: written_map(write_line(Voltage(1.0)), np.zeros(2), -0.01, READ, (0, 0), (1, 0)), "x_start"),
    ],
)
def test_what_makes_no_sense_is_refused(act, says):
    with pytest.raises(OutOfRangeError, match=says):
        act()
