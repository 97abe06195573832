"""From a trained network to a report: mapped, simulated layer by layer, by the twin and perhaps whole, and compared.

Everything simulated is kept in journals in the folder: a verification that was interrupted goes on, and ends as one
that was not. What it took is in the report's `cost` and `whole`, and nowhere else.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import thread_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurokit.circuits.values import si_text
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
from neurokit.verification.board import Board, Greys, board_of
from neurokit.verification.by_layers import Layers, simulated_digits
from neurokit.verification.by_twin import Spikes, TwinBoard, spikes_by_twin, twin_board
from neurokit.verification.cells import Cells
from neurokit.verification.checks import checks
from neurokit.verification.files import keep_netlist, write_bill
from neurokit.verification.mapping import Parts
from neurokit.verification.model import Model, modelled
from neurokit.verification.netlists import ADDERS
from neurokit.verification.whole import against_layers, simulated_whole

Floats = NDArray[np.float64]

KIND = "verification"
FORMAT = 1
COMPLETE = ("ok", "recovered")
TABLE_DEVICES = (1, 2, 3, 4)
TWIN_AT_ONCE = 100  # digits
DEVICE_ROW = ("circuit", "f_full", "agreement", "rate_error", "neurons", "supply", "spikes", "per_spike", "decided")


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
        for name in ("digits", "devices", "twin"):
            count = getattr(self, name)
            if count is not None and count < (name == "digits"):
                raise OutOfRangeError(f"{name} = {count} must be at least {int(name == 'digits')}")
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
    circuit: Floats  # rates of all neurons behind the input, of all digits: shares of full scale
    network: Floats  # the same of the spiking network
    layers: NDArray[np.int64]  # theirs, from 2


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

    The folder gets the netlist of the whole network shown the first digit, and the bill of materials.
    """
    if plan.digits > len(digits.test_labels):
        raise OutOfRangeError(f"{plan.digits} digits: there are {len(digits.test_labels)} test images")
    board = board_of(trained, plan.parts, plan.bin_width)
    order = np.random.default_rng(plan.seed).permutation(len(digits.test_labels))
    images = {int(k): digits.test_images[k].ravel() for k in order[: plan.digits]}
    first = next(iter(images))
    with Journal(folder, _description(trained, board, digits), KIND) as journal:
        if plan.retry_failed:
            journal.forget(_failed)
        netlist = board.netlist(images[first])
        keep_netlist(folder / f"digit_{first}.cir", netlist)
        bill = board.circuit.bill_of_materials()
        write_bill(folder / "bill_of_materials.csv", bill)
        twin = twin_board(board)
        work = _Work(trained, board, twin, digits, journal, plan)
        seen = list(_digits(work, images, progress("ngspice, neurons")))
        by_twin = _by_twin(work, progress("twin, digits"))
        whole = None
        if plan.adder:
            row = simulated_whole(board, first, images[first], plan.adder, journal, plan.whole_limits)
            layers = next(one.layers for one in seen if one.digit == first)
            whole = against_layers(board, row, layers) | {"label": int(digits.test_labels[first])}
        few = dict(list(images.items())[: plan.devices])
        devices = [
            _device(work, number, few, folder, simulate, progress(f"ngspice, neurons of Device {number}"))
            for number in (TABLE_DEVICES if plan.devices else ())
        ]
    return _verified(work, seen, by_twin, whole, devices, bill)


@dataclass(frozen=True, eq=False)
class _Work:
    trained: Trained
    board: Board
    twin: TwinBoard
    digits: Digits
    journal: Journal
    plan: Plan


@dataclass(frozen=True, eq=False)
class _Seen:
    """One digit that ngspice ran, or began to."""

    digit: int
    layers: Layers | None
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
        yield _Seen(digit, layers, model, about | _row(work, images[digit], layers, model, rows), spent)


