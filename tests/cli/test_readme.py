"""What the README and examples/ show runs as it stands there."""

import re
import runpy
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONG = ("sweep", "transfer", "figures")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("text", blocks("spice"))
def test_netlists_of_the_readme_run_without_a_warning(neurokit, tmp_path, text):
    shutil.copy(ROOT / "spice_models" / "vo2x.lib", tmp_path)
    (tmp_path / "neuron.cir").write_text(text)
    ended = neurokit("run", "neuron.cir")
    assert ended.exit_code == 0
    assert "warning" not in ended.stderr


def commands() -> list:
    """The README's commands; those that simulate hundreds of points are left to `make test-all`."""
    lines = "".join(blocks("console")).splitlines()
    return [pytest.param(line, marks=pytest.mark.slow if line.split()[2] in LONG else ()) for line in lines]


@pytest.mark.parametrize("text", blocks("python"))
def test_python_of_the_readme_runs(neurokit, text):
    if "out/sweep" in text:
        neurokit("sweep", "--engine", "twin")
    exec(compile(text, "README.md", "exec"), {})  # noqa: S102 - our own text


@pytest.mark.parametrize("line", commands())
def test_commands_of_the_readme_run(neurokit, tmp_path, line):
    neurokit("netlist", "neuron", "--out", "neuron.cir")
    if "replay" in line:
        neurokit("sweep", "--engine", "twin")
    if "out/digits" in line:
        network = ("--r-series", "6k", "--c", "200p", "--v-rail", "18", "--hidden", "8", "--epochs", "1")
        neurokit("train", "--dataset", "digits", *network, "--no-figures", "--out", "out/digits")
    command, _, comment = line.partition("#")
    told = re.search(r"exit code (\d)", comment)
    assert neurokit(*command.removeprefix("$ neurokit ").split()).exit_code == (int(told[1]) if told else 0)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.cir")), ids=lambda path: path.name)
def test_example_netlists_run_without_a_warning(neurokit, path):
    ended = neurokit("run", path)
    assert ended.exit_code == 0
    assert "warning" not in ended.stderr


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_example_scripts_run(monkeypatch, tmp_path, path):
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(path), run_name="__main__")
