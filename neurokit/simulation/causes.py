"""The diagnosis: from what a simulator wrote and computed to status, cause, its own words and what to try.

Success is judged by results: the last time is reached, every probe is there, every number is finite, and
the error stream holds nothing that is known to spoil a result. The exit code alone proves nothing: ngspice
exits 0 after a resistor without a node, a missing code model or a full disk, and writes harmless notes to
the same stream as errors. So there is a closed table of the lines after which a result is wrong or missing,
however complete it looks, and the netlist itself is examined (`faults`) for what ngspice accepts without a word.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from neurokit.circuits.netlist import Netlist
from neurokit.simulation.cards import has_control, saved_names, tran_cards, transient_stops
from neurokit.simulation.faults import Fault, faults
from neurokit.simulation.outcome import Cause, Outcome, Status, Waveforms

HUGE = 1e30  # ngspice writes 1e32 for a division by zero and 1e99 for an overflow instead of an infinity
TIME_TOLERANCE = 1e-6  # relative, of the last time; ngspice ends within a rounding error of it
MESSAGES_KEPT = 12
MESSAGE_WIDTH = 300


@dataclass(frozen=True)
class Diagnosis:
    """What one run is worth, and why."""

    status: Status
    cause: Cause | None = None
    messages: tuple[str, ...] = ()
    advice: str = ""


FATAL: tuple[tuple[str, Cause], ...] = (  # the first pattern that any line matches names the cause
    (r"can't allocate|cannot allocate memory|out of memory|failed to map segment|bad_alloc", Cause.MEMORY_LIMIT),
    (r"write error|no space left|file too large", Cause.OUTPUT_LIMIT),
    (r"couldn't be loaded|error opening code model", Cause.MISSING_CODE_MODEL),
    (
        r"could not find (include|library) file|library file .* not found|section definition .* not found"
        r"|: no such file or directory|can't open file",
        Cause.MISSING_FILE,
    ),
    (r"unknown subckt: (\w+\.){15}", Cause.SYNTAX),  # a sub-circuit that calls itself
    (r"x_outside_0_to_0p1", Cause.OUT_OF_RANGE),
    (r"unknown parameter \([+-]?(nan|inf)\)", Cause.NOT_FINITE),
    (r"misplaced operator|closing \"?.\"? not found|mismatch of \.subckt", Cause.SYNTAX),
    (r"undefined parameter|unknown parameter|cannot compute substitute|formula\(\) error", Cause.UNDEFINED_PARAMETER),
    (
        r"unknown subckt|can't find model|could not find a valid modelname|model name is not found"
        r"|model type mismatch|unable to find definition of model$",
        Cause.UNKNOWN_MODEL,
    ),
    (r"unable to find definition of model", Cause.MISSING_CODE_MODEL),
    (
        r"not enough (nodes|parameters)|too (few|many) parameters for subcircuit|set to 1 mohm|on non-existent node"
        r"|unknown controlling source|non-existant inductor",
        Cause.MISSING_NODE,
    ),
    (
        r"syntax error|error on line|circuit not parsed|mal ?formed|device already exists|bad type given"
        r"|no such command available|unimplemented|no such function|no such device|rhs .* invalid"
        r"|missing \.endc|breakpoint in the past|could not set temperature",
        Cause.SYNTAX,
    ),
    (r"is a shorted|singular matrix: *check node \S*#branch", Cause.SINGULAR_MATRIX),
    (r"singular matrix: *check node", Cause.MISSING_NODE),
    (r"singular matrix", Cause.SINGULAR_MATRIX),
    (r"transient op failed|iteration limit reached|no convergence in", Cause.NO_OPERATING_POINT),
    (r"timestep too small", Cause.TIMESTEP_TOO_SMALL),
    (r"no data saved for|from checkvalid: vector|unrecognized variable|no such vector", Cause.MISSING_PROBE),
    (r"there aren't any circuits loaded|no circuit loaded", Cause.SYNTAX),
    (r"panic|fatal error|run simulation\(s\) aborted|^error", Cause.UNKNOWN),
)

OUT_OF_DOMAIN = re.compile(r"out of range for \w+")  # explains a failed run; a good one may recover from it
NOT_CONVERGED = frozenset({Cause.TIMESTEP_TOO_SMALL, Cause.NO_OPERATING_POINT, Cause.INCOMPLETE, Cause.UNKNOWN})

HARMLESS = re.compile(  # lines that look like one of the above and are not
    r"^error: measure\b|^\s*\.?meas\w* .* failed!"  # that something was never reached is an answer
    r"|^error: .* out of range for \w+$"  # Newton may try a bad argument and recover
    r"|^note:|^warning: model issue|no \.measure possible|remove rawfile and use"
    r"|can't open viewport|not defined for display type|no resource usage information",
    re.IGNORECASE,
)

NOISE = re.compile(  # lines that tell a person nothing about what went wrong
    r"^note:|gmin step|source step|simulation interrupted due to error|no resource usage information"
    r"|or no active circuit available|^transient op (started|finished)|exit\(1\)",
    re.IGNORECASE,
)

_PROGRESS = re.compile(
    r"Reference value :\s*\S+|Trying gmin =\s*\S+|Supplies reduced to\s*\S+|\r|Warning: Further gmin.*"
)
_ROWS_COMPUTED = re.compile(r"No\. of Data Rows : [1-9]")
_MEASUREMENT = re.compile(r"\w+\s+=\s+[-+]?\d\S*(\s+(at|from|targ|trig)\s*=.*)?\s*\Z")

ADVICE: Mapping[Cause, str] = {
    Cause.NO_SIMULATOR: "install ngspice (Debian or Ubuntu: apt install ngspice, macOS: brew install ngspice) "
    "and run `neurokit doctor`",
    Cause.UNREADABLE: "give a netlist as UTF-8 text with a title line; `iconv -f latin1 -t utf-8` converts older files",
    Cause.UNSAFE: "remove the construct, or run without --safe if you trust the netlist",
    Cause.SYNTAX: "correct the line that the simulator names; a continued line begins with +",
    Cause.UNKNOWN_MODEL: "include the library that defines it (.include), or correct the name; check the order of pins",
    Cause.UNDEFINED_PARAMETER: "define it with .param, or pass it to the sub-circuit; names do not distinguish case",
    Cause.OUT_OF_RANGE: "give a value within the bounds; the header of spice_models/vo2x.lib lists them all",
    Cause.MISSING_FILE: "paths in .include and .lib start at the netlist's folder; check the file and the section",
    Cause.MISSING_NODE: "give every element all its nodes and every node a direct-current path to ground "
    "(a resistor of 1e12 Ohm will do)",
    Cause.MISSING_CODE_MODEL: "check the type in .model, and with `neurokit doctor` whether this ngspice has XSPICE "
    "and its code models",
    Cause.SINGULAR_MATRIX: "break loops of voltage sources and inductors with a small resistor",
    Cause.TIMESTEP_TOO_SMALL: "smooth jumps in behavioural sources, add a small capacitor at the node named, "
    "or give a shorter maximum step",
    Cause.NO_OPERATING_POINT: "start from given voltages (.ic with UIC), or help with .nodeset and smoother sources",
    Cause.NO_ANALYSIS: "add an analysis, such as `.tran 10n 100u 0 10n uic`",
    Cause.MISSING_PROBE: "save the node under the name it has in the netlist: .save v(out) i(vsense)",
    Cause.NOT_FINITE: "keep divisors away from 0 and arguments of log, sqrt and exp in range: limit() and max() help",
    Cause.INCOMPLETE: "run again; if it stays, give a shorter maximum step",
    Cause.TIME_LIMIT: "allow more time, shorten the analysis, or give a larger maximum step",
    Cause.MEMORY_LIMIT: "allow more memory, or save fewer vectors (.save)",
    Cause.OUTPUT_LIMIT: "allow more output, save fewer vectors (.save), take a larger step, or free the disk",
    Cause.INTERRUPTED: "run again",
    Cause.SIMULATOR_DIED: "run again; if it stays, cut the netlist down until it runs",
    Cause.UNKNOWN: "read the simulator's lines above; run the netlist by `ngspice -b` to see all of them",
}

STOPPED_EARLY = frozenset(  # with rows before the stop these are partial results rather than failures
    {
        Cause.TIMESTEP_TOO_SMALL,
        Cause.INCOMPLETE,
        Cause.TIME_LIMIT,
        Cause.MEMORY_LIMIT,
        Cause.OUTPUT_LIMIT,
        Cause.INTERRUPTED,
        Cause.SIMULATOR_DIED,
        Cause.NO_OPERATING_POINT,
        Cause.NOT_FINITE,
        Cause.UNKNOWN,
    }
)


def diagnose(
    netlist: Netlist,
    plots: Sequence[Waveforms],
    errors: str,
    output: str = "",
    exit_code: int = 0,
    limit: Cause | None = None,
) -> Diagnosis:
    """Judge one run by its results; no process is needed, only what one left.

    `errors` is the simulator's error stream, `output` its other one; an `exit_code` below 0 is a signal.
    `limit` is a cause that the caller knows for certain, as it ended the run itself.
    """
    filled = [plot for plot in plots if len(plot)]
    lines = error_lines(errors)
    found = () if limit else faults(netlist)
    cause, reason = _cause(netlist, filled, lines, output, exit_code, found) if limit is None else (limit, "")
    messages = _kept((*(fault.message for fault in found), *_relevant(lines), *_measurements(output)))
    if cause is None:
        return Diagnosis(Status.OK, None, messages)
    words = messages if messages or not reason else (reason,)
    return Diagnosis(_status(cause, filled), cause, words, ADVICE[cause])


def judged(
    found: Diagnosis,
    netlist: Netlist,
    engine: str,
    plots: tuple[Waveforms, ...],
    versions: Mapping[str, str],
    cpu_s: float,
    wall_s: float,
) -> Outcome:
    """The outcome of a run with this diagnosis."""
    return Outcome(
        status=found.status,
        netlist=netlist,
        engine=engine,
        plots=plots,
        cause=found.cause,
        messages=found.messages,
        advice=found.advice,
        versions=versions,
        cpu_s=cpu_s,
        wall_s=wall_s,
    )


def failed(netlist: Netlist, engine: str, cause: Cause, message: str) -> Outcome:
    """The outcome of a run that was not even begun, or of which nothing is left."""
    return Outcome(Status.FAILED, netlist, engine, cause=cause, messages=(message,), advice=ADVICE[cause])


def error_lines(errors: str) -> tuple[str, ...]:
    """The lines of an error stream without the progress that ngspice writes into them."""
    lines = (line.rstrip() for line in _PROGRESS.sub("\n", errors).split("\n"))
    return tuple(line for line in lines if line.strip())


def cause_in(lines: Sequence[str]) -> Cause | None:
    """The cause that the simulator's own lines name; None where none of them spoils a result."""
    judged = [line for line in lines if not HARMLESS.search(line)]
    for pattern, cause in FATAL:
        if any(re.search(pattern, line, re.IGNORECASE) for line in judged):
            return cause
    return None


