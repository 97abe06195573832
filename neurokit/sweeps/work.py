"""What a worker does: points in, rows out. It runs in this process, in another one, or on another machine.

Nothing but the arguments decides a row, so it is the same wherever it is computed.
"""

from collections.abc import Sequence
from dataclasses import fields
from enum import Enum

from neurokit.simulation.outcome import Cause, Limits, Status
from neurokit.spikes.operating_point import OperatingPoint, measure, measure_by_twin
from neurokit.spikes.regime import Regime
from neurokit.sweeps.monte_carlo import QUANTITIES, evaluate_draw
from neurokit.sweeps.spec import Row, SweepSpec, Values

_ENUMS: dict[str, type[Enum]] = {"status": Status, "cause": Cause, "regime": Regime}


def evaluate(spec: SweepSpec, engine: str, points: Sequence[Values]) -> list[Row]:
    """One row for each point, by "ngspice", "twin" or, of draws, "monte-carlo", in their order."""
    if engine == "monte-carlo":
        return [_row(engine, values, evaluate_draw(spec, values)) for values in points]
    placed = [spec.point(values) for values in points]
    if engine == "twin":
        measured = measure_by_twin([neuron for neuron, _ in placed], [v for _, v in placed])
    else:
        limits = Limits(time_s=spec.time_limit_s)
        measured = [
            measure(neuron, v_in, accuracy=spec.accuracy, backend=spec.backend, limits=limits)
            for neuron, v_in in placed
        ]
    return [_row(engine, values, vars(point)) for values, point in zip(points, measured, strict=True)]


def lost(engine: str, values: Values, message: str) -> Row:
    """The row of a point whose worker died each time that it was tried."""
    nan = float("nan")
    numbers = {field.name: nan for field in fields(OperatingPoint) if field.name != "v_in"}
    if engine == "monte-carlo":
        numbers |= dict.fromkeys(QUANTITIES, nan)
    numbers["simulations"] = 1
    row = numbers | {"status": Status.FAILED.value, "cause": Cause.SIMULATOR_DIED.value, "rung": None, "regime": None}
    return row | {"engine": engine, "values": list(values), "confidence": 0.0, "netlist_sha256": "", "message": message}


def regime_of(row: Row) -> Regime | None:
    """The regime, or None of a point that failed."""
    return Regime(row["regime"]) if row["regime"] else None


def _row(engine: str, values: Values, measured: Row) -> Row:
    row = dict(measured)  # flat; `asdict` of the operating point would take as long as the twin
    del row["v_in"]  # where it is varied it is among the values
    for name in _ENUMS:
        row[name] = row[name].value if row[name] is not None else None
    return row | {"engine": engine, "values": list(values)}
