"""One party's centre, without input or output of its own: scans, messages and commands in; entries and messages out.

    scan -> tracker -> release -> own log -> gate -> pictures
    partner's push -> gate -> pictures, and a receipt back

A bad input ends in one of the four roots of failure: evidence is kept, outages are retried, refusals are said; the
centre runs on and no logged entry is lost.
"""

from collections import deque
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence, TocsinError
from tocsin.log.checkpoint import Checkpoint
from tocsin.log.steps import Steps
from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror
from tocsin.node.agreement import agreement_of
from tocsin.node.book import Book
from tocsin.node.border import Border
from tocsin.node.concluding import conclude
from tocsin.node.config import COMMIT_WINDOW_MS, MISSED_BEATS, CentreConfig, Ports, Tracking
from tocsin.node.courses import Courses
from tocsin.node.custody.confidential import Confidential
from tocsin.node.exchange import Reply
from tocsin.node.folded import GROUPS, Folded
from tocsin.node.groups import GroupLogs
from tocsin.node.judging import open_due
from tocsin.node.measures import take_effect
from tocsin.node.pruning import Pruning
from tocsin.node.thinning import Thinning, shelves
from tocsin.release import Context, Draft, Released, Withheld, WithheldRecord, publish, track_drafts
from tocsin.wire.bodies import Head, Heartbeat, Notification, Tracklet
from tocsin.wire.envelope import Record
from tocsin.world.observation import Scan
from tocsin.world.time import posix_s

if TYPE_CHECKING:
    from tocsin.track import Picture

NS = 1_000_000_000
KEPT_SCANS = 512
WINDOW_NS = COMMIT_WINDOW_MS * 1_000_000


def as_head(checkpoint: Checkpoint) -> Head:
    """A checkpoint's body as it stands in heartbeats, votes and proposals (L3)."""
    return Head(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root.hex())


