"""Doubt about a track that one sensor alone shows: silence, glint, a denial; and what must never raise it."""

import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess import Denial, flight
from tocsin.assess.orbits import moon_state_ecef, sky_causes
from tocsin.node.doubt import Doubts, Silence, own_sensors, with_fault
from tocsin.wire.bodies import Circle, Explanation, NegativeStatement, Window
from tocsin.world import sensor as geometry
from tocsin.world.ephemeris import sun_ecef_m
from tocsin.world.frames import geodetic_to_ecef
from tocsin.world.observation import Infrared, Radar

sys.path.insert(0, str(Path(__file__).parents[1] / "assess"))
import shared_sky

NS = 10**9
START = shared_sky.LAUNCH_NS + 60 * NS


def radar(name, latitude_deg=69.0, longitude_deg=16.0, **changes):
    fields = {
        "id": name, "latitude_deg": latitude_deg, "longitude_deg": longitude_deg, "height_m": 0.0,
        "sigma_range_m": 100.0, "sigma_azimuth_rad": 1e-3, "sigma_elevation_rad": 1e-3, "range_max_m": 5e6,
        "elevation_min_rad": 0.0, "elevation_max_rad": math.pi / 2, "azimuth_centre_rad": 0.0,
        "azimuth_halfwidth_rad": math.pi, "period_s": 10.0, "detection_probability": 0.9,
    } | changes  # fmt: skip
    return Radar(**fields)


def infrared(name="eye", latitude_deg=0.0, longitude_deg=16.0):
    place = geodetic_to_ecef(math.radians(latitude_deg), math.radians(longitude_deg), 35_786e3)
    return Infrared(
        id=name, position_ecef_m=tuple(map(float, place)), sigma_angle_rad=6e-5, plume_height_min_m=10e3, period_s=10.0,
        detection_probability=0.9,
    )  # fmt: skip


def event(after_s=300.0, *, boosting=False, place=None, **changes):
    track = shared_sky.sounding_rocket(after_s=after_s, **changes)
    if place is None:
        return replace(flight(track), boosting=boosting)
    still = replace(track, state_ecef=np.concatenate([place, np.zeros(3)]))
    return replace(flight(track), track=still, launch=None, impact=None, boosting=boosting)


def watched(sensors, one, seconds=60, seen_by=("a",), doubts=None):
    silence = Silence(sensors, doubts)
    for k in range(0, seconds + 1, 10):
        silence.look(one, seen_by, START + k * NS)
    return silence


def test_a_second_sensor_that_should_see_it_and_does_not_raises_doubt():
    silence = watched([radar("a"), radar("b", 70.0)], event())
    odds, why = silence.explanation(event(), (), 1)
    assert odds == pytest.approx(0.3 / 0.05)
    assert why.what == "sensor-fault"
    assert why.reasons == ("b should have seen it 5 times and saw nothing", "only a shows it")


def test_silence_counts_only_after_enough_expected_looks():
    early = watched([radar("a"), radar("b", 70.0)], event(), seconds=40)  # 3.6 detections expected
    assert early.explanation(event(), (), 1) is None
    enough = watched([radar("a"), radar("b", 70.0)], event(), seconds=50)
    assert enough.explanation(event(), (), 1) is not None


def test_two_sensors_or_two_parties_leave_no_doubt():
    pair = [radar("a"), radar("b", 70.0), radar("c", 70.5)]
    assert watched(pair, event(), seen_by=("a", "b")).explanation(event(), (), 1) is None
    assert watched(pair, event()).explanation(event(), (), 2) is None
    assert Silence(pair).explanation(event(), (), 1) is None


def test_a_sensor_that_cannot_see_it_is_not_blamed():
    elsewhere = radar("b", -40.0, 16.0)
    assert not geometry.visible(elsewhere, event().track.state_ecef[None, :])[0]
    assert watched([radar("a"), elsewhere], event()).explanation(event(), (), 1) is None


@pytest.mark.parametrize("changes", [{"sigma_m": 200e3}, {"stale": True}])
def test_where_the_track_is_known_too_badly_nobody_is_blamed(changes):
    one = event(**changes)
    assert watched([radar("a"), radar("b", 70.0)], one).explanation(one, (), 1) is None


def test_a_satellite_is_blamed_only_while_a_motor_burns():
    sensors = [radar("a"), infrared()]
    assert watched(sensors, event()).explanation(event(), (), 1) is None
    burning = event(boosting=True)
    odds, _ = watched(sensors, burning).explanation(burning, (), 1)
    assert odds == pytest.approx(6.0)


def test_a_gap_between_looks_counts_as_a_minute_at_most():
    silence = Silence([radar("a"), radar("b", 70.0)], Doubts(looks=5.5))
    for t in (START, START + 86_400 * NS):
        silence.look(event(), ("a",), t)
    assert silence.explanation(event(), (), 1) is None


