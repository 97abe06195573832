"""A device in a file is that device, here and in ngspice; a file that is none is refused with its place."""

import tomllib
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurokit.circuits.netlist import Netlist
from neurokit.device import DEVICES, FILMS, Film, Vo2x
from neurokit.device.export.spice import vo2x_library
from neurokit.device.film import FILM_PARAMETERS, PARAMETERS
from neurokit.device.preset import read_device, write_device
from neurokit.device.vo2x import parameters
from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.simulation import simulate

ADDED = {"s_growth": 0.8, "beta_ratio": 1.3, "u_reversible": 0.1, "r_contact": 12.0}


def make_device(name="one-of-ours", additions=None, **own):
    added = ADDED if additions is None else additions
    sources = Vo2x().film.sources | dict.fromkeys(added, "fitted")
    film = replace(Vo2x().film, name=name, description="measured here", sources=sources, r_metal=123.4, **added)
    return Vo2x(film=film, **({"x": 0.004, "t_ambient": 310.5} | own))


def values(items):
    return st.fixed_dictionaries({i.name: st.floats(i.metadata["low"], i.metadata["high"]) for i in items})


@st.composite
def devices(draw):
    name = draw(st.from_regex(r"[a-z][a-z0-9_-]*", fullmatch=True))
    sources = draw(st.fixed_dictionaries(dict.fromkeys(FILM_PARAMETERS, st.text())))
    film = Film(name=name, description=draw(st.text()), sources=sources, **draw(values(PARAMETERS)))
    return Vo2x(film=film, **draw(values(item for item in fields(Vo2x) if "low" in item.metadata)))


@given(device=devices(), about=st.dictionaries(st.text(), st.text()))
def test_a_written_device_reads_back_exactly(tmp_path_factory, device, about):
    path = tmp_path_factory.getbasetemp() / "device.toml"
    write_device(device, path, about)
    assert read_device(path) == device
    assert tomllib.loads(path.read_text(encoding="utf-8"))["made_by"] == about


@pytest.mark.parametrize("film", FILMS)
def test_a_preset_film_can_be_written_too(tmp_path, film):
    device = Vo2x.from_vacancy(0.02, film, width=2.0)
    write_device(device, tmp_path / "device.toml", {})
    assert read_device(tmp_path / "device.toml") == device


def test_every_number_of_the_file_stands_beside_its_unit_and_meaning(tmp_path):
    write_device(make_device(), tmp_path / "device.toml", {"made": "today"})
    text = (tmp_path / "device.toml").read_text()
    line = next(line for line in text.splitlines() if line.startswith("r_metal = 123.4"))
    assert line.endswith("# ohm, resistance of the fully metallic device, contacts included")
    assert [line for line in text.splitlines() if line.startswith("[")] == [
        "[film]",
        "[film.parameters]",
        "[film.sources]",
        "[device]",
        "[made_by]",
    ]


def test_what_a_file_leaves_out_is_nominal_and_neutral(tmp_path):
    write_device(make_device(additions={}), tmp_path / "device.toml", {})
    lines = (tmp_path / "device.toml").read_text().splitlines()
    kept = [line for line in lines if not line.startswith(("t_ambient", "noise", "s_growth", "r_contact"))]
    (tmp_path / "device.toml").write_text("\n".join(kept))
    assert read_device(tmp_path / "device.toml") == make_device(additions={}, t_ambient=300.0)


