"""The files for other simulators are what the equations print, and other programs accept them."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from neurokit.circuits import CIRCUITS
from neurokit.circuits.netlist import Netlist
from neurokit.device import DEVICES, Vo2x
from neurokit.device.equations import current, heat_loss, metal_fraction_rate
from neurokit.device.export import EXPORTS
from neurokit.device.film import ADDITIONS
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import device_coefficients, parameters
from neurokit.simulation import Cause, simulate
from neurokit.simulation.rawfile import read_raw
from neurokit.spikes.train import spike_train

ROOT = Path(__file__).parents[2]
LIBRARY = (ROOT / "spice_models" / "vo2x.lib").read_text()


@pytest.mark.parametrize("name", EXPORTS)
def test_committed_models_are_what_the_equations_print(name):
    assert (ROOT / "spice_models" / name).read_text() == EXPORTS[name]()


@pytest.mark.parametrize("name", CIRCUITS)
def test_committed_netlists_are_what_the_code_generates(name):
    assert (ROOT / "netlists" / f"{name}.cir").read_text() == str(CIRCUITS[name]())


def test_files_for_designers_carry_the_cc0_note():
    for path in [*(ROOT / "spice_models").iterdir(), *(ROOT / "netlists").iterdir()]:
        assert "CC0" in path.read_text(), path


def test_verilog_a_compiles_and_computes_what_numpy_does(tmp_path):
    verilogae = pytest.importorskip("verilogae")
    source = tmp_path / "vo2x.va"
    source.write_text(EXPORTS["vo2x.va"]())
    functions = verilogae.load(str(source)).functions
    rng, xp = np.random.default_rng(3), numpy_maths()
    for _ in range(30):
        device = Vo2x(x=rng.uniform(0, 0.1), d_threshold=rng.normal(0, 0.05), width=rng.uniform(0.5, 2))
        v, theta, u = rng.uniform(-15, 15), rng.uniform(0, 200), rng.uniform(0, 1)
        c, at = device_coefficients(device), {"br_pn": v, "br_theta": theta, "br_u": u}
        expected = {
            "i_device": current(xp, c, v, theta, u),
            "loss": heat_loss(xp, c, theta, u),
            "u_rate": metal_fraction_rate(xp, c, theta, u),
        }
        for name, function in functions.items():
            answer = function.eval(
                temperature=300.0,
                voltages={branch: at[branch] for branch in function.voltages},
                **{p: parameters(device)[p] for p in function.parameters},
            )
            assert answer == pytest.approx(expected[name], rel=1e-9, abs=1e-12)


def _current_at(lines, extra=""):
    text = "\n".join(["one device", LIBRARY, "V1 a 0 1", *lines, ".op", ".end"]) + "\n"
    return simulate(Netlist("one device", extra + text, probes=("i(v1)",)))


@pytest.mark.parametrize("number", DEVICES)
def test_presets_are_the_device_with_its_x(number):
    preset = _current_at([f"X1 a 0 vo2x_device{number} t_ambient=310 width=2"]).checked()
    general = _current_at([f"X1 a 0 vo2x x={DEVICES[number].x!r} t_ambient=310 width=2"]).checked()
    assert preset.waveforms["i(v1)"] == pytest.approx(general.waveforms["i(v1)"], rel=1e-12)


def test_the_preset_of_the_film_on_tio2_is_that_film():
    outcome = _current_at(["X1 a 0 vo2x_pld_tio2 x=0.01 t_ambient=240"]).checked()
    device = Vo2x.from_vacancy(0.01, film="pld-tio2", t_ambient=240.0)
    listed = " ".join(f"{p}={value!r}" for p, value in parameters(device).items() if p not in ADDITIONS)
    general = _current_at([f"X1 a 0 vo2x {listed}"]).checked()
    assert outcome.waveforms["i(v1)"] == pytest.approx(general.waveforms["i(v1)"], rel=1e-12)


@pytest.mark.parametrize("x", ["-0.001", "0.11"])
def test_an_x_out_of_bounds_stops_ngspice_and_names_the_bound(x):
    outcome = _current_at([f"X1 a 0 vo2x x={x}"])
    assert not outcome.complete
    assert any("x_outside_0_to_0p1" in line for line in outcome.messages)
    assert outcome.cause is Cause.OUT_OF_RANGE


def test_the_pins_show_kelvin_and_metal_fraction():
    lines = ["X1 a 0 t u vo2x_pins x=0.01 t_ambient=310", ".save v(t) v(u)"]
    text = "\n".join(["pins", LIBRARY, "V1 a 0 0", *lines, ".op", ".end"]) + "\n"
    waves = simulate(Netlist("pins", text, probes=("v(t)", "v(u)"))).checked().waveforms
    assert waves["v(t)"][0] == pytest.approx(310, abs=1e-6)
    assert 0 <= waves["v(u)"][0] < 1e-3


@pytest.mark.parametrize("sides", ["a b 0 c", "b a c 0"])
def test_between_opposite_sides_a_cell_is_the_device(sides):
    cell = _current_at([f"X1 {sides} theta u vo2x_cell x=0.01", "R_1 b 0 1e12", "R_2 c 0 1e12"]).checked()
    device = _current_at(["X1 a 0 vo2x x=0.01"]).checked()
    assert cell.waveforms["i(v1)"] == pytest.approx(device.waveforms["i(v1)"], rel=1e-6)


def test_between_any_two_sides_a_cell_conducts_alike():
    straight, corner = (
        _current_at([f"X1 {sides} theta u vo2x_cell", "R_1 b 0 1e12", "R_2 c 0 1e12"]).checked().waveforms["i(v1)"]
        for sides in ("a b 0 c", "a 0 b c")
    )
    assert corner == pytest.approx(straight, rel=1e-6)


@pytest.mark.parametrize("mode", ["lta", "psa", "ltpsa"])
def test_the_library_runs_in_ngspices_compatibility_modes(mode, tmp_path):
    (tmp_path / ".spiceinit").write_text(f"set ngbehavior={mode}\n")
    (tmp_path / "a.cir").write_text(
        "\n".join(["mode", LIBRARY, "V1 a 0 1", "X1 a 0 vo2x x=0.01", ".op", ".end"]) + "\n"
    )
    subprocess.run(["ngspice", "-b", "-r", "a.raw", "a.cir"], cwd=tmp_path, check=True, capture_output=True)
    native = _current_at(["X1 a 0 vo2x x=0.01"]).checked().waveforms["i(v1)"]
    assert read_raw(tmp_path / "a.raw")[0]["i(v1)"] == pytest.approx(native, rel=1e-9)


def test_the_example_in_the_librarys_header_runs_and_fires(tmp_path):
    header = [line.removeprefix("*").removeprefix(" ") for line in LIBRARY.splitlines() if line.startswith("*")]
    start = header.index("  VO2-x neuron")
    example = [line.strip() for line in header[start : header.index("  .end", start) + 1]]
    (tmp_path / "vo2x.lib").write_text(LIBRARY)
    waves = simulate(Netlist(example[0], "\n".join(example) + "\n"), directory=tmp_path).checked().waveforms
    assert len(spike_train(waves.time, waves["v(spk)"])) > 5
