"""Areas and uncertain points on the ground: how likely a point lies in an area, and how far from it.

Everything is laid out on the plane about a point, with distances and azimuths from it true (azimuthal equidistant).
An error ellipse of several hundred kilometres stays one to within a few per cent there.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tocsin.wire.values import Area, Circle
from tocsin.world.constants import WGS84_A_M, WGS84_E2
from tocsin.world.frames import enu_axes, geodetic_to_ecef
from tocsin.world.geodesy import direct, inside, inverse

Array = NDArray[np.float64]
_CIRCLE_VERTICES = 72  # a circle's area to 0.13 %
_EDGE_MAX_M = 200e3  # longer edges are followed along their geodesic
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_FAR = 8.0  # sigma
_NEGLIGIBLE = 1e-12  # below it the sum over edges is rounding
_CUTS = (-_FAR, -5.0, -2.5, 0.0, 2.5, 5.0, _FAR)
_SMALLEST_RADIUS_KM = 1.0  # a "point" on the map is meant no more exactly than this


@dataclass(frozen=True, slots=True, eq=False)
class GroundPoint:
    """An uncertain point of the ellipsoid: covariance (2, 2) along east and north, m^2."""

    latitude_deg: float
    longitude_deg: float
    covariance_en_m2: Array


@lru_cache(maxsize=1024)
def ring(area: Area) -> tuple[tuple[float, float], ...]:
    """(latitude_deg, longitude_deg) vertices, dense enough for straight edges on a plane nearby."""
    if isinstance(area, Circle):
        radius_m = max(area.radius_km, _SMALLEST_RADIUS_KM) * 1e3
        step = 360.0 / _CIRCLE_VERTICES
        centre = (area.latitude_deg, area.longitude_deg)
        return tuple(direct(*centre, k * step, radius_m) for k in range(_CIRCLE_VERTICES))
    points: list[tuple[float, float]] = []
    corners = list(area.vertices_deg)
    for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
        distance, azimuth = inverse(*here, *there)
        parts = max(1, math.ceil(distance / _EDGE_MAX_M))
        points.extend(direct(*here, azimuth, distance * k / parts) for k in range(parts))
    return tuple(points)


def on_plane(latitude_deg: float, longitude_deg: float, points: tuple[tuple[float, float], ...]) -> Array:
    """(n, 2) east and north metres of points, on the plane about a point.

    Distances are those of arcs over the chords, on a sphere of the Earth's mean curvature there: within 0.3 % of the
    geodesic out to 5,000 km (tests/assess/test_region.py), and the whole ring in one array operation.
    """
    lat0, lon0 = math.radians(latitude_deg), math.radians(longitude_deg)
    away = _ecef(points) - geodetic_to_ecef(lat0, lon0, 0.0)
    enu = away @ enu_axes(lat0, lon0).T
    slant = 1.0 - WGS84_E2 * math.sin(lat0) ** 2
    radius = WGS84_A_M * math.sqrt(1.0 - WGS84_E2) / slant
    arc = 2.0 * radius * np.arcsin(np.minimum(np.sqrt(np.sum(enu * enu, axis=1)) / (2.0 * radius), 1.0))
    flat = np.maximum(np.hypot(enu[:, 0], enu[:, 1]), 1e-9)
    plane: Array = enu[:, :2] * (arc / flat)[:, None]
    return plane


@lru_cache(maxsize=1024)
def _ecef(points: tuple[tuple[float, float], ...]) -> Array:
    lat, lon = np.radians(np.array(points)).T
    return geodetic_to_ecef(lat, lon, 0.0)


def centre_of(area: Area) -> tuple[float, float]:
    """A point in the middle: a circle's centre, or the mean of a polygon's vertices on the sphere."""
    if isinstance(area, Circle):
        return area.latitude_deg, area.longitude_deg
    lat, lon = np.radians(np.array(area.vertices_deg)).T
    x, y, z = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
    mean = (float(x.sum()), float(y.sum()), float(z.sum()))
    return math.degrees(math.atan2(mean[2], math.hypot(mean[0], mean[1]))), math.degrees(math.atan2(mean[1], mean[0]))


@lru_cache(maxsize=1024)
def area_km2(area: Area) -> float:
    """Size of an area, from its ring on the plane about its middle."""
    east, north = (on_plane(*centre_of(area), ring(area)) / 1e3).T
    return abs(float(np.sum(east * np.roll(north, -1) - north * np.roll(east, -1)))) / 2.0


def contains(area: Area, latitude_deg: float, longitude_deg: float) -> bool:
    """Whether a point lies in an area, edge included."""
    if isinstance(area, Circle):
        return inside((area.latitude_deg, area.longitude_deg, area.radius_km * 1e3), latitude_deg, longitude_deg)
    return inside(area.vertices_deg, latitude_deg, longitude_deg)


@lru_cache(maxsize=4096)
def distance_km(area: Area, latitude_deg: float, longitude_deg: float) -> float:
    """Distance from a point to the nearest point of an area; nought inside."""
    if isinstance(area, Circle):
        away = inverse(area.latitude_deg, area.longitude_deg, latitude_deg, longitude_deg)[0]
        return max(0.0, away / 1e3 - area.radius_km)
    if contains(area, latitude_deg, longitude_deg):
        return 0.0
    start = on_plane(latitude_deg, longitude_deg, ring(area))
    edge = np.roll(start, -1, axis=0) - start
    length2 = np.maximum(np.sum(edge * edge, axis=1), 1e-9)
    along = np.clip(-np.sum(start * edge, axis=1) / length2, 0.0, 1.0)
    nearest = start + along[:, None] * edge
    return float(np.sqrt(np.min(np.sum(nearest * nearest, axis=1)))) / 1e3


def probability_inside(point: GroundPoint, area: Area) -> float:
    """Probability that an uncertain point lies in an area.

    The normal density is integrated exactly along rays from its middle and by Gauss-Legendre along the area's
    edges: no grid, so an area may be far larger or far smaller than the ellipse. Error below 1e-8.
    """
    covariance = np.ascontiguousarray(point.covariance_en_m2, dtype=float)
    return _probability_inside(point.latitude_deg, point.longitude_deg, covariance.tobytes(), area)


@lru_cache(maxsize=8192)
def _probability_inside(latitude_deg: float, longitude_deg: float, covariance: bytes, area: Area) -> float:
    """Remembered: several rules, and in simulation several parties and regimes, ask the same."""
    flat = on_plane(latitude_deg, longitude_deg, ring(area))
    spread = np.frombuffer(covariance).reshape(2, 2)
    mass = normal_mass(np.linalg.solve(np.linalg.cholesky(spread + np.eye(2)), flat.T).T)
    return min(mass, 1.0) if mass > _NEGLIGIBLE else 0.0


def normal_mass(corners: Array) -> float:
    """Mass of the plane's standard normal inside a polygon of corners (n, 2), whichever way round.

    Signed sum over edges of the mass in the triangle with the origin.

    In polar coordinates that mass is (1 / 2 pi) * integral over the angle of 1 - exp(-r^2 / 2), r being the distance
    to the edge. Along the edge, s from the foot of the perpendicular d, it is d * g(d^2 + s^2) ds with
    g(x) = (1 - exp(-x / 2)) / x: smooth, and beyond eight sigma, along the edge or off it, simply an angle.
    """
    start, end = corners, np.roll(corners, -1, axis=0)
    edge = end - start
    length = np.maximum(np.sqrt(np.sum(edge * edge, axis=1)), 1e-300)
    d = (start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]) / length
    low, high = np.sum(start * edge, axis=1) / length, np.sum(end * edge, axis=1) / length
    near, far = np.clip(low, -_FAR, _FAR), np.clip(high, -_FAR, _FAR)
    away = np.abs(d)
    total = np.sign(d) * (np.arctan2(high, away) - np.arctan2(low, away))
    close = (away < _FAR) & (near < far)
    if np.any(close):
        d, near, far, away = d[close], near[close], far[close], away[close]
        total[close] -= np.sign(d) * (np.arctan2(far, away) - np.arctan2(near, away))
        for a, b in pairwise(np.clip(cut, near, far) for cut in _CUTS):
            s = 0.5 * (a + b)[:, None] + 0.5 * (b - a)[:, None] * _NODES
            x = np.maximum(d[:, None] * d[:, None] + s * s, 1e-12)
            total[close] += d * 0.5 * (b - a) * np.sum(_WEIGHTS * (-np.expm1(-0.5 * x) / x), axis=1)
    return abs(float(np.sum(total))) / (2.0 * math.pi)


def density_per_km2(point: GroundPoint, area: Area) -> float:
    """Mean over an area of the point's density, per square kilometre: chance of the area, spread evenly over it."""
    return probability_inside(point, area) / max(area_km2(area), math.pi * _SMALLEST_RADIUS_KM**2)
