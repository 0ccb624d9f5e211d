"""Explanations: probabilities, monotony, what may never explain a launch away, and history's two outcomes."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_sky import ANDOYA, LAUNCH_NS, SECOND_NS, announced, ballistic, notice_1995, sounding_rocket, track

from tocsin.assess import Beliefs, Denial, acknowledged, explained, flight, match
from tocsin.assess.voices import Place
from tocsin.wire.bodies import Circle, NegativeStatement, Notification, Window
from tocsin.world.geodesy import direct

ROCKET = flight(sounding_rocket())
EARLY = flight(sounding_rocket(after_s=120, sigma_m=8e3, sigma_m_s=150))
AT_MOSCOW = flight(track(ballistic(*ANDOYA, 134.0, 4_000.0, 45.0)))
MOSCOW = Circle(latitude_deg=55.75, longitude_deg=37.62, radius_km=400.0)
BARE = {"azimuth_deg": None, "azimuth_tolerance_deg": None, "apogee_km": None, "vehicle": None, "impact_area": None}
AS_OF = LAUNCH_NS + 300 * SECOND_NS


def probability(known, *said: Notification, **options) -> float:
    return explained(match(known, announced(*said), AS_OF, **options))


@pytest.mark.parametrize("known", [ROCKET, EARLY], ids=["late", "early"])
def test_the_announced_rocket_is_explained(known):
    found = match(known, announced(notice_1995()), AS_OF, protected=[MOSCOW])
    assert found[0].what == "notified-launch"
    assert found[0].identifier == "PLN/NO/1995/001/001/01"
    assert found[0].probability > 0.99
    # the flight of this test begins at full speed on the pad: where a boost would have begun lies 10 km further back
    assert "from the announced area, within the uncertainty of" in found[0].reasons[0]


def test_without_a_notice_nothing_is_explained():
    found = match(ROCKET, (), AS_OF)
    assert [(e.what, e.probability) for e in found] == [("unexplained", 1.0)]
    assert found[0].reasons == ("no launch notification is known",)


def test_a_notice_that_nobody_here_has_read_explains_nothing():
    told = announced(notice_1995())
    found = match(ROCKET, told, AS_OF, available=acknowledged(told, "east"))
    assert [(e.what, e.probability) for e in found] == [("unexplained", 1.0)]
    assert found[0].reasons == ("no launch notification is before the officer",)
    assert explained(match(ROCKET, told, AS_OF, available=acknowledged(told, "west"))) > 0.99


@pytest.mark.parametrize("changes", [{}, {"impact_area": None}, {"azimuth_deg": None}, BARE])
def test_an_attack_from_the_announced_place_is_not_explained_away(changes):
    """134 degrees and an impact at Moscow, out of an announced pad in an announced hour."""
    assert probability(AT_MOSCOW, notice_1995(**changes), protected=[MOSCOW]) < 0.5
    assert probability(AT_MOSCOW, notice_1995(), protected=[MOSCOW]) < 0.01


def test_place_and_time_alone_do_not_explain():
    assert 0.5 < probability(ROCKET, notice_1995(**BARE)) < 0.95


@pytest.mark.parametrize(
    "changes",
    [
        {"azimuth_deg": 134.0},
        {"apogee_km": 300.0},
        {"vehicle": "ballistic-intercontinental"},
        {"impact_area": Circle(latitude_deg=60.0, longitude_deg=-20.0, radius_km=200.0)},
    ],
)
def test_every_figure_that_contradicts_takes_away(changes):
    one = BARE | changes
    assert probability(ROCKET, notice_1995(**one)) < 0.6 * probability(ROCKET, notice_1995(**BARE))


@pytest.mark.parametrize("figure", ["azimuth_deg", "apogee_km", "vehicle", "impact_area"])
def test_every_figure_that_agrees_adds(figure):
    with_it = BARE | {figure: getattr(notice_1995(), figure)}
    assert probability(ROCKET, notice_1995(**with_it)) > probability(ROCKET, notice_1995(**BARE))


def monotone(values: list[float]) -> bool:
    return all(later <= earlier + 1e-9 for earlier, later in pairwise(values))


@pytest.mark.parametrize("bearing", [0.0, 77.0, 200.0])
@pytest.mark.parametrize("figure", ["launch_area", "impact_area"])
def test_falls_with_distance_from_the_area(figure, bearing):
    area = getattr(notice_1995(), figure)
    middle = {"launch_area": ROCKET.launch, "impact_area": ROCKET.impact}[figure]
    values = []
    for km in range(0, 1_500, 50):
        lat, lon = direct(middle.latitude_deg, middle.longitude_deg, bearing, km * 1e3)
        moved = Circle(latitude_deg=lat, longitude_deg=lon, radius_km=area.radius_km)
        values.append(probability(ROCKET, notice_1995(**(BARE | {figure: moved}))))
    assert monotone(values)
    assert values[-1] < 0.2


def test_falls_with_the_angle_and_the_hour():
    turned = [probability(ROCKET, notice_1995(**(BARE | {"azimuth_deg": float(a)}))) for a in range(1, 181, 10)]
    assert monotone(turned)
    hours = []
    for hour in range(0, 60, 3):
        start_us = (LAUNCH_NS + hour * 3_600 * SECOND_NS) // 1_000
        window = Window(start_tai_us=start_us, end_tai_us=start_us + 3_600_000_000)
        hours.append(probability(ROCKET, notice_1995(**(BARE | {"window": window}))))
    assert monotone(hours)
    assert hours[-1] < 0.5 < hours[0]


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0, 360), st.floats(3_000, 6_500), st.floats(25, 85), st.floats(100, 400),
    st.lists(st.tuples(st.floats(60, 75), st.floats(0, 30), st.floats(0, 500)), max_size=4),
)  # fmt: skip
def test_probabilities_are_probabilities(azimuth, speed, elevation, after_s, places):
    known = flight(track(ballistic(*ANDOYA, azimuth, speed, elevation), after_s))
    told = announced(*(
        notice_1995(
            identifier=f"PLN/NO/1995/001/{i:03d}/01",
            launch_area=Circle(latitude_deg=lat, longitude_deg=lon, radius_km=km),
        )
        for i, (lat, lon, km) in enumerate(places)
    ))  # fmt: skip
    found = match(known, told, AS_OF, protected=[MOSCOW])
    assert math.fsum(e.probability for e in found) == pytest.approx(1.0, abs=1e-9)
    assert all(0.0 <= e.probability <= 1.0 for e in found)
    assert "unexplained" in {e.what for e in found}
    assert list(found) == sorted(found, key=lambda e: -e.probability)


def test_exchanging_authors_changes_only_names():
    told, other = announced(notice_1995()), announced(notice_1995(), by="east")
    assert match(ROCKET, told, AS_OF) == match(ROCKET, other, AS_OF)


def test_cancelled_and_retracted_notices_explain_little():
    cancel = Notification(
        identifier="PLN/NO/1995/001/001/04", format="cancellation", refers_to="PLN/NO/1995/001/001/01", addressee="x"
    )
    assert probability(ROCKET, notice_1995(**BARE), cancel) < 0.2


def test_a_post_launch_message_settles_the_time():
    after = Notification(
        identifier="PLN/NO/1995/001/001/03", format="post-launch", refers_to="PLN/NO/1995/001/001/01",
        addressee="x", actual_time_tai_us=LAUNCH_NS // 1_000,
    )  # fmt: skip
    assert probability(ROCKET, notice_1995(), after) > 0.95
    # Place and time alone never explain a launch: who hides behind his own notice reports his launch, too.
    assert 0.5 < probability(ROCKET, notice_1995(**BARE), after) < 0.95


def test_a_notice_explains_less_where_the_impact_is_on_what_we_protect():
    """And whatever it explains, the ladder keeps the threat (test_ladder: words do not lower it)."""
    end = ROCKET.impact
    area = Circle(latitude_deg=end.latitude_deg, longitude_deg=end.longitude_deg, radius_km=300.0)
    told = announced(notice_1995())
    assert explained(match(ROCKET, told, AS_OF, protected=(area,))) < explained(match(ROCKET, told, AS_OF))
    bare = announced(notice_1995(**BARE))
    assert explained(match(ROCKET, bare, AS_OF, protected=(area,))) < 0.5


def test_more_launches_than_announced():
    def later(hours: float):
        state = sounding_rocket()
        shift = round(hours * 3_600) * SECOND_NS
        fields = {"t_tai_ns": state.t_tai_ns + shift, "updated_t_tai_ns": state.t_tai_ns + shift, "id": f"J-{hours}"}
        return flight(sounding_rocket(**fields))

    third, others = later(3), [later(1), later(2)]
    told = announced(notice_1995(objects=2, **BARE))
    assert explained(match(third, told, AS_OF)) > 0.5
    assert explained(match(third, told, AS_OF, others=others)) < 0.6
    assert explained(match(third, announced(notice_1995(objects=3, **BARE)), AS_OF, others=others)) > 0.85


def test_a_denial_is_told():
    area = Circle(latitude_deg=69.0, longitude_deg=16.0, radius_km=500.0)
    window = Window(start_tai_us=(LAUNCH_NS - 10**12) // 1_000, end_tai_us=(LAUNCH_NS + 10**12) // 1_000)
    said = Denial("west", Place("west", 0, "0" * 64), NegativeStatement(area=area, window=window), LAUNCH_NS)
    found = match(ROCKET, (), AS_OF, denials=[said])
    assert "west states that it launched nothing there and then" in found[0].reasons


def test_beliefs_are_data():
    gullible = Beliefs(imitation=0.001)
    assert probability(ROCKET, notice_1995(**BARE), beliefs=gullible) > 0.95


def test_while_the_engine_burns_only_direction_counts():
    known = flight(sounding_rocket(after_s=60, phase="boost"))
    reasons = match(known, announced(notice_1995()), AS_OF)[0].reasons
    assert len(reasons) == 3
    assert any(words.startswith("direction") for words in reasons)
