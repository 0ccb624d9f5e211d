"""Sun and Moon against worked examples of Meeus, Astronomical Algorithms, 2nd edition (25.a, 47.a, 12.a).

The figures were written down from memory of the book [U]; that this independent low-precision code meets them within
own stated accuracy is what the test says. Tolerances: Sun 0.02 degrees, Moon 0.4 degrees and 0.3 % (the Almanac's
statement for its formulas is 0.01, 0.3 and 0.2 %, and dynamical time is read as UTC here).
"""

import math

import numpy as np
import pytest

from tocsin.world import ephemeris
from tocsin.world.time import parse_utc, posix_s

J2000_POSIX_S = 946_728_000


def gmst_deg(t_tai_ns):
    """Greenwich mean sidereal time, Meeus 12.4 (IAU 1982): another formula than the code's."""
    days = (posix_s(t_tai_ns) - J2000_POSIX_S) / 86_400.0
    return (280.46061837 + 360.98564736629 * days + 0.000387933 * (days / 36_525.0) ** 2) % 360.0


def equatorial(position, t_tai_ns):
    x, y, z = position
    distance = math.sqrt(x * x + y * y + z * z)
    ascension = (math.degrees(math.atan2(y, x)) + gmst_deg(t_tai_ns)) % 360.0
    return ascension, math.degrees(math.asin(z / distance)), distance


def test_sidereal_time_of_the_test_itself():
    assert gmst_deg(parse_utc("1987-04-10T00:00:00Z")) == pytest.approx(197.693195, abs=1e-4)  # 13h10m46.3668s


def test_the_sun_of_13_october_1992():
    t = parse_utc("1992-10-13T00:00:00Z")
    ascension, declination, distance = equatorial(ephemeris.sun_ecef_m(t), t)
    assert (ascension, declination) == (pytest.approx(198.381, abs=0.02), pytest.approx(-7.785, abs=0.02))
    assert distance / ephemeris.AU_M == pytest.approx(0.99766, abs=2e-4)


def test_the_moon_of_12_april_1992():
    t = parse_utc("1992-04-12T00:00:00Z")
    ascension, declination, distance = equatorial(ephemeris.moon_ecef_m(t), t)
    assert (ascension, declination) == (pytest.approx(134.688, abs=0.4), pytest.approx(13.768, abs=0.4))
    assert distance == pytest.approx(368_409.7e3, rel=0.003)


@pytest.mark.parametrize("year", [1960, 1979, 1995, 2018])
def test_the_sun_stands_over_the_equator_at_the_equinox_and_over_the_tropic_in_june(year):
    for date, declination, within in ((f"{year}-03-20T12:00:00Z", 0.0, 0.4), (f"{year}-06-21T12:00:00Z", 23.44, 0.02)):
        t = parse_utc(date)
        assert equatorial(ephemeris.sun_ecef_m(t), t)[1] == pytest.approx(declination, abs=within)


def test_the_moon_moves_half_a_degree_an_hour_and_echoes_after_two_and_a_half_seconds():
    t = parse_utc("1960-10-05T20:00:00Z")
    here, later = (ephemeris.moon_ecef_m(t + k * 3_600 * 10**9) for k in (0, 1))
    turned = np.array(here) / np.linalg.norm(here) @ np.array(later) / np.linalg.norm(later)
    assert 14.0 < math.degrees(math.acos(turned)) < 15.1  # the Earth turns 15 under it
    assert 2.3 < 2.0 * float(np.linalg.norm(here)) / 299_792_458.0 < 2.75
