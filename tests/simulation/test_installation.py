"""What is installed is found by using it; what is missing comes with what to type."""

import subprocess
import sys
from pathlib import Path

import pytest

from neurokit.errors import SimulatorMissingError
from neurokit.simulation import installation as module
from neurokit.simulation import pyspice
from neurokit.simulation.installation import Check, installation, ngspice_version


@pytest.fixture(scope="module")
def here() -> dict[str, Check]:
    return {check.name: check for check in installation()}


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def make_ngspice(folder: Path, script: str) -> None:
    program = folder / "ngspice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_everything_that_neurokit_needs_is_found_where_its_tests_run(here: dict[str, Check]) -> None:
    assert [check.name for check in here.values() if check.required and not check.found] == []
    assert here["PySpice and libngspice"].found, here["PySpice and libngspice"].detail


def test_what_is_found_needs_no_advice_and_what_is_missing_has_a_reason(here: dict[str, Check]) -> None:
    assert all(not check.advice for check in here.values() if check.found)
    assert all(check.detail for check in here.values())
    assert all(check.advice for check in here.values() if check.required and not check.found)


def test_the_version_is_the_one_that_ngspice_says(here: dict[str, Check]) -> None:
    said = subprocess.run(["ngspice", "--version"], capture_output=True, text=True, check=True).stdout
    assert f"ngspice-{ngspice_version()} " in said
    assert here["ngspice"].detail.startswith(ngspice_version())


def test_a_feature_is_what_the_build_has_and_not_what_its_number_says(
    monkeypatch: pytest.MonkeyPatch, here: dict[str, Check]
) -> None:
    answers = {"osdi": "", "op": "using klu as direct linear solver", "version -f": "", "devhelp numd": ""}
    monkeypatch.setattr(module, "_said_by_ngspice", lambda command, options="": answers[command])
    assert {check.name: check.found for check in module._build_features()} == {
        "ngspice: OSDI": True,
        "ngspice: KLU": True,
        "ngspice: OpenMP": False,
        "ngspice: CIDER": False,
    }
    loader = subprocess.run(
        ["ngspice", "-n", "-b", "/dev/stdin"], input="x\n.control\nosdi\n.endc\n.end\n", capture_output=True, text=True
    )
    assert here["ngspice: OSDI"].found == ("no such command" not in loader.stdout + loader.stderr)


@pytest.mark.usefixtures("empty_path")
def test_without_ngspice_the_check_fails_with_what_to_type() -> None:
    checks = {check.name: check for check in installation()}
    assert not checks["ngspice"].found
    assert checks["ngspice"].required
    assert "install ngspice" in checks["ngspice"].advice
    with pytest.raises(SimulatorMissingError, match="install ngspice"):
        ngspice_version()


@pytest.mark.parametrize("script", ["exit 0", "exit 1", "kill -9 $$"], ids=["silent", "failing", "dying"])
@pytest.mark.usefixtures("empty_path")
def test_an_ngspice_that_computes_nothing_does_not_count(tmp_path: Path, script: str) -> None:
    make_ngspice(tmp_path, script)
    check = module._ngspice()
    assert not check.found
    assert "fails" in check.detail


@pytest.mark.parametrize("system", [("darwin", None, "brew install"), ("linux", "apt-get", "apt-get install")])
def test_the_advice_fits_the_system(system: tuple[str, str | None, str], monkeypatch: pytest.MonkeyPatch) -> None:
    platform, package_manager, command = system
    monkeypatch.setattr(module.sys, "platform", platform)
    monkeypatch.setattr(module.shutil, "which", lambda program: package_manager)
    assert module._how_to_get("libngspice").startswith(command)


def test_a_package_that_is_not_installed_is_missing_with_its_advice() -> None:
    check = module._package("no-such-package-anywhere", True, "pip install it")
    assert (check.found, check.required, check.advice) == (False, True, "pip install it")


def test_a_package_whose_files_are_gone_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    check = module._package("numpy", True, "pip install numpy")
    assert (check.found, check.advice) == (False, "pip install numpy")
    assert "cannot be found" in check.detail


def test_without_numpy_the_row_of_numpy_says_so_and_the_simulators_are_found_but_not_tried() -> None:
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "from neurokit.simulation.installation import installation\n"
        "checks = {check.name: check for check in installation()}\n"
        "assert [check.name for check in checks.values() if check.required and not check.found] == ['numpy']\n"
        "assert checks['numpy'].advice == 'pip install numpy'\n"
        "assert 'not tried' in checks['ngspice'].detail\n"
        "assert 'numpy' in checks['PySpice and libngspice'].detail\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_library_that_does_not_load_is_said_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyspice, "_WORKER_PROGRAM", "raise SystemExit('libngspice is broken')")
    check = module._shared_library()
    assert not check.found
    assert "libngspice is broken" in check.detail
    assert "libngspice" in check.advice
