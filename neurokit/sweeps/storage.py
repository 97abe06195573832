"""A finished sweep on disk: `points.parquet`, one row a point, and `diagram.nc`, an xarray Dataset with units.

The table depends on nothing but the sweep: not on who computed a point, when, or in which order. Both files carry what
made them: the sweep in full, the versions, and for each point the SHA-256 of its netlist.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from neurokit.errors import NeurokitError
from neurokit.spikes.regime import Regime
from neurokit.sweeps import axes
from neurokit.sweeps.diagram import PhaseDiagram, closed_form_triple, counts, rc_over_thermal_time
from neurokit.sweeps.journal import write_whole
from neurokit.sweeps.monte_carlo import DRAWN, QUANTITIES
from neurokit.sweeps.spec import Row, spec_to_json

if TYPE_CHECKING:
    import xarray

TABLE, DATASET, DRAWS = "points.parquet", "diagram.nc", "draws.parquet"

# What is measured at a point, with its unit and meaning, in the order of the table's columns.
NUMBERS: Mapping[str, tuple[str, str]] = {
    "confidence": ("", "1: the regime is certain; 0.5: a guess; 0: nothing could be read"),
    "frequency": ("Hz", "of the settled oscillation, 0 at rest"),
    "frequency_error": ("Hz", "standard error of the frequency from the spread of intervals"),
    "amplitude": ("V", "of v(osc), peak to peak"),
    "duty": ("", "share of a settled period in which the device is on"),
    "first_latency": ("s", "until the device switches on for the first time; infinite if never"),
    "power": ("W", "of the source, mean over the settled part"),
    "energy_per_spike": ("J", "given by the source in a settled period; infinite at rest"),
    "device_energy_per_spike": ("J", "taken by the device in a settled period; infinite at rest"),
    "energy_residual": ("", "part of the source's energy that the parts do not account for"),
    "t_stop": ("s", "simulated time"),
    "step": ("", "largest time step in units of neurokit.device.accuracy.largest_step"),
    "simulations": ("", "that the point took"),
}
REGIME_CODES = tuple(regime.value for regime in Regime)  # in the Dataset 0, 1, 2; -1 where nothing could be read
WORDS = ("engine", "regime", "status", "cause", "rung", "netlist_sha256", "message")


def save(diagram: PhaseDiagram, folder: Path, versions: Mapping[str, str]) -> tuple[Path, Path]:
    """Write both files into the folder of the sweep."""
    about = description(diagram, versions)
    table, dataset = folder / TABLE, folder / DATASET
    _write_table(_columns(diagram), table, about)
    write_whole(dataset, lambda path: to_dataset(diagram, about).to_netcdf(path, engine="h5netcdf"))
    return table, dataset


def description(diagram: PhaseDiagram, versions: Mapping[str, str]) -> dict[str, Any]:
    """What was swept, what came of it, and what made it."""
    triple = diagram.triple
    closed = closed_form_triple(diagram.spec)
    return {
        "sweep": spec_to_json(diagram.spec),
        "engine": diagram.engine,
        "versions": dict(versions),
        "points": counts(diagram.rows),
        "unfinished": diagram.unfinished,
        "triple_point": None if triple is None else asdict(triple),
        "triple_point_closed_form": None if closed is None else list(closed),
        "rc_over_thermal_time": rc_over_thermal_time(diagram),
        "disagreements": len(diagram.disagreements),
    }


def to_dataset(diagram: PhaseDiagram, about: Mapping[str, Any]) -> "xarray.Dataset":
    """The points over a dimension `point` or, of a full grid, over the axes; boundaries over `crossing`."""
    import xarray

    varied = diagram.lattice.axes
    columns = _columns(diagram)
    about_it: dict[str, dict[str, Any]] = {
        name: {"units": unit, "long_name": meaning} if unit else {"long_name": meaning}
        for name, (unit, meaning) in NUMBERS.items()
    }
    about_it["regime_code"] = {"flag_values": [0, 1, 2], "flag_meanings": " ".join(REGIME_CODES)}
    is_grid = diagram.lattice.halvings == 0 and not diagram.unfinished
    if is_grid:
        shape = tuple(cells + 1 for cells in diagram.lattice.cells)
        dims: tuple[str, ...] = tuple(axis.name for axis in varied)
        coords = {
            axis.name: (axis.name, [axis.value(k / cells) for k in range(cells + 1)], {"units": axis.unit})
            for axis, cells in zip(varied, diagram.lattice.cells, strict=True)
        }
    else:
        shape, dims = (len(diagram.rows),), ("point",)
        coords = {axis.name: ("point", columns[axis.name], {"units": axis.unit}) for axis in varied}
    variables = {
        name: (dims, np.asarray(values).reshape(shape), about_it.get(name, {}))
        for name, values in columns.items()
        if name not in coords
    }
    variables |= {f"boundary_{name}": column for name, column in _boundary_columns(diagram).items()}
    return xarray.Dataset(variables, coords, {"neurokit": json.dumps(about, sort_keys=True)})


def save_draws(rows: Sequence[Row], folder: Path, about: Mapping[str, Any]) -> Path:
    """The draws of a Monte Carlo, one row each in the order of their numbers."""
    columns: dict[str, list[Any]] = {name: [row["values"][k] for row in rows] for k, name in enumerate(DRAWN)}
    columns |= {name: [float(row[name]) for row in rows] for name in (*QUANTITIES, *NUMBERS) if name in rows[0]}
    columns |= {name: [row[name] or "" for row in rows] for name in WORDS}
    path = folder / DRAWS
    _write_table(columns, path, about)
    return path


def load_table(result: Path) -> tuple[list[Row], dict[str, Any]]:
    """The rows of a sweep, by its folder or table, and what made it; the axes' values are under `values` again."""
    import pyarrow
    import pyarrow.parquet as parquet

    tables = [result / TABLE, result / DRAWS] if result.is_dir() else [result]
    path = next((table for table in tables if table.exists()), None)
    if path is None:
        if (result / "points.jsonl").exists():
            raise NeurokitError(f"the sweep in {result} has not come to its end: run it again to go on")
        raise NeurokitError(f"{result} holds no sweep: give the folder that has a {TABLE}, one for each device")
    try:
        table = parquet.read_table(path)
        about = json.loads(table.schema.metadata[b"neurokit"])
    except (pyarrow.ArrowInvalid, KeyError, TypeError):
        raise NeurokitError(f"{path} is not the table of a sweep: give its folder or its {TABLE}") from None
    names = [axis["name"] for axis in about["sweep"]["axes"]]
    rows = table.to_pylist()
    return [row | {"values": [row[name] for name in names]} for row in rows], about


