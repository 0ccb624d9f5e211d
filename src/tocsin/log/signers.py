"""Software signers: private keys held in memory. A token or a file of keys is another implementation of the port.

Ed25519 signatures are a function of key and message. ML-DSA-44 is as the library makes it, randomised; `replayable`
takes its place in simulations that must give the same bytes twice.
"""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from tocsin.log.keys import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, ED25519, VerifierKey
from tocsin.log.replayable import ReplayableKey, replayable_key


@dataclass(frozen=True, slots=True)
class SoftwareSigner:
    """A private key and the public half under which it signs."""

    key: VerifierKey
    _private: Ed25519PrivateKey | MLDSA44PrivateKey | ReplayableKey

    def sign(self, message: bytes) -> bytes:
        """Raw signature over `message`."""
        return self._private.sign(message)


def signer_from_seed(name: str, algorithm: int, seed: bytes) -> SoftwareSigner:
    """The signer of this name and type whose private key is `seed` (32 bytes; RFC 8032 key, FIPS 204 seed)."""
    if len(seed) != 32:
        raise AssertionError(f"a key seed has 32 bytes, not {len(seed)}")
    private: Ed25519PrivateKey | MLDSA44PrivateKey
    if algorithm == COSIGNATURE_MLDSA44:
        private = MLDSA44PrivateKey.from_seed_bytes(seed)
    else:
        private = Ed25519PrivateKey.from_private_bytes(seed)
    return SoftwareSigner(VerifierKey(name, algorithm, private.public_key().public_bytes_raw()), private)


def derived_seed(master: bytes, *labels: str) -> bytes:
    """Key seed for a purpose, so that one secret (or one simulation seed) gives unrelated keys."""
    path = b"".join(len(label).to_bytes(2, "big") + label.encode() for label in labels)
    return hashlib.sha256(b"tocsin key seed v1\n" + len(master).to_bytes(2, "big") + master + path).digest()


def log_signers(
    origin: str, master: bytes, *, hybrid: bool = True, replayable: bool = False
) -> tuple[SoftwareSigner, ...]:
    """Signers of a log: 0x01, and 0x06 where `hybrid` (L9). `replayable` is for simulation (tocsin.log.replayable)."""
    types = (ED25519, COSIGNATURE_MLDSA44) if hybrid else (ED25519,)
    return tuple(_derived(origin, "log", algorithm, master, replayable) for algorithm in types)


def mirror_signers(
    name: str, master: bytes, *, hybrid: bool = True, replayable: bool = False
) -> tuple[SoftwareSigner, ...]:
    """Signers of a mirror: 0x04, and 0x06 where `hybrid`; `name` differs from every log's origin (trap 2)."""
    types = (COSIGNATURE_ED25519, COSIGNATURE_MLDSA44) if hybrid else (COSIGNATURE_ED25519,)
    return tuple(_derived(name, "mirror", algorithm, master, replayable) for algorithm in types)


def _derived(name: str, role: str, algorithm: int, master: bytes, replayable: bool) -> SoftwareSigner:
    seed = derived_seed(master, role, name, str(algorithm))
    if replayable and algorithm == COSIGNATURE_MLDSA44:
        private = replayable_key(seed)
        return SoftwareSigner(VerifierKey(name, algorithm, private.public), private)
    return signer_from_seed(name, algorithm, seed)
