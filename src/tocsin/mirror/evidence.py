"""Signed proofs of misconduct, self-contained: anyone with the public keys can check them, for ever, offline.

A `Fork` shows that a log signed two histories. A `TimeLie` shows that a mirror stated contradictory times: it
cosigned a smaller tree as the largest it knew, at a time later than it had cosigned a larger one (V5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.log.checkpoint import Checkpoint
from tocsin.log.cosignature import open_checkpoint
from tocsin.log.errors import LogError, ProofError
from tocsin.log.keys import VerifierKey
from tocsin.log.merkle import MAX_PROOF_HASHES, roots_from_prefix
from tocsin.log.note import MAX_NOTE_BYTES
from tocsin.mirror.container import Reader, hash_lines, sized
from tocsin.mirror.errors import BundleError, MirrorError

MAX_EVIDENCE_BYTES = 4 * MAX_NOTE_BYTES


@dataclass(frozen=True, slots=True)
class Fork:
    """Two checkpoints signed by one log whose first `at` entries differ.

    `first_nodes` and `second_nodes` lead from the root of the first `at` entries to each checkpoint's root
    (tocsin.log.merkle.prefix_nodes); they are empty where the checkpoint has exactly `at` entries.
    """

    at: int
    first: bytes
    second: bytes
    first_nodes: tuple[bytes, ...] = ()
    second_nodes: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        """The evidence as a file; `parse_fork` reads it."""
        return b"".join(
            (
                b"tocsin-fork v1\n",
                f"at {self.at}\n".encode(),
                sized("first", self.first),
                sized("second", self.second),
                f"nodes {len(self.first_nodes)} {len(self.second_nodes)}\n".encode(),
                hash_lines(self.first_nodes + self.second_nodes),
            )
        )


class Equivocation(MirrorError):  # noqa: N818 (the name says what it is)
    """The log signed two histories. `fork` proves it to anyone who has the log's public keys."""

    def __init__(self, message: str, fork: Fork) -> None:
        super().__init__(message, fork.second)
        self.fork = fork


def parse_fork(data: bytes) -> Fork:
    """Parse a fork's evidence file. Raises BundleError; `verify_fork` judges it."""
    reader = Reader(data, "fork evidence", MAX_EVIDENCE_BYTES)
    reader.expect("tocsin-fork v1")
    (at,) = reader.numbers("at", 1)
    first = reader.block(*reader.numbers("first", 1))
    second = reader.block(*reader.numbers("second", 1))
    counts = reader.numbers("nodes", 2)
    first_nodes, second_nodes = (reader.hashes(count, MAX_PROOF_HASHES + 1) for count in counts)
    reader.finish()
    return Fork(at, first, second, first_nodes, second_nodes)


def verify_fork(fork: Fork, log_keys: Sequence[VerifierKey]) -> tuple[Checkpoint, Checkpoint]:
    """The two contradictory checkpoints, if `fork` proves that the log with these keys signed two histories.

    Raises LogError or BundleError if it proves nothing.
    """
    first = open_checkpoint(fork.first, log_keys).checkpoint
    second = open_checkpoint(fork.second, log_keys).checkpoint
    if not 0 < fork.at <= min(first.size, second.size):
        raise BundleError(f"fork evidence: no common size {fork.at} in {first.size} and {second.size}", fork.encode())
    if prefix_root(first, fork.at, fork.first_nodes) == prefix_root(second, fork.at, fork.second_nodes):
        raise BundleError("fork evidence: both checkpoints have the same history", fork.encode())
    return first, second


def verify_cosigned_fork(fork: Fork, log_keys: Sequence[VerifierKey], mirror_key: VerifierKey) -> tuple[int, int]:
    """Times at which one mirror key cosigned both histories of a fork: the mirror, too, is convicted.

    Raises LogError or BundleError if it proves nothing against the mirror.
    """
    verify_fork(fork, log_keys)
    both = [open_checkpoint(note, log_keys, (mirror_key,)).cosigned for note in (fork.first, fork.second)]
    if not all(both):
        raise BundleError(f"fork evidence: expected cosignatures of {mirror_key.name} on both", fork.encode())
    return both[0][0][1], both[1][0][1]


def prefix_root(checkpoint: Checkpoint, at: int, nodes: Sequence[bytes]) -> bytes:
    """Root of the first `at` entries below a checkpoint, as `nodes` show it. Raises ProofError."""
    if at == checkpoint.size:
        if nodes:
            raise ProofError(f"prefix {at} of {checkpoint.size}: expected no nodes")
        return checkpoint.root
    old_root, new_root = roots_from_prefix(at, checkpoint.size, nodes)
    if new_root != checkpoint.root:
        raise ProofError(f"prefix {at} of {checkpoint.size}: the nodes lead to another root")
    return old_root


@dataclass(frozen=True, slots=True)
class TimeLie:
    """Two checkpoints of one log with cosignatures of one mirror key whose times contradict each other."""

    smaller: bytes
    larger: bytes

    def encode(self) -> bytes:
        """The evidence as a file; `parse_time_lie` reads it."""
        return b"tocsin-time-lie v1\n" + sized("smaller", self.smaller) + sized("larger", self.larger)


def parse_time_lie(data: bytes) -> TimeLie:
    """Parse a contradiction's evidence file. Raises BundleError; `verify_time_lie` judges it."""
    reader = Reader(data, "time evidence", MAX_EVIDENCE_BYTES)
    reader.expect("tocsin-time-lie v1")
    smaller = reader.block(*reader.numbers("smaller", 1))
    larger = reader.block(*reader.numbers("larger", 1))
    reader.finish()
    return TimeLie(smaller, larger)


def verify_time_lie(lie: TimeLie, log_keys: Sequence[VerifierKey], mirror_key: VerifierKey) -> tuple[int, int]:
    """(time of the smaller, time of the larger) in POSIX seconds, if they contradict each other.

    A cosignature says "at this time, this was the largest tree I knew": a smaller tree with a later time than a
    larger one is a lie, whatever the clocks did. Raises LogError or BundleError if it proves nothing.
    """
    smaller = open_checkpoint(lie.smaller, log_keys, (mirror_key,))
    larger = open_checkpoint(lie.larger, log_keys, (mirror_key,))
    if not smaller.cosigned or not larger.cosigned:
        raise BundleError(f"time evidence: expected cosignatures of {mirror_key.name} on both", lie.encode())
    times = smaller.cosigned[0][1], larger.cosigned[0][1]
    if smaller.checkpoint.size >= larger.checkpoint.size or times[0] <= times[1]:
        raise BundleError("time evidence: the times do not contradict each other", lie.encode())
    return times


def find_time_lie(notes: Sequence[bytes], log_keys: Sequence[VerifierKey], mirror_key: VerifierKey) -> TimeLie | None:
    """A contradiction among cosigned checkpoints of one log, None if there is none; other notes are skipped."""
    by_size: dict[int, list[tuple[int, bytes]]] = {}
    for note in notes:
        try:
            signed = open_checkpoint(note, log_keys, (mirror_key,))
        except LogError:
            continue
        for _, time_s in signed.cosigned:
            by_size.setdefault(signed.checkpoint.size, []).append((time_s, note))
    latest: tuple[int, bytes] | None = None
    for _, group in sorted(by_size.items()):
        earliest = min(group)
        if latest is not None and latest[0] > earliest[0]:
            return TimeLie(latest[1], earliest[1])
        latest = max(group) if latest is None else max(latest, *group)
    return None
