"""What two centres say to each other below the statements: pushes of new entries, and answers with receipts.

A push is a checkpoint, the entries that the partner lacks, and the proof that they extend what it holds. The answer
says how far the partner now holds the log, with its receipt. Either side may lose any message: the next push starts
from what the last answer said, so a link resumes after any outage.
"""

import base64
import binascii
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from tocsin.errors import BadEvidence

MAX_MESSAGE_BYTES = 4 * 1024 * 1024
MAX_ENTRIES = 1_024
MAX_ENTRY_TOTAL = 2 * 1024 * 1024

T = TypeVar("T")
Base64 = Annotated[str, Meta(max_length=90_000)]
Size = Annotated[int, Meta(ge=0, le=2**62)]


class Push(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Entries [start, start + len(entries)) under `checkpoint`, and the consistency proof from `start`."""

    checkpoint: Annotated[str, Meta(max_length=64_000)]
    start: Size
    entries: Annotated[tuple[Base64, ...], Meta(max_length=MAX_ENTRIES)]
    consistency: Annotated[tuple[Base64, ...], Meta(max_length=63)]


class Answer(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many entries are now held, the receipt for them, or why the push was refused."""

    held: Size
    receipt: Annotated[str, Meta(max_length=64_000)] = ""
    refused: Annotated[str, Meta(max_length=2_000)] = ""


def encode_push(checkpoint: bytes, start: int, entries: list[bytes], consistency: list[bytes]) -> bytes:
    """Bytes of a push."""
    return msgspec.json.encode(
        Push(
            checkpoint=checkpoint.decode(),
            start=start,
            entries=tuple(base64.b64encode(entry).decode() for entry in entries),
            consistency=tuple(base64.b64encode(node).decode() for node in consistency),
        )
    )


def decode_push(data: bytes) -> Push:
    """A push from foreign bytes. Raises BadEvidence."""
    return _decode(data, Push, "push")


def decode_answer(data: bytes) -> Answer:
    """An answer from foreign bytes. Raises BadEvidence."""
    return _decode(data, Answer, "answer")


def unpack(values: tuple[str, ...], what: str) -> list[bytes]:
    """Strict base64 of each value. Raises BadEvidence naming which."""
    found = []
    for number, value in enumerate(values):
        try:
            found.append(base64.b64decode(value, validate=True))
        except (binascii.Error, ValueError) as error:
            raise BadEvidence(f"push: {what} {number} is not base64", value.encode()) from error
    return found


def _decode(data: bytes, kind: type[T], what: str) -> T:
    if len(data) > MAX_MESSAGE_BYTES:
        raise BadEvidence(f"{what} of {len(data)} bytes: at most {MAX_MESSAGE_BYTES} expected", data[:1024])
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadEvidence(f"{what}: {error}", data[:65_536]) from error
