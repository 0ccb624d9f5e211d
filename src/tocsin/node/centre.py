"""One party's centre, without input or output of its own: scans, messages and commands in; entries and messages out.

    scan -> tracker -> release -> own log -> gate -> pictures
    partner's push -> gate -> pictures, and a receipt back

A bad input ends in one of the four roots of failure: evidence is kept, outages are retried, refusals are said; the
centre runs on and no logged entry is lost.
"""

from collections.abc import Iterable

from tocsin.decide import Receipt
from tocsin.errors import BadEvidence, Outage, TocsinError
from tocsin.fuse import Fold
from tocsin.log.checkpoint import Checkpoint
from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror, Verified
from tocsin.mirror.errors import OutOfStep
from tocsin.node.book import Book
from tocsin.node.config import HEARTBEAT_S, MISSED_BEATS, CentreConfig, Partner, Ports
from tocsin.node.exchange import Answer, decode_answer, decode_push, unpack
from tocsin.node.link import Link, receipt_of, stored_receipts
from tocsin.node.record import Said, read
from tocsin.release import Context, Draft, Ledger, Released, Withheld, publish
from tocsin.release.tracklets import track_drafts
from tocsin.track import Picture, Tracker
from tocsin.wire.bodies import Agreement, Head, Heartbeat, Notification, PartyKeys, Tracklet
from tocsin.wire.errors import WireError
from tocsin.world.observation import Scan
from tocsin.world.time import posix_s

NS = 1_000_000_000


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