def _columns(diagram: PhaseDiagram) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        axis.name: [row["values"][k] for row in diagram.rows] for k, axis in enumerate(diagram.lattice.axes)
    }
    columns |= {name: [float(row[name]) for row in diagram.rows] for name in NUMBERS}
    codes = [REGIME_CODES.index(row["regime"]) if row["regime"] else -1 for row in diagram.rows]
    return columns | {"regime_code": codes} | {name: [row[name] or "" for row in diagram.rows] for name in WORDS}


def _boundary_columns(diagram: PhaseDiagram) -> dict[str, Any]:
    found = diagram.boundaries
    columns: dict[str, Any] = {
        axis.name: ("crossing", [b.values[k] for b in found], {"units": axis.unit})
        for k, axis in enumerate(diagram.lattice.axes)
    }
    columns["half_width"] = ("crossing", [b.half_width for b in found], {"comment": "in the unit of boundary_axis"})
    columns["excess"] = (
        "crossing",
        [b.excess for b in found],
        {"units": "V", "comment": "supply above the closed form's boundary"},
    )
    words: dict[str, Sequence[str]] = {
        "axis": [b.axis for b in found],
        "below": [b.below.value for b in found],
        "above": [b.above.value for b in found],
    }
    return columns | {name: ("crossing", np.array(values, dtype=str)) for name, values in words.items()}


def _write_table(columns: Mapping[str, list[Any]], path: Path, about: Mapping[str, Any]) -> None:
    import pyarrow
    import pyarrow.parquet as parquet

    table = pyarrow.table(dict(columns))
    known = {name: {"units": unit, "meaning": meaning} for name, (unit, meaning) in NUMBERS.items()}
    known |= {name: {"units": unit} for name, unit in ({**QUANTITIES, **axes.QUANTITIES}).items()}
    fields = [field.with_metadata(known[field.name]) if field.name in known else field for field in table.schema]
    table = table.cast(pyarrow.schema(fields))
    table = table.replace_schema_metadata({"neurokit": json.dumps(about, sort_keys=True)})
    write_whole(path, lambda part: parquet.write_table(table, part))
