"""One digit in ngspice beside the same digit by the twin and in the network that was trained, as a row of a report."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurokit.verification.board import Board
from neurokit.verification.by_layers import Layers
from neurokit.verification.by_twin import Spikes
from neurokit.verification.model import Model
from neurokit.verification.partings import Pair, parting
from neurokit.verification.readout import answer, decided, rates

Floats = NDArray[np.float64]

FEWEST = 4  # spikes between which a period is compared


def spikes_of(layers: Layers) -> Spikes:
    return tuple(tuple(neuron.spikes for neuron in layer) for layer in layers)


def answers(board: Board, model: Model, **by_circuit: Spikes) -> dict[str, int | None]:
    """The class by each way; None where no output fires."""
    found = {way: answer(spikes[-1], board.window) for way, spikes in by_circuit.items()}
    return found | {"spiking": _fastest(model.spiking[-1]), "rate": _fastest(model.rate[-1])}


def compared(board: Board, layers: Layers, twin: Spikes, model: Model) -> dict[str, Any]:
    """Everything that a report says of a digit but its number and label."""
    circuit = spikes_of(layers)
    return {
        "answers": answers(board, model, ngspice=circuit, twin=twin),
        "outputs": {
            "ngspice": shares(board, circuit[-1]).tolist(),
            "twin": shares(board, twin[-1]).tolist(),
            "spiking": model.spiking[-1].tolist(),
            "rate": model.rate[-1].tolist(),
        },
        "rate_error": rate_errors(board, circuit, model),
        "twin": against_twin(circuit, twin),
        "partings": partings_of(board, circuit, model),
        "decided": decided(circuit[-1], board.window),
        "energy": energies(board, layers),
        "spikes": sum(len(times) for layer in circuit for times in layer),
    }


def shares(board: Board, spikes: Sequence[Floats]) -> Floats:
    """Rates as shares of full scale."""
    return rates(spikes, board.window) / board.f_full


def rate_errors(board: Board, circuit: Spikes, model: Model) -> dict[str, float]:
    """Mean difference of a neuron's rate from that of either network, of full scale, behind the input's layer."""
    found = np.concatenate([shares(board, layer) for layer in circuit[1:]])
    return {
        way: float(np.abs(found - np.concatenate(wished[1:])).mean())
        for way, wished in (("spiking", model.spiking), ("rate", model.rate))
    }


def against_twin(circuit: Spikes, twin: Spikes) -> dict[str, float | None]:
    """How far ngspice and the twin are apart: the largest difference of counts, and of a period, relative.

    Periods are those of input neurons, whose drive is constant; later neurons hear spikes that fall at other times
    of their own cycles, so only their counts can be compared.
    """
    periods = [_period_error(a, b) for a, b in zip(circuit[0], twin[0], strict=True) if len(a) >= FEWEST <= len(b)]
    return {
        "count_difference": largest_difference(circuit, twin),
        "period_error": max(periods, default=None),
    }


def partings_of(board: Board, circuit: Spikes, model: Model) -> dict[str, int]:
    """How many neurons after the input's spike as often as in the spiking network, and why the others do not."""
    counts = Counter(
        parting(Pair(times, known, float(v), share - wished), board.window, board.circuit.opamp.v_rail).name.lower()
        for layer, spikes, volts, modelled in zip(
            circuit[1:], model.spikes[1:], model.v_wished[1:], model.spiking[1:], strict=True
        )
        for times, known, v, share, wished in zip(layer, spikes, volts, shares(board, layer), modelled, strict=True)
    )
    return dict(sorted(counts.items()))


def largest_difference(one: Spikes, other: Spikes) -> int:
    """Of the numbers of spikes of any neuron."""
    pairs = (pair for a, b in zip(one, other, strict=True) for pair in zip(a, b, strict=True))
    return max(abs(len(a) - len(b)) for a, b in pairs)


def energies(board: Board, layers: Layers) -> dict[str, float]:
    """J: what all drives give their neurons, and what that costs where adders hand it on from their supply."""
    balances = [[neuron.energy for neuron in layer] for layer in layers]
    given = sum(balance.source for layer in balances for balance in layer)
    spent = sum(balance.spent for layer in balances for balance in layer)
    inputs = sum(balance.source for balance in balances[0])
    charge = sum(neuron.charge for layer in layers[1:] for neuron in layer)
    return {
        "neurons": given,
        "supply": inputs + board.circuit.opamp.v_rail * charge,
        "residual": abs(given - spent) / max(given, spent, np.finfo(float).tiny),
        "worst_residual": max(abs(balance.residual) for layer in balances for balance in layer),
    }


def _period_error(a: Floats, b: Floats) -> float:
    count = min(len(a), len(b))
    first, second = ((times[count - 1] - times[1]) / (count - 2) for times in (a, b))
    return float(abs(first - second) / second)


def _fastest(shares: Floats) -> int | None:
    return int(shares.argmax()) if shares.any() else None
