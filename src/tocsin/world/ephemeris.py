"""Where the Sun and the Moon stand, to a fraction of a degree: enough to say that a sensor looks towards them.

Sun: The Astronomical Almanac, low precision formulas (0.01 degrees, 1950 to 2050). Moon: the same Almanac's low
precision formulas (0.3 degrees in place, 0.2 % in distance), after Van Flandern and Pulkkinen (1979). UTC stands for
dynamical time: the Moon moves half a minute of arc in a minute.
"""

import math
from collections.abc import Callable

import numpy as np

from tocsin.world.constants import WGS84_A_M
from tocsin.world.observation import Array
from tocsin.world.time import DAY_S, J2000_POSIX_S, era_rad, posix_s

AU_M = 149_597_870_700.0  # IAU 2012 Resolution B2


def sun_ecef_m(t_tai_ns: int) -> Array:
    """Position (3,) of the Sun, Earth-fixed metres."""
    n = _days(t_tai_ns)
    mean, longitude = math.radians(357.528 + 0.9856003 * n), 280.460 + 0.9856474 * n
    ecliptic = math.radians(longitude + 1.915 * math.sin(mean) + 0.020 * math.sin(2.0 * mean))
    distance = (1.00014 - 0.01671 * math.cos(mean) - 0.00014 * math.cos(2.0 * mean)) * AU_M
    return _turned(ecliptic, 0.0, distance, n, t_tai_ns)


def moon_ecef_m(t_tai_ns: int) -> Array:
    """Position (3,) of the Moon's centre, Earth-fixed metres."""
    t = _days(t_tai_ns) / 36_525.0
    longitude = 218.32 + 481_267.881 * t + _series(_LONGITUDE, t)
    latitude = _series(_LATITUDE, t)
    parallax = 0.9508 + _series(_PARALLAX, t, math.cos)
    distance = WGS84_A_M / math.sin(math.radians(parallax))
    return _turned(math.radians(longitude), math.radians(latitude), distance, 36_525.0 * t, t_tai_ns)


def scattering_deg(spot_ecef_m: Array, eye_ecef_m: Array, t_tai_ns: int) -> float | None:
    """Angle by which sunlight turns at a place (3,) to reach an eye (3,): small is a glint. None on the night side."""
    sun = sun_ecef_m(t_tai_ns)
    return angle_deg(spot_ecef_m - sun, eye_ecef_m - spot_ecef_m) if float(spot_ecef_m @ sun) > 0.0 else None


def angle_deg(a: Array, b: Array) -> float:
    """Angle between two directions (3,), degrees; exact enough near nought."""
    cross = np.cross(a, b)
    return math.degrees(math.atan2(math.sqrt(float(cross @ cross)), float(a @ b)))


# (amplitude deg, phase deg, rate deg per century) of the Almanac's series.
_LONGITUDE = (
    (6.29, 135.0, 477_198.87), (-1.27, 259.3, -413_335.36), (0.66, 235.7, 890_534.22), (0.21, 269.9, 954_397.74),
    (-0.19, 357.5, 35_999.05), (-0.11, 186.5, 966_404.03),
)  # fmt: skip
_LATITUDE = (
    (5.13, 93.3, 483_202.02), (0.28, 228.2, 960_400.89), (-0.28, 318.3, 6_003.15), (-0.17, 217.6, -407_332.21),
)  # fmt: skip
_PARALLAX = (
    (0.0518, 135.0, 477_198.87), (0.0095, 259.3, -413_335.36), (0.0078, 235.7, 890_534.22), (0.0028, 269.9, 954_397.74),
)  # fmt: skip


Wave = Callable[[float], float]


def _series(terms: tuple[tuple[float, float, float], ...], t: float, wave: Wave = math.sin) -> float:
    return math.fsum(a * wave(math.radians(phase + rate * t)) for a, phase, rate in terms)


def _days(t_tai_ns: int) -> float:
    """Days since 2000-01-01 12:00."""
    return (posix_s(t_tai_ns) - J2000_POSIX_S) / DAY_S


def _turned(longitude: float, latitude: float, distance_m: float, days: float, t_tai_ns: int) -> Array:
    """Ecliptic of date to Earth-fixed: tilted by the obliquity, turned by sidereal time.

    Sidereal time is the Earth rotation angle and the precession since 2000 (IERS 2010 eq. 5.32, first term).
    """
    tilt = math.radians(23.439 - 4.0e-7 * days)
    x = math.cos(latitude) * math.cos(longitude)
    y = math.cos(latitude) * math.sin(longitude)
    z = math.sin(latitude)
    equatorial = (x, y * math.cos(tilt) - z * math.sin(tilt), y * math.sin(tilt) + z * math.cos(tilt))
    angle = era_rad(t_tai_ns) + math.radians(4_612.156534 / 3_600.0 * days / 36_525.0)
    s, c = math.sin(angle), math.cos(angle)
    return distance_m * np.array(
        [c * equatorial[0] + s * equatorial[1], c * equatorial[1] - s * equatorial[0], equatorial[2]]
    )
