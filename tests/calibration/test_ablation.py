"""What leaving an addition out does to a fit, on devices that are known."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from made_up import TRUTH, described, rt_record, true_device

from neurokit.calibration.ablation import ablated, additions_of, without
from neurokit.calibration.description import Free
from neurokit.calibration.model import Model, share_of
from neurokit.calibration.predict import predicted
from neurokit.calibration.records import DOWN, UP, Record, parted
from neurokit.calibration.search import Effort

GROWTH = Free("s_growth", 0.1, 20.0, "log")
SHARE = Free("u_reversible", 1e-3, 0.5, "log")
SHAPE = Free("d_reversible", -8.0, 8.0, "linear")


def test_an_addition_that_the_device_has_is_missed_in_rows_that_were_kept_apart():
    device = true_device()
    device = replace(
        device, film=replace(device.film, s_growth=5.0, sources=device.film.sources | {"s_growth": "assumed"})
    )
    v = np.concatenate([np.arange(0.5, 9.1, 0.5), np.arange(9.0, 0.4, -0.5)])
    branch = np.repeat([UP, DOWN], len(v) // 2)
    blank = Record("I-V", "iv", "fit", {"voltage": v}, tuple(branch.tolist()), {"current": v}, {"current": v})
    current = predicted(blank, device, {})["current"]
    swept = replace(blank, measured={"current": current}, errors={"current": 0.02 * current})
    every_third = np.arange(len(swept)) % 3 == 2
    description = described([rt_record(0.02, 1), *parted(swept, every_third)], more=[GROWTH])
    known = {**TRUTH, "s_growth": 5.0}
    truth = np.array([share_of(free, known[free.name]) for free in description.free])
    with ThreadPoolExecutor(1) as executor:
        whole, less = ablated(description, truth, Effort(starts=1, generations=30), executor, lambda _: None)
    assert (whole.without, less.without) == ((), ("s_growth",))
    assert less.parameters == whole.parameters - 1
    assert whole.checked == pytest.approx(0, abs=1e-6)
    assert less.checked > 2
    assert "I-V, kept apart: current" in less.missed


def test_a_device_of_which_additions_alone_are_free_can_be_left_without_them():
    description = described([rt_record(0.02, 1)], names=(), more=[GROWTH])
    with ThreadPoolExecutor(1) as executor:
        whole, less = ablated(description, np.array([0.5]), Effort(1, 5), executor, lambda _: None)
    assert (whole.parameters, less.parameters) == (1, 0)
    assert less.fitted == pytest.approx(whole.fitted)  # R(T) knows nothing of heat loss
    assert np.isnan(less.checked)


def test_what_only_shapes_an_addition_goes_with_it():
    description = described([rt_record(0.02, 1)], more=[GROWTH, SHARE, SHAPE])
    assert additions_of(description) == ("s_growth", "u_reversible")
    fewer = without(description, ("u_reversible",))
    assert {free.name for free in description.free} - {free.name for free in fewer.free} == {
        "u_reversible",
        "d_reversible",
    }
    assert additions_of(fewer) == ("s_growth",)
    neutral = Model(fewer, fewer.fitted).device(np.full(len(fewer.free), 0.5)).film
    assert neutral.u_reversible == 0
