"""How well each record is explained, and the verdict in words."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from neurokit.calibration.lines import range_sentences
from neurokit.calibration.records import CHECK, FIT, KINDS, Record, oscillates
from neurokit.calibration.residuals import decades
from neurokit.calibration.result import Answers, Interval, Score
from neurokit.vacancy.model import Floats

EXPLAINED = 2.0  # standard deviations of its errors, within which the rms of an explained quantity lies
STRONG = 0.95  # correlation that is worth telling
FIRED = 0.5  # of the column `fires`, from which it says yes
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
    assumed: Sequence[str],
) -> tuple[str, ...]:
    """What to make of a fit, each sentence by itself."""
    said = [_explained(scores, FIT, "fitted"), _explained(scores, CHECK, "checked and never fitted")]
    if open_ones := [interval.name for interval in intervals if not interval.determined]:
        said.append(f"The data do not determine {', '.join(open_ones)}: within the bounds other values do as well.")
    said += range_sentences(answers)
    if assumed:
        said.append(f"Assumed beside what was measured: {'; '.join(assumed)}.")
    if strong := [f"{a} with {b} ({r:+.2f})" for a, b, r in strongest if abs(r) >= STRONG]:
        said.append(f"Known together rather than each by itself: {', '.join(strong)}.")
    said.append(confirmation(answers, confirmed))
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
    told = f"Explained of what was {words}: {len(own) - len(missed)} of {len(own)}"
    return f"{told}; not {', '.join(missed)}." if missed else f"{told}."


def confirmation(answers: Sequence[Answers], confirmed: Sequence[Answers]) -> str:
    """How far ngspice is from the twin in every record that it can run."""
    if not confirmed:
        return "Nothing of it can be run in ngspice: R(T) and thresholds are closed form."
    by_name = {answer.record.name: answer for answer in answers}
    return " ".join(_compared(by_name[other.record.name], other) for other in confirmed)


def _compared(known: Answers, other: Answers) -> str:
    """How far ngspice is from what was fitted, in the units that people judge each quantity by."""
    parts = []
    for name in other.record.measured:
        fitted, found = known.predicted[name], other.predicted[name]
        off, unit = _off(other.record, name, fitted, found)
        seen = np.abs(off[np.isfinite(off)])
        rms = float(np.sqrt(np.mean(seen**2))) if len(seen) else 0.0
        words = f"{name} {rms:.2g} {unit} rms, at most {max(seen, default=0.0):.2g}"
        missing = int((np.isfinite(fitted) & ~np.isfinite(found)).sum())
        parts.append(words + (f", and nothing in {missing} rows" if missing else ""))
    return f"ngspice against what was fitted, {other.record.name}: {'; '.join(parts)}."


def _score(answers: Answers, name: str) -> Score:
    record = answers.record
    measured, predicted, errors = record.measured[name], answers.predicted[name], record.errors[name]
    wrong = WRONG_ROWS.get(name, _unanswered)(measured, predicted)
    if (
        record.kind == "oscillation" and name == "peak_to_peak"
    ):  # where none was seen, it is the noise that was measured
        measured = np.where(oscillates(record.measured["frequency"]), measured, np.nan)
    off, unit = _off(record, name, measured, predicted)
    known = np.isfinite(off)
    sigmas = ((predicted - measured) / errors)[known]
    rms = float(np.sqrt(np.mean(off[known] ** 2))) if known.any() else 0.0
    within = float(np.sqrt(np.mean(sigmas**2))) <= EXPLAINED if known.any() else True  # quiet rows have words alone
    return Score(
        record=record.name,
        use=record.use,
        quantity=name,
        unit=unit,
        rms=rms,
        worst=float(np.max(np.abs(off[known]), initial=0.0)),
        explained=within and not wrong,
        words="; ".join(f"row {record.number(row)}{text}" for row, text in wrong.items()),
    )


def _off(record: Record, name: str, measured: Floats, predicted: Floats) -> tuple[Floats, str]:
    """Differences in the unit that people judge them by."""
    if record.kind in ("resistance", "iv"):
        return decades(measured, predicted), "decades"
    if name == "frequency":
        return 100 * (10 ** decades(measured, predicted) - 1), "%"
    return predicted - measured, KINDS[record.kind].measured[name].unit


def _unanswered(measured: Floats, predicted: Floats) -> dict[int, str]:
    """Rows for which the device has no such number, such as a threshold of one that does not snap."""
    lacking = np.isfinite(measured) & ~np.isfinite(predicted)
    return dict.fromkeys(np.flatnonzero(lacking).tolist(), ": the device has none")


def _wrongly_alive(measured: Floats, predicted: Floats) -> dict[int, str]:
    seen, given = oscillates(measured), oscillates(predicted)
    return {
        row: f" {'is quiet and should oscillate' if seen[row] else 'oscillates and should be quiet'}"
        for row in np.flatnonzero(seen != given).tolist()
    }


def _wrongly_fired(measured: Floats, predicted: Floats) -> dict[int, str]:
    seen, given = measured >= FIRED, predicted >= 1
    known = np.isfinite(measured)
    wrong = np.flatnonzero(known & (seen != given)).tolist()
    return {row: f" {'should' if seen[row] else 'should not'} fire" for row in wrong}


WRONG_ROWS: Mapping[str, Callable[[Floats, Floats], dict[int, str]]] = {
    "frequency": _wrongly_alive,
    "fires": _wrongly_fired,
}