def _cause(
    netlist: Netlist,
    plots: Sequence[Waveforms],
    lines: Sequence[str],
    output: str,
    exit_code: int,
    found: Sequence[Fault],
) -> tuple[Cause | None, str]:
    """The first that applies: the text's own fault, the simulator's words, the exit, the result."""
    if found:
        return found[0].cause, found[0].message
    named = cause_in(lines)
    if (named is None or named in NOT_CONVERGED) and (named or exit_code) and any(map(OUT_OF_DOMAIN.search, lines)):
        return Cause.NOT_FINITE, "an expression left the range in which it has a value"
    if named is not None:
        return named, ""
    if exit_code < 0:
        return Cause.SIMULATOR_DIED, f"the simulator was ended by signal {-exit_code}"
    if exit_code > 0:
        return Cause.UNKNOWN, f"the simulator left with exit code {exit_code}"
    return next(_result_faults(netlist, plots, output), (None, ""))


def _result_faults(netlist: Netlist, plots: Sequence[Waveforms], output: str) -> Iterator[tuple[Cause, str]]:
    if not plots and not (has_control(netlist.text) and _ROWS_COMPUTED.search(output) and not netlist.probes):
        yield Cause.INCOMPLETE, "the simulator ended without a result and without a message"
    yield from _unreached_times(netlist, plots)
    yield from _missing_probes(netlist, plots)
    yield from _not_finite(plots)


