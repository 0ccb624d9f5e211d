"""What happened when, lane by lane, and what is to come."""

from collections.abc import Iterator

from tocsin.console.board import TimeItem, Timeline
from tocsin.console.sight import Sight
from tocsin.node import hearing, sights
from tocsin.node.record import Said, in_words

BEFORE_US, AFTER_US = 15 * 60_000_000, 25 * 60_000_000
MOST = 400
QUIET = ("officer-check", "desk-session", "agreement", "anchors", "roster")
JOINT = ("proposal", "vote", "floor")


def timeline(sight: Sight) -> Timeline:
    """The last quarter of an hour and what lies ahead."""
    now_us = sight.now_tai_us
    begin, end = now_us - BEFORE_US, now_us + AFTER_US
    happened = [
        _item(one) for one in (*sight.centre.said, *sight.centre.marks)
        if one.kind not in QUIET and begin <= _when_us(one) <= end
    ]  # fmt: skip
    coming = [one for one in _predicted(sight) if now_us <= one.t_tai_us <= end]
    ordered = sorted((*happened[-MOST:], *coming), key=lambda one: (one.t_tai_us, one.lane, one.sha256))
    lanes = (*sight.centre.parties, "joint")
    step = 60_000_000  # the window moves by whole minutes, so that a quiet line stays the same
    return Timeline(
        lanes=lanes, from_tai_us=begin // step * step, until_tai_us=end // step * step, items=tuple(ordered)
    )


def _when_us(said: Said) -> int:
    """When it happened by the speaker; a notice of long ago stands where it was put on record."""
    return said.t_tai_us if said.kind == "tracklet" else said.logged_tai_ns // 1_000


def _item(said: Said) -> TimeItem:
    when = _when_us(said)
    return TimeItem(
        lane="joint" if said.kind in JOINT else said.party, t_tai_us=when, utc=sights.utc(when), kind=said.kind,
        words=in_words(said), sha256=said.entry.sha256, predicted=False,
    )  # fmt: skip


def _predicted(sight: Sight) -> Iterator[TimeItem]:
    for view in sight.events():
        impact = view.flight.impact
        if impact is not None and not view.flight.boosting:
            words = f"{view.id}: impact, give or take {impact.time_sigma_s:.0f} s"
            yield _ahead("joint", impact.t_tai_ns // 1_000, "impact", words)
    for asked in sight.desk.proposals():
        if asked.decision.status == "PENDING":
            when = sights.tai_us_of_posix(asked.body.deadline_s)
            yield _ahead("joint", when, "deadline", f"deadline of proposal {asked.said.entry.sha256[:8]}")
    for life in hearing.notice_lives(sight.centre):
        window, party = life.notice.window, sight.party_of(life.notice.party)
        if window is not None and life.stage in ("announced", "open"):
            yield _ahead(party, window.start_tai_us, "window", f"{life.notice.identifier}: window opens")
            yield _ahead(party, window.end_tai_us, "window", f"{life.notice.identifier}: window closes")
    for case in hearing.docket(sight.centre):
        if case.state == "open":
            when = sights.tai_us_of_posix(case.deadline_s)
            yield _ahead(sight.party_of(case.asker), when, "docket", f"{case.case}: an answer is due")


def _ahead(lane: str, t_tai_us: int, kind: str, words: str) -> TimeItem:
    return TimeItem(
        lane=lane, t_tai_us=t_tai_us, utc=sights.utc(t_tai_us), kind=kind, words=words, sha256="", predicted=True
    )
