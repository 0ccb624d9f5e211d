"""What pages, reports and scripted officers may read of a centre. Nothing here changes anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tocsin.decide import Decision, OwnFloor, Party, decision
from tocsin.fuse import CommonPicture, common_picture
from tocsin.mirror import Verified
from tocsin.node.centre import Centre, as_head
from tocsin.node.custody.epochs import parties_about
from tocsin.node.custody.roster import Registry
from tocsin.node.measures import regime_named
from tocsin.node.pruning import too_old
from tocsin.node.record import Said, of_mode, read
from tocsin.wire.bodies import (
    Assessment,
    Conference,
    ConferenceLevel,
    Floor,
    Head,
    Notification,
    PictureReference,
    Proposal,
    Vote,
)
from tocsin.wire.envelope import Record
from tocsin.wire.errors import WireError
from tocsin.wire.judging import OpenedJudgement
from tocsin.wire.measures import Measure
from tocsin.wire.sealing import judgement_of


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as this centre sees it now."""

    said: Said
    body: Proposal
    decision: Decision
    voted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A joint measure as this centre sees it now."""

    said: Said
    body: Measure
    decision: Decision
    voted: tuple[str, ...]


def track_marks(centre: Centre) -> list[Said]:
    """First and last statement of each of our own tracks."""
    return [said for said in centre.marks if said.party == centre.config.party]


def logged_tai_ns(said: Said) -> int:
    """When a statement was put on record; a notice observed long before counts from its entry in the log."""
    return said.logged_tai_ns


def parties(centre: Centre) -> tuple[Party, ...]:
    """All parties with the origins that bind them."""
    own = centre.config
    return _parties((own.party, own.origin, own.epoch), *((p.party, p.origin, p.epoch) for p in own.partners))


@lru_cache(maxsize=64)
def _parties(*named: tuple[str, str, int]) -> tuple[Party, ...]:
    return tuple(sorted(Party(name=name, origin=origin, epoch=epoch) for name, origin, epoch in named))


def shared_entries(centre: Centre) -> list[Verified]:
    """Every verified entry of every party's shared log that is of our mode."""
    gate = centre.books["shared"].gate
    found = list(gate.entries(0, gate.size))
    for party in sorted(centre.mirrors):
        mirror = centre.mirrors[party]
        found.extend(mirror.entries(0, mirror.size))
    return of_mode(found, centre.config.mode)


def national_picture(centre: Centre) -> CommonPicture:
    """Own statements and everything partners said."""
    return centre.national.picture(centre.now_tai_ns)


def joint_picture(centre: Centre, as_of_tai_ns: int) -> CommonPicture:
    """What the shared logs alone show: every party computes the same."""
    return centre.common.picture(as_of_tai_ns)


def recompute(centre: Centre, reference: PictureReference) -> CommonPicture | None:
    """The picture that a proposal names, from our own copies; None if we do not hold all it names (any more)."""
    if too_old(centre, reference.as_of_tai_us * 1_000):
        return None
    sizes = {head.origin: head.size for head in reference.heads}
    held = {head.origin: head.size for head in all_heads(centre)}
    if any(held.get(origin, 0) < size for origin, size in sizes.items()):
        return None
    entries = [entry for entry in shared_entries(centre) if entry.index < sizes.get(entry.origin, 0)]
    return common_picture(entries, reference.as_of_tai_us * 1_000)


def all_heads(centre: Centre) -> tuple[Head, ...]:
    """One verified head per party, ours included."""
    return tuple(sorted((*centre.heads(), _own_head(centre)), key=lambda head: head.origin))


def said_by(centre: Centre, kind: str, party: str | None = None) -> list[Said]:
    """Statements of a kind, by one party or all, in the order they came."""
    return [said for said in centre.said if said.kind == kind and party in (None, said.party)]


def notifications(centre: Centre) -> list[tuple[Said, Notification]]:
    """Every launch notification in force or not."""
    return [(said, said.body) for said in centre.said if isinstance(said.body, Notification)]


