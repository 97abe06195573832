import numpy as np
import pytest

from neurokit.errors import NeurokitError
from neurokit.spikes.switching import AMPLITUDE_FLOOR, oscillation, rising_crossings, switching_voltages

V_THRESHOLD, V_HOLD = 6.5, 1.5
G_OFF, G_ON = 1e-4, 2.7e-3


def make_sweep(v_max=8.0, points=2001, cycles=1, both_signs=False):
    up, down = np.linspace(0, v_max, points), np.linspace(v_max, 0, points)[1:]
    off, on = np.where(up < V_THRESHOLD, G_OFF, G_ON), np.where(down > V_HOLD, G_ON, G_OFF)
    v, g = np.concatenate([up, down]), np.concatenate([off, on])
    signs = (1, -1) if both_signs else (1,)
    return np.concatenate([s * v for _ in range(cycles) for s in signs]), np.concatenate(
        [s * v * g for _ in range(cycles) for s in signs]
    )


def make_sawtooth(frequency=123e3, noise=0.0, points=20_001):
    t = np.linspace(0, 100e-6, points)
    return t, 4 + 2 * np.sin(2 * np.pi * frequency * t) + noise * np.random.default_rng(1).standard_normal(points)


def test_a_sweep_switches_on_and_off_where_its_conductance_jumps():
    found = switching_voltages(*make_sweep())
    assert found.v_threshold == pytest.approx([V_THRESHOLD], rel=1e-3)
    assert found.v_hold == pytest.approx([V_HOLD], rel=5e-3)


def test_every_triangle_of_either_sign_counts():
    found = switching_voltages(*make_sweep(cycles=3, both_signs=True))
    assert found.v_threshold == pytest.approx([V_THRESHOLD] * 6, rel=1e-3)
    assert found.v_hold == pytest.approx([V_HOLD] * 6, rel=5e-3)


def test_many_time_points_within_a_jump_do_not_hide_it():
    v, i = make_sweep()
    k = int(np.searchsorted(v[:2001], V_THRESHOLD))
    jump_v = V_THRESHOLD - 5e-4 + 1e-6 * np.arange(1, 400)
    jump_g = np.geomspace(G_OFF, G_ON, 399)
    v, i = np.insert(v, k, jump_v), np.insert(i, k, jump_v * jump_g)
    assert switching_voltages(v, i).v_threshold == pytest.approx([V_THRESHOLD], rel=1e-3)


def test_an_ohmic_sweep_is_refused_with_its_voltage_and_its_largest_step():
    v, _ = make_sweep()
    with pytest.raises(NeurokitError, match=r"no switching up to 8 V.*a jump is 0\.05"):
        switching_voltages(v, v * G_ON)


def test_a_sweep_that_never_moves_is_refused():
    with pytest.raises(NeurokitError, match="never changes"):
        switching_voltages([1.0, 1.0], [1e-3, 1e-3])


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_frequency_and_amplitude_of_a_known_wave_also_under_noise(noise):
    found = oscillation(*make_sawtooth(noise=noise))
    assert found.frequency == pytest.approx(123e3, rel=5e-3)
    assert found.amplitude == pytest.approx(4.0, abs=10 * noise + 0.01)


def test_a_wave_smaller_than_the_floor_is_silent():
    t, v = make_sawtooth()
    found = oscillation(t, v * AMPLITUDE_FLOOR / 5)
    assert found.frequency == 0
    assert 0 < found.amplitude < AMPLITUDE_FLOOR


def test_a_single_step_has_an_amplitude_and_no_frequency():
    t = np.linspace(0, 1, 1001)
    found = oscillation(t, np.where(t > 0.7, 1.0, 0.0))
    assert (found.amplitude, found.frequency) == (1.0, 0.0)


def test_ripple_within_the_band_makes_no_second_crossing():
    v = np.array([0.0, 0.52, 0.48, 0.55, 0.47, 1.0, 0.0, 1.0])
    t = np.arange(len(v), dtype=float)
    assert len(rising_crossings(t, v, 0.5, 0.1)) == 2
