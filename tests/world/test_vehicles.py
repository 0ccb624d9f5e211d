"""What class a free flight looks like, and whether it can be an orbit."""

import typing

import numpy as np
import pytest
from world_flights import T0, flight

from tocsin.wire.values import VehicleClass
from tocsin.world import motion, vehicles

SHARP = np.diag([300.0**2] * 3 + [5.0**2] * 3)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (flight(40.0, 10.0, 100e3, 1_300.0, 0.0, 1_300.0), "ballistic-short"),
        (flight(40.0, 10.0, 150e3, 0.0, 2_700.0, 2_300.0), "ballistic-medium"),
        (flight(40.0, 125.0, 150e3, 0.0, 6_200.0, 2_700.0), "ballistic-intercontinental"),
        (flight(69.3, 16.0, 200e3, 300.0, 700.0, 4_300.0), "sounding-rocket"),
        (flight(10.0, 0.0, 600e3, 0.0, 7_560.0, 0.0), "satellite"),
    ],
)
def test_likeliest_class(state, expected):
    found = vehicles.likelihoods(state, SHARP)
    assert max(found, key=lambda name: found[name]) == expected
    assert set(found) <= set(typing.get_args(VehicleClass))
    assert max(found.values()) == 1.0


def test_the_arc_is_that_of_the_integrator():
    """Apogee against `motion.apogee`, to the part that J2 and the ellipsoid make."""
    state = flight(40.0, 125.0, 150e3, 0.0, 6_500.0, 3_000.0)
    assert vehicles.arc(state).apogee_km == pytest.approx(motion.apogee(state)[0] / 1e3, abs=30.0)
    assert vehicles.arc(np.concatenate([state[:3], 3.0 * state[3:]])) is None


def test_a_vague_state_may_be_an_orbit_and_a_sharp_one_is_not():
    state = flight(40.0, 125.0, 300e3, 0.0, 6_000.0, 1_500.0)
    vague = np.diag([20e3**2] * 3 + [1_000.0**2] * 3)
    assert vehicles.orbit_probability(state, SHARP, 1_000.0) < 1e-3
    assert vehicles.orbit_probability(state, vague, 1_000.0) > 0.5
    assert vehicles.orbit_probability(flight(10.0, 0.0, 600e3, 0.0, 7_560.0, 0.0), SHARP, 1_000.0) > 0.99
    assert T0 > 0
