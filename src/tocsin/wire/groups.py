"""A log for each release group (L6): its name and keys, its secret, and its heads as they stand hidden in `shared`.

    "tocsin/group-head/salt/v1", the secret, the shared log's origin, the entry's index            -> the salt
    "tocsin/group-head/v1", the shared log's origin, the salt, the head's body (C2SP checkpoint)   -> SHA-256

each with its length in front (4 bytes, big-endian). Whoever holds the group's log has the secret, which is its first
entry, and can check every head; to others it is chance, until somebody opens it. Why so: docs/decisions/0014.
"""

import base64
import hashlib
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from tocsin.wire.envelope import Count, Hex32, Name, Origin, Record, Text

_PART = "/group/"


class GroupLog(Record, frozen=True, kw_only=True):
    """In `shared`, once: this party's log of a release group, its members, and the keys that sign it."""

    group: Name
    parties: Annotated[tuple[Name, ...], Meta(min_length=2, max_length=24)]
    log_keys: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]


class GroupSecret(Record, frozen=True, kw_only=True):
    """First entry of a group's log: from it and an entry's place follow the salts of the heads in `shared`."""

    group: Name
    secret: Hex32


class HiddenHead(Record, frozen=True, kw_only=True):
    """In `shared`, with every heartbeat: a salted hash of the head of this party's log of the group."""

    group: Name
    commitment: Hex32


class HeadOpening(Record, frozen=True, kw_only=True):
    """What a hidden head holds, shown by any member to anybody; the envelope refers to it (role `opens`)."""

    group: Name
    salt: Hex32
    origin: Origin
    size: Count
    root: Hex32


GROUP_KINDS: dict[tuple[str, int], type[Record]] = {
    ("group-log", 1): GroupLog,
    ("group-secret", 1): GroupSecret,
    ("hidden-head", 1): HiddenHead,
    ("head-opening", 1): HeadOpening,
}


def group_origin(shared: str, group: str) -> str:
    """Origin of a party's log of a group, beside its shared log."""
    return f"{shared}{_PART}{group}"


def split_group(origin: str) -> tuple[str, str]:
    """(origin of the shared log, group); the group is empty for every other log."""
    base, found, group = origin.rpartition(_PART)
    return (base, group) if found and group and "/" not in group else (origin, "")


def head_salt(secret: str, shared: str, index: int) -> bytes:
    """Salt (32 bytes) of the head that stands in the shared log at `index`. `secret`: hex."""
    return _hash((b"tocsin/group-head/salt/v1", bytes.fromhex(secret), shared.encode(), str(index).encode()))


def head_commitment(shared: str, salt: bytes, origin: str, size: int, root: bytes) -> str:
    """Hex SHA-256 of a head of the group's log `origin`, as a hidden head shows it. `salt`: 32 bytes."""
    if len(salt) != 32:
        raise AssertionError(f"salt of {len(salt)} bytes: 32 expected")
    body = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
    return _hash((b"tocsin/group-head/v1", shared.encode(), salt, body)).hex()


def head_opens(shared: str, hidden: HiddenHead, opening: HeadOpening) -> bool:
    """Whether an opening shows what a hidden head in the shared log of this origin holds."""
    if (opening.group, opening.origin) != (hidden.group, group_origin(shared, hidden.group)):
        return False
    salt, root = bytes.fromhex(opening.salt), bytes.fromhex(opening.root)
    return head_commitment(shared, salt, opening.origin, opening.size, root) == hidden.commitment


def _hash(parts: Sequence[bytes]) -> bytes:
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()