def test_names_of_one_event_share_one_count():
    sensors = [radar("a"), radar("b", 70.0)]
    silence = watched(sensors, event(), seconds=30)
    other = event(id="f-new", aliases=(event().track.id,))
    for k in (40, 50, 60):
        silence.look(other, ("a",), START + k * NS)
    assert silence.explanation(other, (), 1) is not None
    assert silence.only_source(other).id == "a"


def towards(target, site, far_m):
    line = target - site
    return site + far_m * line / np.linalg.norm(line)


def test_the_moon_is_weighed_once_among_known_objects_and_not_here():
    """A track in front of the Moon that does not move with it is no echo: direction alone is no doubt (Thule)."""
    one = event()
    moon = moon_state_ecef(one.track.t_tai_ns)
    site = np.asarray(geometry.site_ecef(radar("a")))
    place = towards(moon[:3], site, 3e6)
    unit = (place - site) / 3e6
    with_it = replace(one.track, state_ecef=np.concatenate([place, float(unit @ moon[3:]) * unit]))
    against = replace(one.track, state_ecef=np.concatenate([place, -3e3 * unit]))
    for track, echoes in ((with_it, 1), (against, 0)):
        hit = replace(one, track=track, launch=None, impact=None)
        assert watched([radar("a")], hit).explanation(hit, (), 1) is None
        assert len(sky_causes(hit, (), [radar("a")])) == echoes


def test_sunlight_forward_to_a_satellite_is_glint_and_none_comes_at_night():
    sun = sun_ecef_m(event().track.t_tai_ns)
    across = np.cross(sun, [0.0, 0.0, 1.0])
    side = 0.985 * across / np.linalg.norm(across) + 0.17 * sun / np.linalg.norm(sun)  # the Sun 10 degrees up
    spot = 6.39e6 * side / np.linalg.norm(side)
    eye = replace(infrared(), position_ecef_m=tuple(map(float, spot - 3.5e7 * sun / np.linalg.norm(sun))))
    bright, night = event(place=spot, boosting=True), event(place=spot - 2 * (spot @ sun) / (sun @ sun) * sun)
    odds, why = watched([eye], bright, seen_by=("eye",)).explanation(bright, (), 1)
    assert odds == pytest.approx(0.3 * 20.0)
    assert "scattered forward there towards eye" in why.reasons[0]
    assert watched([eye], night, seen_by=("eye",)).explanation(night, (), 1) is None


def denial(**changes):
    """The launch that a track points back to is known within minutes and some tens of kilometres."""
    about = event().launch.t_tai_ns
    window = Window(start_tai_us=(about - NS) // 1000, end_tai_us=(about + NS) // 1000)
    said = {"area": Circle(latitude_deg=69.29, longitude_deg=16.02, radius_km=50.0), "window": window} | changes
    return Denial("west", None, NegativeStatement(**said), shared_sky.LAUNCH_NS)


def test_a_denial_adds_little_and_alone_nothing():
    one, sensors = event(), [radar("a"), radar("b", 70.0)]
    assert watched([radar("a")], one).explanation(one, (denial(),), 1) is None
    silence = watched(sensors, one)
    odds, why = silence.explanation(one, (denial(),), 1)
    assert odds == pytest.approx(12.0)
    assert "west states that it launched nothing there and then" in why.reasons
    far = denial(area=Circle(latitude_deg=10.0, longitude_deg=16.0, radius_km=50.0))
    late = denial(window=Window(start_tai_us=shared_sky.LAUNCH_NS // 1000, end_tai_us=shared_sky.LAUNCH_NS // 1000))
    for beside in (far, late):
        assert silence.explanation(one, (beside,), 1)[0] == pytest.approx(6.0)


shares = st.lists(st.floats(0.001, 1.0), min_size=1, max_size=5)


@given(shares, st.floats(0.0, 1e4))
def test_with_the_fault_probabilities_still_add_to_one(parts, odds):
    kinds = ["unexplained", *["notified launch"] * 4]
    total = math.fsum(parts)
    given_ = [Explanation(what=k, probability=p / total, reasons=()) for k, p in zip(kinds, parts, strict=False)]
    fault = Explanation(what="sensor-fault", probability=0.0, reasons=("x",))
    found = with_fault(given_, (odds, fault))
    assert math.fsum(e.probability for e in found) == pytest.approx(1.0)
    by = {e.what: e.probability for e in found}
    assert by["sensor-fault"] == pytest.approx(odds * by["unexplained"])
    assert [e.probability for e in found] == sorted((e.probability for e in found), reverse=True)
    assert with_fault(given_, None) == tuple(given_)


def test_own_sensors_are_those_behind_own_members():
    track = shared_sky.sounding_rocket()
    assert own_sensors(track, {"t-1": ("a",)}) == ()
