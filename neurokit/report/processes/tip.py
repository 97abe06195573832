"""Panel "tip": writing with a scanning tip, by voltage and by force."""

from dataclasses import asdict

from neurokit.report.film.tip import tip_scans
from neurokit.report.paper.panel import Made, Panel, Workshop, made_of_checks
from neurokit.vacancy.checks import tip_checks
from neurokit.vacancy.checks.tip import scans
from neurokit.vacancy.tip import BLUNT, SHARP, Film


def tip_panel() -> Panel:
    """Kim, Kalinin, Chen and Noh."""
    return Panel(
        title="Writing with a scanning tip: voltage, force, sharp and blunt tips, decay",
        statement="Kim, Kalinin, Chen and Noh (SrTiO3 films) say: readings fall in sigmoids with X0 at 2.6 V or 6.8 µN "
        "(0.4 V per µN); a sharp tip at 5.7 µN moves about a third sideways, at 9.5 µN it depletes by 0.75 without "
        "appreciable gain; a blunt one at 9.5 µN by 0.25 with a gain of 0.2, about 80 % sideways; D is 9.4e-19 and "
        "3.8e-18 cm²/s in films of 14 and 120 unit cells.",
        make=_make,
        note="SrTiO3's parameters; on VO2 they are assumed. Nine numbers are fitted to eleven independent figures "
        "(`docs/models.md`); the blunt tip was to take one geometric parameter and takes two. What the model says of "
        "the sharp tip at 9.5 µN is predicted.",
    )


def _make(_: Workshop) -> Made:
    found = scans()
    checks = tip_checks(found)
    (equivalence,) = (check for check in checks if check.item.startswith("voltage that"))
    words = f"Predicted: {equivalence.reached} where {equivalence.published} is published."
    parameters = {"film": asdict(Film()), "sharp tip": asdict(SHARP), "blunt tip": asdict(BLUNT)}
    return made_of_checks(tip_scans(found), checks, words, parameters)
