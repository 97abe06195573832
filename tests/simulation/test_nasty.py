"""Every broken netlist ends with its cause, on every back end."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from nasty import NASTY, RC, RUN_UIC, Nasty

from neurokit.simulation import BACKENDS, Cause, Limits, Netlist, simulate, simulate_file
from neurokit.simulation.ladder import RETRYABLE

HERE = [
    pytest.param(
        name, marks=pytest.mark.skipif(find_spec(f"neurokit.simulation.{name}") is None, reason="not written yet")
    )
    for name in BACKENDS
]


@pytest.mark.parametrize("backend", HERE)
@pytest.mark.parametrize("nasty", NASTY, ids=lambda nasty: nasty.name)
def test_a_broken_netlist_ends_with_its_cause_and_the_reason(nasty: Nasty, backend: str) -> None:

    outcome = simulate(Netlist(title=nasty.name, text=nasty.text), backend, nasty.limits, retry=False)

    assert not outcome.complete
    assert outcome.cause is nasty.cause, outcome.explain()
    assert outcome.advice


@pytest.mark.parametrize("nasty", [n for n in NASTY if n.cause in RETRYABLE], ids=lambda nasty: nasty.name)
def test_no_broken_netlist_is_recovered_by_trying_again(nasty: Nasty) -> None:
    outcome = simulate(Netlist(title=nasty.name, text=nasty.text), limits=nasty.limits)
    assert outcome.cause is nasty.cause, outcome.explain()


@pytest.mark.parametrize("backend", HERE)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(bytes(range(256)) * 40, id="binary"),
        pytest.param(("caf\u00e9\n" + RC + RUN_UIC).encode("latin-1"), id="latin-1"),
        pytest.param(("title\n" + RC + RUN_UIC).encode("utf-16"), id="utf-16"),
    ],
)
def test_a_file_that_is_no_text_is_unreadable_and_says_the_way_out(
    content: bytes, backend: str, tmp_path: Path
) -> None:
    path = tmp_path / "nasty.cir"
    path.write_bytes(content)
    outcome = simulate_file(path, backend, Limits(time_s=20))
    assert outcome.cause is Cause.UNREADABLE
    assert str(path) in outcome.explain()


def test_the_table_is_long_and_its_names_are_distinct() -> None:
    assert len({nasty.name for nasty in NASTY}) == len(NASTY) >= 32
