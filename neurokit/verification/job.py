"""From a trained network to a report: mapped, simulated layer by layer, by the twin and perhaps whole, and compared.

Everything simulated is kept in journals in the folder: a verification that was interrupted goes on, and ends as one
that was not. What it took is in the report's `cost` and `whole`, and nowhere else.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import thread_time
from typing import Any

import numpy as np

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.simulation import engine
from neurokit.simulation.engine import Simulate
from neurokit.simulation.outcome import Limits
from neurokit.simulation.pool import Progress, checked_jobs
from neurokit.simulation.versions import versions_of
from neurokit.snn.data import Digits
from neurokit.snn.job import in_matched_circuit, versions
from neurokit.snn.results import Trained
from neurokit.sweeps.journal import Journal
from neurokit.sweeps.spec import Row
from neurokit.verification import compare
from neurokit.verification.account import by_twin, device_row, mapping_row, no_device_row, summary
from neurokit.verification.board import Board, Greys, board_of
from neurokit.verification.by_layers import Layers, failed, simulated_digits
from neurokit.verification.by_twin import Spikes, TwinBoard, spikes_by_twin, twin_board
from neurokit.verification.cells import Cells
from neurokit.verification.checks import checks
from neurokit.verification.compare import spikes_of
from neurokit.verification.files import keep_netlist, write_bill, write_rates
from neurokit.verification.mapping import Parts
from neurokit.verification.model import Model, modelled
from neurokit.verification.netlists import ADDERS
from neurokit.verification.rates import Rates, by_class, furthest, rates_of
from neurokit.verification.whole import against_layers, simulated_whole

KIND = "verification"
FORMAT = 1
RATES = "rates.csv"
TABLE_DEVICES = (1, 2, 3, 4)
TWIN_AT_ONCE = 100  # digits


def _silent(what: str) -> Progress:
    return lambda done, failed, total: None


@dataclass(frozen=True)
class Plan:
    """What is to be verified, and within which limits."""

    digits: int = 10  # of the test images, by ngspice
    seed: int = 1  # draws them; the first ones are the same whatever their number
    twin: int | None = None  # test images by the twin, in their order; None: all
    devices: int = 1  # digits for each device of the table over Devices 1-4
    adder: str = ""  # of a run of the whole network, shown the first digit; "" for no such run
    parts: Parts = Parts()  # noqa: RUF009 - frozen
    bin_width: float = Cells.bin  # s
    limits: Limits = Limits()  # noqa: RUF009 - frozen; of one neuron
    whole_limits: Limits = field(default_factory=lambda: Limits(time_s=4 * 3600.0))
    jobs: int | None = None
    retry_failed: bool = False

    def __post_init__(self) -> None:
        for name, least in (("digits", 1), ("devices", 0), ("twin", 0)):
            count = getattr(self, name)
            if count is not None and count < least:
                raise OutOfRangeError(f"{name} = {count} must be at least {least}")
        if self.adder and self.adder not in ADDERS:
            raise OutOfRangeError(f"adder {self.adder!r}: choose one of {', '.join(ADDERS)}")


@dataclass(frozen=True, eq=False)
class Shown:
    """One digit in ngspice and in the network, to be drawn."""

    label: int
    answers: Mapping[str, int | None]
    circuit: Spikes  # s
    network: Spikes  # s


@dataclass(frozen=True, eq=False)
class Verified:
    """The report, and what its figures are drawn from."""

    report: Mapping[str, Any]
    example: Shown | None  # a digit on which circuit and network part, if there is one; None if none ran through
    rates: Rates
    by_class: Sequence[Row]  # these by class and neuron


def verify_into(
    folder: Path,
    trained: Trained,
    digits: Digits,
    plan: Plan = Plan(),
    *,
    simulate: Simulate = engine.simulate,
    progress: Callable[[str], Progress] = _silent,
) -> Verified:
    """Verifies a trained network on test images and keeps what it simulates in the folder; `simulate` measures curves.

    The folder gets the netlist of the whole network shown the first digit, the bill of materials, and a table of the
    rates of all neurons.
    """
    if plan.digits > len(digits.test_labels):
        raise OutOfRangeError(f"{plan.digits} digits: there are {len(digits.test_labels)} test images")
    board = board_of(trained, plan.parts, plan.bin_width)
    order = np.random.default_rng(plan.seed).permutation(len(digits.test_labels))
    images = {int(k): digits.test_images[k].ravel() for k in order[: plan.digits]}
    first = next(iter(images))
    description = _description(trained, board, digits, plan.parts)
    with Journal(folder, description, KIND) as journal:
        if plan.retry_failed:
            journal.forget(failed)
        adder = plan.adder or "resistors"
        keep_netlist(folder / f"digit_{first}_{adder}.cir", board.netlist(images[first], adder))
        bill = board.bill_of_materials()
        write_bill(folder / "bill_of_materials.csv", bill)
        twin = twin_board(board)
        work = _Work(trained, board, twin, digits, journal, plan, description)
        seen = list(_digits(work, images, progress("ngspice, neurons")))
        of_twin = _by_twin(work, progress("twin, digits"))
        whole = None
        if plan.adder:
            progress("ngspice, the whole network in one run")
            row = simulated_whole(board, first, images[first], plan.adder, journal, plan.whole_limits)
            known = {"label": seen[0].row["label"], "network_answer": seen[0].row["answers"]["spiking"]}
            whole = against_layers(board, row, seen[0].circuit) | known
        few = dict(list(images.items())[: plan.devices])
        devices = [
            _device(work, number, few, seen, folder, simulate, progress(f"ngspice, neurons of Device {number}"))
            for number in (TABLE_DEVICES if plan.devices else ())
        ]
    found = _verified(work, seen, of_twin, whole, devices, bill)
    if found.by_class:
        write_rates(folder / RATES, found.by_class)
    return found


@dataclass(frozen=True, eq=False)
class _Work:
    trained: Trained
    board: Board
    twin: TwinBoard
    digits: Digits
    journal: Journal
    plan: Plan
    description: Mapping[str, Any]  # what the journal holds


@dataclass(frozen=True, eq=False)
class _Seen:
    """One digit that ngspice ran, or began to."""

    digit: int
    circuit: Spikes | None  # None of one that failed
    model: Model
    row: Row  # of the report
    simulations: Mapping[tuple[int, ...], float]  # CPU s, by place


def _digits(work: _Work, images: Mapping[int, Greys], progress: Progress) -> Iterator[_Seen]:
    models = modelled(work.trained, np.array(list(images.values())))
    plan = work.plan
    simulated = simulated_digits(
        work.board, images, work.journal, jobs=plan.jobs, limits=plan.limits, progress=progress
    )
    for (digit, layers, rows), model in zip(simulated, models, strict=True):
        about = {"digit": digit, "label": int(work.digits.test_labels[digit])}
        spent = {tuple(row["values"]): float(row["cpu_s"]) for row in rows}
        circuit = spikes_of(layers) if layers else None
        yield _Seen(digit, circuit, model, about | _row(work, images[digit], layers, model, rows), spent)


def _row(work: _Work, greys: Greys, layers: Layers | None, model: Model, rows: Sequence[Row]) -> Row:
    twin = spikes_by_twin(work.twin, greys)
    if layers is not None:
        recovered = sum(row["status"] == "recovered" for row in rows)
        message = f"{recovered} neurons needed the retry ladder" if recovered else ""
        return {"status": "ok", "message": message} | compare.compared(work.board, layers, twin, model)
    lost = [row for row in rows if failed(row)]
    words = f"{len(lost)} neurons failed, the first, {lost[0]['values']}, with {lost[0]['cause']}: {lost[0]['message']}"
    answers = compare.answers(work.board, model, twin=twin) | {"ngspice": None}
    return {"status": "failed", "message": words, "answers": answers}


def _by_twin(work: _Work, progress: Progress) -> Row | None:
    """The test images by the twin, each a row of the journal, and what they come to."""
    every = len(work.digits.test_labels)
    count = every if work.plan.twin is None else min(work.plan.twin, every)
    if not count:
        return None
    known = work.journal.rows
    missing = [k for k in range(count) if ("twin", (k,)) not in known]
    with ThreadPoolExecutor(checked_jobs(work.plan.jobs)) as pool:
        for begin in range(0, len(missing), TWIN_AT_ONCE):
            some = missing[begin : begin + TWIN_AT_ONCE]
            shown = work.digits.test_images[some].reshape(len(some), -1)
            work.journal.add(pool.map(partial(_twin_row, work), some, shown, modelled(work.trained, shown)))
            progress(count - len(missing) + begin + len(some), 0, count)
    return by_twin([known["twin", (k,)] for k in range(count)], work.digits.test_labels)


def _twin_row(work: _Work, digit: int, greys: Greys, model: Model) -> Row:
    began = thread_time()
    spikes = spikes_by_twin(work.twin, greys)
    spent = thread_time() - began
    return {
        "engine": "twin",
        "values": [digit],
        "answers": compare.answers(work.board, model, twin=spikes),
        "rate_error": compare.rate_errors(work.board, spikes, model),
        "cpu_s": spent,
    }


def _device(
    work: _Work,
    number: int,
    images: Mapping[int, Greys],
    seen: Sequence[_Seen],
    folder: Path,
    simulate: Simulate,
    progress: Progress,
) -> Row:
    """A few digits in ngspice with another device in its matched circuit, or with the network's own."""
    if number == work.trained.settings.device:
        own = [one.row for one in seen if one.digit in images]
        return device_row(number, work.trained.settings, work.board.f_full, own)
    try:
        settings, network, curve = in_matched_circuit(work.trained, work.trained.network, number, simulate)
        moved = Trained(network, settings, curve, work.trained.record)
        board = board_of(moved, work.plan.parts, work.plan.bin_width)
        twin = twin_board(board)
    except NeurokitError as error:  # as of a large x, whose neurons are not as fast as those of a small one
        return no_device_row(number, str(error))
    description = _description(moved, board, work.digits, work.plan.parts) | {"device": number}
    with Journal(folder / f"device{number}", description, KIND) as journal:
        if work.plan.retry_failed:
            journal.forget(failed)
        there = replace(work, trained=moved, board=board, twin=twin, journal=journal, description=description)
        return device_row(number, settings, board.f_full, _rows(_digits(there, images, progress)))


