"""The vacuum arc against published numbers and against flights without air and boost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.sim.flight import FlightDesign, Stage, Steering, fly, kepler


# apogee km, range km, minutes: impulsive two-body time between surface points of a sphere of 6371 km; origin: a table
# of public flights, computed separately with e = (ra - R) / (ra - R cos(range / 2R)). Tolerance: its rounding.
@pytest.mark.parametrize(
    ("apogee_km", "range_km", "minutes"),
    [
        (1_453, 1_000, 21.7), (2_111.5, 787, 27.9), (2_802, 933, 34.4), (550, 2_700, 13.4), (770, 3_700, 16.9),
        (4_475, 950, 50.3), (2_000, 800, 26.9), (970, 4_500, 19.9), (5_768.5, 989, 63.0), (6_045, 1_000.2, 65.8),
        (260, 1_000, 8.2),
    ],
)  # fmt: skip
def test_times_of_known_arcs(apogee_km, range_km, minutes):
    assert kepler.flight_time_s(apogee_km, range_km) / 60.0 == pytest.approx(minutes, abs=0.051)


# range km, speed km/s, apogee km of least energy over an Earth that does not turn: Q = 2 sin(L/2) / (1 + sin(L/2)),
# Bate, Mueller and White (1971), section 6.2. Here the Earth turns: northwards from the equator that adds little.
@pytest.mark.parametrize(
    ("range_km", "speed_km_s", "apogee_km"),
    [(1_000, 3.016, 240), (2_000, 4.113, 459), (3_500, 5.167, 745), (5_500, 6.075, 1_041), (9_000, 7.018, 1_305)],
)
def test_least_speed_arcs_of_the_textbook(range_km, speed_km_s, apogee_km):
    found = kepler.least_speed_arc((0.0, 0.0), 0.0, range_km)
    assert found.speed_m_s / 1e3 == pytest.approx(speed_km_s, rel=0.015)
    assert found.apogee_km == pytest.approx(apogee_km, rel=0.03)


figures = {
    "latitude_deg": st.floats(-70.0, 70.0),
    "bearing_deg": st.floats(0.0, 359.9),
    "range_km": st.floats(100.0, 8_000.0),
}


@settings(max_examples=30)
@given(**figures, share=st.floats(0.03, 2.0))
def test_no_arc_is_slower_than_the_least(latitude_deg, bearing_deg, range_km, share):
    least = kepler.least_speed_arc((latitude_deg, 10.0), bearing_deg, range_km)
    other = kepler.arc((latitude_deg, 10.0), bearing_deg, share * range_km, range_km)
    assert other.speed_m_s >= least.speed_m_s * (1.0 - 1e-6)


@settings(max_examples=30)
@given(**figures, share=st.floats(0.1, 1.0))
def test_a_kick_without_air_follows_the_arc(latitude_deg, bearing_deg, range_km, share):
    """A burn of a tenth of a second with the arc's speed meets its figures, as far as J2 lets it."""
    arc = kepler.arc((latitude_deg, 10.0), bearing_deg, share * range_km, range_km)
    kick = FlightDesign(
        latitude_deg=latitude_deg,
        longitude_deg=10.0,
        stages=(Stage(ignition_s=0.0, burn_s=0.1, delta_v_m_s=arc.speed_m_s + 0.1 * 9.8, exhaust_m_s=5e4),),
        steering=Steering(azimuth_deg=arc.azimuth_deg, tilt_deg=90.0 - arc.elevation_deg, start_s=0.0, end_s=0.0),
    )
    flight = fly(kick)
    assert flight.apogee_km == pytest.approx(arc.apogee_km, rel=0.02, abs=1.0)
    assert flight.range_km == pytest.approx(range_km, rel=0.02, abs=1.0)
    assert flight.flight_s == pytest.approx(arc.flight_s, rel=0.02)


def test_the_turning_earth_helps_eastwards():
    east = kepler.least_speed_arc((0.0, 0.0), 90.0, 6_000.0)
    west = kepler.least_speed_arc((0.0, 0.0), 270.0, 6_000.0)
    assert west.speed_m_s - east.speed_m_s > 300.0
    assert east.azimuth_deg == pytest.approx(90.0, abs=0.1)
