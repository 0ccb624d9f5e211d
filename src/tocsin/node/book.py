"""One of a centre's own logs: drafts in, verified entries out. What the centre itself logged passes the same gate."""

from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror, Verified
from tocsin.mirror.ports import MirrorStore
from tocsin.release import Released


class Book:
    """A log writer and the gate that reads it back. Nothing of it is used before it is signed and verified."""

    def __init__(self, writer: LogWriter, gate: Mirror, store: MirrorStore) -> None:
        self.writer = writer
        self.gate = gate
        self._store = store

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
