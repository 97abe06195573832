"""Layers of neurons with a synapse group between them: each neuron drives the next layer by its v(spk).

Layers and neurons count from 1, so neuron (2,1) is the first of the second layer and has the nodes `in_2_1`, `osc_2_1`
and `spk_2_1`. Two layers of two neurons are the 2x2 network of Li et al., arXiv 2405.00700.
"""

from dataclasses import dataclass

from neurokit.circuits.drive import Drive
from neurokit.circuits.library import embedded_library
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.neuron import NeuronCircuit, neuron_elements
from neurokit.circuits.opamp import supplied_opamps
from neurokit.circuits.synapse import Synapse, synapse_elements
from neurokit.circuits.values import spice_value
from neurokit.device.accuracy import OPTIONS, largest_step
from neurokit.errors import OutOfRangeError


@dataclass(frozen=True)
class Network:
    """Neurons by layer, and what drives each: a source in the first layer, a weighted sum in every other.

    `weights[k][j][i]` is what neuron i + 1 of layer k + 1 has to say to neuron j + 1 of layer k + 2: volts of drive per
    volt of v(spk). `biases[k][j]` is the drive of that neuron when nobody spikes.
    """

    layers: tuple[tuple[NeuronCircuit, ...], ...]
    drives: tuple[Drive, ...]  # one for each neuron of the first layer
    weights: tuple[tuple[tuple[float, ...], ...], ...] = ()
    biases: tuple[tuple[float, ...], ...] = ()  # V
    synapse: Synapse = Synapse()  # noqa: RUF009 - frozen

    def __post_init__(self) -> None:
        sizes = [len(layer) for layer in self.layers]
        if not sizes or not all(sizes):
            raise OutOfRangeError(
                f"a network of layers of {sizes} neurons: it needs one layer or more, each of one or more"
            )
        _check("drives", [len(self.drives)], sizes[:1])
        _check("biases", [len(rows) for rows in self.biases], sizes[1:])
        _check("rows of weights", [len(rows) for rows in self.weights], sizes[1:])
        for before, rows in zip(sizes, self.weights, strict=False):
            _check("weights in each row", [len(row) for row in rows], [before] * len(rows))


def _check(what: str, given: list[int], wanted: list[int]) -> None:
    if given != wanted:
        raise OutOfRangeError(f"{what}: {given} given, the layers of this network need {wanted}")


def network_netlist(network: Network, t_stop: float = 400e-6, *, include: str | None = None) -> Netlist:
    """The network over t_stop seconds; outputs are v(spk_1_1), ..., drives v(in_1_1), membranes v(osc_1_1), ..."""
    if not t_stop > 0:
        raise OutOfRangeError(f"t_stop = {t_stop} s must be above 0")
    names = [at for layer, _ in enumerate(network.layers) for at in _names(network, layer)]
    probes = tuple(f"v({node}{at})" for node in ("spk", "osc", "in") for at in names)
    title = f"VO2-x network of {' + '.join(str(len(layer)) for layer in network.layers)} neurons"
    step = spice_value(
        min(largest_step(n.device, n.r_series, n.capacitance) for layer in network.layers for n in layer)
    )
    lines = [
        title,
        f".include {include}" if include else embedded_library(*(n.device for layer in network.layers for n in layer)),
        *(supplied_opamps(network.synapse.opamp) if len(network.layers) > 1 else []),
        *(line for layer, _ in enumerate(network.layers) for line in _layer(network, layer)),
        "* without these options and the largest step (fourth number) rates are silently wrong",
        OPTIONS,
        *(f".save {' '.join(p for p in probes if p.startswith(f'v({node}'))}" for node in ("spk", "osc", "in")),
        f".tran {step} {spice_value(t_stop)} 0 {step} uic",
        ".end",
    ]
    return Netlist(title=title, text="\n".join(lines) + "\n", probes=probes, t_stop=t_stop)


def _names(network: Network, layer: int) -> list[str]:
    """What ends the names of nodes and parts of a layer's neurons."""
    return [f"_{layer + 1}_{k + 1}" for k, _ in enumerate(network.layers[layer])]


def _layer(network: Network, layer: int) -> list[str]:
    lines = []
    for k, (at, neuron) in enumerate(zip(_names(network, layer), network.layers[layer], strict=True)):
        label = f"({layer + 1},{k + 1})"
        if layer == 0:
            lines += [f"* input and neuron {label}", f"V_in{at} in{at} 0 {network.drives[k].source()}"]
        else:
            inputs = [f"spk{name}" for name in _names(network, layer - 1)]
            weights, bias = network.weights[layer - 1][k], network.biases[layer - 1][k]
            lines += [
                f"* synapses of neuron {label}: two inverting adders, the first for positive weights",
                *synapse_elements(network.synapse, at, inputs, weights, bias, f"in{at}"),
                f"* neuron {label}",
            ]
        lines += neuron_elements(neuron, at)
    return lines
