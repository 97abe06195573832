"""The diagnosis, from text and plots alone."""

import numpy as np
import pytest

from neurokit.circuits.netlist import Netlist
from neurokit.simulation.cards import evaluate, transient_stops
from neurokit.simulation.causes import ADVICE, MESSAGES_KEPT, diagnose
from neurokit.simulation.outcome import Cause, Status, Waveforms

TEXT = "t\nV1 in 0 1\nR1 in out 1k\nC1 out 0 1n\n.tran 1u 100u uic\n.end\n"


def make_netlist(text: str = TEXT, t_stop: float | None = None, probes: tuple[str, ...] = ()) -> Netlist:
    return Netlist("t", text, probes=probes, t_stop=t_stop)


def make_plot(end: float = 100e-6, value: float = 1.0, rows: int = 5) -> Waveforms:
    values = np.zeros(rows)
    values[-1:] = value
    return Waveforms("Transient Analysis", "time", {"time": np.linspace(0, end, rows), "v(out)": values})


def test_every_cause_has_advice() -> None:
    assert set(ADVICE) == set(Cause)


def test_a_run_that_reached_its_last_time_is_ok() -> None:
    assert diagnose(make_netlist(), [make_plot()], errors="").status is Status.OK


@pytest.mark.parametrize("end", [0.0, 50e-6, 99.9e-6])
def test_a_run_that_did_not_reach_its_last_time_is_partial_though_nothing_was_said(end: float) -> None:
    found = diagnose(make_netlist(), [make_plot(end)], errors="")
    assert (found.status, found.cause) == (Status.PARTIAL, Cause.INCOMPLETE)
    assert "0.0001 s" in found.messages[0]


def test_the_last_time_of_the_netlist_counts_more_than_its_text() -> None:
    assert diagnose(make_netlist(t_stop=50e-6), [make_plot(50e-6)], errors="").status is Status.OK
    assert diagnose(make_netlist(t_stop=200e-6), [make_plot(100e-6)], errors="").cause is Cause.INCOMPLETE


def test_a_last_time_that_cannot_be_computed_is_not_held_against_a_run() -> None:
    text = TEXT.replace("100u", "{gauss(1,2,3)}")
    assert diagnose(make_netlist(text), [make_plot(5e-6)], errors="").status is Status.OK


def test_a_second_transient_that_is_missing_is_noticed() -> None:
    text = TEXT.replace(".end", ".tran 1u 200u\n.end")
    assert diagnose(make_netlist(text), [make_plot()], errors="").cause is Cause.INCOMPLETE
    assert diagnose(make_netlist(text), [make_plot(200e-6), make_plot()], errors="").status is Status.OK


def test_no_result_and_no_message_is_no_success() -> None:
    found = diagnose(make_netlist(), [], errors="")
    assert (found.status, found.cause) == (Status.FAILED, Cause.INCOMPLETE)


def test_a_missing_probe_is_named() -> None:
    found = diagnose(make_netlist(probes=("V(OUT)", "v(spk)")), [make_plot()], errors="")
    assert found.cause is Cause.MISSING_PROBE
    assert "no v(spk);" in found.messages[0]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e32, -1e99])
def test_numbers_that_mean_infinity_fail_a_complete_run(value: float) -> None:
    found = diagnose(make_netlist(), [make_plot(value=value)], errors="")
    assert (found.status, found.cause) == (Status.FAILED, Cause.NOT_FINITE)
    assert "v(out)" in found.messages[0]


@pytest.mark.parametrize(
    "line",
    [
        "Note: Starting dynamic gmin stepping",
        "Note: v_sense: has no value, DC 0 assumed",
        " Reference value :  1.70217e-04 Reference value :  2.38234e-04",
        "Trying gmin =   1.0000E-03 Note: One successful gmin step",
        "Error: measure  t_spike  when(WHEN) : out of interval",
        "Error: -1e-12 out of range for sqrt",
        "unrecognized parameter (mfg) - ignored",
        "Warning: v1: no DC value, transient time 0 value used",
        "Using SPARSE 1.3 as Direct Linear Solver",
    ],
)
def test_a_harmless_line_does_not_fail_a_run(line: str) -> None:
    assert diagnose(make_netlist(), [make_plot()], errors=line).status is Status.OK


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("Warning: r1: resistance to low, set to 1 mOhm", Cause.MISSING_NODE),
        ("Error: Library x.cm couldn't be loaded!", Cause.MISSING_CODE_MODEL),
        ("Undefined parameter [x]\n Formula() error.", Cause.UNDEFINED_PARAMETER),
        ("Warning: rawfile write error !!", Cause.OUTPUT_LIMIT),
        ("malloc: Internal Error: can't allocate 240 bytes. ", Cause.MEMORY_LIMIT),
        ("Warning: singular matrix:  check node mid", Cause.MISSING_NODE),
        ("Warning: singular matrix:  check node v1#branch", Cause.SINGULAR_MATRIX),
        ("doAnalyses: TRAN:  Timestep too small; time = 1e-9", Cause.TIMESTEP_TOO_SMALL),
        ("Error: something that nobody has seen before", Cause.UNKNOWN),
    ],
)
def test_a_line_that_spoils_a_result_fails_a_run_that_looks_complete(line: str, cause: Cause) -> None:
    found = diagnose(make_netlist(), [make_plot()], errors=line)
    assert found.status is not Status.OK
    assert found.cause is cause
    assert line.splitlines()[0].strip() in found.messages


