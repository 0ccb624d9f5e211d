"""The arc of a thrown stone: two-body, no air, no boost, over the turning Earth. First guess and yardstick.

Bate, Mueller and White, Fundamentals of Astrodynamics (1971), chapter 6.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from tocsin.sim.flight.trajectory import Array
from tocsin.world import frames, geodesy
from tocsin.world.constants import MU_M3_S2, OMEGA_RAD_S


@dataclass(frozen=True, kw_only=True, slots=True)
class Arc:
    """Vacuum arc between two points of the surface. Speeds relative to the turning Earth unless named inertial."""

    apogee_km: float
    flight_s: float
    speed_m_s: float
    elevation_deg: float
    azimuth_deg: float
    apogee_speed_inertial_m_s: float


def flight_time_s(apogee_km: float, range_km: float, radius_m: float = 6_371e3) -> float:
    """Kepler time between two surface points of an Earth that does not turn."""
    return _ellipse(radius_m + apogee_km * 1e3, radius_m, range_km * 1e3 / radius_m)[2]


def arc(launch: tuple[float, float], bearing_deg: float, apogee_km: float, range_km: float) -> Arc:
    """The arc that meets the figures: `launch` is (latitude_deg, longitude_deg), bearing and range geodesic."""
    begin = _surface(launch)
    end = _surface(geodesy.direct(*launch, bearing_deg, range_km * 1e3))
    radius_m = 0.5 * float(np.linalg.norm(begin) + np.linalg.norm(end))
    flight_s = 0.0
    for _ in range(40):  # the target moves on while the stone is up; each pass shrinks the error tenfold
        before_s = flight_s
        target = _turned(end, OMEGA_RAD_S * flight_s)
        angle = math.atan2(float(np.linalg.norm(np.cross(begin, target))), float(begin @ target))
        speed, climb, flight_s, top = _ellipse(radius_m + apogee_km * 1e3, radius_m, angle)
        if abs(flight_s - before_s) < 1e-3:
            break
    up = begin / np.linalg.norm(begin)
    along = target - (target @ up) * up
    inertial = speed * (math.sin(climb) * up + math.cos(climb) * along / np.linalg.norm(along))
    relative = inertial - OMEGA_RAD_S * np.array([-begin[1], begin[0], 0.0])
    east, north, vertical = frames.enu_axes(math.radians(launch[0]), math.radians(launch[1])) @ relative
    return Arc(
        apogee_km=apogee_km,
        flight_s=flight_s,
        speed_m_s=float(np.linalg.norm(relative)),
        elevation_deg=math.degrees(math.atan2(vertical, math.hypot(east, north))),
        azimuth_deg=math.degrees(math.atan2(east, north)) % 360.0,
        apogee_speed_inertial_m_s=top,
    )


def least_speed_arc(launch: tuple[float, float], bearing_deg: float, range_km: float) -> Arc:
    """The arc over that range that needs the least speed."""
    found: Any = minimize_scalar(
        lambda x: arc(launch, bearing_deg, math.exp(x), range_km).speed_m_s,
        bounds=(math.log(0.02 * range_km), math.log(2.0 * range_km)), method="bounded", options={"xatol": 1e-4},
    )  # fmt: skip
    return arc(launch, bearing_deg, math.exp(float(found.x)), range_km)


def _ellipse(top_m: float, radius_m: float, angle_rad: float) -> tuple[float, float, float, float]:
    """(speed, elevation_rad, time_s, speed at the top) of the arc that leaves and meets `radius_m`."""
    c = math.cos(0.5 * angle_rad)
    e = (top_m - radius_m) / (top_m - radius_m * c)
    a = top_m / (1.0 + e)
    speed = math.sqrt(MU_M3_S2 * (2.0 / radius_m - 1.0 / a))
    top_speed = math.sqrt(MU_M3_S2 * (2.0 / top_m - 1.0 / a))
    climb = math.acos(min(1.0, top_m * top_speed / (radius_m * speed)))
    anomaly = math.acos(max(-1.0, min(1.0, (1.0 - radius_m / a) / e)))
    below = anomaly - e * math.sin(anomaly)
    return speed, climb, 2.0 * (math.pi - below) * math.sqrt(a**3 / MU_M3_S2), top_speed


def _surface(place_deg: tuple[float, float]) -> Array:
    return frames.geodetic_to_ecef(math.radians(place_deg[0]), math.radians(place_deg[1]), 0.0)


def _turned(position_m: Array, angle_rad: float) -> Array:
    s, c = math.sin(angle_rad), math.cos(angle_rad)
    x, y, z = position_m
    return np.array([c * x - s * y, s * x + c * y, z])
