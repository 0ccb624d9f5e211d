"""Affine arithmetic in fast floats: every quantity over a box is value + linear form + error radius.

This file finds; it proves nothing (roundings are not accounted for). Arb and the stand-alone checker prove.
Source of the method: de Figueiredo and Stolfi, Affine arithmetic, Numerical Algorithms 37 (2004).
"""

import math

import numpy as np
import numpy.typing as npt
from numba import njit

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
    SQR,
    SQRT,
    SUB,
    VAR,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@njit(cache=True)
def kepler(y: float) -> float:
    """g(y) = alpha - sin alpha, alpha = 2 asin sqrt(y)."""
    return 2.0 * math.atan(math.sqrt(y / (1.0 - y))) - 2.0 * math.sqrt(y * (1.0 - y))


@njit(cache=True)
def kepler_slope(y: float) -> float:
    """g'(y)"""
    return 2.0 * math.sqrt(y / (1.0 - y))


@njit(cache=True)
def kepler_cut(y: float, clip: float) -> float:
    """g(y) up to clip, its tangent beyond."""
    if y <= clip:
        return kepler(y)
    return kepler(clip) + kepler_slope(clip) * (y - clip)


@njit(cache=True)
def _tangent(operation: int, constant: float, low: float, high: float) -> tuple[float, float, float, float]:
    """Value and slope in the middle of [low, high], and the least and largest error of that line."""
    middle, width = 0.5 * (low + high), 0.5 * (high - low)
    if operation == SQRT:
        value = math.sqrt(middle)
        slope = 0.5 / value
        least = min(math.sqrt(low) - value + slope * width, math.sqrt(high) - value - slope * width)
        return value, slope, least, 0.0
    if operation == INV:
        value = 1.0 / middle
        slope = -value * value
        most = max(1.0 / low - value + slope * width, 1.0 / high - value - slope * width)
        return value, slope, 0.0, most
    if operation == KEPLER:
        value, slope = kepler(middle), kepler_slope(middle)
        most = max(kepler(low) - value + slope * width, kepler(high) - value - slope * width)
        return value, slope, 0.0, most
    if operation == KEPLER_CUT:
        value, slope = kepler_cut(middle, constant), kepler_slope(min(middle, constant))
        most = max(
            kepler_cut(low, constant) - value + slope * width,
            kepler_cut(high, constant) - value - slope * width,
        )
        return value, slope, 0.0, most
    if operation == SQR:
        return middle * middle, 2.0 * middle, 0.0, width * width
    if operation == ATAN:
        value, slope = math.atan(middle), 1.0 / (1.0 + middle * middle)
        bend = min(0.65, 2.0 * max(abs(low), abs(high)))
        error = 0.5 * bend * width * width
        return value, slope, 0.0 if high <= 0.0 else -error, 0.0 if low >= 0.0 else error
    if operation == COS:
        value, slope = math.cos(middle), -math.sin(middle)
    else:
        value, slope = math.sin(middle), math.cos(middle)
    error = 0.5 * min(1.0, abs(value) + width) * width * width
    return value, slope, 0.0 if value <= -width else -error, 0.0 if value >= width else error


@njit(cache=True)
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


@njit(cache=True)
def evaluate(
    steps: Ints,
    constants: Floats,
    middle: Floats,
    half: Floats,
    value: Floats,
    linear: Floats,
    radius: Floats,
    spread: Floats,
) -> bool:
    """Run the program over the box middle +- half; False where a step other than a flight time is not defined on it.

    value, radius, spread (n,): `spread` is the largest distance from `value`; linear (n, N_VARIABLES).
    """
    for n in range(steps.shape[0]):
        operation, i, j = steps[n, 0], steps[n, 1], steps[n, 2]
        if operation in (VAR, CONST, CENTRE):
            linear[n, :] = 0.0
            radius[n] = 0.0
            spread[n] = 0.0
            value[n] = constants[n] if operation == CONST else value[i]
            if operation == VAR:
                value[n] = middle[i]
                linear[n, i] = half[i]
                spread[n] = half[i]
            continue
        total = 0.0
        if operation in (ADD, SUB):
            sign = 1.0 if operation == ADD else -1.0
            value[n] = value[i] + sign * value[j]
            radius[n] = radius[i] + radius[j]
            for v in range(N_VARIABLES):
                linear[n, v] = linear[i, v] + sign * linear[j, v]
                total += abs(linear[n, v])
        elif operation == MUL:
            a, b = value[i], value[j]
            diagonal = size = 0.0
            for v in range(N_VARIABLES):
                x, y = linear[i, v], linear[j, v]
                diagonal += x * y
                size += abs(x * y)
                linear[n, v] = a * y + b * x
                total += abs(linear[n, v])
            value[n] = a * b + 0.5 * diagonal
            radius[n] = abs(a) * radius[j] + abs(b) * radius[i] + spread[i] * spread[j] - 0.5 * size
        else:
            defined, low, high = _domain(operation, constants[n], value[i] - spread[i], value[i] + spread[i])
            if not defined:
                if operation not in (KEPLER, KEPLER_CUT):
                    return False
                linear[n, :] = 0.0  # no flight time: the bounds that do without it may still hold
                value[n], radius[n], spread[n] = 0.0, 1e30, 1e30
                continue
            at, slope, least, most = _tangent(operation, constants[n], low, high)
            value[n] = at + slope * (value[i] - 0.5 * (low + high)) + 0.5 * (least + most)
            radius[n] = abs(slope) * radius[i] + 0.5 * (most - least)
            for v in range(N_VARIABLES):
                linear[n, v] = slope * linear[i, v]
                total += abs(linear[n, v])
        spread[n] = total + radius[n]
    return True
