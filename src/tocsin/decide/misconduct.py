"""Signed words that cannot all be true (V5), and what of a party's receipts and floors is left to count."""

from dataclasses import dataclass

from tocsin.decide.case import Ballot, Case, Stated
from tocsin.decide.records import Place, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Signed words of one party that cannot all be true (V5)."""

    text: str
    entries: tuple[Place, ...] = ()
    receipts: tuple[Receipt, ...] = ()


def others(case: Case, party: str) -> list[str]:
    """Required parties except one, sorted."""
    return [name for name in sorted(case.proposal.required) if name != party]


def timely(case: Case, receipts: list[Receipt], cosigner: str, ballot: Ballot | None) -> list[Receipt]:
    """Receipts of `cosigner` over a yes vote with time <= D."""
    if ballot is None or not ballot.yes:
        return []
    return [
        receipt
        for receipt in receipts
        if receipt.cosigner == cosigner
        and receipt.origin == ballot.place.origin
        and receipt.size > ballot.place.index
        and receipt.time_s <= case.proposal.deadline_s
    ]


def split_floors(case: Case, receipts: list[Receipt]) -> tuple[list[Contradiction], list[tuple[Stated, str]]]:
    """Floors that count, as (statement, party not receipted), apart from those that the same party's receipt belies."""
    lies, honest = [], []
    for stated in case.floors:
        if stated.party not in case.proposal.required or stated.floor_s <= case.proposal.deadline_s:
            continue
        for party in sorted(set(stated.unreceipted) & set(others(case, stated.party))):
            ballot = case.ballots.get(party)
            found = timely(case, receipts, stated.party, ballot)
            if found and ballot is not None:
                text = f"{stated.party} states that it did not receipt the vote of {party} in time, and did (V5)"
                lies.append(Contradiction(text=text, entries=(stated.place, ballot.place), receipts=(found[0],)))
            else:
                honest.append((stated, party))
    return lies, honest


def forked_entries(case: Case) -> list[Contradiction]:
    """Two entries at one place of a required party's log."""
    origins = {case.parties[name].origin: name for name in case.proposal.required}
    return [
        Contradiction(text=f"the log of {origins[a.origin]} has two entries at {a.index}", entries=(a, b))
        for a, b in case.forks
        if a.origin in origins
    ]


def forked_roots(case: Case, receipts: list[Receipt]) -> list[Contradiction]:
    """Two roots receipted for one size of a required party's log."""
    origins = {case.parties[name].origin: name for name in case.proposal.required}
    names = set(case.parties)
    first: dict[tuple[str, int], Receipt] = {}
    found = []
    for receipt in receipts:
        if receipt.origin not in origins or receipt.cosigner not in names:
            continue
        known = first.setdefault((receipt.origin, receipt.size), receipt)
        if known.root != receipt.root:
            text = f"the log of {origins[receipt.origin]} has two roots at size {receipt.size}"
            found.append(Contradiction(text=text, receipts=(known, receipt)))
    return found


def backdated(case: Case, receipts: list[Receipt]) -> dict[Receipt, Contradiction]:
    """V5: receipts in time whose cosigner had already signed a later time, past the deadline, for a smaller log."""
    deadline = case.proposal.deadline_s
    late: dict[tuple[str, str], Receipt] = {}
    for receipt in receipts:  # sorted by cosigner, origin, size
        if receipt.time_s > deadline:
            late.setdefault((receipt.cosigner, receipt.origin), receipt)
    found = {}
    for receipt in receipts:
        earlier = late.get((receipt.cosigner, receipt.origin))
        if receipt.time_s <= deadline and earlier is not None and earlier.size < receipt.size:
            text = (
                f"{receipt.cosigner} dated a receipt of {receipt.origin} back: size {earlier.size} at "
                f"{earlier.time_s}, size {receipt.size} at {receipt.time_s} (V5)"
            )
            found[receipt] = Contradiction(text=text, receipts=(earlier, receipt))
    return found
