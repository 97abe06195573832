"""`neurokit demo`: what the device and the neuron do, as figures and a table, every simulation in ngspice."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, TypeVar

import click

from neurokit.cli.doctor import code_of_checks
from neurokit.cli.exit_codes import OK, SIMULATIONS_FAILED, code_of_outcomes
from neurokit.cli.network_options import set_threads
from neurokit.cli.options import choose, folder_option, jobs_option, output_options, seed_option
from neurokit.cli.output import Output, device_provenance, plain
from neurokit.cli.simulations import simulate_all
from neurokit.cli.train import COLUMNS as ACCURACY
from neurokit.cli.train import accuracy_rows
from neurokit.cli.verify import COLUMNS as CHECKS
from neurokit.cli.verify import PAGE, check_rows, some_failed, verified
from neurokit.device.vo2x import CYCLE_SPREAD, DEVICES, MEASURED_THRESHOLDS, Vo2x, device_label
from neurokit.errors import NeurokitError, OtherRunError

if TYPE_CHECKING:
    from neurokit.circuits import Netlist
    from neurokit.simulation import Outcome
    from neurokit.snn.results import Trained
    from neurokit.spikes.transfer import TransferCurve
    from neurokit.sweeps.diagram import PhaseDiagram

T = TypeVar("T")

DIAGRAM, NETWORK = "phase_diagram", "network"  # folders below --out
VERIFIED_DIGITS = 3
# A circuit whose neurons spike some 25 times in the window; on 1437 small images it takes a few seconds.
TRAINED: Mapping[str, Any] = {
    "hidden": (32,),
    "r_series": 6e3,
    "capacitance": 0.2e-9,
    "v_rail": 20.9,
    "width": 2.0,
    "loss": "cross_entropy",
    "epochs": 12,
    "batch": 32,
}
NOISE_CYCLES, NOISE_DECKS = 200, 4
X_BETWEEN = (0.005, 0.015, 0.025, 0.035, 0.045)
MINOR_SPANS = ((330.0, 339.0), (332.0, 340.5), (334.0, 342.0))  # K

COLUMNS = {
    "device": "device",
    "v_threshold": "V_th ngspice (V)",
    "v_threshold_closed_form": "closed form (V)",
    "v_hold": "V_hold ngspice (V)",
    "amplitude": "amplitude (V)",
    "frequency": "frequency (Hz)",
    "peak_temperature": "peak T (K)",
    "status": "status",
}


@dataclass(frozen=True)
class _Plan:
    """Every netlist of the demo, by what it is for."""

    sweeps: Mapping[float, "Netlist"]  # by x
    neurons: Mapping[int, "Netlist"]  # by device
    noise: "Sequence[Netlist]"

    def netlists(self) -> "list[Netlist]":
        return [*self.sweeps.values(), *self.neurons.values(), *self.noise]


@dataclass(frozen=True)
class _Results:
    """The same, simulated."""

    sweeps: "Mapping[float, Outcome]"
    neurons: "Mapping[int, Outcome]"
    noise: "Sequence[Outcome]"

    def outcomes(self) -> "list[Outcome]":
        return [*self.sweeps.values(), *self.neurons.values(), *self.noise]


@click.command()
@folder_option(default="out/demo")
@jobs_option
@seed_option
@output_options
@click.pass_context
def demo(ctx: click.Context, out: Path, jobs: int | None, seed: int, output: Output) -> None:
    """Check the installation; simulate devices, a phase diagram and transfer curves; train a network, and verify it.

    The network learns small digits and is put back into ngspice for three of them. Everything is drawn into --out.
    """
    _refuse_incomplete_installation(ctx)
    plan = _plan(seed)
    results = _simulated(plan, jobs, output)
    made_by = device_provenance(choose(tuple(DEVICES)), results.outcomes()) | {"seed": seed}
    noise = _thresholds_under_noise(results)
    rows = _device_rows(results)
    summary: dict[str, Any] = {"devices": rows, "threshold_noise": _noise_row(noise), "provenance": made_by}
    out.mkdir(parents=True, exist_ok=True)
    paths = _write_figures(out, results, noise, made_by)
    diagram = _phase_diagram(out, jobs, output)
    curves = _transfer_curves(jobs)
    paths += [out / DIAGRAM / "diagram.png", _draw_curves(curves, out, made_by)]
    trained = _trained_network(out / NETWORK, output)
    paths += sorted((out / NETWORK).glob("*.png"))
    summary["network"] = trained.record["accuracy"] if trained else None
    report, files = _verified(trained, out / NETWORK / "verify", jobs, seed, output) if trained else ({}, [])
    summary["verification"] = report.get("summary")
    paths += files
    summary["triple_point"] = asdict(diagram.triple) if diagram.triple else None
    path = out / "summary.json"
    path.write_text(json.dumps(plain(summary), indent=2) + "\n", encoding="utf-8")
    if output.json:
        output.write_json(summary | {"files": [*paths, path]})
    else:
        output.show(COLUMNS, rows)
        if trained:
            output.show(ACCURACY, accuracy_rows(trained))
            output.show(CHECKS, check_rows(report))
        for written in (*paths, path):
            click.echo(written)
        if report:
            click.echo(f"the trained network against its circuit in ngspice: {out / NETWORK / 'verify' / PAGE}")
    points = [point for curve in curves.values() for point in curve.points]
    lost = any(not row["regime"] for row in diagram.rows) or (report and some_failed(report))
    failed = SIMULATIONS_FAILED if lost else OK
    ctx.exit(code_of_outcomes([*results.outcomes(), *points]) or failed)


def _phase_diagram(out: Path, jobs: int | None, output: Output) -> "PhaseDiagram":
    """The tri-state diagram of Device 1, its points kept below `out` like those of any sweep."""
    from neurokit.circuits import NeuronCircuit
    from neurokit.cli.sweep import swept
    from neurokit.simulation.versions import quickest_backend
    from neurokit.sweeps.executors import local_processes
    from neurokit.sweeps.run import Method
    from neurokit.sweeps.spec import SweepSpec, default_axes

    device = DEVICES[1]
    spec = SweepSpec(NeuronCircuit(device), default_axes(device), backend=quickest_backend())
    return afresh(
        out / DIAGRAM,
        lambda folder: swept(device_label(1), spec, folder, local_processes(jobs), Method(), False, output),
        output,
    )


def _trained_network(folder: Path, output: Output) -> "Trained | None":
    """784-32-10 on the digits that scikit-learn brings; None where the packages for that are not installed."""
    try:
        set_threads()
    except NeurokitError as error:
        output.say(f"no network is trained: {error}")
        return None
    from neurokit.cli.network_figures import draw_trained
    from neurokit.simulation import Cache
    from neurokit.snn.data import load
    from neurokit.snn.job import curve_of, train_into
    from neurokit.snn.settings import Settings, changed

    digits, settings = load("digits"), changed(Settings(), TRAINED)
    output.say("training 784-32-10 on scikit-learn's digits")
    trained = train_into(folder, digits, settings, curve_of(settings, Cache().simulate))
    draw_trained(trained, digits, folder)
    return trained


def _verified(
    trained: "Trained", folder: Path, jobs: int | None, seed: int, output: Output
) -> "tuple[Mapping[str, Any], list[Path]]":
    """A few digits in ngspice, all of them by the twin, compared."""
    from neurokit.snn.data import load
    from neurokit.verification.job import Plan

    output.say(f"verifying it in ngspice on {VERIFIED_DIGITS} digits")
    plan = Plan(VERIFIED_DIGITS, seed, devices=0, jobs=jobs)
    return afresh(folder, lambda folder: verified(folder, trained, load("digits"), plan, output), output)


def afresh(folder: Path, run: "Callable[[Path], T]", output: Output) -> "T":
    """What a run in a folder of the demo gives; what a demo of another version left there makes room first."""
    try:
        return run(folder)
    except OtherRunError:
        before = folder.with_name(f"{folder.name}.before")
        output.say(f"{folder} is of another version's demo: it is kept as {before} and made anew")
        rmtree(before, ignore_errors=True)
        folder.rename(before)
        return run(folder)


def _transfer_curves(jobs: int | None) -> "dict[str, TransferCurve]":
    from neurokit.circuits import NeuronCircuit
    from neurokit.cli.transfer import measured_curves
    from neurokit.simulation.versions import quickest_backend

    neurons = {device_label(n): NeuronCircuit(device) for n, device in DEVICES.items()}
    return measured_curves(neurons, {}, quickest_backend(), True, jobs)


def _draw_curves(curves: "dict[str, TransferCurve]", out: Path, made_by: Mapping[str, Any]) -> Path:
    from neurokit.report import FIGURES, save_figure

    about = dict(made_by) | {"curves": {name: dict(curve.provenance) for name, curve in curves.items()}}
    return save_figure(FIGURES["transfer_curves"](curves, "Transfer curves"), out / "transfer_curves.png", about)


def _refuse_incomplete_installation(ctx: click.Context) -> None:
    from neurokit.simulation.installation import installation

    checks = installation()
    for check in checks:
        if check.required and not check.found:
            click.echo(f"{check.name}: {check.detail}; {check.advice}", err=True)
    if code := code_of_checks(checks):
        ctx.exit(code)


def _plan(seed: int) -> _Plan:
    from neurokit.circuits import NeuronCircuit, neuron_netlist

    xs = sorted({*X_BETWEEN, *(device.x for device in DEVICES.values())})
    return _Plan(
        sweeps={x: _sweep(Vo2x(x=x)) for x in xs},
        neurons={n: neuron_netlist(NeuronCircuit(device), temperature=True) for n, device in DEVICES.items()},
        noise=[_noisy_sweep(seed + deck) for deck in range(NOISE_DECKS)],
    )


def _sweep(device: Vo2x, cycles: int = 1) -> "Netlist":
    from neurokit.circuits.iv_sweep import HEADROOM, iv_netlist
    from neurokit.device.closed_form import thresholds

    return iv_netlist(device, v_max=HEADROOM * thresholds(device).v_threshold, cycles=cycles)


def _noisy_sweep(seed: int) -> "Netlist":
    """Device 1 through its share of the cycles, with a new threshold for every triangle."""
    cycles = NOISE_CYCLES // NOISE_DECKS
    triangle = (_sweep(DEVICES[1], cycles).t_stop or 0.0) / cycles
    return _sweep(replace(DEVICES[1], noise=CYCLE_SPREAD, noise_step=triangle, seed=float(seed)), cycles)


def _simulated(plan: _Plan, jobs: int | None, output: Output) -> _Results:
    outcomes = iter(simulate_all(plan.netlists(), jobs, output))
    return _Results(
        sweeps={x: next(outcomes) for x in plan.sweeps},
        neurons={n: next(outcomes) for n in plan.neurons},
        noise=list(outcomes),
    )


def _device_rows(results: _Results) -> list[dict[str, Any]]:
    from neurokit.device.closed_form import thresholds
    from neurokit.spikes.switching import oscillation

    rows = []
    for number, device in DEVICES.items():
        closed = thresholds(device)
        row: dict[str, Any] = {
            "device": device_label(number),
            "x": device.x,
            "v_threshold_closed_form": closed.v_threshold,
            "v_hold_closed_form": closed.v_hold,
            "v_threshold_published": MEASURED_THRESHOLDS.get(number),
        }
        sweep, neuron = results.sweeps[device.x], results.neurons[number]
        if sweep.complete:
            v_threshold, v_hold = _switching(sweep)
            row |= {"v_threshold": float(v_threshold[0]), "v_hold": float(v_hold[0])}
        if neuron.complete:
            waves = neuron.waveforms
            found = oscillation(waves.time, waves["v(osc)"])
            row |= {"amplitude": found.amplitude, "frequency": found.frequency}
            row |= {"peak_temperature": float(waves["v(t_kelvin)"].max())}
        rows.append(row | {"status": f"{sweep.status.value}, {neuron.status.value}"})
    return rows


def _thresholds_under_noise(results: _Results) -> Any:
    import numpy as np

    return np.concatenate([_switching(outcome)[0] for outcome in results.noise if outcome.complete] or [np.array([])])


def _noise_row(v_threshold: Any) -> dict[str, Any]:
    if len(v_threshold) < 2:
        return {"cycles": len(v_threshold), "spread_asked_for": CYCLE_SPREAD}
    spread = float(v_threshold.std(ddof=1) / v_threshold.mean())
    return {
        "cycles": len(v_threshold),
        "mean": float(v_threshold.mean()),
        "spread": spread,
        "spread_asked_for": CYCLE_SPREAD,
    }


def _switching(outcome: "Outcome") -> tuple[Any, Any]:
    from neurokit.spikes.switching import switching_voltages

    found = switching_voltages(*_sweep_of(outcome))
    return found.v_threshold, found.v_hold


def _sweep_of(outcome: "Outcome") -> tuple[Any, Any]:
    return outcome.waveforms["v(a)"], -outcome.waveforms["i(v_sweep)"]


def _write_figures(out: Path, results: _Results, noise: Any, made_by: Mapping[str, Any]) -> list[Path]:
    from neurokit.report import FIGURES, save_figure

    figures = {
        "iv_loops": _iv_figure(results),
        "rt_loops": _rt_figure(),
        "minor_loops": _minor_figure(),
        "waveforms": _waveform_figure(results),
        "thresholds_vs_x": _threshold_figure(results),
        "threshold_noise": _noise_figure(results, noise),
    }
    return [
        save_figure(FIGURES[name](*arguments), out / f"{name}.png", made_by)
        for name, arguments in figures.items()
        if arguments is not None
    ]


def _iv_figure(results: _Results) -> tuple[Any, ...]:
    from neurokit.circuits.iv_sweep import HEADROOM
    from neurokit.device.closed_form import thresholds
    from neurokit.report.iv_loops import static_branches

    curves = {
        device_label(n): static_branches(device, HEADROOM * thresholds(device).v_threshold)
        for n, device in DEVICES.items()
    }
    sweeps = {
        device_label(n): [_sweep_of(results.sweeps[device.x])]
        for n, device in DEVICES.items()
        if results.sweeps[device.x].plots
    }
    return curves, sweeps


def _rt_figure() -> tuple[Any, ...]:
    from neurokit.device.closed_form import critical_temperature, resistance_loop
    from neurokit.report.rt_loops import bare_film, temperatures

    grid = temperatures((300.0, 375.0))
    loops = {
        kind: {device_label(n): resistance_loop(of(device), grid) for n, device in DEVICES.items()}
        for kind, of in (("device", lambda device: device), ("bare film", bare_film))
    }
    return loops, {device_label(n): critical_temperature(device) for n, device in DEVICES.items()}


def _minor_figure() -> tuple[Any, ...]:
    from neurokit.device.closed_form import resistance_loop
    from neurokit.report.rt_loops import minor_histories, temperatures

    grid = temperatures((310.0, 355.0))
    return resistance_loop(DEVICES[1], grid), minor_histories(DEVICES[1], float(grid[0]), MINOR_SPANS), device_label(1)


def _waveform_figure(results: _Results) -> tuple[Any, ...] | None:
    runs = {device_label(n): outcome.waveforms for n, outcome in results.neurons.items() if outcome.plots}
    return (runs,) if runs else None


def _threshold_figure(results: _Results) -> tuple[Any, ...]:
    import numpy as np

    from neurokit.device.closed_form import threshold_limit, thresholds

    x = np.linspace(0, 0.98 * threshold_limit(Vo2x()), 60)
    closed = [thresholds(Vo2x(x=float(value))) for value in x]
    found = {value: _switching(outcome) for value, outcome in results.sweeps.items() if outcome.complete}
    simulated = (list(found), [on[0] for on, _ in found.values()], [off[0] for _, off in found.values()])
    published = ([DEVICES[n].x for n in MEASURED_THRESHOLDS], list(MEASURED_THRESHOLDS.values()))
    return x, [t.v_threshold for t in closed], [t.v_hold for t in closed], simulated, published


def _noise_figure(results: _Results, noise: Any) -> tuple[Any, ...] | None:
    """Around the threshold of the same sweep without noise: any sweep lags a little behind the static threshold."""
    quiet = results.sweeps[DEVICES[1].x]
    return (noise, float(_switching(quiet)[0][0]), CYCLE_SPREAD) if len(noise) > 1 and quiet.complete else None
