"""The national ladder: what raises it, what lowers it, and that nothing here proposes an attack."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_sky import ANDOYA, LAUNCH_NS, SECOND_NS, announced, ballistic, notice_1995, orbiting, sounding_rocket, track

from tocsin.assess import (
    area_dangers,
    assessment,
    conference_step,
    danger,
    flight,
    impact_probability,
    match,
    time_to_protected_area,
)
from tocsin.assess.judgement import confidence, likelihood_word
from tocsin.wire.bodies import Circle, encode_body
from tocsin.wire.values import Polygon
from tocsin.world.geodesy import direct

MOSCOW = Circle(latitude_deg=55.75, longitude_deg=37.62, radius_km=400.0)
PROTECTED = {"Moscow region": MOSCOW, "Kola peninsula": Circle(latitude_deg=68.0, longitude_deg=34.5, radius_km=300.0)}
AT_MOSCOW = flight(track(ballistic(*ANDOYA, 134.0, 4_000.0, 45.0)))
ROCKET = flight(sounding_rocket())
AS_OF = LAUNCH_NS + 300 * SECOND_NS
UNEXPLAINED = match(ROCKET, (), AS_OF)
EXPLAINED = match(ROCKET, announced(notice_1995()), AS_OF)


def level(known, why, current="none", protected=PROTECTED, as_of=AS_OF) -> str:
    return conference_step(known, why, protected, as_of, current).level


def test_unexplained_and_going_elsewhere_is_displayed():
    assert level(ROCKET, UNEXPLAINED) == "display"


def test_unexplained_and_coming_here_is_a_threat():
    step = conference_step(AT_MOSCOW, match(AT_MOSCOW, (), AS_OF), PROTECTED, AS_OF)
    assert step.level == "threat"
    assert "Moscow region" in step.reason
    assert step.danger.seconds_left == pytest.approx(454, abs=2)  # 434 without air: drag of an unknown body adds 20
    assert step.record("J-00000000", "N. N.").level == "threat"


@pytest.mark.parametrize(("seen_s", "proposed"), [(0, "display"), (14, "display"), (15, "threat"), (200, "threat")])
def test_no_threat_is_proposed_of_what_was_hardly_seen(seen_s, proposed):
    """The null soak had one: a new track of an aircraft whose first velocity was three sigma off."""
    first_ns = AT_MOSCOW.track.updated_t_tai_ns - seen_s * SECOND_NS
    young = flight(track(ballistic(*ANDOYA, 134.0, 4_000.0, 45.0), first_t_tai_ns=first_ns))
    why = match(young, (), AS_OF)
    step = conference_step(young, why, PROTECTED, AS_OF)
    assert step.level == proposed
    assert ("too short" in step.reason) == (proposed == "display")
    assert level(young, why, "threat") == "threat"  # what people called a threat stays one


def test_explained_stands_down():
    assert level(ROCKET, EXPLAINED, "display") == "none"


def test_words_do_not_lower_a_threat_that_own_tracks_show():
    """An impact in an own area is not unlikely: whatever a partner's words explain, people lower that, no rule does."""
    assert level(AT_MOSCOW, EXPLAINED, "threat") == "threat"
    assert level(AT_MOSCOW, EXPLAINED, "none") == "threat"


def test_a_threat_stays_until_it_is_surely_outside():
    """Between the two thresholds the level stays what it is."""
    wide = flight(sounding_rocket(sigma_m=1e3, sigma_m_s=90.0))
    lat, lon = direct(wide.impact.latitude_deg, wide.impact.longitude_deg, 90.0, 450e3)
    area = {"island": Circle(latitude_deg=lat, longitude_deg=lon, radius_km=300.0)}
    assert 0.01 < danger(wide, area, AS_OF).probability < 0.05
    assert level(wide, UNEXPLAINED, "none", area) == "display"
    assert level(wide, UNEXPLAINED, "threat", area) == "threat"
    assert level(ROCKET, UNEXPLAINED, "threat") == "display"


@pytest.mark.parametrize("why", [EXPLAINED, UNEXPLAINED])
@pytest.mark.parametrize("known", [ROCKET, AT_MOSCOW])
def test_attack_is_peoples_alone(known, why):
    assert level(known, why, "attack") == "attack"
    assert all(level(known, why, current) != "attack" for current in ("none", "display", "threat"))


def test_a_doubtful_track_calls_nobody():
    assert level(flight(sounding_rocket(existence=0.5)), UNEXPLAINED) == "none"


def test_between_stages_no_step_rests_on_a_prediction():
    """Short of twenty seconds after the last word of thrust the ellipse is thousands of kilometres wide."""
    for since_s, proposed in ((5, "display"), (25, "threat")):
        t_ns = LAUNCH_NS + 300 * SECOND_NS
        coasting = flight(track(ballistic(*ANDOYA, 134.0, 4_000.0, 45.0), burning_t_tai_ns=t_ns - since_s * SECOND_NS))
        assert coasting.staging is (since_s < 20)
        step = conference_step(coasting, match(coasting, (), AS_OF), PROTECTED, AS_OF)
        assert step.level == proposed
        assert level(coasting, match(coasting, (), AS_OF), "threat") == "threat"


