"""MirrorStore in memory, for simulation and tests."""

from bisect import bisect_right
from dataclasses import dataclass, field

from tocsin.log.memory import MemoryStore


@dataclass(slots=True)
class MemoryMirrorStore(MemoryStore):
    """Entries, tiles and receipts of one log."""

    receipts: dict[int, bytes] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)

    def put_receipt(self, size: int, note: bytes) -> None:
        """Hold the note for this size."""
        if size not in self.receipts:
            self.sizes.insert(bisect_right(self.sizes, size), size)
        self.receipts[size] = note

    def first_receipt(self, above: int) -> tuple[int, bytes] | None:
        """Smallest size greater than `above`, with its note."""
        at = bisect_right(self.sizes, above)
        return None if at == len(self.sizes) else (self.sizes[at], self.receipts[self.sizes[at]])
