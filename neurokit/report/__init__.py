"""Figures: each a function from plain data to a Matplotlib figure."""

from collections.abc import Callable
from typing import Any

from neurokit.report.iv_loops import iv_loops
from neurokit.report.minor_loops import minor_loops
from neurokit.report.rt_loops import rt_loops
from neurokit.report.style import save_figure
from neurokit.report.threshold_noise import threshold_noise
from neurokit.report.thresholds_vs_x import thresholds_vs_x
from neurokit.report.transfer_curves import transfer_curves
from neurokit.report.waveforms import neuron_waveforms, signals

__all__ = ["FIGURES", "save_figure"]

# Every figure, by the name of its file.
FIGURES: dict[str, Callable[..., Any]] = {
    "iv_loops": iv_loops,
    "rt_loops": rt_loops,
    "minor_loops": minor_loops,
    "waveforms": neuron_waveforms,
    "signals": signals,
    "thresholds_vs_x": thresholds_vs_x,
    "threshold_noise": threshold_noise,
    "transfer_curves": transfer_curves,
}
