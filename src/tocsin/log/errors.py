"""Failures of logs.

    BadEvidence
    └── LogError                bytes that break a format, a signature or a proof
        ├── NoteError           not a signed note, a key or a signature line
        ├── CheckpointError     a note whose text is not a checkpoint
        ├── SignatureError      a required signature is missing, or a known key's signature is wrong
        ├── ProofError          a Merkle proof that does not lead to the root
        ├── TileError           a tile, bundle or path that cannot be what it claims
        └── PolicyError         a trust policy that cannot be read
    Outage
    └── StoreConflict           another writer moved the checkpoint: this one must stop
    Refusal
    ├── EntryRefused            an entry that no log of this format can hold
    └── BehindPartner           a partner holds a checkpoint of ours that our store does not lead to (L1)

The roots are those of tocsin.errors.
"""

from tocsin.errors import BadEvidence, Outage, Refusal


class LogError(BadEvidence):
    """Bytes that break a format, a signature or a proof."""


class NoteError(LogError):
    """Not a signed note, a verifier key or a signature line."""


class CheckpointError(LogError):
    """A note whose text is not a checkpoint."""


class SignatureError(LogError):
    """A required signature is missing, or the signature of a known key is wrong."""


class ProofError(LogError):
    """A Merkle proof that does not lead to the root."""


class TileError(LogError):
    """A tile, an entry bundle or a path that cannot be what it claims."""


class PolicyError(LogError):
    """A trust policy that cannot be read, or that trusts nobody."""


class StoreConflict(Outage):
    """The checkpoint store holds what this writer did not write: two writers on one log, so this one stops."""


class EntryRefused(Refusal):
    """An entry longer than the format can hold."""


class BehindPartner(Refusal):
    """A partner holds a checkpoint of ours that our store does not lead to: signing now would fork our own log."""
