"""A mirror in memory, for simulation and tests: the real gate over a store that outlives nothing."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from tocsin.log.memory import ManualClock, MemoryCells, MemoryStore
from tocsin.log.signers import log_signers, mirror_signers
from tocsin.log.writer import LogWriter
from tocsin.mirror.gate import Mirror


@dataclass(slots=True)
class MemoryMirrorStore(MemoryStore):
    """Entries, tiles and receipts of one log."""

    receipts: dict[int, bytes] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    holes: set[int] = field(default_factory=set)

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries [start, end), up to the first that is not there."""
        end = min((hole for hole in self.holes if hole >= start), default=end) if self.holes else end
        return MemoryStore.entries(self, start, min(end, len(self.held)))

    def sparse(self, start: int, end: int) -> Sequence[tuple[int, bytes]]:
        """(number, entry) of those that are there."""
        return [(number, data) for number, data in enumerate(self.held[start:end], start) if number not in self.holes]

    def drop_entries(self, numbers: Sequence[int]) -> None:
        """Holes, where these were."""
        self.holes.update(numbers)
        for number in numbers:
            self.held[number] = b""

    def fill_entries(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Entries in the holes."""
        for number, data in rows:
            self.held[number] = data
            self.holes.discard(number)

    def put_receipt(self, size: int, note: bytes) -> None:
        """Hold the note for this size."""
        if size not in self.receipts:
            self.sizes.insert(bisect_right(self.sizes, size), size)
        self.receipts[size] = note

    def first_receipt(self, above: int) -> tuple[int, bytes] | None:
        """Smallest size greater than `above`, with its note."""
        at = bisect_right(self.sizes, above)
        return None if at == len(self.sizes) else (self.sizes[at], self.receipts[self.sizes[at]])

    def drop_receipts(self, sizes: Sequence[int]) -> None:
        """Forget the notes for these sizes."""
        for size in sizes:
            self.receipts.pop(size, None)
        self.sizes = sorted(self.receipts)


def mirrored(
    origin: str, entries: Sequence[bytes], *, mirror: str = "", time_s: int = 0, seed: bytes = b"in memory"
) -> Mirror:
    """A mirror that took these entries through the gate, from a log written and signed for the purpose.

    For tests of what reads `Verified` entries. Keys come from `seed`; with a `mirror` name it gives receipts.
    """
    clock = ManualClock(time_s)
    writer = LogWriter.open(origin, MemoryStore(), MemoryCells(), log_signers(origin, seed, hybrid=False), clock)
    writer.append(entries)
    cosigners = mirror_signers(mirror, seed, hybrid=False) if mirror else ()
    made = Mirror(origin, writer.keys, MemoryMirrorStore(), MemoryCells(), clock, cosigners)
    made.offer(writer.commit(), 0, entries)
    return made
