"""A film whose transition falls with x: VO2 by PLD on TiO2(001), 38 K between two growth pressures of its overlayer."""

from dataclasses import replace

from neurokit.device.film_mbe import MBE

_PARK = "Park et al., Nat. Commun. 11, 1401 (2020)"

PLD_TIO2 = replace(
    MBE,
    name="pld-tio2",
    description="12 nm VO2-x by PLD on TiO2(001), transition falling with x",
    sources=MBE.sources
    | dict.fromkeys(
        ("r_metal", "g_insulating", "x_metal", "s_thermal", "c_thermal"),
        "assumed: the geometry of the mbe preset",
    )
    | {
        "t_transition": f"T_MI about 298 K as grown, {_PARK}",
        # One donor of two electrons per W lowers T_c by 20-28 K per at.%; an oxygen vacancy gives two as well.
        "k_tc": "-2400 K per unit x: 20-28 K per at.% of a two-electron donor, an upper bound by carrier count",
    },
    t_transition=298.0,
    k_tc=-2400.0,
)
