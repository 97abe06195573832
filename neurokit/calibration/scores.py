"""How well each record is explained, and the verdict in words."""

from collections.abc import Sequence

import numpy as np

from neurokit.calibration.records import CHECK, FIT, KINDS, Record
from neurokit.calibration.residuals import oscillates
from neurokit.calibration.result import Answers, Interval, Score
from neurokit.vacancy.model import Floats

EXPLAINED = 2.0  # standard deviations of its errors, within which the rms of an explained quantity lies
STRONG = 0.95  # correlation that is worth telling
SAME = 1.05  # times the best chi-square: a start that ended there found the same valley


def scores_of(answers: Answers) -> list[Score]:
    """One for each measured quantity of a record."""
    return [_score(answers, name) for name in answers.record.measured]


def verdict(
    answers: Sequence[Answers],
    confirmed: Sequence[Answers],
    scores: Sequence[Score],
    intervals: Sequence[Interval],
    strongest: Sequence[tuple[str, str, float]],
    starts: Sequence[float],
) -> tuple[str, ...]:
    """What to make of a fit, each sentence by itself."""
    said = [_explained(scores, FIT, "fitted"), _explained(scores, CHECK, "checked and never fitted")]
    if open_ones := [interval.name for interval in intervals if not interval.determined]:
        said.append(f"The data do not determine {', '.join(open_ones)}: within the bounds other values do as well.")
    if strong := [f"{a} with {b} ({r:+.2f})" for a, b, r in strongest if abs(r) >= STRONG]:
        said.append(f"Known together rather than each by itself: {', '.join(strong)}.")
    said.append(_confirmation(answers, confirmed))
    again = sum(cost <= SAME * min(starts) for cost in starts)
    said.append(
        f"{again} of {len(starts)} starts of the search ended within {100 * (SAME - 1):.0f} % of the best chi-square"
        + ("." if again > 1 or len(starts) == 1 else ": give more starts before trusting that it is the best.")
    )
    return tuple(sentence for sentence in said if sentence)


def strongest_of(names: Sequence[str], correlations: Floats, count: int = 3) -> list[tuple[str, str, float]]:
    """The pairs of parameters that are most correlated."""
    size = np.abs(np.triu(np.nan_to_num(correlations), 1))
    pairs = [np.unravel_index(place, size.shape) for place in np.argsort(size, axis=None)[::-1][:count]]
    return [(names[i], names[j], float(correlations[i, j])) for i, j in pairs if size[i, j] > 0]


def _explained(scores: Sequence[Score], use: str, words: str) -> str:
    own = [score for score in scores if score.use == use]
    if not own:
        return ""
    missed = [f"{score.record}: {score.quantity}" for score in own if not score.explained]
    told = f"Of the {len(own)} quantities {words}, {len(own) - len(missed)} are explained"
    return f"{told}; not {', '.join(missed)}." if missed else f"{told}."


def _confirmation(answers: Sequence[Answers], confirmed: Sequence[Answers]) -> str:
    if not confirmed:
        return "Nothing of it can be run in ngspice: R(T) is closed form."
    by_name = {answer.record.name: answer for answer in answers}
    parts = []
    for other in confirmed:
        known = by_name[other.record.name].predicted
        apart = {
            name: _apart(known[name], values)
            for name, values in other.predicted.items()
            if name in other.record.measured
        }
        parts.append(f"{other.record.name} " + ", ".join(f"{name} within {100 * a:.2g} %" for name, a in apart.items()))
    return f"ngspice against what was fitted: {'; '.join(parts)}."


def _apart(expected: Floats, found: Floats) -> float:
    """The largest relative difference; of what both find at rest none, of what only one does all."""
    both = np.isfinite(expected) & np.isfinite(found)
    if (np.isfinite(expected) != np.isfinite(found)).any():
        return 1.0
    scale = np.where(np.abs(expected) > 0, np.abs(expected), 1.0)
    return float(np.max(np.abs(found - expected)[both] / scale[both], initial=0.0))


def _score(answers: Answers, name: str) -> Score:
    record = answers.record
    measured, predicted, errors = record.measured[name], answers.predicted[name], record.errors[name]
    wrong = _wrong_rows(record, answers) if name == "frequency" else _unanswered(measured, predicted)
    if (
        record.kind == "oscillation" and name == "peak_to_peak"
    ):  # where none was seen, it is the noise that was measured
        measured = np.where(oscillates(record.measured["frequency"]), measured, np.nan)
    off, unit = _off(record, name, measured, predicted)
    known = np.isfinite(off)
    sigmas = ((predicted - measured) / errors)[known]
    rms = float(np.sqrt(np.mean(off[known] ** 2))) if known.any() else 0.0
    within = float(np.sqrt(np.mean(sigmas**2))) <= EXPLAINED if known.any() else True
    return Score(
        record=record.name,
        use=record.use,
        quantity=name,
        unit=unit,
        rms=rms,
        worst=float(np.max(np.abs(off[known]), initial=0.0)),
        explained=within and not wrong,
        words="; ".join(wrong),
    )


def _off(record: Record, name: str, measured: Floats, predicted: Floats) -> tuple[Floats, str]:
    """Differences in the unit that people judge them by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if record.kind in ("resistance", "iv"):
            return np.log10(np.abs(predicted / measured)), "decades"
        if name == "frequency":
            return 100 * (predicted / measured - 1), "%"
    return predicted - measured, KINDS[record.kind].measured[name].unit


def _unanswered(measured: Floats, predicted: Floats) -> list[str]:
    """Rows for which the device has no such number, such as a threshold of one that does not snap."""
    lacking = np.isfinite(measured) & ~np.isfinite(predicted)
    return [f"row {k + 1}: the device has none" for k in np.flatnonzero(lacking)]


def _wrong_rows(record: Record, answers: Answers) -> list[str]:
    seen, given = oscillates(record.measured["frequency"]), oscillates(answers.predicted["frequency"])
    return [
        f"row {k + 1} {'is quiet and should oscillate' if seen[k] else 'oscillates and should be quiet'}"
        for k in np.flatnonzero(seen != given)
    ]
