"""What a verified network is held to, and whether it holds."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

LEAST_AGREEMENT = 0.98  # of classes, with the spiking network
MOST_RATE_ERROR = 0.02  # of full scale, mean
MOST_PERIOD_ERROR = 1e-3  # of the twin
MOST_COUNT_DIFFERENCE = 1
MOST_RESIDUAL = 0.005  # of the energy
MOST_LOST = 0.01  # of the accuracy against labels


def checks(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each with what is asked, what was reached, and whether that holds; what was not run is not there."""
    return [
        {"check": name, "asked": asked, "reached": reached, "holds": bool(holds)}
        for name, asked, reached, holds in _found(report)
    ]


def _found(report: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    summary, twin, whole, devices = (report[name] for name in ("summary", "twin", "whole", "devices"))
    if summary["failed"]:
        yield "digits that ngspice ran through", "all", f"{summary['failed']} failed", False
    if summary["digits"] > summary["failed"]:
        yield from _layers(summary)
    if twin:
        share, label = twin["agreement"]["spiking"], twin["agreement"]["label"]
        yield (
            f"twin on {twin['digits']} digits: the class is the spiking network's",
            f"at least {_percent(LEAST_AGREEMENT)}",
            _percent(share),
            share >= LEAST_AGREEMENT,
        )
        yield (
            f"twin on {twin['digits']} digits: accuracy against labels",
            f"at most {100 * MOST_LOST:g} points below the spiking network",
            f"{_percent(label)}, the network {_percent(twin['network'])}",
            label >= twin["network"] - MOST_LOST,
        )
    if whole:
        yield (
            f"whole network in one run ({whole['adder']})",
            f"ends, with the class of the spiking network and the layers' spikes within {MOST_COUNT_DIFFERENCE}",
            f"{whole['status']}, class {whole['answer']}, network {whole['network_answer']}, "
            f"spikes within {whole['count_difference']}",
            whole["answer"] is not None
            and whole["answer"] == whole["network_answer"]
            and whole["count_difference"] is not None
            and whole["count_difference"] <= MOST_COUNT_DIFFERENCE,
        )
    energies = [row["supply"] for row in devices if row["supply"] is not None]
    if len(energies) > 1:
        names = ", ".join(str(row["device"]) for row in devices if row["supply"] is not None)
        yield (
            f"energy per inference of Devices {names}, at equal top rate",
            "falls",
            ", ".join(f"{1e6 * energy:.4g}" for energy in energies) + " \N{MICRO SIGN}J",
            all(b < a for a, b in pairwise(energies)),
        )


def _layers(summary: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    done = summary["digits"] - summary["failed"]
    share, error = summary["agreement"]["spiking"], summary["rate_error"]["spiking"]
    twin, energy = summary["twin"], summary["energy"]
    yield (
        "ngspice: the class is the spiking network's",
        f"at least {_percent(LEAST_AGREEMENT)}",
        f"{round(share * done)} of {done}",
        share >= LEAST_AGREEMENT,
    )
    yield (
        "ngspice: rates against the spiking network, mean over neurons",
        f"within {_percent(MOST_RATE_ERROR)} of full scale",
        _percent(error),
        error <= MOST_RATE_ERROR,
    )
    if twin["period_error"] is not None:
        yield (
            "twin against ngspice: periods at constant drive",
            f"within {_percent(MOST_PERIOD_ERROR)}",
            _percent(twin["period_error"]),
            twin["period_error"] <= MOST_PERIOD_ERROR,
        )
    yield (
        "twin against ngspice: spikes of every neuron",
        f"within {MOST_COUNT_DIFFERENCE}",
        f"within {twin['count_difference']}",
        twin["count_difference"] <= MOST_COUNT_DIFFERENCE,
    )
    yield (
        "energy balance, residual of any neuron",
        f"at most {_percent(MOST_RESIDUAL)}",
        _percent(energy["worst_residual"]),
        energy["worst_residual"] <= MOST_RESIDUAL,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
