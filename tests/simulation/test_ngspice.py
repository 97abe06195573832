"""The ngspice child process: limits, salvage, commands, surroundings."""

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError, SimulationFailedError
from neurokit.simulation import Cause, Limits, Outcome, Status, simulate, simulate_file
from neurokit.simulation.kept import KEPT_FILES, keep_netlist

NGSPICE = shutil.which("ngspice") or "ngspice"
RC = "V1 in 0 1\nR1 in out 1k\nC1 out 0 1n\n"
TRAN = ".tran 1u 100u uic\n"
ENDLESS = ".tran 1n 1000 0 1n uic\n"


def deck(body: str = RC, analysis: str = TRAN, control: str = "") -> Netlist:
    commands = f".control\n{control}\n.endc\n" if control else ""
    return Netlist("deck", f"deck\n{body}{analysis}{commands}.end\n")


def fake_ngspice(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script before the real ngspice, which it may call as $NGSPICE; it knows its version."""
    program = folder / "bin" / "ngspice"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nNGSPICE={NGSPICE}\n[ "$1" = --version ] && exec "$NGSPICE" --version\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)


def ends(pid: int) -> bool:
    """Whether a process that was sent a signal is gone soon; one that waits to be reaped is."""
    status = Path(f"/proc/{pid}/stat")
    for _ in range(500):
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def test_a_charging_capacitor_follows_its_exponential() -> None:
    outcome = simulate(deck(analysis=".tran 10n 5u 0 10n uic\n"))
    wave = outcome.checked().waveforms
    assert np.allclose(wave["v(out)"], 1 - np.exp(-wave.time / 1e-6), atol=1e-3)


def test_an_outcome_says_what_made_it_and_what_it_took() -> None:
    outcome = simulate(deck())
    assert outcome.engine == "ngspice"
    assert set(outcome.versions) == {"neurokit", "ngspice"}
    assert 0 < outcome.cpu_s < 60
    assert outcome.wall_s > 0


def test_every_analysis_of_a_netlist_comes_back() -> None:
    body = "V1 in 0 dc 1 ac 1\nR1 in out 1k\nC1 out 0 1n\n"
    outcome = simulate(deck(body, ".op\n.ac dec 10 1 1meg\n.dc V1 0 1 0.1\n.tran 1u 10u\n"))
    assert {plot.scale for plot in outcome.checked().plots} >= {"frequency", "v-sweep", "time"}
    ac = next(plot for plot in outcome.plots if plot.scale == "frequency")
    assert np.allclose(ac.signals["v(out)"], 1 / (1 + 2e-6j * np.pi * ac["frequency"]))


def test_a_time_limit_keeps_what_was_computed() -> None:
    outcome = simulate(deck(analysis=ENDLESS), limits=Limits(time_s=0.5))
    assert (outcome.status, outcome.cause) == (Status.PARTIAL, Cause.TIME_LIMIT)
    assert len(outcome.waveforms) > 100
    assert np.all(np.diff(outcome.waveforms.time) > 0)


def test_an_output_limit_keeps_what_was_written() -> None:
    outcome = simulate(deck(analysis=ENDLESS), limits=Limits(time_s=60, output_bytes=320_000))
    assert (outcome.status, outcome.cause) == (Status.PARTIAL, Cause.OUTPUT_LIMIT)
    assert 9_000 < len(outcome.waveforms) <= 10_000  # 4 vectors of 8 bytes


def test_a_memory_limit_is_named() -> None:
    outcome = simulate(deck(control="let a=vector(30000000)\nrun"), limits=Limits(memory_bytes=100_000_000))
    assert outcome.cause is Cause.MEMORY_LIMIT


def test_a_run_that_is_killed_keeps_what_was_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_ngspice(tmp_path, monkeypatch, '(sleep 0.4; kill -KILL $$) & exec "$NGSPICE" "$@"')
    outcome = simulate(deck(analysis=ENDLESS), retry=False)
    assert (outcome.status, outcome.cause) == (Status.PARTIAL, Cause.SIMULATOR_DIED)
    assert len(outcome.waveforms) > 100


def test_a_simulator_that_ignores_the_polite_signal_ends_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_ngspice(tmp_path, monkeypatch, "trap '' TERM\nwhile :; do sleep 1; done")
    assert simulate(deck(), limits=Limits(time_s=0.2)).cause is Cause.TIME_LIMIT


def test_what_a_netlist_starts_ends_with_it(tmp_path: Path) -> None:
    script = tmp_path / "start.sh"
    script.write_text(f"sleep 1000 &\necho $! > {tmp_path}/pid\n")
    outcome = simulate(deck(control=f"shell sh {script}\nrun"))
    assert outcome.complete
    assert ends(int((tmp_path / "pid").read_text()))


def test_silence_and_exit_code_0_are_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_ngspice(tmp_path, monkeypatch, "exit 0")
    assert simulate(deck()).cause is Cause.INCOMPLETE


def test_an_endless_error_stream_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_ngspice(tmp_path, monkeypatch, "echo 'Error: first' >&2\nexec yes 'Error: again' >&2")
    outcome = simulate(deck(), limits=Limits(time_s=0.5), retry=False)
    assert outcome.cause is Cause.TIME_LIMIT
    assert outcome.messages[0] == "Error: first"
    assert sum(map(len, outcome.messages)) < 10_000


def test_without_ngspice_the_outcome_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = simulate(deck())
    assert outcome.cause is Cause.NO_SIMULATOR
    assert "apt install ngspice" in outcome.advice


def test_a_program_that_does_not_start_is_no_simulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ngspice"
    program.write_bytes(b"\x7fELF and nothing else")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = simulate(deck())
    assert outcome.cause is Cause.NO_SIMULATOR
    assert "does not start" in outcome.messages[0]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NeurokitError, match="is no folder"):
        simulate(deck(), directory=tmp_path / "nowhere")


@pytest.mark.parametrize("folder", ["Up", "Up Per"])
@pytest.mark.parametrize("control", ["", "run", "set noaskquit"])
def test_blanks_and_capitals_in_the_temporary_folder_do_no_harm(
    control: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / folder).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / folder))
    assert len(simulate(deck(control=control)).checked().plots) == 1


@pytest.fixture
def ctrl_c_interrupts() -> Iterator[None]:
    """A shell starts what it runs in the background with Ctrl-C ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_interrupts")
def test_an_interrupt_ends_the_simulator_and_reaches_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_ngspice(tmp_path, monkeypatch, f'echo $$ > {tmp_path}/pid\nexec "$NGSPICE" "$@"')
    timer = threading.Timer(0.5, signal.pthread_kill, (threading.main_thread().ident or 0, signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        simulate(deck(analysis=ENDLESS))
    timer.join()
    assert ends(int((tmp_path / "pid").read_text()))


def test_a_start_up_file_of_the_user_does_not_change_a_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = simulate(deck()).waveforms
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".spiceinit").write_text("option reltol=1e-9\nset ngbehavior=ltpsa\n")
    again = simulate(deck(), directory=tmp_path).waveforms
    assert np.array_equal(plain["v(out)"], again["v(out)"])


def test_relative_includes_start_at_the_folder_that_is_given(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "rc.inc").write_text(RC)
    netlist = deck(".include parts/rc.inc\n")
    assert simulate(netlist, directory=tmp_path).complete
    assert simulate(netlist).cause is Cause.MISSING_FILE


def test_a_file_runs_from_its_own_folder_and_is_named_when_it_fails(tmp_path: Path) -> None:
    (tmp_path / "rc.inc").write_text(RC)
    good, bad = tmp_path / "good.cir", tmp_path / "bad.cir"
    good.write_bytes(b"\xef\xbb\xbfgood\r\n.include rc.inc\r\n.tran 1u 100u uic\r\n.end\r\n")
    bad.write_text(f"bad\n.include nowhere.inc\n{TRAN}.end\n")
    assert simulate_file(good).checked().netlist.title == "good"
    assert simulate_file(bad).netlist_path == str(bad)
    assert {path.name for path in tmp_path.iterdir()} <= {"rc.inc", "good.cir", "bad.cir", "state"}


def test_a_file_that_is_not_there_is_an_outcome(tmp_path: Path) -> None:
    outcome = simulate_file(tmp_path / "nowhere.cir")
    assert outcome.cause is Cause.UNREADABLE
    with pytest.raises(SimulationFailedError, match=r"nowhere\.cir"):
        outcome.checked()


def test_the_netlist_of_a_failed_run_is_kept_and_that_of_a_good_one_is_not(state_home: Path) -> None:
    bad = deck(RC + "X1 out 0 nope\n")
    outcome = simulate(bad)
    assert Path(outcome.netlist_path or "").read_text() == bad.text
    assert simulate(deck()).netlist_path is None
    assert len(list(state_home.rglob("*.cir"))) == 1


def test_only_the_latest_failed_netlists_are_kept(state_home: Path) -> None:
    for i in range(KEPT_FILES + 5):
        last = keep_netlist(Netlist("t", f"t\n* {i}\n"))
    assert len(list(state_home.rglob("*.cir"))) == KEPT_FILES
    assert Path(last).exists()


def test_an_unknown_back_end_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NeurokitError, match="ngspice, pyspice"):
        simulate(deck(), "hspice")


# commands


def rows(outcome: Outcome) -> list[int]:
    return [len(plot) for plot in outcome.checked().plots]


def test_the_results_of_commands_come_back_once_each() -> None:
    once = rows(simulate(deck()))
    assert rows(simulate(deck(control="run"))) == once
    assert rows(simulate(deck(control="set noaskquit"))) == once
    assert len(rows(simulate(deck(control="run\nalter R1=2k\nrun")))) == 2
    assert len(rows(simulate(deck(analysis="", control="tran 1u 100u uic\nop")))) == 2


def test_what_commands_wrote_before_they_quit_is_read(tmp_path: Path) -> None:
    outcome = simulate(deck(control="run\nwrite mine.raw v(out)\nquit"), directory=tmp_path)
    assert "v(out)" in outcome.checked().waveforms.signals
    assert (tmp_path / "mine.raw").exists()


def test_commands_that_run_and_quit_without_writing_are_no_failure_but_give_no_plot() -> None:
    assert rows(simulate(deck(control="run\nquit"))) == []


def test_commands_that_quit_before_they_run_are_no_success() -> None:
    assert simulate(deck(control="quit")).cause is Cause.INCOMPLETE


def test_an_exit_code_that_commands_ask_for_is_no_success() -> None:
    outcome = simulate(deck(control="run\nquit 3"))
    assert outcome.cause is Cause.UNKNOWN
    assert "exit code 3" in outcome.explain()


def test_a_failure_among_commands_is_no_success_though_the_exit_code_is_0() -> None:
    assert simulate(deck(control="run\nprint v(nope)")).cause is Cause.MISSING_PROBE
    assert simulate(deck(RC + "V2 in 0 2\n", control="run")).cause is Cause.SINGULAR_MATRIX


def test_a_stop_that_commands_ask_for_is_no_failure() -> None:
    outcome = simulate(deck(control="stop when time > 20u\nrun"))
    assert outcome.checked().waveforms.time[-1] < 100e-6


def test_measurements_are_answered_though_the_result_is_a_file() -> None:
    outcome = simulate(deck(analysis=TRAN + ".meas tran v_top max v(out)\n.meas tran t_none when v(out)=5\n"))
    assert len(rows(outcome)) == 1
    assert any(line.startswith("v_top") for line in outcome.messages)


def test_the_command_line_is_not_needed_to_read_an_ascii_file_that_commands_write(tmp_path: Path) -> None:
    outcome = simulate(deck(control="run\nset filetype=ascii\nwrite mine.raw v(out)\nquit"), directory=tmp_path)
    assert outcome.checked().waveforms["v(out)"][-1] == pytest.approx(1.0)
