"""Events: what they may be, who judges them how, and whether the parties' words can all be right."""

from collections.abc import Sequence
from typing import Literal

from tocsin.console.board import AreaLine, Disputed, Event, ExplanationLine, Judgement, Minutes
from tocsin.console.sight import Sight
from tocsin.node import hearing, queries, sights
from tocsin.node.desk import EventView
from tocsin.wire.bodies import Assessment, Proposal, Vote
from tocsin.wire.judging import Docket
from tocsin.wire.messages import LaunchDetection
from tocsin.wire.talk import Hotline, ShortCode, VoiceCall

WHAT = {
    "notified-launch": "a launch that was announced",
    "partner-statement": "data that its own party disowns",
    "known-object": "an object that is known",
    "sensor-fault": "a fault of sensors",
    "exercise-data": "exercise data",
    "unexplained": "unexplained",
}
_FAR_APART = 0.5  # judgements whose probabilities of an explanation differ by this much do not agree
_MINUTE_NS = 60e9


def events(sight: Sight) -> tuple[Event, ...]:
    """The gravest first."""
    views = sight.events()
    if not views:
        return ()
    counts = hearing.counts(sight.centre, sight.desk, sight.tracks)
    return tuple(_event(sight, view, counts) for view in views)


def disputed(sight: Sight, view: EventView) -> Disputed:
    """Whether the parties' words about an event cannot all be right, and why."""
    return _disputed(sight, view, _judged(sight, view, hearing.judgements(sight.centre, view.names)[0]))


def _judged(sight: Sight, view: EventView, sealed: Sequence[hearing.Sealed]) -> tuple[Judgement, ...]:
    return tuple(_judgement(sight, view, party, sealed) for party in sight.centre.parties)


