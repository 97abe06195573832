"""The page of a verification: all that a report holds is on it, what it lacks is not, and it loads nothing."""

import base64
import copy
import re

import pytest

from neurokit.report.verification.page import Shown, verification_page

PIXELS = b"\x89PNG made up"
CHECKS = [
    {"check": "class equals <that>", "asked": "at least 98 %", "reached": "99 of 100", "holds": True},
    {"check": "rates", "asked": "at most 1 %", "reached": "2 %", "holds": False},
]
SECTIONS_OF_PARTS = {
    "twin": None,
    "whole": None,
    "devices": [],
    "rates": None,
    "digits": [],
    "checks": [],
    "provenance": {},
}


def make_digit(digit, ngspice=7, spiking=7, rate=7, **changes):
    answers = {"ngspice": ngspice, "twin": ngspice, "spiking": spiking, "rate": rate}
    return {
        "digit": digit,
        "label": 7,
        "status": "ok",
        "message": "",
        "answers": answers,
        "outputs": {side: [0.0 if k != a else 0.4375 for k in range(10)] for side, a in answers.items()},
        "rate_error": {"spiking": 0.006, "rate": 0.008},
        "twin": {"count_difference": 1, "period_error": 2e-4},
        "partings": {"same": 110, "start": 28},
        "decided": 1.2e-5,
        "energy": {"neurons": 4e-4, "supply": 5e-4, "residual": 1e-5},
        "spikes": 5210,
    } | changes


def make_failed(digit, message):
    answers = {"ngspice": None, "twin": None, "spiking": 7, "rate": 7}
    return {"digit": digit, "label": 7, "status": "failed", "message": message, "answers": answers}


def make_lost(source):
    return {"layer": 2, "neuron": 5, "source": source, "weight": 1.2e-5, "resistor": 2.3e8}


def make_neuron(neuron):
    rates = {"ngspice": 2.11e5, "spiking": 2.08e5, "rate": 2.09e5, "error_spiking": 0.0125, "error_rate": 0.015}
    return {"class": "all", "digits": 5, "layer": 3, "neuron": neuron} | rates


def make_device(number):
    return {
        "device": number,
        "message": "",
        "circuit": f"{number} kOhm, 200 pF",
        "digits": 2,
        "agreement": 1.0,
        "rate_error": 0.006,
        "neurons": 8.1e-4,
        "supply": 1.04e-3,
        "spikes": 5210.0,
        "per_spike": 1.55e-7,
        "decided": None,
    }


def make_report(**changes):
    return {
        "network": {
            "sizes": [784, 128, 10],
            "circuit": "Device 1, 6 kOhm, 200 pF, 300 K",
            "v_rail": 20.9,
            "window": 5e-5,
            "tau": 5e-6,
            "f_full": 5.57e5,
        },
        "checks": CHECKS,
        "mapping": {
            "resistors": 102000,
            "values": 480,
            "capacitors": 138,
            "op-amps": 276,
            "largest_error": 0.0123,
            "unrealised": [make_lost(source) for source in range(300, 325)],
            "parts": {"series": "E96", "r_feedback": 1e5, "r_least": 100, "r_most": 1e8, "headroom": 0.9},
        },
        "digits": [
            make_digit(11),
            make_digit(12, spiking=2),
            make_digit(13, rate=3),
            make_digit(14, ngspice=None),
            make_digit(15, decided=None),
            make_failed(16, "timestep <too> small"),
        ],
        "summary": {
            "digits": 6,
            "failed": 1,
            "agreement": {"spiking": 0.99, "rate": 0.98, "label": 0.97, "twin": 1.0},
            "rate_error": {"spiking": 0.0061, "rate": 0.0083},
            "partings": {"same": 13412, "start": 388},
            "energy": {"neurons": 4.32e-4, "supply": 5e-4, "residual": 2e-5},
            "decided": {"median": 1.13e-5, "undecided": 0},
            "twin": {"count_difference": 1, "period_error": 4e-4},
        },
        "rates": {"file": "rates.csv", "furthest": [make_neuron(7), make_neuron(2)]},
        "twin": {
            "digits": 10000,
            "agreement": {"spiking": 0.9971, "rate": 0.996, "label": 0.984},
            "rate_error": {"spiking": 0.0057, "rate": 0.007},
        },
        "whole": {
            "digit": 17,
            "label": 7,
            "adder": "resistors",
            "status": "ok",
            "message": "",
            "answer": 7,
            "layer_answer": 7,
            "count_difference": 1,
            "points": 17000,
            "t_end": 5e-5,
            "cpu_s": 3000.0,
            "wall_s": 3100.0,
            "memory_bytes": 4.31e8,
            "elements": 109000,
        },
        "devices": [make_device(number) for number in (1, 2, 3, 4)],
        "cost": {"cpu_s_per_digit": 38.0, "twin_cpu_s_per_digit": 0.054, "simulations": 14056},
        "provenance": {"neurokit": "0.1.0", "seeds": [1, 2], "ngspice": {"version": "<39>", "reltol": 1e-4}},
    } | changes


def section(page, name):
    return page[page.index(f'<section id="{name}"') :].split("</section>")[0]


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def without_numbers(value):
    if isinstance(value, dict):
        return {name: without_numbers(item) for name, item in value.items()}
    return None


