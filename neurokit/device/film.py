"""A film: everything about a VO2-x device but its oxygen deficiency, each number with unit, bounds and source."""

from dataclasses import dataclass, field, fields
from typing import Any

from neurokit.errors import OutOfRangeError


def parameter(meaning: str, unit: str, low: float, high: float, default: float | None = None) -> Any:
    """A dataclass field that carries what documentation, netlist headers and range checks need."""
    metadata = {"meaning": meaning, "unit": unit, "low": low, "high": high}
    return field(metadata=metadata) if default is None else field(default=default, metadata=metadata)


def addition(meaning: str, unit: str, low: float, high: float, neutral: float) -> Any:
    """The same for a parameter that only some devices need, with the value at which it does nothing."""
    metadata = {"meaning": meaning, "unit": unit, "low": low, "high": high, "addition": True}
    return field(default=neutral, metadata=metadata)


def check_ranges(record: Any) -> None:
    """Refuse a record with a parameter outside its bounds, naming value, bound and way out."""
    for item in fields(record):
        if "low" not in item.metadata:
            continue
        value, low, high = getattr(record, item.name), item.metadata["low"], item.metadata["high"]
        if not low <= value <= high:
            written = f"{item.name} = {value} {item.metadata['unit']}".rstrip()
            raise OutOfRangeError(
                f"{written} is outside [{low}, {high}]: give the {item.metadata['meaning']} within it"
            )


@dataclass(frozen=True)
class Film:
    """Parameters that one way of growing VO2-x, cut into one geometry of device, has in common.

    The field names are the parameter names of the ngspice sub-circuit and of the Verilog-A module. `sources` says for
    each field where its number comes from, or "assumed"; a film without a source for a field is refused, but for
    additions that are left neutral.
    """

    name: str
    description: str
    sources: dict[str, str] = field(hash=False)  # a dictionary has no hash

    r_metal: float = parameter("resistance of the fully metallic device, contacts included", "ohm", 1e-3, 1e9)
    g_insulating: float = parameter("conductance of the pristine insulator at t_reference", "S", 1e-12, 1e3)
    t_reference: float = parameter("temperature at which g_insulating is given", "K", 50, 1000)
    gap_pristine: float = parameter("gap of the insulator at x = 0; activation is half of it", "eV", 0, 2)
    gap_reduced: float = parameter("gap of the insulator at full reduction", "eV", 0, 2)
    x_metal: float = parameter("deficiency scale of localized metallization", "", 1e-6, 1)
    t_transition: float = parameter("middle of the thermal hysteresis at x = 0", "K", 50, 1000)
    k_tc: float = parameter("shift of both branches with x", "K per unit x", -1e5, 1e5)
    w_pristine: float = parameter("width of the thermal hysteresis at x = 0", "K", 0, 100)
    w_shrink: float = parameter("part of that width lost at full metallization", "", 0, 1)
    beta_pristine: float = parameter("steepness of a branch at x = 0", "1/K", 1e-3, 100)
    beta_shrink: float = parameter("part of that steepness lost at full metallization", "", 0, 0.99)
    s_thermal: float = parameter("heat loss to the surroundings", "W/K", 1e-12, 1e3)
    c_thermal: float = parameter("heat capacity", "J/K", 1e-18, 1e3)
    tau_up: float = parameter("time scale of the structural switching to the metal", "s", 1e-15, 1)
    tau_down: float = parameter("time scale of the structural switching back", "s", 1e-15, 1)
    s_growth: float = addition("growth of the heat loss with the metal fraction, relative", "", 0, 1e3, 0.0)
    beta_ratio: float = addition("steepness of the cooling branch over that of the heating one", "", 0.05, 20, 1.0)
    u_reversible: float = addition("share of the metal fraction without hysteresis", "", 0, 0.99, 0.0)
    beta_reversible: float = addition("steepness of its branch", "1/K", 1e-3, 100, 0.5)
    d_reversible: float = addition("its centre above the middle of the hysteresis", "K", -500, 500, 0.0)
    tau_reversible: float = addition("time constant with which it follows its branch", "s", 1e-12, 1, 1e-9)
    r_contact: float = addition("resistance of contacts that are not in r_metal", "ohm", 0, 1e9, 0.0)

    def __post_init__(self) -> None:
        check_ranges(self)
        missing = {
            item.name
            for item in PARAMETERS
            if item.name not in self.sources and getattr(self, item.name) != item.default
        }
        if missing:
            raise OutOfRangeError(
                f"film {self.name!r} gives no source for {', '.join(sorted(missing))}: name it, or write 'assumed'"
            )


PARAMETERS = tuple(item for item in fields(Film) if "low" in item.metadata)
FILM_PARAMETERS = tuple(item.name for item in PARAMETERS)
# What fits to measured devices have asked for, with the values at which it does nothing.
ADDITIONS: dict[str, float] = {
    item.name: float(str(item.default)) for item in PARAMETERS if "addition" in item.metadata
}
# Those that do something by themselves; the others only shape the metal without hysteresis.
ACTIVE_ADDITIONS = ("s_growth", "beta_ratio", "u_reversible", "r_contact")


def has_additions(film: Film) -> bool:
    """Whether any of them does something in this film."""
    return any(getattr(film, name) != ADDITIONS[name] for name in ACTIVE_ADDITIONS)
