"""How far a device's predictions are from what was measured, in units of what each number is known to."""

from collections.abc import Callable, Mapping

import numpy as np

from neurokit.calibration.records import DOWN, UP, Record, oscillates
from neurokit.vacancy.model import Floats

WRONG = 10.0  # standard deviations that an oscillation counts where none was seen, or the other way round
HOLE = 3.0  # the same for a quiet row within a range that is assumed to oscillate throughout
LARGEST = 30.0  # standard deviations, to which a residual counts as one does; beyond it, as its logarithm


def residuals(record: Record, predicted: Mapping[str, Floats]) -> Floats:
    """One number for each measured one; those of missing cells are 0, those that the device cannot give `LARGEST`."""
    found = RESIDUALS.get(record.kind, _plain)(record, predicted)
    return np.concatenate([_tamed(np.nan_to_num(values, nan=LARGEST)) for values in found.values()])


def decades(measured: Floats, predicted: Floats) -> Floats:
    """log10 of predicted over measured; nan where one of them is 0, missing, or of the other sign."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = predicted / measured
        return np.asarray(np.where(np.isfinite(ratio) & (ratio > 0), np.log10(np.abs(ratio)), np.nan))


def _plain(record: Record, predicted: Mapping[str, Floats]) -> dict[str, Floats]:
    return {name: _off(record, predicted, name) for name in record.measured}


def _logarithmic(record: Record, predicted: Mapping[str, Floats]) -> dict[str, Floats]:
    """Resistances and currents span decades: their errors are relative. At 0 V there is nothing to compare."""
    found = {}
    for name, measured in record.measured.items():
        size = np.log(10) * np.abs(measured) / np.where(measured == 0, 1.0, record.errors[name])
        nothing = ~np.isfinite(measured) | (measured == 0) | (predicted[name] == 0)
        found[name] = np.where(nothing, 0.0, decades(measured, predicted[name]) * size)
    return found


def _oscillation(record: Record, predicted: Mapping[str, Floats]) -> dict[str, Floats]:
    """Where none was seen the swing of the data is noise, and the model's counts in full."""
    seen, given = oscillates(record.measured["frequency"]), oscillates(predicted["frequency"])
    found = {}
    if "mean" in record.measured:
        found["mean"] = _off(record, predicted, "mean")
    if "peak_to_peak" in record.measured:
        quiet = predicted["peak_to_peak"] / record.errors["peak_to_peak"]
        found["peak_to_peak"] = np.where(seen, _off(record, predicted, "peak_to_peak"), quiet)
    relative = _logarithmic(record, predicted)["frequency"]
    found["frequency"] = np.where(seen & given, relative, np.where(seen == given, 0.0, WRONG))
    return found


def _holes(record: Record, predicted: Mapping[str, Floats]) -> dict[str, Floats]:
    """Quiet rows with one further out that oscillates, as one number."""
    alive = oscillates(predicted["frequency"])
    outwards = alive[record.on(DOWN)][::-1], alive[record.on(UP)]
    holes = sum(int((~side & np.logical_or.accumulate(side[::-1])[::-1]).sum()) for side in outwards)
    return {"frequency": np.array([HOLE * np.sqrt(holes)])}


def _off(record: Record, predicted: Mapping[str, Floats], name: str) -> Floats:
    measured = record.measured[name]
    return np.where(np.isfinite(measured), (predicted[name] - measured) / record.errors[name], 0.0)


def _tamed(values: Floats) -> Floats:
    """The same, but beyond LARGEST growing as a logarithm does: far away, a search needs only the direction."""
    size = np.abs(values)
    far = LARGEST * (1 + np.log(np.maximum(size, LARGEST) / LARGEST))
    return np.where(size <= LARGEST, values, np.sign(values) * far)


RESIDUALS: Mapping[str, Callable[[Record, Mapping[str, Floats]], dict[str, Floats]]] = {
    "resistance": _logarithmic,
    "iv": _logarithmic,
    "oscillation": _oscillation,
    "range": _holes,
}
