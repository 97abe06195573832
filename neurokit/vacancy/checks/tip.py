"""Writing with a scanning tip: the scans and the share that moves sideways, as Kim, Kalinin, Chen and Noh give them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from neurokit.vacancy.checks.check import Check, prediction, within, within_share
from neurokit.vacancy.model import Floats
from neurokit.vacancy.tip import (
    BLUNT,
    BLUNT_ROUND,
    D_DECAY,
    PUBLISHED_FORCE,
    PUBLISHED_VOLTAGE,
    READ_FORCE,
    READ_VOLTAGE,
    SHARP,
    Film,
    Force,
    Partition,
    Sigmoid,
    Tip,
    Voltage,
    fit_sigmoid,
    partition,
    readings,
    recovery,
    volts_per_newton,
    write_line,
)

VOLTS, NEWTONS = np.linspace(0.2, 6.0, 16), np.linspace(0.3e-6, 14e-6, 18)  # V, N of the two scans: ours

PUBLISHED_ONSETS = (1.3, 2.7e-6)  # V, N
PUBLISHED_EQUIVALENCE = 0.4e6  # V/N
PUBLISHED_DIFFUSION = {14: 9.4e-19, 120: 3.8e-18}  # cm2/s, by unit cells of thickness
A2_ERRORS = (0.04, 0.025)  # published errors of A2, which is about 0

_PRECISION = 0.1  # relative, of a sigmoid's parameters
_PRECISION_PRESSED = 0.2  # relative, of drop, gain and share
_NO_GAIN = (
    0.05  # of the reading, below which a gain is not appreciable: assumed, the publication's errors are 0.01-0.04
)


@dataclass(frozen=True)
class Pressed:
    """A line written by force, and what is published of it."""

    label: str
    tip: Tip
    force: float  # N
    published: tuple[float, float]  # drop under the contact and gain beside it, of the reading
    sideways: float  # share of what is missing that is beside the contact


# Kim, Kalinin, Chen, Noh. Of the sharp tip at 9.5 uN "no appreciable gain" is published, drawn and compared as 0.
PRESSED = {
    "sharp": Pressed("sharp tip", SHARP, 5.7e-6, (0.3, 0.1), 1 / 3),
    "sharp, hard": Pressed("sharp tip", SHARP, 9.5e-6, (0.75, 0.0), 0.0),
    "blunt": Pressed("blunt, fitted", BLUNT, 9.5e-6, (0.25, 0.2), 0.8),
    "blunt, round": Pressed("blunt, round", BLUNT_ROUND, 9.5e-6, (0.25, 0.2), 0.8),
}


@dataclass(frozen=True, eq=False)
class Scans:
    """What the model reads in the published experiments."""

    by_voltage: Floats  # at VOLTS
    by_force: Floats  # at NEWTONS
    pressed: Mapping[str, Partition]  # by the names of PRESSED


def scans() -> Scans:
    """Both scans, and the lines that the sharp and the blunt tip press."""
    depth = Film().read_depth
    return Scans(
        readings([Voltage(float(v)) for v in VOLTS], READ_VOLTAGE),
        readings([Force(float(f)) for f in NEWTONS], READ_FORCE),
        {name: partition(write_line(Force(line.force), line.tip), depth) for name, line in PRESSED.items()},
    )


def read(moved: Partition) -> tuple[float, float]:
    """Drop under the contact and gain beside it as the instrument shows them."""
    return moved.drop * READ_FORCE.span, moved.gain * READ_FORCE.span


def tip_checks(found: Scans) -> tuple[Check, ...]:
    """Both sigmoids, where vacancies go under sharp and blunt tips, equivalence and decay."""
    by_voltage, by_force = fit_sigmoid(VOLTS, found.by_voltage), fit_sigmoid(NEWTONS, found.by_force)
    return (
        *_sigmoid_checks("voltage", by_voltage, PUBLISHED_VOLTAGE, 0, 1.0, "V"),
        *_sigmoid_checks("force", by_force, PUBLISHED_FORCE, 1, 1e6, "µN"),
        prediction(
            "voltage that does what a force does",
            1e-6 * PUBLISHED_EQUIVALENCE,
            1e-6 * volts_per_newton(by_voltage, by_force),
            "V per µN",
        ),
        *_pressed_checks("sharp tip, 5.7 µN", found, "sharp"),
        *_round_checks(found),
        *_pressed_checks("blunt tip, 9.5 µN, radius and form fitted", found, "blunt"),
        *_hard_checks(found),
        *(_decay_check(cells, published) for cells, published in PUBLISHED_DIFFUSION.items()),
    )


def _sigmoid_checks(
    drive: str, ours: Sigmoid, published: Sigmoid, scan: int, scale: float, unit: str
) -> tuple[Check, ...]:
    return (
        within_share(f"A1 by {drive}", published.a1, ours.a1, _PRECISION),
        within(f"A2 by {drive}", published.a2, ours.a2, A2_ERRORS[scan]),
        within_share(f"X0 by {drive}", scale * published.x0, scale * ours.x0, _PRECISION, unit),
        within_share(f"M by {drive}", scale * published.m, scale * ours.m, _PRECISION, unit),
        within_share(f"onset by {drive}", scale * PUBLISHED_ONSETS[scan], scale * ours.onset, _PRECISION, unit),
    )


def _pressed_checks(item: str, found: Scans, name: str) -> tuple[Check, ...]:
    moved, line = found.pressed[name], PRESSED[name]
    share = within_share(f"{item}: share that moves sideways", line.sideways, moved.sideways, _PRECISION_PRESSED)
    return (*_drop_and_gain(item, found, name), share)


def _drop_and_gain(item: str, found: Scans, name: str) -> tuple[Check, ...]:
    pairs = zip(("drop", "gain"), PRESSED[name].published, read(found.pressed[name]), strict=True)
    return tuple(within_share(f"{item}: {what}", known, ours, _PRECISION_PRESSED) for what, known, ours in pairs)


def _round_checks(found: Scans) -> tuple[Check, ...]:
    """What a round blunt tip of the published least radius does, nothing else about it being fitted."""
    moved, sharp = found.pressed["blunt, round"], found.pressed["sharp, hard"]
    words = f"drop {read(moved)[0]:.2f} against {read(sharp)[0]:.2f}, "
    words += f"sideways {moved.sideways:.2f} against {sharp.sideways:.2f}"
    comes_out = moved.drop < sharp.drop and moved.sideways > sharp.sideways
    return (
        Check("blunt against sharp tip, 9.5 µN", "takes less, more of it sideways", words, comes_out, predicted=True),
        *_drop_and_gain("blunt tip, 9.5 µN, its radius alone", found, "blunt, round"),
    )


def _hard_checks(found: Scans) -> tuple[Check, ...]:
    drop, gain = read(found.pressed["sharp, hard"])
    return (
        prediction("sharp tip, 9.5 µN: drop", PRESSED["sharp, hard"].published[0], drop),
        Check("sharp tip, 9.5 µN: gain", "not appreciable", f"{gain:.2f}", gain < _NO_GAIN, predicted=True),
    )


def _decay_check(cells: int, published: float) -> Check:
    """D from the semi-parabolic start of S(t), as an experimenter reads it."""
    depth = Film().read_depth
    time = 0.02 * depth**2 / D_DECAY[cells]
    share = float(recovery(np.array(time), depth, D_DECAY[cells]))
    read_back = 1e4 * np.pi * (share * depth) ** 2 / time
    return within_share(f"D from the start of S(t), {cells} unit cells", published, read_back, 0.05, "cm²/s")
