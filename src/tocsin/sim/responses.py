"""`exercise-response`: all parties sign together for one object, in simulation alone, by the same rules as any vote.

No statement says it, no schema has room for it, no centre hears of it: officers' signatures are taken here, put under
checkpoints and receipted after the link's delay, and decided by V1 to V6 (`tocsin.decide`). What follows from it is the
abstract model of `engagement`: who held authority, and when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from tocsin.decide import Ballot, Case, Party, Place, Receipt, Status, settle

KIND = "exercise-response"


@dataclass(frozen=True, slots=True)
class Exercised:
    """What was asked: all sign by the deadline, whole seconds of the exercise."""

    required: tuple[str, ...]
    deadline_s: int


def exercised_response(
    name: str, parties: Sequence[str], signed_s: Mapping[str, float], deadline_s: float, delay_s: float
) -> Status:
    """What became of the question about one object. `signed_s`: when each party signed; who is absent never did.

    A signature at t is receipted by every other party at t + `delay_s`, dated upwards to a whole second.
    """
    everyone = tuple(sorted(parties))
    known = {party: Party(name=party, origin=f"{KIND}/{party}", epoch=0) for party in everyone}
    places = {party: _place(known[party].origin, name) for party in everyone if party in signed_s}
    ballots = {party: Ballot(party=party, place=place, yes=True, officer="") for party, place in places.items()}
    case = Case(
        proposal=Exercised(everyone, int(deadline_s)), place=_place(KIND, name), parties=known, ballots=ballots,
        floors=(), forks=(), left_out=(),
    )  # fmt: skip
    receipts = [
        Receipt(
            cosigner=other, origin=known[party].origin, size=1, root=place.sha256,
            time_s=ceil(signed_s[party] + delay_s),
        )
        for party, place in places.items()
        for other in everyone
        if other != party
    ]  # fmt: skip
    return settle(case, receipts)[0]


def _place(origin: str, name: str) -> Place:
    return Place(origin=origin, index=0, sha256=sha256(f"{origin}/{name}".encode()).hexdigest())
