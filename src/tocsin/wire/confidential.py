"""Entries for some parties alone: what stands in the clear, what is encrypted, and what binds the two (L7, L8).

No cryptography beyond a hash in here: keys and ciphers are ports (`node.custody.vault`). The envelope of a confidential
entry keeps kind, marking and time in the clear, so that everybody can hold the regime's rules against it; references,
officers' signatures and the body are encrypted. `commitment` binds the hidden text for ever: whoever is shown the text
later, with its salt, can check it against the log without any key.

    "tocsin/confidential/v1", kind, schema, origin, epoch, mode, regime, the hidden text     -> SHA-256

each with its length in front (4 bytes, big-endian). The text is padded to one of a few lengths before it is encrypted.
"""

import base64
import binascii
import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta, Raw

from tocsin.wire.envelope import (
    Count,
    Encryption,
    Hex32,
    Line,
    Marking,
    Name,
    OfficerSignature,
    Record,
    Reference,
    Statement,
    TaiUs,
    Text,
)
from tocsin.wire.errors import WireError
from tocsin.wire.strict import refuse_duplicate_names

LENGTHS = (512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768)
"""Padded lengths in bytes: a reader of the ciphertext learns one of seven sizes."""
Base64 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+={0,2}\Z", max_length=4_000)]
MAY_BE_CONFIDENTIAL = frozenset(
    {
        "acknowledgement", "air-alert", "assessment", "cyber-incident", "deconfliction", "docket", "exercise-notice",
        "hazard-notice", "hotline", "incident", "launch-detection", "notification", "orbit", "short-code", "site-check",
        "voice-call",
    }
)  # fmt: skip
"""What some parties may read alone. Tracks, votes and keys are for all: everybody must compute the same from them."""
_ENCODER = msgspec.json.Encoder()


class EncryptionKey(Record, frozen=True, kw_only=True):
    """A party's public key for what is meant for it alone. `public`: base64 of the scheme's raw bytes."""

    party: Name
    scheme: Name
    public: Base64


class EncryptionKeys(Record, frozen=True, kw_only=True):
    """Part of the manifest of pairing: every party's encryption key as this party compared it."""

    keys: Annotated[tuple[EncryptionKey, ...], Meta(min_length=1, max_length=24)]


class WrappedKey(Record, frozen=True, kw_only=True):
    """A group key under one recipient's key; `key_id` names that key."""

    party: Name
    key_id: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
    wrapped: Base64


class KeyWrap(Record, frozen=True, kw_only=True):
    """A fresh group key for these recipients, the author among them. Later entries refer to it (role `key`).

    `group_key_id` is the first 16 hex digits of SHA-256 over "tocsin group key v1", a newline and the key.
    """

    group_key_id: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
    scheme: Name
    recipients: Annotated[tuple[WrappedKey, ...], Meta(min_length=1, max_length=24)]

    def __post_init__(self) -> None:
        if len({one.party for one in self.recipients}) != len(self.recipients):
            raise ValueError("`recipients`: each party once was expected")


class ObservationSeal(Record, frozen=True, kw_only=True):
    """A salted hash of something that this party holds now and shows to nobody: an own log's head, a recording (L8).

    It proves possession once it is opened. It cannot prove that nothing else was held.
    """

    commitment: Hex32
    what: Line


class ObservationOpening(Record, frozen=True, kw_only=True):
    """Salt, length and hash of what was sealed; the envelope refers to the seal (role `opens`).

    `text` holds the content where it is short text; otherwise the file is handed over beside the log.
    """

    salt: Hex32
    content_sha256: Hex32
    content_bytes: Count
    text: Text = ""
    because: Text = ""


class Hidden(Record, frozen=True, kw_only=True):
    """What is encrypted: the salt, and the parts of the statement that recipients alone see."""

    salt: Hex32
    references: Annotated[tuple[Reference, ...], Meta(max_length=64)]
    signatures: Annotated[tuple[OfficerSignature, ...], Meta(max_length=8)]
    observed_tai_us: TaiUs
    body: Raw


_HIDDEN = msgspec.json.Decoder(Hidden, strict=True)
CONFIDENTIAL_KINDS: dict[tuple[str, int], type[Record]] = {
    ("encryption-keys", 1): EncryptionKeys,
    ("key-wrap", 1): KeyWrap,
}
SEAL_KINDS: dict[tuple[str, int], type[Record]] = {
    ("observation-seal", 1): ObservationSeal,
    ("observation-opening", 1): ObservationOpening,
}


def hidden_text(plain: Statement, salt: bytes) -> bytes:
    """The text to be encrypted, made of a statement in the clear. `salt`: 32 bytes."""
    hidden = Hidden(
        salt=salt.hex(), references=plain.references, signatures=plain.signatures,
        observed_tai_us=plain.observed.t_tai_us, body=plain.body,
    )  # fmt: skip
    return _ENCODER.encode(hidden)


