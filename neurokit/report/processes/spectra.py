"""Panel "spectra": x from the ratio of two peaks of an absorption edge."""

from dataclasses import asdict

from neurokit.report.film.spectra import NOISE, fingerprints, noisy_readings
from neurokit.report.paper.panel import Made, Panel, Workshop, made_of_checks
from neurokit.vacancy.checks import spectra_checks
from neurokit.vacancy.checks.overlayer import mean_x, zhou
from neurokit.vacancy.spectroscopy import Calibration


def spectra_panel() -> Panel:
    """Zhou, Yao and Qiao; signs of Li et al."""
    return Panel(
        title="Spectroscopic fingerprints: V-L and O-K edges",
        statement="Zhou, Yao and Qiao (supporting information, TiO2/VO2/Al2O3) say: the V-L peaks' areas have the "
        "ratio 0.5157 for VO2 and 0.1079 under 1.7 nm of TiO2, their widths 0.4169 and 0.2229. Li et al. (arXiv "
        "2405.00700) say: with deficiency the V-L edge shifts to lower energy and the O-K t2g/eg ratio falls.",
        make=_make,
        note="The ratios are the model's calibration, so they must come back. The x of the film under 1.7 nm of TiO2 "
        "is not published. It is assumed, far above what the model of the overlayer gives, and every reading scales "
        "with it.",
    )


def _make(workshop: Workshop) -> Made:
    calibration = Calibration()
    readings = noisy_readings(calibration, workshop.seed)
    spread = ", ".join(f"{max(r.sigma for r in found):.4f} by {edge} {q}" for (edge, q), found in readings.items())
    words = f"Noise of about 1 % of the highest peak makes x uncertain by up to {spread} (one standard deviation). "
    words += f"Under 1.7 nm of TiO2 x = {calibration.x_overlayer:g} is assumed; the overlayer's model gives "
    words += f"{mean_x(zhou(1.7)):.4f}."
    parameters = {"calibration": asdict(calibration), "noise": NOISE}
    return made_of_checks(fingerprints(calibration, readings), spectra_checks(), words, parameters, workshop.seed)
