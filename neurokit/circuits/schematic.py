"""Circuits as drawings: schemdraw lays them out, component values are their labels, SVG text comes back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neurokit.circuits.drive import Constant, Drive, Pulse, Pwl, Sine
from neurokit.circuits.network import Network
from neurokit.circuits.neuron import NeuronCircuit
from neurokit.circuits.values import si_text
from neurokit.device.vo2x import Vo2x
from neurokit.errors import NeurokitError

if TYPE_CHECKING:  # a quarter of a second to import
    from schemdraw import Drawing

Point = tuple[float, float]

OHM = "\N{GREEK CAPITAL LETTER OMEGA}"
FONT_SIZE = 11
NODE_COLOUR = "#1f5fa8"
ROW = 7.0  # drawing units between the neurons of a layer
PITCH = 1.4  # between resistors that meet at one node


def neuron_schematic(neuron: NeuronCircuit, drive: Drive = Constant(12.5), *, swept: bool = False) -> str:  # noqa: B008 - frozen
    """The neuron; `swept` marks supply and series resistor as what a sweep changes."""
    return _svg(lambda pen: _neuron(pen, (0, 0), neuron, drive, swept=swept))


def iv_schematic(device: Vo2x, v_max: float) -> str:
    """The slow triangle of voltage across the device."""

    def draw(pen: "_Pen") -> None:
        pen.source((0, 0), pen.elm.SourceTriangle(), f"V_sweep\ntriangle, {si_text(v_max, 'V')}")
        pen.wire((0, 0), (3, 0))
        pen.part(pen.elm.Memristor(), (3, 0), (3, -3), _device_label("vo2", device))
        pen.ground((3, -3))
        pen.node((3, 0), "a")

    return _svg(draw)


def network_schematic(network: Network) -> str:
    """Every layer a column of neurons, each but the first with the two adders of its synapse group before them.

    What belongs together between the columns has the same name, as in the netlist.
    """

    def draw(pen: "_Pen") -> None:
        x = 0.0
        for layer, neurons in enumerate(network.layers):
            y = 0.0
            for k, neuron in enumerate(neurons):
                at = f"_{layer + 1}_{k + 1}"
                if layer == 0:
                    _neuron(pen, (x, y), neuron, network.drives[k], at)
                    y -= ROW
                else:
                    end, depth = _synapses(pen, (x, y), network, layer, k)
                    _neuron(pen, end, neuron, None, at)
                    y -= max(ROW + 1, depth)
            x += 13.5 if layer == 0 else 25.0

    return _svg(draw)


def _neuron(
    pen: "_Pen", corner: Point, neuron: NeuronCircuit, drive: Drive | None, at: str = "", *, swept: bool = False
) -> None:
    """From its input node, at the corner, to its output; a neuron without a drive is driven by what is there."""
    x, y = corner
    if drive is not None:
        symbol, label = _drive_label(pen, drive)
        pen.source(corner, symbol, f"V_in{at}\n{'swept' if swept else label}")
    series = pen.elm.ResistorVar() if swept else pen.elm.Resistor()
    value = "swept" if swept else si_text(neuron.r_series, OHM)
    pen.part(series, corner, (x + 3, y), f"R_series{at}\n{value}")
    pen.wire((x + 3, y), (x + 6, y))
    pen.part(pen.elm.Capacitor(), (x + 3, y), (x + 3, y - 2.5), f"C_osc{at}\n{si_text(neuron.capacitance, 'F')}")
    pen.ground((x + 3, y - 2.5))
    pen.part(pen.elm.Memristor(), (x + 6, y), (x + 6, y - 2.5), _device_label(f"vo2{at}", neuron.device))
    pen.part(pen.elm.Resistor(), (x + 6, y - 2.5), (x + 6, y - 5), f"R_sense{at}\n{si_text(neuron.r_sense, OHM)}")
    pen.ground((x + 6, y - 5))
    pen.dot((x + 3, y))
    pen.node(corner, f"in{at}")
    pen.node((x + 6, y), f"osc{at}")
    pen.output((x + 6, y - 2.5), f"spk{at}")


def _synapses(pen: "_Pen", corner: Point, network: Network, layer: int, k: int) -> tuple[Point, float]:
    """Two adders in series, the inputs of the first at the corner: their output, and how far down they reach."""
    synapse, weights, bias = network.synapse, network.weights[layer - 1][k], network.biases[layer - 1][k]
    resistors = [(f"spk_{layer}_{i + 1}", w, si_text(synapse.resistance(w), OHM)) for i, w in enumerate(weights) if w]
    first = [(node, value) for node, weight, value in resistors if weight > 0]
    second = [(node, value) for node, weight, value in resistors if weight < 0]
    if bias:
        v_supply, share = (-1 if bias > 0 else 1) * synapse.opamp.v_rail, bias / synapse.opamp.v_rail
        second.append((f"{v_supply:+g} V", si_text(synapse.resistance(share), OHM)))
    r_feedback = si_text(synapse.r_feedback, OHM)
    inverted = _adder(pen, corner, first, r_feedback)
    meeting = (inverted[0] + 4.5, inverted[1])
    pen.part(pen.elm.Resistor(), inverted, meeting, r_feedback)
    end = _adder(pen, meeting, second, r_feedback, si_text(synapse.capacitance, "F"), lowest=PITCH)
    output = (end[0] + 1.0, end[1])
    pen.wire(end, output)
    return output, PITCH * max(len(first), len(second) + 1) + 6


def _adder(
    pen: "_Pen",
    meeting: Point,
    inputs: list[tuple[str, str]],
    r_feedback: str,
    capacitance: str = "",
    lowest: float = 0.0,
) -> Point:
    """An inverting adder whose inputs meet at a point; its output."""
    x, y = meeting
    amplifier = pen.drawing.add(pen.elm.Opamp().right().anchor("in1").at((x + 1.0, y)))
    plus, out = (tuple(getattr(amplifier.absanchors[name], axis) for axis in "xy") for name in ("in2", "out"))
    pen.wire(meeting, (x + 1.0, y))
    pen.wire(plus, (plus[0], plus[1] - 0.4))
    pen.ground((plus[0], plus[1] - 0.4))
    top = y + 1.6
    pen.wire(meeting, (x, top + (1.4 if capacitance else 0)))
    pen.wire(out, (out[0], top + (1.4 if capacitance else 0)))
    pen.part(pen.elm.Resistor(), (x, top), (out[0], top), r_feedback)
    if capacitance:
        pen.part(pen.elm.Capacitor(), (x, top + 1.4), (out[0], top + 1.4), capacitance)
        pen.dot((x, top))
        pen.dot((out[0], top))
    pen.dot(meeting)
    pen.dot(out)
    for k, (node, value) in enumerate(inputs):
        at = y - lowest - PITCH * k
        pen.part(pen.elm.Resistor(), (x - 3, at), (x, at), value)
        pen.text((x - 3.1, at), node, align="right")
        pen.dot((x, at))
    if inputs:
        pen.wire(meeting, (x, y - lowest - PITCH * (len(inputs) - 1)))
    return (float(out[0]), float(out[1]))


def _drive_label(pen: "_Pen", drive: Drive) -> tuple[Any, str]:
    """Symbol and value of a source."""
    match drive:
        case Constant(v):
            return pen.elm.SourceV(), si_text(v, "V")
        case Pulse(v, width, period):
            return pen.elm.SourcePulse(), f"0 to {si_text(v, 'V')},\n{si_text(width, 's')} of {si_text(period, 's')}"
        case Sine(amplitude, period):
            return pen.elm.SourceSin(), f"{si_text(amplitude, 'V')},\n{si_text(1 / period, 'Hz')}"
        case Pwl(corners):
            low, high = min(v for _, v in corners), max(v for _, v in corners)
            return pen.elm.SourceRamp(), f"PWL, {si_text(low, 'V')}\nto {si_text(high, 'V')}"


def _device_label(name: str, device: Vo2x) -> str:
    return f"X_{name}\nx = {device.x:g}"


def _svg(draw: "Callable[[_Pen], None]") -> str:
    try:
        from schemdraw import Drawing, elements
    except ImportError:
        raise NeurokitError("drawing a circuit needs schemdraw: type `pip install schemdraw`") from None
    drawing = Drawing(canvas="svg", show=False)
    drawing.config(fontsize=FONT_SIZE, bgcolor="white", margin=0.6)
    draw(_Pen(drawing, elements))
    return str(drawing.get_imagedata("svg").decode())


@dataclass(frozen=True)
class _Pen:
    """A drawing, and the few strokes that circuits are made of."""

    drawing: "Drawing"
    elm: Any  # schemdraw.elements

    def part(self, element: Any, start: Point, end: Point, label: str) -> None:
        """A part between two points; its label stands above what goes right, left of what goes down."""
        placed = element.at(start).to(end)
        self.drawing.add(placed.label(label, loc="top", ofst=0.15))

    def source(self, node: Point, symbol: Any, label: str) -> None:
        """A source from ground up to a node, with its label on the left."""
        foot = (node[0], node[1] - 3.0)
        self.drawing.add(symbol.at(foot).to(node).label(label, loc="top", ofst=0.15))
        self.ground(foot)

    def wire(self, start: Point, end: Point) -> None:
        self.drawing.add(self.elm.Line().at(start).to(end))

    def dot(self, point: Point) -> None:
        self.drawing.add(self.elm.Dot().at(point))

    def ground(self, point: Point) -> None:
        self.drawing.add(self.elm.Ground().at(point))

    def node(self, point: Point, name: str) -> None:
        """A node's name over a dot."""
        self.dot(point)
        self.text((point[0], point[1] + 0.4), name)

    def output(self, point: Point, name: str) -> None:
        """A node's name at the end of a short wire to the left."""
        self.dot(point)
        end = (point[0] - 0.7, point[1])
        self.wire(point, end)
        self.drawing.add(self.elm.Dot(open=True).at(end))
        self.text((end[0] - 0.2, end[1]), name, align="right")

    def text(self, point: Point, words: str, align: str = "center") -> None:
        self.drawing.add(self.elm.Label().at(point).label(words, halign=align, valign="center", color=NODE_COLOUR))
