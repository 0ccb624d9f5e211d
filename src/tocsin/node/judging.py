"""Independent judgements at one centre: seal, wait for the others' seals, open. Panels of officers the same way.

    judge(centre, body)     # at once; under a regime that seals, partners see only the seal
    open_due(centre)        # at every tick: opens what all have sealed, or whose time has come

The salt and the text wait in the party's own log, which partners do not have, so that a restart loses neither. The
party's salt is the hash of its log key's Ed25519 signature over a text that is no note: without the key nobody guesses
it, and a simulation replays it from its seed.
"""

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from tocsin.assess.sealed import Sealed, comparable, may_open, seals
from tocsin.log.keys import ED25519
from tocsin.release import Draft, Released, Withheld
from tocsin.wire.bodies import Assessment
from tocsin.wire.envelope import Reference
from tocsin.wire.judging import OpenedJudgement, SealedJudgement
from tocsin.wire.sealing import commitment, judgement_text

if TYPE_CHECKING:
    from tocsin.node.centre import Centre

Outcome = Released | Withheld
S = 1_000_000_000
KINDS = ("sealed-judgement", "opened-judgement")


def judge(centre: "Centre", body: Assessment) -> Outcome:
    """Put down the party's judgement. Open where the regime does not seal or our first one has been opened.

    Tracks and warnings are not held back by any of this. Returns what partners get: the judgement or its seal.
    Where officers must sign it first this raises AwaitsOfficers, and `put_down` follows when they have.
    """
    names = names_of(centre, body.event)
    opened = sorted(names & centre.ledger.opened)
    if opened:
        body = msgspec.structs.replace(body, event=opened[0])
    return put_down(centre, body, centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns)))


def put_down(centre: "Centre", body: Assessment, outcome: Outcome) -> Outcome:
    """After a judgement has been put down with this outcome: its seal, where the regime asks for one."""
    terms, names = centre.config.regime.terms.judgements, names_of(centre, body.event)
    sealed_before = names & {event for event, panel, _ in centre.ledger.seals if not panel}
    if terms is None or sealed_before or not centre.links:
        return outcome
    salt = _own_salt(centre, body.event)
    sealed = _seal(centre, body, None, salt, terms.open_after_s)
    if isinstance(sealed, Released) and sealed.group == "shared":
        _keep(centre, body, salt)
    return sealed


def open_due(centre: "Centre") -> list[Outcome]:
    """Open every judgement whose time has come, naming all seals of others that stand in the record by now."""
    waiting = {event for event, panel, _ in centre.ledger.seals if not panel} - centre.ledger.opened
    if not waiting:
        return []
    found, outcomes = own_seals(centre), []
    for own in [one for one in found if one.party == centre.config.origin and one.event in waiting and not one.panel]:
        rivals = comparable(found, names_of(centre, own.event))
        kept = _kept(centre, own)
        others = [partner.origin for partner in centre.config.partners]
        if kept is not None and may_open(own, rivals, others, centre.now_tai_ns):
            references = (_refer("opens", own), *(_refer("saw", one) for one in rivals if one.place != own.place))
            draft = Draft(body=kept, observed_tai_ns=centre.now_tai_ns, references=references)
            outcomes.append(centre.publish(draft))
    return outcomes


def names_of(centre: "Centre", event: str, at_tai_ns: int | None = None) -> set[str]:
    """All names by which the event's track goes in the national picture, now or at a time."""
    track = centre.national.picture(centre.now_tai_ns if at_tai_ns is None else at_tai_ns).track(event)
    return {event} if track is None else {event, track.id, *track.aliases}


def seal_for_panel(centre: "Centre", panel: str, body: Assessment, salt: bytes, open_after_s: int = 60) -> Outcome:
    """A member of a panel inside this party binds his judgement. He keeps the salt himself until he opens."""
    return _seal(centre, body, panel, salt, open_after_s, private=True)


def open_for_panel(centre: "Centre", panel: str, body: Assessment, salt: bytes) -> Outcome:
    """The same member shows it; other members' seals on the event that stand by now are named."""
    found = comparable(own_seals(centre), names_of(centre, body.event), panel)
    mine = [one for one in found if one.officer == body.officer]
    rest = [one for one in found if one.officer != body.officer]
    opened = _opening(body, salt, panel)
    references = (*(_refer("opens", one) for one in mine), *(_refer("saw", one) for one in rest))
    return centre.publish(
        Draft(body=opened, observed_tai_ns=centre.now_tai_ns, references=references, private=True)
    )


def own_seals(centre: "Centre") -> tuple[Sealed, ...]:
    """Every seal that this centre holds, its own panels' included, with what became of it."""
    return seals((said.entry for said in centre.said if said.kind in KINDS), centre.now_tai_ns)


def _seal(
    centre: "Centre", body: Assessment, panel: str | None, salt: bytes, open_after_s: int, private: bool = False
) -> Outcome:
    made = commitment(centre.config.origin, body.event, panel, salt, judgement_text(body))
    now_ns = centre.now_tai_ns
    seal = SealedJudgement(
        event=body.event, commitment=made, opens_tai_us=(now_ns + open_after_s * S) // 1_000, officer=body.officer,
        panel=panel,
    )  # fmt: skip
    return centre.publish(Draft(body=seal, observed_tai_ns=now_ns, private=private))


def _own_salt(centre: "Centre", event: str) -> bytes:
    """32 bytes that follow from our log key and the event, and that only its holder can make."""
    signers = centre.ports.log_signers(centre.config.origin)
    signer = next(one for one in signers if one.key.algorithm == ED25519)
    return sha256(signer.sign(b"tocsin/salt/v1\0" + event.encode())).digest()


def _keep(centre: "Centre", body: Assessment, salt: bytes) -> None:
    """Durable and unseen: the own log holds what will be shown."""
    kept = _opening(body, salt, None)
    centre.publish(Draft(body=kept, observed_tai_ns=centre.now_tai_ns, private=True))


def _kept(centre: "Centre", own: Sealed) -> OpenedJudgement | None:
    """What `judge` put into the own log for this seal."""
    for said in centre.said:
        body = said.body
        at_home = said.entry.origin == centre.origins["own"]
        if at_home and isinstance(body, OpenedJudgement) and not body.panel and body.event == own.event:
            return body
    return None


def _opening(body: Assessment, salt: bytes, panel: str | None) -> OpenedJudgement:
    return OpenedJudgement(
        event=body.event, salt=salt.hex(), judgement=judgement_text(body), officer=body.officer, panel=panel
    )


def _refer(role: str, one: Sealed) -> Reference:
    return Reference(role=role, origin=one.place.origin, epoch=0, index=one.place.index, sha256=one.place.sha256)
