"""Anything may come in: a picture never holds a number that is none, and the tracker never stops."""

import dataclasses
import math

import numpy as np
from flights import INFRARED, RADAR, T0_NS
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track import Tracker
from tocsin.world.observation import Scan

RATED = dataclasses.replace(RADAR, id="r2", sigma_range_rate_m_s=2.0, latitude_deg=70.0)
SHARP = dataclasses.replace(
    RADAR, id="r3", sigma_range_m=0.5, sigma_azimuth_rad=8e-3, sigma_elevation_rad=8e-3, azimuth_halfwidth_rad=math.pi
)
SENSORS = [RADAR, INFRARED, RATED, SHARP]
WILD = [
    0.0,
    -0.0,
    1e-300,
    -1.0,
    1.0,
    math.pi / 2,
    -math.pi,
    7.0,
    1e4,
    1e6,
    4e6,
    1e12,
    1e308,
    math.inf,
    -math.inf,
    math.nan,
]

tables = st.one_of(
    st.lists(st.lists(st.sampled_from(WILD) | st.floats(), min_size=3, max_size=4), max_size=6),
    st.sampled_from([None, "abc", 3, [[1, 2], [3]], [["a", "b", "c"]], [[]], np.zeros((2, 3, 4)), np.zeros(3)]),
)
times = st.one_of(st.integers(0, 60 * 10**9), st.sampled_from([-(10**9), 10**17, 2**63]))


def sound(picture):
    for values in (picture.state_eci, picture.covariance_eci, picture.existence, picture.boost_probability):
        assert np.isfinite(values).all()
    for covariance in picture.covariance_eci:
        sigma = np.sqrt(np.diagonal(covariance))
        assert np.linalg.eigvalsh(covariance / np.outer(sigma, sigma)).min() > -1e-9
    assert list(picture.id) == sorted(set(picture.id))
    assert ((picture.existence >= 0.0) & (picture.existence <= 1.0)).all()
    assert ((picture.boost_probability >= 0.0) & (picture.boost_probability <= 1.0)).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SENSORS), times, tables), max_size=12))
def test_garbage(steps):
    tracker = Tracker("west", SENSORS)
    for sensor, t, table in steps:
        sound(tracker.step(Scan(sensor=sensor, t_tai_ns=T0_NS + t, measurements=table)))


def jumping(rng, sensor, n):
    """Records inside the sensor's limits, with some at the very edge: zenith, north, shortest and longest range."""
    if sensor is INFRARED:
        z = rng.normal(size=(n, 3)) * 2e6 - np.array(sensor.position_ecef_m)
        return z / np.linalg.norm(z, axis=1)[:, None]
    z = np.stack([rng.uniform(1e4, 1e6, n), rng.uniform(-4, 4, n), rng.uniform(-0.1, math.pi / 2, n)], axis=1)
    edge = rng.random((n, 3)) < 0.3
    z[edge] = np.broadcast_to([sensor.range_min_m, math.pi, math.pi / 2], (n, 3))[edge]
    return z if sensor.sigma_range_rate_m_s is None else np.append(z, rng.uniform(-9e3, 9e3, (n, 1)), axis=1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.001, 50.0))
def test_plausible_nonsense(seed, pace_s):
    """Clouds of detections around moving points, sensors taking turns, with gaps: tracks come, jump and go."""
    rng = np.random.default_rng(seed)
    tracker = Tracker("west", SENSORS)
    clouds = {sensor.id: jumping(rng, sensor, 4) for sensor in SENSORS}
    t = 0.0
    for _ in range(24):
        sensor = SENSORS[rng.integers(len(SENSORS))]
        t += float(rng.exponential(pace_s))
        z = clouds[sensor.id] * (1.0 + rng.normal(size=clouds[sensor.id].shape) * 1e-5)
        if sensor is INFRARED:
            z /= np.linalg.norm(z, axis=1)[:, None]
        sound(tracker.step(Scan(sensor=sensor, t_tai_ns=T0_NS + round(t * 1e9), measurements=z)))
    sound(tracker.picture(T0_NS + round(t * 1e9) + 900 * 10**9))


def test_a_line_of_sight_beyond_all_numbers_is_dropped():
    tracker = Tracker("west", [INFRARED])
    picture = tracker.step(Scan(sensor=INFRARED, t_tai_ns=T0_NS, measurements=np.array([[0.0, 0.0, 1e308]])))
    assert picture.dropped["line_of_sight"] == 1