@pytest.mark.parametrize(
    ("there", "instead", "message"),
    [
        (
            "r_metal = 123.4",
            "r_metal = 1e12",
            r"r_metal = 1000000000000.0 ohm is outside \[0.001, 1000000000.0\]: give",
        ),
        ("r_metal = 123.4", "r_metal = nan", "r_metal = nan ohm is outside"),
        ("r_metal = 123.4", 'r_metal = "123"', r"\[film.parameters\] r_metal = '123' must be a number"),
        ("r_metal = 123.4", "r_metl = 123.4", r"\[film.parameters\] has no r_metl: it takes r_metal, g_insulating"),
        ("r_metal = 123.4", "", r"\[film.parameters\] lacks r_metal: only s_growth, .* may be left out"),
        ("x = 0.004", "x = 0.2", r"x = 0.2 is outside \[0.0, 0.1\]"),
        ("x = 0.004", "temperature = 300", r"\[device\] has no temperature: it takes x, t_ambient"),
        ("[device]", "[devices]", "the file has no devices: it takes film, device, made_by"),
        ('s_growth = "fitted"', "", "gives no source for s_growth: name it"),
        ('s_growth = "fitted"', "s_growth = 1", r"\[film.sources\] needs words for s_growth, not 1"),
        ('name = "one-of-ours"', "", r"\[film\] needs words for name, not None"),
        ('name = "one-of-ours"', 'name = "my film\\n.control"', "may not stand in a netlist"),
        ("[film]", "[film", "is not TOML .*line 5"),
    ],
)
def test_a_file_that_is_no_device_is_refused_with_what_is_wrong_in_it(tmp_path, there, instead, message):
    path = tmp_path / "device.toml"
    write_device(make_device(), path, {})
    path.write_text(path.read_text().replace(there, instead, 1))
    with pytest.raises(NeurokitError, match=message) as refused:
        read_device(path)
    assert str(path) in str(refused.value)


def test_a_table_that_is_a_number_and_a_file_that_is_missing_are_refused(tmp_path):
    (tmp_path / "device.toml").write_text("film = 3\n")
    with pytest.raises(NeurokitError, match=r"film = 3 must be a table: write \[film\]"):
        read_device(tmp_path / "device.toml")
    with pytest.raises(NeurokitError, match=r"cannot read .*missing.toml: No such file"):
        read_device(tmp_path / "missing.toml")


@pytest.mark.parametrize("name", ["Ours", "1st", "a b", "", "x\n.control"])
def test_a_film_whose_name_may_not_stand_in_a_netlist_is_not_written(tmp_path, name):
    with pytest.raises(OutOfRangeError, match="may not stand in a netlist: use a lower-case letter"):
        write_device(make_device(name), tmp_path / "device.toml", {})
    assert not list(tmp_path.iterdir())


def current_at(library, line):
    text = "\n".join(["one device", library, "V1 a 0 1", line, ".op", ".end"]) + "\n"
    return simulate(Netlist("one device", text, probes=("i(v1)",))).checked().waveforms["i(v1)"]


@pytest.mark.parametrize(("additions", "base"), [(ADDED, "vo2x_fitted"), ({}, "vo2x")])
@pytest.mark.parametrize("own", [{}, {"x": 0.01, "t_ambient": 320.0}], ids=["as in the file", "changed"])
def test_the_sub_circuit_of_a_device_is_that_device(additions, base, own):
    device, library = make_device(additions=additions), vo2x_library(make_device(additions=additions))
    known = {p: v for p, v in parameters(replace(device, **own)).items() if additions or p not in ADDED}
    known = {p: v for p, v in known.items() if additions or "reversible" not in p}
    preset = current_at(library, " ".join(["X1 a 0 vo2x_one_of_ours", *(f"{p}={v!r}" for p, v in own.items())]))
    general = current_at(library, " ".join([f"X1 a 0 {base}", *(f"{p}={v!r}" for p, v in known.items())]))
    assert preset == pytest.approx(general, rel=1e-12)


def test_the_library_with_a_device_of_ones_own_is_the_shipped_one_and_more():
    shipped, more = vo2x_library().splitlines(), vo2x_library(make_device()).splitlines()
    assert [line for line in more if line in set(shipped)][: len(shipped)] == shipped
    assert "*   vo2x_one_of_ours p n                 measured here" in more
    assert "*   s_growth        fitted" in more


def test_a_description_of_several_lines_stays_a_comment():
    device = make_device()
    many = replace(device, film=replace(device.film, description="first\n.control\nshell ls"))
    assert not [line for line in vo2x_library(many).splitlines() if line.startswith((".control", "shell"))]


@pytest.mark.parametrize("name", ["fitted", "device1", "pld-tio2"])
def test_a_film_named_like_a_sub_circuit_of_the_library_cannot_be_exported(name):
    with pytest.raises(OutOfRangeError, match=r"is taken: .* give the film another name"):
        vo2x_library(make_device(name))


def test_a_film_that_is_the_nominal_one_makes_a_sub_circuit_too():
    library = vo2x_library(replace(DEVICES[2], film=replace(Vo2x().film, name="same")))
    assert current_at(library, "X1 a 0 vo2x_same") == pytest.approx(
        current_at(library, "X1 a 0 vo2x_device2"), rel=1e-12
    )
