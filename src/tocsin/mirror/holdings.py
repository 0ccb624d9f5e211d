"""What a mirror holds and can show: verified entries, proofs, receipts. Every read is checked up to the signed root."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from tocsin.log.cosignature import open_checkpoint
from tocsin.log.edge import Edge
from tocsin.log.errors import ProofError, TileError
from tocsin.log.keys import VerifierKey
from tocsin.log.note import parse_note
from tocsin.log.recent import Recent
from tocsin.log.steps import Steps
from tocsin.log.tree import Tree
from tocsin.mirror.bundle import Bundle, BundleEntry
from tocsin.mirror.errors import ReceiptError
from tocsin.mirror.ports import MirrorStore, ReceiptStore
from tocsin.mirror.pruned import Dropped
from tocsin.mirror.receipt import attach, keep_known, verify_receipt
from tocsin.mirror.verified import Verified, seal_entry

CHUNK = 1024
REMEMBERED_TIMES = 65_536


class Holdings:
    """Reading side of a mirror; `tree` and `note` (the last accepted checkpoint) are set by the gate alone."""

    def __init__(
        self,
        origin: str,
        log_keys: Sequence[VerifierKey],
        receipt_keys: Sequence[VerifierKey],
        store: MirrorStore,
    ) -> None:
        self.origin = origin
        self.log_keys = tuple(log_keys)
        self.receipt_keys = tuple(receipt_keys)
        self.tree = Tree(Edge(), store.tile)
        self.note = b""
        self.recent = Recent()
        self.dropped = Dropped()
        self._store = store
        self._times: dict[int, int] = {}

    def stream(self, start: int, end: int) -> Iterator[Verified]:
        """Entries [start, end), not beyond what is held, in order. Raises TileError naming a damaged entry.

        Of what was dropped by agreement (`dropped`), those that were kept.
        """
        for first, found in self.checked(start, end):
            yield from self._sealed(first, found)

    def checked(self, start: int, end: int) -> Iterator[tuple[int, Sequence[bytes]]]:
        """The same as (number of the first, entries), without the times of receipts."""
        end = min(end, self.tree.size)
        for first in range(start, min(end, self.dropped.at), CHUNK):
            for index, data in self._store.sparse(first, min(first + CHUNK, end, self.dropped.at)):
                self.tree.check_entries(index, [data])
                yield index, [data]
        for first in range(max(start, self.dropped.at), end, CHUNK):
            last = min(first + CHUNK, end)
            found = self._store.entries(first, last)
            if len(found) != last - first:
                raise TileError(
                    f"mirror of {self.origin}: {len(found)} entries stored from {first}, not {last - first}"
                )
            self.tree.check_entries(first, found)
            yield first, found

    def fresh(self, start: int, end: int) -> list[Verified]:
        """The same at once; those that came through the gate a moment ago as they came, without looking at the disk."""
        end = min(end, self.tree.size)
        found = self.recent.get(start, end)
        return list(self.stream(start, end) if found is None else self._sealed(start, found))

    def bundle(
        self, indexes: Iterable[int], mirrors: Collection[str] = (), shelves: Sequence[ReceiptStore] = ()
    ) -> Bundle:
        """Entries with proofs, each under the first receipted checkpoint that covers it, else under the latest one.

        With `mirrors` (key names), each entry is shown under the first receipt of each of them, as far as held: with
        several partners these can be several checkpoints, and `shelves` hold those of third parties. Raises TileError
        for a damaged entry, ProofError for one that is not held, Refusal for one that was dropped.
        """
        numbers: dict[bytes, int] = {}
        chosen: list[BundleEntry] = []
        for index in sorted(set(indexes)):
            under = self._shown(index, mirrors, shelves)
            proofs = {note: tuple(self.tree.inclusion(index, size)) for size, note in under}
            verified = next(self.stream(index, index + 1), None)
            if verified is None:
                self.dropped.refuse(self.origin, index)
                raise ProofError(f"mirror of {self.origin}: no entry {index} is held")
            for note, proof in proofs.items():
                chosen.append(BundleEntry(numbers.setdefault(note, len(numbers)), index, proof, verified.data))
        return Bundle(tuple(numbers), tuple(sorted(chosen, key=lambda entry: entry.order)))

    def covering(self, index: int) -> bytes | None:
        """First checkpoint note with receipts that covers entry `index`, None if there is none."""
        found = self._store.first_receipt(index)
        return None if found is None else found[1]

    def given(self) -> int:
        """Entries under the last receipt that surely left: with the last one stored the power may have gone."""
        return self._last_receipt(self._last_receipt(self.tree.size) - 1)

    def _last_receipt(self, limit: int) -> int:
        """Largest size up to `limit` with a stored receipt, 0 if there is none. By halving."""
        low, high = 0, limit
        while low < high:
            middle = (low + high) // 2
            found = self._store.first_receipt(middle)
            if found is not None and found[0] <= high:
                low = found[0]
            else:
                high = middle
        return low

    def keep(self, size: int, note: bytes) -> bool:
        """Store the first receipt given for a size; a later one for the same size does not replace it (V2)."""
        found = self._store.first_receipt(size - 1)
        if found is not None and found[0] == size:
            return False
        self._store.put_receipt(size, note)
        return True

    def accept_steps(self, note: bytes, lines: bytes, mirror_keys: Sequence[VerifierKey]) -> Steps[int]:
        """Take a partner's receipt lines for checkpoint `note` of this log; its time in POSIX seconds.

        The checkpoint must be of the history held. Lines of keys not in `mirror_keys` are dropped, a key's first
        line stays. Raises LogError or ReceiptError.
        """
        signed = open_checkpoint(note, self.log_keys)
        new = signed.checkpoint
        if new.size > self.tree.size or self.tree.root_at(new.size) != new.root:
            raise ReceiptError(f"receipt: size {new.size} is not a checkpoint of {self.origin} as held", note)
        known = (*self.log_keys, *mirror_keys)
        with_receipt = keep_known(attach(keep_known(note, self.log_keys), lines), known)
        time_s = verify_receipt(with_receipt, self.log_keys, mirror_keys)
        found = self._store.first_receipt(new.size - 1)
        if found is not None and found[0] == new.size:
            fresh = with_receipt[len(signed_text(with_receipt)) :]
            with_receipt = attach(found[1], fresh)
        yield lambda: self._store.put_receipt(new.size, with_receipt)
        return time_s

    def _sealed(self, first: int, found: Sequence[bytes]) -> Iterator[Verified]:
        """Entries from `first` on that were checked, each with the time of its first receipt."""
        index = first
        for until, time_s in self._receipted(first, first + len(found)):
            for data in found[index - first : until - first]:
                yield seal_entry(self.origin, index, data, time_s)
                index += 1

    def _receipted(self, start: int, end: int) -> Iterable[tuple[int, int | None]]:
        """(end of a run of entries, time of the first receipt that covers them) over [start, end)."""
        while start < end:
            found = self._store.first_receipt(start) if self.receipt_keys else None
            if found is None:
                yield end, None
                return
            size, note = found
            if size not in self._times and not self._ours(note):
                yield min(size, end), None  # receipted under keys that this mirror no longer has
                start = min(size, end)
                continue
            if size not in self._times:
                self.remember(size, verify_receipt(note, self.log_keys, self.receipt_keys))
            start = min(size, end)
            yield start, self._times[size]

    def _ours(self, note: bytes) -> bool:
        """Whether any of our present keys has a line in a stored receipt."""
        names = {(key.name, key.key_id) for key in self.receipt_keys}
        return any((line.name, line.key_id) in names for line in parse_note(note).signatures)

    def _shown(
        self, index: int, mirrors: Collection[str], shelves: Sequence[ReceiptStore]
    ) -> list[tuple[int, bytes]]:
        """(size, note) of the checkpoints under which a bundle shows an entry."""
        found = self._store.first_receipt(index)
        if not mirrors:
            return [found or (self.tree.size, self.note)]
        chosen, missing = [], set(mirrors)
        for shelf in (self._store, *shelves):
            found = shelf.first_receipt(index)
            while found is not None and found[0] <= self.tree.size and missing:
                names = {line.name for line in parse_note(found[1]).signatures}
                if missing & names:
                    chosen.append(found)
                    missing -= names
                found = shelf.first_receipt(found[0])
        return chosen or [(self.tree.size, self.note)]

    def remember(self, size: int, time_s: int) -> None:
        """The time of a receipt that was just given, so that it need not be verified to be known."""
        if len(self._times) >= REMEMBERED_TIMES:
            self._times.clear()
        self._times[size] = time_s


def signed_text(note: bytes) -> bytes:
    """A note's text and the blank line after it."""
    return note[: note.rfind(b"\n\n") + 2]
