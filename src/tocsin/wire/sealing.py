"""Sealing a judgement and opening it again: a salted hash, and the exact text that it was made over.

Commitment: SHA-256 over "tocsin/seal/v1", the origin of the party's shared log, the event, the panel ("" for none), the
32 bytes of the salt and the UTF-8 text of the assessment's body, each with its length in front (4 bytes, big-endian).
The salt hides a judgement of few possible values; the origin keeps one side from sealing a copy of the other's seal.
"""

import hashlib

import msgspec

from tocsin.wire.bodies import Assessment, encode_body
from tocsin.wire.errors import WireError
from tocsin.wire.judging import OpenedJudgement, SealedJudgement
from tocsin.wire.strict import refuse_duplicate_names

SALT_BYTES = 32
_DECODER = msgspec.json.Decoder(Assessment, strict=True)


def judgement_text(body: Assessment) -> str:
    """The text that is sealed now and shown later. Raises WireError for what no log would hold."""
    return bytes(encode_body(body)).decode()


def commitment(origin: str, event: str, panel: str | None, salt: bytes, text: str) -> str:
    """Hex SHA-256 that a seal shows. `origin` is that of the party's shared log, also for a seal in its own log."""
    if len(salt) != SALT_BYTES:
        raise AssertionError(f"salt of {len(salt)} bytes: {SALT_BYTES} expected")
    parts = (b"tocsin/seal/v1", origin.encode(), event.encode(), (panel or "").encode(), salt, text.encode())
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).hexdigest()


def fits(origin: str, sealed: SealedJudgement, opened: OpenedJudgement) -> bool:
    """Whether an opening is of this seal."""
    if (sealed.event, sealed.panel) != (opened.event, opened.panel):
        return False
    made = commitment(origin, opened.event, opened.panel, bytes.fromhex(opened.salt), opened.judgement)
    return made == sealed.commitment


def judgement_of(opened: OpenedJudgement) -> Assessment:
    """The assessment that was sealed. Raises WireError naming the field."""
    data = opened.judgement.encode()
    try:
        body = _DECODER.decode(data)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise WireError(f"opened judgement: not the body of an assessment: {error}", data) from error
    refuse_duplicate_names(data, bytes(encode_body(body)))
    if body.event != opened.event:
        raise WireError(f"opened judgement: of event {body.event}, {opened.event} expected", data)
    return body