def test_an_expression_out_of_its_range_explains_a_run_that_stopped() -> None:
    errors = "Error: -2 out of range for log\n    in line b1\ndoAnalyses: TRAN:  Timestep too small; time = 1e-6"
    found = diagnose(make_netlist(), [make_plot(1e-6)], errors)
    assert (found.status, found.cause) == (Status.PARTIAL, Cause.NOT_FINITE)


@pytest.mark.parametrize(("exit_code", "cause"), [(-11, Cause.SIMULATOR_DIED), (3, Cause.UNKNOWN)])
def test_an_exit_that_is_not_good_fails_a_run_that_looks_complete(exit_code: int, cause: Cause) -> None:
    found = diagnose(make_netlist(), [make_plot()], errors="", exit_code=exit_code)
    assert found.cause is cause
    assert str(abs(exit_code)) in found.messages[0]


def test_a_limit_that_the_caller_knows_counts_more_than_any_line() -> None:
    found = diagnose(make_netlist(), [make_plot(1e-6)], "Error: whatever", limit=Cause.TIME_LIMIT)
    assert (found.status, found.cause) == (Status.PARTIAL, Cause.TIME_LIMIT)


def test_a_long_error_stream_is_cut_to_its_beginning_and_end() -> None:
    found = diagnose(make_netlist(), [], "\n".join(f"Error: number {i}" for i in range(1000)))
    assert len(found.messages) == MESSAGES_KEPT + 1
    assert (found.messages[0], found.messages[-1]) == ("Error: number 0", "Error: number 999")


def test_results_of_measure_cards_are_kept_as_messages() -> None:
    output = "No. of Data Rows : 111\nvmax                =  1.000000e+00 at=  9.996000e-05\n"
    found = diagnose(make_netlist(), [make_plot()], errors="", output=output)
    assert found.messages == ("vmax                =  1.000000e+00 at=  9.996000e-05",)


@pytest.mark.parametrize(
    "body",
    [
        "V1 in 0 1\nV_sense in out\nR1 out 0 1k",  # a source without a value measures a current
        "V1 in 0 1\nR1 in open 1k\nR2 in 0 1k",  # an open end is no mistake in itself
        "I1 0 a 1m\nC1 a 0 1n",
        "I1 0 a 1m\nB1 a 0 I = v(a)/1k",
        "E1 x 0 value={v(in)*2}\nR1 x 0 1k\nV1 in 0 1",
        "M1 d g 0 mod\nV1 d 0 1\nV2 g 0 1\n.model mod vdmos",
        ".subckt s a b r=1k w = 2\nR1 a b {r}\n.ends\nX1 in 0 s r = 3 W=2 m=2\nV1 in 0 1",
        ".subckt s a b params: r=1k\nR1 a b {r}\n.ends\nX1 in 0 s params: r={1 + 2}\nV1 in 0 1",
        ".include rest.inc\nI1 0 a 1m",  # what lies in the file may be at node a
        "* R1 in\nR2 in 0 1k $ R3\nV1 in 0 1 ; V2\n; R4 in",
        "V1 in\n+ 0\n* between\n+ 1\nR1 in 0 1k",
    ],
)
def test_a_valid_netlist_raises_no_false_alarm(body: str) -> None:
    assert diagnose(make_netlist(f"t\n{body}\n.tran 1u 100u\n.end\n"), [make_plot()], errors="").status is Status.OK


@pytest.mark.parametrize(
    ("card", "stop"),
    [
        (".tran 1u 100u", 100e-6),
        (".TRAN 1u\n+ 2m uic", 2e-3),
        (".param t=1u n = {2*3}\n.tran 1n {t * n + 0.5e-6} 0 1n", 6.5e-6),
        (".param t='2u'\n.tran 1n 't/2'", 1e-6),
        (".tran 1n {nope}", None),
        (".tran 1n {max(1,2)}", None),
        (".tran 1n", None),
        ("* .tran 1n 1u\n.tran 1n 2u", 2e-6),
    ],
)
def test_the_last_time_is_read_from_the_text(card: str, stop: float | None) -> None:
    (found,) = transient_stops(f"t\n{card}\n.end\n")
    assert found == pytest.approx(stop)


@pytest.mark.parametrize("expression", ["__import__('os')", "().__class__", "2**3", "a.b", "1/0", "1e400", "", "-"])
def test_only_plain_arithmetic_is_evaluated(expression: str) -> None:
    assert evaluate(expression, {"a": 1.0}) is None