@pytest.fixture
def figure(tmp_path):
    path = tmp_path / "rates.png"
    path.write_bytes(PIXELS)
    return Shown(path, "Rates", 'of <all> "neurons"')


@pytest.fixture
def page(figure):
    return verification_page(make_report(), [figure])


def test_a_verification_page_loads_nothing(page):
    assert not re.search(r"https?:|<script|<link|<iframe|@import|url\(|srcset", page)
    assert set(re.findall(r"(?:src|href)=\"([^:\"]*)", page)) == {"data"}


def test_the_same_report_gives_the_same_bytes(page, figure):
    assert verification_page(copy.deepcopy(make_report()), [figure]) == page


def test_a_figure_is_in_the_page_with_its_words(page):
    assert f'src="data:image/png;base64,{base64.b64encode(PIXELS).decode()}"' in page
    assert 'alt="Rates. of &lt;all&gt; &#34;neurons&#34;"' in page


def test_every_check_has_its_verdict_in_words(page):
    found = words(section(page, "summary"))
    assert "at least 98 % 99 of 100 \N{CHECK MARK} holds" in found
    assert "at most 1 % 2 % \N{BALLOT X} does not hold" in found


def test_every_digit_that_parts_is_listed_with_answers_and_rates_and_no_other_is(page):
    rows = words(section(page, "partings"))
    assert "the rate network: 3 of 6." in rows
    assert "12 7 circuit in ngspice 7 0 0 0 0 0 0 0 43.8 0 0" in rows
    assert "spiking network 2 0 0 43.8 0" in rows
    assert "13 7 circuit in ngspice 7" in rows
    assert "rate network 3 0 0 0 43.8" in rows
    assert "14 7 circuit in ngspice none 0 0" in rows
    assert not re.search(r"\b(11|15|16) 7 circuit", rows)


def test_where_no_digit_parts_there_is_no_section_of_them(figure):
    assert 'id="partings"' not in verification_page(make_report(digits=[make_digit(11), make_failed(12, "")]), [figure])


def test_all_digits_are_in_the_table_and_failed_ones_say_why(page):
    rows = words(section(page, "digits"))
    assert "6 digits" in rows
    assert "11 7 7 7 7 7 0.6 0.8 110 of 138 5,210 12 400 500 0.001 % 1 0.02 %" in rows
    assert "15 7 7 7 7 7 0.6 0.8 110 of 138 5,210 undecided" in rows
    assert "16 7 none none 7 7 failed timestep &lt;too&gt; small" in rows


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("agreement", "spiking network 99 0.61 rate network 98 0.83 twin of the circuit 100 true class 97"),
        ("agreement", "differ by 1 at most, periods by 0.04 % at most"),
        ("agreement", "same number of spikes 13,412 start-up: the first spike comes at another time"),
        ("rates", "The file rates.csv beside this page"),
        ("rates", "3 7 211 208 209 1.25 1.5"),
        ("twin", "10,000 digits"),
        ("twin", "spiking network 99.71 0.57 rate network 99.6 0.7 true class 98.4"),
        ("whole", "memory (MB) 431"),
        ("energy", "neurons alone (µJ) 432"),
        ("energy", "median (µs) 11.3"),
        ("devices", "Devices 1 to 4"),
        ("devices", "4 4 kOhm, 200 pF 2 100 0.6 810 1,040 5,210 155 not known"),
        ("mapping", "resistors (number) 102,000"),
        ("mapping", "100 Ω to 100 MΩ"),
        ("mapping", "largest relative error of a weight 1.23 %"),
        ("cost", "twin per digit (s) 0.054"),
        ("cost", "simulations (number) 14,056"),
        ("provenance", "seeds 1, 2 ngspice version &lt;39&gt; reltol 0.0001"),
    ],
)
def test_numbers_of_a_report_are_on_its_page_with_units(page, name, said):
    assert said in words(section(page, name))


def test_of_many_weights_without_resistors_the_first_ten_are_listed(page):
    rows = words(section(page, "mapping"))
    assert "no resistor makes (number) 25" in rows
    assert "2 5 309 1.2e-05 230 MΩ" in rows
    assert "2 5 310" not in rows


def test_results_cannot_become_markup(page):
    assert "class equals &lt;that&gt;" in page
    assert not re.search(r"<(that|too|39|all)>", page)


@pytest.mark.parametrize("name", SECTIONS_OF_PARTS)
def test_a_missing_part_leaves_its_section_out_and_the_others_in(figure, page, name):
    lacking = verification_page(make_report(**{name: SECTIONS_OF_PARTS[name]}), [figure])
    gone = {"digits": {"digits", "partings"}, "checks": set()}.get(name, {name})
    ids = [set(re.findall(r'<section id="(\w+)"', text)) for text in (page, lacking)]
    assert ids[0] - ids[1] == gone


def test_a_report_without_any_result_is_still_a_page():
    report = make_report(**SECTIONS_OF_PARTS, cost={"cpu_s_per_digit": None, "twin_cpu_s_per_digit": None})
    report["cost"]["simulations"] = None
    report["summary"] = without_numbers(report["summary"]) | {"partings": {}}
    page = verification_page(report, [])
    assert "simulations (number) not known" in words(page)
    assert "None" not in page
