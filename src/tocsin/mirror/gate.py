"""The gate: a mirror of one log. Foreign bytes come in here and nowhere else, the own log's included.

Order of every offer, each step finished before the next begins:

    G1  bounds         sizes and counts, before any cryptography (T10)
    G2  signatures     every log key signed, the origin is the key name, no extension lines (P1 to P3)
    G3  position       a size not above what is held must have the root that our tree had there, else Equivocation
    G4  consistency    the proof leads from what is held to the signed root (P5)
    G5  entries        they hash, on top of what is held, to the signed root
    G6  store          entries, tiles, sync
    G7  state          (origin, size, root, time) by durable compare-and-set; time = max(clock, floor) (V5)
    G8  cosign         with exactly that time; what earlier offers brought and no receipt covered is read again first
    G9  receipt        stored durably, if it is the first for this size
    G10 answer

A failure up to G6 changes nothing that counts; after one in G7 the state is read again before the next offer.
"""

from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct

from tocsin.errors import Outage
from tocsin.log.checkpoint import Checkpoint
from tocsin.log.cosignature import SignedCheckpoint, open_checkpoint, sign_checkpoint
from tocsin.log.edge import Edge, load_edge
from tocsin.log.errors import CheckpointError, TileError
from tocsin.log.keys import COSIGNER_TYPES, VerifierKey
from tocsin.log.merkle import leaf_hashes
from tocsin.log.ports import CheckpointStore, Clock, Signer, TileId
from tocsin.log.steps import Steps, at_once
from tocsin.log.tree import Tree
from tocsin.mirror import judge
from tocsin.mirror.errors import OutOfStep, StateConflict
from tocsin.mirror.evidence import Equivocation, Fork, parse_fork
from tocsin.mirror.holdings import Holdings
from tocsin.mirror.ports import MirrorStore
from tocsin.mirror.pruned import Dropped, dropped_cell, parse_dropped
from tocsin.mirror.receipt import Receipt, attach, keep_known
from tocsin.mirror.state import MAX_FLOOR_S, State, fork_cell, parse_state, state_cell
from tocsin.mirror.verified import Verified

DEFAULT_QUOTA = judge.Quota()


