"""What a fit found: parameters with intervals, scores of every record, and what of it can be trusted, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from neurokit.calibration.description import Description
from neurokit.calibration.records import Record
from neurokit.device.vo2x import Vo2x
from neurokit.vacancy.model import Floats


@dataclass(frozen=True)
class Interval:
    """A parameter with what the data say of it."""

    name: str
    value: float  # SI
    low: float  # where chi-square has risen by what belongs to 95 %; a bound where it never does
    high: float
    determined: bool  # False: within its bounds the data do not limit it on one side or on both
    unit: str


@dataclass(frozen=True)
class Score:
    """How one quantity of one record is explained, by the twin or by ngspice."""

    record: str
    use: str  # "fit" or "check"
    quantity: str
    unit: str  # of rms and worst: "decades" of resistances and currents, "%" of frequencies, else SI
    rms: float
    worst: float
    explained: bool
    words: str = ""  # what is wrong, row by row


@dataclass(frozen=True, eq=False)
class Answers:
    """What the fitted device gives in a record, from one engine."""

    record: Record
    predicted: Mapping[str, Floats]
    lines: tuple["Answers", ...] = ()  # over the whole range of its drive: this device, then others not ruled out


@dataclass(frozen=True, eq=False)
class End:
    """One optimum, in which a start of the search ended."""

    chi_square: float
    allowed: bool  # whether data and assumptions do not rule it out beside the best one
    device: Vo2x
    circuit: Mapping[str, float]
    answers: tuple[Answers, ...]  # of every record, fitted and checked, by the twin and closed form
    confirmed: tuple[Answers, ...]  # of those that ngspice can run, by ngspice
    agreement: str  # how far ngspice is from the twin, in words


@dataclass(frozen=True)
class Ablation:
    """How a fit without some additions does, in standard deviations of the errors."""

    without: tuple[str, ...]  # additions left out; none of the whole model
    parameters: int  # free ones that are left
    fitted: float  # rms over what was fitted
    checked: float  # rms over what was kept apart; nan where nothing was
    missed: tuple[str, ...]  # what is not explained, and why where a row can be named

    @property
    def name(self) -> str:
        """What was left out, for people."""
        return ", ".join(self.without) or "nothing"


@dataclass(frozen=True, eq=False)
class Fit:
    """The whole of a fit."""

    description: Description
    best: End  # its answers have the lines of the others that are not ruled out
    others: tuple[End, ...]  # of the search's other starts
    numbers: int  # measured ones that were fitted
    intervals: tuple[Interval, ...]  # in the order of the free parameters
    correlations: Floats  # (parameters, parameters), of those that are determined nan elsewhere
    scores: tuple[Score, ...]
    verdict: tuple[str, ...]  # sentences
    starts: tuple[float, ...]  # chi-square that each start of the search ended in
    seed: int
    cpu_s: float
    evaluations: int
    ablations: tuple[Ablation, ...] = ()  # the whole model first, where it was asked what the additions are worth

    @property
    def holds(self) -> bool:
        """Whether every record is explained."""
        return all(score.explained for score in self.scores)
