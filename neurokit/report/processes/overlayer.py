"""Panels "overlayer" and "thickness": oxygen that TiO2 takes out of the VO2 on which it grows."""

from dataclasses import asdict

from neurokit.report.film.overlayer import directional_curves, directional_figure, overlayer_curves, overlayer_figure
from neurokit.report.paper.panel import Made, Panel, Workshop, made_of_checks
from neurokit.vacancy.checks import directional_checks, overlayer_checks
from neurokit.vacancy.checks.overlayer import park, zhou


def overlayer_panel() -> Panel:
    """Park et al."""
    return Panel(
        title="TiO2 on VO2/TiO2(001): transition, jump, lattice and epitaxy against oxygen pressure",
        statement="Park et al. (Nat. Commun. 11, 1401, 2020) say: under 6 nm of TiO2 grown at 24 mTorr T_MI is 298 K "
        "and the jump 3.2 decades; at 6 mTorr 260 K, less than a decade, metallic at 270 K; (002) goes from 51.9° to "
        "51.5°; epitaxial TiO2 ends at about 10 nm at 150 °C and grows on at 300 °C; transport along [001] is fast.",
        make=_make_overlayer,
        note="Sticking, diffusivity and expansion are fitted to these figures, and growth rate and x are assumed "
        "(`docs/models.md`); the fast direction is predicted.",
    )


def thickness_panel() -> Panel:
    """Zhou, Yao and Qiao."""
    return Panel(
        title="TiO2 of 0.6, 1.7 and 13 nm on VO2/Al2O3, and the direction of domain boundaries",
        statement="Zhou, Yao and Qiao (supporting information, TiO2/VO2/Al2O3) say: under 0.6 nm the O-K ratio falls "
        "without a clear V-L shift; 1.7 nm expands the lattice as 13 nm do; lower pressure leaves more vacancies; "
        "vertical and inclined domain boundaries let oxygen through, horizontal ones do not; the TiO2 insulates.",
        make=_make_thickness,
        note="Nothing but pressure and temperature is set for these films: what the model says of thickness and "
        "boundaries is predicted. Horizontal boundaries pile up vacancies at the interface beyond what VO2-x holds "
        "as a single phase.",
    )


def _make_overlayer(_: Workshop) -> Made:
    curves = overlayer_curves()
    shown = ", ".join(f"{grown.x.mean():.4f} at {p:g} mTorr" for p, grown in curves.growths.items())
    return made_of_checks(
        overlayer_figure(curves), overlayer_checks(), f"x = {shown}.", {"overlayer": asdict(park(24.0))}
    )


def _make_thickness(_: Workshop) -> Made:
    curves = directional_curves()
    shown = ", ".join(f"{x:.4f} under {nm:g} nm ({x / nm:.1e} a nanometre)" for nm, x in curves.published.items())
    words = f"x = {shown}."
    return made_of_checks(directional_figure(curves), directional_checks(), words, {"overlayer": asdict(zhou(13.0))})
