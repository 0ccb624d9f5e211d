"""Receipts: a mirror's cosignatures, "I hold every entry up to this checkpoint" (tlog-mirror)."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from tocsin.log.cosignature import open_checkpoint
from tocsin.log.errors import NoteError
from tocsin.log.keys import VerifierKey
from tocsin.log.note import Note, SignatureLine, parse_note, parse_signature_lines
from tocsin.mirror.errors import ReceiptError


class Receipt(Struct, frozen=True, gc=False):
    """Answer to an offer: what is held, since when, and the signature lines that say so.

    `lines` go back to the log (empty from a mirror without cosigners); `note` is the checkpoint with them.
    """

    origin: str
    size: int
    root: bytes
    time_s: int
    lines: bytes
    note: bytes


def attach(note: bytes, lines: bytes) -> bytes:
    """A signed checkpoint with more signature lines; a key's earlier line stays. Verifies nothing. Raises NoteError."""
    seen = {(line.name, line.key_id) for line in parse_note(note).signatures}
    fresh: list[SignatureLine] = []
    for line in parse_signature_lines(lines):
        if (line.name, line.key_id) not in seen:
            seen.add((line.name, line.key_id))
            fresh.append(line)
    return note + b"".join(line.encode() for line in fresh)  # a note that parses has one spelling


def keep_known(note: bytes, keys: Sequence[VerifierKey]) -> bytes:
    """The note with the lines of `keys` only: what nobody here can verify is not passed on."""
    parsed = parse_note(note)
    known = names_of(tuple(keys))
    lines = tuple([line for line in parsed.signatures if (line.name, line.key_id) in known])
    if len(lines) == len(parsed.signatures):
        return note  # which has one spelling
    return Note(parsed.text, lines).encode()


@lru_cache(maxsize=64)
def names_of(keys: tuple[VerifierKey, ...]) -> frozenset[tuple[str, bytes]]:
    """(name, key id) of each key, by which signature lines are told apart."""
    return frozenset((key.name, key.key_id) for key in keys)


def verify_receipt(note: bytes, log_keys: Sequence[VerifierKey], mirror_keys: Sequence[VerifierKey]) -> int:
    """POSIX time in seconds by which the mirror held the checkpoint; the latest where its keys state several.

    P6: the log signed (trap 6), and every one of the mirror's keys cosigned (L9: 0x04 and 0x06). Raises
    ReceiptError where a cosignature is missing, SignatureError where one is wrong.
    """
    if not mirror_keys:
        raise AssertionError("verify_receipt needs at least one mirror key")
    signed = open_checkpoint(note, log_keys, mirror_keys)
    found = dict(signed.cosigned)
    missing = [f"0x{key.algorithm:02x}" for key in mirror_keys if key not in found]
    if missing:
        name, origin = mirror_keys[0].name, signed.checkpoint.origin
        raise ReceiptError(f"receipt of {origin}: no {' and '.join(missing)} cosignature of {name}", note)
    return max(found.values())


def check_lines(lines: bytes) -> None:
    """Raises ReceiptError unless `lines` are signature lines."""
    try:
        parse_signature_lines(lines)
    except NoteError as error:
        raise ReceiptError(f"receipt: {error}", lines[:65_536]) from error
