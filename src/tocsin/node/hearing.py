"""What pages, reports and officers may read of the council's statements. Nothing here changes anything."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.assess import denials, notices
from tocsin.assess.dockets import Case as Case
from tocsin.assess.dockets import cases
from tocsin.assess.geometry import SkyView, sky_view
from tocsin.assess.lives import Life as Life
from tocsin.assess.lives import lives, matches
from tocsin.assess.notifications import Denial
from tocsin.assess.record import PartyRecord, party_record
from tocsin.assess.region import distance_km
from tocsin.assess.sealed import Sealed as Sealed
from tocsin.assess.sealed import Spread, comparable, shown, spread
from tocsin.assess.talk import Agreed, calls, full_text
from tocsin.crosscheck import Finding, Registration, SensorCheck, check_track, crosscheck, registration
from tocsin.decide import wording as wording
from tocsin.fuse import CommonTrack, common_picture
from tocsin.node import queries
from tocsin.node.centre import Centre
from tocsin.node.desk import Desk, EventView
from tocsin.node.judging import own_seals
from tocsin.node.record import Said
from tocsin.release.estimates import track_name
from tocsin.wire.talk import Hotline, ShortCode, SiteCheck


@dataclass(frozen=True, slots=True)
class Counts:
    """Raw beside fused: objects that each own sensor contributes to now, and what the summary shows.

    `sensors`: (sensor, own live tracks it contributes to). `own`: own live tracks; `fused`: tracks of the national
    picture with an own contribution; `shown`: those put before an officer. `sites`: latest site checks, newest first.
    """

    sensors: tuple[tuple[str, int], ...]
    own: int
    fused: int
    shown: int
    sites: tuple[SiteCheck, ...]

    @property
    def mismatch(self) -> str:
        """What does not fit, in words; empty where nothing does."""
        most = max((count for _, count in self.sensors), default=0)
        if self.shown and not most:
            return f"the summary shows {self.shown}, and no sensor holds any"
        if self.fused > self.own:
            return f"the summary holds {self.fused} of ours, the sensors {self.own}"
        return next((f"{one.site} counts {one.counted}, the summary showed {one.displayed}" for one in self.sites[:1]
                     if one.displayed is not None and one.counted != one.displayed), "")  # fmt: skip


def origins(centre: Centre) -> dict[str, str]:
    """Log origin by party's name, ours included."""
    return {one.name: one.origin for one in queries.parties(centre)}


def notice_lives(centre: Centre) -> tuple[Life, ...]:
    """Every notification with all its states and their reasons."""
    entries = [said.entry for said in centre.said]
    return lives(
        notices(entries), centre.now_tai_ns, tuple(origins(centre).values()), matched=matches(shown(entries)),
        denials=denials(entries),
    )  # fmt: skip


def judgements(centre: Centre, names: Iterable[str], panel: str = "") -> tuple[tuple[Sealed, ...], Spread | None]:
    """Seals of one event, the parties' or one panel's, and how far what was opened lies apart."""
    found = comparable(own_seals(centre), names, panel)
    return found, spread(found)


def docket(centre: Centre) -> tuple[Case, ...]:
    """Every case with its state, its deadline and who has not answered."""
    return cases((said.entry for said in centre.said), centre.now_tai_ns, origins(centre))


def queries_to_us(centre: Centre) -> list[Said]:
    """Queries that wait for our answer, oldest first."""
    waiting = {case.steps[0].place.sha256 for case in docket(centre) if centre.config.origin in case.waiting}
    return [said for said in centre.said if said.entry.sha256 in waiting]


def record_of(centre: Centre, party: str, desk: Desk | None = None) -> PartyRecord:
    """A party's record, in counts and reasons, with its own remarks."""
    entries = [said.entry for said in centre.said]
    denied = denials(entries)
    against = _against(denied, desk.events()) if desk is not None else []
    return party_record(
        origins(centre)[party], entries, notice_lives(centre), denied, against, docket(centre), own_seals(centre)
    )


