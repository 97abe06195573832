from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from neurokit.cli import main

Run = Callable[..., Result]


@pytest.fixture
def neurokit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line in an empty folder, with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEUROKIT_CACHE", str(tmp_path / "cache"))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])
