"""Signed words that cannot all be true (V5), and what of parties' receipts and floors is left to count."""

from collections.abc import Iterable

from msgspec import Struct

from tocsin.decide.case import Ballot, Case, Stated
from tocsin.decide.records import Place, Receipt

Pair = tuple[str, str]
"""(cosigner's name, origin of the log it receipted)."""


class Contradiction(Struct, frozen=True, kw_only=True, gc=False):
    """Signed words of one party that cannot all be true (V5)."""

    text: str
    entries: tuple[Place, ...] = ()
    receipts: tuple[Receipt, ...] = ()


class Weighed(Struct, frozen=True, kw_only=True):
    """What counts of many receipts, each party's over each log.

    `timely`: those over a yes vote with time <= D, sorted. `late`: the first past D, by size. `roots`: all receipts of
    a size of a required party's log that was receipted under several roots.
    """

    timely: dict[Pair, tuple[Receipt, ...]]
    late: dict[Pair, Receipt]
    roots: tuple[tuple[Receipt, ...], ...]


def weigh(case: Case, receipts: Iterable[Receipt]) -> Weighed:
    """One pass, because a log in use has a receipt for every checkpoint. Their order does not matter."""
    origins = {case.parties[name].origin for name in case.proposal.required}
    votes = {ballot.place.origin: ballot.place.index for ballot in case.ballots.values() if ballot.yes}
    parties, given = case.parties, []
    timely: dict[Pair, list[Receipt]] = {}
    late: dict[Pair, Receipt] = {}
    root: dict[tuple[str, int], str] = {}
    forked: set[tuple[str, int]] = set()
    deadline_s = case.proposal.deadline_s
    for receipt in receipts:
        origin, cosigner = receipt.origin, receipt.cosigner
        if origin not in origins or cosigner not in parties:
            continue
        given.append(receipt)
        size, pair = receipt.size, (cosigner, origin)
        if root.setdefault((origin, size), receipt.root) != receipt.root:
            forked.add((origin, size))
        if receipt.time_s > deadline_s:
            first = late.get(pair)
            if first is None or (size <= first.size and receipt < first):
                late[pair] = receipt
        elif size > votes.get(origin, size):
            timely.setdefault(pair, []).append(receipt)
    return Weighed(
        timely={pair: tuple(sorted(set(found))) for pair, found in timely.items()},
        late=late,
        roots=tuple(_one_each(found for found in given if (found.origin, found.size) == at) for at in sorted(forked)),
    )


def _one_each(receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    """The least receipt for every root."""
    least: dict[str, Receipt] = {}
    for receipt in sorted(receipts):
        least.setdefault(receipt.root, receipt)
    return tuple(sorted(least.values()))


def others(case: Case, party: str) -> list[str]:
    """Required parties except one, sorted."""
    return [name for name in sorted(case.proposal.required) if name != party]


def timely(weighed: Weighed, cosigner: str, ballot: Ballot | None) -> tuple[Receipt, ...]:
    """Receipts of `cosigner` over a yes vote with time <= D."""
    if ballot is None or not ballot.yes:
        return ()
    return weighed.timely.get((cosigner, ballot.place.origin), ())


def split_floors(case: Case, weighed: Weighed) -> tuple[list[Contradiction], list[tuple[Stated, str]]]:
    """Floors that count, as (statement, party not receipted), apart from those that the same party's receipt belies."""
    lies, honest = [], []
    for stated in case.floors:
        if stated.party not in case.proposal.required or stated.floor_s <= case.proposal.deadline_s:
            continue
        for party in sorted(set(stated.unreceipted) & set(others(case, stated.party))):
            ballot = case.ballots.get(party)
            found = timely(weighed, stated.party, ballot)
            if found and ballot is not None:
                text = f"{stated.party} states that it did not receipt the vote of {party} in time, and did (V5)"
                lies.append(Contradiction(text=text, entries=(stated.place, ballot.place), receipts=(found[0],)))
            else:
                honest.append((stated, party))
    return lies, honest


def forks(case: Case, weighed: Weighed) -> list[Contradiction]:
    """Two entries at one place, or two roots receipted for one size, of a required party's log."""
    origins = {case.parties[name].origin: name for name in case.proposal.required}
    entries = [
        Contradiction(text=f"the log of {origins[a.origin]} has two entries at {a.index}", entries=(a, b))
        for a, b in case.forks
        if a.origin in origins
    ]
    roots = [
        Contradiction(
            text=f"the log of {origins[found[0].origin]} has two roots at size {found[0].size}", receipts=found
        )
        for found in weighed.roots
    ]
    return [*entries, *roots]


def backdated(weighed: Weighed) -> dict[Receipt, Contradiction]:
    """V5: receipts in time whose cosigner had already signed a later time, past the deadline, for a smaller log."""
    found = {}
    for pair, receipts in sorted(weighed.timely.items()):
        earlier = weighed.late.get(pair)
        for receipt in receipts:
            if earlier is not None and earlier.size < receipt.size:
                text = (
                    f"{receipt.cosigner} dated a receipt of {receipt.origin} back: size {earlier.size} at "
                    f"{earlier.time_s}, size {receipt.size} at {receipt.time_s} (V5)"
                )
                found[receipt] = Contradiction(text=text, receipts=(earlier, receipt))
    return found
