"""Annealing as Zhou, Yao and Qiao tell it: air brings the transition back, vacuum takes little or everything."""

from neurokit.vacancy.anneal import EXTENSIVE, MILD, RECOVERY, annealed
from neurokit.vacancy.checks.check import Check, below, within
from neurokit.vacancy.checks.overlayer import zhou
from neurokit.vacancy.overlayer import overlayer_deficiency
from neurokit.vacancy.response import jump_decades, transition_temperature

PUBLISHED_RECOVERY = 3.0  # K, within which T_MI must be that of pristine film
METALLIC_BELOW = 0.1  # decades of a jump that is none: assumed


def anneal_checks() -> tuple[Check, ...]:
    """Recovery in air of a film that lay under 13 nm of TiO2; mild and extensive vacuum, whose settings are assumed."""
    reduced = overlayer_deficiency(zhou(13.0)).x
    recovered = annealed(RECOVERY, reduced).x.mean()
    mild, extensive = (float(annealed(model).x.mean()) for model in (MILD, EXTENSIVE))
    pristine, before, after = (float(transition_temperature(x)) for x in (0.0, reduced.mean(), recovered))
    return (
        within(f"T_MI after 2 h at 300 °C in air ({before:.4g} K before)", pristine, after, PUBLISHED_RECOVERY, "K"),
        Check(
            "mild vacuum",
            "weaker than an overlayer",
            f"x = {mild:.2g}, {reduced.mean():.4f} under 13 nm of TiO2",
            bool(mild < reduced.mean()),
        ),
        below(
            "jump after extensive vacuum (complete metallization)",
            METALLIC_BELOW,
            float(jump_decades(extensive)),
            "decades",
        ),
    )
