"""Checkpoints (C2SP tlog-checkpoint v1.0.0): a log's origin, size and root as a note text."""

import base64
from functools import lru_cache

from msgspec import Struct

from tocsin.log.errors import CheckpointError, NoteError
from tocsin.log.note import check_name, decode_base64

MAX_TREE_SIZE = 2**62  # keeps every index and proof length within 63 hashes
HASH_BYTES = 32
MAX_BODY_BYTES = 16 * 1024


class Checkpoint(Struct, frozen=True, gc=False):
    """Origin, number of entries and Merkle root (32 bytes) of a log; extension lines are read, never written."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def body(self) -> bytes:
        """The note text."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions, "")
        return "\n".join(lines).encode()


def parse_size(text: str, what: str) -> int:
    """Canonical ASCII decimal between 0 and MAX_TREE_SIZE."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 19 or (text[0] == "0" and text != "0"):
        raise CheckpointError(f"{what}: expected a decimal without leading zeros", text.encode()[:64])
    value = int(text)
    if value > MAX_TREE_SIZE:
        raise CheckpointError(f"{what}: {value}, expected at most 2**62", text.encode())
    return value


@lru_cache(maxsize=256)
def parse_checkpoint(body: bytes) -> Checkpoint:
    """Parse a checkpoint's note text. Raises CheckpointError."""
    if len(body) > MAX_BODY_BYTES:
        raise CheckpointError("checkpoint: text too long", body[:1024])
    try:
        lines = body.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise CheckpointError("checkpoint: expected UTF-8", body) from error
    if len(lines) < 4 or lines[-1] != "" or "" in lines[:-1]:
        raise CheckpointError("checkpoint: expected at least three lines, none empty", body)
    size = parse_size(lines[1], "checkpoint size")
    try:
        check_name(lines[0])
        root = decode_base64(lines[2].encode(), "checkpoint root")
    except NoteError as error:
        raise CheckpointError(f"checkpoint: {error}", body) from error
    if len(root) != HASH_BYTES:
        raise CheckpointError(f"checkpoint root: {len(root)} bytes, expected {HASH_BYTES}", body)
    return Checkpoint(lines[0], size, root, tuple(lines[3:-1]))
