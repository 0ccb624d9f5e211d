"""Sensors as the kernels see them, and scans made ready: bad records dropped and counted, angles taken apart."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import cast

import numpy as np

from tocsin.track.algebra import Matrix, Vector
from tocsin.track.sensing import View
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags, Indices
from tocsin.world.constants import WGS84_A_M
from tocsin.world.frames import rotation6
from tocsin.world.observation import Infrared, Radar, Sensor
from tocsin.world.refraction import true_elevation
from tocsin.world.sensor import site_axes, site_ecef, wrap_rad

NEVER = 1e30
RATE_MAX_M_S = 12_000.0
UNIT_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Mount:
    """What is fixed of a sensor in Earth-fixed axes, and its densities of false and new detections."""

    sensor: Sensor
    site_ecef_m: Array
    axes_ecef: Array
    columns: int
    dimensions: int
    volume: float


def mount(sensor: Sensor) -> Mount:
    """Axes and measurement volume (rad2, times m for radars, times m/s with range rate)."""
    if isinstance(sensor, Radar):
        span = math.sin(min(sensor.elevation_max_rad, 0.5 * math.pi)) - math.sin(sensor.elevation_min_rad)
        volume = max(span, 1e-3) * 2.0 * min(sensor.azimuth_halfwidth_rad, math.pi)
        volume *= sensor.range_max_m - sensor.range_min_m
        if sensor.sigma_range_rate_m_s is None:
            return Mount(sensor, site_ecef(sensor), site_axes(sensor), 3, 3, volume)
        return Mount(sensor, site_ecef(sensor), site_axes(sensor), 4, 4, volume * 2.0 * RATE_MAX_M_S)
    site = np.array(sensor.position_ecef_m, float)
    distance = math.sqrt(float(site @ site))
    towards = -site / distance
    pole = np.array([0.0, 0.0, 1.0]) if abs(towards[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    up = pole - towards * (pole @ towards)
    up /= math.sqrt(float(up @ up))
    cross = np.cross(towards, up)
    disc = math.pi * math.asin(min(1.0, (WGS84_A_M + 500e3) / distance)) ** 2
    return Mount(sensor, site, np.stack([cross, towards, up]), 3, 2, disc)


def view(m: Mount, t_tai_ns: int) -> View:
    """The sensor at an instant, in inertial axes."""
    turn = rotation6(t_tai_ns)
    state = turn @ np.concatenate([m.site_ecef_m, np.zeros(3)])
    axes = m.axes_ecef @ turn[:3, :3].T
    s = m.sensor
    where = (
        cast(Vector, tuple(state[:3].tolist())),
        cast(Vector, tuple(state[3:].tolist())),
        cast(Matrix, tuple(axes.ravel().tolist())),
    )
    if isinstance(s, Infrared):
        angle = s.sigma_angle_rad**2
        noise = (NEVER, angle, angle, NEVER, 0.0, 0.0, 1.0)
        return View(*where, *noise, 0.0, NEVER, -4.0, 4.0, 0.0, 4.0, s.plume_height_min_m)
    rate = s.sigma_range_rate_m_s
    noise = (
        s.sigma_range_m**2, s.sigma_azimuth_rad**2, s.sigma_elevation_rad**2,
        NEVER if rate is None else rate**2, 1.0, 0.0 if rate is None else 1.0, 0.0,
    )  # fmt: skip
    field = (s.range_min_m, s.range_max_m, s.elevation_min_rad, s.elevation_max_rad)
    centre = float(wrap_rad(np.array(s.azimuth_centre_rad)))
    return View(*where, *noise, *field, centre, s.azimuth_halfwidth_rad, 0.0)


@dataclass(frozen=True, slots=True)
class Detections:
    """Good records of a scan. values (m, 4): range, azimuth, elevation (true), range rate; 0 where not measured.

    `order` sorts by column `column` (0 range, 1 azimuth), whose sorted values are `key`.
    """

    values: Array
    order: Indices
    key: Array
    column: int


def prepare(m: Mount, measurements: object, settings: TrackerSettings, dropped: Counter[str]) -> Detections:
    """Turn a scan's measurements into `Detections`; what cannot be a measurement is counted by reason."""
    raw = _table(measurements, m.columns, settings, dropped)
    if isinstance(m.sensor, Infrared):
        values, column = _angles(m, raw, dropped), 1
    else:
        values, column = _polar(m.sensor, raw, dropped), 0
    order = np.argsort(values[:, column], kind="stable")
    key = values[order, column]
    if np.any(key[1:] == key[:-1]):
        _, first = np.unique(values, axis=0, return_index=True)
        dropped["duplicate"] += len(values) - len(first)
        values = values[np.sort(first)]
        order = np.argsort(values[:, column], kind="stable")
        key = values[order, column]
    return Detections(values, order, key, column)


