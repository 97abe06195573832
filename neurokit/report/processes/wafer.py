"""Panel "wafer": where on the wafer devices of the paper's thresholds are."""

from dataclasses import asdict

from neurokit.device.vo2x import DEVICES
from neurokit.device.wafer import cut_devices, threshold_checks
from neurokit.report.film.wafer import wafer_line
from neurokit.report.paper.panel import Made, Panel, Workshop, known_devices, made_of_checks
from neurokit.vacancy.growth import GrowthGradient


def wafer_panel() -> Panel:
    """The panel of the growth gradient."""
    return Panel(
        title="Growth gradient over a 2-inch wafer: x, thresholds and where to cut Devices 1 to 5",
        statement="Li et al. (arXiv 2405.00700, the paper) say: deficiency rises along the line from -25 to +25 mm; "
        "thresholds from 6.5 V (Device 1) to 1.75 V (Device 5) for a gap of 2 µm.",
        make=_make,
        note="Where on the line the devices were cut is not published. Geometry and uptake of the growth are assumed; "
        "Devices 2 to 4 are interpolated.",
    )


def _make(_: Workshop) -> Made:
    gradient = GrowthGradient()
    cuts = cut_devices(gradient)
    places = ", ".join(f"{1e3 * cut.position:+.1f}" for cut in cuts)
    volts = ", ".join(f"{cut.v_threshold:.2f}" for cut in cuts)
    return made_of_checks(
        wafer_line(gradient, cuts),
        threshold_checks(gradient),
        f"Devices 1 to 5 at {places} mm: V_th {volts} V.",
        {"growth gradient": asdict(gradient)} | known_devices({cuts[0].label: DEVICES[1]}),
    )
