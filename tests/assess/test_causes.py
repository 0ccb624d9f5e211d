"""Other causes than a notified launch: what explains, what must not, and that every sum stays one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_sky import LAUNCH_NS, SECOND_NS, Log, orbiting, reference, sounding_rocket

from tocsin.assess import explained, flight, match
from tocsin.assess.causes import Cause, Causes, stated_causes, with_causes, wording
from tocsin.assess.geometry import sky_view
from tocsin.assess.orbits import catalogue, moon_state_ecef, sky_causes, state_at
from tocsin.wire.bodies import Circle, Explanation, Retraction, Window
from tocsin.wire.messages import ExerciseNotice, HazardNotice, Orbit
from tocsin.wire.talk import SiteCheck
from tocsin.world import frames, motion
from tocsin.world.observation import Infrared, Radar

NOW = LAUNCH_NS + 400 * SECOND_NS
DAY_NS = 86_400 * SECOND_NS
WIDE = Window(start_tai_us=(LAUNCH_NS - DAY_NS) // 1_000, end_tai_us=(LAUNCH_NS + DAY_NS) // 1_000)
SEA = Circle(latitude_deg=78.5, longitude_deg=13.0, radius_km=400.0)
THULE = Radar(
    id="thule", latitude_deg=76.53, longitude_deg=-68.75, height_m=400.0, sigma_range_m=1e3, sigma_azimuth_rad=5e-3,
    sigma_elevation_rad=5e-3, range_max_m=5e6, elevation_min_rad=0.0, elevation_max_rad=1.5, azimuth_centre_rad=0.0,
    azimuth_halfwidth_rad=math.pi, period_s=10.0, detection_probability=0.9,
)  # fmt: skip


def judged(one, causes):
    return with_causes(match(one, (), NOW), causes)


def of(found, what):
    return math.fsum(e.probability for e in found if e.what == what)


def orbit_of(track, shift_s=0.0, at_ns=LAUNCH_NS - 7_200 * SECOND_NS, **changes):
    """An orbit statement that leads to a track's state, some seconds early or late along the way."""
    start = frames.ecef_to_eci(track.state_ecef, track.t_tai_ns)
    back_s = (at_ns - track.t_tai_ns) / 1e9
    state = frames.eci_to_ecef(motion.step(start, back_s - shift_s), at_ns)
    fields = {
        "name": "upper stage", "designator": "1994-081B", "status": "debris", "t_tai_us": at_ns // 1_000,
        "position_ecef_m": tuple(state[:3].tolist()), "velocity_ecef_m_s": tuple(state[3:].tolist()),
        "position_sigma_m": 300.0, "velocity_sigma_m_s": 0.1,
    } | changes  # fmt: skip
    return Orbit(**fields)


def known(body):
    log = Log("west")
    log.say(body)
    return catalogue(log.entries)


def test_a_known_satellite_is_known():
    one = flight(orbiting())
    found = judged(one, sky_causes(one, known(orbit_of(one.track))))
    assert of(found, "known-object") > 0.99
    assert "position and velocity agree" in found[0].reasons[1]
    assert math.isclose(math.fsum(e.probability for e in found), 1.0)


def test_elements_are_carried_exactly_as_the_estimator_does():
    track = orbiting()
    (one,) = known(orbit_of(track, at_ns=LAUNCH_NS - DAY_NS))
    assert state_at(one, track.t_tai_ns) == pytest.approx(track.state_ecef, abs=1.0)


@pytest.mark.parametrize("shift_s", [4.0, 60.0])
def test_a_falling_body_may_be_late_by_what_its_statement_says(shift_s):
    """Oregon 1979 as it is told: a rocket body that decays is early or late along its way, not beside it."""
    one = flight(orbiting())
    late = {"status": "decaying", "along_track_growth_s_per_day": 12.0 * shift_s, "decay_window": WIDE}
    assert sky_causes(one, known(orbit_of(one.track, shift_s))) == ()
    (found,) = sky_causes(one, known(orbit_of(one.track, shift_s, **late)))
    assert found.explanation.reasons[-1] == "it is announced to fall out of orbit"
    assert of(judged(one, [found]), "known-object") > 0.9


