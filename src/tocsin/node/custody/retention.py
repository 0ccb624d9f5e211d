"""What of a log need not be held any more, and what is kept in its place (L11).

Terms bind when every party has logged the very same `retention`. What is kept is a bundle of all statements that are
neither tracks nor heartbeats, with proofs: agreements, keys, votes and what they are about stay checkable for ever.
Tiles are never dropped, so that every entry that anybody still has can be held against the log (C2SP tlog-tiles).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from tocsin.errors import BadEvidence, Refusal
from tocsin.log.checkpoint import Checkpoint
from tocsin.log.edge import load_edge
from tocsin.log.errors import TileError
from tocsin.log.policy import Policy
from tocsin.log.ports import LogReader
from tocsin.log.tiles import WIDTH
from tocsin.log.tree import Tree
from tocsin.mirror import Mirror, Verified, open_bundle
from tocsin.node.record import Said
from tocsin.wire.custody import Retention
from tocsin.wire.envelope import decode
from tocsin.wire.errors import WireError

BULK = frozenset({"tracklet", "heartbeat"})


def kept_indexes(entries: Iterable[Verified], before: int) -> list[int]:
    """Entries below `before` that a bundle must keep: all but tracks and heartbeats, and what nobody here can read."""
    return [entry.index for entry in entries if entry.index < before and not _bulk(entry)]


def make_bundle(mirror: Mirror, before: int) -> bytes:
    """The bundle that is kept in place of entries below `before`. Raises Refusal for a place that is none."""
    if before % WIDTH or not 0 < before <= mirror.size:
        raise Refusal(f"{mirror.origin}: before entry {before}: a multiple of {WIDTH}, at most {mirror.size}, expected")
    return mirror.held.bundle(kept_indexes(mirror.held.stream(0, before), before)).encode()


def check_bundle(mirror: Mirror, terms: Retention, bundle: bytes, policy: Policy) -> None:
    """Whether a bundle that a partner made keeps all that it must, by our own copy. Raises BadEvidence."""
    if hashlib.sha256(bundle).hexdigest() != terms.bundle_sha256:
        raise BadEvidence(f"bundle of {terms.origin}: not the one that the terms name")
    shown = {one.entry.index: one.entry.data for one in open_bundle(bundle, policy)}
    for entry in mirror.held.stream(0, terms.before_index):
        if not _bulk(entry) and shown.get(entry.index) != entry.data:
            raise BadEvidence(f"bundle of {terms.origin}: entry {entry.index} is missing there, or another", entry.data)


def agreed(logs: Mapping[str, Sequence[Said]], parties: Iterable[str], origin: str) -> list[Retention]:
    """Terms about a log that every party has logged, the furthest last. `logs`: statements by party."""
    said = [
        {one.body for one in logs.get(party, ()) if isinstance(one.body, Retention) and one.body.origin == origin}
        for party in parties
    ]
    common = set.intersection(*said) if said else set()
    return sorted(common, key=lambda one: (one.before_index, one.not_before_tai_us, one.bundle_sha256))


def may_prune(terms: Sequence[Retention], before: int, bundle: bytes, now_tai_us: int) -> Retention:
    """The terms that allow it. Raises Refusal that says what is missing."""
    digest = hashlib.sha256(bundle).hexdigest()
    found = [one for one in terms if one.before_index == before]
    if not found:
        raise Refusal(f"entries before {before}: not every party has logged the same terms; nothing is pruned (L11)")
    for one in found:
        if one.bundle_sha256 == digest and one.not_before_tai_us <= now_tai_us:
            return one
    if all(one.bundle_sha256 != digest for one in found):
        raise Refusal("the bundle that is to be kept is not the one that the parties agreed; nothing is pruned (L11)")
    raise Refusal("the agreed time has not come; nothing is pruned (L11)")


def check_tiles(reader: LogReader, head: Checkpoint, before: int) -> None:
    """That all tiles lead to the signed root, the hashes of dropped entries too. Raises TileError."""
    edge = load_edge(head.size, reader.tile)
    if edge.root != head.root:
        raise TileError(f"{head.origin}: the tiles do not lead to the signed root")
    tree = Tree(edge, reader.tile)
    for index in range(before // WIDTH):
        tree.tile(0, index)


def kept_entries(bundle: bytes, policy: Policy, digest: str, origin: str, before: int) -> list[Verified]:
    """Entries that stand in for the dropped ones, each proved against the log. Raises BadEvidence."""
    if hashlib.sha256(bundle).hexdigest() != digest:
        raise BadEvidence(f"{origin}: the bundle kept in place of dropped entries is not the one that was agreed")
    shown = [one.entry for one in open_bundle(bundle, policy)]
    if any(one.origin != origin or one.index >= before for one in shown):
        raise BadEvidence(f"{origin}: the kept bundle holds entries of another log or place")
    return sorted(shown, key=lambda one: one.index)


def _bulk(entry: Verified) -> bool:
    try:
        return decode(entry.data).kind in BULK
    except WireError:
        return False
