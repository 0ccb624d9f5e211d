"""What follows from the logs alone: pictures, ledger, what was said. The base of a centre; made again at every start.

Entries are taken in after they passed a gate, each log in its order, each entry read once. A centre that `defers`
answers its partners first and takes in later, a few entries at a time, whenever its owner calls `digest`: receipts
say "I hold", and need no picture. While anything waits, nothing is concluded from what we do not know (V3).
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain

from tocsin.errors import BadEvidence, TocsinError
from tocsin.fuse import Fold
from tocsin.fuse.limits import KEEP_NS
from tocsin.mirror import Mirror, Verified
from tocsin.node.book import Book
from tocsin.node.border import Border
from tocsin.node.concluding import Conclusions
from tocsin.node.config import CentreConfig, Ports
from tocsin.node.custody.confidential import Confidential, NotForUs
from tocsin.node.groups import GroupLogs
from tocsin.node.link import Link
from tocsin.node.marks import Marks
from tocsin.node.pruning import carried_of, kept_of
from tocsin.node.record import Said, number_of, of_mode
from tocsin.node.shortcut import VERSION, LogPart, Shortcut, decode, encode, fingerprint, packed, runs, unpacked
from tocsin.node.standing import Standings
from tocsin.regime import Regime
from tocsin.release import Ledger, Meter
from tocsin.release.records import Group
from tocsin.wire.bodies import Agreement, Floor, Head, Heartbeat, Proposal, Tracklet, Vote
from tocsin.wire.errors import WireError
from tocsin.wire.groups import GroupLog, GroupSecret, HiddenHead
from tocsin.wire.measures import Measure
from tocsin.world.time import posix_s

NS = 1_000_000_000
GROUPS: tuple[Group, ...] = ("shared", "own")
ALIVE_NS = KEEP_NS + 600 * NS  # what was spoken of so lately a picture may still show; a chain that goes on is revived
_TRACK = re.compile(rb'"track"\s*:\s*"([a-z0-9-]{1,80})"')
AT_ONCE = 8  # so few are taken in before the answer also where a centre defers
READ_AHEAD = 256
UNDONE_BYTES = 8_192  # of a partner's quota, for each statement that its backdated one makes us work through again
KEPT_UNREAD = 1_000


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
    groups: GroupLogs
    first_regime: Regime
    defers: bool = False

    def _keep(self, source: str, error: TocsinError, data: bytes = b"") -> None:
        raise NotImplementedError

    @property
    def mirrors(self) -> dict[str, Mirror]:
        """Verified copies of the partners' logs, by party."""
        return self.border.mirrors

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
        self.groups.clear()
        tracklets = self.config.regime.terms.tracklet
        inflation = tracklets.inflation if tracklets is not None else 1.0
        self.ledger = Ledger(Meter(self.config.sensors, inflation, self.config.place_km_min))
        self.national, self.common = Fold(), Fold()
        self.standings = Standings(self.parties)
        self.said: list[Said] = []  # all but heartbeats and tracklets
        self.asked: list[Said] = []  # put to the vote, and our floor has not been asked about it (node.concluding)
        self.conclusions = Conclusions(self.ports.cells)
        self.marks = Marks()
        self.unread: deque[Verified] = deque(maxlen=KEPT_UNREAD)  # the latest; all of them stay in the logs
        self.disclosed: dict[str, int] = {}
        self.disclosed_bytes = 0
        self._used_ids = 0  # highest number of a track in our own logs: a name is never used again
        self._inboxes: dict[str, Inbox] = {}
        self.rebuilding = False
        self._skipped: dict[str, int] = {}  # by log: up to where a shortcut took the place of reading
        self._left: dict[str, dict[str, list[int]]] = {}  # by log, then track: entries that it left behind
        self._tracks: set[tuple[str, str]] = set()
        self._agreed: dict[str, set[str]] = {}  # by partner: regimes that its log has named

    @property
    def waiting(self) -> int:
        """Verified entries that are not yet in the pictures and the record."""
        return sum(self.waiting_by_party().values())

    def waiting_by_party(self) -> dict[str, int]:
        """The same for each party's logs."""
        return {
            party: sum(gate.size - self._inbox(gate).taken for gate in self._gates(party)) for party in self._logs
        }

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
        """After a start or a recovery: what was logged and mirrored, in order; the ledger from our own logs alone.

        Where a shortcut tells, only what still matters of the entries up to its sizes.
        """
        self._clear()
        data = self.ports.shortcut() if self.ports.shortcut is not None else None
        gates = {gate.origin: gate for party in self._logs for gate in self._listed(party)}
        found = decode(data, self.config, gates) if data is not None else None
        if found is not None and any(gate.held.dropped.at > found.logs[name].size for name, gate in gates.items()):
            found = None  # older than a pruning
        self.rebuilding = True
        for party in self._logs:
            if found is not None:
                self._take_kept(party, found)
            else:
                self._take_left(party)
            self._take_in(party)
            self.rebuilding = False  # the first of the logs are our own
        for party in self._logs if self.groups.rooms else ():  # groups of which the last member read names the keys
            self._take_in(party)
        self._base_id = self._used_ids
        self.border.take_up(unpacked(found) if found is not None else ())

    def _take_kept(self, party: str, found: Shortcut) -> None:
        """What a shortcut says must be read again of a party's logs; the counts are those of all that it covers."""
        for gate in self._listed(party):
            part, kept = found.logs[gate.origin], set(found.logs[gate.origin].kept)
            self._skipped[gate.origin] = part.size
            for start, end in runs(part.kept, READ_AHEAD):
                entries = [entry for entry in gate.entries(start, end) if entry.index in kept]
                now_ns = self.now_tai_ns
                self._pictured(gate, [entry for entry in entries if self._read(party, entry, now_ns)])
            self._inbox(gate).taken = part.size
        if party == self.config.party:
            self._used_ids, self.disclosed = found.used_ids, dict(found.disclosed)
            self.disclosed_bytes = found.disclosed_bytes
            self.ledger.meter.restore(found.told)

    def _take_left(self, party: str) -> None:
        """What is left of a log that was pruned (L11), and the counts of our own as they were carried over it."""
        for gate in self._listed(party):
            if not gate.held.dropped.at:
                continue
            try:
                told, left = carried_of(gate.held.dropped), kept_of(gate)
                until = min(told.size, gate.size) if gate.origin == self.config.origin else gate.held.dropped.at
                ahead = range(gate.held.dropped.at, until, READ_AHEAD)
                for entries in chain([left], (gate.entries(one, min(one + READ_AHEAD, until)) for one in ahead)):
                    now_ns = self.now_tai_ns
                    self._pictured(gate, [entry for entry in entries if self._read(party, entry, now_ns)])
            except TocsinError as error:
                if party == self.config.party:
                    raise
                self._keep(self.config.party, error)
                continue
            self._skipped[gate.origin] = gate.held.dropped.at
            self._inbox(gate).taken = max(until, gate.held.dropped.at)
            if gate.origin == self.config.origin:
                self._used_ids = max(self._used_ids, told.used_ids)
                self.disclosed, self.disclosed_bytes = dict(told.disclosed), told.disclosed_bytes
                self.ledger.meter.restore(told.told)

    def _revive(self, origin: str, track: str) -> None:
        """A track goes on that a shortcut had left behind: what was said of it before, after all. One scan a log."""
        gate = next(gate for party in self._logs for gate in self._gates(party) if gate.origin == origin)
        if origin not in self._left:
            left = self._left[origin] = {}
            for entry in gate.held.stream(0, self._skipped[origin]):
                for name in _TRACK.findall(entry.data):
                    left.setdefault(name.decode(), []).append(entry.index)
        for index in self._left[origin].pop(track, ()):
            self._pictured(gate, of_mode(gate.entries(index, index + 1), self.config.mode))

    @property
    def used_ids(self) -> int:
        """Highest number of a track in our own logs: a name is never used again."""
        return self._used_ids

    def shortcut(self) -> bytes:
        """For the next start: what of the logs, as far as they were taken in, it must read again."""
        still_open = {(self.origins[group], track) for group in GROUPS for track in self.ledger.open(group)}
        kept: dict[str, set[int]] = {name: set() for name in self._inboxes if name not in self.groups.origins}
        for origin, index in self.national.alive(self.now_tai_ns - ALIVE_NS, still_open):
            kept[origin].add(index)
        for one in self.said:
            if one.entry.origin in kept:
                kept[one.entry.origin].add(one.entry.index)
        logs = {}
        for gate in (gate for party in self._logs for gate in self._listed(party)):
            size = self._inbox(gate).taken
            indexes = sorted(index for index in kept[gate.origin] if index < size)
            logs[gate.origin] = LogPart(size, gate.held.tree.root_at(size).hex(), tuple(indexes))
        return encode(
            Shortcut(
                VERSION, fingerprint(self.config), logs, self._used_ids, self.disclosed, self.disclosed_bytes,
                self.ledger.meter.packed(), packed(self.border.gates.receipts),
            )
        )  # fmt: skip

    def _take_in(self, party: str) -> None:
        """What the gates of a party hold beyond what was taken; left to `digest` if it is much and we defer."""
        count = len(gates := self._gates(party))
        for gate in gates:
            inbox = self._inbox(gate)
            if gate.size <= inbox.taken:
                continue
            if self.defers and not self.rebuilding and gate.size - inbox.taken > AT_ONCE:
                continue
            while gate.size > inbox.taken and self._fill(party, gate, inbox):
                self._take(party, gate, inbox, READ_AHEAD)
        if self.groups.rooms and len(self._gates(party)) > count:
            self._take_in(party)  # logs of groups were opened by what was read

    @property
    def _logs(self) -> tuple[str, ...]:
        return (self.config.party, *self.mirrors)

    def taken(self, origin: str) -> int:
        """How many entries of a log are in the pictures and the record."""
        inbox = self._inboxes.get(origin)
        return inbox.taken if inbox is not None else 0

    def _gates(self, party: str) -> list[Mirror]:
        if party == self.config.party:
            return [book.gate for book in self.books.values()]
        return [self.mirrors[party], *self.groups.mirrors(party)] if self.groups.rooms else [self.mirrors[party]]

    def _listed(self, party: str) -> list[Mirror]:
        """Those that a shortcut speaks of: logs of groups are read as a whole at every start."""
        return [gate for gate in self._gates(party) if gate.origin not in self.groups.origins]

    def _inbox(self, gate: Mirror) -> Inbox:
        found = self._inboxes.get(gate.origin)
        if found is None:
            found = self._inboxes[gate.origin] = Inbox()
        return found

    def _fill(self, party: str, gate: Mirror, inbox: Inbox) -> bool:
        """Read ahead; False where the log is damaged."""
        if inbox.waiting:
            return True
        try:
            inbox.waiting.extend(gate.fresh(inbox.taken, min(gate.size, inbox.taken + READ_AHEAD)))
        except TocsinError as error:
            if party == self.config.party and self.rebuilding:
                raise  # without all of our own log we would not know what we said: fsck first
            self._keep(self.config.party, error)
        return bool(inbox.waiting)

    def _take(self, party: str, gate: Mirror, inbox: Inbox, most: int) -> None:
        """The next entries into the pictures and the record. The other mode's stay out (design rule 9)."""
        sound: list[Verified] = []
        now_ns = self.now_tai_ns
        for _ in range(min(most, len(inbox.waiting))):
            entry = inbox.waiting.popleft()
            inbox.taken = entry.index + 1
            if self._read(party, entry, now_ns):
                sound.append(entry)
        self._pictured(gate, sound)

    def _pictured(self, gate: Mirror, sound: Sequence[Verified]) -> None:
        if gate.origin in self.groups.origins:
            return  # everybody must compute the same picture
        self.national.add(sound)
        if gate.origin != self.origins["own"]:
            self.common.add(sound)
        link = self.links.get(self.border.gates.by_origin.get(gate.origin, ""))
        if link is not None:
            link.intake.charge(UNDONE_BYTES * (self.national.undone(gate.origin) + self.common.undone(gate.origin)))

    def _read(self, party: str, entry: Verified, now_tai_ns: int) -> bool:
        """Into the record; whether the pictures may have it. What cannot be read they refuse by themselves."""
        try:
            said = self.confidential.read(party, entry, now_tai_ns)
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
        if entry.origin in self.groups.origins and (why := self.groups.objection(said)):
            self.unread.append(entry)
            self._keep(party, WireError(f"entry {entry.index} of {entry.origin} {why}", entry.data))
            return False
        if own:
            self._read_own(entry, said)
        elif said.statement.epoch != self.border.gates.partners[party].epoch:
            self.unread.append(entry)
            why = f"entry {entry.index} of {entry.origin} is of epoch {said.statement.epoch}: not that of its log"
            self._keep(party, WireError(why, entry.data))
            return True
        elif why := self._odd_regime(party, said):
            self._keep(party, WireError(f"entry {entry.index} of {entry.origin} {why}", entry.data))
        body = said.body
        if isinstance(body, Tracklet):
            self.marks.add(said, body)
            self._knows(entry, body)
        elif isinstance(body, Heartbeat):
            if not own:
                self._compare(party, body.heads)
        elif not isinstance(body, GroupLog | GroupSecret | HiddenHead) or self.groups.take(said, body):
            self.said.append(said)
            if isinstance(body, Proposal | Measure):
                self.asked.append(said)
        return True

    def _odd_regime(self, party: str, said: Said) -> str:
        """Whether a partner speaks under a regime that its log never agreed to. Shown; a warning counts all the same.

        What is decided under a regime is for `decide`, which leaves votes under another one out (V1).
        """
        agreed = self._agreed.setdefault(party, {self.config.regime.sha256, self.first_regime.sha256})
        if isinstance(said.body, Agreement):
            agreed.add(sha256(said.body.regime_text.encode()).hexdigest())
        known = said.statement.regime in agreed
        return "" if known else f"is under regime {said.statement.regime[:12]}, which no agreement in this log names"

    def _knows(self, entry: Verified, body: Tracklet) -> None:
        key, skipped = (entry.origin, body.track), self._skipped.get(entry.origin, 0)
        if skipped and key not in self._tracks:
            self._tracks.add(key)
            if entry.index >= skipped and body.since_tai_us is not None:
                self._revive(*key)

    def _read_own(self, entry: Verified, said: Said) -> None:
        body, shared = said.body, entry.origin == self.config.origin
        if self.rebuilding:
            self.ledger.add("shared" if shared else "own", said.statement)
        if isinstance(body, Tracklet):
            self._used_ids = max(self._used_ids, number_of(body.track))
        elif isinstance(body, Vote | Floor):
            self.border.voted(entry.index)
            if isinstance(body, Floor):
                self.border.gates.clock.at_least(body.floor_s)
        elif isinstance(body, Heartbeat) and shared:
            self.border.gates.clock.at_least(posix_s(said.statement.observed.t_tai_us * 1_000), unless_ahead=True)
        if shared or entry.origin in self.groups.origins:
            self.disclosed[said.kind] = self.disclosed.get(said.kind, 0) + 1
            self.disclosed_bytes += len(entry.data)

    def _compare(self, party: str, heads: Sequence[Head]) -> None:
        """Heads against what we hold; a disk that fails here must not cost the entry that spoke of them."""
        try:
            self.border.compare(party, heads)
        except TocsinError as error:
            self._keep(self.config.party, error)
