"""All figures of a fit: one for each record by its kind, the parameters, and their correlations."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from neurokit.calibration.result import Answers, Fit
from neurokit.device.vo2x import Vo2x
from neurokit.report.fit.correlations import correlation_figure
from neurokit.report.fit.iv import iv_figure
from neurokit.report.fit.oscillation import oscillation_figure
from neurokit.report.fit.parameters import parameter_figure
from neurokit.report.fit.pulse import pulse_figure
from neurokit.report.fit.resistance import resistance_figure
from neurokit.report.fit.threshold import threshold_figure
from neurokit.report.fit.waveform import waveform_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARAMETERS, CORRELATIONS = "Parameters within their bounds", "Correlations of the parameters"

# By kind of record: from the answers of the twin, those of ngspice where there are any, and the device.
RECORD_FIGURES: Mapping[str, Callable[[Answers, Answers | None, Vo2x], "Figure"]] = {
    "resistance": resistance_figure,
    "iv": iv_figure,
    "threshold": threshold_figure,
    "oscillation": oscillation_figure,
    "waveform": waveform_figure,
    "pulse": pulse_figure,
}


def fit_figures(fit: Fit) -> dict[str, "Figure"]:
    """Every figure of a fit, by the name of its record or by what else it shows."""
    confirmed = {given.record.name: given for given in fit.best.confirmed}
    records = {
        given.record.name: record_figure(given, confirmed.get(given.record.name), fit.best.device)
        for given in fit.best.answers
    }
    return records | {PARAMETERS: parameter_figure(fit), CORRELATIONS: correlation_figure(fit)}


def record_figure(answers: Answers, confirmed: Answers | None, device: Vo2x) -> "Figure":
    """What was measured and what the fitted device gives there."""
    return RECORD_FIGURES[answers.record.kind](answers, confirmed, device)
