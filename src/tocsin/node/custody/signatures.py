"""Verifying a signature by a public half: Ed25519, P-256, ML-DSA-44, and WebAuthn assertions of the first two.

A WebAuthn assertion (W3C Web Authentication Level 2, section 7.2) signs authenticatorData and the hash of
clientDataJSON. Its challenge is the SHA-256 of the message, so that the person's key covers the statement itself and
not a session with our server. Both byte strings travel in the `context` of the signature.
"""

import base64
import binascii
import hashlib
import struct
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Meta, Struct

from tocsin.wire.custody import KeyScheme, PublicHalf
from tocsin.wire.officer import Terms

USER_PRESENT, USER_VERIFIED = 0x01, 0x04
MIN_AUTHENTICATOR_DATA = 37  # hash of the relying party, flags, counter
WEBAUTHN = {"webauthn-ed25519": "ed25519", "webauthn-p256": "p256"}


class Assertion(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`context` of a WebAuthn signature: both parts base64."""

    authenticator_data: Annotated[str, Meta(max_length=2_000)]
    client_data_json: Annotated[str, Meta(max_length=5_000)]
    terms: Terms | None = None


class ClientData(Struct, frozen=True, kw_only=True):
    """What of clientDataJSON counts; browsers may add members (section 5.8.1)."""

    type: str
    challenge: str
    origin: str
    crossOrigin: bool = False  # noqa: N815 (the name in the specification)


def key_id(key: PublicHalf) -> str:
    """Name of a key: the first 16 hex digits of SHA-256 over its scheme and bytes."""
    return hashlib.sha256(f"tocsin officer key v1\n{key.scheme}\n{key.public}".encode()).hexdigest()[:16]


def public_half(scheme: KeyScheme, raw: bytes) -> PublicHalf:
    """A public half from raw bytes."""
    return PublicHalf(scheme=scheme, public=base64.b64encode(raw).decode())


def verifies(
    key: PublicHalf, signature: bytes, message: bytes, context: str, relying_party: str, web_origins: tuple[str, ...]
) -> bool:
    """Whether `signature` over `message` is by this key. Never raises for what the bytes are."""
    try:
        public = base64.b64decode(key.public, validate=True)
    except (binascii.Error, ValueError):
        return False
    if key.scheme in WEBAUTHN:
        signed = _asserted(message, context, relying_party, web_origins)
        return signed is not None and _plain(WEBAUTHN[key.scheme], public, signature, signed)
    return _plain(key.scheme, public, signature, message)


def challenge(message: bytes) -> str:
    """The WebAuthn challenge of a message, as browsers write it in clientDataJSON: base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(message).digest()).rstrip(b"=").decode()


def _asserted(message: bytes, context: str, relying_party: str, web_origins: tuple[str, ...]) -> bytes | None:
    """The bytes that the authenticator signed, None if they do not belong to this message and relying party."""
    try:
        assertion = msgspec.json.decode(context, type=Assertion)
        data = base64.b64decode(assertion.authenticator_data, validate=True)
        client = base64.b64decode(assertion.client_data_json, validate=True)
        said = msgspec.json.decode(client, type=ClientData)
    except (msgspec.MsgspecError, UnicodeError, binascii.Error, ValueError, RecursionError):
        return None
    if len(data) < MIN_AUTHENTICATOR_DATA or not relying_party:
        return None
    (flags,) = struct.unpack_from(">B", data, 32)
    wanted = USER_PRESENT | USER_VERIFIED  # a person was there, and showed who they are (PIN or finger)
    sound = (
        said.type == "webauthn.get"
        and said.challenge == challenge(message)
        and said.origin in web_origins
        and not said.crossOrigin
        and data[:32] == hashlib.sha256(relying_party.encode()).digest()
        and flags & wanted == wanted
    )
    return data + hashlib.sha256(client).digest() if sound else None


def _plain(scheme: str, public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        if scheme == "ed25519":
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        elif scheme == "mldsa44":
            MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
        else:
            point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
            point.verify(signature, message, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
