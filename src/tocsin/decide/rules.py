"""The vote rules V1 to V6 (docs/protocol.md) as one pure function.

It reads no clock. ADOPTED and the closing entries depend on the given bundle alone; only the reader's own floor,
if given, adds what that party may conclude for itself. Order and repetition of the inputs change nothing.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tocsin.decide.case import Case, Stated, open_case, place_of, read
from tocsin.decide.misconduct import Contradiction, Weighed, backdated, forks, others, split_floors, timely, weigh
from tocsin.decide.records import Decision, OwnFloor, Party, Place, Receipt, Status
from tocsin.mirror.verified import Verified
from tocsin.regime import Regime, objections
from tocsin.wire.bodies import Proposal
from tocsin.wire.errors import WireError
from tocsin.wire.measures import Measure, measure_kind


def decision(
    proposal: Verified,
    entries: Iterable[Verified],
    receipts: Iterable[Receipt],
    parties: Sequence[Party],
    regime: Regime,
    own: OwnFloor | None = None,
) -> Decision:
    """What became of a proposal, by what was given.

    `entries`: of every required party's log, all entries about the proposal up to the receipted size (more does no
    harm). `parties`: all parties to the regime. `regime`: the one whose hash the proposal names.
    """
    place = place_of(proposal)
    try:
        statement, body = read(proposal)
        if not isinstance(body, Proposal | Measure):
            raise WireError(f"entry {place.index} of {place.origin} is a {statement.kind}, a proposal was expected")
    except WireError as error:
        return _void(_Subject(place, "", "finding", False), (f"void: {error}",))
    subject = _subject(place, body, regime)
    if body.policy_sha256 != regime.sha256 or statement.regime != regime.sha256:
        why = f"made under regime {body.policy_sha256[:12]}, not under {regime.name} ({regime.sha256[:12]})"
        return replace(_void(subject, (why,)), status="PENDING", binding=False)
    wrong = list(objections(regime, body, (party.name for party in parties)))
    if (statement.origin, statement.epoch) not in {(party.origin, party.epoch) for party in parties}:
        wrong.append(f"origin {statement.origin} epoch {statement.epoch} is no party's")
    if wrong:
        return _void(subject, tuple(f"void: {why}" for why in wrong))
    case = open_case(proposal, statement, body, entries, parties, regime)
    outcome = _decide(case, weigh(case, receipts), own)
    return Decision(
        status=outcome.status,
        proposal=place,
        finding=subject.finding,
        decides=subject.decides,
        binding=subject.binding,
        reasons=outcome.reasons,
        entries=tuple(sorted(outcome.entries)),
        receipts=tuple(sorted(outcome.receipts)),
        misconduct=outcome.misconduct,
    )


class _Subject(Struct, frozen=True, gc=False):
    """What is decided: a finding, or a measure by its kind, which always binds."""

    place: Place
    finding: str
    decides: str
    binding: bool


def _subject(place: Place, body: Proposal | Measure, regime: Regime) -> _Subject:
    if isinstance(body, Measure):
        return _Subject(place, "", measure_kind(body), True)
    return _Subject(place, body.finding, "finding", regime.finding.effect == "binding")


def _void(subject: _Subject, reasons: tuple[str, ...]) -> Decision:
    """Nobody can ever adopt it, and every reader of these bytes under this regime finds so."""
    return Decision(
        status="CLOSED", proposal=subject.place, finding=subject.finding, decides=subject.decides,
        binding=subject.binding, reasons=reasons,
    )  # fmt: skip


def settle(case: Case, receipts: Iterable[Receipt], own: OwnFloor | None = None) -> tuple[Status, tuple[str, ...]]:
    """(status, reasons) by V1 to V6 of anything that was asked and answered, read by whoever knows what it says."""
    outcome = _decide(case, weigh(case, receipts), own)
    return outcome.status, outcome.reasons


class _Outcome(Struct, frozen=True, kw_only=True, gc=False):
    status: Status
    reasons: tuple[str, ...]
    entries: tuple[Place, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    misconduct: tuple[str, ...] = ()


def _decide(case: Case, weighed: Weighed, own: OwnFloor | None) -> _Outcome:
    forked = forks(case, weighed)
    lies, honest = split_floors(case, weighed)
    dated_back = backdated(weighed)
    misconduct = tuple(found.text for found in (*forked, *lies, *dated_back.values()))
    if forked:
        return _disputed(forked, misconduct)
    closing = _closed_by_vote(case) or _closed_by_floor(case, honest) or _closed_by_own_floor(case, weighed, own)
    if closing:
        reason, places = closing
        return _Outcome(status="CLOSED", reasons=(reason, *case.left_out), entries=places, misconduct=misconduct)
    if lies:
        return _disputed(lies, misconduct)
    missing, entries, proof = _certificate(case, weighed, dated_back)
    if missing:
        return _Outcome(status="PENDING", reasons=(*missing, *case.left_out), entries=entries, misconduct=misconduct)
    tainted = [dated_back[receipt] for receipt in proof if receipt in dated_back]
    if tainted:
        return _disputed(tainted, misconduct)
    required = ", ".join(sorted(case.proposal.required))
    reason = f"signed yes by {required}, each receipted by every other required party by the deadline (V2)"
    return _Outcome(
        status="ADOPTED", reasons=(reason, *case.left_out), entries=entries, receipts=proof, misconduct=misconduct
    )


def _disputed(found: list[Contradiction], misconduct: tuple[str, ...]) -> _Outcome:
    return _Outcome(
        status="DISPUTED",
        reasons=tuple(contradiction.text for contradiction in found),
        entries=tuple({place for contradiction in found for place in contradiction.entries}),
        receipts=tuple({receipt for contradiction in found for receipt in contradiction.receipts}),
        misconduct=misconduct,
    )


def _certificate(
    case: Case, weighed: Weighed, dated_back: dict[Receipt, Contradiction]
) -> tuple[tuple[str, ...], tuple[Place, ...], tuple[Receipt, ...]]:
    """V2: (what is missing, the votes, the receipts that count). Receipts that nothing contradicts count first."""
    missing, entries, proof = [], [], []
    for party in sorted(case.proposal.required):
        ballot = case.ballots.get(party)
        if ballot is None:
            missing.append(f"{party} has not voted")
            continue
        entries.append(ballot.place)
        for cosigner in others(case, party):
            found = timely(weighed, cosigner, ballot)
            if found:
                proof.append(min(found, key=lambda r: (r in dated_back, r.time_s, r.size, r.root)))
            else:
                missing.append(f"no receipt of {cosigner} for the vote of {party} by the deadline is held here")
    return tuple(missing), tuple(entries), tuple(proof)


def _closed_by_vote(case: Case) -> tuple[str, tuple[Place, ...]] | None:
    """V3, first half: a required party's first entry says close."""
    for party in sorted(case.proposal.required):
        ballot = case.ballots.get(party)
        if ballot is not None and not ballot.yes:
            return f"{party} closed it: its first entry is final (V1, V3)", (ballot.place,)
    return None


def _closed_by_floor(case: Case, honest: list[tuple[Stated, str]]) -> tuple[str, tuple[Place, ...]] | None:
    """V3, second half: a party that must receipt states that its time has passed without."""
    if not honest:
        return None
    stated, party = honest[0]
    late = stated.floor_s - case.proposal.deadline_s
    return (
        f"{stated.party} states that its time floor is {late} s past the deadline without a receipt for a yes of "
        f"{party} (V3)",
        (stated.place,),
    )


def _closed_by_own_floor(
    case: Case, weighed: Weighed, own: OwnFloor | None
) -> tuple[str, tuple[Place, ...]] | None:
    """V3: a party may conclude the same itself. No receipt of its own can make an adoption any more."""
    if own is None or own.party not in case.proposal.required or own.floor_s <= case.proposal.deadline_s:
        return None
    for party in others(case, own.party):
        if not timely(weighed, own.party, case.ballots.get(party)):
            return f"the deadline passed by our own time floor before we receipted a yes of {party} (V3)", ()
    return None
