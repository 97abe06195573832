"""What --safe refuses, and that it refuses nothing else."""

from pathlib import Path

import pytest

from neurokit.circuits import CIRCUITS
from neurokit.circuits.netlist import Netlist
from neurokit.errors import UnsafeNetlistError
from neurokit.simulation import Cause, simulate
from neurokit.simulation.safety import refuse_unsafe

UNSAFE = {
    "control block": ("t\nR1 a 0 1\n.control\nshell rm x\n.endc\n", "line 3: .control"),
    "control block in capitals, indented": ("t\n\t.CONTROL\nrun\n.endc\n", "line 2: .control"),
    "control block in the title": (".control\nrun\n.endc\n", "line 1: .control"),
    "control card put together by a continuation": ("t\n.con\n+ trol\n.endc\n", "line 2: .con"),
    "hidden command": ("t\n*# shell rm x\n", r"line 2: \*#"),
    "hidden command between continued lines": ("t\nR1 a 0\n *#shell rm x\n+ 1k\n", r"line 3: \*#"),
    "script": ("*ng_script\nshell rm x\n", "line 1: .ng_script"),
    "code model that starts a process": ('t\n.model m d_process(process_file="x")\n', "line 2: this code model"),
    "code model on a continued line": ("t\n.model m\n+ D_COSIM(simulation=x)\n", "line 2: this code model"),
    "unknown card": ("t\n.exec rm x\n", "line 2: .exec"),
    "include that cannot be judged": ("t\n.include /nowhere/x.inc\n", "line 2: /nowhere/x.inc"),
}

SAFE = (
    "t\nV1 a 0 1\n* .control\nR1 a 0 1k ; .control\n.tran 1u 2u\n.measure tran q max v(a)\n.end\n",
    "write shell system\nR1 write shell 1k\nV1 write 0 1\n.op\n.end\n",
    "t\n.subckt s a b\nR1 a b 1\n.ends\nX1 a 0 s\n.save v(a)\n.csparam q=1\n.ac dec 1 1 2\n",
    ".title t\nR1 a 0 .5\n",
)


@pytest.mark.parametrize("name", UNSAFE)
def test_what_could_do_more_than_simulate_is_refused_with_its_line(name: str) -> None:
    text, message = UNSAFE[name]
    with pytest.raises(UnsafeNetlistError, match=message):
        refuse_unsafe(Netlist("t", text))


@pytest.mark.parametrize("text", SAFE)
def test_a_circuit_and_its_analyses_are_not_refused(text: str) -> None:
    refuse_unsafe(Netlist("t", text))


@pytest.mark.parametrize("name", [name for name in CIRCUITS if name != "tristate_sweep"])
def test_the_shipped_netlists_are_safe(name: str) -> None:
    refuse_unsafe(CIRCUITS[name](), Path(__file__).parents[2] / "netlists")


def test_an_included_file_is_judged_by_the_same_rules_however_deep(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.inc").write_text('R1 a 0 1k\n.include "deep/b.inc"\n')
    (tmp_path / "deep" / "b.inc").write_text(".include c.inc\n")
    netlist = Netlist("t", "t\n.inc a.inc\n")
    (tmp_path / "deep" / "c.inc").write_text("R2 a 0 1k\n")
    refuse_unsafe(netlist, tmp_path)
    (tmp_path / "deep" / "c.inc").write_text(".control\n")
    with pytest.raises(UnsafeNetlistError, match=r"c\.inc: line 1: \.control"):
        refuse_unsafe(netlist, tmp_path)


def test_files_that_include_each_other_do_not_hang(tmp_path: Path) -> None:
    (tmp_path / "a.inc").write_text("R1 a 0 1k\n.include a.inc\n")
    refuse_unsafe(Netlist("t", "t\n.include a.inc\n"), tmp_path)


def test_a_library_is_judged_whole_and_its_sections_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "x.lib").write_text("* x\n.lib tt\n.param q=1\n.endl tt\n")
    refuse_unsafe(Netlist("t", "t\n.lib x.lib tt\n"), tmp_path)


def test_a_refused_netlist_is_an_outcome_and_nothing_runs(tmp_path: Path) -> None:
    text = f"t\nV1 a 0 1\nR1 a 0 1\n.tran 1u 2u\n.control\nshell touch {tmp_path}/ran\n.endc\n.end\n"
    outcome = simulate(Netlist("t", text), safe=True)
    assert outcome.cause is Cause.UNSAFE
    assert not (tmp_path / "ran").exists()


def test_the_same_netlist_runs_without_safe(tmp_path: Path) -> None:
    text = f"t\nV1 a 0 1\nR1 a 0 1\n.tran 1u 2u\n.control\nshell touch {tmp_path}/ran\n.endc\n.end\n"
    assert simulate(Netlist("t", text)).complete
    assert (tmp_path / "ran").exists()


def test_the_shipped_sweep_is_a_script_and_refused_as_one() -> None:
    with pytest.raises(UnsafeNetlistError, match="control"):
        refuse_unsafe(CIRCUITS["tristate_sweep"](), Path(__file__).parents[2] / "netlists")
