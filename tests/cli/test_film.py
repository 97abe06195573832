"""`neurokit film`: processes of a film to the x that other commands take."""

import json
from pathlib import Path

import pytest

from neurokit.cli.film import MODELS, models_page

PAGE = Path(__file__).parents[2] / "docs" / "models.md"


def test_the_wafer_says_where_to_cut_devices_and_wished_thresholds(neurokit, tmp_path):
    ended = neurokit("film", "wafer", "--threshold", "3,5", "--out", "figures", "--json")
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    assert [cut["v_threshold"] for cut in document["cuts"][5:]] == pytest.approx([3.0, 5.0], rel=0.01)
    assert document["cuts"][0]["v_threshold"] == pytest.approx(6.5, rel=0.02)
    assert document["provenance"]["parameters"]["angle"] == 35
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert names == {"wafer.csv", "wafer_line.png", "wafer_rt_curves.png", "wafer_rt_maps.png"}


def test_low_pressure_above_an_overlayer_takes_oxygen_out_of_the_film(neurokit):
    x = []
    for pressure in ("0.8", "3.2"):
        ended = neurokit("film", "overlayer", "--oxygen-pressure", pressure, "--json")
        assert ended.exit_code == 0, ended.output
        x.append(json.loads(ended.stdout)["x"])
    assert x[0] > 10 * x[1]


def test_air_gives_back_what_vacuum_took(neurokit):
    vacuum = ("--temperature", "723.15", "--duration", "1800", "--oxygen-pressure", "1e-4")
    taken = json.loads(neurokit("film", "anneal", *vacuum, "--json").stdout)["x"]
    left = json.loads(neurokit("film", "anneal", "--x-start", str(taken), "--json").stdout)["x"]
    assert taken > 0.05
    assert left < 0.1 * taken


def test_outside_its_range_a_model_warns_and_what_cannot_be_is_refused(neurokit):
    hot = neurokit("film", "anneal", "--temperature", "800", "--duration", "1", "--out", "hot")
    assert hot.exit_code == 0
    assert hot.stderr.count("temperature = 800 K is outside 450 to 750 K") == 1
    assert neurokit("film", "overlayer", "--thickness", "-1n").exit_code == 2
    ended = neurokit("film", "wafer", "--threshold", "9")
    assert ended.exit_code == 2
    assert "9 V cannot be cut from this wafer" in ended.stderr


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (("overlayer",), {"overlayer.png", "overlayer.csv"}),
        (("anneal", "--x-start", "0.01"), {"anneal.png", "annealing.png", "anneal.csv"}),
        (("spectrum", "0.3"), {"fingerprints.png", "spectra.png"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_every_process_writes_its_figures_and_its_profile(neurokit, tmp_path, words, files):
    ended = neurokit("film", *words, "--out", "new/folder", "--json", "--quiet")
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    assert {Path(name).name for name in document["files"]} == files
    assert all((tmp_path / name).stat().st_size > 500 for name in document["files"])
    for table in (tmp_path / "new" / "folder").glob("*.csv"):
        header, *lines = table.read_text().splitlines()
        assert header == "position_m,deficiency"
        assert [float(line.split(",")[1]) for line in lines] == document["profile"]["x"]


def test_a_ratio_of_peaks_is_read_as_x(neurokit):
    pristine, poor = (json.loads(neurokit("film", "spectrum", r, "--json").stdout)["x"] for r in ("0.5157", "0.3"))
    assert pristine == pytest.approx(0, abs=1e-4)
    assert 0.01 < poor < 0.05


def test_a_tip_takes_vacancies_from_under_it_and_leaves_a_map(neurokit, tmp_path):
    ended = neurokit("film", "tip", "--volts", "2.6", "--cells", "8", "--out", "tip", "--json")
    assert ended.exit_code == 0, ended.output
    document = json.loads(ended.stdout)
    assert 0 < document["gain"] < document["drop"] < 1
    assert "assumed" in " ".join(document["warnings"])
    assert len((tmp_path / "tip" / "map.csv").read_text().splitlines()) == 65
    assert {path.name for path in (tmp_path / "tip").glob("*.png")} == {
        f"tip_{n}.png" for n in ("sections", "decay", "scans")
    }
    assert neurokit("film", "tip").exit_code == neurokit("film", "tip", "--volts", "1", "--force", "1u").exit_code == 2


def test_the_page_of_models_is_what_the_models_say():
    """To print it again: neurokit film models --out docs/models.md"""
    assert PAGE.read_text(encoding="utf-8") == models_page(MODELS)
