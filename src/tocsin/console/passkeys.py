"""Passkeys (W3C Web Authentication Level 2): registration, and assertions over a login or over a statement.

Attestation is not asked for (`none`): whose key it is follows from the invitation that its person brought, and from the
roster that the root keys sign. An assertion over a statement is a signature like any other (`custody.signatures`).
"""

import base64
import binascii
import hashlib
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from tocsin.console.cbor import decode, decode_first
from tocsin.errors import BadEvidence
from tocsin.node.custody.signatures import Assertion, ClientData, key_id, public_half, verifies
from tocsin.wire.custody import PublicHalf
from tocsin.wire.envelope import OfficerSignature
from tocsin.wire.officer import Terms

Base64Url = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,8000}$")]
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ALGORITHMS = ({"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -7})
MAX_CREDENTIAL_BYTES = 1_023
LOGIN = b"tocsin/login/v1\0"


class Attested(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a browser returns from `navigator.credentials.create`, each part base64url."""

    client_data_json: Base64Url
    attestation_object: Base64Url


class Asserted(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a browser returns from `navigator.credentials.get`, each part base64url."""

    credential_id: Base64Url
    client_data_json: Base64Url
    authenticator_data: Base64Url
    signature: Base64Url


class Badge(Struct, frozen=True, kw_only=True):
    """A registered passkey. `count` is its last signature counter, 0 where it keeps none."""

    credential_id: str
    public: PublicHalf
    count: int = 0


class PasskeyError(BadEvidence):
    """Not a passkey's answer to what was asked."""


def unpadded(data: bytes) -> str:
    """Base64url without padding, as browsers write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    """The bytes of base64url text. Raises PasskeyError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise PasskeyError(f"base64url was expected: {error}", text.encode()) from error


def register(answer: Attested, nonce: bytes, relying_party: str, web_origins: tuple[str, ...]) -> Badge:
    """The badge of a new passkey (section 7.1, without attestation). Raises PasskeyError or CborError."""
    client = raw(answer.client_data_json)
    _client(client, "webauthn.create", unpadded(nonce), web_origins)
    made = decode(raw(answer.attestation_object))
    data = made.get("authData") if isinstance(made, dict) else None
    if not isinstance(data, bytes) or len(data) < 55:
        raise PasskeyError("attestation without authenticator data", client)
    flags = data[32]
    if data[:32] != hashlib.sha256(relying_party.encode()).digest():
        raise PasskeyError(f"made for another site: {relying_party} was expected", data)
    if flags & (PRESENT | VERIFIED | ATTESTED) != PRESENT | VERIFIED | ATTESTED:
        raise PasskeyError("the person was not verified by the authenticator (PIN or finger)", data)
    length = int.from_bytes(data[53:55], "big")
    credential, rest = data[55 : 55 + length], data[55 + length :]
    if not 0 < len(credential) == length <= MAX_CREDENTIAL_BYTES:
        raise PasskeyError("a credential id of 1 to 1,023 bytes was expected", data)
    key, _ = decode_first(rest)
    count = int.from_bytes(data[33:37], "big")
    return Badge(credential_id=unpadded(credential), public=cose_key(key), count=count)


def cose_key(key: Any) -> PublicHalf:
    """A public half from a COSE key (RFC 9053): Ed25519, or ECDSA on P-256."""
    if isinstance(key, dict) and (key.get(1), key.get(3), key.get(-1)) == (1, -8, 6):
        x = key.get(-2)
        if isinstance(x, bytes) and len(x) == 32:
            return public_half("webauthn-ed25519", x)
    if isinstance(key, dict) and (key.get(1), key.get(3), key.get(-1)) == (2, -7, 1):
        x, y = key.get(-2), key.get(-3)
        if isinstance(x, bytes) and isinstance(y, bytes) and len(x) == len(y) == 32:
            return public_half("webauthn-p256", b"\x04" + x + y)
    raise PasskeyError("the passkey's key is of another kind: Ed25519 or P-256 was expected")


def signature_of(answer: Asserted, badge: Badge, role: str, terms: Terms | None = None) -> OfficerSignature:
    """The assertion as an officer's signature in an envelope; what it is worth is for `custody.roster` to say.

    With `terms` it is of version 2: the challenge was that of the message under these terms.
    """
    context = Assertion(
        authenticator_data=base64.b64encode(raw(answer.authenticator_data)).decode(),
        client_data_json=base64.b64encode(raw(answer.client_data_json)).decode(),
        terms=terms,
    )
    return OfficerSignature(
        scheme=badge.public.scheme, key_id=key_id(badge.public), role=role,
        value=base64.b64encode(raw(answer.signature)).decode(), context=msgspec.json.encode(context).decode(),
    )  # fmt: skip


def login_message(nonce: bytes) -> bytes:
    """What a login's assertion covers: never a statement, whatever the nonce."""
    return LOGIN + nonce


def logged_in(
    answer: Asserted, badge: Badge, nonce: bytes, relying_party: str, web_origins: tuple[str, ...]
) -> Badge:
    """The badge with its new counter. Raises PasskeyError for an assertion that is not this badge's over this nonce."""
    found = signature_of(answer, badge, "login")
    good = verifies(
        badge.public, base64.b64decode(found.value), login_message(nonce), found.context, relying_party, web_origins
    )
    if not good:
        raise PasskeyError("the passkey's answer does not fit: try again, with the passkey of this site")
    count = int.from_bytes(raw(answer.authenticator_data)[33:37], "big")
    if (count or badge.count) and count <= badge.count:
        raise PasskeyError("the passkey's counter went back: it may have been copied; enrol a new one")
    return msgspec.structs.replace(badge, count=count)


def _client(data: bytes, kind: str, challenge: str, web_origins: tuple[str, ...]) -> None:
    try:
        said = msgspec.json.decode(data, type=ClientData)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PasskeyError(f"clientDataJSON: {error}", data) from error
    if said.type != kind or said.challenge != challenge or said.crossOrigin:
        raise PasskeyError("the answer is to another question: ask again", data)
    if said.origin not in web_origins:
        raise PasskeyError(f"made at {said.origin}; one of {', '.join(web_origins)} was expected", data)
