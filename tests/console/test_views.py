"""The board against the centre it is made from: states that must never be confused, and places on the globe."""

import itertools
import math
import re
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.fixtures.thousand import NS, thousand

from tocsin.console.board import SECTIONS, Board
from tocsin.console.sight import gravity
from tocsin.console.views import VIEWS
from tocsin.node import commands, sights
from tocsin.node.adapters.tokens import TokensAtHand
from tocsin.node.sidepicture import SidePicture
from tocsin.world.observation import Radar

from .desk import ANNA, house

__all__ = ["house"]

LATITUDES, LONGITUDES = st.floats(-89.5, 89.5), st.floats(-180, 180)


def board(house, name="Anna"):
    browser = house.browser()
    browser.log_in(name)
    return msgspec.json.decode(browser.get("board").content, type=Board)


def test_every_section_has_its_view_and_no_other():
    assert set(VIEWS) == set(SECTIONS)


def test_an_empty_sky_is_said_to_be_no_proof(house):
    seen = board(house)
    assert "does not mean an empty sky" in seen.head.sentence.text and seen.head.state == "no-data"
    assert seen.head.development and seen.head.mode == "exercise"
    assert [one.party for one in seen.head.links] == ["east"] and seen.head.links[0].state == "up"


def test_silence_and_suspension_are_two_things(house):
    east = house.pair.centres["east"]
    east.at_hand = TokensAtHand([ANNA])
    commands.stand(east, "suspend", "talks broke off", "Anna")
    house.pair.turn(2)
    seen = board(house).head
    assert seen.regime.suspended and seen.regime.suspended_by == ("east",) and seen.links[0].state == "suspended"
    house.pair.clock.t_tai_ns += 60 * NS
    assert board(house).head.links[0].state == "silent"


def test_a_clock_an_hour_off_is_said(house):
    receipts = house.centre.receipts
    latest = next(one for one in reversed(receipts) if one.cosigner == "east")
    receipts.append(msgspec.structs.replace(latest, time_s=latest.time_s + 3_600))
    words = board(house).head.clock_words
    assert re.match("the clock of east is (59|60) min .* ahead of ours", words)


def test_relief_of_the_watch(house):
    anna, boris = house.browser(), house.browser()
    anna.log_in("Anna")
    boris.log_in("Boris")
    token = [{"token": "key card", "holder": "Anna"}]
    assert anna.act("assume-watch", {"tokens": token}).status_code == 201
    seen = board(house).watch
    assert seen.holder == "Anna" and seen.tokens[0].holder == "Anna"
    refused = boris.act("convene", {"event": "J-1", "level": "display", "reason": "x"})
    assert refused.status_code == 403 and "Anna has the watch" in refused.json()["detail"]
    assert boris.act("relinquish-watch", {"to": "Anna"}).status_code == 403
    given = {"to": "Boris", "tokens": [{"token": "key card", "holder": "Boris"}]}
    assert anna.act("relinquish-watch", given).status_code == 201
    assert board(house).watch.holder == ""
    assert boris.act("assume-watch", {}).status_code == 201
    seen = board(house).watch
    assert seen.holder == "Boris" and seen.tokens[0].holder == "Boris"
    assert [one.body.action for one in house.said("watch")] == ["assume", "relinquish", "assume"]


def test_authority_is_lent_for_a_time(house):
    sigrid, anna = house.browser(), house.browser()
    sigrid.log_in("Sigrid")
    anna.log_in("Anna")
    assert anna.act("stand", {"action": "suspend", "because": "x"}).status_code == 403
    lent = {"action": "grant", "to": "Anna", "kinds": ["standing"], "minutes": 5, "because": "away"}
    assert sigrid.act("delegate", lent).status_code == 201
    assert anna.act("stand", {"action": "suspend", "because": "x"}).status_code == 202
    house.pair.clock.t_tai_ns += 301 * NS
    assert anna.act("stand", {"action": "resume", "because": "x"}).status_code == 403


def test_a_clock_that_leapt_waits_for_a_person(house):
    anna = house.browser()
    anna.log_in("Anna")
    assert board(house).watch.clock_ahead_s is None
    assert anna.act("confirm-clock", {"against": "a watch"}).status_code == 422
    house.pair.turn(1)
    house.pair.clock.t_tai_ns += 50 * 3_600 * NS
    seen = board(house)
    assert seen.watch.clock_ahead_s is not None and seen.watch.clock_ahead_s >= 50 * 3_600
    assert "went ahead by 2 d 2 h" in seen.head.clock_words
    assert any("clock" in one.what for one in seen.watch.open_items)
    assert anna.act("confirm-clock", {"against": "the time signal of the radio"}).status_code == 201
    assert board(house).watch.clock_ahead_s is None
    assert "the time signal" in house.said("note")[-1].body.text


