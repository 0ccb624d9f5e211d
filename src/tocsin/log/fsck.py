"""Check of a whole stored log against its signed checkpoint, entry by entry (P4), and what can be repaired.

One streaming pass hashes every entry and rebuilds every tile. If that leads to the signed root, all entries are as
signed, and any tile that differs is damaged and known: `Report.repair` holds the right ones. If it does not,
`locate` finds what is damaged as closely as the stored tiles allow. Memory stays that of one chunk.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tocsin.log.checkpoint import Checkpoint
from tocsin.log.cosignature import open_checkpoint
from tocsin.log.damage import MAX_DAMAGES, Damage, Report, tile_damage
from tocsin.log.edge import Edge
from tocsin.log.errors import LogError
from tocsin.log.keys import VerifierKey
from tocsin.log.locate import locate
from tocsin.log.merkle import EMPTY_ROOT, leaf_hashes
from tocsin.log.ports import LogReader, LogStore, TileId
from tocsin.log.tiles import WIDTH, tiles_of

CHUNK = 4 * WIDTH


def fsck(store: LogReader, checkpoint_note: bytes, log_keys: Sequence[VerifierKey]) -> Report:
    """Check everything under a signed checkpoint. Never raises for damage: damage is in the report."""
    try:
        head = open_checkpoint(checkpoint_note, log_keys).checkpoint
    except LogError as error:
        return Report(log_keys[0].name, 0, (Damage("checkpoint", 0, 0, f"the checkpoint cannot be trusted: {error}"),))
    if head.size == 0 and head.root != EMPTY_ROOT:
        words = "the checkpoint signs no entries and yet the root of some"
        return Report(head.origin, 0, (Damage("checkpoint", 0, 0, words),))
    rebuilt = rebuild(store, head.size)
    if rebuilt is not None and rebuilt.edge.root == head.root:
        return _tiles_only(store, head, rebuilt)
    return locate(store, head)


def repair(store: LogStore, report: Report) -> int:
    """Put the tiles of `report.repair` in place; how many. Entries are never touched: fetch those from a mirror."""
    if report.repair:
        store.put_tiles(report.repair)
        store.sync()
    return len(report.repair)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the stored entries lead to: the edge, the tiles above level 0, and level-0 tiles stored otherwise."""

    edge: Edge
    upper: Mapping[TileId, bytes]
    differing: Mapping[TileId, bytes]


def rebuild(store: LogReader, size: int) -> Rebuilt | None:
    """Hash all entries of a store; None if some are missing."""
    edge = Edge()
    upper: dict[TileId, bytes] = {}
    differing: dict[TileId, bytes] = {}
    for leaves in stored_leaves(store, size):
        if leaves is None:
            return None
        edge, tiles = edge.extend(leaves)
        for tile_id, data in tiles.items():
            if tile_id[0]:
                upper[tile_id] = data
            elif store.tile(*tile_id)[: len(data)] != data:
                differing[tile_id] = data
    return Rebuilt(edge, upper, differing)


def stored_leaves(store: LogReader, size: int) -> Iterator[list[bytes] | None]:
    """Leaf hashes of the stored entries, a chunk of whole tiles at a time; None for a chunk that is incomplete."""
    for first in range(0, size, CHUNK):
        last = min(first + CHUNK, size)
        found = store.entries(first, last)
        yield leaf_hashes(found) if len(found) == last - first else None


def _tiles_only(store: LogReader, head: Checkpoint, rebuilt: Rebuilt) -> Report:
    right = dict(rebuilt.differing)
    for name in tiles_of(head.size):
        if name.level:
            data = rebuilt.upper[name.level, name.index]
            if store.tile(name.level, name.index)[: len(data)] != data:
                right[name.level, name.index] = data
    damages = tuple(tile_damage(tile_id, head.size) for tile_id in sorted(right)[:MAX_DAMAGES])
    return Report(head.origin, head.size, damages, right)
