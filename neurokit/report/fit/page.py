"""The page of a fit: what to make of it, its parameters, its scores and its figures; one HTML file, nothing to load."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neurokit.calibration.result import Ablation, Fit, Score
from neurokit.calibration.scores import strongest_of
from neurokit.device.vo2x import PARAMETER_FIELDS
from neurokit.report.fit.figures import CORRELATIONS, PARAMETERS
from neurokit.report.fit.wording import USES, digits_of, limits_text, number_text, range_text, value_text
from neurokit.report.page import Shown, rendered

TEMPLATE = "fit/fit.html.j2"
PAIRS = 8  # of parameters, the most correlated ones
OF_CIRCUIT = "of the circuit around the device"
MEANINGS = {item.name: item.metadata["meaning"] for item in PARAMETER_FIELDS}
QUANTITIES = {"peak_to_peak": "peak to peak"}  # whose names are no words

# What is to be seen, by kind of record.
RECORD_TEXTS: Mapping[str, str] = {
    "resistance": "Points are measured, lines the fitted device; below, how far it is off.",
    "iv": "Points are measured, lines a slow sweep of the fitted device, crosses ngspice; below, how far it is off.",
    "threshold": "Bars are measured, as wide as their errors; the fitted device snaps where its current jumps.",
    "oscillation": "Circles are measured, crosses the fitted device by twin and by ngspice; what does not oscillate is "
    "drawn at 0 Hz. Lines are the twin between the rows and beyond them, where one drive alone was varied; else they "
    "lead the eye.",
    "waveform": "The fitted device by twin and by ngspice on what was measured; below, how far it is off.",
    "pulse": "A filled circle without a frame, or a frame about an open one, is a pulse that is not explained.",
}
OTHER_TEXTS: Mapping[str, str] = {
    PARAMETERS: "Each value with its 95 % interval; an interval that reaches a bound says nothing beyond it.",
    CORRELATIONS: "Two parameters of a strong colour stand in for each other: the data know one only with the other.",
}


def fit_page(fit: Fit, images: Mapping[str, Path], made_by: Mapping[str, Any]) -> str:
    """The page of a fit with the images of `fit_figures`, by the same names; the same of all give the same bytes."""
    names = [interval.name for interval in fit.intervals]
    return rendered(
        TEMPLATE,
        {},
        fit=fit,
        parameters=_parameters(fit),
        scores=[_score(score) for score in fit.scores],
        figures=_shown(fit, images),
        ablations=[_ablation(ablation) for ablation in fit.ablations],
        pairs=[(a, b, f"{r:+.2f}") for a, b, r in strongest_of(names, fit.correlations, PAIRS)],
        starts=", ".join(f"{cost:.4g}" for cost in fit.starts),
        made_by=made_by,
    )


def _parameters(fit: Fit) -> list[dict[str, Any]]:
    """A row for each."""
    return [
        {
            "name": interval.name,
            "meaning": MEANINGS.get(interval.name, OF_CIRCUIT),
            "value": value_text(interval),
            "range": range_text(interval.low, interval.high, interval.unit, digits_of(interval)),
            "bounds": range_text(free.low, free.high, interval.unit),
            "determined": interval.determined,
            "limits": limits_text(free, interval),
        }
        for free, interval in zip(fit.description.free, fit.intervals, strict=True)
    ]


def _score(score: Score) -> dict[str, Any]:
    return {
        "record": score.record,
        "use": USES[score.use],
        "quantity": QUANTITIES.get(score.quantity, score.quantity),
        "rms": number_text(score.rms, score.unit),
        "worst": number_text(score.worst, score.unit),
        "explained": score.explained,
        "words": score.words,
    }


def _ablation(ablation: Ablation) -> dict[str, Any]:
    return {
        "without": ablation.name,
        "parameters": ablation.parameters,
        "fitted": number_text(ablation.fitted, ""),
        "checked": number_text(ablation.checked, ""),
        "missed": "; ".join(ablation.missed),
    }


def _shown(fit: Fit, images: Mapping[str, Path]) -> list[Shown]:
    """Records first, in the order of the description."""
    texts = {given.record.name: RECORD_TEXTS[given.record.kind] for given in fit.best.answers}
    return [Shown(images[name], name, text) for name, text in {**texts, **OTHER_TEXTS}.items() if name in images]
