"""Typed decorator for pieces of kernels, so that the rest of the room stays strictly typed."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])
_njit: Any = njit


def part(function: F) -> F:
    """A piece that only kernels call: without entries for Python and C, and not kept apart, it compiles faster."""
    return cast(F, _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)(function))