def test_boost_displays_and_keeps_a_threat():
    burning = flight(sounding_rocket(after_s=60, phase="boost"))
    assert level(burning, UNEXPLAINED) == "display"
    assert level(burning, UNEXPLAINED, "threat") == "threat"


def test_it_is_over_after_the_impact():
    after = ROCKET.impact.t_tai_ns + 120 * SECOND_NS
    assert level(ROCKET, UNEXPLAINED, "display", as_of=after) == "none"


def test_what_stays_up_is_displayed():
    orbit = flight(orbiting())
    assert orbit.impact is None
    assert level(orbit, match(orbit, (), AS_OF)) == "display"
    assert impact_probability(orbit, MOSCOW) == 0.0
    assert time_to_protected_area(orbit, PROTECTED, AS_OF) is None


def test_time_left_is_told_only_where_it_threatens():
    assert time_to_protected_area(AT_MOSCOW, PROTECTED, AS_OF) == pytest.approx(454, abs=2)
    assert time_to_protected_area(ROCKET, PROTECTED, AS_OF) is None


def test_nobody_protects_everything():
    assert danger(ROCKET, {}, AS_OF).probability == 0.0
    assert level(ROCKET, UNEXPLAINED, protected={}) == "display"


def test_chance_falls_with_distance():
    impact = AT_MOSCOW.impact
    chances = []
    for km in range(0, 1_200, 100):
        lat, lon = direct(impact.latitude_deg, impact.longitude_deg, 30.0, km * 1e3)
        chances.append(impact_probability(AT_MOSCOW, Circle(latitude_deg=lat, longitude_deg=lon, radius_km=400.0)))
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.99 > 0.01 > chances[-1]


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 360), st.floats(2_500, 6_500), st.floats(30, 85), st.sampled_from(["none", "display", "threat"]))
def test_exchanging_what_two_parties_protect_exchanges_their_ladders(azimuth, speed, elevation, current):
    known = flight(track(ballistic(*ANDOYA, azimuth, speed, elevation)))
    why = match(known, announced(notice_1995()), AS_OF)
    areas = [{"a": MOSCOW}, {"a": Circle(latitude_deg=69.0, longitude_deg=18.0, radius_km=250.0)}]
    levels = [level(known, why, current, area) for area in areas]
    turned = [level(known, why, current, area) for area in reversed(areas)]
    assert levels == turned[::-1]


def test_assessment_in_words_and_on_three_axes():
    body = assessment(ROCKET, EXPLAINED, "N. N.")
    assert (body.event, body.site_report, body.confidence) == (ROCKET.track.id, "valid", "high")
    assert "Almost certainly explained" in body.text
    assert encode_body(body)
    assert assessment(ROCKET, EXPLAINED, "N. N.", "anomalous").confidence == "none"
    assert "Not explained" in assessment(AT_MOSCOW, match(AT_MOSCOW, (), AS_OF), "N. N.").text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"existence": 0.4}, "none"),
        ({"stale": True}, "none"),
        ({"existence": 0.8}, "low"),
        ({"updated_t_tai_ns": LAUNCH_NS + 70 * SECOND_NS}, "low"),
        ({"updated_t_tai_ns": LAUNCH_NS + 100 * SECOND_NS}, "medium"),
        ({"updated_t_tai_ns": LAUNCH_NS + 100 * SECOND_NS, "parties": ("east", "west")}, "high"),
    ],
)
def test_confidence(changes, expected):
    assert confidence(flight(sounding_rocket(**changes))) == expected


def test_words_for_probabilities_only_rise():
    words = [likelihood_word(p / 100) for p in range(101)]
    ranks = {word: i for i, word in enumerate(dict.fromkeys(words))}
    assert [ranks[w] for w in words] == sorted(ranks[w] for w in words)
    assert len(ranks) == 6


def test_every_area_has_its_chance_and_its_time_a_polygon_too():
    """The likeliest first; a polygon about the circle's middle holds what the circle holds, or less."""
    bearings = range(0, 360, 30)
    corners = tuple(direct(MOSCOW.latitude_deg, MOSCOW.longitude_deg, one, 380e3)[:2] for one in bearings)
    areas = PROTECTED | {"corners": Polygon(vertices_deg=corners)}
    found = area_dangers(AT_MOSCOW, areas, AS_OF)
    assert [one.area for one in found] == ["Moscow region", "corners", "Kola peninsula"]
    by_name = {one.area: one for one in found}
    assert by_name["Moscow region"].probability == impact_probability(AT_MOSCOW, MOSCOW)
    assert 0.9 < by_name["corners"].probability <= by_name["Moscow region"].probability
    assert by_name["Kola peninsula"].probability < 1e-3
    assert {one.seconds_left for one in found} == {danger(AT_MOSCOW, PROTECTED, AS_OF).seconds_left}
    assert found[0].sigma_s > 0.0
    assert area_dangers(flight(orbiting()), PROTECTED, AS_OF) == ()
