"""Every panel of `neurokit figures`: the paper's by figure and letter, then by name a film's processes and the film."""

from neurokit.report.filament import filament_panel
from neurokit.report.paper import PANELS as PAPER_PANELS
from neurokit.report.paper import Panel
from neurokit.report.processes import PROCESSES

__all__ = ["PANELS"]

PANELS: dict[str, Panel] = PAPER_PANELS | PROCESSES | {"filament": filament_panel()}
