"""What sensors would have measured: truth -> scans, with noise, misses, clutter and clock error from one seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tocsin.world import frames, sensor
from tocsin.world.observation import Array, Infrared, Radar, Scan, Sensor

NS = 1_000_000_000


class Seen(Protocol):
    """What sensing needs of a flight."""

    @property
    def flight_s(self) -> float:
        """Seconds from launch to the ground."""
        ...

    def state_ecef(self, t_s: Array) -> Array:
        """States (n, 6) Earth-fixed at seconds after launch."""

    def thrusting(self, t_s: float) -> bool:
        """Whether a motor burns at `t_s`."""


class Unreal(Protocol):
    """What a sensor measures that is no object: see `tocsin.sim.ghosts`."""

    @property
    def sensor(self) -> str:
        """Id of the sensor that is fooled."""
        ...

    def rows(self, one: Sensor, t_tai_ns: int) -> Array | None:
        """Clean measurements (n, 3) of the sensor at a time, or None."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flown:
    """A flight and its launch time. `tape_on`: recorded data that come out of these sensors' lines alone."""

    truth: Seen
    launch_tai_ns: int
    tape_on: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Watching:
    """A sensor, and how far its clock is off (its time stamps are late by this much)."""

    sensor: Sensor
    clock_offset_ns: int = 0


def scans(
    flown: Sequence[Flown], watching: Sequence[Watching], begin_tai_ns: int, end_tai_ns: int, rng: np.random.Generator,
    ghosts: Sequence[Unreal] = (),
) -> list[Scan]:  # fmt: skip
    """All scans of all sensors in time order. Empty scans are kept: a miss is evidence too."""
    found: list[Scan] = []
    for watch in watching:
        period_ns = round(watch.sensor.period_s * NS)
        first = begin_tai_ns + int(rng.integers(0, period_ns))
        for t_tai_ns in range(first, end_tai_ns, period_ns):
            rows = [detect(one, watch.sensor, t_tai_ns, rng) for one in flown]
            rows += [_unreal(ghost, watch.sensor, t_tai_ns, rng) for ghost in ghosts]
            rows.append(_clutter(watch.sensor, rng))
            measured = np.concatenate([row for row in rows if row is not None])
            found.append(Scan(sensor=watch.sensor, t_tai_ns=t_tai_ns + watch.clock_offset_ns, measurements=measured))
    return sorted(found, key=lambda scan: (scan.t_tai_ns, scan.sensor.id))


def _columns(one: Sensor) -> int:
    if isinstance(one, Infrared):
        return 3
    return 3 if one.sigma_range_rate_m_s is None else 4


def _unreal(ghost: Unreal, one: Sensor, t_tai_ns: int, rng: np.random.Generator) -> Array | None:
    if ghost.sensor != one.id:
        return None
    clean = ghost.rows(one, t_tai_ns)
    return None if clean is None or rng.random() > one.detection_probability else noisy(clean, one, rng)


def detect(flown: Flown, one: Sensor, t_tai_ns: int, rng: np.random.Generator) -> Array | None:
    """One row (1, columns) if the sensor sees the flight at this time, noise included; else None."""
    t_s = (t_tai_ns - flown.launch_tai_ns) / NS
    if not 0.0 < t_s < flown.truth.flight_s or (flown.tape_on and one.id not in flown.tape_on):
        return None
    state = np.atleast_2d(flown.truth.state_ecef(np.array([t_s])))
    seen = bool(sensor.visible(one, state)[0])
    if isinstance(one, Infrared):
        seen = seen and flown.truth.thrusting(t_s)
    if not seen or rng.random() > one.detection_probability:
        return None
    clean = sensor.measure(one, state)
    return noisy(clean, one, rng)


def look(one: Sensor, state_ecef: Array, burning: Array, odds: Array, rng: np.random.Generator) -> Array:
    """One scan's rows, clutter included, of many objects at once: states (n, 6), `burning` (n,) truth values, and
    `odds` (n,) that an object in view is detected. Rows of one object are not marked as such."""
    seen = sensor.visible(one, state_ecef) if len(state_ecef) else np.zeros(0, np.bool_)
    if isinstance(one, Infrared):
        seen = seen & burning.astype(np.bool_)
    seen = seen & (rng.random(len(state_ecef)) < odds)
    rows = [_clutter(one, rng)]
    if seen.any():
        rows.append(noisy(sensor.measure(one, state_ecef[seen]), one, rng))
    return np.concatenate(rows)


def noisy(clean: Array, one: Sensor, rng: np.random.Generator) -> Array:
    """Clean rows (n, columns) with the sensor's noise."""
    if isinstance(one, Infrared):
        rows = clean + one.sigma_angle_rad * rng.standard_normal(clean.shape)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))
    return np.asarray(clean + sensor.noise(one) * rng.standard_normal(clean.shape))


def _clutter(one: Sensor, rng: np.random.Generator) -> Array:
    count = int(rng.poisson(one.clutter_per_scan)) if one.clutter_per_scan else 0
    if isinstance(one, Infrared):
        return _clutter_infrared(one, count, rng)
    return _clutter_radar(one, count, rng)


def _clutter_radar(one: Radar, count: int, rng: np.random.Generator) -> Array:
    rows = np.empty((count, _columns(one)))
    rows[:, 0] = rng.uniform(one.range_min_m, one.range_max_m, count)
    rows[:, 1] = one.azimuth_centre_rad + rng.uniform(-1, 1, count) * one.azimuth_halfwidth_rad
    rows[:, 2] = rng.uniform(one.elevation_min_rad, one.elevation_max_rad, count)
    if rows.shape[1] > 3:
        rows[:, 3] = rng.uniform(-7e3, 7e3, count)
    return rows


def _clutter_infrared(one: Infrared, count: int, rng: np.random.Generator) -> Array:
    """Bright spots at cloud height, anywhere on the visible disc."""
    position = np.array(one.position_ecef_m)
    rows = np.empty((0, 3))
    while len(rows) < count:
        spot = rng.standard_normal((count, 3))
        spot /= np.linalg.norm(spot, axis=1, keepdims=True)
        lat, lon = np.arcsin(spot[:, 2]), np.arctan2(spot[:, 1], spot[:, 0])
        points = frames.geodetic_to_ecef(lat, lon, np.full(count, one.plume_height_min_m + 1e3))
        facing = np.einsum("ij,ij->i", position - points, points) > 0
        sight = points[facing] - position
        rows = np.concatenate([rows, sight / np.linalg.norm(sight, axis=1, keepdims=True)])
    return rows[:count]
