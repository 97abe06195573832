"""The functions that the device equations need, so that NumPy, torch and SymPy can each run the same equations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Maths:
    """One implementation of the elementary functions in the equations; `ramp` is max(y, 0)."""

    exp: Callable[[Any], Any]
    tanh: Callable[[Any], Any]
    sqrt: Callable[[Any], Any]
    log: Callable[[Any], Any]
    sin: Callable[[Any], Any]
    cos: Callable[[Any], Any]
    floor: Callable[[Any], Any]
    ramp: Callable[[Any], Any]


def numpy_maths() -> Maths:
    import numpy as np

    return Maths(np.exp, np.tanh, np.sqrt, np.log, np.sin, np.cos, np.floor, ramp=lambda y: np.maximum(y, 0.0))


def torch_maths() -> Maths:
    import torch

    return Maths(
        torch.exp,
        torch.tanh,
        torch.sqrt,
        torch.log,
        torch.sin,
        torch.cos,
        torch.floor,
        ramp=lambda y: torch.clamp(y, min=0.0),
    )


def sympy_maths() -> Maths:
    import sympy

    return Maths(
        sympy.exp,
        sympy.tanh,
        sympy.sqrt,
        sympy.log,
        sympy.sin,
        sympy.cos,
        sympy.floor,
        ramp=lambda y: sympy.Max(y, 0),
    )
