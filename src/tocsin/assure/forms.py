"""Quadratic forms in fast floats: over a box, a quantity is value + linear form + quadratic form + error radius.

This file finds; it proves nothing (roundings are not accounted for). Arb and the stand-alone checker prove.
Affine arithmetic (de Figueiredo and Stolfi, Numerical Algorithms 37, 2004) with the second order kept: Taylor models
of order two (Makino and Berz, Int. J. Pure Appl. Math. 4, 2003).
"""

import math

import numpy as np
import numpy.typing as npt

from tocsin.assure.jit import kernel, part
from tocsin.assure.program import (
    ADD,
    ATAN,
    CENTRE,
    CONST,
    COS,
    INV,
    KEPLER,
    KEPLER_CUT,
    MUL,
    N_VARIABLES,
    SIN,
    SQR,
    SQRT,
    SUB,
    VAR,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Work = tuple[Floats, Floats, Floats, Floats, Floats]
LEAST_BEND = 16.0 / (3.0 * math.sqrt(3.0))  # of g'', at y = 1/4


@kernel
def kepler(y: float) -> float:
    """g(y) = alpha - sin alpha, alpha = 2 asin sqrt(y)."""
    return 2.0 * math.atan(math.sqrt(y / (1.0 - y))) - 2.0 * math.sqrt(y * (1.0 - y))


@kernel
def kepler_slope(y: float) -> float:
    """g'(y)"""
    return 2.0 * math.sqrt(y / (1.0 - y))


@kernel
def kepler_bend(y: float) -> float:
    """g''(y)"""
    return 1.0 / (math.sqrt(y * (1.0 - y)) * (1.0 - y))


@part
def _taylor(operation: int, x: float) -> tuple[float, float, float]:
    """Value, slope and second derivative at x."""
    if operation == SQRT:
        value = math.sqrt(x)
        return value, 0.5 / value, -0.25 / (x * value)
    if operation == INV:
        value = 1.0 / x
        return value, -value * value, 2.0 * value * value * value
    if operation == KEPLER:
        return kepler(x), kepler_slope(x), kepler_bend(x)
    if operation == ATAN:
        slope = 1.0 / (1.0 + x * x)
        return math.atan(x), slope, -2.0 * x * slope * slope
    if operation == COS:
        return math.cos(x), -math.sin(x), -math.cos(x)
    return math.sin(x), math.cos(x), -math.sin(x)


@part
def _plain(operation: int, x: float) -> float:
    if operation == SQRT:
        return math.sqrt(x)
    if operation == INV:
        return 1.0 / x
    return kepler(x)


@part
def _curve(operation: int, clip: float, x: float, low: float, high: float) -> tuple[float, float, float, float, float]:
    """Value, slope and half the bend of a parabola at x, and the least and greatest error of it on [low, high].

    `KEPLER` is bounded from above only and `KEPLER_CUT` from below only: no other side is ever used.
    """
    if operation == SQR:
        return x * x, 2.0 * x, 1.0, 0.0, 0.0
    if operation == KEPLER_CUT:
        bend = kepler_bend(low) if low > 0.25 else LEAST_BEND
        at = min(x, clip)
        value = kepler(at) + kepler_slope(at) * (x - at)
        return value, kepler_slope(at), 0.5 * bend if high <= clip else 0.0, 0.0, 0.0
    value, slope, bend = _taylor(operation, x)
    if operation in (COS, SIN, ATAN):
        width = max(high - x, x - low)
        error = width * width * width * (1.0 / 3.0 if operation == ATAN else 1.0 / 6.0)
        return value, slope, 0.5 * bend, -error, error
    half = 0.5 * bend
    if operation == KEPLER and low < 0.25 < high:
        half = 0.0
    one = _plain(operation, low) - value - slope * (low - x) - half * (low - x) ** 2
    two = _plain(operation, high) - value - slope * (high - x) - half * (high - x) ** 2
    most = max(one, two, 0.0)
    return value, slope, half, most if operation == KEPLER else min(one, two, 0.0), most


@part
def _domain(operation: int, constant: float, low: float, high: float) -> tuple[bool, float, float]:
    """Whether the function is defined on the range, and the range cut to what is known."""
    if operation == SQRT:
        low = max(low, constant)
        return low > 1e-12 and high >= low, low, high
    if operation in (INV, KEPLER_CUT):
        return low > 1e-12, low, high
    if operation == KEPLER:
        low = max(low, 0.0)
        return high < 1.0 - 1e-9 and high >= low, low, high
    return True, low, high


@kernel
def lowest(work: Work, n: int, sign: float) -> float:
    """Least value over the box of `sign` times the form of step n.

    A variable in which the form is monotone over the whole box takes its worse end; then others may be monotone.
    """
    low = float(sign * work[0][n] - work[3][n])
    line, quad = sign * work[1][n], sign * work[2][n]
    todo = np.ones(N_VARIABLES, dtype=np.bool_)
    moved = True
    while moved:
        moved = False
        for v in range(N_VARIABLES):
            if not todo[v]:
                continue
            bends = 2.0 * abs(quad[v, v])
            for u in range(N_VARIABLES):
                if u != v:
                    bends += abs(quad[min(u, v), max(u, v)])
            if abs(line[v]) < bends:
                continue
            end = -1.0 if line[v] > 0.0 else 1.0
            low += line[v] * end + quad[v, v]
            line[v], quad[v, v] = 0.0, 0.0
            for u in range(N_VARIABLES):
                if u != v:
                    a, b = min(u, v), max(u, v)
                    line[u] += end * quad[a, b]
                    quad[a, b] = 0.0
            todo[v], moved = False, True
    for v in range(N_VARIABLES):
        if todo[v]:
            a, b = abs(line[v]), quad[v, v]
            low -= a * a / (4.0 * b) if a < 2.0 * b else a - b
            for u in range(v + 1, N_VARIABLES):
                low -= abs(quad[v, u])
    return low


@part
def _sum(work: Work, n: int, i: int, j: int, sign: float, active: Ints) -> None:
    value, linear, quad, radius, _ = work
    value[n] = value[i] + sign * value[j]
    radius[n] = radius[i] + radius[j]
    for x in range(active.shape[0]):
        v = active[x]
        linear[n, v] = linear[i, v] + sign * linear[j, v]
        for u in active[x:]:
            quad[n, v, u] = quad[i, v, u] + sign * quad[j, v, u]


@part
def _product(work: Work, n: int, i: int, j: int, active: Ints) -> None:
    """Terms of third and fourth order go into the radius."""
    value, linear, quad, radius, sizes = work
    a, b = value[i], value[j]
    value[n] = a * b
    s, t, u, w = sizes[i, 0], sizes[i, 1], sizes[j, 0], sizes[j, 1]
    radius[n] = abs(a) * radius[j] + abs(b) * radius[i] + s * w + t * u + t * w
    for x in range(active.shape[0]):
        v = active[x]
        p, r = linear[i, v], linear[j, v]
        linear[n, v] = a * r + b * p
        quad[n, v, v] = a * quad[j, v, v] + b * quad[i, v, v] + p * r
        for o in active[x + 1 :]:
            quad[n, v, o] = a * quad[j, v, o] + b * quad[i, v, o] + p * linear[j, o] + r * linear[i, o]


@part
def _bent(work: Work, n: int, i: int, operation: int, constant: float, active: Ints) -> bool:
    """A function of one form replaced by its parabola; False where it is not defined on the box."""
    value, linear, quad, radius, sizes = work
    at = value[i]
    defined, low, high = _domain(operation, constant, at + sizes[i, 2], at + sizes[i, 3])
    if not defined or not low <= at <= high or (operation == KEPLER and at <= 0.0):
        return False
    f, slope, bend, least, most = _curve(operation, constant, at, low, high)
    s, t = sizes[i, 0], sizes[i, 1]
    value[n] = f + 0.5 * (least + most)
    radius[n] = abs(slope) * radius[i] + abs(bend) * t * (2.0 * s + t) + 0.5 * (most - least)
    for x in range(active.shape[0]):
        v = active[x]
        p = linear[i, v]
        linear[n, v] = slope * p
        quad[n, v, v] = slope * quad[i, v, v] + bend * p * p
        for o in active[x + 1 :]:
            quad[n, v, o] = slope * quad[i, v, o] + 2.0 * bend * p * linear[i, o]
    return True


@part
def _measure(work: Work, n: int, active: Ints) -> None:
    _, linear, quad, radius, sizes = work
    first, rest, low, high = 0.0, radius[n], -radius[n], radius[n]
    for x in range(active.shape[0]):
        v = active[x]
        a, b = abs(linear[n, v]), quad[n, v, v]
        first += a
        rest += abs(b)
        low -= a * a / (4.0 * b) if a < 2.0 * b else a - b
        high += a * a / (-4.0 * b) if a < -2.0 * b else a + b
        for o in active[x + 1 :]:
            c = abs(quad[n, v, o])
            rest, low, high = rest + c, low - c, high + c
    sizes[n, 0], sizes[n, 1], sizes[n, 2], sizes[n, 3] = first, rest, low, high


def room(size: int) -> Work:
    """Arrays for a program of `size` steps: value, linear, quad, radius, and sizes.

    sizes (size, 4): sum of the linear part, sum of the rest with the radius, least and greatest distance from value.
    """
    square = np.empty((size, N_VARIABLES, N_VARIABLES))
    return np.empty(size), np.empty((size, N_VARIABLES)), square, np.empty(size), np.empty((size, 4))


@kernel
def evaluate(steps: Ints, constants: Floats, middle: Floats, half: Floats, work: Work) -> bool:
    """Run the program over the box middle +- half; False where a step other than a flight time is not defined on it."""
    value, linear, quad, radius, _ = work
    active = np.nonzero(half)[0]
    for n in range(steps.shape[0]):
        operation, i, j = steps[n, 0], steps[n, 1], steps[n, 2]
        linear[n, :] = 0.0
        quad[n, :, :] = 0.0
        radius[n] = 0.0
        if operation == VAR:
            value[n] = middle[i]
            linear[n, i] = half[i]
        elif operation in (CONST, CENTRE):
            value[n] = constants[n] if operation == CONST else value[i]
        elif operation in (ADD, SUB):
            _sum(work, n, i, j, 1.0 if operation == ADD else -1.0, active)
        elif operation == MUL:
            _product(work, n, i, j, active)
        elif not _bent(work, n, i, operation, constants[n], active):
            if operation not in (KEPLER, KEPLER_CUT):
                return False
            value[n], radius[n] = 0.0, 1e30  # no flight time: the bounds that do without it may still hold
        _measure(work, n, active)
    return True
