"""One symmetric positive definite 6 x 6 matrix at a time, in Python floats.

For a single matrix this is five times faster than array calls, it needs no warnings silenced, and it answers None
where the matrix is not positive definite, which numbers from outside can always bring about. Fixed order of + - * /.
"""

from collections.abc import Sequence

import numpy as np

from tocsin.world.exact import Array

_N = 6
_TINY = 1e-290  # pivots below this would overflow when divided by
_HUGE = 1e290
Rows = list[list[float]]


def factor(matrix: Array) -> tuple[Rows, list[float]] | None:
    """(L, d) with matrix = L diag(d) L^T, L unit lower triangular; None unless positive definite and finite."""
    rows: Rows = matrix.tolist()
    pivots: list[float] = []
    scaled: Rows = []  # L[i][k] * d[k]
    lower: Rows = []
    for i in range(_N):
        row = rows[i]
        part: list[float] = []
        part_scaled: list[float] = []
        for j in range(i):
            value = row[j]
            other = lower[j]
            for k in range(j):
                value -= part_scaled[k] * other[k]
            part_scaled.append(value)
            part.append(value / pivots[j])
        value = row[i]
        for k in range(i):
            value -= part_scaled[k] * part[k]
        if not _TINY < value < _HUGE:
            return None
        pivots.append(value)
        lower.append(part)
        scaled.append(part_scaled)
    return lower, pivots


def inverse(matrix: Array) -> Array | None:
    """Inverse (6, 6), exactly symmetric; None unless the matrix is positive definite."""
    factors = factor(matrix)
    if factors is None:
        return None
    lower, pivots = factors
    columns = _inverse_of_lower(lower)
    result = np.empty((_N, _N))
    for i in range(_N):
        for j in range(i, _N):
            value = 0.0
            for k in range(j, _N):
                value += columns[i][k] * columns[j][k] / pivots[k]
            result[i, j] = result[j, i] = value
    return result


def _inverse_of_lower(lower: Rows) -> Rows:
    """columns[i][k] = (L^-1)[k][i]."""
    columns: Rows = []
    for i in range(_N):
        column = [0.0] * _N
        column[i] = 1.0
        for k in range(i + 1, _N):
            row = lower[k]
            value = 0.0
            for m in range(i, k):
                value -= row[m] * column[m]
            column[k] = value
        columns.append(column)
    return columns


def positive(matrix: Array) -> bool:
    """Whether a symmetric (6, 6) is finite and positive definite."""
    return factor(matrix) is not None


def form_and_determinant(matrix: Array, x: Sequence[float]) -> tuple[float, list[float]] | None:
    """(x^T matrix^-1 x, pivots whose product is the determinant); None unless positive definite."""
    factors = factor(matrix)
    if factors is None:
        return None
    lower, pivots = factors
    z: list[float] = []
    total = 0.0
    for i in range(_N):
        value = x[i]
        for k in range(i):
            value -= lower[i][k] * z[k]
        z.append(value)
        total += value * value / pivots[i]
    return total, pivots
