"""Reading a proposal and what parties' logs say about it (V1). Unsound entries are left out, with their reason."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from tocsin.decide.records import Party, Place
from tocsin.mirror.verified import Verified
from tocsin.regime import Regime
from tocsin.wire.bodies import Floor, Vote
from tocsin.wire.envelope import Record, Statement
from tocsin.wire.errors import WireError
from tocsin.wire.reading import parsed


class Asked(Protocol):
    """What the rules need of anything put to the vote: who must sign, and by when (POSIX seconds)."""

    @property
    def required(self) -> tuple[str, ...]:
        """Parties whose signatures make it."""
        ...

    @property
    def deadline_s(self) -> int:
        """D of the rules."""
        ...


class Ballot(Struct, frozen=True, kw_only=True, gc=False):
    """The first sound entry of a party about the proposal."""

    party: str
    place: Place
    yes: bool
    officer: str


class Stated(Struct, frozen=True, kw_only=True, gc=False):
    """A party's statement that its floor has passed the deadline and whose yes it had not receipted."""

    party: str
    place: Place
    floor_s: int
    unreceipted: tuple[str, ...]


class Case(Struct, frozen=True, kw_only=True):
    """A proposal with everything that the given entries say about it."""

    proposal: Asked
    place: Place
    parties: dict[str, Party]
    ballots: dict[str, Ballot]
    floors: tuple[Stated, ...]
    forks: tuple[tuple[Place, Place], ...]
    left_out: tuple[str, ...]


def place_of(entry: Verified) -> Place:
    """Place and bytes of an entry."""
    return Place(origin=entry.origin, index=entry.index, sha256=entry.sha256)


def read(entry: Verified) -> tuple[Statement, Record]:
    """Envelope and body of an entry that says where it stands. Raises WireError."""
    statement, body = parsed(entry.data)
    if (statement.origin, statement.sequence) != (entry.origin, entry.index):
        raise WireError(
            f"entry {entry.index} of {entry.origin} calls itself {statement.sequence} of {statement.origin}", entry.data
        )
    return statement, body


def open_case(
    entry: Verified, statement: Statement, proposal: Asked, entries: Iterable[Verified], parties: Sequence[Party],
    regime: Regime,
) -> Case:  # fmt: skip
    """Sort the entries by party and keep what is about this proposal, in the order of each log."""
    name = entry.sha256.encode()
    by_origin = {party.origin: party for party in parties}
    ballots: dict[str, Ballot] = {}
    floors, forks, left_out = [], [], []
    seen: dict[tuple[str, int], Verified] = {}
    for other in sorted(entries, key=lambda e: (e.origin, e.index, e.data)):
        party, known = by_origin.get(other.origin), seen.get((other.origin, other.index))
        if known is not None and party is not None and known.data != other.data:
            forks.append((place_of(known), place_of(other)))
        if known is not None or party is None:
            continue
        seen[other.origin, other.index] = other
        if name not in other.data and b"\\" not in other.data:
            continue  # what is about a proposal names it by its hash, in these letters or escaped
        place = place_of(other)
        found = _about(other, place, party, entry, statement, regime)
        if isinstance(found, Ballot):
            if found.party in ballots:
                left_out.append(f"entry {place.index} of {place.origin}: a second vote of {party.name} (V1)")
            else:
                ballots[found.party] = found
        elif isinstance(found, Stated):
            floors.append(found)
        elif found:
            left_out.append(f"entry {place.index} of {place.origin}: {found}")
    return Case(
        proposal=proposal, place=place_of(entry), parties={party.name: party for party in parties}, ballots=ballots,
        floors=tuple(floors), forks=tuple(forks), left_out=tuple(left_out),
    )  # fmt: skip


def _about(
    other: Verified, place: Place, party: Party, entry: Verified, asked: Statement, regime: Regime
) -> Ballot | Stated | str:
    """What an entry says about the proposal; a text if it wants to but is unsound; empty if it is about another."""
    try:
        statement, body = read(other)
    except WireError as error:
        return str(error)
    if not isinstance(body, Vote | Floor) or body.proposal_sha256 != entry.sha256:
        return ""
    wrong = _wrong_envelope(statement, party, asked)
    if wrong:
        return wrong
    if isinstance(body, Floor):
        return Stated(party=party.name, place=place, floor_s=body.floor_s, unreceipted=body.unreceipted)
    if body.party != party.name:
        return f"vote of {body.party} in the log of {party.name}"
    if (body.proposal_origin, body.proposal_epoch) != (asked.origin, asked.epoch):
        return "vote that names another origin or epoch of the proposal"
    if body.role not in regime.roles:
        return f"role {body.role!r} may not vote under regime {regime.name}"
    return Ballot(party=party.name, place=place, yes=body.choice == "yes", officer=body.officer)


def _wrong_envelope(statement: Statement, party: Party, asked: Statement) -> str:
    if statement.epoch != party.epoch:
        return f"epoch {statement.epoch}: epoch {party.epoch} of {party.name} binds"
    if statement.mode != asked.mode:
        return f"{statement.mode} entry about a proposal in {asked.mode} mode"
    if statement.regime != asked.regime:
        return "made under another regime than the proposal"
    return ""
