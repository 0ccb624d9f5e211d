"""Geodetic, Earth-fixed, inertial and local frames."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.world import constants, frames, time
from tocsin.world.constants import OMEGA_RAD_S, WGS84_A_M, WGS84_B_M

latitudes = st.floats(-math.pi / 2, math.pi / 2)
longitudes = st.floats(-math.pi, math.pi)
heights = st.floats(-100e3, 50_000e3)
instants = st.integers(-(10**18), 3 * 10**18)
seeds = st.integers(0, 2**32)


def test_derived_constants_against_published_values():
    # Origin: NGA.STND.0036 table 3.4 and appendix; to the digits printed there.
    assert abs(constants.WGS84_B_M - 6_356_752.3142) < 5e-5
    assert abs(constants.WGS84_E2 - 6.694379990141e-3) < 5e-16
    assert abs(constants.WGS84_EP2 - 6.739496742276e-3) < 5e-16
    assert abs(constants.MEAN_RADIUS_M - 6_371_008.7714) < 5e-5
    assert abs(constants.J2 - 484.165371736e-6 * math.sqrt(5.0)) < 1e-18


def test_geodetic_conversions_against_published_values():
    # Origin: IAU SOFA t_sofa_c, iauGd2gc and iauGc2gd with ellipsoid 1 (WGS 84); tolerances 1e-7 m and 1e-14 rad.
    position = frames.geodetic_to_ecef(-0.5, 3.1, 2500.0)
    np.testing.assert_allclose(position, [-5599000.5577049947, 233011.67223479203, -3040909.4706983363], atol=1e-7)
    lat, lon, height = frames.ecef_to_geodetic(np.array([2e6, 3e6, 5.244e6]))
    assert abs(float(lon) - 0.9827937232473290680) < 1e-14
    assert abs(float(lat) - 0.97160184819075459) < 1e-14
    assert abs(float(height) - 331.4172461426059892) < 1e-7


@given(latitudes, longitudes, heights)
def test_geodetic_round_trip(lat, lon, height):
    back_lat, back_lon, back_height = frames.ecef_to_geodetic(frames.geodetic_to_ecef(lat, lon, height))
    assert abs(float(back_lat) - lat) < 1e-14
    assert abs(float(back_height) - height) < 1e-7
    if math.cos(lat) > 1e-6:
        assert abs(math.remainder(float(back_lon) - lon, 2 * math.pi)) < 1e-14 / math.cos(lat)


def test_poles_and_equator():
    assert np.allclose(frames.geodetic_to_ecef(math.pi / 2, 1.0, 0.0), [0, 0, WGS84_B_M], atol=1e-8)
    assert np.allclose(frames.geodetic_to_ecef(0.0, math.pi, 10.0), [-WGS84_A_M - 10.0, 0, 0], atol=1e-8)
    for z in (WGS84_B_M + 5.0, -WGS84_B_M - 5.0):
        lat, _, height = frames.ecef_to_geodetic(np.array([0.0, 0.0, z]))
        assert abs(abs(float(lat)) - math.pi / 2) < 1e-15
        assert abs(float(height) - 5.0) < 1e-8


@given(seeds, instants)
def test_inertial_round_trip_and_inverse(seed, t):
    state = np.random.default_rng(seed).normal(size=(4, 6)) * np.array([7e6] * 3 + [5e3] * 3)
    back = frames.eci_to_ecef(frames.ecef_to_eci(state, t), t)
    np.testing.assert_allclose(back, state, rtol=1e-13, atol=1e-7)
    np.testing.assert_allclose(frames.rotation6(t) @ frames.rotation6_inverse(t), np.eye(6), atol=1e-15)
    np.testing.assert_allclose(frames.ecef_to_eci(state, t), state @ frames.rotation6(t).T, rtol=1e-12, atol=1e-7)


@given(instants)
def test_inertial_axes_are_turned_by_the_earth_rotation_angle(t):
    angle = time.era_rad(t)
    x, y, z = frames.ecef_to_eci(np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]), t)[:3]
    assert abs(x - math.cos(angle)) < 3e-16
    assert abs(y - math.sin(angle)) < 3e-16
    assert z == 0.0


def test_inertial_velocity_is_the_derivative_of_the_position():
    t = time.parse_utc("1995-01-25T06:24:00Z")
    state = np.array([2e6, 1e6, 6e6, 100.0, 2000.0, -300.0])

    def position(s: float) -> np.ndarray:
        moved = state.copy()
        moved[:3] += s * state[3:]
        return frames.ecef_to_eci(moved, t + round(s * 1e9))[:3]

    # central difference over 0.2 s: truncation omega^2 v h^2 / 6 < 1e-7 m/s, rounding 1e-8 m/s
    np.testing.assert_allclose((position(0.1) - position(-0.1)) / 0.2, frames.ecef_to_eci(state, t)[3:], atol=1e-6)


def test_a_point_at_rest_on_the_equator_moves_east():
    t = time.parse_utc("2020-06-01T00:00:00Z")
    state = frames.ecef_to_eci(np.array([WGS84_A_M, 0, 0, 0, 0, 0]), t)
    assert abs(np.linalg.norm(state[3:]) - OMEGA_RAD_S * WGS84_A_M) < 1e-9
    assert np.cross(state[:3], state[3:])[2] > 0


@given(seeds, instants)
def test_covariances_follow_the_states(seed, t):
    root = np.random.default_rng(seed).normal(size=(2, 6, 6))
    p = root @ root.transpose(0, 2, 1)
    turn = frames.rotation6(t)
    np.testing.assert_allclose(frames.covariance_to_eci(p, t), turn @ p @ turn.T, atol=1e-12)
    np.testing.assert_allclose(frames.covariance_to_ecef(frames.covariance_to_eci(p, t), t), p, atol=1e-12)


@given(latitudes, longitudes)
def test_local_axes_are_a_right_handed_frame_with_up_along_height(lat, lon):
    axes = frames.enu_axes(lat, lon)
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-15)
    np.testing.assert_allclose(np.cross(axes[0], axes[1]), axes[2], atol=1e-15)
    rise = frames.geodetic_to_ecef(lat, lon, 1000.0) - frames.geodetic_to_ecef(lat, lon, 0.0)
    np.testing.assert_allclose(rise, 1000.0 * axes[2], atol=1e-8)
    assert axes[0][2] == 0.0


@given(seeds)
def test_frames_have_the_same_bits_alone_and_in_a_batch(seed):
    rng = np.random.default_rng(seed)
    state = rng.normal(size=(20, 6)) * np.array([7e6] * 3 + [5e3] * 3)
    t = 791_015_069_000_000_000
    assert np.array_equal(frames.ecef_to_eci(state, t), np.stack([frames.ecef_to_eci(row, t) for row in state]))
    together = np.stack(frames.ecef_to_geodetic(state[:, :3]), axis=-1)
    assert np.array_equal(together, np.stack([np.stack(frames.ecef_to_geodetic(row[:3]), axis=-1) for row in state]))
    across = np.sqrt(state[:, 0] * state[:, 0] + state[:, 1] * state[:, 1])
    alone = [frames.geodetic_up(a, z) for a, z in zip(across.tolist(), state[:, 2].tolist(), strict=True)]
    assert np.array_equal(np.stack(frames.geodetic_up(across, state[:, 2]), axis=-1), np.array(alone))
