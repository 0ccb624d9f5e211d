"""Closed forms against published and independent values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

from tocsin.assure.ballistic import (
    climb,
    least_speed,
    lofted_speed,
    minimum_energy,
    needed_speed,
    quickest_time,
    reaches,
)

# Origin: Bate, Mueller, White (1971) ch. 6, evaluated for R = 6371 km, mu = 398600.44 km^3/s^2, burnout at the
# surface of a sphere that does not turn. Tolerance: the printed digits.
TABLE = [
    (1000, 3.016, 42.75, 240, 7.91),
    (2000, 4.113, 40.50, 459, 11.70),
    (3000, 4.865, 38.26, 655, 14.92),
    (3500, 5.167, 37.13, 745, 16.41),
    (5500, 6.075, 32.63, 1041, 21.93),
    (7000, 6.552, 29.26, 1195, 25.67),
    (8000, 6.805, 27.01, 1264, 27.99),
    (9000, 7.018, 24.77, 1305, 30.16),
    (10000, 7.198, 22.52, 1319, 32.18),
    (12000, 7.480, 18.02, 1265, 35.72),
]


@pytest.mark.parametrize(("range_km", "speed", "angle", "apogee", "minutes"), TABLE)
def test_minimum_energy_table(range_km: int, speed: float, angle: float, apogee: int, minutes: float) -> None:
    found = minimum_energy(range_km)
    assert round(found.speed_km_s, 3) == speed
    assert abs(found.angle_deg - angle) <= 0.0051
    assert round(found.apogee_km) == apogee
    assert abs(found.time_s / 60.0 - minutes) <= 0.0051


def test_highest_minimum_energy_apogee() -> None:
    assert minimum_energy(np.pi / 2 * 6371).apogee_km == pytest.approx((2**0.5 - 1) * 6371 / 2, abs=1e-6)


def _shoot(radius: float, distance: float, time: float) -> float:
    """Slow twin: the speed of the arc that hits the point at the time, from an ODE solver and a root search."""
    cosine = (1.0 + radius**2 - distance**2) / (2.0 * radius)
    target = np.array([radius * cosine, radius * (1.0 - cosine**2) ** 0.5])

    def fall(_t: float, s: np.ndarray) -> np.ndarray:
        return np.concatenate([s[2:], -s[:2] / np.linalg.norm(s[:2]) ** 3])

    def end(velocity: np.ndarray) -> np.ndarray:
        return solve_ivp(fall, (0.0, time), [1.0, 0.0, *velocity], rtol=1e-11, atol=1e-12).y[:2, -1] - target

    velocity = (target - np.array([1.0, 0.0])) / time + np.array([0.5 * time, 0.0])
    for _ in range(30):
        miss = end(velocity)
        if np.linalg.norm(miss) < 1e-10:
            break
        jacobian = np.column_stack([(end(velocity + h) - miss) / 1e-6 for h in np.eye(2) * 1e-6])
        velocity = velocity - np.linalg.solve(jacobian, miss)
    return float(np.linalg.norm(velocity))


@pytest.mark.parametrize(
    ("radius", "distance", "time"), [(1.05, 0.2, 0.4), (1.12, 0.35, 0.5), (1.2, 0.6, 0.9), (1.1, 0.3, 0.35)]
)
def test_needed_speed_against_shooting(radius: float, distance: float, time: float) -> None:
    assert needed_speed(radius, distance, time, 1.4) == pytest.approx(_shoot(radius, distance, time), rel=1e-8)


@given(st.floats(1.02, 1.3), st.floats(0.0, 1.0), st.floats(0.05, 1.5))
def test_needed_speed_is_the_edge_of_reach(radius: float, share: float, time: float) -> None:
    distance = (radius - 1.0) + share * 0.8
    speed = needed_speed(radius, distance, time, 1.38)
    if speed >= 1.38:
        return
    assert reaches(speed * (1 + 1e-8), radius, distance, time)
    if speed > least_speed(radius, distance) * (1 + 1e-6):
        assert not reaches(speed * (1 - 1e-6), radius, distance, time)


@given(st.floats(1.02, 1.3), st.floats(0.05, 0.8), st.floats(0.3, 1.3), st.floats(1e-4, 0.1))
def test_quickest_time_rises_with_distance_and_height_and_falls_with_speed(
    radius: float, extra: float, speed: float, step: float
) -> None:
    distance = radius - 1.0 + extra
    here = quickest_time(speed, radius, distance)
    if not np.isfinite(here):
        return
    assert quickest_time(speed, radius, distance + step) >= here - 1e-12
    assert quickest_time(speed, radius + step, distance + step) >= here - 1e-12
    assert quickest_time(speed + step, radius, distance) <= here + 1e-12


def test_climb_is_one_straight_up() -> None:
    assert climb(1.0, 1.2, 0.2) == pytest.approx(1.0, abs=1e-6)


def test_vertical_ceiling() -> None:
    """Vertical ceiling from the surface: 3.0 km/s -> 494 km, 6.3 km/s -> 2,960 km (energy, printed digits)."""
    unit = (398600.44 / 6371.0) ** 0.5
    for speed, height in ((3.0, 494), (4.5, 1230), (5.5, 2031), (6.3, 2960)):
        top = brentq(lambda h, v=speed: least_speed(1 + h / 6371, h / 6371) * unit - v, 1.0, 6000.0)
        assert round(top) == height


@pytest.mark.parametrize(("radius", "distance", "time"), [(1.05, 0.2, 1.5), (1.12, 0.35, 1.8), (1.2, 0.6, 2.5)])
def test_lofted_speed_against_the_integral(radius: float, distance: float, time: float) -> None:
    """Slow twin: the flight time over the far end as the integral of sqrt(x / (1 - x/2a)) from q and from s to 2a."""
    speed = lofted_speed(radius, distance, time, 1.4)
    axis = 1.0 / (2.0 - speed**2)
    s, q = 0.5 * (1.0 + radius + distance), 0.5 * (1.0 + radius - distance)

    def part(low: float) -> float:  # x = 2a sin^2 u takes the root at the far end away
        start = np.arcsin(np.sqrt(low / (2.0 * axis)))
        return float(quad(lambda u: (2.0 * axis) ** 1.5 * 2.0 * np.sin(u) ** 2, start, np.pi / 2.0)[0]) / 2.0**0.5

    assert part(q) + part(s) == pytest.approx(time, rel=1e-7)
