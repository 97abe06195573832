"""A device's line in a netlist, and the sub-circuit that it calls."""

from functools import cache

from neurokit.circuits.netlist import checked_name
from neurokit.circuits.values import spice_value
from neurokit.device.vo2x import Vo2x, parameters


def device_line(name: str, nodes: str, device: Vo2x, subcircuit: str = "vo2x") -> str:
    """`X_name nodes vo2x x=...`: x, and whatever differs from the library's defaults."""
    for word in (name, *nodes.split()):
        if word != "0":
            checked_name(word)
    defaults = parameters(Vo2x())
    given = {p: v for p, v in parameters(device).items() if p == "x" or v != defaults[p]}
    values = " ".join(f"{p}={spice_value(v)}" for p, v in given.items())
    return f"X_{name} {nodes} {subcircuit} {values}"


@cache
def embedded_library(subcircuit: str = "vo2x") -> str:
    """The text of one sub-circuit, for netlists that stand alone."""
    from neurokit.device.export.spice import vo2x_library  # prints by SymPy, which takes its time to import

    text = vo2x_library()
    start = text.index(f".subckt {subcircuit} ")
    end = f".ends {subcircuit}\n"
    return text[start : text.index(end) + len(end)]
