"""What every neuron of a simulated network is, and how closely it is followed."""

from dataclasses import dataclass

from neurokit.circuits.neuron import NeuronCircuit, neuron_elements
from neurokit.circuits.pulse import PulseFormer
from neurokit.device.accuracy import FINE, MAP, Accuracy, largest_step
from neurokit.errors import OutOfRangeError


@dataclass(frozen=True)
class Cells:
    """What every neuron of the network is, what makes pulses of its spikes, and how closely both are followed."""

    neuron: NeuronCircuit
    former: PulseFormer = PulseFormer()  # noqa: RUF009 - frozen
    accuracy: Accuracy = FINE  # under a constant drive
    accuracy_heard: Accuracy = MAP  # of neurons that hear pulses, whose drive ripples by far more than that
    bin: float = 25e-9  # s, in whose means the next layer hears pulses: about a time step

    def __post_init__(self) -> None:
        if not 1e-9 <= self.bin <= self.former.width:
            raise OutOfRangeError(
                f"bin = {self.bin:g} s must lie between 1 ns and the width of a pulse, {self.former.width:g} s"
            )

    @property
    def step(self) -> float:
        """The largest time step of a neuron, in s, at an accuracy of 1."""
        return largest_step(self.neuron.device, self.neuron.r_series, self.neuron.capacitance)

    def elements(self, at: str) -> list[str]:
        """A neuron from its drive `in` to its pulses `pulse`."""
        return [*neuron_elements(self.neuron, at), f"X_former{at} spk{at} pulse{at} pulse_former"]
