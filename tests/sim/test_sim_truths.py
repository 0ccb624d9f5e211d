"""What flies besides missiles, sensor faults with real geometry, and where the Sun and Moon stand."""

import math

import numpy as np
import pytest
import short_case

from tocsin.sim.errors import ScenarioError
from tocsin.sim.ghosts import ghosts_of, moon_echo
from tocsin.sim.level import Level
from tocsin.sim.orbit import Orbit
from tocsin.sim.scenario import convert, load, shipped_bytes, truths
from tocsin.world import frames
from tocsin.world.ephemeris import moon_ecef_m, scattering_deg, sun_ecef_m
from tocsin.world.geodesy import inverse
from tocsin.world.observation import Infrared, Radar
from tocsin.world.time import era_rad, parse_utc

LEVEL = {"kind": "level", "points": [[50.0, 20.0], [51.0, 20.0]], "height_km": 10.0, "speed_m_s": 250.0}


def test_a_level_flight_keeps_height_and_speed():
    flown = Level.along([(50.0, 20.0), (51.0, 20.0), (51.0, 22.0)], 10_000.0, 250.0, motor=False)
    way = inverse(50.0, 20.0, 51.0, 20.0)[0] + inverse(51.0, 20.0, 51.0, 22.0)[0]
    assert flown.flight_s == pytest.approx(way / 250.0)
    times = np.linspace(1.0, 400.0, 20)
    assert flown.geodetic(times)[2] == pytest.approx(np.full(20, 10_000.0))
    speeds = np.linalg.norm(flown.state_ecef(times)[:, 3:], axis=1)
    assert speeds == pytest.approx(np.full(20, 250.0), rel=0.01)
    assert not flown.thrusting(10.0)


def test_a_decaying_body_obeys_gravity_and_comes_down():
    body = Orbit.falling(30.0, -150.0, 105e3, 48.0, 7_300.0, 100.0, 3_000.0)
    latitude, longitude, height = body.geodetic(body.flight_s)
    assert height[0] == pytest.approx(0.0, abs=200.0)
    assert inverse(30.0, -150.0, float(latitude[0]), float(longitude[0]))[1] == pytest.approx(48.0, abs=3.0)
    step = (body.state_ecef(10.01)[:3] - body.state_ecef(9.99)[:3]) / 0.02
    assert step == pytest.approx(body.state_ecef(10.0)[3:], abs=0.05)


def test_several_flights_are_read_and_mistakes_are_named():
    case = short_case.case(flight=[LEVEL | {"name": "one"}, LEVEL | {"name": "two", "after_s": 5.0}])
    assert [(one.name, one.after_s) for one in truths(case)] == [("one", 0.0), ("two", 5.0)]
    with pytest.raises(ScenarioError, match=r"^c\.toml: .*flight\[1\]\.speed_m_s"):
        convert(short_case.raw(flight=[LEVEL, LEVEL | {"speed_m_s": 1.0}]), "c.toml")
    with pytest.raises(ScenarioError, match="each name once expected"):
        truths(short_case.case(flight=[LEVEL | {"name": "one"}, LEVEL | {"name": "one"}]))


def test_a_ghost_needs_a_sensor_of_its_kind():
    ghost = {"name": "moon", "kind": "moon", "sensor": "nowhere", "from_s": 0.0, "to_s": 10.0}
    with pytest.raises(ScenarioError, match=r"ghost\.sensor: the id of a radar expected, got 'nowhere'"):
        convert(short_case.raw(ghost=[ghost]), "c.toml")


def test_the_moon_of_meeus():
    """Meeus, Astronomical Algorithms, 2nd ed., example 47.a: 1992 April 12, 0h TD: 368,409.7 km; declination 13.768."""
    place = moon_ecef_m(parse_utc("1992-04-12T00:00:00Z"))
    assert np.linalg.norm(place) / 1e3 == pytest.approx(368_409.7, rel=0.003)
    assert math.degrees(math.asin(place[2] / np.linalg.norm(place))) == pytest.approx(13.768, abs=0.4)


def test_the_sun_of_meeus():
    """The same, example 25.a: 1992 October 13, 0h TD: right ascension 198.381 degrees, declination -7.785."""
    t_tai_ns = parse_utc("1992-10-13T00:00:00Z")
    x, y, z = sun_ecef_m(t_tai_ns)
    assert math.degrees(math.asin(z / math.hypot(x, y, z))) == pytest.approx(-7.785, abs=0.05)
    ascension = (math.degrees(math.atan2(y, x) + era_rad(t_tai_ns))) % 360.0
    assert ascension == pytest.approx(198.381, abs=0.2)  # precession since 2000 is 0.1 degrees


