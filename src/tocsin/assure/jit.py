"""Typed decorators for kernels and their pieces, so that the rest of the room stays strictly typed."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

from tocsin.world.sources import tie

F = TypeVar("F", bound=Callable[..., Any])
_njit: Any = njit


def part(function: F) -> F:
    """A piece that only kernels call: without entries for Python and C, and not kept apart, it compiles faster."""
    return cast(F, _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)(function))


def kernel(function: F) -> F:
    """Compiled for the types of its first call, and kept on disk."""
    return cast(F, tie(_njit(cache=True)(function), function.__module__))
