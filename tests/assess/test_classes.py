"""What class a flight looks like; the shapes are those of public flights (docs/fusion.md)."""

import math

import numpy as np
import pytest
from shared_sky import ANDOYA, ballistic, orbiting, sounding_rocket, track

from tocsin.assess import classify, flight
from tocsin.assess.classes import least_energy_apogee_km
from tocsin.wire.bodies import ClassLikelihood


def best(known) -> str:
    table = classify(known)
    assert all(0.0 < c.likelihood <= 1.0 for c in table)
    return max(table, key=lambda c: c.likelihood).vehicle


@pytest.mark.parametrize("range_km", [300.0, 1_000.0, 3_000.0, 10_000.0])
def test_least_energy_apogee_against_search(range_km):
    """Over all conics between two points of a sphere, that of the smallest semi-major axis."""
    half, radius = range_km / 6_371.0 / 2.0, 6_371.0
    eccentricity = np.linspace(1e-4, 0.9999, 400_000)
    # apogee midway: r = p / (1 - e cos(angle from apogee)), r(half) = radius
    p = radius * (1.0 - eccentricity * math.cos(half))
    axis = p / (1.0 - eccentricity**2)
    k = int(np.argmin(axis))
    assert least_energy_apogee_km(range_km) == pytest.approx(axis[k] * (1.0 + eccentricity[k]) - radius, rel=1e-3)


def test_the_rocket_of_1995():
    assert best(flight(sounding_rocket())) == "sounding-rocket"


@pytest.mark.parametrize(
    ("speed", "elevation", "expected"),
    [
        (2_000.0, 43.0, "ballistic-short"),
        (4_000.0, 40.0, "ballistic-medium"),
        (5_700.0, 36.0, "ballistic-intermediate"),
        (6_900.0, 24.0, "ballistic-intercontinental"),
    ],
)
def test_missiles_on_ordinary_arcs(speed, elevation, expected):
    assert best(flight(track(ballistic(*ANDOYA, 90.0, speed, elevation), 100.0))) == expected


def test_what_stays_up():
    assert best(flight(orbiting())) in ("space-launch", "satellite")


def test_nothing_is_said_during_boost():
    assert [c.vehicle for c in classify(flight(sounding_rocket(phase="boost")))] == ["unknown"]


def test_what_the_parties_say_counts():
    said = (ClassLikelihood(vehicle="ballistic-medium", likelihood=1.0),
            ClassLikelihood(vehicle="sounding-rocket", likelihood=0.01))  # fmt: skip
    assert best(flight(sounding_rocket(classes=said))) == "ballistic-medium"


def test_a_vague_track_tells_less():
    def odds(sigma_m_s: float) -> float:
        table = {c.vehicle: c.likelihood for c in classify(flight(sounding_rocket(after_s=100, sigma_m_s=sigma_m_s)))}
        return table["sounding-rocket"] / table["ballistic-medium"]

    assert odds(5.0) > odds(500.0)
