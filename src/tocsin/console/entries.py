"""One entry of a log as pages show it: in a line, and with everything needed to believe it."""

import base64
from typing import Any

import msgspec
from msgspec import Struct

from tocsin.console.sight import Sight, exact_text, message_sha256
from tocsin.node import shown, sights
from tocsin.node.record import in_words


class StatementLine(Struct, frozen=True, kw_only=True):
    """One entry of a log, in a line."""

    origin: str
    index: int
    sha256: str
    party: str
    kind: str
    utc: str
    words: str


class StatementView(Struct, frozen=True, kw_only=True):
    """One entry with everything needed to believe it: its bytes, who signed and holds it, its inclusion proof."""

    line: StatementLine
    entry_base64: str
    statement: dict[str, Any]
    exact_text: str
    message_sha256: str
    signed_by: tuple[str, ...]
    receipted_by: tuple[str, ...]
    checkpoint: str
    proof: tuple[str, ...]
    size: int


def statement_line(found: shown.Said) -> StatementLine:
    """An entry in a line."""
    return StatementLine(
        origin=found.entry.origin, index=found.entry.index, sha256=found.entry.sha256, party=found.party,
        kind=found.kind, utc=sights.utc(found.t_tai_us), words=in_words(found),
    )  # fmt: skip


def statement_view(sight: Sight, found: shown.Said) -> StatementView:
    """An entry whole, with its proof."""
    proof = shown.proof(sight.centre, found)
    return StatementView(
        line=statement_line(found), entry_base64=base64.b64encode(found.entry.data).decode(),
        statement=msgspec.json.decode(found.entry.data), exact_text=exact_text(found.statement),
        message_sha256=message_sha256(found.statement), signed_by=sight.signed_by(found),
        receipted_by=sight.receipted_by(found), checkpoint=proof.checkpoint, proof=proof.hashes, size=proof.size,
    )  # fmt: skip
