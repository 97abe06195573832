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
from neurokit.sweeps.diagram import PhaseDiagram, closed_form_triple, counts, rc_over_thermal_time
from neurokit.sweeps.monte_carlo import DRAWN, QUANTITIES
from neurokit.sweeps.spec import Row, spec_to_json

if TYPE_CHECKING:
    import xarray

TABLE, DATASET, DRAWS = "points.parquet", "diagram.nc", "draws.parquet"

# What is measured at a point, with its unit, in the order of the table's columns.
NUMBERS: Mapping[str, str] = {
    "confidence": "",
    "frequency": "Hz",
    "frequency_error": "Hz",
    "amplitude": "V",
    "duty": "",
    "first_latency": "s",
    "power": "W",
    "energy_per_spike": "J",
    "device_energy_per_spike": "J",
    "energy_residual": "",
    "t_stop": "s",
    "step": "",
    "simulations": "",
}
WORDS = ("engine", "regime", "status", "cause", "rung", "netlist_sha256", "message")


def save(diagram: PhaseDiagram, folder: Path, versions: Mapping[str, str]) -> tuple[Path, Path]:
    """Write both files into the folder of the sweep."""
    about = description(diagram, versions)
    table, dataset = folder / TABLE, folder / DATASET
    _write_table(_columns(diagram), table, about)
    _write_whole(dataset, lambda path: to_dataset(diagram, about).to_netcdf(path, engine="h5netcdf"))
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

    axes = diagram.lattice.axes
    columns = _columns(diagram)
    units = {axis.name: axis.unit for axis in axes} | dict(NUMBERS)
    is_grid = diagram.lattice.halvings == 0 and not diagram.unfinished
    if is_grid:
        shape = tuple(cells + 1 for cells in diagram.lattice.cells)
        dims: tuple[str, ...] = tuple(axis.name for axis in axes)
        coords = {
            axis.name: (axis.name, [axis.value(k / cells) for k in range(cells + 1)], {"units": axis.unit})
            for axis, cells in zip(axes, diagram.lattice.cells, strict=True)
        }
    else:
        shape, dims = (len(diagram.rows),), ("point",)
        coords = {axis.name: ("point", columns[axis.name], {"units": axis.unit}) for axis in axes}
    variables = {
        name: (dims, np.asarray(values).reshape(shape), {"units": units[name]} if units.get(name) else {})
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
        raise NeurokitError(f"no {TABLE} in {result}: the sweep there has not come to its end; run it again to go on")
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
    return columns | {name: [row[name] or "" for row in diagram.rows] for name in WORDS}


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
    table = table.replace_schema_metadata({"neurokit": json.dumps(about, sort_keys=True)})
    _write_whole(path, lambda part: parquet.write_table(table, part))


def _write_whole(path: Path, write: Any) -> None:
    """A file that is there in full or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NeurokitError(
            f"cannot write {path}: {error.strerror or error}; run the same command again after"
        ) from None
