"""Forces against their definitions and against the estimator's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.sim.flight import air, forces
from tocsin.world import atmosphere, frames
from tocsin.world.constants import OMEGA_RAD_S
from tocsin.world.gravity import acceleration_eci

places = st.tuples(
    st.floats(-math.pi / 2, math.pi / 2), st.floats(-math.pi, math.pi), st.floats(0.0, 7e6)
)  # latitude, longitude, height


def position(place):
    return [float(c) for c in frames.geodetic_to_ecef(*place)]


@given(places)
def test_gravity_is_the_slope_of_the_potential(place):
    p = position(place)
    step = 10.0
    slope = []
    for axis in range(3):
        up, down = list(p), list(p)
        up[axis] += step
        down[axis] -= step
        slope.append(-(forces.potential(*up) - forces.potential(*down)) / (2.0 * step))
    # central differences of a potential of 6e7 m^2/s^2 lose 6e7 * 2e-16 / 20 and gain step^2 / r^2 of 10 m/s^2
    assert np.allclose(forces.gravity(*p), slope, rtol=0.0, atol=2e-8)


@given(places)
def test_differs_from_the_estimator_by_the_third_and_fourth_zonal_harmonics(place):
    p = position(place)
    apart = np.linalg.norm(np.array(forces.gravity(*p)) - acceleration_eci(np.array(p)))
    # at a pole at sea level (n + 1) |J_n| g for both: 1.8e-4 m/s^2
    assert apart < 1.9e-4
    assert apart < 1e-7 + 1.9e-4 * (6.357e6 / np.linalg.norm(p)) ** 5


def test_north_and_south_pull_differently():
    """J3 makes the Earth a pear; the estimator does not know."""
    north, south = forces.gravity(0.0, 0.0, 7e6)[2], forces.gravity(0.0, 0.0, -7e6)[2]
    assert north != pytest.approx(-south, abs=1e-6)


@given(places)
def test_height_is_exact_at_sea_level_and_good_below_the_line_of_karman(place):
    latitude, longitude, height = place
    low = (latitude, longitude, height * 100e3 / 7e6)
    assert abs(forces.height_m(*position((latitude, longitude, 0.0)))) < 1e-6
    assert abs(forces.height_m(*position(low)) - low[2]) < 0.7


def test_density_follows_the_standard_atmosphere():
    heights = np.linspace(0.0, 199_999.0, 4_001)
    table = np.array([air.density_kg_m3(float(h)) for h in heights])
    assert np.max(np.abs(table / atmosphere.density_kg_m3(heights) - 1.0)) < 2e-3
    assert air.density_kg_m3(air.TOP_M) == 0.0
    assert air.density_kg_m3(-100.0) == pytest.approx(1.225, rel=1e-4)


@given(places)
def test_air_that_turns_with_the_earth_does_not_drag_what_does_too(place):
    x, y, z = position((place[0], place[1], place[2] / 70.0))
    assert np.allclose(forces.drag(x, y, z, -OMEGA_RAD_S * y, OMEGA_RAD_S * x, 0.0, 1e-4), 0.0, atol=1e-12)


@given(st.floats(0.0, 150e3), st.floats(-3e3, 3e3), st.floats(-3e3, 3e3), st.floats(1e-5, 1e-2))
def test_drag_is_against_the_wind_and_its_size_is_that_of_the_formula(height_m, north_m_s, up_m_s, inverse):
    x, y, z = position((0.0, 0.0, height_m))
    vx, vy, vz = up_m_s, OMEGA_RAD_S * x, north_m_s
    expected = -0.5 * float(atmosphere.density_kg_m3(height_m)) * inverse * math.hypot(up_m_s, north_m_s)
    drag = forces.drag(x, y, z, vx, vy, vz, inverse)
    assert np.allclose(drag, [expected * up_m_s, 0.0, expected * north_m_s], rtol=3e-3, atol=1e-9)
