"""Verifier keys (vkeys) of signed notes, key ids, and raw signature verification.

Types: 0x01 Ed25519 over the text; 0x04 Ed25519 cosignature; 0x06 ML-DSA-44 cosignature (C2SP tlog-cosignature
v1.1.0-rc.1, FIPS 204). One key serves one type and one purpose: 0x04 does not bind the cosigner's name.
"""

import base64
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from msgspec import Struct
from msgspec.structs import force_setattr

from tocsin.log.errors import NoteError
from tocsin.log.note import MAX_NAME_BYTES, check_name, decode_base64

ED25519 = 0x01
COSIGNATURE_ED25519 = 0x04
COSIGNATURE_MLDSA44 = 0x06

PUBLIC_BYTES = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_MLDSA44: 1312}
SIGNATURE_BYTES = {ED25519: 64, COSIGNATURE_ED25519: 64, COSIGNATURE_MLDSA44: 2420}
LOG_TYPES = frozenset({ED25519, COSIGNATURE_MLDSA44})
COSIGNER_TYPES = frozenset({COSIGNATURE_ED25519, COSIGNATURE_MLDSA44})


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """First four bytes of SHA-256(name, newline, type, public key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


class VerifierKey(Struct, frozen=True, gc=False, cache_hash=True):
    """A trusted public key: note key name, signature type, public key bytes.

    `key_id`: the four bytes that, with the name, tell whose a signature line is.
    """

    name: str
    algorithm: int
    public: bytes
    key_id: bytes = b""

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.algorithm not in PUBLIC_BYTES:
            raise NoteError(f"key {self.name}: unknown type 0x{self.algorithm:02x}, expected 0x01, 0x04 or 0x06")
        if len(self.public) != PUBLIC_BYTES[self.algorithm]:
            raise NoteError(
                f"key {self.name}: {len(self.public)} bytes, expected {PUBLIC_BYTES[self.algorithm]}", self.public
            )
        force_setattr(self, "key_id", key_id(self.name, self.algorithm, self.public))

    @property
    def text(self) -> str:
        """The vkey: name+hex(id)+base64(type, public key)."""
        value = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{value}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the type and public key, hex: for comparing keys by voice."""
        return hashlib.sha256(bytes([self.algorithm]) + self.public).hexdigest()

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (raw, without key id and time) is by this key over `message`."""
        if len(signature) != SIGNATURE_BYTES[self.algorithm]:
            return False
        try:
            _loaded(self.algorithm, self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def parse_vkey(text: str) -> VerifierKey:
    """Parse a vkey; its key id must be the one the name and key give. Raises NoteError."""
    if len(text) > MAX_NAME_BYTES + 2 + 8 + 4 * (PUBLIC_BYTES[COSIGNATURE_MLDSA44] + 3) // 3 + 4:
        raise NoteError("verifier key: too long for any known type")
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise NoteError("verifier key: expected name+id+key")
    name, id_hex, value = parts
    check_name(name)
    if not value.isascii():
        raise NoteError(f"verifier key {name}: expected base64")
    material = decode_base64(value.encode(), f"verifier key {name}")
    if len(material) < 2:
        raise NoteError(f"verifier key {name}: expected a type and a public key", material)
    key = VerifierKey(name, material[0], material[1:])
    if id_hex != key.key_id.hex():
        raise NoteError(f"verifier key {name}: id is {id_hex[:16]!r}, expected {key.key_id.hex()}", material)
    _loaded(key.algorithm, key.public)
    return key


@lru_cache(maxsize=1024)
def _loaded(algorithm: int, public: bytes) -> Ed25519PublicKey | MLDSA44PublicKey:
    try:
        if algorithm == COSIGNATURE_MLDSA44:
            return MLDSA44PublicKey.from_public_bytes(public)
        return Ed25519PublicKey.from_public_bytes(public)
    except ValueError as error:
        raise NoteError("public key: not a key of its type", public) from error
