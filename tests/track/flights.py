"""A small truth for the tracker's tests: a two-stage boost, then free fall; and what sensors see of it.

Independent of the kernels: steps of 0.1 s with `world.gravity`, thrust along a fixed pitch programme.
"""

import math

import numpy as np

from tocsin.world import sensor as world_sensor
from tocsin.world.frames import ecef_to_eci, eci_to_ecef, enu_axes, geodetic_to_ecef, rotation6
from tocsin.world.gravity import acceleration_eci
from tocsin.world.observation import Infrared, Radar, Scan

T0_NS = 1_000_000_000 * 10**9
STEP_S = 0.1
STAGING = (60.0, 63.0)
BURNOUT_S = 90.0

RADAR = Radar(
    id="r1", latitude_deg=68.0, longitude_deg=33.0, height_m=100.0, sigma_range_m=30.0, sigma_azimuth_rad=1e-3,
    sigma_elevation_rad=1e-3, range_max_m=4e6, elevation_min_rad=math.radians(2), elevation_max_rad=math.radians(85),
    azimuth_centre_rad=math.radians(200), azimuth_halfwidth_rad=math.radians(170), period_s=1.0,
    detection_probability=0.9, clutter_per_scan=5.0,
)  # fmt: skip
INFRARED = Infrared(
    id="ir1", position_ecef_m=(42164e3 * math.cos(0.5), 42164e3 * math.sin(0.5), 0.0), sigma_angle_rad=5e-5,
    plume_height_min_m=8e3, period_s=1.0, detection_probability=0.95, clutter_per_scan=0.5,
)  # fmt: skip


def burning(t_s):
    return t_s < BURNOUT_S and not STAGING[0] <= t_s < STAGING[1]


def thrust_m_s2(t_s):
    if not burning(t_s):
        return 0.0
    return 25.0 + 0.7 * t_s if t_s < STAGING[0] else 55.0 + 1.5 * (t_s - STAGING[0])


def flight(latitude_deg=65.0, longitude_deg=40.0, azimuth_deg=300.0, total_s=420.0):
    """States (n, 6) every 0.1 s from lift-off, inertial."""
    lat, lon, az = (math.radians(x) for x in (latitude_deg, longitude_deg, azimuth_deg))
    start = np.concatenate([geodetic_to_ecef(lat, lon, 0.0), np.zeros(3)])
    state = ecef_to_eci(start, T0_NS)
    east, north, up = (rotation6(T0_NS)[:3, :3] @ axis for axis in enu_axes(lat, lon))
    heading = math.sin(az) * east + math.cos(az) * north

    def rate(t, x):
        pitch = math.radians(90.0 - 45.0 * min(max((t - 8.0) / 60.0, 0.0), 1.0))
        push = thrust_m_s2(t) * (math.sin(pitch) * up + math.cos(pitch) * heading)
        return np.concatenate([x[3:], acceleration_eci(x[None, :3])[0] + push])

    states, h = [state], STEP_S
    for k in range(round(total_s / h)):
        t = k * h
        k1 = rate(t, state)
        k2 = rate(t + h / 2, state + h / 2 * k1)
        k3 = rate(t + h / 2, state + h / 2 * k2)
        k4 = rate(t + h, state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states.append(state)
    return np.array(states)


def scan(sensor, t_s, states_eci, plumes, rng):
    """What a sensor reports at t_s of some states (n, 6): with misses, noise and clutter."""
    t_ns = T0_NS + round(t_s * 1e9)
    ecef = eci_to_ecef(np.reshape(states_eci, (-1, 6)), t_ns)
    seen = world_sensor.visible(sensor, ecef) & (rng.random(len(ecef)) < sensor.detection_probability)
    if isinstance(sensor, Infrared):
        seen &= np.array(plumes, bool)
    z = world_sensor.measure(sensor, ecef[seen])
    z = z + rng.normal(size=z.shape) * world_sensor.noise(sensor)
    n = rng.poisson(sensor.clutter_per_scan)
    z = np.concatenate(
        [z, infrared_clutter(sensor, n, rng) if isinstance(sensor, Infrared) else radar_clutter(sensor, n, rng)]
    )
    if isinstance(sensor, Infrared):
        z /= np.linalg.norm(z, axis=1)[:, None]
    return Scan(sensor=sensor, t_tai_ns=t_ns, measurements=z)


def radar_clutter(radar, n, rng):
    columns = [
        rng.uniform(radar.range_min_m, radar.range_max_m, n),
        radar.azimuth_centre_rad + rng.uniform(-1, 1, n) * radar.azimuth_halfwidth_rad,
        np.arcsin(rng.uniform(math.sin(radar.elevation_min_rad), math.sin(radar.elevation_max_rad), n)),
    ]
    if radar.sigma_range_rate_m_s is not None:
        columns.append(rng.uniform(-8e3, 8e3, n))
    return np.stack(columns, axis=1)


def infrared_clutter(satellite, n, rng):
    """Lines to random points of the half of the Earth that faces the satellite."""
    site = np.array(satellite.position_ecef_m)
    points = rng.normal(size=(n, 3))
    points *= 6.38e6 / np.linalg.norm(points, axis=1)[:, None]
    points[points @ site < 0] *= -1.0
    return points - site