def _row(work: _Work, greys: Greys, layers: Layers | None, model: Model, rows: Sequence[Row]) -> Row:
    twin = spikes_by_twin(work.twin, greys)
    if layers is not None:
        recovered = sum(row["status"] == "recovered" for row in rows)
        message = f"{recovered} neurons needed the retry ladder" if recovered else ""
        return {"status": "ok", "message": message} | compare.compared(work.board, layers, twin, model)
    lost = [row for row in rows if _failed(row)]
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
    rows = [known["twin", (k,)] for k in range(count)]
    labels = work.digits.test_labels
    return {
        "digits": len(rows),
        "agreement": {
            way: _share([row["answers"]["twin"] == row["answers"][way] for row in rows]) for way in ("spiking", "rate")
        }
        | {"label": _share([row["answers"]["twin"] == labels[row["values"][0]] for row in rows])},
        "network": _share([row["answers"]["spiking"] == labels[row["values"][0]] for row in rows]),
        "rate_error": {way: compare.mean_of(rows, "rate_error", way) for way in ("spiking", "rate")},
        "cpu_s": compare.mean_of(rows, "cpu_s"),
    }


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
    work: _Work, number: int, images: Mapping[int, Greys], folder: Path, simulate: Simulate, progress: Progress
) -> Row:
    """A few digits in ngspice with another device in its matched circuit, or with the network's own."""
    if number == work.trained.settings.device:
        return _device_row(number, work, list(_digits(work, images, _silent(""))))
    try:
        settings, network, curve = in_matched_circuit(work.trained, work.trained.network, number, simulate)
    except NeurokitError as error:  # as of a large x, whose neurons are not as fast as those of a small one
        return dict.fromkeys(DEVICE_ROW) | {"device": number, "message": str(error), "digits": 0, "failed": 0}
    moved = Trained(network, settings, curve, work.trained.record)
    board = board_of(moved, work.plan.parts, work.plan.bin_width)
    description = _description(moved, board, work.digits) | {"device": number}
    with Journal(folder / f"device{number}", description, KIND) as journal:
        if work.plan.retry_failed:
            journal.forget(_failed)
        there = replace(work, trained=moved, board=board, twin=twin_board(board), journal=journal)
        return _device_row(number, there, list(_digits(there, images, progress)))


def _device_row(number: int, work: _Work, seen: Sequence[_Seen]) -> Row:
    settings = work.trained.settings
    rows = [one.row for one in seen if one.row["status"] == "ok"]
    spikes, supply = compare.mean_of(rows, "spikes"), compare.mean_of(rows, "energy", "supply")
    times = [row["decided"] for row in rows if row["decided"] is not None]
    circuit = (
        f"{si_text(settings.r_series, 'Ohm', 3)}, {si_text(settings.capacitance, 'F', 3)}, {settings.v_rail:.3g} V"
    )
    return {
        "device": number,
        "message": "",
        "circuit": circuit,
        "digits": len(rows),
        "failed": len(seen) - len(rows),
        "f_full": work.board.f_full,
        "agreement": _share([row["answers"]["ngspice"] == row["answers"]["spiking"] for row in rows]),
        "rate_error": compare.mean_of(rows, "rate_error", "spiking"),
        "neurons": compare.mean_of(rows, "energy", "neurons"),
        "supply": supply,
        "spikes": spikes,
        "per_spike": supply / spikes if supply is not None and spikes else None,
        "decided": float(np.median(times)) if times else None,
    }


