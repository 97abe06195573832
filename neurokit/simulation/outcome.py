"""What a simulation ended as: ok, recovered, partial or failed, with its cause and everything it computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from neurokit.circuits.netlist import Netlist
from neurokit.errors import NeurokitError, SimulationFailedError
from neurokit.simulation.stop import Stop

if TYPE_CHECKING:  # NumPy takes its time to import, and `neurokit doctor` runs where it is missing
    import numpy as np
    from numpy.typing import NDArray


class Status(Enum):
    """How a simulation ended.

    | status    | result complete | what happened                                                  |
    |-----------|-----------------|----------------------------------------------------------------|
    | OK        | yes             | as asked, at the first try                                     |
    | RECOVERED | yes             | after a step of the retry ladder, named in `Outcome.rung`      |
    | PARTIAL   | no              | it stopped early; what was computed before is in `waveforms`   |
    | FAILED    | no              | nothing usable was computed                                    |
    """

    OK = "ok"
    RECOVERED = "recovered"
    PARTIAL = "partial"
    FAILED = "failed"


class Cause(Enum):
    """Why a simulation is not complete. The list is closed: `UNKNOWN` is the honest end of it."""

    NO_SIMULATOR = "no simulator"
    UNREADABLE = "unreadable netlist"  # empty, binary, wrong encoding
    UNSAFE = "refused as unsafe"
    SYNTAX = "syntax error"
    UNKNOWN_MODEL = "unknown model or sub-circuit"
    UNDEFINED_PARAMETER = "undefined parameter"
    OUT_OF_RANGE = "parameter out of range"
    MISSING_FILE = "missing file"
    MISSING_NODE = "floating or missing node"
    MISSING_CODE_MODEL = "missing code model"
    SINGULAR_MATRIX = "singular matrix"
    TIMESTEP_TOO_SMALL = "timestep too small"
    NO_OPERATING_POINT = "no operating point"
    NO_ANALYSIS = "no analysis"
    MISSING_PROBE = "missing probe"
    NOT_FINITE = "not finite"
    INCOMPLETE = "incomplete"  # ended before its last time without saying why
    TIME_LIMIT = "time limit"
    MEMORY_LIMIT = "memory limit"
    OUTPUT_LIMIT = "output limit"
    INTERRUPTED = "interrupted"
    SIMULATOR_DIED = "simulator died"  # by a signal, without a message
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Limits:
    """What one simulation may use before it is ended, with everything computed so far kept."""

    time_s: float = 600.0  # wall-clock
    memory_bytes: int = 4 * 2**30  # address space of the simulator
    output_bytes: int = 2 * 2**30  # raw file, or the same amount of vectors in memory
    stop: Stop | None = None  # ends the simulation when it is set

    def __post_init__(self) -> None:
        for name in ("time_s", "memory_bytes", "output_bytes"):
            value = getattr(self, name)
            if not value > 0:
                raise NeurokitError(f"limit {name} is {value}: it must be above 0")


@dataclass(frozen=True)
class Waveforms:
    """One plot of a simulation: a scale (time, frequency, a swept source) and signals over it by lower-case name."""

    name: str  # the simulator's word for the plot, such as "Transient Analysis"
    scale: str  # name of the scale vector: "time", "frequency", "v-sweep"
    signals: "Mapping[str, NDArray[np.float64] | NDArray[np.complex128]]"  # SI units, the scale among them

    def __getitem__(self, name: str) -> "NDArray[np.float64]":
        """The real signal of this name ("v(osc)", "time"); case does not count, as in SPICE."""
        import numpy as np

        key = name.lower()
        if key not in self.signals:
            raise NeurokitError(f"no signal {name!r} in this result: it holds {', '.join(self.signals)}")
        values = self.signals[key]
        if np.iscomplexobj(values):
            raise NeurokitError(f"signal {name!r} is complex: take it from `signals`")
        return np.asarray(values, dtype=np.float64)

    @property
    def time(self) -> "NDArray[np.float64]":
        return self["time"]  # s

    def __len__(self) -> int:
        return len(self.signals[self.scale])


@dataclass(frozen=True)
class Outcome:
    """How a simulation ended and what it computed; results say which engine, netlist and versions made them."""

    status: Status
    netlist: Netlist
    engine: str  # "ngspice", "pyspice" or "twin"
    plots: tuple[Waveforms, ...] = ()
    cause: Cause | None = None
    rung: str | None = None  # the step of the retry ladder that worked
    messages: tuple[str, ...] = ()  # the simulator's own lines that matter, in its order
    advice: str = ""  # what to try
    netlist_path: str | None = None  # where the text that was run lies, kept for failed runs
    versions: Mapping[str, str] = field(default_factory=dict)  # {"neurokit": ..., "ngspice": ...}
    cpu_s: float = 0.0  # processor time of the simulator, all tries together
    wall_s: float = 0.0
    memory_bytes: int = 0  # of address space, the most of any try, as the simulator says; 0 where it does not
    from_cache: bool = False

    @property
    def complete(self) -> bool:
        return self.status in (Status.OK, Status.RECOVERED)

    @property
    def waveforms(self) -> Waveforms:
        """The first plot: of a complete run all of it, of a partial one what was computed before it ended."""
        if not self.plots:
            raise SimulationFailedError(self.explain())
        return self.plots[0]

    def checked(self) -> "Outcome":
        """This outcome if it is complete; otherwise its cause is raised."""
        if not self.complete:
            raise SimulationFailedError(self.explain())
        return self

    def explain(self) -> str:
        """One paragraph for a person: status, cause, the simulator's words, where the netlist is, what to try."""
        head = f"{self.netlist.title!r} on {self.engine}: {self.status.value}"
        if self.rung:
            head += f" (by {self.rung})"
        if self.cause:
            head += f", {self.cause.value}"
        lines = [head, *(f"  {line}" for line in self.messages)]
        if self.netlist_path:
            lines.append(f"  netlist: {self.netlist_path}")
        if self.advice:
            lines.append(f"  try: {self.advice}")
        return "\n".join(lines)
