"""A stored result is found again when nothing changed, and never when anything did."""

import hashlib
import threading
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from neurokit.simulation import Limits, Netlist, Outcome, Status, Waveforms
from neurokit.simulation import cache as cache_module
from neurokit.simulation.cache import Cache, NotCacheableError, default_directory, key_material

DIVIDER = "divider\nv1 in 0 2\nr1 in out 1k\nr2 out 0 1k\n.op\n.end\n"
INCLUDING = DIVIDER.replace("r2 out 0 1k", ".include part.inc")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def make_key(text: str = DIVIDER) -> dict[str, object]:
    return {"text": text, "probes": [], "t_stop": None}


def make_outcome(values: object = (1.0, 2.0)) -> Outcome:
    signals = {"time": np.asarray(values, dtype=float), "v(a)": np.asarray(values, dtype=complex)}
    plot = Waveforms("Transient Analysis", "time", signals)
    return Outcome(Status.OK, Netlist("divider", DIVIDER), "ngspice", (plot,), versions={"ngspice": "39"})


def entries(cache: Cache) -> list[Path]:
    return sorted(cache.directory.rglob("*.result"))


def test_the_second_run_comes_from_the_cache_and_says_so(cache: Cache) -> None:
    netlist = Netlist("divider", DIVIDER)
    first, second = cache.simulate(netlist), cache.simulate(netlist)
    assert (first.from_cache, second.from_cache) == (False, True)
    assert replace(second, from_cache=False, plots=()) == replace(first, plots=())
    assert [(p.name, p.scale, list(p.signals)) for p in second.plots] == [
        (p.name, p.scale, list(p.signals)) for p in first.plots
    ]
    for name, values in first.waveforms.signals.items():
        np.testing.assert_array_equal(second.waveforms.signals[name], values)


def test_both_back_ends_have_entries_of_their_own(cache: Cache) -> None:
    netlist = Netlist("divider", DIVIDER)
    assert cache.simulate(netlist, "ngspice").engine == "ngspice"
    assert cache.simulate(netlist, "pyspice").engine == "pyspice"
    assert cache.simulate(netlist, "pyspice").from_cache


@given(line=st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1))
@settings(deadline=None)
def test_any_change_of_the_text_changes_the_key(line: str) -> None:
    changed = DIVIDER.replace(".op", f"* {line}\n.op")
    try:
        key = key_material(Netlist("divider", changed), "ngspice")
    except NotCacheableError:
        return  # a comment can hold what makes a netlist unfit, such as the word random
    assert key != key_material(Netlist("divider", DIVIDER), "ngspice")


