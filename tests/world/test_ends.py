"""Impact, virtual launch point, apogee and the 95 % ellipse."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world_flights import FLIGHTS, T0, flight, flown

from tocsin.world import ends, frames, geodesy, motion, time
from tocsin.world.constants import MU_M3_S2

COVARIANCE = np.diag([300.0**2] * 3 + [8.0**2] * 3)


@pytest.mark.parametrize("name", FLIGHTS)
def test_impact_is_where_an_adaptive_integrator_comes_down(name):
    state, allowed_m = FLIGHTS[name]
    dt, arrived = flown(state)
    found = motion.impact(state, COVARIANCE, T0)
    assert found is not None
    lat, lon, _ = frames.ecef_to_geodetic(frames.eci_to_ecef(arrived, T0 + round(dt * 1e9))[:3])
    distance, _ = geodesy.inverse(np.degrees(lat), np.degrees(lon), found.latitude_deg, found.longitude_deg)
    assert distance < allowed_m
    assert abs(found.t_tai_ns - T0 - dt * 1e9) < 1e6 * allowed_m


@pytest.mark.parametrize("name", FLIGHTS)
def test_every_state_of_a_flight_tells_the_same_ends(name):
    state, allowed_m = FLIGHTS[name]
    first = motion.impact(state, COVARIANCE, T0), motion.launch(state, COVARIANCE, T0)
    duration = flown(state)[0]
    for share in (-0.02, 0.3, 0.9, 1.02):  # also below ground, as noise may put a state at either end
        dt = share * duration
        later = motion.step(state, dt)
        t = T0 + round(dt * 1e9)
        for one, two in zip(
            first, (motion.impact(later, COVARIANCE, t), motion.launch(later, COVARIANCE, t)), strict=True
        ):
            assert one is not None
            assert two is not None
            distance, _ = geodesy.inverse(one.latitude_deg, one.longitude_deg, two.latitude_deg, two.longitude_deg)
            assert distance < 2.0 * allowed_m
            assert abs(one.t_tai_ns - two.t_tai_ns) < 2e6 * allowed_m
            assert abs(one.apogee_m - two.apogee_m) < allowed_m


# Origin: facts of public flights (CNS North Korea Missile Test Database): apogee and range in km, and the flight time
# of the Kepler arc between surface points of a sphere of 6371 km in minutes, without rotation. Tolerance 3 %: here
# the Earth turns and is oblate.
@pytest.mark.parametrize(
    ("apogee_km", "range_km", "minutes"),
    [
        (1453, 1000, 21.7),
        (2111.5, 787, 27.9),
        (2802, 933, 34.4),
        (550, 2700, 13.4),
        (4475, 950, 50.3),
        (6045, 1000.2, 65.8),
    ],
)
def test_flights_of_public_record_take_the_time_of_their_kepler_arc(apogee_km, range_km, minutes):
    radius = 6371e3
    top = radius + apogee_km * 1e3
    eccentricity = (top - radius) / (top - radius * math.cos(range_km * 1e3 / (2 * radius)))
    speed = math.sqrt(MU_M3_S2 * (1.0 - eccentricity) / top)
    place = flight(40.0, 130.0, apogee_km * 1e3, 0.0, 0.0, 0.0)[:3]
    north = np.array([0.0, 0.0, 1.0]) - place[2] * place / (place @ place)
    state = np.concatenate([place, speed * north / np.linalg.norm(north)])
    up, down = motion.launch(state, COVARIANCE, T0), motion.impact(state, COVARIANCE, T0)
    assert up is not None
    assert down is not None
    assert abs((down.t_tai_ns - up.t_tai_ns) / 60e9 / minutes - 1.0) < 0.03
    assert abs(down.apogee_m / (apogee_km * 1e3) - 1.0) < 0.01


def test_covariance_of_the_impact_is_the_scatter_of_impacts():
    state, _ = FLIGHTS["intercontinental"]
    rng = np.random.default_rng(5)
    tilt = rng.normal(size=(6, 6)) + 2.0 * np.eye(6)
    scale = np.diag([100.0] * 3 + [0.5] * 3)
    p = scale @ tilt @ tilt.T @ scale
    stated = motion.impact(state, p, T0)
    assert stated is not None
    centre = np.array([stated.latitude_deg, stated.longitude_deg])
    points, times = [], []
    for sample in rng.multivariate_normal(state, p, size=400):
        end = motion.impact(sample, p, T0)
        assert end is not None
        distance, azimuth = geodesy.inverse(*centre, end.latitude_deg, end.longitude_deg)
        points.append([distance * math.sin(math.radians(azimuth)), distance * math.cos(math.radians(azimuth))])
        times.append((end.t_tai_ns - stated.t_tai_ns) / 1e9)
    scatter = np.cov(np.array(points).T)
    whiten = np.linalg.inv(np.linalg.cholesky(stated.covariance_en_m2))
    # 400 samples: each eigenvalue of the whitened scatter within 4 sigma of 1
    assert np.all(np.abs(np.linalg.eigvalsh(whiten @ scatter @ whiten.T) - 1.0) < 0.3)
    assert abs(np.std(times) / stated.time_sigma_s - 1.0) < 0.15


def test_the_unknown_boost_widens_the_launch_point():
    state, _ = FLIGHTS["sounding rocket, lofted"]
    bare = motion.launch(state, COVARIANCE, T0, boost_sigma_m=0.0, boost_time_sigma_s=0.0)
    wide = motion.launch(state, COVARIANCE, T0, boost_sigma_m=20e3, boost_time_sigma_s=40.0)
    assert bare is not None
    assert wide is not None
    np.testing.assert_allclose(wide.covariance_en_m2 - bare.covariance_en_m2, 4e8 * np.eye(2), atol=1e-3)
    assert abs(wide.time_sigma_s**2 - bare.time_sigma_s**2 - 1600.0) < 1e-9
    assert (wide.t_tai_ns, wide.latitude_deg) == (bare.t_tai_ns, bare.latitude_deg)
    assert wide != bare
    assert bare == motion.launch(state, COVARIANCE, T0, 0.0, 0.0)
    assert bare != motion.impact(state, COVARIANCE, T0)
    assert len({bare, motion.launch(state, COVARIANCE, T0, 0.0, 0.0)}) == 1


@pytest.mark.parametrize(
    "velocity",
    [(0.0, 0.0, 12_000.0), (7_800.0, 0.0, 0.0), (-6_000.0, 7_000.0, 10.0)],
    ids=["escape", "orbit", "orbit, inclined"],
)
def test_what_does_not_come_down_has_no_ends(velocity):
    state = flight(10.0, 0.0, 500e3, *velocity)
    assert motion.impact(state, COVARIANCE, T0) is None
    height, dt = motion.apogee(state)
    assert (height == math.inf) == (dt == math.inf) == (velocity[2] > 1e3)


def test_straight_up_from_the_pole():
    p = frames.geodetic_to_ecef(math.pi / 2, 0.0, 100e3)
    state = frames.ecef_to_eci(np.concatenate([p, [0.0, 0.0, 3000.0]]), T0)
    found = motion.impact(state, COVARIANCE, T0)
    assert found is not None
    assert abs(found.latitude_deg - 90.0) < 1e-6
    assert found.apogee_m > 500e3


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_apogee_is_the_highest_point(seed):
    rng = np.random.default_rng(seed)
    state = flight(
        rng.uniform(-90, 90), rng.uniform(-180, 180), rng.uniform(50e3, 500e3), *rng.uniform(-4e3, 4e3, 2),
        rng.choice([-1, 1]) * rng.uniform(200, 5000),
    )  # fmt: skip
    height, dt = motion.apogee(state)
    assert (dt > 0) == (state[:3] @ state[3:] > 0)
    top = motion.step(state, dt)
    assert abs(float(frames.ecef_to_geodetic(top[:3])[2]) - height) < 1.0
    assert abs(top[:3] @ top[3:]) / np.linalg.norm(top[:3]) < 1e-3
    for aside in (-40.0, 40.0):
        assert np.linalg.norm(motion.step(state, dt + aside)[:3]) < np.linalg.norm(top[:3])


@given(st.floats(1.0, 1e5), st.floats(0.01, 1.0), st.floats(0.0, 180.0))
def test_ellipse_of_a_known_covariance(major, ratio, bearing):
    angle = math.radians(bearing)
    axes = np.array([[math.sin(angle), math.cos(angle)], [math.cos(angle), -math.sin(angle)]])
    covariance = axes.T @ np.diag([major**2, (ratio * major) ** 2]) @ axes
    k = math.sqrt(-2.0 * math.log(0.05))
    found_major, found_minor, found_bearing = motion.ellipse95(covariance)
    assert abs(found_major / (k * major) - 1.0) < 1e-9
    assert abs(found_minor / (k * ratio * major) - 1.0) < 1e-6
    assert 0.0 <= found_bearing <= 180.0
    if ratio < 0.99:
        assert abs(math.remainder(found_bearing - bearing, 180.0)) < 1e-6


def test_ends_at_an_inserted_second_are_on_the_time_axis():
    t = time.parse_utc("2016-12-31T23:59:50Z")
    state, _ = FLIGHTS["short"]
    found = motion.impact(state, COVARIANCE, t)
    assert found is not None
    assert found.t_tai_ns - t == motion.impact(state, COVARIANCE, T0).t_tai_ns - T0  # type: ignore[union-attr]
    assert ends.STEP_S <= 30.0


edges = st.sampled_from([0.0, 1.0, -1e3, 1e5, -1e6, 6.4e6, -7e6, 4.2e7, -1e9]) | st.floats(-1e9, 1e9)
speeds = st.sampled_from([0.0, 1e-3, -1.0, 7.7e3, -1.1e4, 3e4]) | st.floats(-3e4, 3e4)


@given(st.tuples(edges, edges, edges, speeds, speeds, speeds))
def test_no_state_within_the_bounds_of_the_wire_breaks_anything(state):
    """Foreign states may be nonsense: the Earth's centre, underground, beyond the moon."""
    values = np.array(state)
    for found in (motion.impact(values, COVARIANCE, T0), motion.launch(values, COVARIANCE, T0)):
        if found is not None:
            assert abs(found.latitude_deg) <= 90.0
            assert found.time_sigma_s >= 0.0
    height, dt = motion.apogee(values)
    assert not math.isnan(height + dt)
    motion.propagate(values, COVARIANCE, 5.0, 1.0)
