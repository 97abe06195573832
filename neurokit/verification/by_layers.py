"""A trained network in ngspice, layer by layer: every neuron with its adders alone, hearing what was recorded before.

Input neurons of one grey level are the same neuron, whichever the digit. What is in the journal is not simulated again,
and all that a layer hears comes from there, so a run that was interrupted ends as one that was not.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from hashlib import sha256

import numpy as np

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError
from neurokit.simulation.outcome import Limits, Outcome
from neurokit.simulation.pool import Progress, simulate_each
from neurokit.sweeps.journal import Journal
from neurokit.sweeps.spec import Row
from neurokit.verification.board import Board, Greys
from neurokit.verification.netlists import input_netlist, neuron_netlist_of
from neurokit.verification.recorded import Recorded, recorded

ENGINE = "ngspice"
HEARD = "heard_sha256"
Place = tuple[int, int, int]  # layer from 1, digit (grey level in the first layer), neuron from 1
Layers = tuple[tuple[Recorded, ...], ...]


def simulated_digits(
    board: Board,
    images: Mapping[int, Greys],
    journal: Journal,
    *,
    jobs: int | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    progress: Progress = lambda done, failed, total: None,
) -> Iterator[tuple[int, Layers | None, list[Row]]]:
    """Each digit's number with all its neurons, and the journal's rows behind them; None where one of them failed."""
    levels = [int(g) for g in np.unique(np.concatenate(list(images.values())))]
    pool = _Pool(board, journal, jobs, limits, progress, len(levels) + len(images) * sum(board.sizes[1:]))
    pool.simulate(
        {_input(g): partial(input_netlist, board.circuit, board.cells, board.drives[g], board.window) for g in levels}
    )
    for digit, greys in images.items():
        yield digit, *_digit(board, pool, digit, [_input(g) for g in greys])


def _input(grey: int) -> Place:
    return (1, int(grey), 1)


def _digit(board: Board, pool: "_Pool", digit: int, inputs: Sequence[Place]) -> tuple[Layers | None, list[Row]]:
    rows = {place: pool.row(place) for place in inputs}
    heard, layers, before = pool.recorded(inputs), [], inputs
    for k, size in enumerate(board.sizes[1:]):
        if heard is None:
            return None, list(rows.values())
        layers.append(heard)
        pulses = np.array([neuron.pulses for neuron in heard])
        places = [(k + 2, digit, j + 1) for j in range(size)]
        pool.simulate(
            {
                place: partial(neuron_netlist_of, board.circuit, board.cells, k, place[2] - 1, pulses, board.window)
                for place in places
            },
            pool.sum_of_pulses(before),
        )
        before = places
        rows |= {place: pool.row(place) for place in places}
        heard = pool.recorded(places)
    if heard is None:
        return None, list(rows.values())
    return (*layers, heard), list(rows.values())


class _Pool:
    """Simulates neurons that the journal does not hold, and reads all of them from there."""

    def __init__(
        self, board: Board, journal: Journal, jobs: int | None, limits: Limits, progress: Progress, total: int
    ) -> None:
        self._board, self._journal, self._jobs, self._limits = board, journal, jobs, limits
        self._progress, self._total = progress, total
        self._done, self._failed = 0, 0

    def row(self, place: Place) -> Row:
        return self._journal.rows[ENGINE, place]

    def recorded(self, places: Sequence[Place]) -> tuple[Recorded, ...] | None:
        """These neurons, or None if one of them failed."""
        former = self._board.cells.former
        found = {place: self.row(place) for place in places}
        if any("spikes" not in row for row in found.values()):
            return None
        try:
            kept = {place: Recorded.from_json(row, former) for place, row in found.items()}
        except (KeyError, TypeError, ValueError, zlib.error) as error:
            raise NeurokitError(
                f"the journal holds a neuron of layer, digit, number among {places[0]} to {places[-1]} that cannot be "
                f"read ({error}): it was changed by hand; give another --out"
            ) from error
        return tuple(kept[place] for place in places)

    def sum_of_pulses(self, places: Sequence[Place]) -> str:
        """SHA-256 of what is heard of these neurons.

        Kept in place of the netlist's own sum, whose last bits hang on how a machine adds up currents.
        """
        return sha256("\n".join(self.row(place)["pulses"] for place in places).encode()).hexdigest()

    def simulate(self, netlists: Mapping[Place, Callable[[], Netlist]], heard: str | None = None) -> None:
        """These neurons, each only if the journal does not hold it; `heard` is the sum of what they hear, if anything.

        NeurokitError for one in the journal that heard something else; rows of early versions do not tell.
        """
        missing = [place for place in netlists if (ENGINE, place) not in self._journal.rows]
        for place in netlists.keys() - missing:
            if self.row(place).get(HEARD, heard) != heard:
                raise NeurokitError(
                    f"neuron {place} (layer, digit, number) of the journal heard other pulses than the journal holds "
                    "of the layer before: one of them was changed by hand; give another --out"
                )
            self._count(place)
        run = simulate_each([netlists[place]() for place in missing], jobs=self._jobs, limits=self._limits)
        with closing(run):  # what interrupts this ends the simulations too
            for number, outcome in run:
                self._journal.add([_row(self._board, missing[number], outcome) | ({HEARD: heard} if heard else {})])
                self._count(missing[number])

    def _count(self, place: Place) -> None:
        self._done += 1
        self._failed += "spikes" not in self.row(place)
        self._progress(self._done, self._failed, self._total)


def _row(board: Board, place: Place, outcome: Outcome) -> Row:
    row = {"engine": ENGINE, "values": list(place), **about(outcome)}
    if not outcome.complete:
        return row
    at = f"_{place[0]}_{place[2]}"
    kept = recorded(board.cells, outcome.waveforms, at, board.window).to_json(board.cells.former)
    return row | kept | {"points": len(outcome.waveforms)}


def failed(row: Row) -> bool:
    """Whether what a row tells of was not simulated to its end; rows of the twin, which has no limits, never."""
    return row.get("status", "ok") not in ("ok", "recovered")


def about(outcome: Outcome) -> Row:
    """How a simulation ended, for a journal."""
    return {
        "status": outcome.status.value,
        "rung": outcome.rung,
        "cause": outcome.cause.value if outcome.cause else None,
        "message": "; ".join(outcome.messages),
        "netlist_sha256": sha256(outcome.netlist.text.encode()).hexdigest(),
        "cpu_s": outcome.cpu_s,
    }
