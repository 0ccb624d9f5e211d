"""Judging an offer: pure functions of the claim and of what is held. No storage, no clock, no signature made."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct

from tocsin.log.checkpoint import MAX_TREE_SIZE, Checkpoint
from tocsin.log.edge import Edge
from tocsin.log.errors import LogError, ProofError
from tocsin.log.merkle import MAX_PROOF_HASHES, roots_from_prefix, verify_consistency
from tocsin.log.note import MAX_NOTE_BYTES
from tocsin.log.ports import TileId
from tocsin.log.tiles import MAX_ENTRY_BYTES
from tocsin.log.tree import Tree
from tocsin.mirror.errors import EntriesDoNotFit, Inconsistent, OverQuota
from tocsin.mirror.evidence import Fork


@dataclass(frozen=True, slots=True)
class Quota:
    """Most that a mirror takes in one offer; checked before any cryptography (T10)."""

    max_entries: int = 65_536
    max_bytes: int = 64 * 1024 * 1024

    def check(self, note: bytes, start: int, entries: Sequence[bytes], consistency: Sequence[bytes]) -> None:
        """Raises OverQuota for what is too much now, LogError for what no honest log sends."""
        if len(note) > MAX_NOTE_BYTES:
            raise ProofError(f"offer: checkpoint of {len(note)} bytes, expected at most {MAX_NOTE_BYTES}", note[:1024])
        if len(consistency) > MAX_PROOF_HASHES or any(len(part) != 32 for part in consistency):
            raise ProofError(
                f"offer: expected at most {MAX_PROOF_HASHES} hashes of 32 bytes", b"".join(consistency[:64])
            )
        if not 0 <= start <= MAX_TREE_SIZE:
            raise ProofError(f"offer: start {start}, expected 0 to 2**62")
        if len(entries) > self.max_entries:
            raise OverQuota(f"offer: {len(entries)} entries, at most {self.max_entries} at once")
        if max(map(len, entries), default=0) > MAX_ENTRY_BYTES:
            raise EntriesDoNotFit(f"offer: an entry is longer than {MAX_ENTRY_BYTES} bytes")
        if sum(map(len, entries)) > self.max_bytes:
            raise OverQuota(f"offer: more than {self.max_bytes} bytes of entries at once")


class Claim(Struct, frozen=True, gc=False):
    """An offer whose signatures are good: these leaves, from `start` on, make the tree of `new`."""

    new: Checkpoint
    note: bytes
    start: int
    leaves: Sequence[bytes]
    consistency: tuple[bytes, ...]


def check_consistency(claim: Claim, edge: Edge, tree: Tree, held_note: bytes) -> Fork | None:
    """G4: the claim extends `edge`, the right edge at its start. A Fork if the claim's own proof shows two histories.

    Raises ProofError where the proof is merely wrong, Inconsistent where neither is shown.
    """
    start, new = claim.start, claim.new
    try:
        verify_consistency(start, new.size, edge.root, new.root, claim.consistency)
    except ProofError:
        fork = _proven_by_nodes(claim, edge, tree, held_note)
        if fork is not None:
            return fork
        if start == 0 or _fits(claim, edge):
            raise
        message = f"log {new.origin}: no proof that size {new.size} extends size {start}; ask for one, or from earlier"
        raise Inconsistent(message, held_note, claim.note) from None
    return None


def extend(claim: Claim, edge: Edge) -> tuple[Edge, dict[TileId, bytes]]:
    """G5: the edge and tiles after the claim's entries. Raises EntriesDoNotFit."""
    if claim.start + len(claim.leaves) != claim.new.size:
        raise EntriesDoNotFit(
            f"log {claim.new.origin}: {len(claim.leaves)} entries from {claim.start}, expected up to {claim.new.size}",
            claim.note,
        )
    grown, tiles = edge.extend(claim.leaves)
    if grown.root != claim.new.root:
        raise EntriesDoNotFit(
            f"log {claim.new.origin}: entries {claim.start} to {claim.new.size} do not hash to the signed root",
            claim.note,
        )
    return grown, tiles


def rewritten(claim: Claim, edge: Edge, tree: Tree, held_note: bytes) -> Fork | None:
    """A Fork if the claim, which fits its signed root, holds other entries than we do before the size we hold."""
    held = tree.size
    if claim.start == held or edge.extend(claim.leaves[: held - claim.start])[0].root == tree.edge.root:
        return None
    grown, tiles = edge.extend(claim.leaves)

    def read_tile(level: int, index: int) -> bytes:
        return tiles.get((level, index)) or b"".join(tree.tile(level, index))

    nodes = Tree(grown, read_tile).prefix_nodes(held, claim.new.size)
    return Fork(held, held_note, claim.note, (), tuple(nodes))


def older(offered: Checkpoint, note: bytes, tree: Tree, held_note: bytes) -> Fork | None:
    """G3: a Fork if a checkpoint of at most the size held has another root than our tree had at that size."""
    if tree.root_at(offered.size) == offered.root:
        return None
    if offered.size == 0:
        raise ProofError(f"log {offered.origin}: a tree of size 0 with the root of another", note)
    nodes = () if offered.size == tree.size else tuple(tree.prefix_nodes(offered.size, tree.size))
    return Fork(offered.size, note, held_note, (), nodes)


def _proven_by_nodes(claim: Claim, edge: Edge, tree: Tree, held_note: bytes) -> Fork | None:
    """A consistency proof of the other history leads to its signed root, and shows another root at our size."""
    start, nodes = claim.start, claim.consistency
    try:
        old_root, new_root = roots_from_prefix(start, claim.new.size, nodes)
    except LogError:
        return None
    if new_root != claim.new.root or old_root == edge.root:
        return None
    first_nodes = () if start == tree.size else tuple(tree.prefix_nodes(start, tree.size))
    return Fork(start, held_note, claim.note, first_nodes, nodes)


def _fits(claim: Claim, edge: Edge) -> bool:
    return claim.start + len(claim.leaves) == claim.new.size and edge.extend(claim.leaves)[0].root == claim.new.root
