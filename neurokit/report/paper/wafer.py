"""Panels 1F and 1G: R(T) of the film along the wafer, and its critical temperature."""

from dataclasses import asdict

from neurokit.device.wafer import (
    SHIFT_ALLOWED,
    critical_temperature_checks,
    cut_devices,
    resistance_checks,
    resistance_map,
)
from neurokit.report.film.wafer import wafer_rt_curves, wafer_rt_maps
from neurokit.report.paper.panel import Made, Panel, Workshop, made_of_checks
from neurokit.vacancy.growth import GrowthGradient

GRADIENT = GrowthGradient()


def film_resistance_panel() -> Panel:
    """Panel 1F."""
    return Panel(
        title="R(T) of the film at ten places along the wafer",
        statement="The text says: along the line from -25 to +25 mm, of the pristine end from about 1e4 to 10 Ω; "
        "room-temperature resistance and size of the jump fall.",
        make=_make_resistance,
        note="How far they fall between the ends is not published and not to be read here: the scale of x was fitted "
        "to thresholds of devices.",
    )


def film_transition_panel() -> Panel:
    """Panel 1G."""
    return Panel(
        title="R(T) maps of the film over the wafer, and its critical temperature",
        statement="The text says: the critical temperature is not significantly reduced at high deficiency.",
        make=_make_transition,
        note=f"A shift below {SHIFT_ALLOWED:g} K is what we ask for, however the temperature is read off R(T): the "
        "text gives neither a number nor a way to read it.",
    )


def _make_resistance(_: Workshop) -> Made:
    checks = resistance_checks(GRADIENT)
    words = "; ".join(f"{check.item}: {check.reached}" for check in checks)
    return made_of_checks(wafer_rt_curves(GRADIENT), checks, f"{words}.", {"growth gradient": asdict(GRADIENT)})


def _make_transition(_: Workshop) -> Made:
    wafer = resistance_map(GRADIENT)
    read = {
        "the middle of both branches": wafer.critical_temperature,
        "the steepest fall of log R": wafer.steepest_temperature,
    }
    each = [f"falls by {t[0] - t.min():.2f} K and rises by {t.max() - t[0]:.2f} K" for t in read.values()]
    words = "; ".join(f"by {how} it {moves}" for how, moves in zip(read, each, strict=True))
    return made_of_checks(
        wafer_rt_maps(GRADIENT, cut_devices(GRADIENT)),
        critical_temperature_checks(GRADIENT),
        f"Along the line, {words}.",
        {"growth gradient": asdict(GRADIENT)},
    )