def conference_level(centre: Centre, names: Iterable[str]) -> ConferenceLevel:
    """Where our own ladder stands about an event, by any of the event's names."""
    wanted = set(names)
    levels = [s.body.level for s in _own(centre) if isinstance(s.body, Conference) and s.body.event in wanted]
    return levels[-1] if levels else "none"


def latest_assessment(centre: Centre, party: str, names: Iterable[str]) -> Assessment | None:
    """A party's latest assessment of an event, put down openly or unsealed, by any of the event's names."""
    wanted = set(names)
    found = [_assessment(s.body) for s in centre.said if s.party == party]
    held = [body for body in found if body is not None and body.event in wanted]
    return held[-1] if held else None


def _assessment(body: Record) -> Assessment | None:
    if isinstance(body, OpenedJudgement) and not body.panel:
        try:
            return judgement_of(body)
        except WireError:
            return None
    return body if isinstance(body, Assessment) else None


def proposals(centre: Centre) -> tuple[ProposalView, ...]:
    """Every proposal with what became of it so far."""
    asked = [(said, said.body) for said in centre.said if isinstance(said.body, Proposal)]
    return tuple(
        ProposalView(said, body, decided(centre, said.entry), voted(centre, said.entry.sha256)) for said, body in asked
    )


def voted(centre: Centre, proposal_sha256: str) -> tuple[str, ...]:
    """Parties whose logs hold a vote about a proposal."""
    votes = ((s.party, s.body) for s in centre.said if isinstance(s.body, Vote))
    return tuple(sorted({party for party, body in votes if body.proposal_sha256 == proposal_sha256}))


def decided(centre: Centre, proposal: Verified, own: OwnFloor | None = None) -> Decision:
    """What became of a proposal, by everything this centre holds (V1 to V5).

    Of our own floor only what was concluded and kept counts (`node.concluding`), or `own` if given.
    """
    kept_s = centre.conclusions.floor_s(proposal.sha256) if own is None else None
    if kept_s is not None:
        own = OwnFloor(party=centre.config.party, floor_s=kept_s)
    name = proposal.sha256
    said = centre.standings.about(centre.said, name)
    entries, _ = officers(centre).counted(one for one in said if isinstance(one.body, Vote | Floor))
    ended = [Party(name=one.party, origin=one.origin, epoch=one.epoch) for one in centre.config.former]
    there = parties_about(proposal, said, parties(centre), ended)
    regime = regime_named(centre, _policy(proposal))
    return decision(proposal, entries, centre.receipts, there, regime, own)


def about(centre: Centre, proposal_sha256: str) -> list[Said]:
    """Votes and floor statements about a proposal, as they came."""
    found = centre.standings.about(centre.said, proposal_sha256)
    return [said for said in found if isinstance(said.body, Vote | Floor)]


def _policy(proposal: Verified) -> str:
    body = read("", proposal).body
    return body.policy_sha256 if isinstance(body, Proposal | Measure) else ""


def measures(centre: Centre) -> tuple[MeasureView, ...]:
    """Every joint measure with what became of it so far."""
    asked = [(said, said.body) for said in centre.said if isinstance(said.body, Measure)]
    return tuple(
        MeasureView(said, body, decided(centre, said.entry), voted(centre, said.entry.sha256)) for said, body in asked
    )


def officers(centre: Centre) -> Registry:
    """Who may sign for whom, as the logs held here show it; votes without the hands they need do not count."""
    return centre.standings.registry(centre.said)


def own_floor(centre: Centre) -> OwnFloor:
    """Our persisted time floor, the least of all our mirrors; 0 while we may not know all receipts that we gave."""
    floors = [mirror.floor_s for mirror in centre.mirrors.values()] if centre.remembers else []
    return OwnFloor(party=centre.config.party, floor_s=min(floors, default=0))


def _own(centre: Centre) -> list[Said]:
    return [said for said in centre.said if said.party == centre.config.party]


def _own_head(centre: Centre) -> Head:
    return as_head(centre.books["shared"].gate.head)
