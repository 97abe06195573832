"""A trained network as resistors: two adders for each neuron, and the weights read back from their parts.

Every neuron of the layer before sends pulses whose mean voltage at its highest rate is `v_full`. Behind the two adders
stands the drive

    v = onset + span * (sum of W * rate + b)

so a weight W is span / v_full volts of drive for a volt of pulses, which is feedback over a resistor; what stands there
without pulses comes from the supply by one more resistor. Positive weights enter at the first adder, negative ones at
the second. The first adder hands on a sum scaled down by a share of its own, which the resistor behind it takes back,
so that all pulses at once, which begin together where neurons have the same drive from power-on, do not reach its
rails. The second has one supply: it cannot drive a neuron below 0.

A network whose weights were trained as ratios of resistors of a series is built of just those: its pulses have a height
at which span / v_full is a power of ten, and so is the feedback resistor, 100 kohm.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log10, pi

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.eseries import nearest
from neurokit.circuits.opamp import OpAmp
from neurokit.circuits.pulse import PulseFormer
from neurokit.circuits.values import spice_value
from neurokit.errors import OutOfRangeError
from neurokit.snn.network import Network

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """What the adders are built of; all assumed."""

    r_feedback: float = 100e3  # ohm, of the second adder, about: with a capacitor of E24 it makes the time constant
    r_least: float = 100.0  # ohm, the smallest resistor that pulses and amplifiers can drive
    r_most: float = 100e6  # ohm, the largest that can be bought; weights beyond are left out
    series: str = "E96"
    headroom: float = 0.9  # of the first adder's supply, which its largest sum takes

    def __post_init__(self) -> None:
        if not 0 < self.r_least < self.r_feedback < self.r_most:
            raise OutOfRangeError(
                f"r_least = {self.r_least:g}, r_feedback = {self.r_feedback:g}, r_most = {self.r_most:g} ohm must rise"
            )
        if not 0 < self.headroom <= 1:
            raise OutOfRangeError(f"headroom = {self.headroom} must lie above 0 and at most at 1")


@dataclass(frozen=True)
class Unrealised:
    """A weight that no resistor makes: too small a one is left out, too large a one has the least resistor."""

    layer: int  # from 1, as in netlists: the layer that is driven
    neuron: int
    source: int  # of the layer before; 0 is the supply
    weight: float
    resistor: float  # ohm, that it would take


@dataclass(frozen=True, eq=False)
class Adders:
    """The parts of one layer's adders, in ohm; a resistor's sign is that of its weight, 0 stands for none."""

    weights: Floats  # (neurons, inputs)
    supply: Floats  # (neurons,), from v_rail where positive
    first: Floats  # (neurons,), feedback of the first adder and what follows it
    feedback: float  # of the second adder
    capacitor: float  # F, beside it

    @property
    def tau(self) -> float:
        """Time constant of the second adder, in s."""
        return self.feedback * self.capacitor


@dataclass(frozen=True, eq=False)
class ClosedLoop:
    """What finite gain and bandwidth leave of an adder, for each neuron: a gain of nearly 1, and a time constant."""

    gain: Floats
    tau: Floats  # s


@dataclass(frozen=True, eq=False)
class NetworkCircuit:
    """The adders of every layer after the input's, and what scales them."""

    layers: tuple[Adders, ...]
    onset: float  # V
    span: float  # V
    v_full: float  # V, mean of the pulses at the highest rate
    opamp: OpAmp

    def read_back(self, k: int) -> tuple[Floats, Floats]:
        """Weights and biases that the parts of a layer make."""
        adders = self.layers[k]
        weights = adders.feedback * inverse(adders.weights) * self.v_full / self.span
        at_rest = adders.feedback * inverse(adders.supply) * self.opamp.v_rail
        return weights, (at_rest - self.onset) / self.span

    def closed_loops(self, k: int) -> tuple[ClosedLoop, ClosedLoop]:
        """Of both adders of a layer: an amplifier follows its feedback within its gain over the noise gain there."""
        adders = self.layers[k]
        conductances = inverse(adders.weights)
        positive = conductances.clip(min=0.0).sum(axis=1)
        negative = -conductances.clip(max=0.0).sum(axis=1) + np.abs(inverse(adders.supply)) + 1 / adders.first
        first = self._closed_loop(1 + adders.first * positive, 0.0)
        return first, self._closed_loop(1 + adders.feedback * negative, adders.tau)

    def _closed_loop(self, noise_gain: Floats, tau: float) -> ClosedLoop:
        gain = 1 / (1 + noise_gain / self.opamp.gain)
        return ClosedLoop(gain, gain * (tau + noise_gain / (2 * pi * self.opamp.gbw)))

    def bill_of_materials(self) -> Counter[tuple[str, float]]:
        """How many of each part: ("resistor", ohm), ("capacitor", F), ("op-amp", supply in V)."""
        bill: Counter[tuple[str, float]] = Counter()
        for adders in self.layers:
            resistors = np.abs(np.concatenate([adders.weights.ravel(), adders.supply, adders.first, adders.first]))
            for value, count in zip(*np.unique(resistors[resistors > 0], return_counts=True), strict=True):
                bill["resistor", float(value)] += int(count)
            neurons = len(adders.supply)
            bill["resistor", adders.feedback] += neurons
            bill["capacitor", adders.capacitor] += neurons
            bill["op-amp", self.opamp.v_rail] += 2 * neurons
        return bill


def series_of(network: Network) -> str:
    """The series of resistors that a network's weights were trained in, or the usual one."""
    trained = network.realised.resistors
    return Parts.series if trained == "any" else trained


