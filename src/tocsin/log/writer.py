"""The writer of one's own log. The only code that signs checkpoints of it.

Order of every commit (L1), each step finished before the next begins:

    W1  put_entries    new entries
    W2  put_tiles      every tile that grew
    W3  sync           both survive a power cut from here on
    W4  sign           the checkpoint; the signatures stay inside the writer
    W5  swap           the signed checkpoint, durable, compare-and-set against the last one
    W6  return         only now may the signature leave

A failure in W1 to W4 leaves the old checkpoint in force and the entries pending. After a failure in W5 the writer
looks which checkpoint is in force before it goes on. Whatever is in force always has its entries and tiles.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from tocsin.log.checkpoint import Checkpoint
from tocsin.log.cosignature import open_checkpoint, sign_checkpoint
from tocsin.log.edge import Edge, load_edge
from tocsin.log.errors import BehindPartner, LogError, StoreConflict, TileError
from tocsin.log.keys import LOG_TYPES, VerifierKey
from tocsin.log.merkle import leaf_hashes
from tocsin.log.note import Note
from tocsin.log.ports import CheckpointStore, Clock, LogStore, Signer, TileId
from tocsin.log.recent import Recent
from tocsin.log.steps import Steps, Work, at_once
from tocsin.log.tiles import check_entry
from tocsin.log.tree import Tree


class LogWriter:
    """Appends entries and signs checkpoints of the log named `origin`. Make one with `LogWriter.open`."""

    def __init__(
        self,
        origin: str,
        store: LogStore,
        checkpoints: CheckpointStore,
        signers: Sequence[Signer],
        clock: Clock,
        *,
        note: bytes | None,
        edge: Edge,
        time_s: int,
    ) -> None:
        self.origin = origin
        self._store = store
        self._checkpoints = checkpoints
        self._signers = tuple(signers)
        self._clock = clock
        self._note = note
        self._attempt: _Attempt | None = None
        self._lost = False
        self._tree = Tree(edge, store.tile)
        self._time_s = time_s
        self._pending: list[bytes] = []
        self._recent = Recent()

    @classmethod
    def open(
        cls, origin: str, store: LogStore, checkpoints: CheckpointStore, signers: Sequence[Signer], clock: Clock
    ) -> "LogWriter":
        """Take up the log where its last checkpoint left it, in O(log n) reads; begin it if there is none.

        Entries past the checkpoint never had a signature and are forgotten. Raises TileError if the stored tiles do
        not lead to the checkpoint's root (then: fsck), SignatureError if the checkpoint is not by these signers.
        """
        keys = [signer.key for signer in signers]
        if not keys or any(key.name != origin or key.algorithm not in LOG_TYPES for key in keys):
            raise AssertionError(f"signers of {origin} need its name and type 0x01 or 0x06")
        note = checkpoints.load(origin)
        edge, time_s = Edge(), 0
        if note is not None:
            signed = open_checkpoint(note, keys)
            edge = load_edge(signed.checkpoint.size, store.tile)
            if edge.root != signed.checkpoint.root:
                raise TileError(f"log {origin}: the stored tiles do not lead to its last checkpoint", note)
            time_s = signed.log_time_s or 0
        return cls(origin, store, checkpoints, signers, clock, note=note, edge=edge, time_s=time_s)

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """Public keys of the log; a reader requires all of them."""
        return tuple(signer.key for signer in self._signers)

    @property
    def size(self) -> int:
        """Entries under the last checkpoint."""
        return self._tree.edge.size

    @property
    def next_index(self) -> int:
        """Index that the next appended entry gets."""
        return self._tree.edge.size + len(self._pending)

    @property
    def pending(self) -> bool:
        """Whether entries wait for a commit."""
        return bool(self._pending)

    @property
    def checkpoint(self) -> bytes | None:
        """The last signed checkpoint, None before the first commit."""
        return self._note

    @property
    def head(self) -> Checkpoint:
        """Origin, size and root under the last checkpoint."""
        return Checkpoint(self.origin, self._tree.size, self._tree.edge.root)

    @property
    def tree(self) -> Tree:
        """Proofs and checked reads of what is committed."""
        return self._tree

    def append(self, entries: Sequence[bytes]) -> range:
        """Indexes these entries will have. Nothing is stored or signed before `commit`. Raises EntryRefused."""
        for entry in entries:
            check_entry(entry)
        first = self.next_index
        self._pending.extend(entries)
        return range(first, self.next_index)

    def commit(self) -> bytes:
        """Store, then sign, what is pending; the new checkpoint (the last one again if nothing is pending).

        Raises Outage with everything still pending: call it again. Raises StoreConflict if another writer is at
        work: this one then refuses for good.
        """
        return at_once(self.commit_steps())

    def commit_steps(self, along: Work = lambda: None) -> Steps[bytes]:
        """The same; W1 to W5 are one piece of work. `along`: what else is put before W3, to become durable with it."""
        self._settle()
        if self._note is not None and not self._pending:
            return self._note
        signed = tuple(self._pending)
        edge, tiles = self._tree.edge.extend(leaf_hashes(signed))
        time_s = max(self._clock.posix_s(), self._time_s)
        swapped = False

        def store() -> None:
            nonlocal swapped
            self._make_durable(signed, tiles, along)  # W1 to W3
            note = self._sign(Checkpoint(self.origin, edge.size, edge.root), time_s)  # W4
            self._attempt = _Attempt(note, edge, time_s, signed)
            swapped = self._checkpoints.swap(self.origin, self._note, note)  # W5

        yield store
        if swapped and self._attempt is not None:
            self._adopt(self._attempt)
        else:
            self._settle()
        return self._note or b""  # W6

    def recover(self, note: bytes, entries: Sequence[bytes]) -> None:
        """Take back from a partner what our store lost: our own checkpoint `note` and the entries from `size` on.

        For a store restored from a backup (L1): nothing is signed anew, the signed history is taken up again. Raises
        SignatureError if the checkpoint is not ours, TileError if the entries do not lead to it from what we hold
        (then another history was signed: L10), BehindPartner if entries are pending.
        """
        self._settle()
        signed = open_checkpoint(note, self.keys)
        if self._pending:
            raise BehindPartner(f"log {self.origin}: entries wait to be signed; recover before the first append")
        edge, tiles = self._tree.edge.extend(leaf_hashes(entries))
        if (edge.size, edge.root) != (signed.checkpoint.size, signed.checkpoint.root):
            raise TileError(f"log {self.origin}: the entries from {self.size} do not lead to the checkpoint", note)
        self._make_durable(entries, tiles)
        self._swap(_Attempt(note, edge, max(signed.log_time_s or 0, self._time_s), ()))

    def entries(self, start: int, end: int) -> list[bytes]:
        """Committed entries [start, end), checked against the signed tree. Raises TileError."""
        found = list(self._store.entries(start, min(end, self.size)))
        if len(found) != min(end, self.size) - start:
            raise TileError(f"log {self.origin}: {len(found)} entries stored from {start}, expected more")
        self._tree.check_entries(start, found)
        return found

    def fresh(self, start: int, end: int) -> list[bytes]:
        """The same; those signed a moment ago as they were signed, without looking at the store."""
        found = self._recent.get(start, min(end, self.size))
        return self.entries(start, end) if found is None else found

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Inclusion proof of an entry in the tree of `size` (now if None)."""
        return self._tree.inclusion(index, self.size if size is None else size)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Consistency proof from the tree of `old` to that of `new` (now if None)."""
        return self._tree.consistency(old, self.size if new is None else new)

    def _sign(self, checkpoint: Checkpoint, time_s: int) -> bytes:
        lines = tuple(sign_checkpoint(checkpoint, signer, time_s) for signer in self._signers)
        return Note(checkpoint.body, lines).encode()

    def _make_durable(
        self, entries: Sequence[bytes], tiles: Mapping[TileId, bytes], along: Work = lambda: None
    ) -> None:
        self._store.put_entries(self._tree.size, entries)  # W1
        self._store.put_tiles(tiles)  # W2
        along()
        self._store.sync()  # W3

    def _swap(self, attempt: "_Attempt") -> None:
        self._attempt = attempt
        if self._checkpoints.swap(self.origin, self._note, attempt.note):
            self._adopt(attempt)
        else:
            self._settle()

    def _settle(self) -> None:
        """Find out which checkpoint is in force after a swap that failed or never answered."""
        if self._attempt is None:
            return
        held = self._checkpoints.load(self.origin)
        if held == self._attempt.note:
            self._adopt(self._attempt)
        elif held == self._note and not self._lost:
            self._attempt = None
        else:
            self._lost = True
            raise StoreConflict(f"log {self.origin}: its checkpoint was moved by another writer")

    def _adopt(self, attempt: "_Attempt") -> None:
        self._note, self._attempt, self._time_s = attempt.note, None, attempt.time_s
        self._recent.add(self._tree.size, attempt.signed)
        self._tree.grow(attempt.edge)
        del self._pending[: len(attempt.signed)]


class _Attempt(Struct, frozen=True, gc=False):
    note: bytes
    edge: Edge
    time_s: int
    signed: tuple[bytes, ...]


def refuse_if_behind(writer: LogWriter, partner_notes: Iterable[bytes]) -> None:
    """L1, at every start before the first append: is any partner ahead of our store?

    `partner_notes` are the last checkpoints of this log that partners hold, as they return them. One that our own
    keys did not sign proves nothing and is passed over: a partner cannot stop us with it. One that we did sign and
    that our tree does not lead to means a restored backup or a lost fail-over. Raises BehindPartner.
    """
    for note in partner_notes:
        try:
            held = open_checkpoint(note, writer.keys).checkpoint
        except LogError:
            continue
        if held.size > writer.size:
            raise BehindPartner(
                f"log {writer.origin}: a partner holds our checkpoint of {held.size}, our store ends at {writer.size}"
            )
        if writer.tree.root_at(held.size) != held.root:
            raise BehindPartner(
                f"log {writer.origin}: a partner holds our checkpoint of size {held.size} with another root"
            )
