"""The one place where Numba is met: typed decorators, so that the rest of the package stays strictly typed.

`kernel` compiles an array function at its first call and keeps it on disk. `lane` marks a small function of scalars and
tuples that LLVM always inlines into its caller, so that a loop over the 16 lanes of a tile stays free of branches and
calls and is vectorised; `part` does the same for pieces of graph kernels. Neither has an entry for Python, which would
take a sixth of the time that compiling takes. Floating point may be contracted and reassociated, but NaN and infinity
keep their meaning: checks for non-finite numbers hold.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

from numba import njit
from numba.core import codegen
from numba.core import config as numba_config

from tocsin.world.sources import tie

F = TypeVar("F", bound=Callable[..., Any])

LANES = 16
"""Tracks in a tile. Narrower tiles make LLVM unroll instead of vectorise (measured, docs/tracking.md)."""

FAST = {"contract", "reassoc", "nsz", "arcp"}


def _whole_vectors() -> None:
    """Let LLVM use the whole of wide vector registers, not half: the same bits, and a fifth less time to predict."""
    config: Any = numba_config
    features: Any = codegen.get_host_cpu_features
    if config.CPU_FEATURES is None and "+avx512f" in features():
        config.CPU_FEATURES = f"{features()},-prefer-256-bit"


_whole_vectors()
_njit: Any = partial(njit, error_model="numpy", boundscheck=False, no_cfunc_wrapper=True)


def kernel(function: F) -> F:
    """Array kernel: compiled for the types of its first call, cached on disk, no bounds checks."""
    return cast(F, tie(_njit(cache=True, fastmath=FAST)(function), function.__module__))


def lane(function: F) -> F:
    """A small piece of a kernel, inlined by LLVM wherever it is used; not to be called by Python."""
    return cast(F, _njit(forceinline=True, fastmath=FAST, no_cpython_wrapper=True)(function))


def plain(function: F) -> F:
    """Integer or graph kernel, where order of arithmetic is part of the result: no relaxed floating point."""
    return cast(F, tie(_njit(cache=True)(function), function.__module__))


def part(function: F) -> F:
    """A piece of a plain kernel, inlined by LLVM: handing arrays over costs more than most of them do."""
    return cast(F, _njit(forceinline=True, no_cpython_wrapper=True)(function))
