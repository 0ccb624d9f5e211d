"""An authenticated view of a stored tree: every tile it uses is checked up to the root before use.

The root of trust is an Edge whose root was compared with a signed checkpoint. A full tile is used only if its own
root is the hash that its parent tile (authenticated in the same way) holds. Nothing is handed out unchecked: the
class of mistake of CVE-2026-56865, where a reader's last tiles were not.
"""

from collections import OrderedDict
from collections.abc import Sequence

from tocsin.log.edge import Edge, TileReader, read_hashes
from tocsin.log.errors import ProofError, TileError
from tocsin.log.merkle import consistency_proof, fold_right, inclusion_proof, leaf_hash, pair_hashes, prefix_nodes
from tocsin.log.tiles import WIDTH, run_root, split_hashes

CACHED_TILES = 64
REMEMBERED_ROOTS = 256


class Tree:
    """Proofs and checked reads from the tiles of the first `edge.size` entries."""

    def __init__(self, edge: Edge, read_tile: TileReader) -> None:
        self.edge = edge
        self._read_tile = read_tile
        self._cache: OrderedDict[tuple[int, int], list[list[bytes]]] = OrderedDict()
        self._roots: dict[int, bytes] = {}  # of smaller sizes: a tree grows, what it was stays
        self._last: dict[int, list[list[bytes]]] = {}  # of the partial tiles of this edge, by tile level

    @property
    def size(self) -> int:
        """Entries in the tree."""
        return self.edge.size

    def grow(self, edge: Edge) -> None:
        """Go on with a later edge of the same tree (checked by the caller); full tiles stay authenticated."""
        if edge.size < self.edge.size:
            raise AssertionError(f"a tree does not shrink from {self.edge.size} to {edge.size}")
        self.edge = edge
        self._last.clear()

    def tile(self, level: int, index: int) -> list[bytes]:
        """Hashes of a tile, authenticated; a partial one at the width this tree has. Raises TileError."""
        full = self.size >> (8 * (level + 1))
        if index < full:
            return self._full(level, index)[0]
        if index > full or not self.edge.partial[level]:
            raise ProofError(f"no tile {level}/{index} in a tree of {self.size}")
        return split_hashes(self.edge.partial[level])

    def hash_at(self, level: int, index: int) -> bytes:
        """Root of the perfect subtree of 2**level leaves number `index`. Raises ProofError or TileError."""
        edge = self.edge
        if (index + 1) << level > edge.size:
            raise ProofError(f"subtree {index} of level {level} is not complete in a tree of {edge.size}")
        if edge.size >> level == index + 1 and index & 1 == 0:
            return edge.lonely[level]
        tile_level, inner = divmod(level, 8)
        tile_index, at = divmod(index, WIDTH >> inner)
        if tile_index == edge.size >> (8 * (tile_level + 1)):
            nodes = self._last.setdefault(tile_level, [])
            if not nodes:
                nodes.append(split_hashes(edge.partial[tile_level]))
        else:
            nodes = self._full(tile_level, tile_index)
        while len(nodes) <= inner:
            nodes.append(pair_hashes(nodes[-1]))
        return nodes[inner][at]

    def range_hash(self, start: int, end: int) -> bytes:
        """Root of the entries [start, end) as a subtree, `start` aligned as in RFC 6962."""
        parts = []
        while start < end:
            level = (end - start).bit_length() - 1
            parts.append(self.hash_at(level, start >> level))
            start += 1 << level
        return fold_right(parts)

    def root_at(self, size: int) -> bytes:
        """Root of the first `size` entries."""
        self._has(size)
        if size == self.edge.size:
            return self.edge.root
        root = self._roots.get(size)
        if root is None:
            if len(self._roots) >= REMEMBERED_ROOTS:
                self._roots.clear()
            root = self._roots[size] = self.range_hash(0, size)
        return root

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Proof that entry `index` is in the tree of `size`."""
        self._has(size)
        return inclusion_proof(index, size, self.range_hash)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Proof that the tree of `old` is a prefix of the tree of `new`."""
        self._has(new)
        return consistency_proof(old, new, self.range_hash)

    def prefix_nodes(self, old: int, new: int) -> list[bytes]:
        """Nodes that show the root of the first `old` entries below the root of the first `new`."""
        self._has(new)
        return prefix_nodes(old, new, self.range_hash)

    def check_entries(self, start: int, entries: Sequence[bytes]) -> None:
        """Compare entries, the first at `start`, with the authenticated leaves. Raises TileError naming the entry."""
        if start < 0 or start + len(entries) > self.size:
            raise TileError(f"entries {start} to {start + len(entries)}: the tree has {self.size}")
        at = 0
        while at < len(entries):
            index, offset = divmod(start + at, WIDTH)
            for leaf in self._leaves(index, offset, offset + len(entries) - at):
                if leaf_hash(entries[at]) != leaf:
                    raise TileError(f"entry {start + at}: stored bytes are not what was signed", entries[at])
                at += 1

    def _has(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise ProofError(f"no size {size} in a tree of {self.size}")

    def _leaves(self, index: int, start: int, end: int) -> list[bytes]:
        if index < self.size // WIDTH:
            return self._full(0, index)[0][start:end]
        return split_hashes(self.edge.partial[0][start * 32 : end * 32])

    def _full(self, level: int, index: int) -> list[list[bytes]]:
        """Nodes of a full tile by height, as far as they were needed; authenticated by its parent tile."""
        nodes = self._cache.get((level, index))
        if nodes is None:
            hashes = read_hashes(self._read_tile, level, index, WIDTH)
            expected = self.tile(level + 1, index // WIDTH)[index % WIDTH]
            if run_root(hashes) != expected:
                raise TileError(f"tile {level}/{index}: not the tile that was signed", b"".join(hashes))
            nodes = self._cache[level, index] = [hashes]
            if len(self._cache) > CACHED_TILES:
                self._cache.popitem(last=False)
        self._cache.move_to_end((level, index))
        return nodes
