"""Whether a bundle shows enough to outsiders: V1 counts a party's first entry, so none before it may be left out.

A proposal names a head of every party's log. What stands below that head was signed before the proposal was written
and cannot be about it. So every entry from the head to the vote, and no more, shows that there was no earlier one.
"""

from collections.abc import Iterable, Sequence

from tocsin.decide.case import read
from tocsin.decide.records import Party
from tocsin.mirror.verified import Verified
from tocsin.wire.bodies import Proposal, Vote
from tocsin.wire.errors import WireError


def stretch(proposal: Verified, vote: Verified) -> range:
    """Indexes of a voter's log that must be seen with its vote. Raises WireError for what is no proposal."""
    body = read(proposal)[1]
    heads = body.picture.heads if isinstance(body, Proposal) else ()
    since = min((head.size for head in heads if head.origin == vote.origin), default=0)
    if vote.origin == proposal.origin:
        since = max(since, proposal.index + 1)  # a log cannot speak of what stands further on in it
    return range(min(since, vote.index), vote.index + 1)


def unseen(proposal: Verified, entries: Iterable[Verified], parties: Sequence[Party]) -> tuple[str, ...]:
    """What is missing in `entries` to be sure of each party's first vote, in words; () if nothing is."""
    held: dict[str, dict[int, Verified]] = {party.origin: {} for party in parties}
    for entry in entries:
        held.setdefault(entry.origin, {})[entry.index] = entry
    missing = []
    for party in sorted(parties):
        votes = [entry for entry in held[party.origin].values() if _votes_on(entry, proposal)]
        if not votes:
            continue
        first = min(votes, key=lambda entry: entry.index)
        gaps = [index for index in stretch(proposal, first) if index not in held[party.origin]]
        if gaps:
            missing.append(
                f"{len(gaps)} entries of {party.origin} before the vote at {first.index}, {gaps[0]} first, are not "
                f"shown: {party.name} may have voted otherwise there (V1)"
            )
    return tuple(missing)


def _votes_on(entry: Verified, proposal: Verified) -> bool:
    try:
        body = read(entry)[1]
    except WireError:
        return False
    return isinstance(body, Vote) and body.proposal_sha256 == proposal.sha256