def _table(measurements: object, columns: int, settings: TrackerSettings, dropped: Counter[str]) -> Array:
    """(m, columns) finite numbers; anything else counted."""
    try:
        raw = np.array(measurements, float)
    except (TypeError, ValueError):
        dropped["columns"] += 1
        return np.empty((0, columns))
    if raw.size == 0:
        return np.empty((0, columns))
    if raw.ndim != 2 or raw.shape[1] != columns:
        dropped["columns"] += len(raw) if raw.ndim else 1
        return np.empty((0, columns))
    if len(raw) > settings.detections_max:
        dropped["excess"] += len(raw) - settings.detections_max
        raw = raw[: settings.detections_max]
    return _keep(raw, np.isfinite(raw).all(axis=1), "non_finite", dropped)


def _keep(raw: Array, good: Flags, reason: str, dropped: Counter[str]) -> Array:
    bad = len(raw) - int(np.count_nonzero(good))
    if bad:
        dropped[reason] += bad
        return raw[good]
    return raw


def _polar(radar: Radar, raw: Array, dropped: Counter[str]) -> Array:
    """Radar records: within the radar's own limits with five sigma to spare."""
    spare = 5.0 * radar.sigma_range_m
    good = (raw[:, 0] > 0.0) & (raw[:, 0] >= radar.range_min_m - spare) & (raw[:, 0] <= radar.range_max_m + spare)
    raw = _keep(raw, good, "range", dropped)
    raw = _keep(raw, np.abs(raw[:, 1]) <= 4.0 * math.pi, "azimuth", dropped)
    raw = _keep(raw, np.abs(raw[:, 2]) <= 0.5 * math.pi, "elevation", dropped)
    if raw.shape[1] == 4:
        raw = _keep(raw, np.abs(raw[:, 3]) <= RATE_MAX_M_S, "range_rate", dropped)
    values = np.zeros((len(raw), 4))
    values[:, : raw.shape[1]] = raw
    values[:, 1] = wrap_rad(raw[:, 1])
    if len(raw):
        values[:, 2] = true_elevation(raw[:, 2], raw[:, 0], radar.height_m)
    return values


def _angles(m: Mount, raw: Array, dropped: Counter[str]) -> Array:
    """Lines of sight as two angles in the satellite's axes; those that point away from the Earth are dropped."""
    length = np.sqrt(raw[:, 0] ** 2 + raw[:, 1] ** 2 + raw[:, 2] ** 2)
    good = np.abs(length - 1.0) <= UNIT_TOLERANCE
    raw, length = raw[good], length[good]
    dropped["line_of_sight"] += int(np.count_nonzero(~good))
    seen = (raw / length[:, None]) @ m.axes_ecef.T
    seen = _keep(seen, seen[:, 1] > 0.2, "line_of_sight", dropped)
    values = np.zeros((len(seen), 4))
    values[:, 1] = np.arctan2(seen[:, 0], seen[:, 1])
    values[:, 2] = np.arcsin(np.clip(seen[:, 2], -1.0, 1.0))
    return values
