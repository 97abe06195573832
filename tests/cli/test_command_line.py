"""What holds for every command: help, exit codes, messages, one JSON document."""

import json
import resource
import subprocess
import sys

import click
import pytest

from neurokit.cli import main
from neurokit.cli.exit_codes import BY_ERROR, code_of_error, code_of_outcomes
from neurokit.cli.group import NeurokitGroup
from neurokit.errors import NeurokitError, OutOfRangeError, SimulationFailedError, SimulatorMissingError

HEAVY = (
    "numpy",
    "scipy",
    "matplotlib",
    "sympy",
    "numba",
    "PySpice",
    "torch",
    "xarray",
    "pyarrow",
    "jinja2",
    "schemdraw",
)


def commands(group: click.Group = main, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [words]
    for name, command in group.commands.items():
        is_group = isinstance(command, click.Group)
        found += commands(command, (*words, name)) if is_group else [(*words, name)]
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_that_describes_it_and_its_options(neurokit, words):
    shown = neurokit(*words, "--help")
    assert shown.exit_code == 0
    assert f"Usage: main {' '.join(words)}".strip() in shown.output


def test_help_imports_nothing_heavy():
    script = (
        "import sys\n"
        "from neurokit.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "[]"


def test_help_takes_less_than_0_3_s_of_processor_time():
    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        script = "from neurokit.cli import main; main()"
        subprocess.run([sys.executable, "-c", script, "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(3)) < 0.3


@pytest.mark.parametrize(
    ("error", "code"),
    [(NeurokitError, 2), (OutOfRangeError, 2), (SimulatorMissingError, 3), (SimulationFailedError, 4)],
)
def test_an_error_has_its_exit_code_and_leaves_a_message_not_a_traceback(error, code):
    @click.group(cls=NeurokitGroup)
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise error("v_hold (2.1 V) must be below v_threshold (1.9 V)")

    ended = click.testing.CliRunner().invoke(group, ["fail"])
    assert ended.exit_code == code == code_of_error(error("text"))
    assert ended.stderr == "Error: v_hold (2.1 V) must be below v_threshold (1.9 V)\n"


def test_every_error_of_ours_has_an_exit_code():
    assert set(BY_ERROR.values()) == {2, 3, 4}
    assert all(isinstance(code_of_error(kind("text")), int) for kind in NeurokitError.__subclasses__())


def test_an_interrupt_ends_with_130():
    @click.group(cls=NeurokitGroup)
    def group() -> None: ...

    @group.command()
    def wait() -> None:
        raise KeyboardInterrupt

    assert click.testing.CliRunner().invoke(group, ["wait"]).exit_code == 130


def test_no_simulations_are_no_failure():
    assert code_of_outcomes([]) == 0


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        (("device", "thresholds", "--x", "0.2"), ("x = 0.2", "[0.0, 0.1]")),
        (("device", "thresholds", "--x", "3K"), ("3K", "k for kilo")),
        (("device", "thresholds", "--device", "6"), ("device 6", "1 to 5")),
        (("device", "thresholds", "--device", "one"), ("'one'", "1-5")),
        (("device", "thresholds", "--device", "1", "--x", "0.01"), ("--device and --x",)),
        (("device", "thresholds", "--film", "pld-tio2"), ("'mbe'", "--x", "pld-tio2")),
        (("device", "thresholds", "--x", "0.09"), ("x = 0.09", "smaller x")),
        (("device", "thresholds", "--width", "0"), ("width = 0.0", "[1e-06, 1000000.0]")),
        (("device", "thresholds", "--t-ambient", "20"), ("t_ambient = 20.0 K", "[200, 500]")),
        (("device", "iv", "--v-max", "-1"), ("v_max = -1 V", "above 0")),
        (("device", "iv", "--out", "iv.pdf"), ("'.pdf'", ".png or .svg or .csv")),
        (("device", "iv", "--out", "missing/iv.png"), ("missing/iv.png", "folder must exist")),
        (("device", "iv", "--jobs", "0"), ("0 is not in the range x>=1",)),
        (("device", "rt", "--minor", "340..330"), ("340", "330", "below")),
        (("device", "rt", "--minor", "340"), ("'340'", "330..345")),
        (("device", "rt", "--device", "1-2", "--minor", "330..340"), ("one device, not of 2",)),
        (("device", "show", "--seed", "-1"), ("-1 is not in the range",)),
        (("netlist",), ("neuron", "--list", "--all")),
        (("run", "missing.cir"), ("missing.cir", "does not exist")),
    ],
    ids=lambda words: " ".join(words),
)
def test_a_wrong_value_is_a_usage_error_that_names_value_and_bound(neurokit, words, messages):
    refused = neurokit(*words)
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
    assert refused.stdout == ""
    for message in messages:
        assert message in " ".join(refused.stderr.split())


@pytest.mark.parametrize(
    "words",
    [
        ("device", "list"),
        ("device", "show"),
        ("device", "thresholds", "--devices", "1-5"),
        ("device", "iv"),
        ("device", "rt", "--minor", "332..340"),
        ("device", "export", "--format", "verilog-a"),
        ("netlist", "--list"),
        ("netlist", "neuron"),
        ("cache", "info"),
        ("cache", "clear"),
    ],
    ids=" ".join,
)
def test_json_is_one_document_with_its_provenance(neurokit, words):
    ended = neurokit(*words, "--json", "--quiet")
    assert ended.exit_code == 0, ended.output
    assert ended.stderr == ""
    made_by = json.loads(ended.stdout)["provenance"]
    assert {"neurokit", "engine", "versions", "parameters"} <= set(made_by)


def test_the_seed_is_part_of_the_provenance_where_chance_is_part_of_the_device(neurokit):
    words = ("device", "thresholds", "--json", "--seed", "7")
    assert "seed" not in json.loads(neurokit(*words).stdout)["provenance"]
    assert json.loads(neurokit(*words, "--noise", "0.0072").stdout)["provenance"]["seed"] == 7
