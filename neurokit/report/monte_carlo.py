"""Figure: distributions of what was drawn by a Monte Carlo, one panel a quantity."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from neurokit.report.style import BLUE, VERMILLION, label, legend_below, new_figure
from neurokit.sweeps.monte_carlo import Quantiles

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCALES: Mapping[str, tuple[str, float]] = {  # what stands on the axis, and by what the quantity is multiplied for it
    "v_threshold": ("V_th (V)", 1.0),
    "frequency": ("frequency (kHz)", 1e-3),
    "triple_r_series": ("triple point: series resistance (\N{GREEK CAPITAL LETTER OMEGA})", 1.0),
    "triple_v_in": ("triple point: supply (V)", 1.0),
}


def monte_carlo(rows: Sequence[Mapping[str, Any]], found: Sequence[Quantiles], title: str = "") -> "Figure":
    """Cumulative distribution of each quantity, over a normal law of the same mean and deviation."""
    from scipy.special import ndtr

    figure = new_figure(8.4, 6.6)
    panels = figure.subplots(2, 2).ravel()
    for axes, q in zip(panels, found, strict=True):
        name, scale = SCALES[q.name]
        values = np.sort([row[q.name] for row in rows if np.isfinite(row[q.name]) and row[q.name]]) * scale
        label(axes, name, "draws at or below it (%)")
        if not len(values):
            axes.text(0.5, 0.5, "no draw has it", ha="center", va="center", transform=axes.transAxes)
            continue
        axes.step(values, 100 * (np.arange(len(values)) + 0.5) / len(values), where="mid", color=BLUE, label="drawn")
        if q.deviation > 0:
            at = np.linspace(values[0], values[-1], 300)
            law = 100 * ndtr((at / scale - q.mean) / q.deviation)
            axes.plot(
                at, law, color=VERMILLION, linestyle="--", linewidth=1.0, label="normal law of that mean and spread"
            )
            axes.set_title(f"{q.mean * scale:.4g} \N{PLUS-MINUS SIGN} {q.deviation * scale:.2g}", fontsize="medium")
    figure.suptitle(title, fontsize="medium")
    legend_below(figure, list(panels), columns=2)
    return figure
