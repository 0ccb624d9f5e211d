"""Proposals with their votes and seals, and our own statements that wait for hands."""

from typing import Literal

from tocsin.console.board import PictureLine, ProposalLine, RequestLine, VoteLine
from tocsin.console.sight import Sight, exact_text, message_sha256
from tocsin.node import hearing, queries, sights
from tocsin.node.custody.roster import hands
from tocsin.node.custody.signatures import challenge
from tocsin.node.record import Said
from tocsin.wire.bodies import Vote
from tocsin.wire.officer import Terms, message_under, terms_for

State = Literal["unsigned", "half-signed", "signed", "closed", "disputed", "undetermined"]
CODED = ("vote", "proposal")
"""Kinds before whose signature an officer is challenged."""


def proposals(sight: Sight) -> tuple[ProposalLine, ...]:
    """The latest first."""
    return tuple(_line(sight, view) for view in reversed(sight.desk.proposals()))


def requests(sight: Sight) -> tuple[RequestLine, ...]:
    """Oldest first."""
    centre = sight.centre
    roster = sight.registry.roster_at(centre.config.party, centre.books["shared"].next_index)
    lines = []
    for one in sight.requests.values():
        signed, terms = sight.statement_of(one), terms_for(one.statement)
        given = tuple(sorted(hands(signed, roster).officers)) if roster is not None else ()
        lines.append(
            RequestLine(
                name=one.name, kind=one.statement.kind, text=f"{_place(terms)}\n{exact_text(one.statement)}",
                message_sha256=message_sha256(one.statement), challenge=challenge(message_under(one.statement, terms)),
                by=sight.asked_by(one), officers_needed=one.officers,
                signed_by=tuple(sorted({*given, *sight.held_back.get(one.name, ())})),
                asked_utc=sights.utc(one.statement.observed.t_tai_us),
                needs_code=one.statement.kind in CODED,
            )
        )
    return tuple(lines)


def _place(terms: Terms) -> str:
    """Where and when the signature lets the statement be logged."""
    until = sights.utc(terms.not_after_tai_us)
    return f"logged as entry {terms.from_index} of {terms.origin} or later, until {until}, or not at all"


def why_not_vote(sight: Sight, view: queries.ProposalView) -> str:
    """Why this party cannot vote on a proposal now; empty if it can."""
    if view.decision.status != "PENDING":
        return f"the proposal is {view.decision.status}"
    if sight.party in view.voted:
        return f"{sight.party} has voted; a first vote is final"
    if sight.party not in view.body.required:
        return f"{sight.party} is not among those who must sign"
    if sight.centre.posix_s() > view.body.deadline_s:
        return "its deadline has passed"
    if not sight.centre.border.opening.ready:
        return sight.centre.border.opening.why_not
    return ""


def _line(sight: Sight, view: queries.ProposalView) -> ProposalLine:
    body, decision, said = view.body, view.decision, view.said
    votes = {s.party: s for s in reversed(sight.centre.said) if _votes_on(s, said.entry.sha256)}
    parties = [*body.required, *(party for party in sorted(votes) if party not in body.required)]
    ours = sight.own_digest(view)
    why_not = why_not_vote(sight, view)
    deadline_us = sights.tai_us_of_posix(body.deadline_s)
    return ProposalLine(
        sha256=said.entry.sha256, origin=said.entry.origin, index=said.entry.index, kind=said.kind, event=body.event,
        finding=body.finding, text=body.text, full_text=exact_text(said.statement), by=said.party,
        officer=body.officer, made_utc=sights.utc(said.t_tai_us), deadline_tai_us=deadline_us,
        deadline_utc=sights.utc(deadline_us),
        picture=PictureLine(
            digest=body.picture.digest, ours=ours, same=ours == body.picture.digest if ours else None,
            as_of_utc=sights.utc(body.picture.as_of_tai_us),
        ),
        required=body.required, votes=tuple(_vote(sight, view, party, votes.get(party)) for party in parties),
        status=decision.status, state=_state(sight, view, votes), binding=decision.binding,
        words=hearing.wording(decision), reasons=decision.reasons, may_vote=not why_not, why_not=why_not,
    )  # fmt: skip


def _votes_on(said: Said, sha256: str) -> bool:
    return isinstance(said.body, Vote) and said.body.proposal_sha256 == sha256


def _vote(sight: Sight, view: queries.ProposalView, party: str, said: Said | None) -> VoteLine:
    required = party in view.body.required
    if said is None or not isinstance(said.body, Vote):
        return VoteLine(party=party, required=required, choice="")
    why = sight.registry.objection(said)
    return VoteLine(
        party=party, required=required, choice=said.body.choice, officer=said.body.officer, role=said.body.role,
        signed_by=sight.signed_by(said), counts=not why, why_not=why, utc=sights.utc(said.t_tai_us),
        receipted_by=sight.receipted_by(said),
    )  # fmt: skip


def _state(sight: Sight, view: queries.ProposalView, votes: dict[str, Said]) -> State:
    """Which seal is drawn."""
    if view.decision.status == "ADOPTED":
        return "signed"
    if view.decision.status == "CLOSED":
        return "closed"
    if view.decision.status == "DISPUTED":
        return "disputed"
    if sight.centre.posix_s() > view.body.deadline_s:
        return "undetermined"
    signed = [s for s in votes.values() if isinstance(s.body, Vote) and s.body.choice == "yes"]
    return "half-signed" if any(not sight.registry.objection(s) for s in signed) else "unsigned"
