"""A published figure beside what a model reaches, and how far off the model may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A published statement beside what the model reaches.

    What is predicted was never fitted to. Where no tolerance goes with it, it only says by how much the model differs.
    """

    item: str
    published: str
    reached: str
    met: bool | None  # None of a prediction without a tolerance
    predicted: bool = False

    @property
    def word(self) -> str:
        """What became of it: "met" or "NOT met", a prediction as such."""
        if self.met is None:
            return "predicted"
        word = "met" if self.met else "NOT met"
        return f"predicted, {word}" if self.predicted else word


def within_share(item: str, published: float, reached: float, share: float, unit: str = "") -> Check:
    """A figure that must be met within a share of it."""
    words = f"{_with(published, unit)} ± {100 * share:g} %"
    return Check(item, words, _off(published, reached, unit), _near(reached - published, share * abs(published)))


def within(item: str, published: float, reached: float, tolerance: float, unit: str = "") -> Check:
    """A figure that must be met within a tolerance in its own unit."""
    off = reached - published
    words = f"{published:g} ± {tolerance:g} {unit}".rstrip()
    return Check(item, words, f"{_with(reached, unit)} ({off:+.2g})", _near(off, tolerance))


def below(item: str, published: float, reached: float, unit: str = "") -> Check:
    """A figure that must stay below a published one."""
    return Check(item, f"below {_with(published, unit)}", _with(reached, unit), reached < published)


def prediction(item: str, published: float, reached: float, unit: str = "") -> Check:
    """A figure that the model was not fitted to, and by how much it differs."""
    return Check(item, _with(published, unit), _off(published, reached, unit), None, predicted=True)


def _near(off: float, tolerance: float) -> bool:
    return bool(abs(off) <= tolerance * (1 + 1e-9))


def _off(published: float, reached: float, unit: str) -> str:
    percent = round(100 * (reached / published - 1), 1) + 0.0  # no -0.0
    return f"{_with(reached, unit)} ({percent:+.1f} %)"


def _with(value: float, unit: str) -> str:
    return f"{value:.4g} {unit}".rstrip()
