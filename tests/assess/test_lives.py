"""Every state of a notification is visible, with its reason."""

import pytest
from shared_sky import LAUNCH_NS, SECOND_NS, Log, announced, notice_1995, reference

from tocsin.assess import denials, notices
from tocsin.assess.lives import grouping, lives, matches
from tocsin.wire.bodies import (
    Acknowledgement,
    Assessment,
    Circle,
    Explanation,
    NegativeStatement,
    Notification,
    Retraction,
    Window,
)

NAME = "PLN/NO/1995/001/001/01"
DAY_NS, HOUR_NS = 86_400 * SECOND_NS, 3_600 * SECOND_NS
START_NS, END_NS = LAUNCH_NS - 10 * DAY_NS, LAUNCH_NS + 16 * DAY_NS
READERS = ("east", "west")


def follow(number: str, form: str, **fields) -> Notification:
    return Notification(identifier=NAME[:-2] + number, format=form, refers_to=NAME, addressee="x", **fields)


def only(found, at_ns, **more):
    (life,) = lives(found, at_ns, READERS, **more)
    return life


def test_announced_unread_read_open():
    log, partner = Log("west"), Log("east")
    entry = log.say(notice_1995(), START_NS - 5 * DAY_NS)
    told = notices(log.entries)
    assert only(told, START_NS - 5 * DAY_NS + HOUR_NS // 2).states == ("announced",)
    late = only(told, START_NS - 4 * DAY_NS)
    assert late.states == ("announced", "unacknowledged")
    assert "east for 1440 min" in late.words[1]
    partner.say(Acknowledgement(officer="N. N.", role="duty-officer"), START_NS - DAY_NS, [reference(entry)])
    read = only(notices(log.entries + partner.entries), START_NS)
    assert read.states == ("window-open", "acknowledged")
    assert "N. N. of east" in read.words[1]
    assert not only(notices(log.entries + partner.entries), START_NS - 2 * DAY_NS).has("acknowledged")  # not yet


def test_expired_and_never_read():
    assert only(announced(notice_1995()), END_NS + 1).states == ("expired", "never-acknowledged")


def test_launched_and_matched():
    log = Log("west")
    log.say(notice_1995(), START_NS - 5 * DAY_NS)
    log.say(follow("03", "post-launch", actual_time_tai_us=LAUNCH_NS // 1_000), LAUNCH_NS)
    held = matches([("east", judged(NAME, 0.97)), ("south", judged(NAME, 0.3))])
    life = only(notices(log.entries), LAUNCH_NS + 1, matched=held)
    assert life.states == ("launched", "matched", "never-acknowledged")
    assert life.events == ("J-1",)
    assert "east holds J-1" in life.words[1]


def judged(identifier: str, probability: float) -> Assessment:
    why = Explanation(what="notified-launch", probability=probability, identifier=identifier)
    return Assessment(event="J-1", site_report="valid", confidence="high", explanations=(why,), officer="A")


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([notice_1995(), notice_1995()], "duplicate"),
        ([notice_1995(), notice_1995(apogee_km=1.0)], "contradictory"),
        ([notice_1995(), follow("04", "cancellation")], "cancelled"),
        ([notice_1995(), follow("02", "window-extension",
                                window=Window(start_tai_us=START_NS // 1_000, end_tai_us=END_NS // 1_000 + 10**9))],
         "extended"),
        ([notice_1995(), follow("03", "post-launch", actual_time_tai_us=(END_NS + DAY_NS) // 1_000)],
         "launched-outside-window"),
    ],
)  # fmt: skip
def test_what_else_may_be_said_of_it(said, state):
    life = only(announced(*said, t_ns=START_NS - 2 * DAY_NS), END_NS + 2 * DAY_NS)
    assert life.has(state)
    assert len(life.words) >= len(life.states)


@pytest.mark.parametrize(("before_s", "late"), [(86_401, False), (86_399, True), (10, True), (-10, True)])
def test_late_is_less_than_a_day_before_the_window(before_s, late):
    life = only(announced(notice_1995(), t_ns=START_NS - before_s * SECOND_NS), START_NS + DAY_NS)
    assert life.has("late") == late


def test_a_party_that_announces_and_denies_contradicts_itself():
    log = Log("west")
    log.say(notice_1995(), START_NS - 5 * DAY_NS)
    log.say(follow("03", "post-launch", actual_time_tai_us=LAUNCH_NS // 1_000), LAUNCH_NS)
    area = Circle(latitude_deg=69.0, longitude_deg=16.0, radius_km=300.0)
    window = Window(start_tai_us=LAUNCH_NS // 1_000 - 10**6, end_tai_us=LAUNCH_NS // 1_000 + 10**6)
    denial = log.say(NegativeStatement(area=area, window=window), LAUNCH_NS)
    life = only(notices(log.entries), LAUNCH_NS + 1, denials=denials(log.entries))
    assert life.has("contradictory")
    assert "launched nothing there and then" in life.words[-1]
    log.say(Retraction(because="typed wrong"), LAUNCH_NS, [reference(denial, "retracts")])
    assert not only(notices(log.entries), LAUNCH_NS + 1, denials=denials(log.entries)).has("contradictory")


def test_two_parties_under_one_identifier():
    one, other = Log("west"), Log("east")
    one.say(notice_1995(), START_NS - 2 * DAY_NS)
    other.say(notice_1995(), START_NS - 2 * DAY_NS)
    found = lives(notices(one.entries + other.entries), START_NS, READERS)
    assert [life.has("contradictory") for life in found] == [True, True]
    assert "east uses the same identifier" in found[1].words


@pytest.mark.parametrize(
    ("apart_s", "group"),
    [(0, "simultaneous"), (299, "simultaneous"), (300, "near-simultaneous"), (3_599, "near-simultaneous"), (3_600, "")],
)
def test_groups_by_the_intervals_of_2009(apart_s, group):
    log = Log("west")
    for number, t_ns in ((1, LAUNCH_NS), (2, LAUNCH_NS + apart_s * SECOND_NS)):
        log.say(Notification(identifier=f"PLN/NO/1995/001/00{number}/03", format="post-launch", addressee="x",
                             actual_time_tai_us=t_ns // 1_000), t_ns)  # fmt: skip
    found = notices(log.entries)
    assert set(grouping(found).values()) == ({group} if group else set())
    assert all(life.has("grouped") == bool(group) for life in lives(found, END_NS, READERS))
