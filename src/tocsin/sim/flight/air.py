"""Air density for one height at a time: a table of `world.atmosphere` (U.S. Standard Atmosphere 1976)."""

import math

import numpy as np

from tocsin.world import atmosphere

STEP_M = 200.0
TOP_M = 200e3
"""Above this no air: the drag left out is below 1e-5 m/s^2 at 8 km/s and 1000 kg/m^2."""

_LOG = [float(x) for x in np.log(atmosphere.density_kg_m3(np.arange(0.0, TOP_M + STEP_M, STEP_M)))]


def density_kg_m3(height_m: float) -> float:
    """Density at a geometric height; logarithm linear between table lines (error below 1e-3), sea level below 0."""
    if height_m >= TOP_M:
        return 0.0
    if height_m <= 0.0:
        return math.exp(_LOG[0])
    place = height_m / STEP_M
    line = int(place)
    low = _LOG[line]
    return math.exp(low + (place - line) * (_LOG[line + 1] - low))