def commitment(statement: Statement, text: bytes) -> str:
    """Hex SHA-256 that binds the hidden text to its envelope."""
    parts = (
        b"tocsin/confidential/v1", statement.kind.encode(), str(statement.schema).encode(), statement.origin.encode(),
        str(statement.epoch).encode(), statement.mode.encode(), statement.regime.encode(), text,
    )  # fmt: skip
    return hashlib.sha256(_joined(parts)).hexdigest()


def associated(statement: Statement) -> bytes:
    """What of the envelope the ciphertext is bound to: everything but the sequence, which the log gives later."""
    bare = msgspec.structs.replace(statement, sequence=0, body=Raw(b"null"), signatures=())
    return _joined((b"tocsin/confidential/envelope/v1", _ENCODER.encode(bare)))


def padded(text: bytes) -> bytes:
    """Text, 0x80, zeros (ISO/IEC 7816-4) up to the next length. Raises WireError for more than an entry can hold."""
    length = next((length for length in LENGTHS if len(text) < length), None)
    if length is None:
        raise WireError(f"confidential statement of {len(text)} bytes: at most {LENGTHS[-1] - 1} expected")
    return text + b"\x80" + bytes(length - len(text) - 1)


def unpadded(data: bytes) -> bytes:
    """The text again. Raises WireError where the padding is not the one expected."""
    text = data.rstrip(b"\x00")
    if len(data) not in LENGTHS or not text.endswith(b"\x80") or padded(text[:-1]) != data:
        raise WireError("confidential statement: its padding is not the one expected", data)
    return text[:-1]


def envelope(plain: Statement, text: bytes, scheme: str, key: Reference, group_key_id: str) -> Statement:
    """The envelope that goes into the log, still without its ciphertext."""
    slot = Encryption(
        scheme=scheme, key_reference=group_key_id, commitment=commitment(plain, text), padded_bytes=len(padded(text))
    )
    return msgspec.structs.replace(plain, references=(key,), signatures=(), encryption=slot, body=Raw(b"null"))


def with_ciphertext(statement: Statement, ciphertext: bytes) -> Statement:
    """The envelope with its body: base64 in a JSON string."""
    return msgspec.structs.replace(statement, body=Raw(b'"' + base64.b64encode(ciphertext) + b'"'))


def ciphertext_of(statement: Statement) -> bytes:
    """Raw ciphertext of a confidential entry. Raises WireError."""
    try:
        text = msgspec.json.decode(statement.body, type=str)
        return base64.b64decode(text, validate=True)
    except (msgspec.MsgspecError, UnicodeError, binascii.Error, ValueError) as error:
        raise WireError(f"{statement.kind}: confidential body: {error}", bytes(statement.body)) from error


def key_reference(statement: Statement) -> Reference:
    """The entry that holds the group key. Raises WireError."""
    found = [one for one in statement.references if one.role == "key"]
    if len(found) != 1 or len(statement.references) != 1:
        raise WireError(f"{statement.kind}: one reference, to the key, was expected beside a confidential body")
    return found[0]


def disclosed(statement: Statement, text: bytes) -> Statement:
    """The statement in the clear, if `text` is what its envelope commits to. Raises WireError otherwise."""
    slot = statement.encryption
    if slot is None or commitment(statement, text) != slot.commitment:
        raise WireError(f"{statement.kind}: not the text that the log commits to", text)
    try:
        hidden = _HIDDEN.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"{statement.kind}: hidden text: {error}", text) from error
    refuse_duplicate_names(text, _ENCODER.encode(hidden))
    if hidden.observed_tai_us != statement.observed.t_tai_us:
        raise WireError(f"{statement.kind}: hidden text of another time than its envelope", text)
    return msgspec.structs.replace(
        statement, references=hidden.references, signatures=hidden.signatures, encryption=None, body=hidden.body
    )


def for_recipients(plain: Statement, recipients: tuple[str, ...]) -> Statement:
    """Marked as releasable to these parties alone."""
    marking: Marking = msgspec.structs.replace(plain.marking, releasable_to=tuple(sorted(recipients)))
    return msgspec.structs.replace(plain, marking=marking)


def observation_commitment(origin: str, salt: bytes, content_sha256: str, content_bytes: int) -> str:
    """Hex SHA-256 that an observation seal shows. `origin`: the party's shared log; `salt`: 32 bytes."""
    if len(salt) != 32:
        raise AssertionError(f"salt of {len(salt)} bytes: 32 expected")
    parts = (
        b"tocsin/observation/v1", origin.encode(), salt, bytes.fromhex(content_sha256), str(content_bytes).encode()
    )
    return hashlib.sha256(_joined(parts)).hexdigest()


def opens(origin: str, seal: ObservationSeal, opening: ObservationOpening) -> bool:
    """Whether an opening is of this seal, and its text, where there is one, is what was sealed."""
    if opening.text:
        content = opening.text.encode()
        if (hashlib.sha256(content).hexdigest(), len(content)) != (opening.content_sha256, opening.content_bytes):
            return False
    made = observation_commitment(origin, bytes.fromhex(opening.salt), opening.content_sha256, opening.content_bytes)
    return made == seal.commitment


def _joined(parts: tuple[bytes, ...]) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
