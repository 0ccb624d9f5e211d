"""Scans made ready: bad records dropped and counted by reason, lines of sight and angles in the sensor's axes."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import cast

import numpy as np

from tocsin.track.jit import kernel
from tocsin.track.pairing import Strips, in_order, strips
from tocsin.track.refraction import Bending, bent
from tocsin.track.settings import TrackerSettings
from tocsin.track.tiles import Array, Flags, Indices, finite
from tocsin.track.views import RATE_MAX_M_S, Mount
from tocsin.world.observation import Infrared, Radar

UNIT_TOLERANCE = 1e-3
FAULTS = ("non_finite", "range", "azimuth", "elevation", "range_rate")


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
        values, column = polar(cast(Bending, m.bending), m.sensor, raw, dropped), 0
    sorted_, ties = in_order(values, column)
    if ties:
        _, first = np.unique(values, axis=0, return_index=True)
        if len(first) < len(values):
            dropped["duplicate"] += len(values) - len(first)
            values = values[np.sort(first)]
            sorted_ = strips(values, column)
    return Detections(values, column, sorted_)


def _table(measurements: object, columns: int, settings: TrackerSettings, dropped: Counter[str]) -> Array:
    """(m, columns) numbers; anything else counted."""
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
    return raw


def _keep(raw: Array, good: Flags, reason: str, dropped: Counter[str]) -> Array:
    bad = len(raw) - int(np.count_nonzero(good))
    if bad:
        dropped[reason] += bad
        return raw[good]
    return raw


def polar(table: Bending, radar: Radar, raw: Array, dropped: Counter[str]) -> Array:
    """Radar records as `Detections.values`: within the radar's own limits, with five sigma to spare in range."""
    values, faults = np.empty((len(raw), 5)), np.zeros(len(FAULTS), np.int64)
    spare = 5.0 * radar.sigma_range_m
    least, most = float(radar.range_min_m - spare), float(radar.range_max_m + spare)
    n = screen(table, raw, least, most, values, faults)
    if n < len(raw):
        dropped.update({reason: bad for reason, bad in zip(FAULTS, faults.tolist(), strict=True) if bad})
    return values[:n]


@kernel
def screen(table: Bending, raw: Array, least: float, most: float, values: Array, faults: Indices) -> int:
    """Good records (m, 3 or 4) into `values`: azimuth in [-pi, pi), elevation true; returns their number."""
    n, columns = 0, raw.shape[1]
    for i in range(raw.shape[0]):
        distance, azimuth, elevation = raw[i, 0], raw[i, 1], raw[i, 2]
        rate = raw[i, columns - 1] if columns == 4 else 0.0
        if not finite(distance + azimuth + elevation + rate):
            faults[0] += 1
        elif not (distance > 0.0 and distance >= least and distance <= most):
            faults[1] += 1
        elif abs(azimuth) > 4.0 * math.pi:
            faults[2] += 1
        elif abs(elevation) > 0.5 * math.pi:
            faults[3] += 1
        elif abs(rate) > RATE_MAX_M_S:
            faults[4] += 1
        else:
            values[n, 0] = distance
            values[n, 1] = (azimuth + math.pi) % (2.0 * math.pi) - math.pi
            values[n, 2] = elevation + bent(table, distance, elevation)
            values[n, 3], values[n, 4] = rate, 0.0
            n += 1
    return n


def _angles(m: Mount, raw: Array, dropped: Counter[str]) -> Array:
    """Lines of sight as two angles in the satellite's axes; those that point away from the Earth are dropped."""
    finite_: Flags = np.all(np.isfinite(raw), axis=1)
    raw = _keep(raw, finite_, "non_finite", dropped)
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
