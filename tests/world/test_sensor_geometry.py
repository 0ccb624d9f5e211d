"""What radars and infrared satellites measure and cover, over poles and the date line too."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.world import frames, geodesy, sensor
from tocsin.world.observation import Infrared, Radar

RADAR = Radar(
    id="r", latitude_deg=68.0, longitude_deg=33.0, height_m=100.0, sigma_range_m=30.0, sigma_azimuth_rad=1e-3,
    sigma_elevation_rad=2e-3, range_max_m=5e6, elevation_min_rad=math.radians(2), elevation_max_rad=math.radians(80),
    azimuth_centre_rad=math.radians(350), azimuth_halfwidth_rad=math.radians(60), period_s=5.0,
    detection_probability=0.9,
)  # fmt: skip
SATELLITE = Infrared(
    id="i", position_ecef_m=(42_164e3, 0.0, 0.0), sigma_angle_rad=3e-5, plume_height_min_m=10e3, period_s=10.0,
    detection_probability=0.9,
)  # fmt: skip


def over(
    lat_deg: float, lon_deg: float, height_m: float, velocity: tuple[float, float, float] = (0, 0, 0)
) -> np.ndarray:
    """One Earth-fixed state (1, 6) over a place; velocity east, north, up."""
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    turned = frames.enu_axes(lat, lon).T @ np.array(velocity, float)
    return np.concatenate([frames.geodetic_to_ecef(lat, lon, height_m), turned])[None]


def textbook(radar: Radar, state: np.ndarray) -> np.ndarray:
    """Range, azimuth and true elevation by rotation matrices about the axes."""
    lat, lon = math.radians(radar.latitude_deg), math.radians(radar.longitude_deg)
    about_z = np.array([[-math.sin(lon), math.cos(lon), 0], [math.cos(lon), math.sin(lon), 0], [0, 0, 1]])
    tilt = np.array([[1, 0, 0], [0, -math.sin(lat), math.cos(lat)], [0, math.cos(lat), math.sin(lat)]])
    east, north, up = tilt @ about_z @ (state[:3] - frames.geodetic_to_ecef(lat, lon, radar.height_m))
    distance = math.sqrt(east**2 + north**2 + up**2)
    return np.array([distance, math.atan2(east, north) % (2 * math.pi), math.atan2(up, math.hypot(east, north))])


@given(
    st.floats(-90, 90), st.floats(-180, 180), st.floats(-80, 80), st.floats(-180, 180), st.floats(100e3, 5e6)
)  # fmt: skip
def test_measurement_against_the_textbook_and_back(site_lat, site_lon, lat, lon, height):
    radar = replace(RADAR, latitude_deg=site_lat, longitude_deg=site_lon)
    state = over(lat, lon, height)
    measured, expected = sensor.measure(radar, state)[0], textbook(radar, state[0])
    assert measured.shape == (3,)
    assert abs(measured[0] - expected[0]) < 1e-6
    if math.cos(expected[2]) > 1e-6:
        assert abs(math.remainder(measured[1] - expected[1], 2 * math.pi)) < 1e-12 / math.cos(expected[2])
    assert 0.0 <= measured[1] < 2 * math.pi
    assert expected[2] - 1e-12 <= measured[2] < expected[2] + 0.03
    np.testing.assert_allclose(sensor.radar_position(radar, measured[None]), state[:, :3], atol=1e-4)


@pytest.mark.parametrize("azimuth_deg", [0.0, 45.0, 180.0, 359.0])
def test_azimuth_is_that_of_the_geodesic(azimuth_deg):
    lat, lon = geodesy.direct(RADAR.latitude_deg, RADAR.longitude_deg, azimuth_deg, 500e3)
    _, azimuth, _ = sensor.measure(RADAR, over(lat, lon, 200e3))[0]
    # the normal section differs from the geodesic by seconds of arc
    assert abs(math.remainder(math.degrees(azimuth) - azimuth_deg, 360.0)) < 0.01


def test_range_rate_is_the_derivative_of_the_range():
    radar = replace(RADAR, sigma_range_rate_m_s=1.0)
    state = over(75.0, 30.0, 400e3, (3000.0, -1000.0, 500.0))
    moved = state.copy()
    moved[:, :3] += 0.01 * state[:, 3:]
    back = state.copy()
    back[:, :3] -= 0.01 * state[:, 3:]
    rate = (sensor.measure(radar, moved)[0, 0] - sensor.measure(radar, back)[0, 0]) / 0.02
    assert sensor.measure(radar, state).shape == (1, 4)
    assert abs(sensor.measure(radar, state)[0, 3] - rate) < 1e-4
    assert sensor.noise(radar).tolist() == [30.0, 1e-3, 2e-3, 1.0]
    assert sensor.noise(RADAR).tolist() == [30.0, 1e-3, 2e-3]


def test_coverage_of_a_radar_has_edges():
    def seen(azimuth_deg: float, distance: float, height: float) -> bool:
        lat, lon = geodesy.direct(RADAR.latitude_deg, RADAR.longitude_deg, azimuth_deg, distance)
        return bool(sensor.visible(RADAR, over(lat, lon, height))[0])

    assert seen(350.0, 1000e3, 400e3)
    assert seen(49.0, 1000e3, 400e3)
    assert not seen(51.0, 1000e3, 400e3)
    assert seen(291.0, 1000e3, 400e3)
    assert not seen(289.0, 1000e3, 400e3)
    assert not seen(170.0, 1000e3, 400e3)
    assert not seen(350.0, 1000e3, 50e3)  # below two degrees
    assert not seen(350.0, 10e3, 400e3)  # above eighty
    assert not seen(350.0, 1e3, 8e3)  # nearer than range_min_m
    assert not seen(350.0, 4500e3, 3000e3)  # beyond range_max_m
    assert not seen(350.0, 6000e3, 400e3)


@pytest.mark.parametrize(("lat", "lon"), [(89.99, 0.0), (-89.99, 77.0), (0.0, 179.99), (10.0, -179.99), (90.0, 0.0)])
def test_coverage_does_not_know_poles_or_the_date_line(lat, lon):
    radar = replace(RADAR, latitude_deg=lat, longitude_deg=lon)
    axes = sensor.site_axes(radar)
    for azimuth in np.arange(295.0, 410.0, 5.0):
        a, e = math.radians(azimuth), math.radians(20.0)
        way = np.array([math.cos(e) * math.sin(a), math.cos(e) * math.cos(a), math.sin(e)])
        target = np.concatenate([sensor.site_ecef(radar) + 2e6 * axes.T @ way, np.zeros(3)])[None]
        assert sensor.visible(radar, target)[0]
        assert abs(math.remainder(sensor.measure(radar, target)[0, 1] - a, 2 * math.pi)) < 1e-9


def test_infrared_sees_what_is_high_enough_and_not_behind_the_earth():
    states = np.concatenate([
        over(0.0, 0.0, 20e3), over(0.0, 0.0, 5e3), over(70.0, 0.0, 20e3), over(0.0, 180.0, 20e3),
        over(0.0, 90.0, 20e3), over(0.0, 90.0, 8000e3), over(89.9, 0.0, 20e3), over(0.0, 180.0, 100_000e3),
    ])  # fmt: skip
    assert sensor.visible(SATELLITE, states).tolist() == [True, False, True, False, False, True, False, False]
    sight = sensor.measure(SATELLITE, states)
    assert sight.shape == (8, 3)
    np.testing.assert_allclose(np.linalg.norm(sight, axis=1), 1.0, atol=1e-15)
    np.testing.assert_allclose(sight[0], [-1.0, 0.0, 0.0], atol=1e-15)
    assert sensor.noise(SATELLITE).tolist() == [3e-5] * 3


def test_the_edge_of_the_earth_is_where_the_tangent_is():
    """From 42,164 km the limb lies acos(a / r) from the point below; a target on the ground is seen up to it."""
    limb = math.degrees(math.acos(6_378_137.0 / 42_164e3))
    position = np.array(SATELLITE.position_ecef_m)
    near, far = over(0.0, limb - 0.01, 1.0)[:, :3], over(0.0, limb + 0.01, 0.0)[:, :3]
    assert not sensor.behind_earth(position, near)[0]
    assert sensor.behind_earth(position, far)[0]


def test_many_targets_measure_like_each_alone_and_none_is_fine():
    states = np.concatenate([over(70.0, lon, 300e3, (1, 2, 3)) for lon in range(0, 60, 3)])
    for each in (RADAR, SATELLITE):
        together = sensor.measure(each, states)
        alone = np.concatenate([sensor.measure(each, row[None]) for row in states])
        np.testing.assert_allclose(together, alone, rtol=1e-14)
        assert sensor.measure(each, states[:0]).shape == (0, 3)
        assert sensor.visible(each, states[:0]).shape == (0,)
    assert sensor.radar_position(RADAR, np.empty((0, 3))).shape == (0, 3)


def test_sites_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        sensor.site_ecef(RADAR)[0] = 0.0
