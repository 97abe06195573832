"""Simulations on behalf of a command: what the terminal shows of them, and that none survives a Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from processes import processes

from neurokit.cli.output import Output
from neurokit.cli.simulations import simulate_all
from neurokit.simulation import Cache, Netlist, pool

# A shell starts what it runs in the background with Ctrl-C ignored, and children inherit that.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from neurokit.simulation import installation
installation.installation = lambda: ()  # what `demo` looks at first: it would wait for our ngspice
from neurokit.cli import main
main()
"""
NGSPICE_THAT_NEVER_ENDS = """#!/bin/sh
[ "$1" = --version ] && echo "** ngspice-39 : never ends" && exit
sleep 60
"""
ENDLESS = "endless\nv1 in 0 1\nr1 in out 1k\nc1 out 0 1n\n.save v(out)\n.tran 1n 1000 0 1n uic\n.end\n"
DIVIDER = Netlist("divider", "divider\nv1 in 0 2\nr1 in out 1k\nr2 out 0 1k\n.op\n.end\n")
BROKEN = Netlist("broken", "broken\nr1 a 0 {nope}\n.op\n.end\n")


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEUROKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.mark.parametrize(
    "words",
    [
        ("run", "endless.cir"),
        ("run", "endless.cir", "--backend", "pyspice", "--no-cache"),
        ("device", "iv", "--device", "1-5", "--simulate"),
        ("demo", "--out", "demo"),
    ],
    ids=" ".join,
)
def test_an_interrupt_ends_the_command_with_130_and_every_simulator_with_it(tmp_path, monkeypatch, words):
    (tmp_path / "endless.cir").write_text(ENDLESS)
    (tmp_path / "ngspice").write_text(NGSPICE_THAT_NEVER_ENDS)
    (tmp_path / "ngspice").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as command:
        try:
            simulators = simulators_of(command)
            command.send_signal(signal.SIGINT)
            _, errors = command.communicate(timeout=20)
        finally:
            command.kill()
    assert (command.returncode, errors) == (130, "Error: interrupted\n")
    assert not any(Path(f"/proc/{pid}").exists() for pid in simulators)


def simulators_of(command):
    """Those that a command has running after 0.2 s with at least one (a look at a version takes less)."""
    while command.poll() is None:
        before = leaders_below(command.pid)
        time.sleep(0.2)
        if before & (now := leaders_below(command.pid)):
            return now
    raise AssertionError(f"it ended by itself: {command.communicate()}")


def leaders_below(parent):
    return {p.pid for p in processes() if p.parent == parent and p.group == p.pid}


@pytest.mark.parametrize(
    ("quiet", "terminal", "shown"), [(False, True, True), (True, True, False), (False, False, False)]
)
def test_a_bar_that_counts_failures_is_for_a_terminal_that_wants_it(capsys, monkeypatch, quiet, terminal, shown):
    monkeypatch.setattr(pool.sys.stderr, "isatty", lambda: terminal)
    simulate_all([DIVIDER, BROKEN], 1, Output(json=False, quiet=quiet))
    out, errors = capsys.readouterr()
    assert out == ""
    assert ("1 failed" in errors) == ("2/2" in errors) == shown
    assert "undefined parameter" in errors


def test_what_comes_from_a_cache_is_said_unless_quiet(capsys, tmp_path):
    for quiet in (False, False, True):
        simulate_all([DIVIDER], 1, Output(json=False, quiet=quiet), Cache(tmp_path))
    assert capsys.readouterr().err == "1 of 1 results from the cache\n"
