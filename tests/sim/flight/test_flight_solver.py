"""The launch that has given figures."""

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.sim.flight import FlightDesign, Inconsistent, Stage, Steering, Trajectory, fly, kepler, solve
from tocsin.sim.flight.fly import end_of


def template(latitude_deg, longitude_deg, burn_s, stages=1):
    each_s = burn_s / stages
    return FlightDesign(
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        stages=tuple(Stage(ignition_s=n * each_s, burn_s=each_s, delta_v_m_s=2_000.0) for n in range(stages)),
        steering=Steering(azimuth_deg=0.0, tilt_deg=0.0, start_s=5.0, end_s=0.6 * burn_s),
        ascent_kg_m2=20_000.0,
        reentry_kg_m2=9_765.0,
    )


def fitting(site, bearing_deg, apogee_km, range_km):
    """A template whose boost suits the speed."""
    speed_m_s = kepler.arc(site, bearing_deg, apogee_km, range_km).speed_m_s
    burn_s, stages = next(
        (burn_s, stages)
        for below, burn_s, stages in ((2.3e3, 62.0, 1), (3.5e3, 110.0, 1), (5.7e3, 150.0, 1), (math.inf, 240.0, 2))
        if speed_m_s < below
    )
    return template(*site, burn_s, stages)


def assert_meets(flight, bearing_deg, apogee_km, range_km):
    assert isinstance(flight, Trajectory), flight
    assert flight.apogee_km == pytest.approx(apogee_km, rel=1e-3)
    assert flight.range_km == pytest.approx(range_km, rel=5e-3)
    assert abs((flight.bearing_deg - bearing_deg + 180.0) % 360.0 - 180.0) <= 0.2


# the corners of what is asked of it, and the flights that were hardest
@pytest.mark.parametrize(
    ("apogee_km", "range_km"),
    [
        (25, 60), (25, 110), (30, 230), (189, 60), (50, 600),
        (6_200, 60), (6_200, 8_000), (1_250, 8_000), (1_000, 7_000), (6_648, 1_001),
    ],
)  # fmt: skip
def test_corners(apogee_km, range_km):
    site = (39.0, 126.0)
    flight = solve(fitting(site, 75.0, apogee_km, range_km), bearing_deg=75.0, apogee_km=apogee_km, range_km=range_km)
    assert_meets(flight, 75.0, apogee_km, range_km)


@settings(max_examples=8)
@given(
    latitude_deg=st.floats(-75.0, 75.0),
    longitude_deg=st.floats(-180.0, 180.0),
    bearing_deg=st.floats(0.0, 359.99),
    reach=st.floats(math.log(60.0), math.log(8_000.0)),
    loft=st.floats(0.0, 1.0),
)
def test_every_flight_from_a_little_below_least_energy_upwards_is_found(
    latitude_deg, longitude_deg, bearing_deg, reach, loft
):
    range_km = math.exp(reach)
    low_km = max(25.0, 0.12 * range_km)
    apogee_km = low_km * (6_200.0 / low_km) ** loft
    shape = fitting((latitude_deg, longitude_deg), bearing_deg, apogee_km, range_km)
    flight = solve(shape, bearing_deg=bearing_deg, apogee_km=apogee_km, range_km=range_km)
    assert_meets(flight, bearing_deg, apogee_km, range_km)


def test_only_speed_tilt_and_azimuth_change():
    shape = template(39.0, 126.0, 150.0)
    flight = solve(shape, bearing_deg=70.0, apogee_km=600.0, range_km=2_500.0)
    assert isinstance(flight, Trajectory)
    factor = flight.design.delta_v_m_s / shape.delta_v_m_s
    steering = flight.design.steering
    undone = dataclasses.replace(
        flight.design.scaled(1.0 / factor),
        steering=dataclasses.replace(steering, tilt_deg=0.0, azimuth_deg=0.0),
    )
    assert undone.stages[0].delta_v_m_s == pytest.approx(shape.stages[0].delta_v_m_s)
    assert dataclasses.replace(undone, stages=shape.stages) == shape


def test_a_start_near_the_answer_gives_the_same_answer():
    shape = template(39.0, 126.0, 150.0)
    goal = {"bearing_deg": 70.0, "apogee_km": 600.0, "range_km": 2_500.0}
    first = solve(shape, **goal)
    again = solve(dataclasses.replace(shape, reentry_kg_m2=5_000.0), start=first.design, **goal)
    assert again.flight_s == pytest.approx(first.flight_s, abs=10.0)
    assert_meets(again, **goal)
    assert solve(shape, **goal).flight_s == first.flight_s


def test_eastwards_needs_less_speed_than_westwards():
    flights = [
        solve(template(0.0, 0.0, 240.0, 2), bearing_deg=b, apogee_km=1_100.0, range_km=6_000.0) for b in (90.0, 270.0)
    ]
    assert flights[1].design.delta_v_m_s - flights[0].design.delta_v_m_s > 300.0


def test_a_boost_that_is_too_long_for_so_low_an_apogee_is_said_to_be():
    found = solve(template(39.0, 126.0, 240.0, 2), bearing_deg=70.0, apogee_km=82.0, range_km=2_100.0)
    assert isinstance(found, Inconsistent)
    assert "too long for so low an apogee" in found.reason


def test_a_boost_that_cannot_lift_off_is_said_not_to():
    slow = template(39.0, 126.0, 150.0)
    slow = dataclasses.replace(slow, stages=(dataclasses.replace(slow.stages[0], exhaust_m_s=500.0),))
    found = solve(slow, bearing_deg=70.0, apogee_km=300.0, range_km=900.0)
    assert isinstance(found, Inconsistent)
    assert "does not lift off" in found.reason


def test_rough_flights_end_where_fine_ones_do():
    for burn_s, apogee_km, range_km in ((62.0, 97.0, 380.0), (240.0, 4_475.0, 950.0)):
        flight = solve(template(39.0, 126.0, burn_s, 2), bearing_deg=70.0, apogee_km=apogee_km, range_km=range_km)
        rough_km, impact = end_of(flight.design)
        fine = fly(flight.design)
        assert rough_km == pytest.approx(fine.apogee_km, rel=1e-4)
        assert impact == pytest.approx(fine.impact, abs=2e-3)
