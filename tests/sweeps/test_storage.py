"""What a sweep leaves on disk: a table and a Dataset that say what they hold, and read back as they were."""

import json
import math
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
import xarray

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.device import DEVICES
from neurokit.errors import NeurokitError, SimulationFailedError
from neurokit.spikes.regime import Regime
from neurokit.sweeps.axes import Axis
from neurokit.sweeps.run import Method, run_sweep
from neurokit.sweeps.spec import SweepSpec, default_axes, spec_from_json
from neurokit.sweeps.storage import DATASET, NUMBERS, TABLE, load_table, save

R, V = Axis("r_series", 1e3, 9e3, 5), Axis("v_in", 5.0, 21.0, 6)
VERSIONS = {"neurokit": "test"}
TWIN = Method("twin")


def swept(folder, axes, method=TWIN, **changes):
    """A sweep in threads of this process: any executor will do, and this one starts at once."""
    spec = SweepSpec(NeuronCircuit(DEVICES[1]), axes, **changes)
    return run_sweep(spec, folder, lambda: ThreadPoolExecutor(2), method)


def same(a, b):
    return a == b or (isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b))


def test_a_full_grid_is_a_dataset_over_its_axes_with_units(tmp_path):
    diagram = swept(tmp_path, (R, V), Method("twin", full_grid=True))
    save(diagram, tmp_path, VERSIONS)
    with xarray.open_dataset(tmp_path / DATASET, engine="h5netcdf") as found:
        assert found["frequency"].dims == ("r_series", "v_in")
        assert found["frequency"].shape == (5, 6)
        assert found["frequency"].attrs["units"] == "Hz"
        assert (found["r_series"].attrs["units"], found["v_in"].attrs["units"]) == ("ohm", "V")
        np.testing.assert_allclose(found["r_series"], np.linspace(1e3, 9e3, 5))
        for row in diagram.rows:
            here = found.sel(r_series=row["values"][0], v_in=row["values"][1])
            assert str(here["regime"].values) == row["regime"]
            assert float(here["frequency"]) == row["frequency"]
        assert set(found["boundary_axis"].values) <= {"r_series", "v_in"}
        about = json.loads(found.attrs["neurokit"])
    assert about["versions"] == VERSIONS
    assert spec_from_json(about["sweep"]) == diagram.spec


def test_every_quantity_that_has_a_unit_carries_it(tmp_path):
    save(swept(tmp_path, (R, V), Method("twin", full_grid=True)), tmp_path, VERSIONS)
    with xarray.open_dataset(tmp_path / DATASET, engine="h5netcdf") as found:
        for name, (unit, meaning) in NUMBERS.items():
            assert (found[name].attrs.get("units", ""), found[name].attrs["long_name"]) == (unit, meaning)
    table = pyarrow.parquet.read_table(tmp_path / TABLE)
    assert table.schema.field("frequency").metadata[b"units"] == b"Hz"
    assert table.schema.field("v_in").metadata[b"units"] == b"V"
    with xarray.open_dataset(tmp_path / DATASET, engine="h5netcdf") as found:
        assert found["boundary_excess"].attrs["units"] == "V"


def test_followed_points_lie_along_one_dimension(tmp_path):
    diagram = swept(tmp_path, default_axes(DEVICES[2]))
    save(diagram, tmp_path, VERSIONS)
    with xarray.open_dataset(tmp_path / DATASET, engine="h5netcdf") as found:
        assert found["regime"].dims == found["v_in"].dims == ("point",)
        assert len(found["point"]) == len(diagram.rows)
        assert len(found["crossing"]) == len(diagram.boundaries)


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_a_table_reads_back_to_its_rows(dimensions, tmp_path):
    axes = (Axis("capacitance", 1e-10, 1e-8, 3, log=True), R, V)[3 - dimensions :]
    diagram = swept(tmp_path, axes, Method("twin", full_grid=True))
    save(diagram, tmp_path, VERSIONS)
    rows, about = load_table(tmp_path / TABLE)
    assert len(rows) == len(diagram.rows)
    for read, row in zip(rows, diagram.rows, strict=True):
        assert all(same(read[name], row[name] if row[name] is not None else "") for name in row)
    assert about["points"]["ok"] == len(rows)
    assert spec_from_json(about["sweep"]) == diagram.spec


def test_the_table_is_the_same_bytes_again_and_from_a_journal(tmp_path):
    save(swept(tmp_path / "a", default_axes(DEVICES[2])), tmp_path / "a", VERSIONS)
    save(swept(tmp_path / "b", default_axes(DEVICES[2])), tmp_path / "b", VERSIONS)
    first = (tmp_path / "a" / TABLE).read_bytes()
    save(swept(tmp_path / "a", default_axes(DEVICES[2])), tmp_path / "a", VERSIONS)
    assert first == (tmp_path / "a" / TABLE).read_bytes() == (tmp_path / "b" / TABLE).read_bytes()


def test_a_full_disk_at_the_end_is_reported_and_loses_no_point(tmp_path):
    program = textwrap.dedent("""
        import resource, sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[2])
        from test_storage import *
        folder = Path(sys.argv[1])
        diagram = swept(folder, (R, V), Method("twin", full_grid=True))
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        try:
            save(diagram, folder, VERSIONS)
        except NeurokitError as error:
            print(error)
    """)
    words = [sys.executable, "-c", program, str(tmp_path), str(Path(__file__).parent)]
    ended = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "cannot write" in ended.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["points.jsonl", "sweep.json"]
    save(swept(tmp_path, (R, V), Method("twin", full_grid=True)), tmp_path, VERSIONS)
    assert len(load_table(tmp_path / TABLE)[0]) == 30


def test_failed_points_are_in_the_table_with_their_cause(tmp_path):
    diagram = swept(tmp_path, (R,), Method("ngspice", full_grid=True), time_limit_s=1e-6)
    save(diagram, tmp_path, VERSIONS)
    rows, about = load_table(tmp_path / TABLE)
    assert {(row["regime"], row["cause"]) for row in rows} == {("", "time limit")}
    assert about["points"]["no regime"] == 5
    assert all(math.isnan(row["frequency"]) for row in rows)


def test_a_strict_sweep_ends_at_a_failed_point(tmp_path):
    with pytest.raises(SimulationFailedError, match="time limit"):
        swept(tmp_path, (R,), Method("ngspice", full_grid=True, strict=True), time_limit_s=1e-6)


def test_a_budget_is_kept_and_what_is_known_is_the_diagram(tmp_path):
    few = swept(tmp_path, default_axes(DEVICES[1]), Method("twin", budget=60))
    assert few.unfinished
    assert len(few.rows) == 60
    assert set(few.regime_at([(0.1, 0.1), (0.9, 0.9)])) <= {None, *Regime}
    save(few, tmp_path, VERSIONS)
    assert not swept(tmp_path, default_axes(DEVICES[1])).unfinished


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"engine": "spectre"}, "no engine"),
        ({"engine": "guided", "full_grid": True}, "guide"),
        ({"budget": 0}, "at least 1"),
    ],
)
def test_methods_that_make_no_sense_are_refused(wrong, said):
    with pytest.raises(NeurokitError, match=said):
        Method(**wrong)
