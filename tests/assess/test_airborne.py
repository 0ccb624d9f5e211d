"""What the air carries, and what a young track owes to its birth: neither rings a bell; nothing that falls hides."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shared_sky import ANDOYA, LAUNCH_NS, SECOND_NS, ballistic, orbiting, track

from tocsin.assess import classify, conference_step, flight, match
from tocsin.assess.flights import AIR_ODDS, AIRBORNE, air_probability, still_airborne
from tocsin.assess.seen import BIRTH_M_S, last_seen, speed_below, unassumed, without_birth
from tocsin.wire.bodies import Circle
from tocsin.world import frames, motion
from tocsin.world.geodesy import direct

HERE = Circle(latitude_deg=ANDOYA[0], longitude_deg=ANDOYA[1], radius_km=50.0)
T_NS = LAUNCH_NS + 300 * SECOND_NS


def level_track(
    speed_m_s=230.0, height_m=10e3, climb_m_s=0.0, unseen_s=0.0, place=ANDOYA, course_deg=90.0, sigmas=(300.0, 30.0),
    **changes,
):
    """An aircraft, carried on as a falling body since it was last seen."""
    latitude, longitude = (math.radians(a) for a in place)
    course = math.radians(course_deg)
    enu = np.array([speed_m_s * math.sin(course), speed_m_s * math.cos(course), climb_m_s])
    position = frames.geodetic_to_ecef(latitude, longitude, height_m)
    state = np.concatenate([position, frames.enu_axes(latitude, longitude).T @ enu])
    seen_ns = T_NS - round(unseen_s * SECOND_NS)
    fallen = motion.step(frames.ecef_to_eci(state, seen_ns), unseen_s)
    covariance = np.diag([sigmas[0] ** 2] * 3 + [sigmas[1] ** 2] * 3)
    return track(ballistic(*ANDOYA, 0.0, 100.0, 45.0), 300.0, state_ecef=frames.eci_to_ecef(fallen, T_NS),
                 covariance_ecef=covariance, t_tai_ns=T_NS, updated_t_tai_ns=seen_ns, **changes)  # fmt: skip


def level(known, current="none", area=HERE) -> str:
    return conference_step(known, match(known, (), T_NS), {"area": area}, T_NS, current).level


@pytest.mark.parametrize("unseen_s", [0.0, 20.0, 45.0])
@pytest.mark.parametrize("sigma_m_s", [10.0, 60.0, 150.0])
def test_an_aircraft_over_a_protected_area_is_shown_and_no_threat(unseen_s, sigma_m_s):
    one = flight(level_track(unseen_s=unseen_s, sigmas=(500.0, sigma_m_s)))
    assert one.airborne >= AIRBORNE
    assert level(one) == "display"
    assert level(one, "threat") == "threat"  # what people have called a threat stays one
    assert [said.vehicle for said in classify(one)] == ["aircraft"]


def test_one_that_flies_elsewhere_is_left_to_the_air_picture():
    away = direct(*ANDOYA, 90.0, 400e3)
    east, west = (flight(level_track(place=away, course_deg=course)) for course in (90.0, 270.0))
    assert level(east) == "none"
    assert level(flight(level_track(place=direct(*ANDOYA, 90.0, 180e3), course_deg=270.0))) == "display"
    reason = conference_step(west, match(west, (), T_NS), {"area": HERE}, T_NS).reason
    assert "230 m/s at 10 km" in reason
    assert "no protected area within 10 minutes" in reason


def test_an_aircraft_whose_fall_was_never_seen_is_where_it_was():
    one = level_track(unseen_s=40.0)
    height = frames.ecef_to_geodetic(last_seen(one)[:3])[2]
    assert height == pytest.approx(10e3, abs=1.0)
    assert frames.ecef_to_geodetic(one.state_ecef[:3])[2] < 5e3


@given(
    st.floats(600.0, 7_000.0), st.floats(15.0, 85.0), st.floats(0.02, 0.98), st.floats(100.0, 1_000.0),
    st.floats(1.0, 60.0),
)  # fmt: skip
def test_nothing_that_falls_from_space_is_taken_for_an_aircraft(speed, elevation, share, sigma_m, sigma_m_s):
    """Whenever it is seen: on its way up after burnout, or down."""
    state = ballistic(*ANDOYA, 45.0, speed, elevation)
    end = motion.impact(state, np.eye(6), LAUNCH_NS)
    assume(end is not None)
    lasts_s = (end.t_tai_ns - LAUNCH_NS) / SECOND_NS
    after_s = share * lasts_s
    one = track(state, after_s, sigma_m, sigma_m_s, updated_t_tai_ns=LAUNCH_NS + round(after_s * SECOND_NS))
    height = float(frames.ecef_to_geodetic(one.state_ecef[:3])[2])
    ground_m_s = float(np.linalg.norm(one.state_ecef[3:]))
    assume(height > 25e3 or ground_m_s > 800.0)  # a lobbed rocket at the top of a low arc is as slow as aircraft
    assert air_probability(one, AIR_ODDS) < 0.05


def test_a_rocket_that_leaves_its_pad_is_no_aircraft():
    """Two seconds after it climbs with 200 m/s, known to 30: displayed, as ever."""
    one = level_track(speed_m_s=60.0, climb_m_s=210.0, height_m=2e3)
    assert flight(one).airborne < 0.5


def test_a_word_of_thrust_makes_no_missile_of_what_was_an_aircraft():
    """A turn is taken for thrust, and the estimate is vague: it stays an aircraft, unless it flies as none does."""
    turning = {"phase": "boost", "burning_t_tai_ns": T_NS, "sigmas": (1_500.0, 160.0)}
    one = flight(level_track(speed_m_s=440.0, **turning))
    assert one.boosting and one.airborne < AIRBORNE
    still = still_airborne(one)
    assert still.airborne >= AIRBORNE and still.impact is None and still.comes_down < 0.01
    assert level(still) == "display"
    climbing = flight(level_track(speed_m_s=440.0, climb_m_s=900.0, **turning))
    assert still_airborne(climbing) is climbing


def test_the_speed_of_a_normal_velocity_by_drawing_it():
    rng = np.random.default_rng(4)
    for mean, sigma, limit in [(0.0, 300.0, 400.0), (230.0, 60.0, 400.0), (450.0, 100.0, 400.0), (0.0, 2e3, 400.0)]:
        velocity, spread = np.array([mean, 0.0, 0.0]), sigma**2 * np.diag([1.0, 0.6, 0.4])
        drawn = np.linalg.norm(rng.multivariate_normal(velocity, spread, 200_000), axis=1) < limit
        assert speed_below(velocity, spread, limit) == pytest.approx(drawn.mean(), abs=0.02)
    assert speed_below(np.zeros(3), np.zeros((3, 3)), 400.0) == 1.0


def test_what_was_assumed_at_birth_is_divided_out_again():
    """The twin: measurements alone by weighted least squares, and with the assumption as one more measurement."""
    rng = np.random.default_rng(5)
    truth = np.array([3e5, -2e5, 1e5, 7_000.0, -2_500.0, 500.0])
    rows = np.hstack([np.tile(np.eye(3), (4, 1)), np.kron(np.array([[0.0], [4.0], [8.0], [12.0]]), np.eye(3))])
    values = rows @ truth + rng.normal(0.0, 3e3, 12)
    information = rows.T @ rows / 3e3**2
    alone, spread = np.linalg.solve(information, rows.T @ values / 3e3**2), np.linalg.inv(information)
    assumed = information + np.diag([0.0] * 3 + [1.0 / 2e3**2] * 3)
    leaning = np.linalg.solve(assumed, rows.T @ values / 3e3**2)
    found, covariance = without_birth(leaning, np.linalg.inv(assumed), 2e3)
    assert np.allclose(found, alone, rtol=1e-6)
    assert np.allclose(covariance, spread, rtol=1e-6, atol=1.0)


def test_a_satellite_is_none_that_falls_though_its_track_was_born_at_rest():
    """Velocity leaning to rest by a quarter: the canary is the same state of a track that is no longer young."""
    first = orbiting(sigma_m=5e3, sigma_m_s=1_000.0)
    leans = 1.0 - (1_000.0 / BIRTH_M_S) ** 2
    state = np.concatenate([first.state_ecef[:3], leans * first.state_ecef[3:]])
    young = orbiting(sigma_m=5e3, sigma_m_s=1_000.0, state_ecef=state, first_t_tai_ns=LAUNCH_NS - 10 * SECOND_NS)
    old = orbiting(sigma_m=5e3, sigma_m_s=1_000.0, state_ecef=state, first_t_tai_ns=LAUNCH_NS - 300 * SECOND_NS)
    assert np.allclose(unassumed(young)[0][3:], first.state_ecef[3:], rtol=1e-9)
    assert unassumed(old)[0] is old.state_ecef
    assert flight(young).comes_down < 0.05 < flight(old).comes_down