def test_a_launch_is_not_explained_by_a_satellite_overhead():
    one = flight(sounding_rocket())
    assert sky_causes(one, known(orbit_of(orbiting()))) == ()


def test_old_elements_and_decayed_objects_say_nothing():
    track = orbiting()
    for body in (orbit_of(track, at_ns=LAUNCH_NS - 4 * DAY_NS),
                 orbit_of(track, decay_window=Window(start_tai_us=0, end_tai_us=LAUNCH_NS // 1_000 - 1))):  # fmt: skip
        (one,) = known(body)
        assert state_at(one, track.t_tai_ns) is None


def test_the_latest_elements_count_and_retracted_ones_do_not():
    log, track = Log("west"), orbiting()
    log.say(orbit_of(track))
    later = log.say(orbit_of(track, at_ns=LAUNCH_NS - 3_600 * SECOND_NS))
    assert [one.place.index for one in catalogue(reversed(log.entries))] == [1]
    log.say(Retraction(because="another object"), LAUNCH_NS, [reference(later, "retracts")])
    assert [one.place.index for one in catalogue(log.entries)] == [0]


def moon_track(radar, folded_m=3.0e6, rate_m_s=0.0):
    """A track in the Moon's direction, with the Moon's range rate (plus some), as a folded echo gives it."""
    from tocsin.world.sensor import site_ecef

    moon, site = moon_state_ecef(NOW), site_ecef(radar)
    way = moon[:3] - site
    unit = way / np.linalg.norm(way)
    state = np.concatenate([site + folded_m * unit, (float(unit @ moon[3:]) + rate_m_s) * unit])
    return sounding_rocket(state_ecef=state, t_tai_ns=NOW)


def test_a_late_echo_of_the_moon_is_found_without_knowing_the_pulses():
    """Thule 1960: right direction, right range rate, hundreds of thousands of kilometres too near."""
    one = flight(moon_track(THULE))
    (found,) = sky_causes(one, (), [THULE])
    assert found.explanation.identifier == "range ambiguity: the Moon"
    assert "km farther" in found.explanation.reasons[1]
    assert of(judged(one, [found]), "sensor-fault") > 0.95
    assert sky_causes(one, (), []) == ()  # two sensors see it: then it is no echo


def test_something_that_comes_nearer_in_front_of_the_moon_is_no_echo():
    assert sky_causes(flight(moon_track(THULE, rate_m_s=-3_000.0)), (), [THULE]) == ()
    assert sky_causes(flight(sounding_rocket()), (), [THULE]) == ()


def test_geometry_beside_every_event():
    view = sky_view(THULE, NOW, moon_track(THULE))
    assert view.moon_apart_deg == pytest.approx(0.0, abs=1e-6)
    assert 2.3 < view.moon_echo_s < 2.75
    assert "Moon" in view.words
    eye = Infrared(id="ir", position_ecef_m=(4.2e7, 0.0, 0.0), sigma_angle_rad=1e-4, plume_height_min_m=1e4,
                   period_s=10.0, detection_probability=0.9)  # fmt: skip
    assert sky_view(eye, NOW, sounding_rocket()).sun_elevation_deg is None


def said(*found, by="west"):
    log = Log(by)
    for body in found:
        log.say(body, NOW)
    return log.entries


def check(**changes):
    fields = {
        "site": "radar-north", "t_tai_us": (NOW - SECOND_NS) // 1_000, "counted": 0, "displayed": 220,
        "site_report": "anomalous", "means": "direct-line", "officer": "A",
    } | changes  # fmt: skip
    return SiteCheck(**fields)


def alone(by="west"):
    return flight(sounding_rocket(parties=(by,)))


def test_the_count_of_1980():
    """The summary shows 220, the site counts none."""
    found = judged(alone(), stated_causes(alone(), said(check()), NOW))
    assert of(found, "sensor-fault") > 0.99
    assert "counts 0, the summary shows 220" in found[0].reasons[0]


def test_the_tape_of_1979():
    found = judged(alone(), stated_causes(alone(), said(check(test_data=True)), NOW))
    assert of(found, "exercise-data") > 0.99


@pytest.mark.parametrize(
    "body",
    [
        check(counted=220, site_report="valid"),
        check(t_tai_us=(NOW - 3_600 * SECOND_NS) // 1_000),
        check(t_tai_us=(NOW + SECOND_NS) // 1_000),
        check(event="J-00000000"),
    ],
)
def test_counts_that_agree_are_old_or_of_another_event_say_nothing(body):
    assert stated_causes(alone(), said(body), NOW) == ()


def test_nobody_is_talked_out_of_what_his_own_sensors_see():
    both = flight(sounding_rocket(parties=("east", "west")))
    simulated = ExerciseNotice(name="N95", nature="warning-system", area=SEA, window=WIDE, simulated_data=True)
    entries = said(check(), check(test_data=True), simulated)
    assert stated_causes(both, entries, NOW) == ()
    assert stated_causes(alone("east"), entries, NOW) == ()
    assert len(stated_causes(alone("west"), entries, NOW)) == 3


HAZARD = HazardNotice(number="NAVAREA 12", area=SEA, window=WIDE)


def test_a_hazard_notice_that_names_no_kind_helps_and_never_suffices():
    """Norway's note of 1994 went out as a notice to mariners: worth something, not enough to stand down."""
    one = alone()
    found = judged(one, stated_causes(one, said(HAZARD), NOW))
    assert 0.3 < of(found, "partner-statement") < 0.95
    assert "does not say what the hazard is" in found[0].reasons[0]
    again = judged(one, stated_causes(one, [*said(HAZARD), *said(HAZARD, by="east")], NOW))
    assert explained(again) == pytest.approx(explained(found))  # repeated words are no new evidence


@pytest.mark.parametrize("body", [HAZARD, ExerciseNotice(
    name="N95", nature="rocket-forces", launches=2, window=WIDE,
    area=Circle(latitude_deg=69.3, longitude_deg=16.0, radius_km=60.0),
)])  # fmt: skip
def test_words_explain_nothing_that_may_fall_on_what_is_protected(body):
    one = alone()
    assert len(stated_causes(one, said(body), NOW)) == 1
    assert stated_causes(one, said(body), NOW, protected=(SEA,)) == ()


def test_half_an_ocean_explains_nothing_in_particular():
    huge = HazardNotice(number="N 1", area=Circle(latitude_deg=75.0, longitude_deg=0.0, radius_km=6_000.0), window=WIDE)
    one = alone()
    assert explained(judged(one, stated_causes(one, said(huge), NOW))) < 0.1


CAUSES = st.builds(
    lambda odds, what, name: Cause(odds, wording(what, ("x",), name)),
    st.floats(0.0, 1e6), st.sampled_from(["sensor-fault", "known-object", "partner-statement"]), st.sampled_from("ab"),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(CAUSES, max_size=6), st.floats(0.0, 1.0))
def test_everything_sums_to_one_and_unexplained_stays(causes, share):
    base = (Explanation(what="notified-launch", probability=1.0 - share, identifier="n"),
            Explanation(what="unexplained", probability=share))  # fmt: skip
    found = with_causes(base, causes)
    assert math.fsum(e.probability for e in found) == pytest.approx(1.0)
    assert sum(e.what == "unexplained" for e in found) == 1
    assert of(found, "unexplained") <= share
    assert [e.probability for e in found] == sorted((e.probability for e in found), reverse=True)


def test_many_words_weigh_no_more_than_one():
    """Ten hazard notices under ten numbers do not talk an officer out of an alarm."""
    alone = Explanation(what="unexplained", probability=1.0)
    said = [Cause(Causes().words_limit, wording("partner-statement", ("said",), f"n{k}")) for k in range(10)]
    found = with_causes((alone,), said)
    assert sum(one.probability for one in found if one.what != "unexplained") < 0.95
