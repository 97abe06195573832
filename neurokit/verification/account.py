"""What a report says of many digits: shares, means and extremes of the rows of single ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from neurokit.circuits.values import si_text
from neurokit.snn.results import Trained
from neurokit.snn.settings import Settings
from neurokit.sweeps.spec import Row
from neurokit.verification.board import Board
from neurokit.verification.mapping import Parts

DEVICE_ROW = ("circuit", "f_full", "agreement", "rate_error", "neurons", "supply", "spikes", "per_spike", "decided")


def summary(rows: Sequence[Row]) -> Row:
    """Of the digits that ngspice ran; None for what no digit says."""
    done = [row for row in rows if row["status"] == "ok"]
    partings: Counter[str] = Counter()
    for row in done:
        partings.update(row["partings"])
    found = [row["answers"] | {"label": row["label"]} for row in done]
    return {
        "digits": len(rows),
        "failed": len(rows) - len(done),
        "agreement": {way: _agreement(found, "ngspice", way) for way in ("spiking", "rate", "label", "twin")},
        "rate_error": {way: _mean(done, "rate_error", way) for way in ("spiking", "rate")},
        "partings": dict(sorted(partings.items())),
        "energy": {part: _mean(done, "energy", part) for part in ("neurons", "supply")}
        | {name: max((row["energy"][name] for row in done), default=None) for name in ("residual", "worst_residual")},
        "decided": {
            "median": _median_decided(done),
            "undecided": sum(row["decided"] is None for row in done),
        },
        "twin": {
            name: max((row["twin"][name] for row in done if row["twin"][name] is not None), default=None)
            for name in ("count_difference", "period_error")
        },
    }


def by_twin(rows: Sequence[Row], labels: ArrayLike) -> Row:
    """Of the digits that the twin ran, with their labels by number."""
    known = np.asarray(labels)
    found = [row["answers"] | {"label": int(known[row["values"][0]])} for row in rows]
    return {
        "digits": len(rows),
        "agreement": {way: _agreement(found, "twin", way) for way in ("spiking", "rate", "label")},
        "network": _agreement(found, "spiking", "label"),
        "rate_error": {way: _mean(rows, "rate_error", way) for way in ("spiking", "rate")},
        "cpu_s": _mean(rows, "cpu_s"),
    }


def device_row(number: int, settings: Settings, f_full: float, rows: Sequence[Row]) -> Row:
    """Of the digits of one device."""
    done = [row for row in rows if row["status"] == "ok"]
    spikes, supply = _mean(done, "spikes"), _mean(done, "energy", "supply")
    r_series, capacitance = si_text(settings.r_series, "Ohm", 3), si_text(settings.capacitance, "F", 3)
    return {
        "device": number,
        "message": "",
        "circuit": f"{r_series}, {capacitance}, {settings.v_rail:.3g} V",
        "digits": len(done),
        "failed": len(rows) - len(done),
        "f_full": f_full,
        "agreement": _agreement([row["answers"] for row in done], "ngspice", "spiking"),
        "rate_error": _mean(done, "rate_error", "spiking"),
        "neurons": _mean(done, "energy", "neurons"),
        "supply": supply,
        "spikes": spikes,
        "per_spike": supply / spikes if supply is not None and spikes else None,
        "decided": _median_decided(done),
    }


def no_device_row(number: int, why: str) -> Row:
    """Of a device that no circuit was found for."""
    return dict.fromkeys(DEVICE_ROW) | {"device": number, "message": why, "digits": 0, "failed": 0}


def mapping_row(board: Board, parts: Parts, trained: Trained, bill: Counter[tuple[str, float]]) -> Row:
    """Of the parts, and of what they make of the weights."""
    kinds: Counter[str] = Counter()
    for (kind, _), count in bill.items():
        kinds[kind] += count
    return {
        "resistors": kinds["resistor"],
        "values": sum(kind == "resistor" for kind, _ in bill),
        "capacitors": kinds["capacitor"],
        "op-amps": kinds["op-amp"],
        "largest_error": _largest_error(board, trained),
        "unrealised": [asdict(one) for one in board.unrealised],
        "parts": asdict(parts),
    }


def _largest_error(board: Board, trained: Trained) -> float:
    """Of a weight that is read back from its resistor, relative."""
    errors = [0.0]
    for k in range(len(board.circuit.layers)):
        found, _ = board.circuit.read_back(k)
        wished = trained.network.parts(k)[0].detach().double().numpy()
        made = found != 0
        errors.append(float(np.abs(found[made] / wished[made] - 1).max(initial=0.0)))
    return max(errors)


def _median_decided(rows: Sequence[Row]) -> float | None:
    times = [row["decided"] for row in rows if row["decided"] is not None]
    return float(np.median(times)) if times else None


def _mean(rows: Sequence[Mapping[str, Any]], *path: str) -> float | None:
    """The mean of a number that every row has, None without rows."""
    values = []
    for row in rows:
        value: Any = row
        for name in path:
            value = value[name]
        values.append(float(value))
    return float(np.mean(values)) if values else None


def _agreement(answers: Sequence[Mapping[str, int | None]], one: str, other: str) -> float | None:
    """The share of digits with one answer by both ways; silence is none."""
    return float(np.mean([None is not found[one] == found[other] for found in answers])) if answers else None
