"""One of a centre's own logs: drafts in, verified entries out. What the centre itself logged passes the same gate."""

from collections.abc import Sequence

from tocsin.errors import BadEvidence
from tocsin.log.keys import VerifierKey
from tocsin.log.ports import LogReader
from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror, Verified, verify_receipt
from tocsin.mirror.ports import MirrorStore
from tocsin.node.config import Partner
from tocsin.release import Released


class Book:
    """A log writer and the gate that reads it back. Nothing of it is used before it is signed and verified."""

    def __init__(self, writer: LogWriter, gate: Mirror, store: MirrorStore) -> None:
        self.writer = writer
        self.gate = gate
        self._store = store

    @property
    def reader(self) -> LogReader:
        """Entries and tiles as stored, for export."""
        return self._store

    @property
    def pending(self) -> bool:
        """Whether something waits for a commit, or the gate lags behind the log."""
        return self.writer.next_index != self.writer.size or self.gate.size != self.writer.size

    def append(self, released: Released) -> int:
        """Index at which the statement will stand."""
        index = self.writer.next_index
        self.writer.append([released.data(index)])
        return index

    def commit(self) -> list[Verified]:
        """Sign what is pending, and read it back through the gate. Raises Outage with nothing lost."""
        note = self.writer.commit()
        self._store.put_receipt(self.writer.size, note)
        start = self.gate.size
        entries = self.writer.entries(start, self.writer.size)
        self.gate.offer(note, start, entries, self.writer.consistency(start) if start else [])
        return list(self.gate.entries(start, self.writer.size))

    def checkpoint_after(self, size: int, most: int) -> tuple[int, bytes]:
        """(size, note): the last checkpoint if it is at most `most` entries on, else the first one past `size`."""
        latest = self.writer.checkpoint
        if latest is not None and self.writer.size - size <= most:
            return self.writer.size, latest
        found = self._store.first_receipt(size)
        if found is None:
            raise AssertionError(f"log {self.writer.origin}: no checkpoint is kept past {size}")
        return found

    def receipt_covering(self, index: int, partners: Sequence[Partner]) -> tuple[int, bytes] | None:
        """(size, note): the first checkpoint that covers an entry and carries every partner's receipt."""
        while (found := self._store.first_receipt(index)) is not None:
            index, note = found
            if all(_receipted(note, self.writer.keys, partner.mirror_keys) for partner in partners):
                return found
        return None


def _receipted(note: bytes, log_keys: Sequence[VerifierKey], mirror_keys: Sequence[VerifierKey]) -> bool:
    try:
        verify_receipt(note, log_keys, mirror_keys)
    except BadEvidence:
        return False
    return True
