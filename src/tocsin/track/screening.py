"""Scans made ready: bad records dropped and counted by reason, lines of sight and angles in the sensor's axes."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from tocsin.track.pairing import Strips, strips
from tocsin.track.refraction import straighten
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags
from tocsin.track.views import RATE_MAX_M_S, Mount
from tocsin.world.observation import Infrared, Radar
from tocsin.world.sensor import wrap_rad

UNIT_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Detections:
    """Good records of a scan. values (m, 5): range, azimuth, elevation (true), range rate, 0 where not measured; and
    the log of the density of detections that belong to no track, which the engine fills in.

    `strips` sorts them for the search by column `column`: 0 range, 2 elevation.
    """

    values: Array
    column: int
    strips: Strips


def prepare(m: Mount, measurements: object, settings: TrackerSettings, dropped: Counter[str]) -> Detections:
    """Turn a scan's measurements into `Detections`; what cannot be a measurement is counted by reason."""
    raw = _table(measurements, m.columns, settings, dropped)
    if isinstance(m.sensor, Infrared):
        values, column = _angles(m, raw, dropped), 2
    else:
        values, column = _polar(m, m.sensor, raw, dropped), 0
    sorted_ = strips(values, column)
    if np.any(sorted_.key[1:] == sorted_.key[:-1]):
        _, first = np.unique(values, axis=0, return_index=True)
        dropped["duplicate"] += len(values) - len(first)
        values = values[np.sort(first)]
        sorted_ = strips(values, column)
    return Detections(values, column, sorted_)


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


def _polar(m: Mount, radar: Radar, raw: Array, dropped: Counter[str]) -> Array:
    """Radar records: within the radar's own limits with five sigma to spare."""
    spare = 5.0 * radar.sigma_range_m
    good = (raw[:, 0] > 0.0) & (raw[:, 0] >= radar.range_min_m - spare) & (raw[:, 0] <= radar.range_max_m + spare)
    raw = _keep(raw, good, "range", dropped)
    raw = _keep(raw, np.abs(raw[:, 1]) <= 4.0 * math.pi, "azimuth", dropped)
    raw = _keep(raw, np.abs(raw[:, 2]) <= 0.5 * math.pi, "elevation", dropped)
    if raw.shape[1] == 4:
        raw = _keep(raw, np.abs(raw[:, 3]) <= RATE_MAX_M_S, "range_rate", dropped)
    values = np.zeros((len(raw), 5))
    values[:, : raw.shape[1]] = raw
    values[:, 1] = wrap_rad(raw[:, 1])
    if m.bending is not None:
        straighten(m.bending, values)
    return values


def _angles(m: Mount, raw: Array, dropped: Counter[str]) -> Array:
    """Lines of sight as two angles in the satellite's axes; those that point away from the Earth are dropped."""
    near = np.max(np.abs(raw), axis=1, initial=0.0) <= 2.0  # before squaring: it may overflow
    raw = _keep(raw, near, "line_of_sight", dropped)
    length = np.sqrt(raw[:, 0] ** 2 + raw[:, 1] ** 2 + raw[:, 2] ** 2)
    good = np.abs(length - 1.0) <= UNIT_TOLERANCE
    raw, length = raw[good], length[good]
    dropped["line_of_sight"] += int(np.count_nonzero(~good))
    seen = (raw / length[:, None]) @ m.axes_ecef.T
    seen = _keep(seen, seen[:, 1] > 0.2, "line_of_sight", dropped)
    values = np.zeros((len(seen), 5))
    values[:, 1] = np.arctan2(seen[:, 0], seen[:, 1])
    values[:, 2] = np.arcsin(np.clip(seen[:, 2], -1.0, 1.0))
    return values
