"""The right edge of a tree: what is needed to append, to know the root, and to trust the rest of the tiles.

An edge is O(log n) bytes: the last, partial tile of every tile level and the root of every perfect subtree that has
no right sibling yet. `extend` costs two hashes an entry in tight loops; `load_edge` rebuilds it from O(log n) tiles.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct

from tocsin.log.errors import TileError
from tocsin.log.merkle import fold_right, pair_hashes
from tocsin.log.ports import TileId
from tocsin.log.tiles import WIDTH, run_root, split_hashes

TileReader = Callable[[int, int], bytes]


class Edge(Struct, frozen=True, gc=False):
    """Right edge of the first `size` entries.

    `lonely[k]` is the root of the last perfect subtree of 2**k leaves if bit k of `size` is set, else b"";
    `partial[level]` holds the hashes of the unfinished tile of that level, possibly none.
    """

    size: int = 0
    lonely: tuple[bytes, ...] = ()
    partial: tuple[bytes, ...] = ()

    @property
    def root(self) -> bytes:
        """RFC 6962 root of the first `size` entries."""
        return _root(self.lonely)

    def extend(self, leaves: Sequence[bytes]) -> "tuple[Edge, dict[TileId, bytes]]":
        """Edge after these leaf hashes, and the new bytes of every tile that grew."""
        lonely, partial = list(self.lonely), list(self.partial)
        tiles: dict[TileId, bytes] = {}
        new, at, level = leaves, self.size, 0
        while new:
            if level == len(lonely):
                lonely.append(b"")
            if level % 8 == 0:
                _grow(partial, tiles, level // 8, at, new)
            paired = [lonely[level], *new] if at & 1 else new
            lonely[level] = paired[-1] if len(paired) & 1 else b""
            new, at, level = pair_hashes(paired), at >> 1, level + 1
        return Edge(self.size + len(leaves), tuple(lonely), tuple(partial)), tiles


@lru_cache(maxsize=256)  # asked for again and again between two entries
def _root(lonely: tuple[bytes, ...]) -> bytes:
    return fold_right(part for part in reversed(lonely) if part)


def _grow(partial: list[bytes], tiles: dict[TileId, bytes], level: int, at: int, new: Sequence[bytes]) -> None:
    """Add the hashes `new`, the first at index `at` of tile level `level`, to that level's tiles."""
    if level == len(partial):
        partial.append(b"")
    data = partial[level] + b"".join(new)
    index = at // WIDTH
    for start in range(0, len(data), WIDTH * 32):
        tiles[level, index] = data[start : start + WIDTH * 32]
        index += 1
    whole = len(data) // (WIDTH * 32) * (WIDTH * 32)
    partial[level] = data[whole:]


def load_edge(size: int, read_tile: TileReader) -> Edge:
    """Rebuild the edge of the first `size` entries from at most one partial tile a level.

    Tiles may be wider than this size needs (they have grown since); their surplus is not looked at. Raises
    TileError where a tile is too short. Compare `root` with a signed checkpoint before trusting the edge.
    """
    lonely: list[bytes] = []
    partial: list[bytes] = []
    level, count = 0, size
    while count:
        index, width = divmod(count, WIDTH)
        hashes = read_hashes(read_tile, level, index, width) if width else []
        partial.append(b"".join(hashes))
        at = width
        for bit in range(8):
            if count >> bit == 0:
                break
            run = width & (1 << bit)
            lonely.append(run_root(hashes[at - run : at]) if run else b"")
            at -= run
        level, count = level + 1, index
    return Edge(size, tuple(lonely), tuple(partial))


def read_hashes(read_tile: TileReader, level: int, index: int, width: int) -> list[bytes]:
    """First `width` hashes of a tile. Raises TileError if fewer are held."""
    data = read_tile(level, index)
    if len(data) < width * 32:
        raise TileError(f"tile {level}/{index}: {len(data) // 32} hashes held, expected {width}", data)
    return split_hashes(data[: width * 32])
