"""Panel "anneal": air gives oxygen back, vacuum takes it."""

from dataclasses import asdict

from neurokit.report.film.anneal import annealing_curves, annealing_figure
from neurokit.report.paper.panel import Made, Panel, Workshop, made_of_checks
from neurokit.vacancy.anneal import EXTENSIVE, MILD, RECOVERY
from neurokit.vacancy.checks import anneal_checks


def anneal_panel() -> Panel:
    """Zhou, Yao and Qiao."""
    return Panel(
        title="Annealing: recovery in air, reduction in vacuum",
        statement="Zhou, Yao and Qiao (supporting information, TiO2/VO2/Al2O3) say: 2 h at 300 °C in air bring the "
        "transition back towards that of stoichiometric VO2; a mild vacuum anneal does less than an overlayer, an "
        "extensive one makes the film metallic.",
        make=_make,
        note="Temperature and time of both vacuum anneals are assumed, and the film is bare. The uptake is fitted to "
        "T_MI within 3 K of the pristine film's.",
    )


def _make(_: Workshop) -> Made:
    curves = annealing_curves()
    shown = ", ".join(f"{x:.2g} by {name}" for name, (_, x) in curves.anchors.items())
    made_with = {"recovery": RECOVERY, "mild vacuum": MILD, "extensive vacuum": EXTENSIVE}
    parameters = {name: asdict(model) for name, model in made_with.items()}
    return made_of_checks(annealing_figure(curves), anneal_checks(), f"x = {shown}.", parameters)
