"""Keys that open what is meant for one party: the port, X-Wing behind it, and a stand-in that replays.

X-Wing is the hybrid of ML-KEM-768 and X25519 (draft-connolly-cfrg-xwing-kem; in HPKE, RFC 9180, KEM 0x647a with
HKDF-SHA256 and ChaCha20-Poly1305): what is recorded today stays closed while either of the two holds. A private key is
32 bytes, stretched by SHAKE-256 as that draft says. Published vectors: tests/adapters/test_vault.py.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tocsin.errors import BadEvidence, Refusal
from tocsin.wire.confidential import EncryptionKey

XWING, REPLAY = "xwing-hpke", "x25519-replay"
MLKEM_PUBLIC = 1_184
XWING_PUBLIC = MLKEM_PUBLIC + 32
ZERO_NONCE = bytes(12)  # every key seals once
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Vault(Protocol):
    """A party's private decryption key, and fresh chance for keys and salts."""

    @property
    def key(self) -> EncryptionKey:
        """The public half, as partners compare it."""
        ...

    def fresh(self) -> bytes:
        """32 bytes that nobody can guess."""
        ...

    def wrap(self, key: EncryptionKey, secret: bytes, info: bytes) -> bytes:
        """`secret` for the holder of `key` alone. Raises Refusal for a scheme that this vault does not use."""
        ...

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """What was wrapped for this vault under the same `info`. Raises BadEvidence."""
        ...


def encryption_key_id(key: EncryptionKey) -> str:
    """Name of an encryption key: 16 hex digits of SHA-256 over its scheme and bytes."""
    return hashlib.sha256(f"tocsin encryption key v1\n{key.scheme}\n{key.public}".encode()).hexdigest()[:16]


class XWingVault:
    """The real one. `chance` gives random bytes; HPKE draws its own inside the library."""

    def __init__(self, party: str, seed: bytes, chance: Callable[[int], bytes]) -> None:
        self._chance = chance
        self._private, public = xwing_private(seed)
        self.key = EncryptionKey(party=party, scheme=XWING, public=base64.b64encode(public).decode())

    def fresh(self) -> bytes:
        """32 random bytes."""
        return self._chance(32)

    def wrap(self, key: EncryptionKey, secret: bytes, info: bytes) -> bytes:
        """1,168 bytes for a secret of 32: encapsulation, then ciphertext."""
        if key.scheme != XWING:
            raise Refusal(f"encryption key of {key.party}: scheme {key.scheme}; {XWING} was expected")
        return _SUITE.encrypt(secret, xwing_public(key), info)

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """The secret again."""
        try:
            return _SUITE.decrypt(wrapped, self._private, info)
        except (InvalidTag, ValueError) as error:
            raise BadEvidence("wrapped key: it does not open with our key", wrapped) from error


def xwing_private(seed: bytes) -> tuple[MLKEM768X25519PrivateKey, bytes]:
    """(private key, 1,216 bytes of its public half) of a seed of 32 bytes."""
    if len(seed) != 32:
        raise AssertionError(f"an encryption seed has 32 bytes, not {len(seed)}")
    stretched = hashlib.shake_256(seed).digest(96)
    kem, dh = MLKEM768PrivateKey.from_seed_bytes(stretched[:64]), X25519PrivateKey.from_private_bytes(stretched[64:])
    public = kem.public_key().public_bytes_raw() + dh.public_key().public_bytes_raw()
    return MLKEM768X25519PrivateKey(kem, dh), public


def xwing_public(key: EncryptionKey) -> MLKEM768X25519PublicKey:
    """A public key from a card or a log. Raises BadEvidence."""
    try:
        raw = base64.b64decode(key.public, validate=True)
        if len(raw) != XWING_PUBLIC:
            raise ValueError(f"{len(raw)} bytes, {XWING_PUBLIC} expected")
        kem = MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC])
        return MLKEM768X25519PublicKey(kem, X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC:]))
    except (binascii.Error, ValueError) as error:
        raise BadEvidence(f"encryption key of {key.party}: {error}", key.public.encode()) from error


class ReplayableVault:
    """For simulation alone: X25519 without the post-quantum half, and all its chance from a seed. One seed, one run.

    NEVER for a real key: the real vault refuses this scheme, and this one refuses real keys.
    """

    def __init__(self, party: str, seed: bytes) -> None:
        self._seed, self._drawn = seed, 0
        self._private = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"replay key\n" + seed).digest())
        raw = self._private.public_key().public_bytes_raw()
        self.key = EncryptionKey(party=party, scheme=REPLAY, public=base64.b64encode(raw).decode())

    def fresh(self) -> bytes:
        """The next 32 bytes of the seed's stream."""
        self._drawn += 1
        return hashlib.sha256(b"replay chance\n" + self._seed + self._drawn.to_bytes(8, "big")).digest()

    def wrap(self, key: EncryptionKey, secret: bytes, info: bytes) -> bytes:
        """Ephemeral key and ciphertext."""
        if key.scheme != REPLAY:
            raise Refusal(f"encryption key of {key.party}: scheme {key.scheme} in a simulation; {REPLAY} was expected")
        once = X25519PrivateKey.from_private_bytes(self.fresh())
        public = once.public_key().public_bytes_raw()
        shared = once.exchange(X25519PublicKey.from_public_bytes(base64.b64decode(key.public)))
        return public + ChaCha20Poly1305(_derived(shared, public + info)).encrypt(ZERO_NONCE, secret, info)

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """The secret again."""
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(wrapped[:32]))
            key = _derived(shared, wrapped[:32] + info)
            return ChaCha20Poly1305(key).decrypt(ZERO_NONCE, wrapped[32:], info)
        except (InvalidTag, ValueError) as error:
            raise BadEvidence("wrapped key: it does not open with our key", wrapped) from error


def _derived(shared: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"tocsin replay v1\n" + info).derive(shared)
