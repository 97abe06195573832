"""Made-up measurements of a device that is known."""

from dataclasses import replace

import numpy as np

from neurokit.calibration.description import Description, Free
from neurokit.calibration.predict import predicted
from neurokit.calibration.records import DOWN, UP, Record
from neurokit.device import Vo2x

TRUTH = {
    "g_insulating": 1.4e-4,
    "gap_pristine": 0.5,
    "r_metal": 370.0,
    "t_transition": 338.0,
    "w_pristine": 6.0,
    "beta_pristine": 0.5,
    "s_thermal": 0.15e-3,
}
RANGES = {
    "g_insulating": (5e-5, 5e-4, "log"),
    "gap_pristine": (0.2, 0.8, "linear"),
    "r_metal": (100, 1000, "log"),
    "t_transition": (330, 345, "linear"),
    "w_pristine": (2, 12, "linear"),
    "beta_pristine": (0.1, 2, "log"),
    "s_thermal": (5e-5, 5e-4, "log"),
}


def true_device():
    film = Vo2x().film
    return Vo2x(film=replace(film, **TRUTH))


def rt_record(noise, seed, points=40):
    """R(T) heated and cooled, each number with a relative error of `noise`."""
    t = np.tile(np.linspace(315, 360, points // 2), 2)
    branch = (UP,) * (points // 2) + (DOWN,) * (points // 2)
    return noisy("R(T)", "resistance", {"temperature": t}, branch, noise, seed)


def iv_record(noise, seed):
    v = np.concatenate([np.arange(0.5, 6.3, 0.3), np.arange(8.0, 6.6, -0.3)])
    return noisy("I-V", "iv", {"voltage": v}, (UP,) * 20 + (DOWN,) * (len(v) - 20), noise, seed)


def noisy(name, kind, given, branch, noise, seed):
    rows = len(next(iter(given.values())))
    quantity = {"resistance": "resistance", "iv": "current"}[kind]
    empty = Record(name, kind, "fit", given, branch, {quantity: np.ones(rows)}, {quantity: np.ones(rows)})
    exact = predicted(empty, true_device(), {})[quantity]
    drawn = exact * np.exp(noise * np.random.default_rng(seed).standard_normal(rows))
    return replace(empty, measured={quantity: drawn}, errors={quantity: noise * drawn})


def described(records, names=tuple(TRUTH), more=()):
    free = [Free(name, *RANGES[name]) for name in names] + list(more)
    return Description("made up", "a test", Vo2x(), {"x": 0.0}, {}, tuple(free), tuple(records))