class PosixClock:
    """The log's clock port over the centre's."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def posix_s(self) -> int:
        """Whole POSIX seconds now."""
        return posix_s(self._ports.clock.now_tai_ns())


class Centre(Folded):
    """Compose it from a config and ports; drive it by `observe`, `receive`, `answered`, `tick` and `publish`."""

    def __init__(self, config: CentreConfig, ports: Ports) -> None:
        self.config = config
        self.first_regime = config.regime  # amendments replace the one in `config`
        self.ports = ports
        self._posix = PosixClock(ports)
        self.origins = {"shared": config.origin, "own": f"{config.origin}/own"}
        self.books = {group: self._book(origin) for group, origin in self.origins.items()}
        self.border = Border(
            config, ports, self.books["shared"], self._posix,
            taken=self._take_in, recovered=self._take_up, keep=self._keep,
        )  # fmt: skip
        self.papers: list[Notification] = []
        self.picture: Picture | None = None
        self.scans: deque[Scan] = deque(maxlen=KEPT_SCANS)  # the latest, to hold partners' tracks against; never leaves
        self._tracker: Tracking | None = None
        self._begin_due = False
        self._began_tai_ns = self.now_tai_ns
        self._beat_tai_ns: int | None = None
        self._committed_tai_ns: int | None = None
        self._committing = self._urgent = False
        self.courses = Courses()
        self._last_kept: dict[str, tuple[str, bytes]] = {}
        keys = (one.encryption_key for one in config.partners)
        self.confidential = Confidential(config.party, ports.vault, [key for key in keys if key is not None])
        self.withheld: dict[str, int] = {}
        self.thinning = Thinning(self, shelves(config, ports), self.border)
        self.groups = GroupLogs(
            self, self._book, taken=self._take_in, recovered=self._take_up, keep=self._keep
        )
        self.border.beside = self.groups.borders
        self._take_up()
        self.pruning = Pruning(self)

    @property
    def receipts(self) -> list[Receipt]:
        """Every verified receipt, given and got."""
        return self.border.gates.receipts

    @property
    def tracker(self) -> Tracking:
        """The tracker, made when it is first needed: it brings compiled kernels along."""
        if self._tracker is None:
            from tocsin.track import Tracker

            self._tracker = self.ports.wrapped(Tracker(self.config.party, self.config.sensors))
        return self._tracker

    @property
    def suspended(self) -> bool:
        """Whether the regime is suspended, by a party's signed step or by all together."""
        return self.standings.suspended(self)

    def posix_s(self) -> int:
        """Whole POSIX seconds now, as in cosignatures and deadlines."""
        return self._posix.posix_s()

    def observe(self, scan: Scan) -> None:
        """Take a sensor's scan: update tracks, say what the regime lets out.

        New and ended tracks are signed and pushed at once; the rest is committed in groups (L5).
        """
        self.scans.append(scan)
        seen = self.tracker.step(scan)
        self.picture = replace(seen, id=tuple(self._base_id + number for number in seen.id))
        urgent = False
        for draft in track_drafts(self.picture, self.ledger, self.config.regime, self._context()):
            self._append(draft)
            urgent = urgent or not isinstance(draft.body, Tracklet) or draft.body.since_tai_us is None
        self.commit(urgent=urgent, wait=False)

    def publish(self, draft: Draft) -> Released | Withheld:
        """The only way out, for every statement of every kind; logged, signed and ready for the partners on return."""
        outcome = self._append(draft)
        if isinstance(outcome, Released) and outcome.group not in GROUPS:
            self.groups.commit(outcome.group)
        else:
            self.commit()
        return outcome

    def say(self, body: Record) -> Released | Withheld:
        """Publish a statement about now, without references or signatures."""
        return self.publish(Draft(body=body, observed_tai_ns=self.now_tai_ns))

    def begin(self) -> None:
        """Log the manifest of pairing and the regime before anything else, if the log is new."""
        self._begin_due = not self.books["shared"].next_index and not self.border.opening.ready
        if self.books["shared"].next_index or self._begin_due:
            return
        self.say(agreement_of(self))
        self.groups.announce()

    def tick(self) -> None:
        """Heartbeat when due, retry what an outage left behind, pull from those whose entries stay away."""
        self.border.tick()
        if self._begin_due and self.border.opening.ready:
            self.begin()
        now_ns, last_ns = self.now_tai_ns, self._beat_tai_ns
        due = last_ns is None or not 0 <= now_ns - last_ns < self.config.heartbeat_s * NS  # or the clock was set back
        if due and self.links and self.border.opening.ready:
            self._beat_tai_ns = now_ns
            self._append(Draft(body=Heartbeat(heads=self.heads(), missed=self.silent()), observed_tai_ns=now_ns))
            for head in self.groups.beat():
                self._append(Draft(body=head, observed_tai_ns=now_ns))
        conclude(self)
        take_effect(self)
        open_due(self)
        self.commit(wait=False)
        self.groups.turn()
        for party in (self.config.party, *self.mirrors):
            self._take_in(party)
        self.thinning.turn()
        self.pruning.turn()

    def heads(self) -> tuple[Head, ...]:
        """Latest verified checkpoint of every partner (L3)."""
        return tuple(as_head(self.mirrors[party].head) for party in sorted(self.mirrors))

    def silent(self) -> tuple[str, ...]:
        """Partners that missed three beats (L4). A gap proves silence, not its cause."""
        limit_s = MISSED_BEATS * self.config.heartbeat_s
        return tuple(party for party, age_s in self.silence_s().items() if age_s > limit_s)

    def silence_s(self) -> dict[str, float]:
        """Seconds since each partner last showed anything new and verified: an entry, or a receipt. From our start."""
        now_ns = self.now_tai_ns
        heard = {party: link.heard_tai_ns or self._began_tai_ns for party, link in sorted(self.links.items())}
        return {party: max(0, now_ns - last_ns) / NS for party, last_ns in heard.items()}

    def commit(self, *, urgent: bool = True, wait: bool = True) -> None:
        """Sign what is pending in both logs. An outage is recorded and retried at the next tick; nothing is lost.

        What is not urgent waits until the window since the last commit has passed (L5). Without `wait` it may be
        done beside what goes on (`courses`).
        """
        now_ns, last_ns = self.now_tai_ns, self._committed_tai_ns
        if not urgent and last_ns is not None and 0 <= now_ns - last_ns < WINDOW_NS:
            return
        if wait:
            self.courses.settle()
            if self._pending:
                self.courses.now(self._commit(urgent=urgent))
        elif self._committing:
            self._urgent = self._urgent or urgent
        elif self._pending:
            self._committing = True
            self.courses.begin(self._commit(urgent=urgent), self._committed)

    @property
    def _pending(self) -> bool:
        return self.books["shared"].pending or self.books["own"].pending

    def _committed(self, _: None, error: Exception | None) -> None:
        self._committing = False
        if error is not None:
            raise error
        if self._urgent:
            self._urgent = False
            self.commit(wait=False)

    def _commit(self, *, urgent: bool) -> Steps[None]:
        pending = [group for group in GROUPS if self.books[group].pending]
        for group in pending:
            book = self.books[group]
            if group == "shared" and self.border.opening.halted:
                continue
            self._committed_tai_ns = self.now_tai_ns
            try:
                yield from book.commit_steps()
                book.urgent = book.size if urgent else book.urgent
            except TocsinError as error:
                self._keep(self.config.party, error)
        if pending:
            self._take_in(self.config.party)

    def outgoing(self) -> list[tuple[str, bytes]]:
        """Messages for partners, at most one in flight each."""
        self.commit(urgent=False, wait=False)
        found, now_ns = [], self.now_tai_ns
        for party in sorted(self.links):
            message = self._message(party, now_ns)
            if message is not None:
                found.append((party, message))
        return found

    def message(self, party: str) -> bytes | None:
        """Next message for one partner, None if there is none now."""
        self.commit(urgent=False, wait=False)
        return self._message(party, self.now_tai_ns)

    def _message(self, party: str, now_tai_ns: int) -> bytes | None:
        if self.groups.rooms:
            return self.groups.message(party, now_tai_ns)
        return self.border.message(party, now_tai_ns)

    def lost(self, party: str) -> None:
        """No answer came to a message for a partner: the next may go at once."""
        self.groups.lost(party)

    def receive(self, party: str, data: bytes) -> Reply:
        """A partner's request: verify, store, receipt. Never raises for what the partner sent."""
        reply: Reply = self.courses.now(self.receiving(party, data))
        return reply

    def receiving(self, party: str, data: bytes) -> Steps[Reply]:
        """The same as a course."""
        return self.border.receive(party, data)

    def answered(self, party: str, data: bytes) -> None:
        """A partner's answer to our message. Never raises for what the partner sent."""
        self.courses.now(self.answering(party, data))

    def answering(self, party: str, data: bytes) -> Steps[None]:
        """The same as a course."""
        yield from self.border.answered(party, data)
        if self._begin_due and self.border.opening.ready:
            self.begin()

    def _append(self, draft: Draft) -> Released | Withheld:
        outcome = publish(draft, self.config.regime, self.ledger, self._context())
        kept = outcome.record if isinstance(outcome, Withheld) else outcome.withheld
        if kept is not None:
            self.withheld[kept.what] = self.withheld.get(kept.what, 0) + 1
            self.ports.private.withheld(kept.t_tai_ns, f"{kept.what} {kept.about}", kept.why)
        if isinstance(outcome, Released):
            opening = self.border.opening
            if outcome.group == "shared" and not opening.ready:
                return self._held_back(draft, opening.why_not)
            if outcome.group not in GROUPS:
                why = self.groups.why_not(outcome.group, begins=outcome.template.kind == "group-secret")
                if why:
                    return self._held_back(draft, why)
            book = self.books[outcome.group]
            sealed = self.confidential.seal(outcome, self._append, book, self.now_tai_ns)
            if isinstance(sealed, Withheld):
                return self._held_back(draft, sealed.reason, retry=False)
            index = book.append(sealed)
            self.ledger.add(outcome.group, outcome.statement(index))
        return outcome

    def _held_back(self, draft: Draft, why: str, *, retry: bool = True) -> Withheld:
        record = WithheldRecord(what=draft.kind, about="-", t_tai_ns=self.now_tai_ns, why=why)
        self.ports.private.withheld(record.t_tai_ns, record.what, record.why)
        return Withheld(record=record, retry_tai_ns=self.now_tai_ns + NS if retry else None)

    def keep(self, error: TocsinError) -> None:
        """Keep a failure of our own (a disk, a request file) in the private record."""
        self._keep(self.config.party, error)

    def _context(self) -> Context:
        return Context(
            party=self.config.party,
            partners=tuple(sorted(self.links)),
            origin=self.config.origin,
            own_origin=self.origins["own"],
            epoch=self.config.epoch,
            mode=self.config.mode,
            authority=f"regime {self.config.regime.name}",
            clock=self.config.clock_name,
            now_tai_ns=self.now_tai_ns,
            clock_sigma_ns=self.config.clock_uncertainty_us * 1_000,
            suspended=self.suspended,
            more=self.standings.more(self),
            groups=self.groups.places,
        )

    def _keep(self, source: str, error: TocsinError, data: bytes = b"") -> None:
        """Keep what went wrong, with the bytes; the same again and again is kept once."""
        evidence = error.evidence if isinstance(error, BadEvidence) and error.evidence else data
        fork = getattr(error, "fork", None)
        if fork is not None:
            evidence = fork.encode()  # the proof, not only its second half
        mark = (str(error), sha256(evidence).digest())
        if self._last_kept.get(source) != mark:
            self._last_kept[source] = mark
            self.ports.private.evidence(self.now_tai_ns, source, str(error), evidence)

    def _book(self, origin: str) -> Book:
        store, cells = self.ports.store(origin), self.ports.cells
        writer = LogWriter.open(origin, store, cells, self.ports.log_signers(origin), self._posix)
        return Book(writer, Mirror.own(origin, writer.keys, store, cells, self._posix), store)
