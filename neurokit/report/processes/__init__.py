"""Panels of how a film gets its deficiency, each answered by a model of `vacancy`: other publications than the paper's.

Their statements are those publications' texts in our words, and name them; verdicts come from `vacancy/checks`.
"""

from neurokit.report.paper.panel import Panel
from neurokit.report.processes.anneal import anneal_panel
from neurokit.report.processes.overlayer import overlayer_panel, thickness_panel
from neurokit.report.processes.spectra import spectra_panel
from neurokit.report.processes.tip import tip_panel
from neurokit.report.processes.wafer import wafer_panel

__all__ = ["PROCESSES"]

# Every panel, by its process.
PROCESSES: dict[str, Panel] = {
    "wafer": wafer_panel(),
    "overlayer": overlayer_panel(),
    "thickness": thickness_panel(),
    "anneal": anneal_panel(),
    "spectra": spectra_panel(),
    "tip": tip_panel(),
}
