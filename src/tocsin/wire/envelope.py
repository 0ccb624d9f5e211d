"""The envelope of statements. FROZEN: version 1 may gain nothing and lose nothing (docs/wire.md).

Times on the wire are integer microseconds of TAI since 1970-01-01T00:00:00 TAI: exact in every JSON
parser (below 2**53 until the year 2255), without leap-second gaps, and 7 mm of flight at 7 km/s.
"""

import hashlib
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from tocsin.wire.errors import WireError
from tocsin.wire.strict import refuse_duplicate_names

ENVELOPE_VERSION = 1
MAX_ENTRY_BYTES = 65_535  # C2SP tlog-tiles: big-endian u16 length prefix
MAX_TAI_US = 2**53 - 1

Mode = Literal["exercise", "live"]
Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
Origin = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9./-]{0,199}\Z")]
TaiUs = Annotated[int, Meta(ge=0, le=MAX_TAI_US)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Line = Annotated[str, Meta(max_length=500)]
Text = Annotated[str, Meta(max_length=8_000)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]


class Record(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Base of everything on the wire: immutable, and strict about unknown fields.

    Not watched by the collector of cycles: what is immutable and made of values holds none.
    """


class Marking(Record, frozen=True, kw_only=True):
    """Who may hold it, who let it go, and whose text governs."""

    releasable_to: Annotated[tuple[Name, ...], Meta(max_length=64)]
    originator: Name
    authority: Line
    language: Language = "en"


class Observed(Record, frozen=True, kw_only=True):
    """When the matter was observed, by whose clock, and how far that clock may be off (one sigma)."""

    t_tai_us: TaiUs
    uncertainty_us: Count
    clock: Annotated[str, Meta(max_length=40)]


class Reference(Record, frozen=True, kw_only=True):
    """Another entry, by position and by the SHA-256 of its bytes as logged."""

    role: Name
    origin: Origin
    epoch: Count
    index: Count
    sha256: Hex32


class Encryption(Record, frozen=True, kw_only=True):
    """Slot for per-recipient encryption (protocol.md L7): the body is then base64 ciphertext."""

    scheme: Name
    key_reference: Line
    commitment: Hex32
    padded_bytes: Count


class OfficerSignature(Record, frozen=True, kw_only=True):
    """A person's signature over `officer_message`; several for hybrid schemes and two-person rules."""

    scheme: Name
    key_id: Annotated[str, Meta(max_length=200)]
    role: Name
    value: Annotated[str, Meta(max_length=8_000)]
    context: Annotated[str, Meta(max_length=8_000)] = ""


class Statement(Record, frozen=True, kw_only=True):
    """One entry of a party's log. `sequence` is its index there; `regime` the SHA-256 of the regime file."""

    tocsin: Literal[1]
    kind: Name
    schema: Annotated[int, Meta(ge=1, le=10_000)]
    origin: Origin
    epoch: Count
    sequence: Count
    mode: Mode
    regime: Hex32
    marking: Marking
    observed: Observed
    references: Annotated[tuple[Reference, ...], Meta(max_length=64)]
    encryption: Encryption | None
    signatures: Annotated[tuple[OfficerSignature, ...], Meta(max_length=8)]
    body: Raw


_DECODER = msgspec.json.Decoder(Statement, strict=True)
_ENCODER = msgspec.json.Encoder()


def encode(statement: Statement) -> bytes:
    """Bytes to be logged. They are what is hashed and signed; nobody encodes them a second time."""
    try:
        data = _ENCODER.encode(statement)
    except UnicodeEncodeError as error:
        raise WireError(f"statement with text that is not Unicode: {error}") from error
    if len(data) > MAX_ENTRY_BYTES:
        raise WireError(f"statement of {len(data)} bytes: an entry holds at most {MAX_ENTRY_BYTES}", data)
    return data


def decode(data: bytes) -> Statement:
    """The envelope of an entry; the body stays raw. Raises WireError naming the field."""
    if len(data) > MAX_ENTRY_BYTES:
        raise WireError(f"entry of {len(data)} bytes: at most {MAX_ENTRY_BYTES} expected", data)
    try:
        statement = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"not a statement: {error}", data) from error
    refuse_duplicate_names(data, _ENCODER.encode(statement))
    return statement


@lru_cache(maxsize=256)
def mode_of(origin: str, otherwise: Mode) -> Mode:
    """The mode to which an origin is bound (tocsin.exercise/..., tocsin.live/...); `otherwise` for other origins."""
    bound: dict[str, Mode] = {"tocsin.exercise": "exercise", "tocsin.live": "live"}
    return bound.get(origin.split("/", maxsplit=1)[0], otherwise)


def entry_sha256(data: bytes) -> str:
    """Hex SHA-256 of an entry's raw bytes: its name in references, proposals and votes (V1)."""
    return hashlib.sha256(data).hexdigest()


def officer_message(statement: Statement) -> bytes:
    """What an officer signs: domain tag and every field that gives the body its meaning, length-prefixed.

    The sequence and the observed time are left out, because they are set by the log after the person signed.
    """
    parts = (
        b"tocsin/officer/v1",
        statement.kind.encode(),
        str(statement.schema).encode(),
        statement.origin.encode(),
        str(statement.epoch).encode(),
        statement.mode.encode(),
        statement.regime.encode(),
        _ENCODER.encode(statement.references),
        bytes(statement.body),
    )
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
