"""Signed notes (C2SP signed-note v1.0.0): text, a blank line, signature lines. Syntax only, no cryptography.

Stricter than the specification where it leaves room: base64 must be canonical, and sizes are bounded first, so
that two parsers cannot read one note in two ways.
"""

import binascii
import re
from functools import lru_cache

from msgspec import Struct

from tocsin.log.errors import NoteError

MAX_NOTE_BYTES = 256 * 1024
MAX_SIGNATURES = 100  # the bound of golang.org/x/mod/sumdb/note; the specification asks for at least 16
MAX_NAME_BYTES = 255  # u8 length in the 0x06 message
_PREFIX = "— "
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_NOT_IN_NAME = re.compile(r"[\s+\x00-\x1f]")  # \s is every Unicode space


class SignatureLine(Struct, frozen=True, gc=False):
    """One signature line: key name, 4-byte key id, and what follows the id (algorithm-specific bytes)."""

    name: str
    key_id: bytes
    signature: bytes

    def encode(self) -> bytes:
        """The line with its newline."""
        value = binascii.b2a_base64(self.key_id + self.signature, newline=False).decode()
        return f"{_PREFIX}{self.name} {value}\n".encode()


class Note(Struct, frozen=True, gc=False):
    """A note: `text` ends in a newline and is what is signed."""

    text: bytes
    signatures: tuple[SignatureLine, ...]

    def encode(self) -> bytes:
        """The note's bytes; `parse_note` returns an equal note."""
        return self.text + b"\n" + b"".join(line.encode() for line in self.signatures)


def check_name(name: str) -> str:
    """`name` if it can name a key: not empty, no space, no plus, no control character, at most 255 bytes."""
    encoded = _utf8(name)
    if not name or len(encoded) > MAX_NAME_BYTES:
        raise NoteError("key name: expected 1 to 255 bytes of UTF-8", encoded[:MAX_NAME_BYTES])
    if _NOT_IN_NAME.search(name):
        raise NoteError(f"key name {name!r}: expected no space, plus or control character", encoded)
    return name


def decode_base64(value: bytes, what: str) -> bytes:
    """Canonical standard base64 (RFC 4648 section 4); anything else is a NoteError naming `what`."""
    try:
        decoded = binascii.a2b_base64(value, strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"{what}: expected base64", value) from error
    if binascii.b2a_base64(decoded, newline=False) != value:
        raise NoteError(f"{what}: expected canonical base64", value)
    return decoded


@lru_cache(maxsize=128)  # each step of the gate reads the same note again
def parse_note(data: bytes) -> Note:
    """Parse a signed note. Raises NoteError; signatures are not verified."""
    if len(data) > MAX_NOTE_BYTES:
        raise NoteError(f"note: {len(data)} bytes, expected at most {MAX_NOTE_BYTES}", data[:1024])
    if _CONTROL.search(data):
        raise NoteError("note: control character, expected none below U+0020 but newline", data)
    split = data.rfind(b"\n\n")
    if split < 0:
        raise NoteError("note: no blank line before the signatures", data)
    text, tail = data[: split + 1], data[split + 2 :]
    _decode(text, "note text")
    return Note(text, parse_signature_lines(tail))


def parse_signature_lines(data: bytes) -> tuple[SignatureLine, ...]:
    """One or more signature lines, each with its newline (also the body of a witness's or mirror's answer)."""
    if len(data) > MAX_NOTE_BYTES or not data.endswith(b"\n"):
        raise NoteError("signatures: expected lines that end in a newline", data[:1024])
    lines = data[:-1].split(b"\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"signatures: {len(lines)} lines, expected at most {MAX_SIGNATURES}", data[:1024])
    return tuple(_parse_line(line) for line in lines)


@lru_cache(maxsize=512)
def _parse_line(line: bytes) -> SignatureLine:
    text = _decode(line, "signature line")
    parts = text.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise NoteError("signature line: expected an em dash, a key name and base64", line)
    check_name(parts[1])
    value = decode_base64(parts[2].encode(), "signature line")
    if len(value) < 5:
        raise NoteError("signature line: expected a key id and a signature", line)
    return SignatureLine(parts[1], value[:4], value[4:])


def _decode(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError(f"{what}: expected UTF-8", data) from error


def _utf8(name: str) -> bytes:
    try:
        return name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NoteError("key name: expected UTF-8", b"") from error