def _unreached_times(netlist: Netlist, plots: Sequence[Waveforms]) -> Iterator[tuple[Cause, str]]:
    """A .control block may stop early on purpose, so there only a time that the netlist's maker promised counts."""
    ends = [float(plot.time[-1]) for plot in plots if plot.scale == "time"]
    if netlist.t_stop is not None:
        wanted: tuple[float | None, ...] = (netlist.t_stop,)
        ends = [max(ends, default=0.0)]
    elif has_control(netlist.text):
        return
    else:
        wanted = transient_stops(netlist.text)
    if len(ends) < len(wanted):
        yield Cause.INCOMPLETE, f"{len(tran_cards(netlist.text))} transients were asked for, {len(ends)} came back"
    known = [stop for stop in wanted if stop is not None]
    if len(known) < len(wanted):
        return
    for end, stop in zip(sorted(ends), sorted(known), strict=False):  # ngspice chooses the order of the analyses
        if end < stop * (1 - TIME_TOLERANCE):
            yield Cause.INCOMPLETE, f"the transient ended at {end:.6g} s, before its last time {stop:.6g} s"


def _missing_probes(netlist: Netlist, plots: Sequence[Waveforms]) -> Iterator[tuple[Cause, str]]:
    present = {name for plot in plots for name in plot.signals}
    wanted = [*(probe.lower() for probe in netlist.probes)]
    if plots and not any(plot.name.lower().startswith(("noise", "integrated noise")) for plot in plots):
        wanted += saved_names(netlist.text)
    absent = [name for name in wanted if name not in present]
    if absent:
        yield Cause.MISSING_PROBE, f"the result holds no {', '.join(absent)}; it holds {', '.join(sorted(present))}"
    elif plots and present <= {"time"}:
        yield Cause.MISSING_PROBE, "the result holds time and nothing else"