@pytest.mark.parametrize(
    "change",
    [
        {"retry": False},
        {"safe": True},
        {"backend": "pyspice"},
        {"netlist": Netlist("divider", DIVIDER, probes=("v(out)",))},
        {"netlist": Netlist("divider", DIVIDER, t_stop=1.0)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_of_how_it_runs_or_is_judged_changes_the_key(change: dict[str, object]) -> None:
    asked: dict[str, object] = {"netlist": Netlist("divider", DIVIDER), "backend": "ngspice"}
    assert key_material(**(asked | change)) != key_material(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("variable", ["NGSPICE_INPUT_DIR", "SPICE_LIB_DIR"])
def test_settings_of_the_simulator_change_the_key(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_material(Netlist("divider", DIVIDER), "ngspice")
    monkeypatch.setenv(variable, "/elsewhere")
    assert key_material(Netlist("divider", DIVIDER), "ngspice") != before


def test_another_build_of_the_simulator_changes_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ngspice"
    program.write_text("#!/bin/sh\necho '** ngspice-39 : same version'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    before = key_material(Netlist("divider", DIVIDER), "ngspice")
    program.write_text("#!/bin/sh\necho '** ngspice-39 : same version, other build'\n")
    assert key_material(Netlist("divider", DIVIDER), "ngspice") != before


@given(one=st.binary(), other=st.binary())
@settings(deadline=None, max_examples=50)
def test_the_content_of_an_included_file_is_part_of_the_key(
    one: bytes, other: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("includes")
    keys = []
    for content in (one, other):
        (folder / "part.inc").write_bytes(b"* comment: " + content.hex().encode())
        keys.append(key_material(Netlist("divider", INCLUDING), "ngspice", directory=folder))
    assert (keys[0] == keys[1]) == (one == other)


def test_a_file_included_by_an_included_file_counts(cache: Cache, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "part.inc").write_text(".include deep/resistor.inc\n")
    netlist = Netlist("divider", INCLUDING)
    results = []
    for value in ("1k", "3k"):
        (tmp_path / "deep" / "resistor.inc").write_text(f"r2 out 0 {value}\n")
        results.append(cache.simulate(netlist, directory=tmp_path).waveforms["v(out)"][-1])
    assert results == pytest.approx([1.0, 1.5])


def test_a_file_that_changes_during_the_run_is_not_stored(
    cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "part.inc"
    part.write_text("r2 out 0 1k\n")

    def simulate_and_edit(netlist: Netlist, *_: object) -> Outcome:
        part.write_text("r2 out 0 3k\n")
        return make_outcome()

    monkeypatch.setattr(cache_module.engine, "simulate", simulate_and_edit)
    assert cache.simulate(Netlist("divider", INCLUDING), directory=tmp_path).complete
    assert entries(cache) == []


@pytest.mark.parametrize(
    "text",
    [
        DIVIDER.replace(".end", ".control\nrun\n.endc\n.end"),
        DIVIDER.replace("r2 out 0 1k", "r2 out 0 {agauss(1k,10,1)}"),
        DIVIDER.replace("v1 in 0 2", "v1 in 0 trnoise(1m 1n 0 0)"),
        DIVIDER.replace(".op", '.model t table2d(file="t.txt")\n.op'),
        DIVIDER.replace(".op", ".include nowhere.inc\n.op"),
        DIVIDER.replace(".op", "*#echo hello\n.op"),
    ],
    ids=["commands", "random parameter", "random source", "table file", "missing include", "hidden command"],
)
def test_a_netlist_that_depends_on_more_than_its_text_has_no_key(text: str) -> None:
    with pytest.raises(NotCacheableError):
        key_material(Netlist("divider", text), "ngspice")


def test_random_numbers_with_a_seed_can_be_stored(cache: Cache) -> None:
    text = DIVIDER.replace("1k\n.op", "{agauss(1k,10,1)}\n.options seed=5\n.op")
    assert not cache.simulate(Netlist("divider", text)).from_cache
    assert cache.simulate(Netlist("divider", text)).from_cache


@pytest.mark.parametrize("limits", [Limits(), Limits(time_s=0.2)], ids=["syntax", "time limit"])
def test_only_complete_results_are_stored(cache: Cache, limits: Limits) -> None:
    card = "r3 out 0 {nope}" if limits == Limits() else ".tran 1n 1000 0 1n"
    outcome = cache.simulate(Netlist("divider", DIVIDER.replace(".op", card)), limits=limits)
    assert not outcome.complete
    assert entries(cache) == []


@given(
    start=st.floats(0, 1, exclude_max=True),
    damage=st.one_of(st.none(), st.binary(min_size=1, max_size=50)),
)
@settings(deadline=None)
def test_a_damaged_entry_is_a_miss_and_is_removed(
    start: float, damage: bytes | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    cache.write(make_key(), make_outcome())
    (path,) = entries(cache)
    whole = path.read_bytes()
    at = int(start * len(whole))
    path.write_bytes(whole[:at] if damage is None else whole[:at] + damage + whole[at + len(damage) :])
    assume(path.read_bytes() != whole)
    with pytest.raises(KeyError):
        cache.read(make_key())
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x03\x04"])
def test_an_entry_that_cannot_be_read_is_removed(cache: Cache, content: bytes) -> None:
    cache.write(make_key(), make_outcome())
    (path,) = entries(cache)
    path.write_bytes(content)
    with pytest.raises(KeyError):
        cache.read(make_key())
    assert not path.exists()


def test_an_entry_with_another_key_under_the_same_name_is_a_miss(cache: Cache) -> None:
    cache.write(make_key("one"), make_outcome())
    cache.write(make_key("other"), make_outcome())
    one, other = (cache._path(make_key(text)) for text in ("one", "other"))
    one.replace(other)
    with pytest.raises(KeyError):
        cache.read(make_key("other"))


def test_a_pickled_array_is_never_loaded(cache: Cache) -> None:
    cache.write(make_key(), make_outcome())
    (path,) = entries(cache)
    archive = BytesIO()
    np.savez(archive, about=np.array([{"key": make_key()}], dtype=object), allow_pickle=True)
    path.write_bytes(hashlib.sha256(archive.getvalue()).digest() + archive.getvalue())
    with pytest.raises(KeyError):
        cache.read(make_key())


def test_a_folder_that_cannot_be_written_costs_no_result(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert Cache(tmp_path / "file").simulate(Netlist("divider", DIVIDER)).complete


def test_readers_see_whole_entries_while_others_write(cache: Cache) -> None:
    size = 20_000
    cache.write(make_key(), make_outcome(np.zeros(size)))
    done = threading.Event()
    writer = threading.Thread(
        target=lambda: (
            [cache.write(make_key(), make_outcome(np.full(size, float(k)))) for k in range(30)] and done.set()
        )
    )
    writer.start()
    reads = 0
    while not done.is_set() or reads == 0:
        values = cache.read(make_key()).waveforms["time"]
        assert len(set(values)) == 1
        reads += 1
    writer.join()
    assert not list(cache.directory.rglob("*.tmp"))


def test_info_counts_and_clear_removes_entries_but_no_other_file(cache: Cache) -> None:
    for text in ("one", "two", "three"):
        cache.write(make_key(text), make_outcome())
    users = cache.directory / "notes.result"
    users.write_text("not ours")
    info = cache.info()
    assert (info.path, info.entries) == (cache.directory, 3)
    assert info.bytes == sum(path.stat().st_size for path in entries(cache) if path != users)
    assert cache.clear() == info
    assert cache.info().entries == 0
    assert users.exists()


def test_the_folder_is_the_one_named_or_the_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NEUROKIT_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_directory() == tmp_path / "xdg" / "neurokit"
    monkeypatch.setenv("NEUROKIT_CACHE", str(tmp_path / "named"))
    assert default_directory() == tmp_path / "named"
    monkeypatch.delenv("NEUROKIT_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(cache_module.sys, "platform", "darwin")
    assert default_directory() == tmp_path / "Library" / "Caches" / "neurokit"
