"""`neurokit device rt`: resistance against temperature, major and minor loops, of the device or of its bare film."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from neurokit.cli.options import Chosen, device_options, out_option, output_options
from neurokit.cli.output import Output, device_provenance, write_csv
from neurokit.cli.parameter_types import Span


@click.command()
@device_options
@click.option("--temperature", type=Span(), metavar="LOW..HIGH", help="Temperatures in K.  [default: 40 K about T_c]")
@click.option("--minor", type=Span(), multiple=True, metavar="LOW..HIGH", help="Add a minor loop, in K; repeatable.")
@click.option("--bar", is_flag=True, help="A bar of the bare film, 1e4 to 10 ohm when pristine, not the device.")
@out_option(".png", ".svg", ".csv")
@output_options
def rt(
    devices: Sequence[Chosen],
    temperature: tuple[float, float] | None,
    minor: Sequence[tuple[float, float]],
    bar: bool,
    out: Path | None,
    output: Output,
) -> None:
    """Resistance against temperature, heating and cooling."""
    from neurokit.device.closed_form import critical_temperature, resistance_loop
    from neurokit.report.rt_loops import bare_film, minor_histories, temperatures

    if minor and len(devices) > 1:
        raise click.UsageError(f"--minor draws loops of one device, not of {len(devices)}: choose one")
    chosen = {c.label: bare_film(c.device) if bar else c.device for c in devices}
    critical = {label: critical_temperature(d) for label, d in chosen.items()}
    grid = temperatures(temperature or (min(critical.values()) - 40, max(critical.values()) + 40))
    loops = {label: resistance_loop(d, grid) for label, d in chosen.items()}
    histories = minor_histories(next(iter(chosen.values())), float(grid[0]), minor)
    kind = "bare film" if bar else "device"
    made_by = device_provenance(devices)
    if out:
        _write_rt(out, kind, loops, critical, histories, made_by)
        output.wrote(out)
    if output.json:
        output.write_json({"of": kind, "loops": _rt_records(loops, critical, histories), "provenance": made_by})
    elif not out:
        _show_rt(loops, critical, kind, output)


def _rt_records(loops: dict[str, Any], critical: dict[str, float], histories: dict[str, Any]) -> list[dict[str, Any]]:
    loop_records = [
        {
            "device": label,
            "critical_temperature": critical[label],
            "temperature": loop.temperature,
            "heating": loop.heating,
            "cooling": loop.cooling,
        }
        for label, loop in loops.items()
    ]
    return loop_records + [
        {"minor": label, "temperature": temperature, "resistance": resistance}
        for label, (temperature, resistance) in histories.items()
    ]


def _write_rt(
    out: Path,
    kind: str,
    loops: dict[str, Any],
    critical: dict[str, float],
    histories: dict[str, Any],
    made_by: dict[str, Any],
) -> None:
    if out.suffix.lower() == ".csv":
        return write_csv(out, ("device", "curve", "temperature (K)", "resistance (ohm)"), _rt_rows(loops, histories))
    from neurokit.report import FIGURES, save_figure

    if histories:
        (label, loop), *_ = loops.items()
        figure = FIGURES["minor_loops"](loop, histories, f"{label}, {kind}" if kind != "device" else label)
    else:
        figure = FIGURES["rt_loops"]({kind: loops}, critical)
    save_figure(figure, out, made_by)
    return None


def _rt_rows(loops: dict[str, Any], histories: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for label, loop in loops.items():
        for name in ("heating", "cooling"):
            for t, r in zip(loop.temperature, getattr(loop, name), strict=True):
                yield label, name, t, r
    for label, (temperature, resistance) in histories.items():
        for t, r in zip(temperature, resistance, strict=True):
            yield next(iter(loops)), label, t, r


def _show_rt(loops: dict[str, Any], critical: dict[str, float], kind: str, output: Output) -> None:
    rows = [
        {
            "device": label,
            "t_c": critical[label],
            "low": float(loop.temperature[0]),
            "r_low": float(loop.heating[0]),
            "high": float(loop.temperature[-1]),
            "r_high": float(loop.heating[-1]),
        }
        for label, loop in loops.items()
    ]
    headings = {
        "device": kind,
        "t_c": "T_c (K)",
        "low": "at T (K)",
        "r_low": "R (ohm)",
        "high": "at T (K) ",
        "r_high": "R (ohm) ",
    }
    output.show(headings, rows)
    output.say("--out rt.png draws the loops, --out rt.csv and --json give the numbers")
