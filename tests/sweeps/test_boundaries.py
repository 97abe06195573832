"""Boundaries and triple points of diagrams that are known in closed form, found without any simulator."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from diagrams import Asked, C, R, V, curved, straight
from hypothesis import given, settings
from hypothesis import strategies as st

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.spikes.regime import Regime
from neurokit.sweeps.axes import Axis
from neurokit.sweeps.boundary import crossings, follow
from neurokit.sweeps.diagram import PhaseDiagram
from neurokit.sweeps.guided import confirm
from neurokit.sweeps.lattice import Lattice, edges, middle
from neurokit.sweeps.segments import cells, regimes_at
from neurokit.sweeps.spec import SweepSpec
from neurokit.sweeps.triple import triple_estimate

PLANE = Lattice((R, V), (12, 12), 6)
RASTER = (np.array(list(product(range(200), repeat=2))) + 0.5) / 200


def followed(lattice, regime_at, failing=frozenset()):
    asked = Asked(lattice, regime_at, failing)
    follow(lattice, asked)
    return asked


def triple(lattice, known):
    return triple_estimate(lattice, crossings(known), list(cells(lattice, known).values()))


def errors_on_raster(lattice, known, regime_at):
    found = regimes_at(lattice, cells(lattice, known), RASTER)
    return sum(a is not regime_at(tuple(place)) for a, place in zip(found, RASTER, strict=True))


def errors_of_nearest_neighbours(regime_at, side=100):
    nearest = np.clip(np.round(RASTER * (side - 1)), 0, side - 1) / (side - 1)
    return sum(regime_at(tuple(a)) is not regime_at(tuple(b)) for a, b in zip(nearest, RASTER, strict=True))


@pytest.mark.parametrize("regime_at", [straight(), straight(0.7, 0.5, 0.1, 2.0), curved(), curved(0.5, 0.45)])
def test_following_beats_a_grid_of_ten_thousand_points_with_less_than_a_thousand(regime_at):
    asked = followed(PLANE, regime_at)
    assert len(asked.known) < 1000
    assert errors_on_raster(PLANE, asked.known, regime_at) < errors_of_nearest_neighbours(regime_at)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.15, 0.8), st.floats(0.2, 0.7), st.floats(0.0, 0.3), st.floats(0.6, 3.0))
def test_the_triple_point_of_straight_boundaries_is_found_to_a_step_and_its_uncertainty(r, v, onset, latching):
    """A step more than the uncertainty: lines that run with the lattice have crossings that are all off alike."""
    asked = followed(PLANE, straight(r, v, onset, latching))
    found = triple(PLANE, asked.known)
    assert found is not None
    assert abs(found.first - r) <= 4 * found.first_error + 2 / PLANE.sizes[0]
    assert abs(found.second - v) <= 4 * found.second_error + 1 / PLANE.sizes[1]
    assert max(found.first_error, found.second_error) < 0.01


def test_triple_points_of_straight_boundaries_scatter_by_their_uncertainty():
    rng = np.random.default_rng(1)
    off = []
    for _ in range(40):
        r, v, onset, latching = rng.uniform((0.15, 0.2, 0.05, 0.6), (0.6, 0.7, 0.3, 3.0))
        found = triple(PLANE, followed(PLANE, straight(r, v, onset, latching)).known)
        off += [(found.first - r) / found.first_error, (found.second - v) / found.second_error]
    assert 0.1 < np.median(np.abs(off)) < 1.0
    assert np.quantile(np.abs(off), 0.95) < 3.0


@settings(max_examples=15, deadline=None)
@given(st.floats(0.2, 0.7), st.floats(0.3, 0.5))
def test_the_triple_point_of_curved_boundaries_is_found_to_a_step_and_its_uncertainty(r, v):
    found = triple(PLANE, followed(PLANE, curved(r, v)).known)
    assert found is not None
    assert abs(found.first - r) <= 4 * found.first_error + 2 / PLANE.sizes[0]
    assert abs(found.second - v) <= 4 * found.second_error + 1 / PLANE.sizes[1]


@settings(max_examples=25, deadline=None)
@given(st.floats(0.15, 0.8), st.floats(0.2, 0.7), st.floats(0.0, 0.3), st.floats(0.6, 3.0))
def test_every_crossing_lies_on_a_boundary_and_nowhere_is_one_left_open(r, v, onset, latching):
    asked = followed(PLANE, straight(r, v, onset, latching))
    coarse = edges(PLANE.coarse(), PLANE.step)
    changing = sum(asked.known[a] is not asked.known[b] for a, b in coarse)
    found = crossings(asked.known)
    assert len(found) >= changing
    for c in found:
        assert sum(b - a for a, b in zip(c.low, c.high, strict=True)) == 1
        p, q = PLANE.position(c.low)
        lines = abs(q - v - onset * (p - r)), abs(q - v - latching * (p - r)), abs(p - r)
        assert min(lines) <= 3.1 / PLANE.sizes[0]


def test_a_plane_without_triple_point_has_none():
    for regime_at in (lambda _: Regime.FIRING, straight(r=-0.5, v=0.3, onset=0.1, latching=0.5)):
        asked = followed(PLANE, regime_at)
        assert triple(PLANE, asked.known) is None
        assert errors_on_raster(PLANE, asked.known, regime_at) < 60


def test_one_axis_is_halved_down_to_neighbours():
    line = Lattice((V,), (16,), 6)
    asked = followed(line, lambda at: list(Regime)[(at[0] > 0.2345) + (at[0] > 0.6789)])
    found = crossings(asked.known)
    assert [(c.low[0], c.high[0]) for c in found] == [(240, 241), (695, 696)]
    assert [(c.below, c.above) for c in found] == [
        (Regime.UN_FIRING, Regime.OSCILLATING),
        (Regime.OSCILLATING, Regime.FIRING),
    ]
    assert len(asked.known) == 17 + 2 * 6


def test_three_axes_are_followed_along_all_edges():
    space = Lattice((C, R, V), (4, 4, 4), 3)
    asked = followed(space, lambda at: straight(r=0.2 + 0.3 * at[0])(at))
    found = crossings(asked.known)
    assert {sum(q - p for p, q in zip(c.low, c.high, strict=True)) for c in found} == {1}
    assert {next(k for k in range(3) if c.low[k] != c.high[k]) for c in found} == {0, 1, 2}
    axes = (Axis("capacitance", 1e-9, 2e-9), Axis("r_series", 1e3, 9e3), Axis("v_in", 2.0, 20.0))
    diagram = PhaseDiagram(SweepSpec(NeuronCircuit(), axes), "twin", space, asked.known, ())
    assert diagram.triple is None
    assert diagram.regime_at([(0.5, 0.9, 0.05), (0.5, 0.1, 0.95)]) == [Regime.UN_FIRING, Regime.FIRING]


@pytest.mark.parametrize("lattice", [Lattice((V,), (16,), 6), PLANE, Lattice((C, R, V), (4, 4, 4), 3)])
def test_every_asked_site_is_asked_for_a_reason_and_the_same_ones_again(lattice):
    def regime_at(at):
        return straight()((0.6, *at))

    first, second = followed(lattice, regime_at), followed(lattice, regime_at)
    assert first.asked == second.asked
    assert Counter(first.known) == Counter(second.known)


def test_a_batch_asks_for_nothing_twice():
    batches = []
    asked = Asked(PLANE, straight())

    def ask(sites):
        batches.append(list(sites))
        return asked(sites)

    follow(PLANE, ask)
    assert all(len(set(batch)) == len(batch) for batch in batches)
    assert len(batches) < 60


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 0.3))
def test_failed_sites_are_left_out_and_the_rest_is_still_right(seed, share):
    rng = np.random.default_rng(seed)
    failing = frozenset(
        site for site in product(range(0, 769, 8), repeat=2) if rng.random() < share
    )  # some of the coarse ones, and of the finer ones
    regime_at = straight()
    asked = followed(PLANE, regime_at, failing)
    assert all(c.low not in failing and c.high not in failing for c in crossings(asked.known))
    found = regimes_at(PLANE, cells(PLANE, asked.known), RASTER[::7])
    wrong = [a is not regime_at(tuple(p)) for a, p in zip(found, RASTER[::7], strict=True) if a is not None]
    assert sum(wrong) <= 0.25 * len(RASTER[::7])
    triple(PLANE, asked.known)  # whatever it says, it says it


def test_a_diagram_of_nothing_but_failures_knows_nothing():
    asked = followed(PLANE, straight(), frozenset(product(range(769), repeat=2)))
    assert set(asked.known.values()) == {None}
    assert len(asked.known) == 169
    assert triple(PLANE, asked.known) is None
    assert set(regimes_at(PLANE, cells(PLANE, asked.known), RASTER[::97])) == {None}


@given(st.integers(1, 5), st.integers(0, 5), st.integers(1, 3))
def test_a_lattice_counts_its_sites_and_reaches_its_corners(count, halvings, dimensions):
    axes = (C, R, V)[:dimensions]
    lattice = Lattice(axes, (count,) * dimensions, halvings)
    coarse = lattice.coarse()
    assert len(set(coarse)) == (count + 1) ** dimensions
    assert lattice.position(coarse[0]) == (0.0,) * dimensions
    assert lattice.position(coarse[-1]) == (1.0,) * dimensions
    assert len(edges(coarse, lattice.step)) == dimensions * count * (count + 1) ** (dimensions - 1)
    for edge in edges(coarse, lattice.step):
        assert (middle(edge) is None) == (halvings == 0)


@pytest.mark.parametrize("shift", [-0.002, -0.0013, 0.0, 0.0007, 0.002, 0.03])
def test_a_guided_diagram_takes_the_word_of_ngspice_where_the_twin_is_off(shift):
    """The twin's boundaries are shifted, by up to one and a half of the finest steps or, in the last case, by many."""
    lattice, budget = Lattice((R, V), (24, 24), 5), 200
    twin = followed(lattice, straight(v=0.37 + shift))
    spice = Asked(lattice, straight())
    confirm(lattice, twin.known, spice, budget)
    known = {**twin.known, **spice.known}
    if abs(shift) < 0.01:
        found = triple(lattice, known)
        assert found is not None
        assert abs(found.first - 0.31) <= 4 * found.first_error
        assert abs(found.second - 0.37) <= 4 * found.second_error
        assert errors_on_raster(lattice, known, straight()) < errors_of_nearest_neighbours(straight())
    if shift == 0.0:
        assert len(spice.known) <= budget
    assert errors_on_raster(lattice, known, straight()) <= errors_on_raster(lattice, twin.known, straight())
    assert None not in regimes_at(lattice, cells(lattice, known), RASTER[::11])