class Centre:
    """Compose it from a config and ports; drive it by `observe`, `receive`, `answered`, `tick` and `publish`."""

    def __init__(self, config: CentreConfig, ports: Ports) -> None:
        self.config = config
        self.ports = ports
        self._posix = PosixClock(ports)
        self.origins = {"shared": config.origin, "own": f"{config.origin}/own"}
        self.books = {group: self._book(origin) for group, origin in self.origins.items()}
        self.mirrors = {partner.party: self._mirror(partner) for partner in config.partners}
        self.links = {partner.party: Link(partner) for partner in config.partners}
        self.receipts: list[Receipt] = []
        self.ledger = Ledger()
        self.national, self.common = Fold(), Fold()
        self.said: list[Said] = []  # all but heartbeats and tracklets
        self.marks: list[Said] = []  # the first and last tracklet of every track
        self.unread: list[Verified] = []
        self.heard_tai_ns: dict[str, int] = {}
        self.disclosed: dict[str, int] = {}
        self.disclosed_bytes = 0
        self.withheld: dict[str, int] = {}
        self.papers: list[Notification] = []
        self.tracker = Tracker(config.party, config.sensors)
        self.picture: Picture | None = None
        self._beat_tai_ns: int | None = None
        self._take_up()

    @property
    def now_tai_ns(self) -> int:
        """Time now."""
        return self.ports.clock.now_tai_ns()

    @property
    def parties(self) -> tuple[str, ...]:
        """Every party of the regime, sorted: nobody comes first."""
        return tuple(sorted((self.config.party, *self.links)))

    def posix_s(self) -> int:
        """Whole POSIX seconds now, as in cosignatures and deadlines."""
        return self._posix.posix_s()

    def observe(self, scan: Scan) -> None:
        """Take a sensor's scan: update tracks, say what the regime lets out."""
        self.picture = self.tracker.step(scan)
        for draft in track_drafts(self.picture, self.ledger, self.config.regime, self._context()):
            self._append(draft)
        self.commit()

    def publish(self, draft: Draft) -> Released | Withheld:
        """The only way out, for every statement of every kind; logged, signed and ready for the partners on return."""
        outcome = self._append(draft)
        self.commit()
        return outcome

    def begin(self) -> None:
        """Log the manifest of pairing and the regime before anything else, if the log is new."""
        if self.books["shared"].writer.size:
            return
        keys = [(p.party, p.origin, p.log_keys, p.mirror_keys) for p in self.config.partners]
        mine = tuple(signer.key for signer in self.ports.mirror_signers)
        keys.append((self.config.party, self.config.origin, self.books["shared"].writer.keys, mine))
        parties = tuple(
            PartyKeys(
                party=party,
                origin=origin,
                log_keys=tuple(key.text for key in log_keys),
                mirror_keys=tuple(key.text for key in mirror_keys),
            )
            for party, origin, log_keys, mirror_keys in sorted(keys, key=lambda one: one[0])
        )
        body = Agreement(regime_text=self.config.regime.data.decode(), parties=parties)
        self.publish(Draft(body=body, observed_tai_ns=self.now_tai_ns))

    def tick(self) -> None:
        """Heartbeat when due, retry what an outage left behind."""
        due = self._beat_tai_ns is None or self.now_tai_ns - self._beat_tai_ns >= HEARTBEAT_S * NS
        if due and self.links:
            self._beat_tai_ns = self.now_tai_ns
            beat = Heartbeat(heads=self.heads(), missed=self.silent())
            self._append(Draft(body=beat, observed_tai_ns=self.now_tai_ns))
        self.commit()

    def heads(self) -> tuple[Head, ...]:
        """Latest verified checkpoint of every partner (L3)."""
        return tuple(as_head(self.mirrors[party].head) for party in sorted(self.mirrors))

    def silent(self) -> tuple[str, ...]:
        """Partners that missed three beats (L4). A gap proves silence, not its cause."""
        limit = MISSED_BEATS * HEARTBEAT_S * NS
        heard = self.heard_tai_ns
        return tuple(p for p in sorted(self.links) if p in heard and self.now_tai_ns - heard[p] > limit)

    def commit(self) -> None:
        """Sign what is pending in both logs. An outage is recorded and retried at the next tick; nothing is lost."""
        for book in self.books.values():
            if not book.pending:
                continue
            try:
                self._take_in(self.config.party, book.commit())
            except Outage as outage:
                self._keep(self.config.party, outage)

    def outgoing(self) -> list[tuple[str, bytes]]:
        """Messages for partners, at most one in flight each."""
        book = self.books["shared"]
        pushes = ((party, link.push(book, self.now_tai_ns)) for party, link in sorted(self.links.items()))
        return [(party, push) for party, push in pushes if push is not None]

    def receive(self, party: str, data: bytes) -> Answer:
        """A partner's push: verify, store, receipt. Never raises for what the partner sent."""
        mirror = self.mirrors.get(party)
        if mirror is None:
            return Answer(held=0, refused=f"{party}: not a party of this agreement")
        before = mirror.size
        try:
            push = decode_push(data)
            entries, proof = unpack(push.entries, "entry"), unpack(push.consistency, "proof hash")
            receipt = mirror.offer(push.checkpoint.encode(), push.start, entries, proof)
        except OutOfStep as step:
            return Answer(held=step.held_size)
        except TocsinError as error:
            self._keep(party, error, data)
            return Answer(held=mirror.size, refused=str(error)[:2_000])
        self.heard_tai_ns[party] = self.now_tai_ns
        self.receipts.append(receipt_of(receipt.note, self.config.party, receipt.time_s))
        self._take_in(party, mirror.entries(before, mirror.size))
        return Answer(held=receipt.size, receipt=receipt.lines.decode())

    def answered(self, party: str, data: bytes) -> None:
        """A partner's answer to our push. Never raises for what the partner sent."""
        try:
            receipt = self.links[party].answered(decode_answer(data), self.books["shared"], self.now_tai_ns)
        except TocsinError as error:
            self._keep(party, error, data)
            return
        if receipt is not None:
            self.receipts.append(receipt)

    def _append(self, draft: Draft) -> Released | Withheld:
        outcome = publish(draft, self.config.regime, self.ledger, self._context())
        kept = outcome.record if isinstance(outcome, Withheld) else outcome.withheld
        if kept is not None:
            self.withheld[kept.what] = self.withheld.get(kept.what, 0) + 1
            self.ports.private.withheld(kept.t_tai_ns, f"{kept.what} {kept.about}", kept.why)
        if isinstance(outcome, Released):
            index = self.books[outcome.group].append(outcome)
            self.ledger.add(outcome.group, outcome.statement(index))
        return outcome

    def _take_in(self, party: str, entries: Iterable[Verified]) -> None:
        """Verified entries, own or a partner's: into the pictures and the record."""
        entries = list(entries)
        shared = [entry for entry in entries if entry.origin != self.origins["own"]]
        self.national.add(entries)
        self.common.add(shared)
        for entry in entries:
            self._read(party, entry)

    def _read(self, party: str, entry: Verified) -> None:
        try:
            said = read(party, entry, self.now_tai_ns)
        except WireError as error:
            self.unread.append(entry)
            self._keep(party, error, entry.data)
            return
        if isinstance(said.body, Tracklet):
            if said.body.since_tai_us is None or said.body.ended:
                self.marks.append(said)
        elif said.kind != "heartbeat":
            self.said.append(said)
        if party == self.config.party and entry.origin == self.config.origin:
            self.disclosed[said.kind] = self.disclosed.get(said.kind, 0) + 1
            self.disclosed_bytes += len(entry.data)

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
        )

    def _keep(self, source: str, error: TocsinError, data: bytes = b"") -> None:
        evidence = error.evidence if isinstance(error, BadEvidence) and error.evidence else data
        self.ports.private.evidence(self.now_tai_ns, source, str(error), evidence)

    def _book(self, origin: str) -> Book:
        store, cells = self.ports.store(origin), self.ports.cells
        writer = LogWriter.open(origin, store, cells, self.ports.log_signers(origin), self._posix)
        return Book(writer, Mirror.own(origin, writer.keys, store, cells, self._posix), store)

    def _mirror(self, partner: Partner) -> Mirror:
        store = self.ports.store(partner.origin)
        signers = self.ports.mirror_signers
        return Mirror(partner.origin, partner.log_keys, store, self.ports.cells, self._posix, signers)

    def _take_up(self) -> None:
        """After a restart: everything already logged and mirrored, in order; the ledger from our own logs alone."""
        for group, book in self.books.items():
            held = list(book.gate.entries(0, book.gate.size))
            self._take_in(self.config.party, held)
            for entry in held:
                self._remember(group, entry)
        for partner in self.config.partners:
            mirror = self.mirrors[partner.party]
            self._take_in(partner.party, mirror.entries(0, mirror.size))
            self._receipts_of(partner)

    def _receipts_of(self, partner: Partner) -> None:
        """Receipts given to and got from a partner, from the stores."""
        mine = [signer.key for signer in self.ports.mirror_signers]
        given, got = self.ports.store(partner.origin), self.ports.store(self.config.origin)
        self.receipts.extend(stored_receipts(given, partner.log_keys, self.config.party, mine))
        keys = self.books["shared"].writer.keys
        self.receipts.extend(stored_receipts(got, keys, partner.party, partner.mirror_keys))

    def _remember(self, group: str, entry: Verified) -> None:
        statement = read(self.config.party, entry).statement
        self.ledger.add("shared" if group == "shared" else "own", statement)
