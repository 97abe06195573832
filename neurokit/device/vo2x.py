"""One VO2-x device: a film, its oxygen deficiency, and how this device differs from the film's nominal one."""

from dataclasses import Field, dataclass, fields
from typing import Any

from neurokit.device.equations import X_HIGH, X_LOW, coefficients
from neurokit.device.film import FILM_PARAMETERS, Film, check_ranges, parameter
from neurokit.device.film_mbe import MBE
from neurokit.device.film_pld_tio2 import PLD_TIO2
from neurokit.device.maths import Maths, numpy_maths
from neurokit.errors import OutOfRangeError

FILMS: dict[str, Film] = {film.name: film for film in (MBE, PLD_TIO2)}


@dataclass(frozen=True)
class Vo2x:
    """A two-terminal VO2-x device; the field names are the parameters of the ngspice sub-circuit `vo2x`.

    x is an *effective* deficiency: the founding paper never measures it, and its scale here is a choice (`x_metal`). As
    an orientation, two electrons a vacancy give 6.8e22 x carriers per cm3.
    """

    film: Film = MBE
    x: float = parameter("oxygen deficiency x of VO2-x, effective", "", X_LOW, X_HIGH, 0.0)
    t_ambient: float = parameter("ambient temperature", "K", 200, 500, 300.0)
    width: float = parameter("width relative to the film's nominal device", "", 1e-6, 1e6, 1.0)
    d_threshold: float = parameter("relative mismatch of V_th and V_hold", "", -0.9, 9, 0.0)
    d_insulating: float = parameter("relative mismatch of the insulating resistance", "", -0.9, 9, 0.0)
    noise: float = parameter("standard deviation of the relative threshold noise", "", 0, 0.2, 0.0)
    noise_step: float = parameter("time over which threshold noise is independent", "s", 1e-12, 1e6, 2e-6)
    seed: float = parameter("seed of the threshold noise", "", 0, 1e6, 1.0)

    def __post_init__(self) -> None:
        check_ranges(self)

    @classmethod
    def from_vacancy(cls, x: float, film: Film | str = MBE, **deviations: float) -> "Vo2x":
        """The device of oxygen deficiency x in a film, given as a preset's name or a `Film` of one's own."""
        if isinstance(film, str):
            if film not in FILMS:
                raise OutOfRangeError(f"film {film!r} is not known: choose one of {', '.join(FILMS)}")
            film = FILMS[film]
        return cls(film=film, x=x, **deviations)


DEVICE_PARAMETERS = tuple(item.name for item in fields(Vo2x) if "low" in item.metadata)

# Every parameter with its meaning, unit and bounds, in the order in which headers list them: the device's, the film's.
PARAMETER_FIELDS: tuple[Field[Any], ...] = tuple(
    item for kind in (Vo2x, Film) for item in fields(kind) if "low" in item.metadata
)

# Devices 1 to 5 of the paper, increasing deficiency. Thresholds are published for 1 and 5 alone; equal steps of x
# between them are our choice.
DEVICES: dict[int, Vo2x] = {number: Vo2x(x=0.01 * (number - 1)) for number in range(1, 6)}
CYCLE_SPREAD = 0.0072  # of V_th from cycle to cycle, relative standard deviation: Li Z. et al. 2024
DEVICE_SPREAD = 0.0373  # of V_th from device to device: the same

MEASURED_THRESHOLDS: dict[int, float] = {1: 6.5, 5: 1.75}  # V, Li et al., arXiv 2405.00700


def device_label(number: int) -> str:
    """Name of a preset for tables and legends, saying where it is interpolation."""
    return f"Device {number}" + ("" if number in MEASURED_THRESHOLDS else " (interpolated)")


def parameters(device: Vo2x) -> dict[str, float]:
    """All parameters of a device by the names that equations and netlists use."""
    own = {name: float(getattr(device, name)) for name in DEVICE_PARAMETERS}
    return own | {name: float(getattr(device.film, name)) for name in FILM_PARAMETERS}


def device_coefficients(device: Vo2x, xp: Maths | None = None, **overrides: Any) -> Any:
    """The coefficients of the equations for this device; overrides (arrays, say) replace parameters by name."""
    return coefficients(xp or numpy_maths(), parameters(device) | overrides)
