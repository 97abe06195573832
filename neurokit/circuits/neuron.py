"""The neuron: a supply charges a capacitor through a resistor, the VO2-x device discharges it and spikes."""

from dataclasses import dataclass

from neurokit.circuits.drive import Constant, Drive
from neurokit.circuits.library import device_line, embedded_library
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.values import spice_value
from neurokit.device.accuracy import FINE, Accuracy, largest_step
from neurokit.device.vo2x import Vo2x
from neurokit.errors import OutOfRangeError


@dataclass(frozen=True)
class NeuronCircuit:
    """v_in - r_series - osc; capacitance from osc to ground; device from osc to spk; r_sense from spk to ground."""

    device: Vo2x = Vo2x()  # noqa: RUF009 - frozen
    r_series: float = 3e3  # ohm, Li et al., arXiv 2405.00700
    capacitance: float = 1.8e-9  # F, Li et al., arXiv 2405.00700
    r_sense: float = 10.0  # ohm, assumed: small against every state of the device

    def __post_init__(self) -> None:
        for name in ("r_series", "capacitance", "r_sense"):
            if not getattr(self, name) > 0:
                raise OutOfRangeError(f"{name} = {getattr(self, name)} must be above 0")


def neuron_netlist(
    neuron: NeuronCircuit,
    drive: Drive = Constant(12.5),  # noqa: B008 - frozen
    t_stop: float = 100e-6,
    *,
    include: str | None = None,
    temperature: bool = False,
    accuracy: Accuracy = FINE,
) -> Netlist:
    """The neuron over t_stop seconds; output is v(spk), `include` a path to vo2x.lib instead of its text.

    With `temperature` the device's temperature v(t_kelvin) and metal fraction v(u) are recorded too.
    """
    if not t_stop > 0:
        raise OutOfRangeError(f"t_stop = {t_stop} s must be above 0")
    subcircuit, pins = ("vo2x_pins", " t_kelvin u") if temperature else ("vo2x", "")
    probes = ("v(osc)", "v(spk)", "v(in)", "i(v_in)") + (("v(t_kelvin)", "v(u)") if temperature else ())
    title = f"VO2-x neuron, x = {neuron.device.x:g}"
    step = spice_value(accuracy.step * largest_step(neuron.device, neuron.r_series, neuron.capacitance))
    lines = [
        title,
        f".include {include}" if include else embedded_library(neuron.device, subcircuit=subcircuit),
        "* supply and series resistor charge the capacitor",
        f"V_in in 0 {drive.source()}",
        *neuron_elements(neuron, pins=pins, subcircuit=subcircuit),
        "* without these options and the largest step (fourth number) the period is silently wrong",
        accuracy.options,
        f".save {' '.join(probes)}",
        f".tran {step} {spice_value(t_stop)} 0 {step} uic",
        ".end",
    ]
    return Netlist(title=title, text="\n".join(lines) + "\n", probes=probes, t_stop=t_stop)


def neuron_elements(neuron: NeuronCircuit, at: str = "", *, pins: str = "", subcircuit: str = "vo2x") -> list[str]:
    """The lines of the neuron between its input `in` and ground; `at` ends the names of all nodes and parts."""
    return [
        f"R_series{at} in{at} osc{at} {spice_value(neuron.r_series)}",
        f"C_osc{at} osc{at} 0 {spice_value(neuron.capacitance)}",
        "* the device discharges it, the sampling resistor shows the spike",
        device_line(f"vo2{at}", f"osc{at} spk{at}{pins}", neuron.device, subcircuit),
        f"R_sense{at} spk{at} 0 {spice_value(neuron.r_sense)}",
    ]
