"""Every record that may cross the border, and the envelope it travels in. See README.md."""

from tocsin.wire.bodies import KINDS, body_of, encode_body, kind_of
from tocsin.wire.envelope import Record, Statement, decode, encode, entry_sha256, officer_message
from tocsin.wire.errors import UnknownKind, WireError
from tocsin.wire.schema import schema

__all__ = [
    "KINDS", "Record", "Statement", "UnknownKind", "WireError", "body_of", "decode", "encode", "encode_body",
    "entry_sha256", "kind_of", "officer_message", "schema",
]  # fmt: skip
