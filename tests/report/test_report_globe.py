"""The map projection: right over the poles, at the horizon and against slow twins."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.report.figures import coast, globe, ground
from tocsin.report.figures.globe import View

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def view_of(lat: float, lon: float, radius_px: float = 200.0) -> View:
    return View(latitude_deg=lat, longitude_deg=lon, radius_px=radius_px, width=420, height=420)


def rings_of(d: str) -> list[np.ndarray]:
    return [
        np.array([[float(v) for v in p.split()] for p in part.strip("MZ").split("L")])
        for part in d.replace("M", "|M").split("|")[1:]
    ]


def filled(d: str, x: float, y: float) -> bool:
    """Even-odd test by counting crossings of a ray, the textbook way."""
    inside = False
    for ring in rings_of(d):
        for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                inside = not inside
    return inside


@settings(deadline=None)
@given(latitudes, longitudes, latitudes, longitudes)
def test_point_agrees_with_the_formula_of_the_orthographic_projection(lat0, lon0, lat, lon):
    """Snyder 1987, equations 20-3 and 20-4."""
    phi0, phi, dlon = math.radians(lat0), math.radians(lat), math.radians(lon - lon0)
    x = 200 * math.cos(phi) * math.sin(dlon)
    y = 200 * (math.cos(phi0) * math.sin(phi) - math.sin(phi0) * math.cos(phi) * math.cos(dlon))
    depth = math.sin(phi0) * math.sin(phi) + math.cos(phi0) * math.cos(phi) * math.cos(dlon)
    p = globe.point(view_of(lat0, lon0), lat, lon)
    if depth > 1e-9:
        assert p == pytest.approx((210 + x, 210 - y), abs=1e-6)
    elif depth < -1e-9:
        assert p is None


@settings(deadline=None, max_examples=40)
@given(latitudes, longitudes, st.floats(100, 9000), st.floats(0, 2 * math.pi), st.floats(0.05, 0.95))
def test_a_circle_is_filled_where_its_points_are(lat, lon, reach_km, azimuth, share):
    """Points well within a circle are filled, points well outside are not, wherever the camera stands."""
    circle = ground.fan(lat, lon, reach_km, 0, 180)
    angle = reach_km / globe.EARTH_RADIUS_KM
    for camera_lat, camera_lon in ((90, 0), (-90, 0), (0, 0), (35, 120), (lat, lon), (-lat, lon)):
        view = view_of(camera_lat, camera_lon)
        d = globe.region_d(view, [circle])
        for reach, inside in ((angle * share, True), (min(angle * (2.1 - share), 3.1), False)):
            place = globe.destination(lat, lon, azimuth, reach)
            turned = globe.camera(view, place)
            edge_px = 200 * abs(reach - angle) * max(float(turned[2]), 0)
            if turned[2] > 0.2 and edge_px > 2:
                x, y = globe.to_px(view, turned[:2])
                assert filled(d, float(x), float(y)) is inside


@pytest.mark.parametrize(
    ("lat", "lon", "is_land"),
    [
        (90, 0, False), (-89, 0, True), (-87, 179.9, True), (-87, -179.9, True), (0, 0, False), (52, 5.5, True),
        (72, -40, True), (42, 51, False), (66, 180, True), (0, -150, False), (-25, 135, True), (60, 100, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("camera", ["above", "north", "aslant"])
def test_land_is_land(lat, lon, is_land, camera):
    """From straight above, from the near pole, and from 60 degrees aside; 42 N 51 E is the Caspian, a hole.
    The rings of Siberia and Antarctica pass the antimeridian."""
    at = {
        "above": (lat, lon),
        "north": (math.copysign(90, lat or 1), 0),
        "aslant": (lat * 0.4, lon + 40),
    }[camera]
    view = view_of(*at)
    turned = globe.camera(view, globe.unit(lat, lon))
    if turned[2] > 0.1:
        x, y = globe.to_px(view, turned[:2])
        assert filled(globe.region_d(view, coast.land(), coast.ocean()), float(x) + 0.01, float(y) + 0.01) is is_land


@settings(deadline=None, max_examples=12)
@given(latitudes, longitudes)
def test_nothing_is_drawn_outside_the_limb_or_the_frame(lat, lon):
    view = view_of(lat, lon)
    for ring in rings_of(globe.region_d(view, coast.land(), coast.ocean())):
        assert np.hypot(ring[:, 0] - 210, ring[:, 1] - 210).max() < 200.2
    close = View(latitude_deg=lat, longitude_deg=lon, radius_px=5000, width=300, height=200)
    for ring in rings_of(globe.region_d(close, coast.land(), coast.ocean())):
        assert ring[:, 0].min() >= -6.1
        assert ring[:, 0].max() <= 306.1
        assert ring[:, 1].min() >= -6.1
        assert ring[:, 1].max() <= 206.1


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.floats(-89, 89), st.floats(-40, 40)), min_size=2, max_size=6), st.floats(-180, 180))
def test_fit_holds_all_points_or_shows_the_whole_globe(places, turn):
    vectors = globe.unit([p[0] * 0.4 for p in places], [p[1] * 0.4 + turn for p in places])
    view = globe.fit(vectors, 720, 500)
    whole = 500 / 2 - 8
    assert view.radius_px >= whole - 1e-9
    if view.radius_px > whole:
        px = globe.to_px(view, globe.camera(view, vectors)[:, :2])
        assert (px > 0).all()
        assert (px < [720, 500]).all()


def test_a_line_is_cut_at_the_horizon():
    view = view_of(0, 0)
    equator = globe.unit(np.zeros(361), np.linspace(-180, 180, 361))
    assert len(rings_of(globe.line_d(view, equator))) == 1
    behind = globe.unit(np.zeros(20), np.linspace(120, 160, 20))
    assert globe.line_d(view, behind) == ""


def test_ellipse_has_its_axes_and_its_azimuth():
    ring = ground.ellipse(60, 10, 100, 40, 30)
    reach = np.arccos(np.clip(ring @ globe.unit(60, 10), -1, 1)) * globe.EARTH_RADIUS_KM
    assert reach.max() == pytest.approx(100, rel=1e-3)
    assert reach.min() == pytest.approx(40, rel=1e-3)
    lat, lon = globe.latlon(ring[int(reach.argmax())])
    assert math.degrees(math.atan2((lon - 10) * math.cos(math.radians(60)), lat - 60)) % 180 == pytest.approx(30, abs=1)


def test_labels_do_not_cover_each_other():
    labels = ground.Labels(400, 300)
    for _ in range(8):
        labels.place(200, 150, "a label")
    for k, (l0, t0, r0, b0) in enumerate(labels.taken):
        assert not any(l0 < r1 and r0 > l1 and t0 < b1 and b0 > t1 for l1, t1, r1, b1 in labels.taken[k + 1 :])
