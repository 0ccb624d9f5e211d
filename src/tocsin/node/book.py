"""One of a centre's own logs: drafts in, verified entries out. What the centre itself logged passes the same gate.

Statements wait in a queue until they are committed, at most MAX_ENTRIES and MAX_ENTRY_TOTAL bytes under one
checkpoint: whatever piled up during an outage, every step from one checkpoint to the next fits into one message.
"""

from collections import deque
from collections.abc import Sequence

from tocsin.errors import BadEvidence
from tocsin.log.keys import VerifierKey
from tocsin.log.ports import LogReader
from tocsin.log.steps import Steps, at_once
from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror, verify_receipt
from tocsin.mirror.ports import MirrorStore
from tocsin.node.config import Partner
from tocsin.node.exchange import MAX_ENTRIES, MAX_ENTRY_TOTAL
from tocsin.release import Released


class Book:
    """A log writer and the gate that reads it back. Nothing of it is used before it is signed and verified."""

    def __init__(self, writer: LogWriter, gate: Mirror, store: MirrorStore) -> None:
        self.writer = writer
        self.gate = gate
        self._store = store
        self._queue: deque[bytes] = deque()
        self.urgent = 0  # partners should have our log up to here at once
        self.thinned = 0  # up to here checkpoints may be missing that were there (L5)

    @property
    def reader(self) -> LogReader:
        """Entries and tiles as stored, for export."""
        return self._store

    @property
    def size(self) -> int:
        """Entries that are signed and passed the gate: what partners may have."""
        return min(self.gate.size, self.writer.size)

    @property
    def next_index(self) -> int:
        """Index that the next statement gets."""
        return self.writer.next_index + len(self._queue)

    @property
    def pending(self) -> bool:
        """Whether something waits for a commit, or the gate lags behind the log."""
        return bool(self._queue) or self.writer.next_index != self.gate.size

    def append(self, released: Released) -> int:
        """Index at which the statement will stand."""
        index = self.next_index
        self._queue.append(released.data(index))
        return index

    def commit(self) -> None:
        """Sign what is pending, and let it through the gate. Raises Outage with nothing lost."""
        at_once(self.commit_steps())

    def commit_steps(self) -> Steps[None]:
        """The same. What is appended while a disk is waited for stays for the next commit."""
        until = self.next_index
        while True:
            if self.writer.next_index == self.writer.size:
                self.writer.append(self._take())
            note = yield from self.writer.commit_steps(self._keep_last)
            start = self.gate.size
            if start < self.writer.size:
                entries = self.writer.fresh(start, self.writer.size)
                self.gate.offer(note, start, entries, self.writer.consistency(start) if start else [])
            if self.writer.size >= until and self.writer.next_index == self.writer.size:
                return

    def recover(self, note: bytes, entries: Sequence[bytes]) -> None:
        """Take back from a partner what a restored store lost (L1). Nothing may be pending."""
        if self._queue:
            raise AssertionError(f"log {self.writer.origin}: statements wait; recover before the first append")
        self._keep_last()
        self.writer.recover(note, entries)

    def note_of(self, size: int) -> bytes | None:
        """Our checkpoint of exactly this size, if one is kept."""
        found = self._store.first_receipt(size - 1) if size else None
        if found is not None and found[0] == size:
            return found[1]
        return self.writer.checkpoint if size and size == self.writer.size else None

    def checkpoint_after(self, size: int, most: int = MAX_ENTRIES) -> tuple[int, bytes]:
        """(size, note): the last of our checkpoints that is at most `most` entries past `size`, else the next one."""
        latest = self.writer.checkpoint
        if latest is not None and self.gate.size == self.writer.size <= size + most:
            return self.writer.size, latest
        return last_within(self._store, size, min(size + most, self.size))

    def receipt_covering(self, index: int, partners: Sequence[Partner]) -> tuple[int, bytes] | None:
        """(size, note): the first checkpoint that covers an entry and carries every partner's receipt."""
        while (found := self._store.first_receipt(index)) is not None:
            index, note = found
            if all(_receipted(note, self.writer.keys, partner.mirror_keys) for partner in partners):
                return found
        return None

    def _take(self) -> list[bytes]:
        """As much of the queue as one message can carry."""
        taken: list[bytes] = []
        total = 0
        while self._queue and len(taken) < MAX_ENTRIES and total + len(self._queue[0]) <= MAX_ENTRY_TOTAL:
            taken.append(self._queue.popleft())
            total += len(taken[-1])
        return taken

    def _keep_last(self) -> None:
        """Keep each checkpoint, so that a partner far behind can be brought up step by step.

        Once there is a next one, durable together with it, and mostly no more to do: its first receipt was kept.
        """
        size, note = self.writer.size, self.writer.checkpoint
        found = self._store.first_receipt(size - 1) if size else None
        if note is not None and (found is None or found[0] != size):
            self._store.put_receipt(size, note)


def last_within(store: MirrorStore, above: int, limit: int) -> tuple[int, bytes]:
    """(size, note) of the largest kept checkpoint in (above, limit], else of the first one past `above`.

    By halving: O(log(limit - above)) looks.
    """
    found = store.first_receipt(above)
    if found is None:
        raise BadEvidence(f"no checkpoint is kept past {above}: the store lost notes, run fsck")
    low, high = found[0], limit
    while low < high:
        middle = (low + high) // 2
        later = store.first_receipt(middle)
        if later is not None and later[0] <= high:
            found, low = later, later[0]
        else:
            high = middle
    return found


def _receipted(note: bytes, log_keys: Sequence[VerifierKey], mirror_keys: Sequence[VerifierKey]) -> bool:
    try:
        verify_receipt(note, log_keys, mirror_keys)
    except BadEvidence:
        return False
    return True