def former_of(network: Network, parts: Parts) -> PulseFormer:
    """What makes the pulses of a network: the usual one, of another height where weights were trained as such parts."""
    usual = PulseFormer()
    if not _as_trained(network, parts):
        return usual
    height = network.span / (usual.width * network.f_full)  # at which v_full is the span
    return replace(usual, height=height * 10 ** round(log10(usual.height / height)))


def mapped(
    network: Network, former: PulseFormer, tau: float, parts: Parts = Parts(), opamp: OpAmp | None = None
) -> tuple[NetworkCircuit, tuple[Unrealised, ...]]:
    """The circuit of a network whose neurons send the pulses of this former, and the weights that it lacks."""
    if not tau > 0:
        raise OutOfRangeError(f"tau = {tau} s must be above 0: without it single pulses would drive neurons")
    v_full = former.pulse_area * network.f_full
    capacitor = float(nearest(tau / parts.r_feedback, "E24"))
    trimmed = float(nearest(tau / capacitor, parts.series))
    feedback = parts.r_feedback if _as_trained(network, parts) else trimmed
    amplifier = opamp or OpAmp(v_rail=network.rate.v_rail)
    layers, missing = [], []
    for k in range(len(network.weights)):
        weights, biases = (part.detach().double().numpy() for part in network.parts(k))
        gains = network.span / v_full * weights
        at_rest = (network.onset + network.span * biases) / amplifier.v_rail
        resistors, lost = _resistors(gains, feedback, parts)
        supply, lost_supply = _resistors(at_rest[:, None], feedback, parts)
        missing += [_unrealised(k, j, i + 1, weights[j, i], feedback / gains[j, i]) for j, i in lost]
        missing += [_unrealised(k, j, 0, at_rest[j], feedback / at_rest[j]) for j, _ in lost_supply]
        largest = feedback * inverse(resistors).clip(min=0.0).sum(axis=1) * former.height
        share = np.minimum(1.0, parts.headroom * amplifier.v_rail / np.maximum(largest, 1e-12))
        first = nearest(np.maximum(share * feedback, parts.r_least), parts.series)
        layers.append(Adders(resistors, supply[:, 0], first, feedback, capacitor))
    return NetworkCircuit(tuple(layers), network.onset, network.span, v_full, amplifier), tuple(missing)


def adder_tail(circuit: NetworkCircuit, layer: int, neuron: int) -> Iterator[str]:
    """The adders of a neuron but for the resistors of its weights, which meet at `first` and `second`.

    What they give stands at `sum`; a source of 0 V hands it on to `in` and shows the current that the neuron takes.
    """
    adders, at = circuit.layers[layer], f"_{layer + 2}_{neuron + 1}"
    first = spice_value(adders.first[neuron])
    if supply := adders.supply[neuron]:
        yield f"R_supply{at} {'minus' if supply > 0 else 'plus'} second{at} {spice_value(abs(supply))}"
    yield f"R_first{at} first{at} inverted{at} {first}"
    yield f"X_first{at} 0 first{at} inverted{at} opamp"
    yield f"R_between{at} inverted{at} second{at} {first}"
    yield f"R_second{at} second{at} sum{at} {spice_value(adders.feedback)}"
    yield f"C_second{at} second{at} sum{at} {spice_value(adders.capacitor)}"
    yield f"X_second{at} 0 second{at} sum{at} opamp_single"
    yield f"V_in{at} in{at} sum{at} 0"


def weight_elements(circuit: NetworkCircuit, layer: int, neuron: int, inputs: Sequence[str]) -> Iterator[str]:
    """The resistors of a neuron's weights, from the nodes of pulses to its adders."""
    row, at = circuit.layers[layer].weights[neuron], f"_{layer + 2}_{neuron + 1}"
    for i in map(int, np.flatnonzero(row)):
        into = "first" if row[i] > 0 else "second"
        yield f"R_weight{at}_{i + 1} {inputs[i]} {into}{at} {spice_value(abs(row[i]))}"


def weight_sources(circuit: NetworkCircuit, layer: int, neuron: int, inputs: Sequence[str]) -> Iterator[str]:
    """The same currents by voltage-controlled sources, and one resistor at each adder for what all resistors are."""
    row, at = circuit.layers[layer].weights[neuron], f"_{layer + 2}_{neuron + 1}"
    conductances = inverse(row)
    for sign, into in ((1, "first"), (-1, "second")):
        chosen = np.flatnonzero(np.sign(row) == sign)
        if len(chosen):
            yield f"R_weights{at}_{into} {into}{at} 0 {spice_value(1 / abs(conductances[chosen].sum()))}"
        for i in map(int, chosen):
            yield f"G_weight{at}_{i + 1} 0 {into}{at} {inputs[i]} 0 {spice_value(abs(conductances[i]))}"


def _as_trained(network: Network, parts: Parts) -> bool:
    """Whether these parts can be the resistors that weights were trained as."""
    return parts.series == network.realised.resistors != "any"


def _resistors(gains: Floats, feedback: float, parts: Parts) -> tuple[Floats, list[tuple[int, int]]]:
    """Signed resistors of these gains, 0 where there is none, and the places of gains that are out of reach."""
    wished = np.abs(feedback * inverse(gains))
    there = (wished > 0) & (wished <= parts.r_most)
    found = np.zeros_like(gains)
    found[there] = np.sign(gains[there]) * nearest(np.maximum(wished[there], parts.r_least), parts.series)
    lost = np.argwhere((gains != 0) & (~there | (wished < parts.r_least)))
    return found, [(int(j), int(i)) for j, i in lost]


def _unrealised(layer: int, neuron: int, source: int, weight: float, resistor: float) -> Unrealised:
    return Unrealised(layer + 2, neuron + 1, source, float(weight), abs(float(resistor)))


def inverse(values: Floats) -> Floats:
    """1 / values, 0 where they are 0."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values != 0)
