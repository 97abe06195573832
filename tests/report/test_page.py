"""The page of panels: one file that loads nothing, says every verdict in words, and describes every picture."""

import base64
import re

import pytest

from neurokit.report.page import FAILED, HOLDS, HOLDS_NOT, Entry, figures_page

PIXELS = b"\x89PNG made up"
PROVENANCE = {
    "neurokit": "0.1.0",
    "parameters": {"Device 1": {"x": 0.0, "width": 1.0}, "Device 5": {"x": 0.04, "width": 1.0}, "drive": "DC 12.5"},
    "seed": 7,
    "netlist_sha256": ["0123456789abcdef" * 4],
}


@pytest.fixture
def page(tmp_path):
    (tmp_path / "2G.png").write_bytes(PIXELS)
    (tmp_path / "2H.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return figures_page(
        [
            Entry("2G", "A loop", "The text says: 6.5 V.", HOLDS, "V_th 6.5 V.", tmp_path / "2G.png", PROVENANCE),
            Entry("2H", "A <b>", "The text says: less.", HOLDS_NOT, "More & more.", tmp_path / "2H.svg", {}, "Ours."),
            Entry("2I", "None", "The text says: so.", FAILED, "timestep too small\n  try: that", None, {}),
        ]
    )


def test_the_page_loads_nothing(page):
    assert not re.search(r"https?://|<script|<link|@import|url\(", page)
    loaded = re.findall(r"(?:src|href)=\"(.)", page)
    assert set(loaded) == {"#", "d"}  # places on the page, data


def test_figures_are_in_the_page_with_alt_texts(page):
    assert f'src="data:image/png;base64,{base64.b64encode(PIXELS).decode()}"' in page
    assert "data:image/svg+xml;base64," in page
    assert 'alt="Panel 2G: A loop. V_th 6.5 V."' in page
    assert page.count("<img ") == 2


def test_every_panel_has_its_verdict_in_words_twice_and_they_are_counted(page):
    for verdict, css in ((HOLDS, "holds"), (HOLDS_NOT, "holds-not"), (FAILED, "failed")):
        assert len(re.findall(rf'<span class="{css}">. {verdict}</span>', page)) == 2
    assert "1 hold, 1 do not hold, 1 failed." in page


def test_a_failed_panel_shows_its_cause_in_full_and_no_figure(page):
    section = page[page.index('<section id="2I"') :]
    assert "timestep too small\n  try: that" in section
    assert "<img" not in section


def test_statement_note_and_what_made_it_stand_beside_the_figure(page):
    section = page[page.index('<section id="2G"') : page.index('<section id="2H"')]
    assert "The text says: 6.5 V." in section
    assert "Device 1: x = 0, width = 1; Device 5: as Device 1, but x = 0.04; drive = DC 12.5" in section
    assert "<dt>seed</dt><dd>7</dd>" in section
    assert "0123456789ab<" in section
    assert "Ours." in page


def test_texts_cannot_become_markup(page):
    assert "A &lt;b&gt;" in page
    assert "More &amp; more." in page


def test_the_page_says_what_is_not_the_papers(page):
    assert "is our assignment where the text does not give it" in page
    assert "Devices 2 to 4 are interpolated" in page
