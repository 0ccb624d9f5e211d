"""Impact and launch with what is not known: drag, burn, boost. Oracles: SciPy's integrator, geographiclib, NumPy."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from world_flights import FLIGHTS, T0, flight

from tocsin.world import atmosphere, descent, frames, geodesy, gravity, motion, plane
from tocsin.world.constants import OMEGA_RAD_S
from tocsin.world.ends import scalars
from tocsin.world.exact import exp_float
from tocsin.world.forecast import DRAG, Drag, expected_impact, mixed
from tocsin.world.origin import COVERED, TAKEN, expected_launch

COVARIANCE = np.diag([300.0**2] * 3 + [8.0**2] * 3)


@given(st.floats(-700.0, 700.0))
def test_exponential(x):
    assert exp_float(x) == pytest.approx(math.exp(x), rel=1e-15)


def test_air_is_that_of_the_standard():
    """The slopes in between follow from the densities; the whole is within 5 % of the standard below 86 km."""
    heights, densities = np.array(descent._HEIGHTS_M), np.array(descent._DENSITIES_KG_M3)
    assert np.diff(np.log(densities)) / np.diff(heights) == pytest.approx(descent._SLOPES_PER_M, rel=1e-14)
    assert densities == pytest.approx(atmosphere.density_kg_m3(heights), rel=1e-3)
    for height in np.arange(0.0, 86e3, 500.0):
        assert descent.density_kg_m3(height) == pytest.approx(float(atmosphere.density_kg_m3(height)), rel=0.05)
    assert descent.density_kg_m3(-1e3) == descent.density_kg_m3(0.0)
    assert descent.density_kg_m3(200e3) == 0.0


def braked(state: np.ndarray, kg_m2: float) -> tuple[float, np.ndarray]:
    """Slow twin of `fall`: an adaptive integrator with the same air."""

    def rates(_: float, y: np.ndarray) -> np.ndarray:
        wind = y[3:] - np.array([-OMEGA_RAD_S * y[1], OMEGA_RAD_S * y[0], 0.0])
        height = float(frames.ecef_to_geodetic(y[:3])[2])
        drag = -0.5 * descent.density_kg_m3(height) / kg_m2 * np.linalg.norm(wind) * wind
        return np.concatenate([y[3:], gravity.acceleration_eci(y[:3]) + drag])

    def ground(_: float, y: np.ndarray) -> float:
        return float(frames.ecef_to_geodetic(y[:3])[2])

    ground.terminal, ground.direction = True, -1.0  # type: ignore[attr-defined]
    found = solve_ivp(rates, (0.0, 9e3), state, method="DOP853", rtol=1e-10, atol=1e-4, max_step=20.0, events=ground)
    return float(found.t_events[0][0]), found.y_events[0][0]


@pytest.mark.parametrize("name", FLIGHTS)
@pytest.mark.parametrize("kg_m2", [800.0, 3_000.0, 12_000.0])
def test_braked_fall_is_that_of_an_adaptive_integrator(name, kg_m2):
    state = FLIGHTS[name][0]
    found, slow = descent.fall(scalars(state), 1.0 / kg_m2), braked(state, kg_m2)
    assert found is not None
    assert found[0] == pytest.approx(slow[0], abs=1.0)
    # the turning Earth carries the place along with the time: 465 m/s at the equator at most
    assert np.linalg.norm(np.array(found[1][:3]) - slow[1][:3]) < 600.0


def test_more_drag_falls_shorter_and_later():
    state = scalars(FLIGHTS["intercontinental"][0])
    times = [descent.fall(state, 1.0 / kg_m2)[0] for kg_m2 in (500.0, 2_000.0, 10_000.0)]
    assert times[0] > times[1] > times[2]


@settings(max_examples=40)
@given(st.floats(-85, 85), st.floats(-180, 180), st.floats(0, 360), st.floats(1.0, 5e6))
def test_the_plane_keeps_distance_and_azimuth(lat, lon, azimuth, distance):
    point = geodesy.direct(lat, lon, azimuth, distance)
    east, north = plane.offset((lat, lon), point)
    assert math.hypot(east, north) == pytest.approx(distance, rel=0.007)
    assert abs((math.degrees(math.atan2(east, north)) - azimuth + 180.0) % 360.0 - 180.0) < 0.6
    back = plane.displaced((lat, lon), east, north)
    assert geodesy.inverse(*point, *back)[0] < 1e-3 + 1e-9 * distance


@pytest.mark.parametrize("name", FLIGHTS)
def test_impact_lies_between_the_bodies_it_may_be(name):
    """Mean and spread are those of the nodes, by NumPy; the state's own covariance is added."""
    state = FLIGHTS[name][0]
    found, bare = expected_impact(state, COVARIANCE, T0), motion.impact(state, COVARIANCE, T0)
    alone = [expected_impact(state, COVARIANCE, T0, drag=Drag((k,), (1.0,))) for k in DRAG.nodes_kg_m2]
    middle = (alone[1].latitude_deg, alone[1].longitude_deg)
    rows = np.array([plane.offset(middle, (one.latitude_deg, one.longitude_deg)) for one in alone])
    mean = np.average(rows, axis=0, weights=DRAG.weights)
    assert plane.offset(middle, (found.latitude_deg, found.longitude_deg)) == pytest.approx(mean, abs=0.1)
    spread = np.cov(rows.T, aweights=DRAG.weights, ddof=0)
    assert found.covariance_en_m2 == pytest.approx(bare.covariance_en_m2 + spread, rel=1e-6, abs=1.0)
    assert found.t_tai_ns > bare.t_tai_ns
    assert found.time_sigma_s > bare.time_sigma_s


