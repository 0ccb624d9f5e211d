"""A machine's disk: what is written is seen at once, and lost with the power unless it was synced.

A power cut keeps some of the unsynced writes, in order, and tears the next one. Cells and receipts are durable when
their call returns; a cut after the write leaves them written and unanswered. A full disk refuses writes, a failing one
refuses every call. Bits rot in what is stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tocsin.errors import Outage
from tocsin.log.memory import MemoryCells
from tocsin.log.ports import TileId
from tocsin.mirror.memory import MemoryMirrorStore

Write = tuple[int, list[bytes]] | dict[TileId, bytes]


class PowerCut(Exception):  # noqa: N818 (it is no error of the program)
    """The machine lost power inside a call. Never caught by the product."""


@dataclass(slots=True)
class Power:
    """What the disk allows now. `cut_in` counts calls until the power goes, None for never."""

    cut_in: int | None = None
    full: bool = False
    failing: bool = False
    touched: dict[str, int] = field(default_factory=dict)

    def call(self, *, writes: bool) -> None:
        """Every call begins here; writing ones end here too."""
        if self.cut_in is not None:
            self.cut_in -= 1
            if self.cut_in < 0:
                raise PowerCut
        if self.failing or (self.full and writes):
            raise Outage("simulated disk: full" if self.full else "simulated disk: failing")


class FaultyStore:
    """`mirror.ports.MirrorStore` of one log."""

    def __init__(self, name: str, power: Power) -> None:
        self.name = name
        self.seen = MemoryMirrorStore()
        self.durable = MemoryMirrorStore()
        self._unsynced: list[Write] = []
        self._power = power

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries [start, end)."""
        self._power.call(writes=False)
        return self.seen.entries(start, end)

    def tile(self, level: int, index: int) -> bytes:
        """Widest tile held."""
        self._power.call(writes=False)
        return self.seen.tile(level, index)

    def first_receipt(self, above: int) -> tuple[int, bytes] | None:
        """Next note."""
        self._power.call(writes=False)
        return self.seen.first_receipt(above)

    def put_entries(self, start: int, entries: Sequence[bytes]) -> None:
        """Seen at once, durable with the next sync."""
        self._power.call(writes=True)
        self._do((start, list(entries)))

    def put_tiles(self, tiles: Mapping[TileId, bytes]) -> None:
        """Seen at once, durable with the next sync."""
        self._power.call(writes=True)
        self._do(dict(tiles))

    def sync(self) -> None:
        """Everything put so far becomes durable."""
        self._power.call(writes=True)
        for write in self._unsynced:
            self._apply(self.durable, write)
        self._unsynced.clear()
        self._power.call(writes=False)

    def put_receipt(self, size: int, note: bytes) -> None:
        """Durable on return."""
        self._power.call(writes=True)
        self.seen.put_receipt(size, note)
        self.durable.put_receipt(size, note)
        self._power.call(writes=False)

    def drop_receipts(self, sizes: Sequence[int]) -> None:
        """Durable on return."""
        self._power.call(writes=True)
        self.seen.drop_receipts(sizes)
        self.durable.drop_receipts(sizes)
        self._power.call(writes=False)

    def sparse(self, start: int, end: int) -> Sequence[tuple[int, bytes]]:
        """What is there of [start, end)."""
        self._power.call(writes=False)
        return self.seen.sparse(start, end)

    def drop_entries(self, numbers: Sequence[int]) -> None:
        """Durable on return."""
        self._power.call(writes=True)
        self.seen.drop_entries(numbers)
        self.durable.drop_entries(numbers)
        self._power.call(writes=False)

    def fill_entries(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Durable on return."""
        self._power.call(writes=True)
        self.seen.fill_entries(rows)
        self.durable.fill_entries(rows)
        self._power.call(writes=False)

    def lose_power(self, rng: np.random.Generator) -> None:
        """Keep a random number of unsynced writes, tear the one after, forget the rest."""
        kept = int(rng.integers(0, len(self._unsynced) + 1))
        for write in self._unsynced[:kept]:
            self._apply(self.durable, write)
        if kept < len(self._unsynced):
            self._apply(self.durable, _torn(self._unsynced[kept], rng))
        self._unsynced.clear()
        self.seen = copy_of(self.durable)
        self._power.touched[self.name] = 0

    def replace(self, durable: MemoryMirrorStore) -> None:
        """Another disk with this content."""
        self.durable, self.seen = copy_of(durable), copy_of(durable)
        self._unsynced.clear()
        self._power.touched[self.name] = 0

    def _do(self, write: Write) -> None:
        self._apply(self.seen, write)
        self._unsynced.append(write)

    def _apply(self, store: MemoryMirrorStore, write: Write) -> None:
        if isinstance(write, dict):
            store.put_tiles(write)
            return
        start, entries = write
        if start > len(store.held):
            return  # what came before it was torn away
        store.put_entries(start, entries)
        if store is self.durable:
            self._power.touched[self.name] = min(start, self._power.touched.get(self.name, start))


class FaultyCells(MemoryCells):
    """`log.ports.CheckpointStore`: durable on return; the power may go before or after the write."""

    def __init__(self, power: Power) -> None:
        super().__init__()
        self.power = power

    def load(self, name: str) -> bytes | None:
        """Value of a cell."""
        self.power.call(writes=False)
        return super().load(name)

    def swap(self, name: str, old: bytes | None, new: bytes) -> bool:
        """Compare and set."""
        self.power.call(writes=True)
        done = super().swap(name, old, new)
        self.power.call(writes=False)
        return done


class Disk:
    """Stores and cells of one machine; they outlive its centre."""

    def __init__(self) -> None:
        self.power = Power()
        self.stores: dict[str, FaultyStore] = {}
        self.cells = FaultyCells(self.power)

    def store(self, origin: str) -> FaultyStore:
        """Store of one log."""
        if origin not in self.stores:
            self.stores[origin] = FaultyStore(origin, self.power)
        return self.stores[origin]

    def lose_power(self, rng: np.random.Generator) -> None:
        """What is left after a cut."""
        self.power.cut_in = None
        for name in sorted(self.stores):
            self.stores[name].lose_power(rng)

    def backup(self) -> "Backup":
        """A copy of everything durable."""
        stores = {name: copy_of(store.durable) for name, store in sorted(self.stores.items())}
        return Backup(stores, dict(self.cells.cells))

    def restore(self, backup: "Backup") -> None:
        """Bring back an old copy, cells included: what L1 must notice."""
        for name in sorted(self.stores):
            self.stores[name].replace(backup.stores.get(name, MemoryMirrorStore()))
        self.cells.cells = dict(backup.cells)


@dataclass(frozen=True, slots=True)
class Backup:
    """Content of a disk at one time."""

    stores: dict[str, MemoryMirrorStore]
    cells: dict[str, bytes]


def copy_of(store: MemoryMirrorStore) -> MemoryMirrorStore:
    """An independent copy."""
    return MemoryMirrorStore(
        list(store.held), dict(store.tiles), dict(store.receipts), list(store.sizes), set(store.holes)
    )


def _torn(write: Write, rng: np.random.Generator) -> Write:
    """Half a write: some entries, the last of them cut off; some tiles."""
    if isinstance(write, dict):
        return {tile_id: write[tile_id] for tile_id in sorted(write)[: int(rng.integers(0, len(write) + 1))]}
    start, entries = write
    kept_entries = list(entries[: int(rng.integers(0, len(entries) + 1))])
    if kept_entries:
        kept_entries[-1] = kept_entries[-1][: int(rng.integers(0, len(kept_entries[-1]) + 1))]
    return start, kept_entries
