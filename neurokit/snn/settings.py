"""What a training run is asked to do: every number that decides its result, from a TOML file or by itself."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.circuits.opamp import OpAmp
from neurokit.circuits.synapse import Synapse
from neurokit.circuits.values import si_number
from neurokit.device.vo2x import DEVICES, Vo2x
from neurokit.errors import NeurokitError, OutOfRangeError

BASES = 5  # files of settings that may build on one another


def _number(meaning: str, default: float, low: float, high: float, unit: str = "") -> Any:
    return field(default=default, metadata={"meaning": meaning, "low": low, "high": high, "unit": unit})


def _choice(meaning: str, *words: str) -> Any:
    return field(default=words[0], metadata={"meaning": meaning, "words": words})


@dataclass(frozen=True)
class Settings:
    """A network and its training; the defaults are the paper's recipe as far as its text gives it.

    The paper (Li et al., arXiv 2405.00700) gives 784-128-10, rate coding, MSE on rates, 50 us, ten epochs, and the
    circuit of its neuron; everything else is assumed.
    """

    curve: str = field(default="", metadata={"meaning": "file of a transfer curve, instead of device and circuit"})
    device: int = _number("preset device of the neurons", 1, 1, max(DEVICES))
    r_series: float = _number("series resistor of each neuron", NeuronCircuit.r_series, 1.0, 1e9, "ohm")
    capacitance: float = _number("capacitor of each neuron", NeuronCircuit.capacitance, 1e-15, 1.0, "F")
    temperature: float = _number("ambient temperature", Vo2x.t_ambient, 200.0, 330.0, "K")
    hidden: tuple[int, ...] = field(
        default=(128,), metadata={"meaning": "neurons of each hidden layer, as 128 or 64,32"}
    )
    silent_margin: float = _number(
        "how far below the onset the drive of the darkest grey lies; black gives none", 0.5, 0.0, 100.0, "V"
    )
    v_rail: float = _number(
        "supply of the adders, which no drive exceeds; none falls below 0", OpAmp.v_rail, 0.1, 1000.0, "V"
    )
    tau: float = _number("time constant of the adders' low-pass", Synapse.tau, 0.0, 1.0, "s")
    window: float = _number("time that an image is shown for", 50e-6, 1e-9, 10.0, "s")
    dt: float = _number("time step of a spiking run", 0.5e-6, 1e-12, 1.0, "s")
    encoding: str = _choice(
        "how input neurons speak: by single spikes, or by their rate as a constant", "spikes", "constant"
    )
    way: str = _choice("train by rates in one pass, or by spikes in time steps", "rate", "spiking")
    surrogate: str = _choice("slope of a spike when training by spikes", "straight", "atan", "fast_sigmoid")
    loss: str = _choice("on the output's rates", "mse", "cross_entropy")
    logit_scale: float = _number("what rates, 0 to 1, are multiplied by for cross_entropy", 10.0, 1e-3, 1e3)
    label_smoothing: float = _number("share of each label given to all classes", 0.0, 0.0, 0.9)
    augment: float = _number(
        "random turns, shifts and sizes of the images; 1: 10 degrees, 2 pixels, 10 %", 0.0, 0.0, 5.0
    )
    epochs: int = _number("times that every image is seen", 10, 1, 10_000)
    batch: int = _number("images to a step", 256, 1, 1_000_000)
    learning_rate: float = _number("the highest of the one cycle", 4e-3, 1e-9, 10.0)
    width: float = _number("voltage over which the slope of the curve is averaged backward", 1.0, 1e-6, 100.0, "V")
    mismatch: float = _number("relative spread of thresholds, drawn for each image and neuron", 0.0, 0.0, 0.5)
    noise: float = _number("relative spread of the thresholds from cycle to cycle", 0.0, 0.0, 0.2)
    bits: int = _number("of a weight with its sign; 0: any weight", 0, 0, 16)
    resistors: str = _choice("the values that a weight's resistor can have", "any", "E12", "E24", "E96")
    warm_up: int = _number("epochs before mismatch, noise, bits and resistors begin", 2, 0, 10_000)
    held_out: int = _number("training images that choose settings and are not learned from", 5000, 0, 1_000_000)
    seed: int = _number("of weights, order and draws", 1, 0, 2**31 - 1)

    def __post_init__(self) -> None:
        for item in fields(self):
            _check(item.name, getattr(self, item.name), item.metadata)
        if not self.hidden or min(self.hidden) < 1 or max(self.hidden) > 100_000:
            raise OutOfRangeError(f"hidden = {list(self.hidden)} must be one or more layers of 1 to 100000 neurons")
        if self.dt > self.window:
            raise OutOfRangeError(f"dt = {self.dt:g} s must not be above the window, {self.window:g} s")
        if self.curve:
            _refuse_two_neurons(self)
        if self.bits == 1:
            raise OutOfRangeError("bits = 1 has no weight but 0: take 2 or more, or 0 for any weight")

    @property
    def neuron(self) -> NeuronCircuit:
        """The circuit of every neuron, without noise."""
        return NeuronCircuit(
            replace(DEVICES[self.device], t_ambient=self.temperature),
            r_series=self.r_series,
            capacitance=self.capacitance,
        )


def _refuse_two_neurons(settings: Settings) -> None:
    """A curve of a file is that of its own device, circuit and temperature."""
    for item in fields(Settings):
        value = getattr(settings, item.name)
        if item.name in ("device", "r_series", "capacitance", "temperature", "noise") and value != item.default:
            raise NeurokitError(
                f"curve = {settings.curve} is of neurons that {item.name} = {value} cannot change: "
                "leave one of the two out"
            )


def settings_from_toml(path: Path, changes: Mapping[str, Any] | None = None) -> Settings:
    """The settings of a file with some of them changed; a name that is none is refused.

    Its `base` is another such file, whose settings it changes. Paths are as seen from the file that names them.
    """
    return changed(Settings(), _read(path, BASES) | dict(changes or {}))


def _read(path: Path, depth: int) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NeurokitError(f"cannot read the settings {path}: {error}") from None
    if isinstance(found.get("curve"), str) and found["curve"]:
        found["curve"] = str(path.parent / found["curve"])
    base = found.pop("base", None)
    if base is None:
        return found
    if not isinstance(base, str) or depth == 0:
        raise NeurokitError(f"base = {base!r} in {path} must name a file of settings, no more than {BASES} deep")
    return _read(path.parent / base, depth - 1) | found


def changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """These settings with some of them replaced; whole numbers stand for others, and words such as "3k" for numbers."""
    known = asdict(settings)
    for name in changes:
        if name not in known:
            raise NeurokitError(f"no setting {name!r}: there are {', '.join(known)}")
    return replace(settings, **{name: _typed(name, value, known[name]) for name, value in changes.items()})


def _typed(name: str, value: Any, before: Any) -> Any:
    if isinstance(before, tuple):
        sizes = value if isinstance(value, list | tuple) else (value,)
        return tuple(_typed(name, size, 1) for size in sizes)
    if isinstance(before, str):
        if not isinstance(value, str):
            raise NeurokitError(f"{name} = {value!r} must be a word")
        return value
    whole = isinstance(before, int)
    if isinstance(value, str) and not whole:
        return si_number(value)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise NeurokitError(f"{name} = {value!r} must be a {'whole ' if whole else ''}number")
    return type(before)(value)


def _check(name: str, value: Any, known: Mapping[str, Any]) -> None:
    if "words" in known and value not in known["words"]:
        raise OutOfRangeError(f"{name} = {value!r} must be one of {', '.join(known['words'])}")
    if "low" in known and not known["low"] <= value <= known["high"]:
        unit = f" {known['unit']}" if known["unit"] else ""
        raise OutOfRangeError(f"{name} = {value}{unit} must lie between {known['low']} and {known['high']}{unit}")
