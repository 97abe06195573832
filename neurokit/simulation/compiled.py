"""Compilation by Numba: what the twin's functions have in common, and the only place that imports it."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

# nogil: threads share a batch. error_model: a division by zero gives an infinity, which the integrator finds.
# fastmath: a fifth of the time; last digits may differ, but infinities and numbers that are none keep their meaning.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"arcp", "contract", "reassoc", "nsz"}}


def compiled(function: F) -> F:
    """A function compiled at its first call and kept on disk, where Numba finds a folder that it may write."""
    from numba import njit

    try:
        return cast(F, njit(cache=True, **_OPTIONS)(function))
    except RuntimeError:  # neither the package's folder nor the user's cache can be written: compile in every process
        return cast(F, njit(**_OPTIONS)(function))


def compiled_part(function: F) -> F:
    """A function that is compiled into the compiled functions that call it, and not kept by itself."""
    from numba import njit

    return cast(F, njit(forceinline=True, **_OPTIONS)(function))
