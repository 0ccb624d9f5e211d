"""Frames: geodetic WGS 84, Earth-fixed (ECEF), inertial (ECI) and local east-north-up.

ECI here is ECEF turned about z by the Earth rotation angle (IAU 2000) with UT1 = UTC: no precession, nutation or
polar motion, which over a flight are the same for every sensor and partner. A state is (position, velocity), SI;
the ECEF velocity is relative to the rotating Earth, so the map is linear: state_eci = rotation6(t) @ state_ecef.
Only exact arithmetic (`world.exact`): two centres get the same bits.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from tocsin.world.constants import OMEGA_RAD_S, WGS84_A_M, WGS84_B_M, WGS84_E2, WGS84_EP2, WGS84_F
from tocsin.world.exact import Array, X, atan2, congruence6, matvec, root, sincos, sincos_float
from tocsin.world.time import era_rad


def geodetic_to_ecef(latitude_rad: ArrayLike, longitude_rad: ArrayLike, height_m: ArrayLike) -> Array:
    """Position (..., 3) in ECEF metres of geodetic coordinates above the ellipsoid."""
    lat, lon, height = np.broadcast_arrays(
        np.asarray(latitude_rad, float), np.asarray(longitude_rad, float), np.asarray(height_m, float)
    )
    sin_lat, cos_lat = sincos(lat)
    sin_lon, cos_lon = sincos(lon)
    normal = WGS84_A_M / np.sqrt(1.0 - WGS84_E2 * (sin_lat * sin_lat))
    across = (normal + height) * cos_lat
    return np.stack([across * cos_lon, across * sin_lon, (normal * (1.0 - WGS84_E2) + height) * sin_lat], axis=-1)


def geodetic_up(across: X, z: X) -> tuple[X, X, X]:
    """(sin latitude, cos latitude, height_m) of points `across` metres off the axis and `z` above the equator.

    Bowring (1976), Survey Review 23, in reduced latitude, three passes: error below 1e-8 m from 5000 km deep to
    beyond geostationary height; the poles are not special.
    """
    sqrt: Callable[[X], X] = math.sqrt if isinstance(z, float) else root
    s, c = z * (1.0 - WGS84_F) / WGS84_A_M, across / WGS84_A_M
    length = sqrt(s * s + c * c)
    # the first guess of the reduced latitude allows for height (Bowring 1985)
    s = s * (1.0 + WGS84_EP2 * (WGS84_B_M / WGS84_A_M) / length)
    for _ in range(3):
        length = sqrt(s * s + c * c)
        s, c = s / length, c / length
        s, c = (
            z + (WGS84_EP2 * WGS84_B_M) * (s * s * s),
            across - (WGS84_E2 * WGS84_A_M) * (c * c * c),
        )
        sine, cosine = s, c
        s = (1.0 - WGS84_F) * s
    length = sqrt(sine * sine + cosine * cosine)
    sine, cosine = sine / length, cosine / length
    height = across * cosine + z * sine - WGS84_A_M * sqrt(1.0 - WGS84_E2 * (sine * sine))
    return sine, cosine, height


def ecef_to_geodetic(position_ecef_m: Array) -> tuple[Array, Array, Array]:
    """(latitude_rad, longitude_rad, height_m), each (...), of ECEF or ECI-axes positions (..., 3)."""
    p = np.asarray(position_ecef_m, float)
    x, y, z = p[..., 0], p[..., 1], p[..., 2]
    sine, cosine, height = geodetic_up(np.sqrt(x * x + y * y), z)
    return atan2(sine, cosine), atan2(y, x), height


def enu_axes(latitude_rad: ArrayLike, longitude_rad: ArrayLike) -> Array:
    """(..., 3, 3) whose rows are the unit vectors east, north and up in ECEF: enu = axes @ ecef_difference."""
    lat, lon = np.broadcast_arrays(np.asarray(latitude_rad, float), np.asarray(longitude_rad, float))
    sin_lat, cos_lat = sincos(lat)
    sin_lon, cos_lon = sincos(lon)
    rows = [
        -sin_lon, cos_lon, np.zeros_like(lat),
        -sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat,
        cos_lat * cos_lon, cos_lat * sin_lon, sin_lat,
    ]  # fmt: skip
    return np.stack(rows, axis=-1).reshape(*lat.shape, 3, 3)


def rotation6(t_tai_ns: int) -> Array:
    """T (6, 6): state_eci = T @ state_ecef at that instant."""
    s, c = sincos_float(era_rad(t_tai_ns))
    w = OMEGA_RAD_S
    turn = np.zeros((6, 6))
    turn[0, 0] = turn[1, 1] = turn[3, 3] = turn[4, 4] = c
    turn[0, 1] = turn[3, 4] = -s
    turn[1, 0] = turn[4, 3] = s
    turn[2, 2] = turn[5, 5] = 1.0
    turn[3, 0] = turn[4, 1] = -(w * s)
    turn[3, 1] = -(w * c)
    turn[4, 0] = w * c
    return turn


def rotation6_inverse(t_tai_ns: int) -> Array:
    """Inverse of `rotation6` (6, 6): state_ecef = T^-1 @ state_eci."""
    s, c = sincos_float(era_rad(t_tai_ns))
    w = OMEGA_RAD_S
    turn = np.zeros((6, 6))
    turn[0, 0] = turn[1, 1] = turn[3, 3] = turn[4, 4] = c
    turn[0, 1] = turn[3, 4] = s
    turn[1, 0] = turn[4, 3] = -s
    turn[2, 2] = turn[5, 5] = 1.0
    turn[3, 0] = turn[4, 1] = -(w * s)
    turn[3, 1] = w * c
    turn[4, 0] = -(w * c)
    return turn


def ecef_to_eci(state_ecef: Array, t_tai_ns: int) -> Array:
    """States (..., 6) at one instant, Earth-fixed to inertial."""
    return matvec(rotation6(t_tai_ns), np.asarray(state_ecef, float))


def eci_to_ecef(state_eci: Array, t_tai_ns: int) -> Array:
    """States (..., 6) at one instant, inertial to Earth-fixed (velocity relative to the rotating Earth)."""
    return matvec(rotation6_inverse(t_tai_ns), np.asarray(state_eci, float))


def covariance_to_eci(covariance_ecef: Array, t_tai_ns: int) -> Array:
    """Covariances (..., 6, 6), Earth-fixed to inertial."""
    return congruence6(rotation6(t_tai_ns), np.asarray(covariance_ecef, float))


def covariance_to_ecef(covariance_eci: Array, t_tai_ns: int) -> Array:
    """Covariances (..., 6, 6), inertial to Earth-fixed."""
    return congruence6(rotation6_inverse(t_tai_ns), np.asarray(covariance_eci, float))
