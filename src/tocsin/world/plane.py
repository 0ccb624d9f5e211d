"""The ground about a point as a plane: distances and azimuths from it are true (azimuthal equidistant on a sphere).

Exact arithmetic. A point is the unit vector of its geodetic normal; distances are within 0.6 % of the geodesic's.
"""

import math

import numpy as np

from tocsin.world.constants import DEGREE_RAD, MEAN_RADIUS_M
from tocsin.world.exact import Array, atan2, atan2_float, matvec, sincos_float
from tocsin.world.frames import enu_axes

Degrees = tuple[float, float]


def offset(about: Degrees, point: Degrees) -> tuple[float, float]:
    """(east_m, north_m) of a point (latitude_deg, longitude_deg) on the plane about another."""
    axes = _axes(about)
    east, north, up = matvec(axes, _axes(point)[2]).tolist()
    across = math.sqrt(east * east + north * north)
    if across < 1e-12:
        return 0.0, 0.0
    distance = MEAN_RADIUS_M * atan2_float(across, up)
    return distance * east / across, distance * north / across


def displaced(about: Degrees, east_m: float, north_m: float) -> Degrees:
    """(latitude_deg, longitude_deg) of a point of the plane."""
    distance = math.sqrt(east_m * east_m + north_m * north_m)
    if distance < 1e-6:
        return about
    sine, cosine = sincos_float(distance / MEAN_RADIUS_M)
    e, n, u = _axes(about)
    x, y, z = (sine * (east_m / distance) * e + sine * (north_m / distance) * n + cosine * u).tolist()
    latitude = atan2(np.array(z), np.array(math.sqrt(x * x + y * y)))
    return float(latitude) / DEGREE_RAD, atan2_float(y, x) / DEGREE_RAD


def _axes(point: Degrees) -> Array:
    return enu_axes(point[0] * DEGREE_RAD, point[1] * DEGREE_RAD)
