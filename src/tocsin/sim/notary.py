"""Signatures that were made in this very process need no arithmetic to be believed.

A run signs each checkpoint once and has it verified two or three times by every centre. Here the signer notes what it
signed, and its public key answers from the notes; what is not there is verified as anywhere. The bytes in the logs are
the real signatures, and whoever verifies the exported logs verifies all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tocsin.log.keys import VerifierKey
from tocsin.log.ports import Signer
from tocsin.log.signers import SoftwareSigner

Notes = dict[bytes, bytes]
"""Message by signature."""


class NotedKey(VerifierKey, frozen=True, eq=False, kw_only=True):
    """The same public key, equal to itself without notes (`plain`)."""

    plain: VerifierKey
    notes: Notes

    def __eq__(self, other: object) -> bool:
        return self.plain == (other.plain if isinstance(other, NotedKey) else other)

    def __hash__(self) -> int:
        return hash(self.plain)

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is by this key over the message."""
        return self.notes.get(signature) == message or VerifierKey.verifies(self, message, signature)


@dataclass(frozen=True, slots=True)
class NotingSigner:
    """`log.ports.Signer` that remembers what it signed."""

    key: NotedKey
    _sign: Callable[[bytes], bytes]

    def sign(self, message: bytes) -> bytes:
        """Signature over `message`."""
        signature = self._sign(message)
        self.key.notes[signature] = message
        return signature


def noting(signers: tuple[SoftwareSigner, ...]) -> tuple[Signer, ...]:
    """The same signers, each with notes of its own."""
    return tuple(NotingSigner(_noted(one.key), one.sign) for one in signers)


def _noted(key: VerifierKey) -> NotedKey:
    return NotedKey(key.name, key.algorithm, key.public, plain=key, notes={})
