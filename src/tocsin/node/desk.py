"""What one desk of a centre sees: events with their explanations, and what is asked of the officer.

Judging a track costs tens of milliseconds. Flights are worked out again when the picture has grown older than
`refresh_s` (twice that once nothing burns and nothing is new), and held against notices again when something was said.
Pages, reports and scripted officers share one desk a centre.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tocsin.assess import (
    AreaDanger,
    Flight,
    Notice,
    acknowledged,
    area_dangers,
    assessment,
    conference_step,
    denials,
    explained,
    flight,
    match,
    notices,
)
from tocsin.assess.causes import Cause, stated_causes, with_causes
from tocsin.assess.flights import AIRBORNE, still_airborne
from tocsin.assess.orbits import Known, catalogue, sky_causes
from tocsin.assess.voices import Place
from tocsin.fuse import CommonTrack
from tocsin.node import queries
from tocsin.node.centre import Centre
from tocsin.node.doubt import Silence, own_sensors, with_fault
from tocsin.node.record import Said
from tocsin.release.estimates import track_name
from tocsin.wire.bodies import Acknowledgement, Assessment, Explanation, Finding, Notification, Proposal, SiteReport
from tocsin.world.observation import Radar

NS = 1_000_000_000
SHOWN_FROM = 0.5  # probability of existence from which a track is put before an officer
NEW_S = 180.0  # so long an event is new
FADED = 3.0  # a track this many times less precise than it was adds nothing to what was judged then


@dataclass(frozen=True, slots=True)
class EventView:
    """A live track of the national picture with what it may be. `names` are all ids it goes by."""

    id: str
    names: tuple[str, ...]
    track: CommonTrack
    flight: Flight
    explanations: tuple[Explanation, ...]
    benign: float
    identifier: str
    level: str
    proposed_level: str
    reason: str
    finding: Finding
    site_report: SiteReport
    areas: tuple[AreaDanger, ...] = ()  # own protected areas, the likeliest to be hit first; none while a motor burns


CAUSE_KINDS = frozenset({"hazard-notice", "exercise-notice", "site-check", "orbit", "retraction"})
FAULTS = ("sensor-fault", "exercise-data", "partner-statement")


def _shown(track: CommonTrack) -> bool:
    return not (track.ended or track.stale or track.gone_into) and track.existence >= SHOWN_FROM


class Desk:
    """Ask `events`, `event`, `notices`, `unacknowledged`; nothing here changes the centre."""

    def __init__(self, centre: Centre, refresh_s: float = 5.0, most: int | None = None) -> None:
        """`most`: so many live tracks are judged at once, the newest first; `unjudged` counts the rest."""
        self.centre = centre
        self.unjudged = 0
        self.seen: Callable[[], Sequence[CommonTrack]] | None = None  # tracks that somebody has worked out already
        self._most = most
        self._refresh_ns = round(refresh_s * NS)
        self._seen_said, self._seen_marks = -1, -1
        self._views: tuple[EventView, ...] = ()
        self._flights: tuple[Flight, ...] = ()
        self._flights_tai_ns: int | None = None
        self._silence = Silence(centre.config.sensors)
        self._sites: dict[str, Explanation] = {}
        self._notices: tuple[Notice, ...] = ()
        self._notices_of = (-1, -1)
        self._best: dict[str, tuple[float, Flight]] = {}
        self._asked: tuple[queries.ProposalView, ...] = ()
        self._asked_tai_ns = 0
        self._asked_said = -1

    def proposals(self) -> tuple[queries.ProposalView, ...]:
        """Every proposal with what became of it; computed again when something was said, or is still open."""
        now_ns, said = self.centre.now_tai_ns, len(self.centre.said)
        still_open = any(view.decision.status == "PENDING" for view in self._asked)
        stale = still_open and now_ns - self._asked_tai_ns >= self._refresh_ns
        if said != self._asked_said or stale:
            self._asked = queries.proposals(self.centre)
            self._asked_tai_ns, self._asked_said = now_ns, said
        return self._asked

    def measures(self) -> tuple[queries.MeasureView, ...]:
        """Every joint measure with what became of it."""
        return queries.measures(self.centre) if any(said.kind == "measure" for said in self.centre.said) else ()

    def events(self) -> tuple[EventView, ...]:
        """Live tracks that need a judgement, in the order of their first statement."""
        said = len(self.centre.said)
        now_ns, marks = self.centre.now_tai_ns, self.centre.marks.count
        old = self._flights_tai_ns is None or now_ns - self._flights_tai_ns >= self._patience_ns()
        if old or (marks != self._seen_marks and now_ns != self._flights_tai_ns):
            old = True
            self._flights = self._look()
            self._flights_tai_ns, self._seen_marks = now_ns, marks
        if old or said != self._seen_said:
            self._views = self._judge()
            self._seen_said = said
        return self._views

    def _patience_ns(self) -> int:
        """How old the flights may grow."""
        new = max((one.track.first_t_tai_ns for one in self._flights), default=self.centre.now_tai_ns)
        calm = not any(one.boosting for one in self._flights) and self.centre.now_tai_ns - new > NEW_S * NS
        return 2 * self._refresh_ns if calm else self._refresh_ns

    def site_says(self, event: EventView, what: str) -> None:
        """A person has asked the sensor sites: they hold no such object, what is shown are `what`."""
        wording = Explanation(
            what="exercise-data" if "exercise" in what else "sensor-fault", probability=0.99,
            reasons=(f"the sensor sites, asked by voice, hold no such object: {what}",),
        )  # fmt: skip
        self._sites.update(dict.fromkeys(event.names, wording))
        self._seen_said = -1

    def event(self, name: str) -> EventView | None:
        """The event that goes by a name."""
        return next((view for view in self.events() if name in view.names), None)

    def notices(self) -> tuple[Notice, ...]:
        """Launch notices by statement, and those that came on paper."""
        held = (len(self.centre.said), len(self.centre.papers))
        if held != self._notices_of:
            paper = (
                Notice(body.identifier, "paper", Place("paper", number, ""), body, 0)
                for number, body in enumerate(self.centre.papers)
            )
            self._notices = (*notices(said.entry for said in self.centre.said), *paper)
            self._notices_of = held
        return self._notices

    def unacknowledged(self) -> list[Said]:
        """Partners' notifications that nobody here has acknowledged yet."""
        own = [s for s in self.centre.said if s.party == self.centre.config.party]
        done = {r.sha256 for s in own if isinstance(s.body, Acknowledgement) for r in s.statement.references}
        others = (s for s in self.centre.said if s.party != self.centre.config.party)
        return [s for s in others if isinstance(s.body, Notification) and s.entry.sha256 not in done]

    def asked_about(self, event: EventView) -> bool:
        """Whether anybody has put a finding about the event to the vote."""
        asked = (said.body for said in self.centre.said)
        return any(isinstance(body, Proposal) and body.event in event.names for body in asked)

    def draft_assessment(self, event: EventView, officer: str) -> Assessment:
        """The assessment that the picture suggests, for the officer to put down."""
        return assessment(event.flight, event.explanations, officer, event.site_report)

    def sentence(self) -> str:
        """What happened, whether it is explained, and what is needed: one sentence."""
        events = self.events()
        if not events:
            return "No event. An empty picture does not mean an empty sky."
        view = events[0]
        known = f"explained as {view.identifier}" if view.benign >= 0.95 else f"{100 * view.benign:.0f}% explained"
        asked = [one for one in self.proposals() if one.body.event in view.names]
        state = f"; finding {asked[-1].decision.status}" if asked else ""
        return f"{len(events)} event{'s' * (len(events) > 1)}: {view.id} {view.track.phase}, {known}{state}."

    def _look(self) -> tuple[Flight, ...]:
        """Flights of the live tracks of the picture now."""
        centre = self.centre
        tracks = self.seen() if self.seen is not None else queries.national_picture(centre).tracks
        live = [track for track in tracks if _shown(track)]
        newest = sorted(live, key=lambda track: (-track.first_t_tai_ns, track.id))[: self._most]
        self.unjudged = len(live) - len(newest)
        self._forget({name for track in tracks for name in (track.id, *track.aliases)})
        ordered = sorted(newest, key=lambda track: (track.first_t_tai_ns, track.id))
        flights = tuple(self._best_known(flight(track)) for track in ordered)
        shown = {}
        if centre.picture is not None:
            names = (track_name(centre.config.party, number) for number in centre.picture.id)
            shown = dict(zip(names, centre.picture.sensors, strict=True))
        for one in flights:
            self._silence.look(one, own_sensors(one.track, shown), centre.now_tai_ns)
        return flights

    def _forget(self, names: set[str]) -> None:
        """A track that is no longer in the picture comes under another name, if it comes again."""
        self._best = {name: held for name, held in self._best.items() if name in names}

    def _judge(self) -> tuple[EventView, ...]:
        """The flights against everything that was said."""
        if not self._flights:
            return ()
        centre, known = self.centre, self.notices()
        names = {one.origin: one.name for one in queries.parties(centre)}
        said_no = denials(said.entry for said in centre.said)
        denied = tuple(replace(one, party=names.get(one.party, one.party)) for one in said_no)
        read = acknowledged(known, centre.config.origin)
        guarded = tuple(area.area for area in centre.config.guarded)
        said = [said.entry for said in centre.said if said.kind in CAUSE_KINDS]
        objects = catalogue(said)
        found = []
        for one in self._flights:
            explanations = match(
                one,
                known,
                centre.now_tai_ns,
                available=lambda notice: notice.party == "paper" or read(notice),
                others=self._flights,
                denials=denied,
                protected=guarded,
            )
            fault = self._silence.explanation(one, denied, len(one.track.parties))
            causes = (*stated_causes(one, said, centre.now_tai_ns, protected=guarded), *self._sky(one, objects))
            found.append(self._view(one, with_causes(with_fault(explanations, fault), causes)))
        return tuple(found)

    def _sky(self, one: Flight, objects: Sequence[Known]) -> tuple[Cause, ...]:
        """Known objects that it may be; and late echoes, if one radar of ours alone shows it."""
        source = self._silence.only_source(one) if len(one.track.parties) == 1 else None
        return sky_causes(one, objects, (source,) if isinstance(source, Radar) else ())

    def _disowned(self, track: CommonTrack) -> Explanation | None:
        """A track that rests on one partner's statements alone, and that partner has called its own data anomalous."""
        if len(track.parties) != 1:
            return None
        for partner in self.centre.config.partners:
            if track.parties[0] in (partner.party, partner.origin):
                said = queries.latest_assessment(self.centre, partner.party, (track.id, *track.aliases))
                if said is not None and said.site_report == "anomalous":
                    why = f"{partner.party}, whose sensors alone show it, calls its own data anomalous"
                    return Explanation(what="partner-statement", probability=0.97, reasons=(why,))
        return None

    def _best_known(self, now: Flight) -> Flight:
        """The flight as now estimated; as it was known before, if the estimate has faded since (re-entry, silence).

        A worse estimate is not new evidence: it must neither undo an explanation nor raise an alarm.
        """
        size = float(now.track.covariance_ecef[:3, :3].trace())
        held = next((self._best[name] for name in (now.track.id, *now.track.aliases) if name in self._best), None)
        if held is not None and held[1].airborne >= AIRBORNE:
            now = still_airborne(now)
        if held is not None and not held[1].may_burn and size > FADED * FADED * held[0]:
            return replace(held[1], track=now.track)
        if held is None or size < held[0] or held[1].may_burn:
            self._best[now.track.id] = (size, now)
        return now

    def _view(self, one: Flight, explanations: tuple[Explanation, ...]) -> EventView:
        centre, names = self.centre, (one.track.id, *one.track.aliases)
        site = next((self._sites[name] for name in names if name in self._sites), None) or self._disowned(one.track)
        if site is not None:
            explanations = (site, *_shrunk(explanations, 1.0 - site.probability))
        level = queries.conference_level(centre, names)
        guarded = {area.name: area.area for area in centre.config.guarded}
        step = conference_step(one, explanations, guarded, centre.now_tai_ns, level)
        best = max(explanations, key=lambda one: one.probability)
        return EventView(
            id=one.track.id,
            names=names,
            track=one.track,
            flight=one,
            explanations=explanations,
            benign=explained(explanations),
            identifier=best.identifier,
            level=level,
            proposed_level=step.level,
            reason=step.reason,
            finding="fault" if best.what in FAULTS else "benign",
            site_report="anomalous" if best.what in FAULTS and best.probability >= 0.95 else "valid",
            areas=() if one.boosting else area_dangers(one, guarded, centre.now_tai_ns),
        )


def _shrunk(explanations: tuple[Explanation, ...], share: float) -> tuple[Explanation, ...]:
    return tuple(
        Explanation(what=e.what, probability=e.probability * share, reasons=e.reasons, identifier=e.identifier)
        for e in explanations
    )