def _rows(seen: Iterable[_Seen]) -> list[Row]:
    return [one.row for one in seen]


def _verified(
    work: _Work,
    seen: Sequence[_Seen],
    of_twin: Row | None,
    whole: Row | None,
    devices: Sequence[Row],
    bill: Counter[tuple[str, float]],
) -> Verified:
    board, settings = work.board, work.trained.settings
    rates = rates_of(board, [(one.row["label"], one.circuit, one.model) for one in seen if one.circuit])
    table = by_class(rates, board.f_full)
    spent = {place: cpu for one in seen for place, cpu in one.simulations.items()}
    report: dict[str, Any] = {
        "kind": f"{KIND} of a trained network of VO2-x neurons",
        "format": FORMAT,
        "network": {
            "sizes": list(board.sizes),
            "circuit": work.trained.curve.label,
            "v_rail": board.circuit.opamp.v_rail,
            "window": board.window,
            "tau": settings.tau,
            "f_full": board.f_full,
        },
        "mapping": mapping_row(board, work.plan.parts, work.trained, bill),
        "digits": _rows(seen),
        "summary": summary(_rows(seen)),
        "rates": {"file": RATES, "furthest": furthest(table)} if table else None,
        "twin": {name: value for name, value in of_twin.items() if name != "cpu_s"} if of_twin else None,
        "whole": whole,
        "devices": list(devices),
        "cost": {
            "cpu_s_per_digit": sum(spent.values()) / len(seen),
            "twin_cpu_s_per_digit": of_twin["cpu_s"] if of_twin else None,
            "simulations": len(spent),
        },
        "provenance": {**work.description, "seed": work.plan.seed},
    }
    report["checks"] = checks(report)
    shown = [Shown(one.row["label"], one.row["answers"], one.circuit, one.model.spikes) for one in seen if one.circuit]
    parting = (one for one in shown if one.answers["ngspice"] != one.answers["spiking"])
    example = next(parting, shown[0] if shown else None)
    return Verified(report, example, rates, table)


def _description(trained: Trained, board: Board, digits: Digits, parts: Parts) -> dict[str, Any]:
    """What must be the same for simulations to belong to one verification; the netlist stands for all of its text."""
    black = np.zeros(board.sizes[0], dtype=np.uint8)
    return {
        "weights_sha256": trained.record["weights"]["sha256"],
        "curve": trained.record["curve"],
        "data": {"name": digits.name, "sha256": dict(digits.sha256)},
        "settings": asdict(trained.settings),
        "parts": asdict(parts),
        "former": asdict(board.cells.former),
        "accuracy": {"constant drive": asdict(board.cells.accuracy), "pulses": asdict(board.cells.accuracy_heard)},
        "bin": board.cells.bin,
        "opamp": asdict(board.circuit.opamp),
        "black_netlist_sha256": sha256(board.netlist(black).text.encode()).hexdigest(),
        "versions": dict(versions()) | dict(versions_of("ngspice")) | dict(versions_of("twin")),
    }
