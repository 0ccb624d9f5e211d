"""Probabilities over areas against counting, closed forms and geography's awkward corners."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.region import GroundPoint, area_km2, distance_km, normal_mass, on_plane, probability_inside, ring
from tocsin.wire.values import Circle, Polygon
from tocsin.world.geodesy import direct


def point(lat: float, lon: float, east_km: float, north_km: float, correlation: float = 0.0) -> GroundPoint:
    mixed = correlation * east_km * north_km
    return GroundPoint(lat, lon, 1e6 * np.array([[east_km**2, mixed], [mixed, north_km**2]]))


@pytest.mark.parametrize("seed", range(12))
def test_edges_through_and_beside_the_middle_against_two_erf(seed):
    """A box has a closed form; put its edges anywhere, the middle of the ellipse included."""
    rng = np.random.default_rng(seed)
    scale = 10.0 ** rng.uniform(-3, 1.5, 4) * (rng.random(4) > 0.2)
    x0, x1, y0, y1 = -scale[0], scale[1], -scale[2], scale[3]
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) + 1e-15
    expected = math.prod((math.erf(b / 2**0.5) - math.erf(a / 2**0.5)) / 2 for a, b in ((x0, x1), (y0, y1)))
    assert normal_mass(corners) == pytest.approx(expected, abs=1e-8)


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(1, 300), st.floats(0.02, 6))
@settings(max_examples=60, deadline=None)
def test_circle_about_the_point_is_closed_form(lat, lon, sigma_km, ratio):
    area = Circle(latitude_deg=lat, longitude_deg=lon, radius_km=max(sigma_km * ratio, 1.0))
    expected = 1.0 - math.exp(-0.5 * (area.radius_km / sigma_km) ** 2)
    # the circle is a polygon of 72 corners: its area is 0.13 % small
    assert probability_inside(point(lat, lon, sigma_km, sigma_km), area) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("seed", range(12))
def test_polygon_against_counting(seed):
    rng = np.random.default_rng(seed)
    where = point(69.0, 16.0, float(rng.uniform(5, 80)), float(rng.uniform(5, 80)), float(rng.uniform(-0.9, 0.9)))
    corners = [
        direct(69.0 - (seed % 3), 16.0, 60.0 * k + float(rng.uniform(0, 50)), float(rng.uniform(20e3, 200e3)))
        for k in range(6)
    ]
    area = Polygon(vertices_deg=tuple(corners))
    plane = on_plane(69.0, 16.0, ring(area))
    drawn = rng.multivariate_normal([0, 0], where.covariance_en_m2, 200_000)
    assert probability_inside(where, area) == pytest.approx(inside_by_crossings(plane, drawn).mean(), abs=0.004)


def inside_by_crossings(plane: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Textbook ray casting: a ray northwards crosses the edge of a ring an odd number of times."""
    inside = np.zeros(len(points), bool)
    for (x0, y0), (x1, y1) in zip(plane, np.roll(plane, -1, axis=0), strict=True):
        spans = (x0 > points[:, 0]) != (x1 > points[:, 0])
        with np.errstate(divide="ignore", invalid="ignore"):
            inside ^= spans & (y0 + (points[:, 0] - x0) * (y1 - y0) / (x1 - x0) > points[:, 1])
    return inside


def test_parts_of_an_area_add_up():
    where = point(10.0, 179.5, 60, 40, 0.5)
    left = Polygon(vertices_deg=((9.0, 179.0), (9.0, -180.0), (11.0, -180.0), (11.0, 179.0)))
    right = Polygon(vertices_deg=((9.0, 180.0), (9.0, -179.0), (11.0, -179.0), (11.0, 180.0)))
    corners = ((9.0, 179.0), (9.0, 180.0), (9.0, -179.0), (11.0, -179.0), (11.0, 180.0), (11.0, 179.0))
    both = Polygon(vertices_deg=corners)
    total = probability_inside(where, left) + probability_inside(where, right)
    assert probability_inside(where, both) == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize("turn", [1, -1])
def test_either_way_round(turn):
    vertices = ((48.0, 2.0), (48.0, 4.0), (50.0, 4.0), (50.0, 2.0))[::turn]
    assert probability_inside(point(49.0, 3.0, 300, 5), Polygon(vertices_deg=vertices)) > 0.1


def test_falls_with_distance_far_into_the_tail():
    area = Circle(latitude_deg=60.0, longitude_deg=30.0, radius_km=50.0)
    values = [probability_inside(point(*direct(60.0, 30.0, 90.0, d * 1e3), 30, 30), area) for d in range(0, 240, 10)]
    assert values == sorted(values, reverse=True)
    assert values[-1] < 1e-9


@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(0, 360), st.floats(1e3, 5e6))
@settings(max_examples=100, deadline=None)
def test_the_plane_is_laid_out_like_geodesics(lat, lon, azimuth, distance):
    east, north = on_plane(lat, lon, (direct(lat, lon, azimuth, distance),))[0]
    assert math.hypot(east, north) == pytest.approx(distance, rel=3e-3)
    turned = math.degrees(math.atan2(east, north)) - azimuth
    assert abs((turned + 180) % 360 - 180) < 0.3


@pytest.mark.parametrize("lat", [0.0, 69.29, 90.0])
def test_area_of_a_circle(lat):
    assert area_km2(Circle(latitude_deg=lat, longitude_deg=16.0, radius_km=100.0)) == pytest.approx(
        math.pi * 1e4, rel=2e-3
    )


def test_distance_to_a_polygon_over_the_pole():
    area = Polygon(vertices_deg=((85.0, 0.0), (85.0, 90.0), (85.0, 180.0), (85.0, -90.0)))
    assert distance_km(area, 90.0, 0.0) == 0.0
    # the edge is a geodesic between corners: nearest to the pole half way, and a corner is 5 degrees from it
    assert distance_km(area, 80.0, 0.0) == pytest.approx(558, rel=0.01)


@pytest.mark.parametrize(("shift", "mass"), [(0.0, 1.0), (30.0, 0.0), (21.0, 0.0)])
def test_where_every_edge_is_far_the_mass_is_all_or_nothing(shift, mass):
    corners = np.array([[-20.0, -20.0], [20.0, -20.0], [20.0, 20.0], [-20.0, 20.0]]) / 1.5 + [shift, 0.0]
    assert normal_mass(corners) == pytest.approx(mass, abs=1e-10)
