"""The last entries of a log, in memory: as they were hashed into its signed tree, so that they need not be read again.

What a store gives back is checked against the tree at every read. These bytes made the tree: whoever must have what the
disk now holds asks the store.
"""

from collections.abc import Sequence

MOST_ENTRIES = 32_768
MOST_BYTES = 24 * 1024 * 1024


class Recent:
    """One unbroken run of entries up to the last that was added, bounded in number and bytes."""

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self._most_entries = most_entries
        self._most_bytes = most_bytes
        self._first = 0
        self._entries: list[bytes] = []
        self._bytes = 0

    def add(self, start: int, entries: Sequence[bytes]) -> None:
        """Entries from `start` on, in place of what stood there; those that went before the run are forgotten."""
        kept = start - self._first
        if 0 <= kept < len(self._entries):
            self._bytes -= sum(map(len, self._entries[kept:]))
            del self._entries[kept:]
        elif kept != len(self._entries):
            self.clear()
            self._first = start
        self._entries.extend(entries)
        self._bytes += sum(map(len, entries))
        self._trim()

    def get(self, start: int, end: int) -> list[bytes] | None:
        """Entries [start, end), None if any of them is not here."""
        at = start - self._first
        if at < 0 or end - self._first > len(self._entries):
            return None
        return self._entries[at : end - self._first]

    def clear(self) -> None:
        """Forget everything."""
        self._entries, self._bytes = [], 0

    def _trim(self) -> None:
        """The older half goes where there is too much, so that this costs little an entry."""
        while len(self._entries) > self._most_entries or (self._bytes > self._most_bytes and self._entries):
            half = (len(self._entries) + 1) // 2
            self._bytes -= sum(map(len, self._entries[:half]))
            del self._entries[:half]
            self._first += half
