"""True elevation from apparent elevation and range, by a table for each radar: two thousand times a call a scan.

The table holds `world.refraction.true_elevation` minus the apparent elevation, sampled where a product of Chebyshev
polynomials needs it and laid out on a fine grid for linear interpolation (error below 1.2e-5 rad above 1 degree,
tests/track/test_refraction.py).
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from tocsin.track.jit import lane
from tocsin.track.tiles import Array
from tocsin.world.refraction import true_elevation

ELEVATIONS, RANGES = 32, 32  # Chebyshev nodes
FINE_ELEVATIONS, FINE_RANGES = 512, 128
LOWEST_RAD = -0.03
SHIFT_RAD = 0.05  # the bending falls like 1 / (elevation + shift)


class Bending(NamedTuple):
    """Correction (elevations, ranges) on a grid even in log(elevation + shift) and log(range)."""

    correction: Array
    low: float
    per_step: float
    near: float
    per_range_step: float


def bending(range_min_m: float, range_max_m: float, height_m: float) -> Bending:
    """The table of a radar."""
    low, high = math.log(LOWEST_RAD + SHIFT_RAD), math.log(0.5 * math.pi + SHIFT_RAD)
    near, far = math.log(max(range_min_m, 1e3) * 0.9), math.log(range_max_m * 1.1)
    x, y = chebyshev.chebpts1(ELEVATIONS), chebyshev.chebpts1(RANGES)
    elevation = np.exp(low + 0.5 * (x + 1.0) * (high - low)) - SHIFT_RAD
    distance = np.exp(near + 0.5 * (y + 1.0) * (far - near))
    sampled = true_elevation(elevation[:, None], distance[None, :], height_m) - elevation[:, None]
    across = _resample(x, np.linspace(-1.0, 1.0, FINE_ELEVATIONS))
    along = _resample(y, np.linspace(-1.0, 1.0, FINE_RANGES))
    steps = ((high - low) / (FINE_ELEVATIONS - 1), (far - near) / (FINE_RANGES - 1))
    return Bending(np.ascontiguousarray(across @ sampled @ along.T), low, 1.0 / steps[0], near, 1.0 / steps[1])


def _resample(nodes: Array, fine: Array) -> Array:
    """(fine, nodes): values at Chebyshev nodes to values on a fine grid."""
    n = len(nodes)
    to_coefficients = chebyshev.chebvander(nodes, n - 1).T * (2.0 / n)
    to_coefficients[0] *= 0.5
    resampled: Array = chebyshev.chebvander(fine, n - 1) @ to_coefficients
    return resampled


@lane
def bent(table: Bending, distance: float, elevation: float) -> float:
    """True minus apparent elevation (rad)."""
    u = (math.log(max(elevation, LOWEST_RAD) + SHIFT_RAD) - table.low) * table.per_step
    w = (math.log(max(distance, 1.0)) - table.near) * table.per_range_step
    u = min(max(u, 0.0), FINE_ELEVATIONS - 1.000001)
    w = min(max(w, 0.0), FINE_RANGES - 1.000001)
    a, c = int(u), int(w)
    u -= a
    w -= c
    lower = table.correction[a, c] * (1.0 - w) + table.correction[a, c + 1] * w
    upper = table.correction[a + 1, c] * (1.0 - w) + table.correction[a + 1, c + 1] * w
    correction: float = lower * (1.0 - u) + upper * u
    return correction
