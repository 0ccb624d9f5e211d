"""Many flights for the speed measurements: coasting objects in front of one radar, 1 Hz, J2 truth.

sparse: spread evenly over the radar's field. raid: clusters of 100, one sigma 1 km. dense: the same, 400 m.
mega: clusters of 1000, 860 m. Detection probability 0.9, clutter 0.3 per object and scan, sigma 20 m and 0.1 mrad at
400 to 1200 km.
"""

import math

import numpy as np

from tocsin.track import Tracker, TrackerSettings, life
from tocsin.track.engine import SECOND_NS
from tocsin.world.frames import ecef_to_eci, eci_to_ecef
from tocsin.world.motion import step
from tocsin.world.observation import Radar, Scan
from tocsin.world.sensor import measure, noise, radar_position

T0_NS = 1_500_000_000 * SECOND_NS
CLUSTERS = {"raid": (100, 1000.0), "dense": (100, 400.0), "mega": (1000, 860.0)}


def radar(n):
    return Radar(
        id="r", latitude_deg=45.0, longitude_deg=10.0, height_m=500.0, sigma_range_m=20.0, sigma_azimuth_rad=1e-4,
        sigma_elevation_rad=1e-4, range_max_m=1500e3, elevation_min_rad=0.05, elevation_max_rad=1.0,
        azimuth_centre_rad=0.0, azimuth_halfwidth_rad=1.3, period_s=1.0, detection_probability=0.9,
        clutter_per_scan=0.3 * n,
    )  # fmt: skip


def first_states(kind, n, sensor, rng):
    """Inertial states (n, 6) at T0_NS."""
    if kind == "sparse":
        polar = rng.uniform([400e3, -1.05, 0.15], [1200e3, 1.05, 0.87], (n, 3))
        place = radar_position(sensor, polar)
        speed = rng.normal(size=(n, 3)) * 600.0
    else:
        size, sigma = CLUSTERS[kind]
        centres = rng.uniform([800e3, -1.0, 0.2], [1200e3, 1.0, 0.8], (max(1, n // size), 3))
        which = np.arange(n) % len(centres)
        place = radar_position(sensor, centres)[which] + rng.normal(size=(n, 3)) * sigma
        speed = (rng.normal(size=(len(centres), 3)) * 600.0)[which] + rng.normal(size=(n, 3)) * 2.0
    return ecef_to_eci(np.concatenate([place, speed], axis=1), T0_NS)


def scans(kind, n, count, seed=1):
    """(radar, first states, list of scans one second apart, the first at T0_NS + 1 s)."""
    rng = np.random.default_rng(seed)
    sensor = radar(n)
    state = first = first_states(kind, n, sensor, rng)
    out = []
    for k in range(1, count + 1):
        state = step(state, 1.0)
        t = T0_NS + k * SECOND_NS
        seen = rng.random(n) < sensor.detection_probability
        z = measure(sensor, eci_to_ecef(state[seen], t))
        z += rng.normal(size=z.shape) * noise(sensor)
        m = rng.poisson(sensor.clutter_per_scan)
        low, high = math.sin(sensor.elevation_min_rad), math.sin(sensor.elevation_max_rad)
        clutter = np.stack([
            rng.uniform(sensor.range_min_m, sensor.range_max_m, m),
            rng.uniform(-sensor.azimuth_halfwidth_rad, sensor.azimuth_halfwidth_rad, m),
            np.arcsin(rng.uniform(low, high, m)),
        ], axis=1)  # fmt: skip
        z = np.concatenate([z, clutter])
        out.append(Scan(sensor=sensor, t_tai_ns=t, measurements=z[rng.permutation(len(z))]))
    return sensor, first, out


def primed(sensor, first, rng, settings=None):
    """A tracker that already follows every object of `first`, with errors of 60 m and 3 m/s."""
    tracker = Tracker("bench", [sensor], settings or TrackerSettings(capacity=len(first) * 2))
    engine = tracker._engine
    pool = engine._pool
    slots = pool.take(len(first))
    sigma = np.array([60.0] * 3 + [3.0] * 3)
    state = first + rng.normal(size=first.shape) * sigma
    covariance = np.broadcast_to(np.diag(sigma**2), (len(first), 6, 6)).copy()
    life.plant(pool.bank, pool.odds, slots, state, covariance, np.array([0.98, 0.01, 0.01]))
    pool.existence[slots] = 0.99
    pool.count[life.STAGE, slots] = life.CONFIRMED
    pool.count[life.NUMBER, slots] = np.arange(1, len(first) + 1)
    engine._register._last = len(first)
    engine.t_tai_ns = tracker._ahead_tai_ns = T0_NS
    return tracker
