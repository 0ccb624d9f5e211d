"""Sensors as the kernels see them: axes, noise and field at an instant."""

import math
from dataclasses import dataclass
from typing import cast

import numpy as np

from tocsin.track.algebra import Matrix, Vector
from tocsin.track.refraction import Bending, bending
from tocsin.track.sensing import View
from tocsin.track.tiles import Array
from tocsin.world.constants import WGS84_A_M
from tocsin.world.frames import rotation6
from tocsin.world.observation import Infrared, Radar, Sensor
from tocsin.world.sensor import site_axes, site_ecef, wrap_rad

NEVER = 1e30
RATE_MAX_M_S = 12_000.0


@dataclass(frozen=True, slots=True)
class Mount:
    """What is fixed of a sensor in Earth-fixed axes, and its densities of false and new detections.

    constants: the last fields of its `View`, which no instant changes.
    """

    sensor: Sensor
    site_ecef_m: Array
    axes_ecef: Array
    columns: int
    dimensions: int
    volume: float
    constants: tuple[float, ...]
    bending: Bending | None = None


def mount(sensor: Sensor) -> Mount:
    """Axes and measurement volume (rad2, times m for radars, times m/s with range rate)."""
    if isinstance(sensor, Radar):
        span = math.sin(min(sensor.elevation_max_rad, 0.5 * math.pi)) - math.sin(sensor.elevation_min_rad)
        volume = max(span, 1e-3) * 2.0 * min(sensor.azimuth_halfwidth_rad, math.pi)
        volume *= sensor.range_max_m - sensor.range_min_m
        table = bending(sensor.range_min_m, sensor.range_max_m, sensor.height_m)
        site, axes = site_ecef(sensor), site_axes(sensor)
        if sensor.sigma_range_rate_m_s is None:
            return Mount(sensor, site, axes, 3, 3, volume, _constants(sensor), table)
        return Mount(sensor, site, axes, 4, 4, volume * 2.0 * RATE_MAX_M_S, _constants(sensor), table)
    site = np.array(sensor.position_ecef_m, float)
    distance = math.sqrt(float(site @ site))
    towards = -site / distance
    pole = np.array([0.0, 0.0, 1.0]) if abs(towards[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    up = pole - towards * (pole @ towards)
    up /= math.sqrt(float(up @ up))
    cross = np.cross(towards, up)
    disc = math.pi * math.asin(min(1.0, (WGS84_A_M + 500e3) / distance)) ** 2
    return Mount(sensor, site, np.stack([cross, towards, up]), 3, 2, disc, _constants(sensor))


def _constants(s: Sensor) -> tuple[float, ...]:
    """What a View holds after site and axes: noise, flags and field."""
    if isinstance(s, Infrared):
        angle = s.sigma_angle_rad**2
        noise = (NEVER, angle, angle, NEVER, 0.0, 0.0, 1.0)
        field = (0.0, NEVER, -4.0, 4.0, 0.0, 4.0, s.plume_height_min_m)
    else:
        rate = s.sigma_range_rate_m_s
        noise = (
            s.sigma_range_m**2, s.sigma_azimuth_rad**2, s.sigma_elevation_rad**2,
            NEVER if rate is None else rate**2, 1.0, 0.0 if rate is None else 1.0, 0.0,
        )  # fmt: skip
        centre = float(wrap_rad(np.array(s.azimuth_centre_rad)))
        limits = (s.range_min_m, s.range_max_m, s.elevation_min_rad, s.elevation_max_rad)
        field = (*limits, centre, s.azimuth_halfwidth_rad, 0.0)
    # floats even where a caller wrote whole numbers: another type would be another compilation
    clock_s = s.clock_sigma_ns * 1e-9
    return tuple(map(float, (*noise, *field, clock_s * clock_s)))


def view_of(m: Mount, t_tai_ns: int) -> View:
    """The sensor at an instant, in inertial axes."""
    turn = rotation6(t_tai_ns)
    state = (turn @ np.concatenate([m.site_ecef_m, np.zeros(3)])).tolist()
    axes = m.axes_ecef @ turn[:3, :3].T
    where = cast(Vector, tuple(state[:3])), cast(Vector, tuple(state[3:])), cast(Matrix, tuple(axes.ravel().tolist()))
    return View(*where, *m.constants)
