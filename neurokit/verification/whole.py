"""The whole network in one ngspice run: every neuron and every synapse, one digit, and what that costs."""

import numpy as np

from neurokit.simulation import engine
from neurokit.simulation.outcome import Limits, Outcome
from neurokit.sweeps.journal import Journal
from neurokit.sweeps.spec import Row
from neurokit.verification.board import Board, Greys
from neurokit.verification.by_layers import about, failed
from neurokit.verification.by_twin import Spikes
from neurokit.verification.compare import largest_difference
from neurokit.verification.readout import answer
from neurokit.verification.recorded import pulse_times

ENGINE = "ngspice, whole"
TOLD = ("adder", "status", "cause", "message", "points", "t_end", "cpu_s", "wall_s", "memory_bytes", "elements")


def simulated_whole(board: Board, digit: int, greys: Greys, adder: str, journal: Journal, limits: Limits) -> Row:
    """The journal's row of this digit, simulated first where it is not there; a run that meets a limit is partial.

    It is tried once: the limit is one of the whole, and another try would take as long.
    """
    key = (f"{ENGINE}, {adder}", (digit,))
    if key not in journal.rows:
        outcome = engine.simulate(board.netlist(greys, adder), limits=limits, retry=False)
        journal.add([_row(board, digit, adder, outcome)])
    return journal.rows[key]


def against_layers(board: Board, row: Row, apart: Spikes | None) -> Row:
    """What a report says of the run; differences of counts only where both it and the layers are complete."""
    told = {name: row[name] for name in TOLD} | {"digit": row["values"][0]}
    told["layer_answer"] = answer(apart[-1], board.window) if apart else None
    if failed(row):
        return told | {"answer": None, "count_difference": None}
    found = tuple(tuple(np.array(times) for times in layer) for layer in row["spikes"])
    told["answer"] = answer(found[-1], board.window)
    told["count_difference"] = largest_difference(found, apart) if apart else None
    return told


def _row(board: Board, digit: int, adder: str, outcome: Outcome) -> Row:
    """Spikes by layer and neuron, of a partial run as far as it came."""
    waves = outcome.plots[0] if outcome.plots else None
    spikes = None
    if waves is not None and len(waves) > 1:
        former = board.cells.former
        spikes = [
            [pulse_times(waves.time, waves[f"v(pulse_{k}_{i})"], former).tolist() for i in range(1, size + 1)]
            for k, size in enumerate(board.sizes, start=1)
        ]
    return {
        "engine": f"{ENGINE}, {adder}",
        "values": [digit],
        "adder": adder,
        **about(outcome),
        "wall_s": outcome.wall_s,
        "memory_bytes": outcome.memory_bytes or None,
        "elements": outcome.netlist.text.count("\n") - 1,
        "points": len(waves) if waves is not None else 0,
        "t_end": float(waves.time[-1]) if waves is not None and len(waves) else 0.0,
        "spikes": spikes,
    }
