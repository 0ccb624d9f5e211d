"""What this party concluded from its own time floor (V3): durable before anybody sees it, and never undone.

A floor is a conclusion only with everything that this party stored and receipted. After a restart, or from a restored
backup, that is not known before partners have told (L1); what was concluded before stands all the same, because each
conclusion has a cell of its own in the store that is never restored from a backup.

    conclude(centre)                       # at every tick: whatever our floor has passed meanwhile
    centre.conclusions.floor_s(sha256)     # the floor of a conclusion, None if there is none
"""

from typing import TYPE_CHECKING

from tocsin.errors import Outage, TocsinError
from tocsin.log.ports import CheckpointStore
from tocsin.mirror.state import MAX_FLOOR_S
from tocsin.node.record import Said
from tocsin.wire.bodies import Proposal
from tocsin.wire.measures import Measure

if TYPE_CHECKING:
    from tocsin.node.centre import Centre

AT_ONCE = 8  # conclusions of one tick, so that a flood of proposals stops nothing
_FORMAT = b"tocsin-closed v1\nfloor "
_DIGITS = 16


class Conclusions:
    """By SHA-256 (hex) of what was put to the vote. `count` moves with each conclusion."""

    def __init__(self, cells: CheckpointStore) -> None:
        self._cells = cells
        self._floors_s: dict[str, int | None] = {}
        self._done: set[str] = set()
        self.count = 0

    def floor_s(self, sha256: str) -> int | None:
        """Our floor when we concluded CLOSED, POSIX seconds; None where we did not, or it cannot be read now."""
        if sha256 not in self._floors_s:
            try:
                held = self._cells.load(_cell(sha256))
            except Outage:
                return None
            self._floors_s[sha256] = None if held is None else _parsed(held)
        return self._floors_s[sha256]

    def open(self, sha256: str) -> bool:
        """Whether our floor has not been asked about it yet."""
        return sha256 not in self._done and self.floor_s(sha256) is None

    def keep(self, sha256: str, floor_s: int) -> None:
        """CLOSED, for ever. Raises Outage: then nothing was concluded."""
        self._cells.swap(_cell(sha256), None, _FORMAT + b"%d\n" % floor_s)
        self._floors_s[sha256] = floor_s
        self.count += 1

    def settle(self, sha256: str) -> None:
        """Our floor has nothing to say about it, now or later: our receipts were in time, or others ended it."""
        self._done.add(sha256)


def conclude(centre: "Centre") -> None:
    """Raise the floor past what is overdue, and keep what follows from that. What fails is kept, and tried again."""
    if not centre.asked:
        return
    now_s = centre.posix_s()
    due = [one for one in centre.asked if deadline_s(one) < now_s][:AT_ONCE]
    if not due or not centre.remembers:
        return
    try:
        for mirror in centre.mirrors.values():
            centre.courses.settle()
            mirror.raise_floor()
        for one in due:
            concluded(centre, one)
    except TocsinError as error:  # a disk that is away, or a mirror whose tiles have rotted: fsck, and it goes on
        centre.keep(error)
    finally:
        centre.asked = [one for one in centre.asked if one not in due or centre.conclusions.open(one.entry.sha256)]


def concluded(centre: "Centre", said: Said) -> None:
    """Keep what our persisted floor says about one thing put to the vote. Raises Outage."""
    from tocsin.node import queries  # it asks centres, and a centre asks here

    sha256, own = said.entry.sha256, queries.own_floor(centre)
    if not centre.remembers or not centre.conclusions.open(sha256):
        return
    if queries.decided(centre, said.entry).status != "PENDING":
        centre.conclusions.settle(sha256)
    elif queries.decided(centre, said.entry, own).status == "CLOSED":
        centre.conclusions.keep(sha256, own.floor_s)
    elif own.floor_s > deadline_s(said):
        centre.conclusions.settle(sha256)


def deadline_s(said: Said) -> int:
    """D of what was put to the vote, POSIX seconds."""
    return said.body.deadline_s if isinstance(said.body, Proposal | Measure) else MAX_FLOOR_S


def _cell(sha256: str) -> str:
    """Name of the cell; origins have no spaces, so that no log's own cell has this name."""
    return f"closed {sha256}"


def _parsed(data: bytes) -> int | None:
    """The floor of a cell; a damaged one is none: what it said can be concluded again."""
    digits = data.removeprefix(_FORMAT).removesuffix(b"\n")
    sound = data == _FORMAT + digits + b"\n" and digits.isdigit() and len(digits) <= _DIGITS
    return int(digits) if sound else None
