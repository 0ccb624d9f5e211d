"""Notifications with their lives."""

from tocsin.console.board import NoticeLine
from tocsin.console.sight import Sight
from tocsin.node import hearing, sights


def notices(sight: Sight) -> tuple[NoticeLine, ...]:
    """The latest first."""
    waiting = {said.entry.sha256 for said in sight.desk.unacknowledged()}
    languages = {s.entry.sha256: s.statement.marking.language for s in sight.centre.said if s.kind == "notification"}
    lives = sorted(hearing.notice_lives(sight.centre), key=lambda one: -one.notice.announced_t_tai_ns)
    return tuple(_line(sight, one, waiting, languages) for one in lives)


def _line(sight: Sight, life: hearing.Life, waiting: set[str], languages: dict[str, str]) -> NoticeLine:
    notice, said = life.notice, life.notice.announcement
    window, place = notice.window, notice.place
    readers = {f"{sight.party_of(one.party)}: {one.officer}": None for one in notice.read}
    return NoticeLine(
        identifier=notice.identifier, sha256=place.sha256, party=sight.party_of(notice.party), format=said.format,
        vehicle=said.vehicle or "", stage=life.stage, flags=tuple(s for s in life.states if s != life.stage),
        words=tuple(sight.plain(one) for one in life.words),
        announced_utc=sights.utc(notice.announced_t_tai_ns // 1_000),
        window_start_utc=sights.utc(window.start_tai_us) if window else "",
        window_end_utc=sights.utc(window.end_tai_us) if window else "",
        acknowledged_by=tuple(readers), waits_for_us=place.sha256 in waiting, text=said.text,
        governing_language=languages.get(place.sha256, ""), refers_to=said.refers_to or "",
        matched_event=life.events[0] if life.events else "",
    )  # fmt: skip
