"""What follows from the logs alone: pictures, ledger, what was said. The base of a centre; made again at every start.

Entries are taken in after they passed a gate, each log in its order, each entry read once. A centre that `defers`
answers its partners first and takes in later, a few entries at a time, whenever its owner calls `digest`: receipts
say "I hold", and need no picture. While anything waits, nothing is concluded from what we do not know (V3).
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from tocsin.errors import BadEvidence, TocsinError
from tocsin.fuse import Fold
from tocsin.mirror import Mirror, Verified
from tocsin.node.book import Book
from tocsin.node.border import Border
from tocsin.node.config import CentreConfig, Ports
from tocsin.node.custody.confidential import Confidential, NotForUs
from tocsin.node.link import Link
from tocsin.node.record import Said
from tocsin.node.standing import Standings
from tocsin.release import Ledger
from tocsin.wire.bodies import Floor, Head, Heartbeat, Tracklet, Vote
from tocsin.wire.errors import WireError

AT_ONCE = 8  # so few are taken in before the answer also where a centre defers
READ_AHEAD = 256


@dataclass(slots=True)
class Inbox:
    """Entries of one log that were read back from its gate and wait; `taken` counts those that do not."""

    taken: int = 0
    waiting: deque[Verified] = field(default_factory=deque)


class Folded:
    """State of a centre that its logs determine. A centre sets what is declared here, then calls `_take_up`."""

    config: CentreConfig
    ports: Ports
    border: Border
    books: dict[str, Book]
    origins: dict[str, str]
    confidential: Confidential
    defers: bool = False

    def _keep(self, source: str, error: TocsinError, data: bytes = b"") -> None:
        raise NotImplementedError

    @property
    def mirrors(self) -> dict[str, Mirror]:
        """Verified copies of the partners' logs, by party."""
        return self.border.gates.mirrors

    @property
    def links(self) -> dict[str, Link]:
        """Links by party."""
        return self.border.links

    @property
    def parties(self) -> tuple[str, ...]:
        """Every party of the regime, sorted: nobody comes first."""
        return tuple(sorted((self.config.party, *self.links)))

    @property
    def now_tai_ns(self) -> int:
        """Time now."""
        return self.ports.clock.now_tai_ns()

    def _clear(self) -> None:
        """Forget everything that follows from the logs."""
        self.confidential.clear()
        self.ledger = Ledger()
        self.national, self.common = Fold(), Fold()
        self.standings = Standings(self.parties)
        self.said: list[Said] = []  # all but heartbeats and tracklets
        self.marks: list[Said] = []  # the first and last tracklet of every track
        self.unread: list[Verified] = []
        self.disclosed: dict[str, int] = {}
        self.disclosed_bytes = 0
        self._used_ids = 0  # highest number of a track in our own logs: a name is never used again
        self._inboxes: dict[str, Inbox] = {}
        self._rebuilding = False

    @property
    def waiting(self) -> int:
        """Verified entries that are not yet in the pictures and the record."""
        return sum(gate.size - self._inbox(gate).taken for party in self._logs for gate in self._gates(party))

    @property
    def remembers(self) -> bool:
        """Whether all that we hold and all receipts that we ever gave are known here: what our own floor needs (V3)."""
        return self.border.remembers and not self.waiting

    def digest(self, most: int = 16) -> bool:
        """Take in at most so many of the entries that wait; whether any are left. Damage stops its log alone."""
        for party in self._logs:
            for gate in self._gates(party):
                inbox = self._inbox(gate)
                if gate.size > inbox.taken and self._fill(party, gate, inbox):
                    self._take(party, gate, inbox, most)
                    return True
        return False

    def _take_up(self) -> None:
        """After a start or a recovery: everything logged and mirrored, in order; the ledger from our own logs alone."""
        self._clear()
        self._rebuilding = True
        self._take_in(self.config.party)
        self._rebuilding = False
        for party in self.mirrors:
            self._take_in(party)
        self._base_id = self._used_ids
        self.border.take_up()

    def _take_in(self, party: str) -> None:
        """What the gates of a party hold beyond what was taken; left to `digest` if it is much and we defer."""
        for gate in self._gates(party):
            inbox = self._inbox(gate)
            if self.defers and not self._rebuilding and gate.size - inbox.taken > AT_ONCE:
                continue
            while gate.size > inbox.taken and self._fill(party, gate, inbox):
                self._take(party, gate, inbox, READ_AHEAD)

    @property
    def _logs(self) -> tuple[str, ...]:
        return (self.config.party, *self.mirrors)

    def _gates(self, party: str) -> list[Mirror]:
        if party == self.config.party:
            return [book.gate for book in self.books.values()]
        return [self.mirrors[party]]

    def _inbox(self, gate: Mirror) -> Inbox:
        return self._inboxes.setdefault(gate.origin, Inbox())

    def _fill(self, party: str, gate: Mirror, inbox: Inbox) -> bool:
        """Read ahead; False where the log is damaged."""
        if inbox.waiting:
            return True
        try:
            inbox.waiting.extend(gate.entries(inbox.taken, min(gate.size, inbox.taken + READ_AHEAD)))
        except TocsinError as error:
            if party == self.config.party and self._rebuilding:
                raise  # without all of our own log we would not know what we said: fsck first
            self._keep(self.config.party, error)
        return bool(inbox.waiting)

    def _take(self, party: str, gate: Mirror, inbox: Inbox, most: int) -> None:
        """The next entries into the pictures and the record. The other mode's stay out (design rule 9)."""
        sound: list[Verified] = []
        for _ in range(min(most, len(inbox.waiting))):
            entry = inbox.waiting.popleft()
            inbox.taken = entry.index + 1
            if self._read(party, entry):
                sound.append(entry)
        self.national.add(sound)
        if gate.origin != self.origins["own"]:
            self.common.add(sound)

    def _read(self, party: str, entry: Verified) -> bool:
        """Into the record; whether the pictures may have it. What cannot be read they refuse by themselves."""
        try:
            said = self.confidential.read(party, entry, self.now_tai_ns)
        except NotForUs:
            self.unread.append(entry)  # held and receipted as it is
            return True
        except BadEvidence as error:
            self.unread.append(entry)
            self._keep(party, error, entry.data)
            return True
        if said.statement.mode != self.config.mode:
            self.unread.append(entry)
            why = f"entry {entry.index} of {entry.origin} is of mode {said.statement.mode}: {self.config.mode} expected"
            self._keep(party, WireError(why, entry.data))
            return False
        own = party == self.config.party
        if own:
            self._read_own(entry, said)
        body = said.body
        if isinstance(body, Tracklet):
            if body.since_tai_us is None or body.ended:
                self.marks.append(said)
        elif isinstance(body, Heartbeat):
            if not own:
                self._compare(party, body.heads)
        else:
            self.said.append(said)
        return True

    def _read_own(self, entry: Verified, said: Said) -> None:
        body, shared = said.body, entry.origin == self.config.origin
        if self._rebuilding:
            self.ledger.add("shared" if shared else "own", said.statement)
        if isinstance(body, Tracklet):
            self._used_ids = max(self._used_ids, number_of(body.track))
        elif isinstance(body, Vote | Floor):
            self.border.voted(entry.index)
            if isinstance(body, Floor):
                self.border.gates.clock.floor_s = max(self.border.gates.clock.floor_s, body.floor_s)
        if shared:
            self.disclosed[said.kind] = self.disclosed.get(said.kind, 0) + 1
            self.disclosed_bytes += len(entry.data)

    def _compare(self, party: str, heads: Sequence[Head]) -> None:
        """Heads against what we hold; a disk that fails here must not cost the entry that spoke of them."""
        try:
            self.border.compare(party, heads)
        except TocsinError as error:
            self._keep(self.config.party, error)


def number_of(track: str) -> int:
    """Number at the end of a track's name."""
    tail = track.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0
