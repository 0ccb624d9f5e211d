"""Geodesics and areas on the ellipsoid."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tocsin.errors import BadEvidence
from tocsin.world import geodesy

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def test_geodesics_against_published_ones():
    # Origin: Flinders Peak to Buninyong, Geocentric Datum of Australia Technical Manual (GRS 80: 0.1 mm from WGS 84).
    flinders = -(37 + 57 / 60 + 3.72030 / 3600), 144 + 25 / 60 + 29.52440 / 3600
    buninyong = -(37 + 39 / 60 + 10.15610 / 3600), 143 + 55 / 60 + 35.38390 / 3600
    distance, azimuth = geodesy.inverse(*flinders, *buninyong)
    assert abs(distance - 54_972.271) < 2e-3
    assert abs(azimuth - (306 + 52 / 60 + 5.37 / 3600)) < 1e-5
    # Half the meridian of WGS 84: twice the quarter of 10,001,965.729 m (NGA.STND.0036)
    assert abs(geodesy.inverse(90.0, 0.0, -90.0, 0.0)[0] - 2 * 10_001_965.729) < 2e-3


@given(latitudes, longitudes, st.floats(0, 360), st.floats(1.0, 1.9e7))
def test_direct_and_inverse_agree(lat, lon, azimuth, distance):
    there = geodesy.direct(lat, lon, azimuth, distance)
    back, _ = geodesy.inverse(lat, lon, *there)
    assert abs(back - distance) < 1e-6
    assert -180.0 <= there[1] <= 180.0


@given(latitudes, longitudes, latitudes, longitudes)
def test_azimuths_are_from_0_to_360(lat1, lon1, lat2, lon2):
    assert 0.0 <= geodesy.inverse(lat1, lon1, lat2, lon2)[1] <= 360.0


BARENTS = [(70.0, 20.0), (70.0, 50.0), (80.0, 50.0), (80.0, 20.0)]
POLE = [(80.0, 0.0), (80.0, 120.0), (80.0, -120.0)]
DATE_LINE = [(60.0, 170.0), (60.0, -170.0), (70.0, -170.0), (70.0, 170.0)]


@pytest.mark.parametrize(
    ("ring", "point", "expected"),
    [
        (BARENTS, (75.0, 35.0), True), (BARENTS, (75.0, 55.0), False), (BARENTS, (-75.0, -145.0), False),
        (BARENTS, (70.2, 35.0), False),  # the southern edge is a geodesic: it bulges north of the parallel
        (POLE, (90.0, 0.0), True), (POLE, (88.0, 77.0), True), (POLE, (79.0, 0.0), False),
        (POLE, (81.0, 60.0), False), (POLE, (-90.0, 0.0), False),
        (DATE_LINE, (65.0, 180.0), True), (DATE_LINE, (65.0, -180.0), True), (DATE_LINE, (65.0, 175.0), True),
        (DATE_LINE, (65.0, -165.0), False), (DATE_LINE, (65.0, 0.0), False),
        (DATE_LINE, (60.0, 170.0), True), (BARENTS, (75.0, 20.0), True),
    ],
)  # fmt: skip
def test_rings_over_poles_and_the_date_line(ring, point, expected):
    for given_ring in (ring, ring[::-1], [*ring, ring[0]], ring[2:] + ring[:2]):
        assert geodesy.inside_polygon(given_ring, *point) is expected
        assert geodesy.inside(given_ring, *point) is expected


@given(st.integers(0, 2**32), latitudes, longitudes, st.floats(50e3, 4000e3), st.integers(3, 9))
def test_convex_rings_against_the_side_of_each_edge(seed, lat, lon, radius, corners):
    """Twin: a point is inside a convex ring if it lies on the same side of every edge, seen from that edge."""
    rng = np.random.default_rng(seed)
    azimuths = np.sort(rng.uniform(0, 360, corners))
    gaps = np.diff([*azimuths, azimuths[0] + 360])
    assume(gaps.max() < 170 and gaps.min() > 1)
    ring = [geodesy.direct(lat, lon, a, radius) for a in azimuths]
    point = geodesy.direct(lat, lon, rng.uniform(0, 360), radius * rng.uniform(0, 1.4))
    sides, nearest = [], math.inf
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        edge, to_point = geodesy.inverse(*a, *b), geodesy.inverse(*a, *point)
        angle = math.remainder(to_point[1] - edge[1], 360.0)
        sides.append(angle > 0)
        nearest = min(nearest, abs(to_point[0] * math.sin(math.radians(angle))), to_point[0])
    assume(nearest > 1.0)
    assert geodesy.inside_polygon(ring, *point) == all(sides)


@given(latitudes, longitudes, st.floats(1.0, 9e6), st.floats(0, 360), st.floats(0.0, 1.5))
def test_circles_hold_what_is_near_enough(lat, lon, radius, azimuth, share):
    assume(abs(share - 1.0) > 1e-6)
    point = geodesy.direct(lat, lon, azimuth, radius * share)
    assert geodesy.inside((lat, lon, radius), *point) is (share < 1.0)


@pytest.mark.parametrize(
    "ring",
    [[], [(0.0, 0.0), (1.0, 1.0)], [(0.0, 0.0), (1.0, 1.0), (0.0, 360.0)], [(0.0, 0.0), (0.0, 120.0), (0.0, -120.0)]],
)
def test_what_bounds_no_area_is_refused(ring):
    with pytest.raises(BadEvidence, match="expected a ring"):
        geodesy.inside_polygon(ring, 0.0, 0.0)
