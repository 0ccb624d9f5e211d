"""Signatures for simulated campaigns: keyed hashes, a hundred times as fast as real ones, and forgeable by anybody.

They stand behind the ports of tocsin.log and can never be confused with real keys: only a process that makes FastKey
objects verifies them. NEVER for a real log.
"""

import hashlib
from dataclasses import dataclass

from tocsin.log.keys import COSIGNATURE_ED25519, ED25519, VerifierKey
from tocsin.log.ports import Signer
from tocsin.log.signers import derived_seed, log_signers, mirror_signers


class FastKey(VerifierKey, frozen=True, gc=False, cache_hash=True):
    """A key whose signature over a message is BLAKE2b(message) keyed by its public part."""

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` is the keyed hash of `message`."""
        return signature == fast_signature(self, message)


def fast_signature(key: VerifierKey, message: bytes) -> bytes:
    """64 bytes."""
    return hashlib.blake2b(message, key=key.public, digest_size=64).digest()


@dataclass(frozen=True, slots=True)
class FastSigner:
    """`log.ports.Signer` over a FastKey."""

    key: VerifierKey

    def sign(self, message: bytes) -> bytes:
        """The keyed hash."""
        return fast_signature(self.key, message)


@dataclass(frozen=True, slots=True)
class Keys:
    """Signers of one simulated party, by seed and name."""

    master: bytes
    origin: str
    real: bool = False

    def log(self, origin: str) -> tuple[Signer, ...]:
        """Signers of one of its logs."""
        if self.real:
            return log_signers(origin, self.master, hybrid=False)
        return (FastSigner(FastKey(origin, ED25519, derived_seed(self.master, "log", origin))),)

    @property
    def mirror(self) -> tuple[Signer, ...]:
        """Signers of its receipts."""
        name = f"{self.origin}/mirror"
        if self.real:
            return mirror_signers(name, self.master, hybrid=False)
        return (FastSigner(FastKey(name, COSIGNATURE_ED25519, derived_seed(self.master, "mirror", name))),)