def test_a_burn_still_to_come_is_a_wide_ellipse_and_says_so():
    state = flight(60.0, 10.0, 40e3, 500.0, 500.0, 1_200.0)
    now, after = expected_impact(state, COVARIANCE, T0, burning=True), expected_impact(state, COVARIANCE, T0)
    assert motion.ellipse95(now.covariance_en_m2)[0] > 2_000e3
    assert motion.ellipse95(after.covariance_en_m2)[0] < 30e3
    ahead, azimuth = geodesy.inverse(60.0, 10.0, now.latitude_deg, now.longitude_deg)
    assert 500e3 < ahead < 8_000e3
    assert 30.0 < azimuth < 60.0


def test_launch_of_a_boost_lies_back_along_its_course():
    state = flight(60.0, 10.0, 60e3, 0.0, 1_000.0, 1_000.0)
    found = expected_launch(state, COVARIANCE, T0, burning=True)
    distance, azimuth = geodesy.inverse(60.0, 10.0, found.latitude_deg, found.longitude_deg)
    assert 30e3 < distance < 40e3
    assert azimuth == pytest.approx(180.0, abs=0.5)
    assert (T0 - found.t_tai_ns) / 1e9 == pytest.approx(TAKEN * 60.0, rel=1e-3)


def test_the_longer_ago_the_burn_may_have_ended_the_wider_the_launch():
    state = flight(60.0, 10.0, 60e3, 0.0, 2_000.0, 2_000.0)
    sizes = []
    for after_s in (0.0, 120.0, 300.0):
        found = expected_launch(motion.step(state, after_s), COVARIANCE, T0 + round(after_s * 1e9))
        sizes.append(float(found.covariance_en_m2.trace()))
    assert sizes[0] < sizes[1] < sizes[2]
    assert COVERED < 1.0


def test_no_launch_where_nothing_was_launched():
    satellite = flight(0.0, 0.0, 800e3, 7_000.0, 0.0, 0.0)
    assert expected_launch(satellite, COVARIANCE, T0) is None
    assert expected_impact(satellite, COVARIANCE, T0) is None
    level = flight(50.0, 8.0, 11e3, 250.0, 0.0, 0.0)
    assert expected_launch(level, COVARIANCE, T0, burning=True) is None


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-80, 80), st.floats(-180, 180), st.floats(-2e4, 1e6), st.floats(-5e3, 5e3), st.floats(-5e3, 5e3),
    st.floats(-5e3, 5e3), st.booleans(),
)  # fmt: skip
def test_any_state_has_an_answer_and_the_same_bits_twice(lat, lon, height, east, north, up, burning):
    state = flight(lat, lon, height, east, north, up)
    for ask in (expected_impact, expected_launch):
        one, two = (ask(state, COVARIANCE, T0, burning=burning) for _ in range(2))
        assert one == two
        if one is not None:
            assert np.all(np.isfinite(one.covariance_en_m2))
            assert np.linalg.eigvalsh(one.covariance_en_m2)[0] > -1e-3 * abs(one.covariance_en_m2).max()


def test_a_mixture_of_one_is_itself():
    one = expected_impact(FLIGHTS["short"][0], COVARIANCE, T0)
    assert mixed([one], [0.3]) == one
