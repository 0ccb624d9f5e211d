"""Stores and a clock in memory, for simulation and tests. They keep every promise of the ports but outlive nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.log.ports import TileId


@dataclass(slots=True)
class MemoryStore:
    """LogStore of one log."""

    held: list[bytes] = field(default_factory=list)
    tiles: dict[TileId, bytes] = field(default_factory=dict)

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries [start, end), fewer if there are fewer."""
        return self.held[start:end]

    def tile(self, level: int, index: int) -> bytes:
        """Widest tile held, or nothing."""
        return self.tiles.get((level, index), b"")

    def put_entries(self, start: int, entries: Sequence[bytes]) -> None:
        """Entries from `start` on, in place of what was there."""
        if start > len(self.held):
            raise AssertionError(f"entries from {start} would leave a gap after {len(self.held)}")
        self.held[start:] = entries

    def put_tiles(self, tiles: Mapping[TileId, bytes]) -> None:
        """Tiles in place of earlier versions."""
        self.tiles.update(tiles)

    def sync(self) -> None:
        """Nothing to do."""


@dataclass(slots=True)
class MemoryCells:
    """CheckpointStore."""

    cells: dict[str, bytes] = field(default_factory=dict)

    def load(self, name: str) -> bytes | None:
        """Value of a cell."""
        return self.cells.get(name)

    def swap(self, name: str, old: bytes | None, new: bytes) -> bool:
        """Compare and set."""
        if self.cells.get(name) != old:
            return False
        self.cells[name] = new
        return True


@dataclass(slots=True)
class ManualClock:
    """A clock that stands where it was set."""

    now_s: int = 0

    def posix_s(self) -> int:
        """The time set."""
        return self.now_s
