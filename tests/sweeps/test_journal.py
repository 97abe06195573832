"""The journal keeps what was finished through torn lines, full disks, kills and second processes."""

import json
import os
import resource
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from neurokit.errors import NeurokitError
from neurokit.sweeps.journal import JOURNAL, Journal

ABOUT = {"sweep": {"v_in": 12.5}, "method": {"engine": "twin"}}


def make_row(k, regime="firing"):
    return {"engine": "twin", "values": [float(k), 0.1], "regime": regime, "frequency": float("nan")}


def without_regime(row):
    return not row["regime"]


@pytest.fixture
def folder(tmp_path):
    with Journal(tmp_path / "sweep", ABOUT) as journal:
        journal.add([make_row(1), make_row(2, None)])
        journal.add([make_row(3)])
    return tmp_path / "sweep"


def test_what_was_added_is_there_when_the_folder_is_opened_again(folder):
    with Journal(folder, ABOUT) as journal:
        assert list(journal.rows) == [("twin", (1.0, 0.1)), ("twin", (2.0, 0.1)), ("twin", (3.0, 0.1))]


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_torn_last_line_is_dropped_and_the_next_one_begins_on_a_line_of_its_own(folder, cut):
    data = (folder / JOURNAL).read_bytes()
    (folder / JOURNAL).write_bytes(data[:-cut])
    with Journal(folder, ABOUT) as journal:
        assert len(journal.rows) == 2
        journal.add([make_row(4)])
    lines = (folder / JOURNAL).read_text().splitlines()
    assert [json.loads(line)["values"][0] for line in lines] == [1, 2, 4]


def test_another_sweep_is_refused_and_nothing_is_touched(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(NeurokitError, match="holds another sweep"), Journal(folder, ABOUT | {"sweep": {"v_in": 1.0}}):
        pass
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with Journal(folder, ABOUT) as journal:
        assert len(journal.rows) == 3


def test_a_second_process_is_refused_while_the_first_is_at_work_and_welcome_after(folder):
    program = (
        "import sys, json; from pathlib import Path\n"
        "from neurokit.errors import NeurokitError; from neurokit.sweeps.journal import Journal\n"
        "try:\n"
        "    with Journal(Path(sys.argv[1]), json.loads(sys.argv[2])) as journal: print(len(journal.rows))\n"
        "except NeurokitError as error: print(error)\n"
    )

    def second():
        words = [sys.executable, "-c", program, str(folder), json.dumps(ABOUT)]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout

    with Journal(folder, ABOUT):
        assert "another sweep is at work" in second()
    assert second() == "3\n"


def test_a_full_disk_is_reported_and_nothing_before_is_lost(folder):
    program = textwrap.dedent(f"""
        import json, resource, sys
        from pathlib import Path
        from neurokit.errors import NeurokitError
        from neurokit.sweeps.journal import Journal
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from test_journal import ABOUT, make_row
        with Journal(Path(sys.argv[1]), ABOUT) as journal:
            resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))
            try:
                for k in range(10, 100):
                    journal.add([make_row(k)])
            except NeurokitError as error:
                print(error)
    """)
    ended = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True)
    assert "cannot write" in ended.stdout
    assert "make room and run the same command again" in ended.stdout
    assert (folder / JOURNAL).stat().st_size == 400
    with Journal(folder, ABOUT) as journal:
        known = len(journal.rows)
        assert known >= 3
        assert f"the {known} points before are kept" in ended.stdout
        journal.add([make_row(500)])
    with Journal(folder, ABOUT) as journal:
        assert len(journal.rows) == known + 1


def test_failed_points_are_forgotten_and_the_others_are_not(folder):
    with Journal(folder, ABOUT) as journal:
        assert journal.forget(without_regime) == 1
        assert journal.forget(without_regime) == 0
        assert list(journal.rows) == [("twin", (1.0, 0.1)), ("twin", (3.0, 0.1))]
        journal.add([make_row(2)])
    with Journal(folder, ABOUT) as journal:
        assert {key[1][0]: row["regime"] for key, row in journal.rows.items()} == dict.fromkeys((1, 2, 3), "firing")


def test_forgetting_failed_points_on_a_full_disk_or_in_a_kill_loses_none_of_the_others(folder):
    child = os.fork()
    if child == 0:
        try:
            with Journal(folder, ABOUT) as journal:
                resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))  # a disk without room for a line
                journal.forget(without_regime)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    with Journal(folder, ABOUT) as journal:
        assert {("twin", (1.0, 0.1)), ("twin", (3.0, 0.1))} <= set(journal.rows)


def test_a_folder_without_permission_to_write_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises((NeurokitError, OSError)) as refused, Journal(tmp_path / "file" / "sweep", ABOUT):
        pass
    assert "file" in str(refused.value)


def test_the_description_is_readable(folder):
    assert json.loads((folder / "sweep.json").read_text()) == ABOUT


def test_a_spoilt_line_is_named(tmp_path):
    with Journal(tmp_path, {}):
        pass
    (tmp_path / "points.jsonl").write_text("garbage\n")
    with pytest.raises(NeurokitError, match=r"line 1 of .*points.jsonl is no point"), Journal(tmp_path, {}):
        pass


def test_what_differs_between_two_sweeps_is_named(tmp_path):
    with Journal(tmp_path, {"versions": 1, "sweep": 2}):
        pass
    with (
        pytest.raises(NeurokitError, match="another sweep: versions differ"),
        Journal(tmp_path, {"versions": 3, "sweep": 2}),
    ):
        pass