def calls_logged(centre: Centre) -> tuple[Agreed, ...]:
    """Every call: agreed, logged by one side, or logged differently."""
    return calls((said.entry for said in centre.said), origins(centre))


def code_text(centre: Centre, code: ShortCode, language: str) -> str:
    """What a short code says in a reader's language, or why it says nothing."""
    return full_text(code, (said.entry for said in centre.said), origins(centre).values(), language)


def messages_to_us(centre: Centre) -> list[tuple[Said, Hotline]]:
    """Hot-line messages addressed to this party, in the order they came."""
    me = centre.config.party
    return [(said, said.body) for said in centre.said if isinstance(said.body, Hotline) and me in said.body.to]


def counts(centre: Centre, desk: Desk, tracks: Iterable[CommonTrack] | None = None) -> Counts:
    """Raw sensor counts beside fused counts (the lesson of 1980); `tracks` spares working the picture out again."""
    tracks = queries.national_picture(centre).tracks if tracks is None else tracks
    picture = centre.picture
    per = {one.id: 0 for one in centre.config.sensors}
    names: set[str] = set()
    if picture is not None:
        names = {track_name(centre.config.party, number) for number in picture.id}
        for sensors in picture.sensors:
            for name in sensors:
                per[name] = per.get(name, 0) + 1
    ours = centre.config.origin
    live = [t for t in tracks if not (t.ended or t.stale or t.gone_into) and ours in t.parties]
    checks = [said.body for said in centre.said if isinstance(said.body, SiteCheck)]
    held = [view for view in desk.events() if ours in view.track.parties]
    return Counts(tuple(sorted(per.items())), len(names), len(live), len(held), tuple(reversed(checks)))


def held_against(centre: Centre, party: str) -> tuple[tuple[Finding, ...], tuple[SensorCheck, ...]]:
    """A partner's tracks against our own, and against what our sensors measured. Private; nothing follows by itself."""
    now_ns = centre.now_tai_ns
    own = [entry for book in centre.books.values() for entry in book.gate.entries(0, book.gate.size)]
    mirror = centre.mirrors[party]
    theirs = common_picture(mirror.entries(0, mirror.size), now_ns)
    checks = [one for track in theirs.tracks for one in check_track(tuple(centre.scans), track)]
    return crosscheck(common_picture(own, now_ns), theirs), tuple(checks)


def registered(centre: Centre, party: str) -> tuple[Registration, ...]:
    """Biases and clocks of our sensors against all of a partner's tracks together; private, and relative to theirs."""
    mirror = centre.mirrors[party]
    theirs = common_picture(mirror.entries(0, mirror.size), centre.now_tai_ns).tracks
    free = [one for one in theirs if one.phase != "boost" and not (one.stale or one.ended)]
    return registration(tuple(centre.scans), free)


def worth_asking(findings: Iterable[Finding], checks: Iterable[SensorCheck]) -> list[tuple[str, str]]:
    """(event, words) of what does not fit: the material of a question to the partner (`council.ask`)."""
    odd = [(found.theirs, found.words) for found in findings if found.kind == "incompatible"]
    odd += [(one.track, one.words) for one in checks if one.verdict in ("incompatible", "unseen", "biased")]
    return odd


def sky(centre: Centre, view: EventView | None = None) -> tuple[SkyView, ...]:
    """Sun and Moon at every own sensor, and how far they stand from an event."""
    track = view.track if view else None
    return tuple(sky_view(one, centre.now_tai_ns, track) for one in centre.config.sensors)


def _against(denied: Iterable[Denial], events: Iterable[EventView]) -> list[tuple[Denial, str]]:
    """Denials of a launch that our picture shows where and when it was denied."""
    found = []
    for denial in denied:
        window = denial.statement.window
        for view in events:
            launch = view.flight.launch
            if launch is None or not window.start_tai_us <= launch.t_tai_ns // 1_000 <= window.end_tai_us:
                continue
            if distance_km(denial.statement.area, launch.latitude_deg, launch.longitude_deg) == 0.0:
                found.append((denial, f"{view.id} was launched there and then by our picture"))
    return found