def _verified(
    work: _Work,
    seen: Sequence[_Seen],
    by_twin: Row | None,
    whole: Row | None,
    devices: Sequence[Row],
    bill: Counter[tuple[str, float]],
) -> Verified:
    board, settings = work.board, work.trained.settings
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
        "mapping": _mapping(board, work.plan.parts, work.trained, bill),
        "digits": [one.row for one in seen],
        "summary": _summary([one.row for one in seen]),
        "twin": {name: value for name, value in by_twin.items() if name != "cpu_s"} if by_twin else None,
        "whole": whole,
        "devices": list(devices),
        "cost": {
            "cpu_s_per_digit": sum(spent.values()) / len(seen),
            "twin_cpu_s_per_digit": by_twin["cpu_s"] if by_twin else None,
            "simulations": len(spent),
        },
        "provenance": _description(work.trained, board, work.digits) | {"seed": work.plan.seed},
    }
    report["checks"] = checks(report)
    whole_runs = [one for one in seen if one.layers is not None]
    parting = (one for one in whole_runs if one.row["answers"]["ngspice"] != one.row["answers"]["spiking"])
    example = next(parting, whole_runs[0] if whole_runs else None)
    return Verified(report, _shown(example) if example else None, *_rates(board, whole_runs))


def _shown(one: _Seen) -> Shown:
    assert one.layers is not None  # noqa: S101 - chosen so
    return Shown(one.row["label"], one.row["answers"], compare.spikes_of(one.layers), one.model.spikes)


def _rates(board: Board, seen: Sequence[_Seen]) -> tuple[Floats, Floats, NDArray[np.int64]]:
    circuit, network, layers = [np.zeros(0)], [np.zeros(0)], [np.zeros(0, dtype=np.int64)]
    for one in seen:
        for k, (layer, rates) in enumerate(
            zip(compare.spikes_of(one.layers or ())[1:], one.model.spiking[1:], strict=True), start=2
        ):
            circuit.append(compare.shares(board, layer))
            network.append(rates)
            layers.append(np.full(len(rates), k))
    return np.concatenate(circuit), np.concatenate(network), np.concatenate(layers)


def _summary(rows: Sequence[Row]) -> Row:
    done = [row for row in rows if row["status"] == "ok"]
    partings: Counter[str] = Counter()
    for row in done:
        partings.update(row["partings"])
    times = [row["decided"] for row in done if row["decided"] is not None]
    found = [row["answers"] | {"label": row["label"]} for row in done]
    return {
        "digits": len(rows),
        "failed": len(rows) - len(done),
        "agreement": {
            way: _share([answers["ngspice"] == answers[way] for answers in found])
            for way in ("spiking", "rate", "label", "twin")
        },
        "rate_error": {way: compare.mean_of(done, "rate_error", way) for way in ("spiking", "rate")},
        "partings": dict(sorted(partings.items())),
        "energy": {part: compare.mean_of(done, "energy", part) for part in ("neurons", "supply")}
        | {name: max((row["energy"][name] for row in done), default=None) for name in ("residual", "worst_residual")},
        "decided": {"median": float(np.median(times)) if times else None, "undecided": len(done) - len(times)},
        "twin": {
            name: max((row["twin"][name] for row in done), default=None)
            for name in ("count_difference", "period_error")
        },
    }


def _mapping(board: Board, parts: Parts, trained: Trained, bill: Counter[tuple[str, float]]) -> Row:
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


def _description(trained: Trained, board: Board, digits: Digits) -> dict[str, Any]:
    """What must be the same for simulations to belong to one verification; the netlist stands for all of its text."""
    black = np.zeros(board.sizes[0], dtype=np.uint8)
    return {
        "weights_sha256": trained.record["weights"]["sha256"],
        "curve": trained.record["curve"],
        "data": {"name": digits.name, "sha256": dict(digits.sha256)},
        "settings": trained.record["settings"] | asdict(trained.settings),
        "former": asdict(board.cells.former),
        "accuracy": asdict(board.cells.accuracy),
        "bin": board.cells.bin,
        "opamp": asdict(board.circuit.opamp),
        "black_netlist_sha256": sha256(board.netlist(black).text.encode()).hexdigest(),
        "versions": dict(versions()) | dict(versions_of("ngspice")) | dict(versions_of("twin")),
    }


def _failed(row: Row) -> bool:
    return row.get("status", "ok") not in COMPLETE


def _share(found: Sequence[bool]) -> float | None:
    return float(np.mean(found)) if found else None
