"""`neurokit device iv`: the static I-V curve in closed form, and a slow sweep in ngspice over it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from neurokit.cli.exit_codes import code_of_outcomes
from neurokit.cli.options import Chosen, device_options, jobs_option, out_option, output_options
from neurokit.cli.output import Output, device_provenance, write_csv
from neurokit.cli.parameter_types import QUANTITY

if TYPE_CHECKING:
    from neurokit.report.iv_loops import Branches
    from neurokit.simulation import Outcome


V_WITHOUT_THRESHOLDS = 5.0  # V, to which a curve goes that nothing else gives a scale


@click.command()
@device_options
@click.option("--v-max", type=QUANTITY, help="Highest voltage in V.  [default: 1.25 V_th; 5 V where there is no V_th]")
@click.option("--simulate", "simulated", is_flag=True, help="Add a slow voltage sweep in ngspice.")
@jobs_option
@out_option(".png", ".svg", ".csv")
@output_options
@click.pass_context
def iv(
    ctx: click.Context,
    devices: Sequence[Chosen],
    v_max: float | None,
    simulated: bool,
    jobs: int | None,
    out: Path | None,
    output: Output,
) -> None:
    """The static I-V curve, heating and cooling branch."""
    from neurokit.report.iv_loops import static_branches

    highest = {chosen.label: _highest_voltage(chosen, v_max, output) for chosen in devices}
    curves = {chosen.label: static_branches(chosen.device, highest[chosen.label]) for chosen in devices}
    outcomes = _sweeps(devices, highest, jobs, output) if simulated else {}
    made_by = device_provenance(devices, outcomes=list(outcomes.values()))
    if out:
        _write_iv(out, curves, outcomes, made_by)
        output.wrote(out)
    if output.json:
        output.write_json({"curves": list(_iv_records(curves, outcomes)), "provenance": made_by})
    elif not out:
        _show_iv(curves, outcomes, output)
    ctx.exit(code_of_outcomes(outcomes.values()))


def _highest_voltage(chosen: Chosen, v_max: float | None, output: Output) -> float:
    from neurokit.circuits.iv_sweep import HEADROOM
    from neurokit.device.closed_form import NoThresholdsError
    from neurokit.device.closed_form import thresholds as closed_form
    from neurokit.errors import OutOfRangeError

    if v_max is not None and not v_max > 0:
        raise OutOfRangeError(f"v_max = {v_max:g} V must be above 0")
    if v_max is not None:
        return v_max
    try:
        return HEADROOM * closed_form(chosen.device).v_threshold
    except NoThresholdsError as error:
        output.say(f"{chosen.label}: {error}. Its curve is drawn to {V_WITHOUT_THRESHOLDS:g} V; --v-max says otherwise")
        return V_WITHOUT_THRESHOLDS


def _sweeps(
    devices: Sequence[Chosen], highest: dict[str, float], jobs: int | None, output: Output
) -> "dict[str, Outcome]":
    from neurokit.circuits import iv_netlist
    from neurokit.cli.simulations import simulate_all
    from neurokit.simulation import Cache

    netlists = [iv_netlist(chosen.device, v_max=highest[chosen.label]) for chosen in devices]
    return dict(zip(highest, simulate_all(netlists, jobs, output, Cache()), strict=True))


def _sweep_of(outcome: "Outcome") -> tuple[Any, Any]:
    return outcome.waveforms["v(a)"], -outcome.waveforms["i(v_sweep)"]


def _iv_records(curves: "dict[str, Branches]", outcomes: "dict[str, Outcome]") -> Iterator[dict[str, Any]]:
    for label, branches in curves.items():
        for name, curve in zip(("heating", "cooling"), branches, strict=True):
            yield {"device": label, "curve": name, "v": curve.v, "i": curve.i, "theta": curve.theta, "u": curve.u}
        if label in outcomes and outcomes[label].plots:
            v, i = _sweep_of(outcomes[label])
            yield {
                "device": label,
                "curve": outcomes[label].engine,
                "status": outcomes[label].status.value,
                "v": v,
                "i": i,
            }


def _write_iv(
    out: Path, curves: "dict[str, Branches]", outcomes: "dict[str, Outcome]", made_by: dict[str, Any]
) -> None:
    if out.suffix.lower() == ".csv":
        records = _iv_records(curves, outcomes)
        rows = ((r["device"], r["curve"], v, i) for r in records for v, i in zip(r["v"], r["i"], strict=True))
        return write_csv(out, ("device", "curve", "v (V)", "i (A)"), rows)
    from neurokit.report import FIGURES, save_figure

    sweeps = {label: [_sweep_of(outcome)] for label, outcome in outcomes.items() if outcome.plots}
    save_figure(FIGURES["iv_loops"](curves, sweeps), out, made_by)
    return None


def _show_iv(curves: "dict[str, Branches]", outcomes: "dict[str, Outcome]", output: Output) -> None:
    rows = [
        {"device": r["device"], "curve": r["curve"], "points": len(r["v"]), "v": max(r["v"]), "i": max(r["i"])}
        for r in _iv_records(curves, outcomes)
    ]
    output.show(
        {"device": "device", "curve": "curve", "points": "points", "v": "up to V (V)", "i": "up to I (A)"}, rows
    )
    output.say("--out iv.png draws these curves, --out iv.csv and --json give the numbers")
