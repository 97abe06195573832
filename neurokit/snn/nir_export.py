"""A trained network for other simulators, in the Neuromorphic Intermediate Representation (NIR, neuroir.org).

NIR has no VO2 neuron, so each becomes what its rate is, out of what NIR has: the transfer curve as a staircase of
thresholds, summed and counted by an integrate-and-fire neuron. Grey levels go in, held for the window of an image:

    input -> above, step (x levels) -> neurons -> weights -> adder -> above, step (x levels) -> neurons -> ... -> output

A reader has to know these nodes (Threshold, Scale, IF, Linear, LI) and to add up what several edges bring to one.
The curve itself is in the graph's metadata, and `read_nir` makes the exact network of it again. `account` says in words
what a reader who does not know neurokit gets. A spike is 1 for one time step of the settings, as simulators that read
NIR take it; for one that takes spikes as impulses of area 1, multiply the r of adders behind spikes by that step.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from neurokit.errors import NeurokitError
from neurokit.snn.network import GREYS, Network, Realisation
from neurokit.snn.neuron import Vo2
from neurokit.snn.rate import Rate
from neurokit.snn.results import Trained
from neurokit.spikes.transfer_file import curve_from_text, curve_text

KIND = "network of VO2-x neurons"
FORMAT = 1  # raise it when a file that is written now could not be read by what read the last ones
STEP = 1 / 32  # of the staircase, as a share of the highest rate
FINE = 100_000  # places at which the curve is looked at
FAITHFUL, APPROXIMATE, UNSUPPORTED = "faithful", "approximate", "unsupported"
WARNING = (
    "The neurons are VO2-x oscillators, which NIR does not have: here they are staircases of thresholds before IF "
    "neurons. `account` in the graph's metadata says what is approximate and what is lost; `curve` there is the "
    "transfer curve, and neurokit.snn.nir_export.read_nir restores the exact network."
)

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Part:
    """One thing that makes the network what it is, and how much of it a NIR graph holds."""

    what: str
    how: str  # FAITHFUL, APPROXIMATE or UNSUPPORTED
    words: str


def write_nir(trained: Trained, path: Path, *, approximate: bool) -> Path:
    """Writes the graph; without `approximate` it is refused, as what a reader gets is not the network."""
    if not approximate:
        lost = {
            how: ", ".join(part.what for part in account(trained) if part.how == how)
            for how in (APPROXIMATE, UNSUPPORTED)
        }
        raise NeurokitError(
            f"NIR has no VO2 neuron: {path.name} would have only approximately: {lost[APPROXIMATE]}; and not at all: "
            f"{lost[UNSUPPORTED]}. Ask for the approximation if that will do: --approximate"
        )
    beside = path.with_name(path.name + ".part")
    _nir().write(beside, nir_graph(trained))
    beside.replace(path)
    return path


def read_nir(path: Path) -> Network:
    """The exact network of a file that `write_nir` wrote; NeurokitError for any other, and for one that was changed."""
    try:
        graph = _nir().read(path)
        known = graph.metadata
        if (known.get("kind"), known.get("format")) != (KIND, FORMAT):
            raise NeurokitError(
                f"{path} does not say what curve its neurons have: `neurokit export` writes one that does"
            )
        return _restored(graph.nodes, known["curve"], known["network"])
    except (OSError, KeyError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise NeurokitError(f"{path} is not a whole NIR file of neurokit ({error}): export it again") from error


def account(trained: Trained) -> tuple[Part, ...]:
    """What of a network its NIR graph holds, the most faithful first."""
    order = (FAITHFUL, APPROXIMATE, UNSUPPORTED)
    return tuple(sorted(_account(trained), key=lambda part: order.index(part.how)))


def nir_graph(trained: Trained) -> Any:
    """The network as a `nir.NIRGraph`, for readers who do not know the curve too."""
    nir, network, settings = _nir(), trained.network, trained.settings
    graph = _Graph(nir)
    increment = network.f_full * settings.dt  # the share of the highest rate that a spike in one time step is
    graph.add("input", nir.Input(np.array([network.sizes[0]])))
    steps = _staircase(lambda greys: network.share(network.pixel_drive(greys)), -1.0, GREYS + 1)
    constant = settings.encoding == "constant"
    sources = graph.stairs("pixels", steps, network.sizes[0], ["input"], increment if constant else 1.0)
    if not constant:
        sources = graph.neurons("pixels", network, network.sizes[0], sources)
    latched = (network.rate.v_off - network.onset) / network.span
    steps = _staircase(lambda summed: network.share(network.drive(summed)), -1.0, latched + 1.0)
    for k, count in enumerate(network.sizes[1:]):
        sources = graph.layer(network, k, sources, increment, settings.tau or settings.dt)
        sources = graph.stairs(f"layer{k}", steps, count, sources)
        sources = graph.neurons(f"layer{k}", network, count, sources)
    graph.add("output", nir.Output(np.array([network.sizes[-1]])), sources)
    return nir.NIRGraph(graph.nodes, graph.edges, metadata=_metadata(trained))


def refuse_silent_loss(network: nn.Module) -> None:
    """Before `snntorch.export_nir.export_to_nir`: NeurokitError if it would write VO2 neurons as if they were leaky."""
    for name, layer in network.named_modules():
        if isinstance(layer, Vo2):
            raise NeurokitError(
                f"layer {name!r} has VO2 neurons, and snnTorch writes them to NIR as leaky ones without their curve: "
                "`neurokit export RESULT --format nir` and neurokit.snn.nir_export keep it"
            )


@dataclass(frozen=True, eq=False)
class _Graph:
    """A NIR graph that grows; each method adds nodes behind `sources` and gives the names of the last."""

    nir: Any
    nodes: dict[str, Any] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, node: Any, sources: list[str] | None = None) -> list[str]:
        self.nodes[name] = node
        self.edges.extend((source, name) for source in sources or [])
        return [name]

    def stairs(
        self, stage: str, steps: tuple[Floats, Floats], count: int, sources: list[str], height: float = 1.0
    ) -> list[str]:
        """Shares of the highest rate; many nodes, whose sum it is."""
        last = []
        for j, (at, rise) in enumerate(zip(*steps, strict=True)):
            above = self.add(f"{stage}_above{j}", self.nir.Threshold(_all(count, at)), sources)
            last += self.add(f"{stage}_step{j}", self.nir.Scale(_all(count, height * rise)), above)
        return last

    def neurons(self, stage: str, network: Network, count: int, sources: list[str]) -> list[str]:
        """Spikes at the rate that the sum of the sources is, as a share of the highest."""
        words = {"stands_for": "VO2-x neurons, with the staircase before them", "warning": WARNING}
        node = self.nir.IF(r=_all(count, network.f_full), v_threshold=_all(count, 1.0), metadata=words)
        return self.add(f"{stage}_neurons", node, sources)

    def layer(self, network: Network, k: int, sources: list[str], increment: float, tau: float) -> list[str]:
        """The weighted sum of spikes, which rests at the bias."""
        weight, bias = (_array(part) for part in network.parts(k))
        wished = {"weight": _array(network.weights[k]), "bias": _array(network.biases[k])}
        same = np.array_equal(weight, wished["weight"]) and np.array_equal(bias, wished["bias"])
        summed = self.add(_weights(k), self.nir.Linear(weight, metadata={} if same else {"wished": wished}), sources)
        count = len(bias)
        adder = self.nir.LI(tau=_all(count, tau), r=_all(count, 1 / increment), v_leak=bias)
        return self.add(_adder(k), adder, summed)


def _staircase(share: Callable[[Tensor], Tensor], low: float, high: float) -> tuple[Floats, Floats]:
    """Where shares of the highest rate, rounded to steps, go up or down, and by how much; silent at `low`."""
    at = np.linspace(low, high, FINE)
    with torch.no_grad():
        levels = np.round(share(torch.from_numpy(at)).numpy() / STEP)
    rises = np.diff(levels)
    edges = np.flatnonzero(rises)
    return (at[edges] + at[edges + 1]) / 2, STEP * rises[edges]


def _account(trained: Trained) -> Iterator[Part]:
    network, settings = trained.network, trained.settings
    bits, resistors = network.realised.bits, network.realised.resistors
    sizes = "-".join(map(str, network.sizes))
    made = [f"{bits} bits"] * (bits > 0) + [f"resistors of {resistors}"] * (resistors != "any")
    realised = f" as realised with {' and '.join(made)}; what they were made from is in the metadata" * bool(made)
    yield Part("layers", FAITHFUL, f"{sizes}, fully connected")
    yield Part("weights", FAITHFUL, f"Linear, every number exact{realised}")
    yield Part("biases", FAITHFUL, "v_leak of the adders (LI), every number exact: what they rest at without spikes")
    if settings.tau:
        yield Part("low-pass", FAITHFUL, f"LI with tau = {1e6 * settings.tau:g} us")
    else:
        yield Part("low-pass", APPROXIMATE, "there is none; LI needs one, and gets that of a time step")
    off = f"a staircase (Threshold, Scale) within {50 * STEP:.1f} % of the highest rate"
    yield Part("transfer curve", APPROXIMATE, f"{off}: onset jump, latching and rails too; exact in the metadata")
    grey = "constant" if settings.encoding == "constant" else "spikes of input neurons"
    yield Part("encoding", APPROXIMATE, f"grey levels 0 to 255 as {grey}, by {off}; hold each image")
    slow = f"resets to 0: with time steps up to {50 * network.f_full * settings.dt:.1f} % slower"
    yield Part("phase", APPROXIMATE, f"IF, which {slow} than VO2 neurons, whose phase goes on")
    yield Part("spike", APPROXIMATE, f"1 for a step of {1e6 * settings.dt:g} us: a reader with another has to scale r")
    yield Part(
        "read-out",
        UNSUPPORTED,
        f"the class is the highest rate over {1e6 * settings.window:g} us, up to the last spike",
    )
    yield Part(
        "trained slope", UNSUPPORTED, f"the curve's, over {network.rate.width:g} V: a reader trains with its own"
    )
    if network.realised.jitter:
        yield Part(
            "jitter", UNSUPPORTED, f"intervals that differ by {100 * network.realised.jitter:.2g} %: here all the same"
        )
    if settings.mismatch:
        yield Part(
            "mismatch", UNSUPPORTED, f"thresholds that spread by {100 * settings.mismatch:g} %: here all nominal"
        )


def _metadata(trained: Trained) -> dict[str, Any]:
    network = trained.network
    return {
        "kind": KIND,
        "format": FORMAT,
        "warning": WARNING,
        "account": "\n".join(f"{part.how}: {part.what}: {part.words}" for part in account(trained)),
        "curve": curve_text(trained.curve),
        "settings": json.dumps(asdict(trained.settings)),
        "network": {
            "layers": len(network.weights),
            "width": network.rate.width,
            "v_rail": network.rate.v_rail,
            "onset": network.onset,
            "span": network.span,
            "f_full": network.f_full,
            "silent_margin": network.silent_margin,
            **asdict(network.realised),
        },
    }


def _restored(nodes: dict[str, Any], curve: str, facts: dict[str, Any]) -> Network:
    layers = [(nodes[_weights(k)], nodes[_adder(k)]) for k in range(int(facts["layers"]))]
    sizes = (layers[0][0].weight.shape[1], *(len(adder.v_leak) for _, adder in layers))
    rate = Rate(curve_from_text(curve), float(facts["width"]), float(facts["v_rail"]))
    realised = Realisation(int(facts["bits"]), str(facts["resistors"]), float(facts["jitter"]))
    network = Network(sizes, rate, float(facts["silent_margin"]), realised)
    network.onset, network.span, network.f_full = (float(facts[name]) for name in ("onset", "span", "f_full"))
    network.to(torch.from_numpy(layers[0][0].weight).dtype)
    for k, (weights, adder) in enumerate(layers):
        exact = {"weight": weights.weight, "bias": adder.v_leak} | weights.metadata.get("wished", {})
        with torch.no_grad():
            network.weights[k].copy_(torch.from_numpy(exact["weight"]))
            network.biases[k].copy_(torch.from_numpy(exact["bias"]))
        found = [_array(part) for part in network.parts(k)]
        if not (np.array_equal(found[0], weights.weight) and np.array_equal(found[1], adder.v_leak)):
            raise NeurokitError(
                f"the weights of {_weights(k)} are not what those in its metadata are realised as: the file was changed"
            )
    return network


def _weights(k: int) -> str:
    return f"layer{k}_weights"


def _adder(k: int) -> str:
    return f"layer{k}_adder"


def _all(count: int, value: float) -> Floats:
    return np.full(count, value, dtype=np.float32)


def _array(values: Any) -> Floats:
    return np.asarray(values.detach().cpu().contiguous().numpy())


def _nir() -> Any:
    try:
        import nir
    except ImportError:
        raise NeurokitError("NIR needs a package that is not here: pip install nir") from None
    return nir
