"""A fit as plain data, for JSON and tables."""

from typing import Any

import numpy as np

from neurokit.calibration.lines import ranges
from neurokit.calibration.records import KINDS, varied
from neurokit.calibration.result import Answers, Fit


def fit_record(fit: Fit) -> dict[str, Any]:
    """Everything but the description's own tables."""
    return {
        "title": fit.description.title,
        "source": fit.description.source,
        "verdict": list(fit.verdict),
        "chi_square": fit.best.chi_square,
        "numbers": fit.numbers,
        "parameters": [vars(interval) for interval in fit.intervals],
        "correlations": fit.correlations,
        "circuit": dict(fit.best.circuit),
        "scores": [vars(score) for score in fit.scores],
        "answers": {"twin": _by_record(fit.best.answers), "ngspice": _by_record(fit.best.confirmed)},
        "oscillates": {
            answer.record.name: [ranges(line) for line in answer.lines] for answer in fit.best.answers if answer.lines
        },
        "others": [
            {"chi_square": end.chi_square, "allowed": end.allowed, "ngspice": end.agreement} for end in fit.others
        ],
        "starts": list(fit.starts),
        "seed": fit.seed,
        "cpu_s": fit.cpu_s,
        "evaluations": fit.evaluations,
        "ablations": [vars(ablation) for ablation in fit.ablations],
    }


def residual_rows(fit: Fit) -> list[tuple[Any, ...]]:
    """Record, use, row, quantity, measured, its error, fitted device, ngspice."""
    by_ngspice = {answer.record.name: answer.predicted for answer in fit.best.confirmed}
    return [
        (
            answer.record.name,
            answer.record.use,
            answer.record.number(row),
            name,
            measured[row],
            answer.record.errors[name][row],
            answer.predicted[name][row],
            by_ngspice.get(answer.record.name, {}).get(name, np.full(len(measured), np.nan))[row],
        )
        for answer in fit.best.answers
        for name, measured in answer.record.measured.items()
        for row in range(len(measured))
    ]


def line_rows(fit: Fit) -> list[tuple[Any, ...]]:
    """Record, which end of the search (1 is the best), what varies, its value, mean, peak to peak, frequency."""
    return [
        (answer.record.name, number, name, drive, *(line.predicted[key][row] for key in KINDS["oscillation"].measured))
        for answer in fit.best.answers
        for number, line in enumerate(answer.lines, start=1)
        for name in varied(line.record)
        for row, drive in enumerate(np.asarray(line.record.circuit[name]))
    ]


def ablation_rows(fit: Fit) -> list[tuple[Any, ...]]:
    """What was left out, free parameters, rms of fitted and of checked rows in standard deviations, what is missed."""
    return [(a.name, a.parameters, a.fitted, a.checked, "; ".join(a.missed)) for a in fit.ablations]


def _by_record(answers: tuple[Answers, ...]) -> dict[str, Any]:
    return {answer.record.name: dict(answer.predicted) for answer in answers}