def _event(sight: Sight, view: EventView, counts: hearing.Counts) -> Event:
    one, (sealed, spread) = view.flight, hearing.judgements(sight.centre, view.names)
    judged = _judged(sight, view, sealed)
    past = sight.play.replay  # which sensor held what stands in no log
    falls = one.impact is not None and not one.boosting
    return Event(
        id=view.id, names=tuple(dict.fromkeys(view.names)),
        first_utc=sights.utc(view.track.first_t_tai_ns // 1_000), phase=view.track.phase,
        source=sight.source_of(view.track.parties), benign=round(view.benign, 3),
        explanations=tuple(
            ExplanationLine(
                what=e.what, probability=round(e.probability, 3), words=WHAT[e.what], identifier=e.identifier,
                reasons=e.reasons,
            )
            for e in sorted(view.explanations, key=lambda e: -e.probability)
        ),
        identifier=view.identifier, level=view.level, proposed_level=view.proposed_level, reason=view.reason,
        finding=view.finding, site_report=view.site_report, fused_count=counts.shown,
        raw_counts={} if past else dict(counts.sensors), count_words="" if past else counts.mismatch,
        assessments=judged, spread_words=sight.plain(spread.words) if spread else "",
        disputed=_disputed(sight, view, judged),
        impact_tai_us=one.impact.t_tai_ns // 1_000 if falls and one.impact is not None else None,
        apogee_km=None if one.apogee_km is None or one.boosting else round(one.apogee_km, 0),
        range_km=None if one.range_km is None or one.boosting else round(one.range_km, 0),
        minutes=_minutes(sight, view),
        areas=tuple(
            AreaLine(
                area=line.area, probability=round(line.probability, 4), sigma_s=round(line.sigma_s, 1),
                impact_tai_us=one.impact.t_tai_ns // 1_000,
            )
            for line in view.areas
            if one.impact is not None
        ),
    )  # fmt: skip


def _judgement(sight: Sight, view: EventView, party: str, sealed: Sequence[hearing.Sealed]) -> Judgement:
    """A party's latest word, or its seal."""
    found = next((one for one in sealed if sight.party_of(one.party) == party), None)
    body = queries.latest_assessment(sight.centre, party, view.names)
    if found is not None and (found.state not in ("opened", "false") or body is None):
        state: Literal["sealed", "overdue"] = "overdue" if found.state == "overdue" else "sealed"
        if party != sight.party or body is None:
            return Judgement(
                party=party, state=state, officer=found.officer, utc=sights.utc(found.sealed_tai_ns // 1_000),
                opens_utc=sights.utc(found.opens_tai_ns // 1_000),
            )  # fmt: skip
    if body is None:
        return Judgement(party=party, state="none")
    return _shown(sight, party, body, "opened" if found is not None and found.state == "opened" else "open")


def _shown(sight: Sight, party: str, body: Assessment, state: str) -> Judgement:
    best = max(body.explanations, key=lambda one: one.probability, default=None)
    said = next((s for s in reversed(sight.centre.said) if s.party == party and s.kind in _JUDGED), None)
    return Judgement(
        party=party, state="opened" if state == "opened" else "open", officer=body.officer,
        site_report=body.site_report, confidence=body.confidence,
        explanation=WHAT[best.what] if best else "no explanation", identifier=best.identifier if best else "",
        probability=round(best.probability, 3) if best else None, utc=sights.utc(said.t_tai_us) if said else "",
    )  # fmt: skip


_JUDGED = ("assessment", "opened-judgement")


def _disputed(sight: Sight, view: EventView, judged: Sequence[Judgement]) -> Disputed:
    """By a decision that is disputed, by launch places that exclude each other, by judgements that lie far apart."""
    for asked in sight.desk.proposals():
        if asked.body.event in view.names and asked.decision.status == "DISPUTED":
            why = asked.decision.reasons[0] if asked.decision.reasons else "signed words that cannot all be true"
            return Disputed(disputed=True, why=why)
    apart = _launches_apart(sight, view)
    if apart is not None:
        return apart
    shown = [one for one in judged if one.state in ("opened", "open")]
    reports = {one.site_report for one in shown}
    if "anomalous" in reports and "valid" in reports:
        return Disputed(disputed=True, why="one party's site report says anomalous, another's valid")
    known = [_explained(one) for one in shown]
    if known and max(known) - min(known) >= _FAR_APART:
        return Disputed(disputed=True, why="one party holds it explained, another does not")
    return Disputed(disputed=False)


def _explained(one: Judgement) -> float:
    if one.probability is None:
        return 0.0
    return 1.0 - one.probability if one.explanation == WHAT["unexplained"] else one.probability


def _launches_apart(sight: Sight, view: EventView) -> Disputed | None:
    """Two parties' launch places of one event, further apart than both circles allow."""
    told: dict[str, LaunchDetection] = {}
    for said in sight.centre.said:
        if isinstance(said.body, LaunchDetection) and said.body.event in view.names:
            told[said.party] = said.body
    places = {party: body.launch_place for party, body in told.items()}
    for one in sorted(places):
        for other in sorted(places):
            a, b = places[one], places[other]
            gap = sights.apart_km((a.longitude_deg, a.latitude_deg), (b.longitude_deg, b.latitude_deg))
            if one < other and gap > a.radius_km + b.radius_km:
                why = f"the launch places of {one} and {other} lie {gap:.0f} km apart, more than both allow"
                return Disputed(disputed=True, why=why, km=round(gap, 0))
    return None


def _minutes(sight: Sight, view: EventView) -> Minutes:
    """Where the time went: each step from its beginning to its end, or to now."""
    first_ns, now_ns = view.track.first_t_tai_ns, sight.centre.now_tai_ns
    launch = view.flight.launch
    own = [said for said in sight.centre.said if said.party == sight.party]
    judged = [s.logged_tai_ns for s in own if isinstance(s.body, Assessment) and s.body.event in view.names]
    asked = [s for s in sight.centre.said if isinstance(s.body, Proposal) and s.body.event in view.names]
    talked = [
        s.logged_tai_ns for s in sight.centre.said
        if isinstance(s.body, Hotline | ShortCode | VoiceCall | Docket) and s.logged_tai_ns >= first_ns
    ]  # fmt: skip
    voted = [
        s.logged_tai_ns for s in sight.centre.said
        if isinstance(s.body, Vote) and asked and s.body.proposal_sha256 == asked[-1].entry.sha256
    ]  # fmt: skip
    made_ns = asked[-1].logged_tai_ns if asked else None
    all_in = made_ns is not None and len(voted) >= len(sight.centre.parties)
    return Minutes(
        detect=_span(launch.t_tai_ns, first_ns) if launch is not None else None,
        authenticate=_span(first_ns, judged[0]) if judged else None,
        consult=_span(talked[0], made_ns if made_ns is not None and made_ns >= talked[0] else now_ns)
        if talked
        else None,
        decide=_span(made_ns, max(voted) if all_in else now_ns) if made_ns is not None else None,
    )


def _span(begin_ns: int, end_ns: int) -> float:
    return round(max(0, end_ns - begin_ns) / _MINUTE_NS, 1)
