"""The only way out. Every statement of every kind passes `publish`, votes and heartbeats included.

The regime says what partners get. What the centre records for itself goes to its own log, releasable to nobody;
the rest stays in, with its reason. Nothing is altered on the way: a draft goes out as it stands or not at all.
"""

from tocsin.regime import Regime, delay_s, in_scope, objections, own_log, permits, recipients
from tocsin.release.ledger import Ledger, seal_name
from tocsin.release.records import Context, Draft, Group, Released, Withheld, WithheldRecord, about, group_log
from tocsin.wire.bodies import Assessment, Notification, Proposal, Tracklet, Vote, encode_body, kind_of
from tocsin.wire.envelope import Marking, Observed, Record, Reference, Statement, encode
from tocsin.wire.errors import WireError
from tocsin.wire.groups import GroupSecret, split_group
from tocsin.wire.judging import OpenedJudgement, SealedJudgement
from tocsin.wire.measures import Measure
from tocsin.wire.sealing import fits
from tocsin.wire.talk import ShortCode
from tocsin.wire.watch import HOME_KINDS
from tocsin.world.time import posix_s

# What a centre records for itself when partners may not have it. All else is pointless without a reader.
OWN_KINDS = frozenset(
    {
        "tracklet", "assessment", "conference", "agreement", "retraction", "reserved-action", "sealed-judgement",
        "opened-judgement", "site-check", "voice-call", "exercise-notice", "orbit", "air-alert", *HOME_KINDS,
    }
)  # fmt: skip
_LONGEST_SEQUENCE = 2**53 - 1


def publish(draft: Draft, regime: Regime, ledger: Ledger, context: Context) -> Released | Withheld:
    """Let a draft out to the shared log, to the own log, or not at all. Never raises for a bad draft."""
    refusal = _never(draft, regime, ledger, context)
    if refusal:
        return Withheld(record=_record(draft, context, refusal))
    group, reason = group_of(draft, regime, context)
    if group == "shared" and _anchors(draft.body, regime, ledger):
        group, reason = "own", f"regime {regime.name} asks for a sealed judgement of the event first"
    if group is None:
        return Withheld(record=_record(draft, context, reason))
    refusal = _out_of_turn(draft.body, ledger, group)
    if refusal:
        return Withheld(record=_record(draft, context, refusal))
    if group == "shared" and isinstance(draft.body, Tracklet) and (why := ledger.meter.too_much(draft.body)):
        return Withheld(record=_record(draft, context, why))
    readers, refusal = recipients(regime, draft.kind, context.party, draft.recipients)
    if group == "shared" and (refusal or set(readers) - set(context.partners)):
        why = refusal or f"not every reader of {draft.kind} is linked: {', '.join(readers)}"
        return Withheld(record=_record(draft, context, why))
    if group == "shared":
        ready_ns = draft.observed_tai_ns + round(delay_s(regime, draft.kind) * 1e9)
        if context.now_tai_ns < ready_ns:
            why = f"regime {regime.name} holds {draft.kind} back by {delay_s(regime, draft.kind):g} s"
            return Withheld(record=_record(draft, context, why), retry_tai_ns=ready_ns)
    name = draft.log_of or own_log(regime, draft.kind, context.party, readers) if group == "shared" else ""
    if group == "shared" and isinstance(draft.body, GroupSecret) != bool(draft.log_of and draft.kind != "key-wrap"):
        why = f"{draft.kind}: what stands in the clear in the log of a release group is its secret, and keys"
        return Withheld(record=_record(draft, context, why))
    if name and name not in context.groups:
        why = f"our log of release group {name} is not open yet"
        return Withheld(record=_record(draft, context, why), retry_tai_ns=context.now_tai_ns + 1_000_000_000)
    if name and not draft.log_of and set(context.groups[name].members) != set(readers):
        why = f"our log of release group {name} was opened for other members: a group of another name was expected"
        return Withheld(record=_record(draft, context, why))
    if any(split_group(one.origin)[1] not in ("", name) for one in draft.references) and group == "shared":
        return Withheld(record=_record(draft, context, "it refers to an entry of a log that not all its readers hold"))
    try:
        template = _statement(draft, regime, context, group, name)
        encode(template)
    except WireError as error:
        return Withheld(record=_record(draft, context, f"the draft is out of bounds: {error}"))
    kept = _record(draft, context, reason) if group == "own" else None
    alone = readers if group == "shared" else ()
    group = group_log(name) if name else group
    return Released(group=group, template=template, body=draft.body, reason=reason, withheld=kept, recipients=alone)


def group_of(draft: Draft, regime: Regime, context: Context) -> tuple[Group | None, str]:
    """Which log a draft belongs to, None for neither, and the rule that says so."""
    if draft.private:
        return ("own" if draft.kind in OWN_KINDS else None), "its author keeps it for the own log"
    if draft.kind in HOME_KINDS:
        return "own", f"{draft.kind} stays at home, whatever the regime (here {regime.name}) shares"
    return destination(draft.kind, draft.references, draft.range_km, draft.apogee_km, regime, context)


def destination(
    kind: str,
    references: tuple[Reference, ...],
    range_km: float | None,
    apogee_km: float | None,
    regime: Regime,
    context: Context,
) -> tuple[Group | None, str]:
    """The same, before there is a draft."""
    own: Group | None = "own" if kind in OWN_KINDS else None
    if any(reference.origin == context.own_origin for reference in references):
        return own, "it refers to an entry of the log that partners do not hold"
    if not context.partners:
        return own, "there is no partner"
    permission = permits(regime, kind, suspended=context.suspended, more=context.more.kinds)
    if not permission.allowed:
        return own, permission.reason
    scope = in_scope(regime, kind, range_km=range_km, apogee_km=apogee_km)
    if not scope.allowed:
        return own, scope.reason
    return "shared", permission.reason


