"""What a decision is made from, and what it says. All inputs have been verified before they come here."""

from typing import Literal

from msgspec import Struct

Status = Literal["ADOPTED", "CLOSED", "PENDING", "DISPUTED"]


class Party(Struct, frozen=True, kw_only=True, order=True, gc=False):
    """A party to the regime, the origin of its shared log and the epoch that binds."""

    name: str
    origin: str
    epoch: int


class Receipt(Struct, frozen=True, kw_only=True, order=True, gc=False):
    """A mirror cosignature whose signature was verified: `cosigner` (a party's name) holds every entry of `origin`
    below `size`, under the Merkle root `root` (hex), since `time_s` (whole POSIX seconds, the cosigner's word).

    Whoever makes one vouches that the entries given beside it lie under this root.
    """

    cosigner: str
    origin: str
    size: int
    root: str
    time_s: int


class OwnFloor(Struct, frozen=True, kw_only=True, gc=False):
    """The reader's own persisted time floor (V5): it has receipted nothing since with an earlier time, and never will.

    With it, `entries` and `receipts` must hold everything that this party itself stored and receipted.
    """

    party: str
    floor_s: int


class Place(Struct, frozen=True, kw_only=True, order=True, gc=False):
    """An entry by its place and bytes."""

    origin: str
    index: int
    sha256: str


class Decision(Struct, frozen=True, kw_only=True, gc=False):
    """Outcome about one proposal, the reasons in words, and the entries and receipts that prove it.

    `decides` is "finding" or the kind of a measure; `finding` and `binding` repeat what was proposed and whether its
    adoption binds. `misconduct` lists signed contradictions that were met on the way, whether or not they changed the
    outcome.
    """

    status: Status
    proposal: Place
    finding: str
    binding: bool
    reasons: tuple[str, ...]
    decides: str = "finding"
    entries: tuple[Place, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    misconduct: tuple[str, ...] = ()
