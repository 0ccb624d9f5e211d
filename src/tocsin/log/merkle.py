"""RFC 6962 Merkle trees over SHA-256: hashing, and proofs made and verified.

Proofs are made from `range_hash(start, end)`, the root of the entries [start, end) as a subtree, so that this file
knows nothing about storage. Verification follows RFC 9162 sections 2.1.3.2 and 2.1.4.2. Size 0 is handled
outside the proofs, as witnesses do: every tree extends the empty one, with an empty proof.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from tocsin.log.errors import ProofError

EMPTY_ROOT = hashlib.sha256(b"").digest()
MAX_PROOF_HASHES = 63
RangeHash = Callable[[int, int], bytes]

_sha256 = hashlib.sha256


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00, entry)."""
    return _sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01, left, right)."""
    return _sha256(b"\x01" + left + right).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Leaf hash of each entry, in one tight loop."""
    sha = _sha256
    return [sha(b"\x00" + entry).digest() for entry in entries]


def pair_hashes(hashes: Sequence[bytes]) -> list[bytes]:
    """Parents of consecutive pairs; the last of an odd number is left out."""
    sha = _sha256
    pairs = iter(hashes)
    return [sha(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def fold_right(parts: Iterable[bytes]) -> bytes:
    """Root of subtrees given from left to right, largest first."""
    root: bytes | None = None
    for part in reversed(list(parts)):
        root = part if root is None else node_hash(part, root)
    return EMPTY_ROOT if root is None else root


def split_point(count: int) -> int:
    """Largest power of two below `count` (count > 1)."""
    return 1 << ((count - 1).bit_length() - 1)


def root_of_leaves(leaves: Sequence[bytes]) -> bytes:
    """Root of the tree with these leaf hashes; the empty tree's root is SHA-256 of nothing."""
    parts: list[bytes] = []
    level = list(leaves)
    while level:
        if len(level) & 1:
            parts.append(level[-1])
        level = pair_hashes(level)
    return fold_right(reversed(parts))


def inclusion_proof(index: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """Sibling hashes from the leaf up (RFC 6962 section 2.1.1) for entry `index` of the first `size`."""
    if not 0 <= index < size:
        raise ProofError(f"inclusion: no entry {index} in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + split_point(end - start)
        if index < middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start = middle
    return path[::-1]


def prefix_nodes(old: int, new: int, range_hash: RangeHash) -> list[bytes]:
    """Nodes that give the root of the first `old` entries and the root of the first `new`, 0 < old <= new.

    As a consistency proof, but the node it starts from is always first, also where `old` is a power of two. A
    proof in this form shows what the old root *was*, which a fork's evidence needs.
    """
    return _prefix_nodes(old, new, range_hash)[0]


def consistency_proof(old: int, new: int, range_hash: RangeHash) -> list[bytes]:
    """RFC 6962 section 2.1.2 proof that the first `old` entries are a prefix of the first `new`."""
    if not 0 <= old <= new:
        raise ProofError(f"consistency: no way from size {old} to {new}")
    if old in (0, new):
        return []
    nodes, whole = _prefix_nodes(old, new, range_hash)
    return nodes[1:] if whole else nodes


def _prefix_nodes(old: int, new: int, range_hash: RangeHash) -> tuple[list[bytes], bool]:
    if not 0 < old <= new:
        raise ProofError(f"prefix: no way from size {old} to {new}")
    start, end, path = 0, new, []
    while end != old:
        middle = start + split_point(end - start)
        if old <= middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start = middle
    return [range_hash(start, end), *path[::-1]], start == 0


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Root that an inclusion proof leads to. Raises ProofError where the proof has the wrong length."""
    _bound(proof, "inclusion", MAX_PROOF_HASHES)
    if not 0 <= index < size:
        raise ProofError(f"inclusion: no entry {index} in a tree of {size}")
    node, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError(f"inclusion of {index} in {size}: proof too long")
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError(f"inclusion of {index} in {size}: proof too short")
    return root


def roots_from_prefix(old: int, new: int, nodes: Sequence[bytes]) -> tuple[bytes, bytes]:
    """(root of the first `old`, root of the first `new`) that `prefix_nodes` lead to, 0 < old <= new."""
    _bound(nodes, "consistency", MAX_PROOF_HASHES + 1)
    if not 0 < old <= new or not nodes:
        raise ProofError(f"consistency {old} to {new}: nothing to start from")
    if old == new and len(nodes) == 1:
        return nodes[0], nodes[0]
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_root = new_root = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            raise ProofError(f"consistency {old} to {new}: proof too long")
        if node & 1 or node == last:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new_root = node_hash(new_root, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError(f"consistency {old} to {new}: proof too short")
    return old_root, new_root


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """P4: `leaf` is entry `index` of the tree of `size` with `root`. Raises ProofError."""
    if root_from_inclusion(index, size, leaf, proof) != root:
        raise ProofError(f"inclusion of {index} in {size}: the proof leads to another root", b"".join(proof))


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """P5: the tree of `old` entries is a prefix of the tree of `new`. Raises ProofError."""
    _bound(proof, "consistency", MAX_PROOF_HASHES)
    if not 0 <= old <= new:
        raise ProofError(f"consistency: no way from size {old} to {new}")
    if old in (0, new):
        expected = EMPTY_ROOT if old == 0 else new_root
        if proof or old_root != expected:
            raise ProofError(f"consistency {old} to {new}: expected no proof and the same root", old_root + new_root)
        return
    nodes = seeded(old, old_root, proof)
    if roots_from_prefix(old, new, nodes) != (old_root, new_root):
        raise ProofError(f"consistency {old} to {new}: the proof leads to other roots", b"".join(proof))


def seeded(old: int, old_root: bytes, proof: Sequence[bytes]) -> Sequence[bytes]:
    """A consistency proof with the node it starts from: RFC 6962 leaves it out where `old` is a power of two."""
    return [old_root, *proof] if old & (old - 1) == 0 else proof


def _bound(proof: Sequence[bytes], what: str, limit: int) -> None:
    if len(proof) > limit:
        raise ProofError(f"{what}: {len(proof)} hashes, expected at most {limit}")
    if any(len(part) != 32 for part in proof):
        raise ProofError(f"{what}: expected 32-byte hashes", b"".join(proof))