class Mirror:
    """Verified copy of the log `origin`, whose checkpoints must carry every one of `log_keys` (L9)."""

    def __init__(
        self,
        origin: str,
        log_keys: Sequence[VerifierKey],
        store: MirrorStore,
        cells: CheckpointStore,
        clock: Clock,
        cosigners: Sequence[Signer] = (),
        *,
        quota: judge.Quota = DEFAULT_QUOTA,
        keeps: bool = True,
    ) -> None:
        """Take up the mirror where its state left it. With `keeps` False the store is the log writer's own.

        Raises TileError if the stored tiles do not lead to the accepted checkpoint (then: fsck).
        """
        _check_keys(origin, log_keys, cosigners)
        self.origin = origin
        self.log_keys = tuple(log_keys)
        self._store = store
        self._cells = cells
        self._clock = clock
        self._cosigners = tuple(cosigners)
        self._quota = quota
        self._keeps = keeps
        self._held = Holdings(origin, log_keys, self.cosigner_keys, store)
        self._state = State()
        self._cell: bytes | None = None
        self._sure = self._offering = False
        self._vouched: int | None = None  # entries that need not be read again before they are receipted
        self._settle()

    @classmethod
    def own(
        cls, origin: str, log_keys: Sequence[VerifierKey], store: MirrorStore, cells: CheckpointStore, clock: Clock
    ) -> "Mirror":
        """The gate before one's own log: same checks, no cosignature; of the writer's store it writes only receipts.

        What it accepted is what the writer's cell holds: it keeps no state of its own.
        """
        return cls(origin, log_keys, store, cells, clock, keeps=False)

    @property
    def cosigner_keys(self) -> tuple[VerifierKey, ...]:
        """Public keys of this mirror's receipts."""
        return tuple(signer.key for signer in self._cosigners)

    @property
    def size(self) -> int:
        """Entries held and verified."""
        return self._held.tree.edge.size

    @property
    def head(self) -> Checkpoint:
        """Latest verified checkpoint, as heartbeats and votes embed it (L3): the body without signatures."""
        return Checkpoint(self.origin, self.size, self._held.tree.edge.root)

    @property
    def checkpoint_note(self) -> bytes:
        """The last accepted checkpoint with the log's signatures, b"" before the first."""
        return self._state.note

    @property
    def held(self) -> Holdings:
        """Entries, proofs and receipts of what is held."""
        return self._held

    @property
    def floor_s(self) -> int:
        """POSIX time below which this mirror will never cosign again; persisted (V3, V5)."""
        return self._state.floor_s

    @property
    def fork(self) -> Fork | None:
        """First proof of a fork of this log that came to this gate, None if there is none."""
        data = self._cells.load(fork_cell(self.origin))
        return None if data is None else parse_fork(data)

    def entries(self, start: int, end: int) -> list[Verified]:
        """Verified entries [start, end), not beyond what is held. Raises TileError naming a damaged entry.

        `held.stream` gives the same one by one, for more entries than should be in memory at once.
        """
        return list(self._held.stream(start, end))

    def fresh(self, start: int, end: int) -> list[Verified]:
        """The same; what was verified a moment ago as it was verified, whatever became of the disk since."""
        return self._held.fresh(start, end)

    def drop_steps(self, dropped: Dropped, numbers: Sequence[int]) -> Steps[None]:
        """Hold these entries no more, as every party agreed; whether they did is for the caller to know (L11).

        The cell first: nothing is missing that it does not account for.
        """
        cell = dropped_cell(self.origin)

        def drop() -> None:
            self._cells.swap(cell, self._cells.load(cell), dropped.encode())
            self._store.drop_entries(numbers)

        yield drop
        self._held.dropped = dropped

    def fill_steps(self, rows: Sequence[tuple[int, bytes]], dropped: Dropped | None = None) -> Steps[None]:
        """Take back entries that were dropped, each checked against the tree. `dropped`: what is still missing then."""
        for index, data in rows:
            self._held.tree.check_entries(index, [data])
        cell = dropped_cell(self.origin)

        def fill() -> None:
            self._store.fill_entries(rows)
            if dropped is not None:
                self._cells.swap(cell, self._cells.load(cell), dropped.encode())

        yield fill
        if dropped is not None:
            self._held.dropped = dropped

    def raise_floor(self) -> int:
        """Persist max(clock, floor) although the log is silent, and return it (V3)."""
        self._alone()
        self._settle()
        floor_s = self._time()
        if floor_s > self._state.floor_s:
            state = State(floor_s, self._state.note)
            if self._keeps:
                self._persist(state)
            self._state = state
        return floor_s

    def accept_receipt(self, note: bytes, lines: bytes, mirror_keys: Sequence[VerifierKey]) -> int:
        """Keep a partner's receipt lines for checkpoint `note` of this log; their time in POSIX seconds.

        Raises LogError or ReceiptError.
        """
        return at_once(self.accept_steps(note, lines, mirror_keys))

    def accept_steps(self, note: bytes, lines: bytes, mirror_keys: Sequence[VerifierKey]) -> Steps[int]:
        """The same."""
        return self._held.accept_steps(note, lines, mirror_keys)

    def offer(
        self, checkpoint_note: bytes, start: int, entries: Sequence[bytes], consistency: Sequence[bytes] = ()
    ) -> Receipt:
        """Take a checkpoint and the entries [start, its size); answer when all is verified and stored.

        `consistency` leads from `start` to the checkpoint's size (empty where `start` is 0 or that size). A
        checkpoint of the size held refreshes the receipt's time. `start` may lie before the size held: the
        overlap must then be the same entries.

        Raises LogError or MirrorError (bad evidence; nothing changed), Equivocation with a Fork, OutOfStep with
        the size to start from, OverQuota, Outage.
        """
        return at_once(self.offer_steps(checkpoint_note, start, entries, consistency))

    def offer_steps(
        self, checkpoint_note: bytes, start: int, entries: Sequence[bytes], consistency: Sequence[bytes] = ()
    ) -> Steps[Receipt]:
        """The same; G6 to G9 are one piece of work. One offer at a time, and no `raise_floor` meanwhile."""
        self._alone()
        self._quota.check(checkpoint_note, start, entries, consistency)  # G1
        signed = open_checkpoint(checkpoint_note, self.log_keys)  # G2
        if signed.checkpoint.extensions:
            raise CheckpointError(f"checkpoint of {self.origin}: extension lines, expected none", checkpoint_note)
        self._settle()
        new, held = signed.checkpoint, self.size
        if new.size <= held:  # G3
            self._convict(judge.older(new, checkpoint_note, self._held.tree, self._state.note))
        if new.size < held or start > held:
            raise OutOfStep(f"mirror of {self.origin}: {held} entries are held, offered {start} to {new.size}", held)
        if new.size == held:
            return (yield from self._take(signed, _Grown(None, {}, held, ())))
        claim = judge.Claim(new, checkpoint_note, start, leaf_hashes(entries), tuple(consistency))
        edge, tiles = self._judge(claim)
        return (yield from self._take(signed, _Grown(edge, tiles, held, entries[held - start :])))

    def _judge(self, claim: judge.Claim) -> tuple[Edge, dict[TileId, bytes]]:
        tree, note = self._held.tree, self._state.note
        edge = tree.edge
        if claim.start < tree.size:
            edge = load_edge(claim.start, lambda level, index: b"".join(tree.tile(level, index)))
        self._convict(judge.check_consistency(claim, edge, tree, note))  # G4
        grown, tiles = judge.extend(claim, edge)  # G5
        self._convict(judge.rewritten(claim, edge, tree, note))
        return grown, tiles

    def _convict(self, fork: Fork | None) -> None:
        """Keep the first proof of a fork, and raise Equivocation: also when the proof cannot be kept now."""
        if fork is None:
            return
        with suppress(Outage):
            self._cells.swap(fork_cell(self.origin), None, fork.encode())
        raise Equivocation(f"log {self.origin} signed two histories of its first {fork.at} entries", fork)

    def _take(self, signed: SignedCheckpoint, grown: "_Grown") -> Steps[Receipt]:
        new, time_s = signed.checkpoint, self._time()
        note = keep_known(signed.note, self.log_keys)
        state = State(time_s, note)
        if not self._keeps:  # the writer's own cell says as much, and was set before this gate saw the checkpoint
            self._go_on(state, grown)
            return Receipt(self.origin, new.size, new.root, time_s, b"", note)
        swapped = first = False
        receipt, shown = b"", note
        lost = self._lost() if self._cosigners else None

        def store() -> None:
            nonlocal swapped, first, receipt, shown
            if grown.edge is not None:  # G6
                self._store.put_entries(grown.start, grown.entries)
                self._store.put_tiles(grown.tiles)
                self._store.sync()
            self._persist(state)  # G7
            swapped = True
            if lost is not None:
                raise lost
            receipt = b"".join(sign_checkpoint(new, signer, time_s).encode() for signer in self._cosigners)  # G8
            if receipt:
                shown = attach(note, receipt)
                first = self._held.keep(new.size, shown)  # G9

        self._offering = True
        try:
            yield store
        finally:
            self._offering = False
            if swapped:
                self._go_on(state, grown)
        if receipt:
            self._vouched = new.size
        if first:
            self._held.remember(new.size, time_s)
        return Receipt(self.origin, new.size, new.root, time_s, receipt, shown)  # G10

    def _lost(self) -> Outage | None:
        """Whether the disk lost what it took in before (muted, or before a power cut) and was never receipted.

        Entries that such a disk holds are still taken in; they are not receipted.
        """
        if self._vouched is None:
            self._vouched = self._held.given()
        try:
            for _ in self._held.checked(self._vouched, self.size):
                pass
        except TileError as error:
            return Outage(f"mirror of {self.origin}: our disk lost what was not receipted yet; run fsck ({error})")
        self._vouched = self.size
        return None

    def _alone(self) -> None:
        if self._offering:
            raise AssertionError(f"mirror of {self.origin}: an offer is under way; wait until it has ended")

    def _go_on(self, state: State, grown: "_Grown") -> None:
        """From what is persisted."""
        self._state, self._held.note = state, state.note
        if grown.edge is not None:
            self._held.recent.add(self.size, grown.entries)
            self._held.tree.grow(grown.edge)

    def _time(self) -> int:
        return min(max(self._clock.posix_s(), self._state.floor_s), MAX_FLOOR_S)

    def _persist(self, new: State) -> None:
        """Touches the cell and what is known of it, nothing that is read."""
        self._sure = False
        if not self._cells.swap(state_cell(self.origin), self._cell, new.encode()):
            raise StateConflict(f"mirror of {self.origin}: its state was moved by another process")
        self._cell, self._sure = new.encode(), True

    def _settle(self) -> None:
        """Read the state, at the start and after a compare-and-set that failed or never answered."""
        if self._sure:
            return
        self._state = self._load()
        edge = Edge()
        if self._state.note:
            head = open_checkpoint(self._state.note, self.log_keys).checkpoint
            edge = load_edge(head.size, self._store.tile)
            if edge.root != head.root:
                raise TileError(f"mirror of {self.origin}: the stored tiles do not lead to its checkpoint")
        self._vouched = None
        self._held.tree, self._held.note = Tree(edge, self._store.tile), self._state.note
        self._held.recent.clear()
        gone = self._cells.load(dropped_cell(self.origin))
        self._held.dropped = Dropped() if gone is None else parse_dropped(gone)
        self._sure = True

    def _load(self) -> State:
        if not self._keeps:
            return State(0, self._cells.load(self.origin) or b"")
        self._cell = self._cells.load(state_cell(self.origin))
        return State() if self._cell is None else parse_state(self._cell)


class _Grown(Struct, frozen=True):
    """What an offer adds: the edge after it and its tiles (None, none if it adds nothing), the entries from `start`."""

    edge: Edge | None
    tiles: dict[TileId, bytes]
    start: int
    entries: Sequence[bytes]


def _check_keys(origin: str, log_keys: Sequence[VerifierKey], cosigners: Sequence[Signer]) -> None:
    """Trap 2: a mirror's name and keys are not the log's, and each key has one purpose."""
    if not log_keys or any(key.name != origin for key in log_keys):
        raise AssertionError(f"log keys of {origin} must carry its name")
    publics = [key.public for key in log_keys] + [signer.key.public for signer in cosigners]
    if len(set(publics)) != len(publics):
        raise AssertionError(f"a mirror of {origin} needs keys of its own, one a cosigner")
    if any(s.key.algorithm not in COSIGNER_TYPES or s.key.name == origin for s in cosigners):
        raise AssertionError(f"a mirror of {origin} needs its own name and keys of type 0x04 or 0x06")
