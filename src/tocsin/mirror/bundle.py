"""Bundles: entries with everything needed to believe them offline, in one file. For votes and for auditors.

    tocsin-bundle v1
    checkpoint <bytes>          a signed checkpoint with receipts, as a note; one or more
    ...
    entry <checkpoint> <index> <bytes> <hashes>
    <one base64 hash a line: the inclusion proof from the leaf up>
    <the entry's bytes><newline>
    ...
    end

Checkpoints are numbered from 0 and each is used; entries are ordered by (checkpoint, index), none twice. Only one
spelling is accepted, so that a bundle's own hash can be quoted. `tlog_proof` gives an entry as a C2SP proof file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tocsin.log.checkpoint import Checkpoint
from tocsin.log.cosignature import SignedCheckpoint
from tocsin.log.merkle import MAX_PROOF_HASHES, leaf_hash, verify_inclusion
from tocsin.log.note import MAX_NOTE_BYTES
from tocsin.log.policy import Policy
from tocsin.log.proof import TlogProof
from tocsin.log.tiles import MAX_ENTRY_BYTES
from tocsin.mirror.container import Reader, hash_lines, sized
from tocsin.mirror.errors import BundleError
from tocsin.mirror.verified import Verified, seal_entry

HEADER = "tocsin-bundle v1"
MAX_BUNDLE_BYTES = 256 * 1024 * 1024
MAX_CHECKPOINTS = 4096
MAX_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """An entry as logged, its index, its inclusion proof, and the number of the checkpoint that it leads to."""

    checkpoint: int
    index: int
    proof: tuple[bytes, ...]
    data: bytes

    @property
    def order(self) -> tuple[int, int]:
        """Place in the file."""
        return self.checkpoint, self.index


@dataclass(frozen=True, slots=True)
class Bundle:
    """Content of a bundle; nothing in it is verified. `open_bundle` verifies."""

    checkpoints: tuple[bytes, ...]
    entries: tuple[BundleEntry, ...]

    def encode(self) -> bytes:
        """The bundle's bytes; `parse_bundle` returns an equal bundle."""
        parts = [f"{HEADER}\n".encode()]
        parts += [sized("checkpoint", note) for note in self.checkpoints]
        for entry in self.entries:
            head = f"entry {entry.checkpoint} {entry.index} {len(entry.data)} {len(entry.proof)}\n"
            parts += (head.encode(), hash_lines(entry.proof), entry.data, b"\n")
        return b"".join((*parts, b"end\n"))

    def tlog_proof(self, number: int) -> TlogProof:
        """Entry `number` of the bundle as a C2SP tlog-proof, for verifiers that we did not write."""
        entry = self.entries[number]
        return TlogProof(entry.index, entry.proof, self.checkpoints[entry.checkpoint])


def join(bundles: Iterable[Bundle]) -> Bundle:
    """One bundle with everything in several (of any logs), equal checkpoints once."""
    numbers: dict[bytes, int] = {}
    entries: dict[tuple[int, int], BundleEntry] = {}
    for bundle in bundles:
        for entry in bundle.entries:
            note = bundle.checkpoints[entry.checkpoint]
            moved = BundleEntry(numbers.setdefault(note, len(numbers)), entry.index, entry.proof, entry.data)
            if entries.setdefault(moved.order, moved) != moved:
                raise BundleError(f"bundles disagree about entry {moved.index} under one checkpoint", note)
    return Bundle(tuple(numbers), tuple(entries[order] for order in sorted(entries)))


def parse_bundle(data: bytes) -> Bundle:
    """Parse a bundle. Raises BundleError."""
    reader = Reader(data, "bundle", MAX_BUNDLE_BYTES)
    reader.expect(HEADER)
    notes: list[bytes] = []
    while reader.ahead("checkpoint "):
        (length,) = reader.numbers("checkpoint", 1)
        if length > MAX_NOTE_BYTES or len(notes) == MAX_CHECKPOINTS:
            raise reader.error(f"expected at most {MAX_CHECKPOINTS} checkpoints of {MAX_NOTE_BYTES} bytes")
        notes.append(reader.block(length))
    entries: list[BundleEntry] = []
    while reader.ahead("entry "):
        entry = _read_entry(reader)
        if entry.checkpoint >= len(notes) or (entries and entry.order <= entries[-1].order):
            raise reader.error("expected entries in order, each under a checkpoint of this bundle")
        entries.append(entry)
        if len(entries) > MAX_ENTRIES:
            raise reader.error(f"expected at most {MAX_ENTRIES} entries")
    reader.expect("end")
    reader.finish()
    if {entry.checkpoint for entry in entries} != set(range(len(notes))) or len(set(notes)) != len(notes):
        raise reader.error("expected every checkpoint to be used, and none twice")
    return Bundle(tuple(notes), tuple(entries))


def _read_entry(reader: Reader) -> BundleEntry:
    checkpoint, index, length, count = reader.numbers("entry", 4)
    if length > MAX_ENTRY_BYTES:
        raise reader.error(f"entry of {length} bytes, expected at most {MAX_ENTRY_BYTES}")
    proof = reader.hashes(count, MAX_PROOF_HASHES)
    data = reader.block(length)
    if reader.block(1) != b"\n":
        raise reader.error("expected a newline after the entry")
    return BundleEntry(checkpoint, index, proof, data)


@dataclass(frozen=True, slots=True)
class Receipted:
    """An entry shown by a bundle: authentic, logged under `head`, and held by the mirrors in `receipts`.

    `receipts` maps a mirror's key name to the POSIX time of its receipt, the latest where its keys state several;
    a mirror is in it only if every one of its keys in the policy cosigned. `log_time_s` is the log's own claim.
    """

    entry: Verified
    head: Checkpoint
    receipts: Mapping[str, int]
    log_time_s: int | None


def open_bundle(data: bytes, policy: Policy) -> tuple[Receipted, ...]:
    """Verify a bundle against a policy, offline: a pure function of both (V2). Raises LogError or BundleError.

    P1 to P3 for each checkpoint, P4 for each entry, P6 for each receipt. One bad byte refuses the whole bundle.
    """
    bundle = parse_bundle(data)
    opened = [policy.open(note) for note in bundle.checkpoints]
    receipts = [_receipts(signed, policy) for signed in opened]
    shown: list[Receipted] = []
    for entry in bundle.entries:
        signed = opened[entry.checkpoint]
        head = signed.checkpoint
        verify_inclusion(entry.index, head.size, leaf_hash(entry.data), entry.proof, head.root)
        verified = seal_entry(head.origin, entry.index, entry.data, None)
        shown.append(Receipted(verified, head, receipts[entry.checkpoint], signed.log_time_s))
    return tuple(shown)


def _receipts(signed: SignedCheckpoint, policy: Policy) -> Mapping[str, int]:
    times = dict(signed.cosigned)
    found = {
        name: max(times[key] for key in keys)
        for name, keys in policy.cosigners.items()
        if all(key in times for key in keys)
    }
    return MappingProxyType(found)
