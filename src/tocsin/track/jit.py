"""The one place where Numba is met: typed decorators, so that the rest of the package stays strictly typed.

`kernel` compiles an array function at its first call and keeps it on disk. `lane` marks a small function of scalars and
tuples that LLVM always inlines into its caller, so that a loop over the 16 lanes of a tile stays free of branches and
calls and is vectorised. Floating point may be contracted and reassociated, but NaN and infinity keep their
meaning: checks for non-finite numbers hold.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

LANES = 16
"""Tracks in a tile. Narrower tiles make LLVM unroll instead of vectorise (measured, docs/tracking.md)."""

FAST = {"contract", "reassoc", "nsz", "arcp"}


def kernel(function: F) -> F:
    """Array kernel: compiled for the types of its first call, cached on disk, no bounds checks."""
    return cast(F, njit(cache=True, fastmath=FAST, error_model="numpy", boundscheck=False)(function))


def lane(function: F) -> F:
    """Scalar or tuple arithmetic without branches, inlined by LLVM wherever it is used."""
    return cast(F, njit(forceinline=True, fastmath=FAST, error_model="numpy", boundscheck=False)(function))


def plain(function: F) -> F:
    """Integer or graph kernel, where order of arithmetic is part of the result: no relaxed floating point."""
    return cast(F, njit(cache=True, error_model="numpy", boundscheck=False)(function))
