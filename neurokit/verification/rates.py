"""The rate of every neuron behind the input, in the circuit and in both networks: of single digits, and by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neurokit.sweeps.spec import Row
from neurokit.verification.board import Board
from neurokit.verification.by_twin import Spikes
from neurokit.verification.compare import shares
from neurokit.verification.model import Model

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

ALL = "all"  # digits, where there would be a class
NETWORKS = ("spiking", "rate")
LISTED = 10  # of the neurons that are furthest apart


@dataclass(frozen=True, eq=False)
class Rates:
    """A row for each digit and a column for each neuron."""

    labels: Whole  # of the digits
    layers: Whole  # of the neurons, from 2
    neurons: Whole  # in their layers, from 1
    shares: Mapping[str, Floats]  # rates as shares of full scale, in "ngspice" and in both `NETWORKS`


def rates_of(board: Board, digits: Sequence[tuple[int, Spikes, Model]]) -> Rates:
    """Of digits that ngspice ran through, each with its label."""
    places = np.array([(k, j) for k, size in enumerate(board.sizes[1:], start=2) for j in range(1, size + 1)])
    found: dict[str, list[Sequence[Floats]]] = {
        "ngspice": [[shares(board, layer) for layer in spikes[1:]] for _, spikes, _ in digits],
        "spiking": [model.spiking[1:] for *_, model in digits],
        "rate": [model.rate[1:] for *_, model in digits],
    }
    return Rates(
        labels=np.array([label for label, *_ in digits], dtype=np.int64),
        layers=places[:, 0],
        neurons=places[:, 1],
        shares={
            way: np.array([np.concatenate(layers) for layers in rows]).reshape(-1, len(places))
            for way, rows in found.items()
        },
    )


def by_class(rates: Rates, f_full: float) -> list[Row]:
    """A row for each class and each neuron, then those for all digits: mean rates (Hz), mean differences (shares)."""
    if not len(rates.labels):
        return []
    classes = [(str(label), rates.labels == label) for label in np.unique(rates.labels)]
    return [row for name, chosen in (*classes, (ALL, rates.labels >= 0)) for row in _rows(rates, f_full, name, chosen)]


def furthest(rows: Sequence[Row]) -> list[Row]:
    """Of rows by class, those of the neurons whose rates are, over all digits, furthest from the spiking network's."""
    return sorted((row for row in rows if row["class"] == ALL), key=lambda row: -row["error_spiking"])[:LISTED]


def _rows(rates: Rates, f_full: float, name: str, chosen: NDArray[np.bool_]) -> list[Row]:
    here = {way: values[chosen] for way, values in rates.shares.items()}
    columns = {"layer": rates.layers, "neuron": rates.neurons}
    columns |= {way: f_full * values.mean(axis=0) for way, values in here.items()}
    columns |= {f"error_{way}": np.abs(here["ngspice"] - here[way]).mean(axis=0) for way in NETWORKS}
    about = {"class": name, "digits": int(chosen.sum())}
    numbers = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [about | dict(zip(columns, row, strict=True)) for row in numbers]