def _not_finite(plots: Sequence[Waveforms]) -> Iterator[tuple[Cause, str]]:
    for plot in plots:
        for name, values in plot.signals.items():
            if not abs(values).max() < HUGE:  # written so that NaN is caught too
                yield Cause.NOT_FINITE, f"{name} is not finite (beyond {HUGE:g}): a division by zero or an overflow"


def _status(cause: Cause, plots: Sequence[Waveforms]) -> Status:
    usable = plots and cause in STOPPED_EARLY and not any(_not_finite(plots))
    return Status.PARTIAL if usable else Status.FAILED


def _relevant(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if not NOISE.search(line.strip()))


def _measurements(output: str) -> tuple[str, ...]:
    """The results of .meas cards, which exist only as text."""
    return tuple(line.strip() for line in output.splitlines() if _MEASUREMENT.match(line))


def _kept(messages: Sequence[str]) -> tuple[str, ...]:
    """Each line once, the first and the last ones of many, none without end."""
    distinct = [line[:MESSAGE_WIDTH] for line in dict.fromkeys(line.strip() for line in messages)]
    if len(distinct) <= MESSAGES_KEPT:
        return tuple(distinct)
    half = MESSAGES_KEPT // 2
    return (*distinct[:half], f"... {len(distinct) - 2 * half} more lines ...", *distinct[-half:])
