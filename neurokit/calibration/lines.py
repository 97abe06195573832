"""In words: where a device oscillates over the range of its drive, between the rows that were measured and beyond."""

from collections.abc import Sequence

import numpy as np

from neurokit.calibration.records import CIRCUIT, oscillates, varied
from neurokit.calibration.result import Answers
from neurokit.circuits.values import si_text


def ranges(line: Answers) -> list[tuple[float, float]]:
    """First and last drive of every stretch in which it oscillates."""
    drive = np.asarray(line.record.circuit[varied(line.record)[0]])
    alive = np.concatenate([[False], oscillates(line.predicted["frequency"]), [False]])
    begins, ends = np.flatnonzero(~alive[:-1] & alive[1:]), np.flatnonzero(alive[:-1] & ~alive[1:]) - 1
    return [(float(drive[a]), float(drive[b])) for a, b in zip(begins, ends, strict=True)]


def ranges_text(line: Answers) -> str:
    """The same for people; a stretch that reaches the first or last drive that was looked at goes beyond it."""
    name = varied(line.record)[0]
    drive, unit = np.asarray(line.record.circuit[name]), CIRCUIT[name]
    told = [
        f"{'below ' if low == drive[0] else ''}{si_text(low, unit)} to "
        f"{'beyond ' if high == drive[-1] else ''}{si_text(high, unit)}"
        for low, high in ranges(line)
    ]
    return " and ".join(told) or "nowhere"


def range_sentences(answers: Sequence[Answers]) -> list[str]:
    """One for each record that was asked over its drive: this device, then the others that the data allow."""
    said = []
    for answer in answers:
        if not answer.lines:
            continue
        own, *others = answer.lines
        words = f"{answer.record.name}: the device oscillates from {ranges_text(own)}"
        if others:
            words += (
                f"; other ends of the search that are not ruled out, from {'; from '.join(map(ranges_text, others))}"
            )
        said.append(words + ".")
    return said
