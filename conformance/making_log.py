"""Questions about trees, signatures, receipts and forks, hybrid keys throughout. Seeds are fixed; ML-DSA replays."""

import random
from collections.abc import Iterator

from conformance.vector import Vector, ask, b64
from tocsin.log.memory import ManualClock, MemoryCells
from tocsin.log.merkle import leaf_hash, root_of_leaves
from tocsin.log.signers import log_signers, mirror_signers
from tocsin.log.writer import LogWriter
from tocsin.mirror import Mirror
from tocsin.mirror.evidence import Equivocation
from tocsin.mirror.memory import MemoryMirrorStore

ORIGIN, NAME = "tocsin.exercise/west", "tocsin.exercise/east/mirror"
SIZES = (1, 2, 3, 5, 7, 8, 9, 64, 255, 256, 257)
KEYS = log_signers(ORIGIN, b"conformance", replayable=True)
MIRROR = mirror_signers(NAME, b"conformance", replayable=True)


def vectors() -> Iterator[Vector]:
    """Proofs, checkpoints, receipts, forks: right ones, and each spoilt in some way."""
    chance = random.Random(2)
    yield from _trees(chance)
    yield from _signed(chance)
    yield from _forks()


def _writer(entries: list[bytes]) -> LogWriter:
    made = LogWriter.open(ORIGIN, MemoryMirrorStore(), MemoryCells(), KEYS, ManualClock(1_000))
    made.append(entries)
    made.commit()
    return made


def _flip(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) * 8)
    return data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :]


def _trees(chance: random.Random) -> Iterator[Vector]:
    entries = [f"entry {number}".encode() for number in range(max(SIZES))]
    for size in SIZES[:8]:
        yield ask("log.root", f"{size} entries", entries=[b64(one) for one in entries[:size]])
    writer = _writer(entries)
    roots = {size: root_of_leaves([leaf_hash(one) for one in entries[:size]]) for size in SIZES}
    mirror = Mirror(ORIGIN, writer.keys, MemoryMirrorStore(), MemoryCells(), ManualClock(1_000))
    mirror.offer(writer.checkpoint or b"", 0, entries)
    tree = mirror.held.tree
    for size in SIZES:
        for index in sorted({0, size - 1, chance.randrange(size)}):
            proof = tree.inclusion(index, size)
            right = {"index": index, "size": size, "entry": b64(entries[index]), "root": roots[size].hex()}
            yield ask("log.inclusion", "right", proof=[b64(one) for one in proof], **right)
            if proof:
                at = chance.randrange(len(proof))
                wrong = [*proof[:at], _flip(proof[at], chance), *proof[at + 1 :]]
                yield ask("log.inclusion", "a flipped bit", proof=[b64(one) for one in wrong], **right)
                yield ask("log.inclusion", "too short", proof=[b64(one) for one in proof[1:]], **right)
            longer = [b64(one) for one in (*proof, b"\0" * 32)]
            yield ask("log.inclusion", "too long", proof=longer, **right)
            other = right | {"entry": b64(b"x")}
            yield ask("log.inclusion", "another entry", proof=[b64(one) for one in proof], **other)
    for old, new in ((0, 5), (1, 2), (3, 7), (7, 8), (8, 9), (64, 257), (255, 256), (256, 257), (9, 9)):
        proof = tree.consistency(old, new) if old else []
        old_root = roots.get(old, root_of_leaves([leaf_hash(one) for one in entries[:old]]))
        right = {"old_size": old, "new_size": new, "old_root": old_root.hex(), "new_root": roots[new].hex()}
        yield ask("log.consistency", "right", proof=[b64(one) for one in proof], **right)
        changed = right | {"old_root": _flip(old_root, chance).hex()}
        yield ask("log.consistency", "another history", proof=[b64(one) for one in proof], **changed)
        yield ask("log.consistency", "too long", proof=[b64(one) for one in (*proof, b"\0" * 32)], **right)


def _signed(chance: random.Random) -> Iterator[Vector]:
    keys, mirrors = [one.key.text for one in KEYS], [one.key.text for one in MIRROR]
    entries = [b"one", b"two", b"three"]
    writer = _writer(entries)
    note = writer.checkpoint or b""
    mirror = Mirror(ORIGIN, writer.keys, MemoryMirrorStore(), MemoryCells(), ManualClock(1_234), MIRROR)
    receipted = mirror.offer(note, 0, entries).note
    lines = note.split(b"\n")
    stripped = [b"\n".join(line for line in lines if line != gone) for gone in lines if gone.startswith("—".encode())]
    yield ask("log.checkpoint", "right", note=b64(note), log_keys=keys)
    yield ask("log.checkpoint", "with a receipt", note=b64(receipted), log_keys=keys)
    for one in stripped:
        yield ask("log.checkpoint", "one of two signatures stripped (L9)", note=b64(one), log_keys=keys)
    yield ask("log.checkpoint", "keys of another", note=b64(note), log_keys=mirrors)
    for _ in range(12):
        yield ask("log.checkpoint", "a flipped bit", note=b64(_flip(note, chance)), log_keys=keys)
    for why, spoilt in (
        ("no last newline", note[:-1]), ("a space more", note.replace(b"\n3\n", b"\n3 \n", 1)),
        ("a leading zero", note.replace(b"\n3\n", b"\n03\n", 1)), ("empty", b""),
    ):  # fmt: skip
        yield ask("log.checkpoint", why, note=b64(spoilt), log_keys=keys)
    yield ask("log.receipt", "right", note=b64(receipted), log_keys=keys, mirror_keys=mirrors)
    yield ask("log.receipt", "no receipt", note=b64(note), log_keys=keys, mirror_keys=mirrors)
    parts = receipted.split(b"\n")
    for gone in parts:
        if gone.startswith(f"— {NAME}".encode()):
            half = b"\n".join(line for line in parts if line != gone)
            yield ask("log.receipt", "half a receipt (L9)", note=b64(half), log_keys=keys, mirror_keys=mirrors)
    for _ in range(12):
        spoilt = _flip(receipted, chance)
        yield ask("log.receipt", "a flipped bit", note=b64(spoilt), log_keys=keys, mirror_keys=mirrors)


def _forks() -> Iterator[Vector]:
    keys = [one.key.text for one in KEYS]
    mirror = Mirror(ORIGIN, [one.key for one in KEYS], MemoryMirrorStore(), MemoryCells(), ManualClock(1_000))
    told = [b"told to us", b"a", b"b"]
    mirror.offer(_writer(told).checkpoint or b"", 0, told)
    other = [b"told to others", b"a", b"b"]
    try:
        mirror.offer(_writer(other).checkpoint or b"", 0, other)
    except Equivocation as caught:
        proof = caught.fork.encode()
    yield ask("log.fork", "two histories", proof=b64(proof), log_keys=keys)
    yield ask("log.fork", "keys of another", proof=b64(proof), log_keys=[one.key.text for one in MIRROR])
    same = proof.replace(_writer(other).checkpoint or b"", _writer(told).checkpoint or b"")
    yield ask("log.fork", "one history twice", proof=b64(same), log_keys=keys)