def _never(draft: Draft, regime: Regime, ledger: Ledger, context: Context) -> str:
    """Why no log at all may hold it; empty if one may."""
    if draft.mode is not None and draft.mode != context.mode:
        return f"made in {draft.mode} mode: this centre runs {context.mode}, and the two never meet"
    body = draft.body
    if isinstance(body, Proposal | Measure):
        return _wrong_proposal(body, regime, context)
    if isinstance(body, Vote):
        return _wrong_vote(body, regime, ledger, context)
    if isinstance(body, Notification):
        return _wrong_notification(body, ledger)
    if isinstance(body, SealedJudgement | OpenedJudgement):
        return _wrong_judgement(body, ledger, context)
    if isinstance(body, ShortCode) and body.codebook_sha256 not in ledger.codebooks:
        return f"short code {body.code_word} {body.number}: its code book is not in our log, so it says nothing"
    return ""


def _anchors(body: Record, regime: Regime, ledger: Ledger) -> bool:
    """Whether partners would see our judgement of an event before they had to make their own."""
    sealed = regime.terms.judgements is not None
    return sealed and isinstance(body, Assessment) and body.event not in ledger.opened


def _wrong_judgement(body: SealedJudgement | OpenedJudgement, ledger: Ledger, context: Context) -> str:
    sealed = ledger.seals.get(seal_name(body))
    if isinstance(body, SealedJudgement):
        return "" if sealed is None else f"a judgement of {body.event} is sealed once, and it stands in our log"
    if sealed is None:
        return f"opening of {body.event}: no seal of it is in our log"
    if not fits(context.origin, sealed, body):
        return f"opening of {body.event}: not the judgement that was sealed"
    return ""


def _wrong_proposal(body: Proposal | Measure, regime: Regime, context: Context) -> str:
    if body.policy_sha256 != regime.sha256:
        return f"proposal under regime {body.policy_sha256[:12]}: the one in force is {regime.sha256[:12]}"
    if body.deadline_s <= posix_s(context.now_tai_ns):
        return "proposal whose deadline has passed: nobody could answer it"
    return "; ".join(objections(regime, body, (context.party, *context.partners)))


def _wrong_vote(body: Vote, regime: Regime, ledger: Ledger, context: Context) -> str:
    if body.party != context.party:
        return f"vote of {body.party}: this is the centre of {context.party}"
    if body.proposal_sha256 in ledger.votes:
        return "a party's first entry about a proposal is final (V1), and it stands in our log"
    if body.role not in regime.roles:
        return f"role {body.role!r} may not vote: one of {', '.join(sorted(regime.roles))} expected"
    return ""


def _wrong_notification(body: Notification, ledger: Ledger) -> str:
    if body.identifier in ledger.notifications:
        return f"notification {body.identifier}: an identifier is used once"
    if body.format in ("window-extension", "cancellation") and body.refers_to not in ledger.notifications:
        return f"notification {body.identifier}: refers to {body.refers_to}, which is not in our log"
    return ""


def _out_of_turn(body: Record, ledger: Ledger, group: Group) -> str:
    """An increment must begin where our last statement about the track ended, else knowledge counts twice."""
    if not isinstance(body, Tracklet):
        return ""
    said = ledger.said(group, body.track)
    if said is None:
        return "" if body.since_tai_us is None else f"increment about {body.track}, of which nothing was said before"
    if said.ended:
        return f"track {body.track} has ended; a name is never used again"
    if body.t_tai_us <= said.t_tai_us:
        return f"statement about {body.track} at {body.t_tai_us}: our log has one of {said.t_tai_us}"
    fresh = body.coarsened or said.coarsened or said.restart
    if body.since_tai_us is None:
        return "" if fresh else f"full statement about {body.track}: an increment was expected, or it counts twice"
    if said.restart or body.since_tai_us != said.t_tai_us:
        return f"increment since {body.since_tai_us}: our last statement about {body.track} is of {said.t_tai_us}"
    return ""


def _statement(draft: Draft, regime: Regime, context: Context, group: Group, name: str) -> Statement:
    kind, schema = kind_of(draft.body)
    shared = group == "shared"
    place = context.groups[name] if name else None
    return Statement(
        tocsin=1,
        kind=kind,
        schema=schema,
        origin=place.origin if place is not None else context.origin if shared else context.own_origin,
        epoch=context.epoch,
        sequence=_LONGEST_SEQUENCE,
        mode=context.mode,
        regime=regime.sha256,
        marking=Marking(
            releasable_to=tuple(sorted(place.members if place else context.partners)) if shared else (),
            originator=context.party,
            authority=context.authority,
            language=context.language,
        ),
        observed=Observed(
            t_tai_us=draft.observed_tai_ns // 1_000,
            uncertainty_us=-(-draft.uncertainty_ns // 1_000),
            clock=context.clock,
        ),
        references=draft.references,
        encryption=None,
        signatures=draft.signatures,
        body=encode_body(draft.body),
    )


def _record(draft: Draft, context: Context, why: str) -> WithheldRecord:
    return WithheldRecord(what=draft.kind, about=about(draft.body), t_tai_ns=context.now_tai_ns, why=why)
