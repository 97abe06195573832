"""The pen: the device equations, run on SymPy symbols, printed in the language of a simulator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sympy import Integer, S, Symbol
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from neurokit.device.equations import ADDED_LAWS, LAWS
from neurokit.device.film import ACTIVE_ADDITIONS, ADDITIONS, FILM_PARAMETERS
from neurokit.device.maths import sympy_maths
from neurokit.device.vo2x import DEVICE_PARAMETERS

PARAMETERS = DEVICE_PARAMETERS + FILM_PARAMETERS


@dataclass(frozen=True)
class Language:
    """How one simulator writes what the equations contain."""

    functions: Mapping[str, str]  # SymPy's name of a function -> the simulator's
    ramp: str  # max(y, 0), with {y} in it
    power: str  # {base} to a constant {exponent} that is not a small whole number
    symbol: Callable[[str], str] = str  # how a name is referred to


class _Pen(StrPrinter):  # type: ignore[misc]
    def __init__(self, language: Language) -> None:
        super().__init__()
        self.language = language

    def _print_Symbol(self, expr: Any) -> str:  # noqa: N802 - SymPy finds these by name
        return self.language.symbol(expr.name)

    def _print_Float(self, expr: Any) -> str:  # noqa: N802
        return repr(float(expr))

    def _print_Rational(self, expr: Any) -> str:  # noqa: N802 - 1/2 is 0 in Verilog-A
        return repr(float(expr))

    def _print_Function(self, expr: Any) -> str:  # noqa: N802
        return f"{self.language.functions[expr.func.__name__]}({self._print(expr.args[0])})"

    def _print_Abs(self, expr: Any) -> str:  # noqa: N802
        return self._print_Function(expr)

    def _print_Max(self, expr: Any) -> str:  # noqa: N802
        (y,) = (a for a in expr.args if a != 0)
        return self.language.ramp.format(y=self._print(y))

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:  # noqa: N802
        base, exponent = expr.args
        if exponent == -1:
            return f"1/{self.parenthesize(base, PRECEDENCE['Pow'])}"
        if exponent == S.Half:
            return f"{self.language.functions['sqrt']}({self._print(base)})"
        if exponent in (2, 3):  # (-2)**3 is +8 in ngspice, a product is not
            factor = self.parenthesize(base, PRECEDENCE["Pow"])
            return "(" + "*".join([factor] * int(exponent)) + ")"
        return self.language.power.format(base=self._print(base), exponent=self._print(exponent))


def written(expression: Any, language: Language) -> str:
    """An expression in a simulator's language."""
    return str(_Pen(language).doprint(expression))


def written_laws(language: Language, additions: bool) -> dict[str, str]:
    """Each law of the device in terms of parameters and of the laws before it."""
    xp, names = sympy_maths(), symbols(additions)
    laws = {name: law for name, law in LAWS.items() if additions or name not in ADDED_LAWS}
    return {name: written(law(xp, names), language) for name, law in laws.items()}


def symbols(additions: bool) -> SimpleNamespace:
    """A symbol for every parameter and law, by the names that the equations use.

    Without additions their neutral values stand for them, and the equations become those of a device that has none.
    """
    known = {name: Symbol(name, real=True) for name in (*PARAMETERS, *LAWS)}
    neutral: dict[str, Any] = {} if additions else {name: Integer(int(ADDITIONS[name])) for name in ACTIVE_ADDITIONS}
    if not additions:
        neutral["beta_cooling"] = known["beta"]
    return SimpleNamespace(**known | neutral)


def parameter_names(additions: bool) -> tuple[str, ...]:
    """The parameters of the device, with or without those that only some need."""
    return tuple(name for name in PARAMETERS if additions or name not in ADDITIONS)