def test_the_gravest_event_comes_first():
    """By the level that people took or rules propose, not by the order in which things came into sight."""
    keys = ("level", "proposed_level", "benign", "id")
    rows = [("none", "none", 0.0, "a"), ("none", "threat", 0.0, "b"), ("display", "display", 1.0, "c"),
            ("display", "none", 0.0, "d")]  # fmt: skip
    track = SimpleNamespace(first_t_tai_ns=0)
    views = [SimpleNamespace(**dict(zip(keys, row, strict=True)), track=track) for row in rows]
    assert [one.id for one in sorted(views, key=gravity)] == ["b", "d", "c", "a"]


def test_circuit_tests_are_answered_by_a_person(house):
    anna = house.browser()
    anna.log_in("Anna")
    sent = anna.act("circuit-test", {"to": ["east"]})
    assert sent.status_code == 201
    house.pair.turn(2)
    (test,) = board(house).watch.tests
    assert test.acknowledged_by == () and not test.late
    house.pair.clock.t_tai_ns += 601 * NS
    assert board(house).watch.tests[0].late
    other = house.pair.centres["east"]
    asked = next(one for one in other.said if one.kind == "hotline")
    commands.acknowledge(other, asked, "Jelena")
    house.pair.turn(2)
    (test,) = board(house).watch.tests
    assert test.acknowledged_by == ("east: Jelena",) and not test.late


def test_every_statement_can_be_read_and_proved(house):
    anna = house.browser()
    anna.log_in("Anna")
    anna.act("note", {"text": "x"})
    for log in anna.get("logs").json()["items"]:
        page = anna.get(f"statements?log={log}&limit=2").json()
        while page["next"] is not None:
            page = anna.get(f"statements?log={log}&limit=2&after={page['next']}").json()
        last = [one for one in page["items"] if one["kind"] not in ("heartbeat",)]
        for line in last:
            seen = anna.get(f"statements/{line['sha256']}").json()
            assert seen["line"] == line and seen["size"] > line["index"]


def test_the_picture_beside_is_the_picture():
    sight = thousand(60)
    side = SidePicture(sight.centre)
    sight.host.clock.now += 7 * NS
    sight.refresh()
    beside = side.work(*side.news())
    assert [one.id for one in beside] == [one.id for one in sight.tracks]
    assert all((a.state_ecef == b.state_ecef).all() for a, b in zip(beside, sight.tracks, strict=True))
    assert side.news()[0] == []


def test_tracks_are_carried_between_pictures():
    sight = thousand(20)
    sight.refresh()
    before = VIEWS["tracks"](sight)
    sight.host.clock.now += 2 * NS
    carried = VIEWS["tracks"](sight)
    sight.refresh()
    anew = VIEWS["tracks"](sight)
    for was, now, then in zip(before.lon, carried.lon, anew.lon, strict=True):
        assert now != was and abs(now - then) < 1e-3
    assert len({len(getattr(anew, name)) for name in ("id", "lat", "kind", "age_s", "event")}) == 1


@given(LATITUDES, LONGITUDES, st.floats(1, 4_000))
def test_circles_have_their_radius_and_turn_clockwise(latitude, longitude, radius_km):
    ring = sights.circle(latitude, longitude, radius_km)
    assert ring[0] == ring[-1]
    for corner in ring:
        assert sights.apart_km((longitude, latitude), corner) == pytest.approx(radius_km, abs=0.2)
    assert sights.clockwise(ring[:-1])[1] in (ring[1], ring[0])


def test_a_fan_holds_what_the_radar_sees_over_the_pole():
    radar = Radar(
        id="thule", latitude_deg=76.5, longitude_deg=-68.3, height_m=0.0, sigma_range_m=1.0, sigma_azimuth_rad=1e-3,
        sigma_elevation_rad=1e-3, range_max_m=4e6, elevation_min_rad=math.radians(3), elevation_max_rad=1.5,
        azimuth_centre_rad=0.0, azimuth_halfwidth_rad=math.radians(60), period_s=5.0, detection_probability=0.9,
    )  # fmt: skip
    _, _, reach_km, ring = sights.fan(radar)
    assert 3_000 < reach_km < 4_000
    far = [sights.apart_km((-68.3, 76.5), one) for one in ring[1:-1]]
    assert all(one == pytest.approx(reach_km, abs=1.0) for one in far)
    assert max(sights.apart_km(a, b) for a, b in itertools.pairwise(ring[1:-1])) < 400  # smooth across the date line
    assert min(one[1] for one in ring[1:-1]) < 76.5
