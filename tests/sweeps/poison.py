"""What a worker does with points of which some are deadly; imported by the workers under this name."""

import os
import signal
import time
from collections.abc import Sequence

from neurokit.sweeps.spec import Row, SweepSpec, Values
from neurokit.sweeps.work import evaluate as usual

DEADLY = 13.0  # V: a point with this supply takes its worker with it


def evaluate(spec: SweepSpec, engine: str, points: Sequence[Values]) -> list[Row]:
    if any(values[-1] == DEADLY for values in points):
        time.sleep(0.05)  # its neighbours are under way
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(spec, engine, points)


def once(spec: SweepSpec, engine: str, points: Sequence[Values]) -> list[Row]:
    """The same, but each worker dies of it only while the file named by DEADLY_ONCE is there."""
    path = os.environ["DEADLY_ONCE"]
    if any(values[-1] == DEADLY for values in points) and os.path.exists(path):
        os.unlink(path)
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(spec, engine, points)


def mistaken(spec: SweepSpec, engine: str, points: Sequence[Values]) -> list[Row]:
    """A mistake in the code rather than a death."""
    raise ZeroDivisionError
