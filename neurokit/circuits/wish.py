"""Weights from a wish: a network in which some neurons are to fire faster than others, and some slower.

A neuron oscillates while its drive lies between two boundaries that are known in closed form; within this window its
rate rises up to a little over the middle. So a wish is a place in the window. Without spikes every neuron of the second
layer has the drive of the first, by its bias; the weights then shift it to where the wish wants it.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from neurokit.circuits.drive import Constant
from neurokit.circuits.network import Network
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.circuits.synapse import Synapse
from neurokit.errors import OutOfRangeError

Wish = Literal["excited", "unchanged", "inhibited", "silenced"]

# Places in the window, 0 where oscillation begins and 1 where the neuron latches; chosen such that the order of rates
# survives mismatch of thresholds (3.73 %) as often as possible. Device 4, whose window is the narrowest, is silent at
# 0.1 already: a drive that rises slowly does not set it going.
PLACES: dict[Wish, float] = {"silenced": -0.2, "inhibited": 0.1, "unchanged": 0.325, "excited": 0.5}


def drive_at(neuron: NeuronCircuit, place: float) -> float:
    """The drive at this place of the neuron's oscillating window, in V."""
    from neurokit.device.closed_form import v_firing_onset, v_latching  # brings NumPy, which takes its time to import

    onset, latching = (float(v(neuron.device, neuron.r_series)) for v in (v_firing_onset, v_latching))
    if not onset < latching:
        raise OutOfRangeError(
            f"r_series = {neuron.r_series} ohm is below the triple point of x = {neuron.device.x:g}: the neuron cannot "
            "oscillate, so it has no rate to wish for; take a larger r_series"
        )
    return onset + place * (latching - onset)


def mean_output(neuron: NeuronCircuit, v_in: float) -> float:
    """The mean of v(spk) of an oscillating neuron, in V, from its thresholds alone.

    On average the device passes on what the series resistor supplies, and the membrane swings about the middle of V_th
    and V_hold: within 6 % for Devices 1 to 4 at places above 0.3, 14 % too high at 0.1.
    """
    from neurokit.device.closed_form import thresholds

    t = thresholds(neuron.device)
    return neuron.r_sense * (v_in - (t.v_threshold + t.v_hold) / 2) / neuron.r_series


def wished_network(
    neuron: NeuronCircuit,
    wishes: Sequence[Wish] = ("excited", "inhibited"),
    inputs: int = 2,
    synapse: Synapse = Synapse(),  # noqa: B008 - frozen
    places: Mapping[Wish, float] = PLACES,
) -> Network:
    """Two layers of equal neurons, the first driven equally, the second to fire as wished; each input has its share."""
    for wish in wishes:
        if wish not in places:
            raise OutOfRangeError(f"wish {wish!r} is not known: choose one of {', '.join(places)}")
    if inputs < 1:
        raise OutOfRangeError(f"inputs = {inputs} must be at least 1")
    drive = drive_at(neuron, places["unchanged"])
    unit = inputs * mean_output(neuron, drive)
    shifts = [drive_at(neuron, places[wish]) - drive for wish in wishes]
    return Network(
        layers=((neuron,) * inputs, (neuron,) * len(wishes)),
        drives=(Constant(drive),) * inputs,
        weights=(tuple((shift / unit,) * inputs for shift in shifts),),
        biases=((drive,) * len(wishes),),
        synapse=synapse,
    )