def thule(**changes):
    fields = {
        "id": "r", "latitude_deg": 76.53, "longitude_deg": -68.75, "height_m": 0.0, "sigma_range_m": 1e3,
        "sigma_azimuth_rad": 0.01, "sigma_elevation_rad": 0.01, "range_max_m": 5e6, "elevation_min_rad": 0.0,
        "elevation_max_rad": 1.5, "azimuth_centre_rad": math.radians(75.0), "azimuth_halfwidth_rad": 1.0,
        "period_s": 10.0, "detection_probability": 1.0,
    } | changes  # fmt: skip
    return Radar(**fields)


def test_the_moon_is_seen_when_it_has_risen_and_in_its_direction():
    up, down = parse_utc("1960-10-05T23:00:00Z"), parse_utc("1960-10-05T18:00:00Z")
    echo = moon_echo(thule(), up, 5e6)
    assert echo is not None
    assert echo[0, 0] == pytest.approx(np.linalg.norm(moon_ecef_m(up)) % 5e6, abs=6.4e6)
    assert math.degrees(echo[0, 1]) == pytest.approx(84.6, abs=2.0)
    assert moon_echo(thule(), down, 5e6) is None
    assert moon_echo(thule(azimuth_centre_rad=math.radians(250.0)), up, 5e6) is None


def test_the_moonrise_that_is_played_stands_as_that_of_1960():
    """The record's clock begins in 1970: the case names another moonrise, within 1 degree and 0.1 degree."""
    rises = (parse_utc("1960-10-05T22:40:00Z"), parse_utc(load(shipped_bytes("thule-1960"), "thule-1960").launch))
    echoes = [moon_echo(thule(), t_tai_ns, 5e6) for t_tai_ns in rises]
    assert echoes[0] is not None and echoes[1] is not None
    assert abs(math.degrees(echoes[0][0, 1] - echoes[1][0, 1])) < 1.0
    assert abs(math.degrees(echoes[0][0, 2] - echoes[1][0, 2])) < 0.1


def test_sunlight_is_scattered_forward_only_by_day_and_towards_the_far_side():
    t_tai_ns = parse_utc("1983-09-25T20:15:00Z")
    spot = np.asarray(frames.geodetic_to_ecef(math.radians(47.5), math.radians(-111.2), 12e3))
    north, south = (
        np.asarray(frames.geodetic_to_ecef(math.radians(lat), math.radians(lon), 38e6))
        for lat, lon in ((55.0, 20.0), (-20.0, -111.0))
    )
    assert scattering_deg(spot, north, t_tai_ns) < 60.0 < scattering_deg(spot, south, t_tai_ns)
    assert scattering_deg(spot, north, parse_utc("1983-09-25T08:15:00Z")) is None


def test_a_glint_shows_only_in_its_own_satellite_and_its_time():
    eye = frames.geodetic_to_ecef(math.radians(55.0), math.radians(20.0), 38e6)
    one = Infrared(id="ir", position_ecef_m=tuple(float(c) for c in eye), sigma_angle_rad=1e-5,
                   plume_height_min_m=10e3, period_s=10.0, detection_probability=1.0)  # fmt: skip
    table = short_case.raw(launch="1983-09-25T20:15:00Z", notice=[])
    sensor = {"kind": "infrared", "id": "ir", "source": "x", "longitude_deg": 20.0, "sigma_angle_urad": 10.0,
              "period_s": 10.0, "detection_probability": 1.0}  # fmt: skip
    table["party"][0]["sensor"] = [sensor]
    table["ghost"] = [{"name": "glint", "kind": "glint", "sensor": "ir", "from_s": 0.0, "to_s": 60.0,
                       "latitude_deg": 47.5, "longitude_deg": -111.2}]  # fmt: skip
    (ghost,) = ghosts_of(convert(table, "c.toml"))
    launch = parse_utc("1983-09-25T20:15:00Z")
    assert ghost.rows(one, launch + 30 * 10**9) is not None
    assert ghost.rows(one, launch + 90 * 10**9) is None
    assert ghost.rows(one, launch - 10**9) is None
