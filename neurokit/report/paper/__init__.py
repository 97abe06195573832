"""The panels of the paper's figures, each simulated, drawn, and compared with what the paper's text says.

The paper is Li et al., arXiv 2405.00700. Statements are its text in our words. Which letter shows what is our
assignment where the text does not give it.
"""

from neurokit.report.paper.drives import constant_drive_panel, pulse_drive_panel, sine_drive_panel
from neurokit.report.paper.endurance import endurance_panel
from neurokit.report.paper.iv_loop import iv_loop_panel
from neurokit.report.paper.network import network_membranes_panel, network_raster_panel
from neurokit.report.paper.panel import Failed, Made, Panel, Workshop, make_panels
from neurokit.report.paper.pulse_response import pulse_response_panel
from neurokit.report.paper.thresholds import thresholds_panel
from neurokit.report.paper.transfer import frequency_panel, power_panel
from neurokit.report.paper.tri_state import tri_state_panel, triple_points_panel
from neurokit.report.paper.wafer import film_resistance_panel, film_transition_panel

__all__ = ["PANELS", "Failed", "Made", "Panel", "Workshop", "make_panels"]

# Every panel, by figure and letter.
PANELS: dict[str, Panel] = {
    "1F": film_resistance_panel(),
    "1G": film_transition_panel(),
    "2G": iv_loop_panel(1),
    "2H": iv_loop_panel(2),
    "2I": iv_loop_panel(3),
    "2J": iv_loop_panel(4),
    "2K": iv_loop_panel(5),
    "2L": thresholds_panel(),
    "2M": endurance_panel(),
    "2N": pulse_response_panel(1),
    "2O": pulse_response_panel(2),
    "2P": pulse_response_panel(3),
    "2Q": pulse_response_panel(4),
    "2R": pulse_response_panel(5),
    "3B": constant_drive_panel(),
    "3C": pulse_drive_panel(),
    "3D": sine_drive_panel(),
    "3F": tri_state_panel(),
    "3G": triple_points_panel(),
    "3I": network_membranes_panel(),
    "3J": network_raster_panel(),
    "3K": frequency_panel(),
    "3L": power_panel(),
}
