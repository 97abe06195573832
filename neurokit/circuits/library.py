"""A device's line in a netlist, and the sub-circuit that it calls."""

from functools import cache

from neurokit.circuits.netlist import checked_name
from neurokit.circuits.values import spice_value
from neurokit.device.film import ADDITIONS, has_additions
from neurokit.device.vo2x import Vo2x, parameters
from neurokit.errors import OutOfRangeError


def device_line(name: str, nodes: str, device: Vo2x, subcircuit: str = "vo2x") -> str:
    """`X_name nodes vo2x x=...`: x, and whatever differs from the library's defaults."""
    for word in (name, *nodes.split()):
        if word != "0":
            checked_name(word)
    defaults = parameters(Vo2x())
    subcircuit = for_device(subcircuit, device)
    given = {p: v for p, v in parameters(device).items() if p == "x" or v != defaults[p]}
    values = " ".join(f"{p}={spice_value(v)}" for p, v in given.items())
    return f"X_{name} {nodes} {subcircuit} {values}"


def for_device(subcircuit: str, device: Vo2x) -> str:
    """The sub-circuit that has this device's equations: one without additions takes less time where it can."""
    if not has_additions(device.film):
        return subcircuit
    fitted = {"vo2x": "vo2x_fitted", "vo2x_pins": "vo2x_fitted_pins"}
    if subcircuit not in fitted:
        raise OutOfRangeError(
            f"{subcircuit} has none of the additions ({', '.join(ADDITIONS)}) that film {device.film.name!r} makes use "
            f"of: choose a film without them, such as {Vo2x().film.name!r}"
        )
    return fitted[subcircuit]


def embedded_library(*devices: Vo2x, subcircuit: str = "vo2x") -> str:
    """The sub-circuits of these devices, for netlists that stand alone; with no device named, the plain one."""
    return "".join(
        _text(name) for name in dict.fromkeys(for_device(subcircuit, device) for device in devices or (Vo2x(),))
    )


@cache
def _text(subcircuit: str) -> str:
    from neurokit.device.export.spice import vo2x_library  # prints by SymPy, which takes its time to import

    text = vo2x_library()
    start = text.index(f".subckt {subcircuit} ")
    end = f".ends {subcircuit}\n"
    return text[start : text.index(end) + len(end)]
