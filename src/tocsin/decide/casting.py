"""A party's own side of a vote: the bodies that its centre may log about a proposal."""

from collections.abc import Iterable, Sequence

from tocsin.decide.case import Case, open_case, read
from tocsin.decide.errors import MayNotVote
from tocsin.decide.misconduct import others, timely, weigh
from tocsin.decide.records import OwnFloor, Party, Receipt
from tocsin.mirror.verified import Verified
from tocsin.regime import Regime, objections
from tocsin.wire.bodies import Floor, Head, Proposal, Vote
from tocsin.wire.envelope import Statement
from tocsin.wire.measures import Measure


def cast_yes(
    proposal: Verified, entries: Iterable[Verified], parties: Sequence[Party], regime: Regime, own: OwnFloor, *,
    role: str, officer: str, heads: tuple[Head, ...],
) -> Vote:  # fmt: skip
    """A yes (V1). Refused if our log has an entry about it, or our time has passed the deadline.

    `entries` must hold all of our own log; `heads` is what we have verified of each partner (L3).
    """
    statement, body, case = _case(proposal, entries, parties, regime)
    if own.floor_s > body.deadline_s:
        raise MayNotVote("the deadline has passed by our own time floor; only closing is left")
    return _vote(statement, proposal, case, own.party, "yes", role, officer, heads, regime)


def cast_close(
    proposal: Verified, entries: Iterable[Verified], parties: Sequence[Party], regime: Regime, own: OwnFloor, *,
    role: str, officer: str, heads: tuple[Head, ...],
) -> Vote:  # fmt: skip
    """An end to the proposal, at any time, if it is our first entry about it (V1, V3)."""
    statement, _, case = _case(proposal, entries, parties, regime)
    return _vote(statement, proposal, case, own.party, "close", role, officer, heads, regime)


def floor_statement(
    proposal: Verified,
    entries: Iterable[Verified],
    receipts: Iterable[Receipt],
    parties: Sequence[Party],
    regime: Regime,
    own: OwnFloor,
) -> Floor | None:
    """What we owe the others once our persisted floor has passed the deadline (V3), None if we owe nothing.

    `entries` and `receipts` must hold everything that we stored and receipted.
    """
    _, body, case = _case(proposal, entries, parties, regime)
    said = any(stated.party == own.party for stated in case.floors)
    if said or own.party not in body.required or own.floor_s <= body.deadline_s:
        return None
    weighed = weigh(case, receipts)
    missing = [name for name in others(case, own.party) if not timely(weighed, own.party, case.ballots.get(name))]
    if not missing:
        return None
    return Floor(proposal_sha256=proposal.sha256, floor_s=own.floor_s, unreceipted=tuple(missing))


def _case(
    proposal: Verified, entries: Iterable[Verified], parties: Sequence[Party], regime: Regime
) -> tuple[Statement, Proposal | Measure, Case]:
    statement, body = read(proposal)
    if not isinstance(body, Proposal | Measure):
        raise MayNotVote(f"entry {proposal.index} of {proposal.origin} is no proposal")
    wrong = list(objections(regime, body, (party.name for party in parties)))
    if body.policy_sha256 != regime.sha256 or statement.regime != regime.sha256:
        wrong.append("made under another regime than the one in force")
    if wrong:
        raise MayNotVote(f"the proposal is void: {'; '.join(wrong)}")
    return statement, body, open_case(proposal, statement, body, entries, parties, regime)


def _vote(
    statement: Statement, proposal: Verified, case: Case, party: str, choice: str, role: str, officer: str,
    heads: tuple[Head, ...], regime: Regime,
) -> Vote:  # fmt: skip
    if party in case.ballots:
        place = case.ballots[party].place
        raise MayNotVote(f"our entry {place.index} about this proposal is final (V1)")
    if role not in regime.roles:
        raise MayNotVote(f"role {role!r} may not vote: one of {', '.join(sorted(regime.roles))} expected")
    return Vote(
        proposal_sha256=proposal.sha256,
        proposal_origin=statement.origin,
        proposal_epoch=statement.epoch,
        party=party,
        role=role,
        choice="yes" if choice == "yes" else "close",
        officer=officer,
        heads=heads,
    )
