"""Where a stored log is damaged, when its entries do not lead to the signed root.

From the top down, every tile is settled: its parent holds the hash it must have, and the stored tile, or what is
stored below it, is accepted if it has that hash. A settled level-0 tile then tells which entry is wrong. Where
nothing stored fits, entry and tile were changed together, and only another copy of the log can tell which entry.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, product

from tocsin.log.checkpoint import Checkpoint
from tocsin.log.damage import MAX_DAMAGES, Damage, Report, span, tile_damage
from tocsin.log.edge import load_edge
from tocsin.log.errors import TileError
from tocsin.log.merkle import leaf_hash, leaf_hashes
from tocsin.log.ports import LogReader, TileId
from tocsin.log.tiles import WIDTH, run_root, split_hashes

Hashes = Sequence[bytes]
MAX_CHOICES = 64  # combinations of stored and rebuilt children tried for one tile


def locate(store: LogReader, head: Checkpoint) -> Report:
    """Report of every damaged entry, tile and bundle under `head`, as closely as the stored tiles allow."""
    search = _Search(store, head)
    search.run()
    return Report(head.origin, head.size, tuple(search.damages[:MAX_DAMAGES]), search.repair)


class _Search:
    """State of one search: what was found, and the hashes that settled tiles hold for the level below."""

    def __init__(self, store: LogReader, head: Checkpoint) -> None:
        self._store = store
        self._head = head
        self.damages: list[Damage] = []
        self.repair: dict[TileId, bytes] = {}
        self._possible: dict[TileId, tuple[bytes, ...]] = {}

    def run(self) -> None:
        edge = self._edge()
        if edge is None:
            self._disagreements()
            return
        levels = sorted({level for level, _ in edge} | {0}, reverse=True)
        above: dict[int, bytes] = {}
        for level in range(levels[0], -1, -1):
            below: dict[int, bytes] = {}
            for index, width in self._tiles(level):
                hashes = edge.get((level, index)) or self._settle(level, index, above.get(index))
                self._compare(level, index, width, hashes)
                below.update(enumerate(hashes or (), index * WIDTH))
            above = below

    def _tiles(self, level: int) -> Iterator[tuple[int, int]]:
        """(index, width) of every tile of a level."""
        full, width = divmod(self._head.size >> (8 * level), WIDTH)
        yield from ((index, WIDTH) for index in range(full))
        if width:
            yield full, width

    def _edge(self) -> dict[TileId, Hashes] | None:
        """The partial tiles, from what is stored or from what lies below, that lead to the signed root together."""
        ids, choices = [], []
        level = 0
        while self._head.size >> (8 * level):
            full, width = divmod(self._head.size >> (8 * level), WIDTH)
            if width:
                ids.append((level, full))
                choices.append(list(self._candidates(level, full, width)))
            level += 1
        for choice in islice(product(*choices), MAX_CHOICES**2):
            tiles = {tile_id: b"".join(hashes) for tile_id, hashes in zip(ids, choice, strict=True)}
            if _root(self._head.size, tiles) == self._head.root:
                return dict(zip(ids, choice, strict=True))
        return None

    def _settle(self, level: int, index: int, expected: bytes | None) -> Hashes | None:
        """Hashes of a full tile whose root is `expected`; None if nothing stored has it, or nobody knows it."""
        for hashes in self._candidates(level, index, WIDTH) if expected else ():
            if run_root(hashes) == expected:
                return hashes
        return None

    def _candidates(self, level: int, index: int, width: int) -> Iterator[Hashes]:
        """What the hashes of a tile may be: as stored, or as the tiles and entries below it say."""
        stored = self._stored(level, index, width)
        if stored is not None:
            yield stored
        if level == 0:
            leaves = self._leaves(index, width)
            if leaves is not None:
                yield leaves
            return
        below = [self._roots(level - 1, index * WIDTH + at) for at in range(width)]
        yield from islice(product(*below), MAX_CHOICES)

    def _roots(self, level: int, index: int) -> tuple[bytes, ...]:
        """What the root of a full tile may be; one element where all that is stored of it agrees."""
        known = self._possible.get((level, index))
        if known is None:
            known = tuple({run_root(hashes): None for hashes in self._candidates(level, index, WIDTH)})
            self._possible[level, index] = known
        return known

    def _stored(self, level: int, index: int, width: int) -> Hashes | None:
        data = self._store.tile(level, index)
        return split_hashes(data[: width * 32]) if len(data) >= width * 32 else None

    def _leaves(self, index: int, width: int) -> Hashes | None:
        found = self._store.entries(index * WIDTH, index * WIDTH + width)
        return leaf_hashes(found) if len(found) == width else None

    def _compare(self, level: int, index: int, width: int, hashes: Hashes | None) -> None:
        """Note what of a tile, and of the entries below a level-0 one, is not as signed."""
        if hashes is not None and self._stored(level, index, width) != list(hashes):
            self.repair[level, index] = b"".join(hashes)
            self.damages.append(tile_damage((level, index), self._head.size))
        if level > 0:
            return
        if hashes is None:
            self._unsettled(index, width)
            return
        for at, entry in self._entries(index, width):
            if entry is None or leaf_hash(entry) != hashes[at]:
                self._damaged_entry(index * WIDTH + at, entry is None)

    def _entries(self, index: int, width: int) -> Iterator[tuple[int, bytes | None]]:
        """(offset, entry) of a bundle, read one by one where the bundle is not complete."""
        first = index * WIDTH
        found = self._store.entries(first, first + width)
        if len(found) == width:
            yield from enumerate(found)
            return
        for at in range(width):
            one = self._store.entries(first + at, first + at + 1)
            yield at, one[0] if len(one) == 1 else None

    def _damaged_entry(self, number: int, missing: bool) -> None:
        what = "missing" if missing else "not what was signed"
        words = f"entry {number} is {what}; fetch it from a mirror"
        self.damages.append(Damage("entry", number, number + 1, words))

    def _unsettled(self, index: int, width: int) -> None:
        first, end = span(0, index, self._head.size)
        hints = self._hints(index, width)
        what = f"entries {hints} differ from their tile" if hints else "an entry and its tile were changed together"
        if self._stored(0, index, width) is None:
            what = "and their tile is missing"
        words = f"entries {first} to {end - 1} do not lead to the signed root ({what}); compare them with a mirror"
        self.damages.append(Damage("bundle", first, end, words))

    def _hints(self, index: int, width: int) -> str:
        """Entries of a bundle that differ from the stored, unsettled tile: one of the two is damaged."""
        stored = self._stored(0, index, width)
        if stored is None:
            return ""
        entries = self._entries(index, width)
        wrong = [at for at, entry in entries if entry is None or leaf_hash(entry) != stored[at]]
        return ", ".join(str(index * WIDTH + at) for at in wrong[:8])

    def _disagreements(self) -> None:
        """Where the right edge cannot be settled: entries and tiles that disagree, or that they agree all the same."""
        for index, width in self._tiles(0):
            if self._stored(0, index, width) != self._leaves(index, width):
                self._unsettled(index, width)
        if not self.damages:
            size = self._head.size
            words = (
                f"entries 0 to {size - 1} and their tiles agree with each other but not with the signed root; compare"
            )
            self.damages.append(Damage("bundle", 0, size, f"{words} them with a mirror"))


def _root(size: int, tiles: dict[TileId, bytes]) -> bytes:
    try:
        return load_edge(size, lambda level, index: tiles.get((level, index), b"")).root
    except TileError:
        return b""
