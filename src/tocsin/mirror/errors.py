"""Failures at the gate.

    BadEvidence
    └── MirrorError
        ├── EntriesDoNotFit     entries that do not hash to the signed root they came with
        ├── Inconsistent        nothing shows that the new checkpoint extends the one we hold; nothing proves a fork
        ├── Equivocation        proof that the log signed two histories; stands beside Fork, in tocsin.mirror.evidence
        ├── ReceiptError        a receipt that is missing, or does not belong to the checkpoint
        └── BundleError         a bundle or evidence file that cannot be read
    Outage
    ├── OutOfStep               an honest offer that does not start where we stand; carries the size we hold
    └── StateConflict           another process moved this mirror's state: load it again
    Refusal
    └── OverQuota               an offer larger than this mirror takes at once; carries the limit

What tocsin.log raises about a note, signature or proof passes through: it is BadEvidence already.
"""

from tocsin.errors import BadEvidence, Outage, Refusal


class MirrorError(BadEvidence):
    """Bytes that did not pass the gate."""


class EntriesDoNotFit(MirrorError):  # noqa: N818 (the name says what it is)
    """The entries do not hash to the signed root: withheld, altered or cut off."""


class Inconsistent(MirrorError):  # noqa: N818 (the name says what it is)
    """The offer does not show that the signed checkpoint extends the one we hold.

    Not proof of a fork: anyone can send a checkpoint with a wrong proof. `held` and `offered` are the two signed
    notes; an honest log answers them with a consistency proof, at any time.
    """

    def __init__(self, message: str, held: bytes, offered: bytes) -> None:
        super().__init__(message, offered)
        self.held = held
        self.offered = offered


class ReceiptError(MirrorError):
    """A receipt that is missing, wrong, or for another checkpoint."""


class BundleError(MirrorError):
    """A bundle or evidence file that cannot be read."""


class OutOfStep(Outage):
    """The offer does not start where this mirror stands; offer again from `held_size`."""

    def __init__(self, message: str, held_size: int) -> None:
        super().__init__(message)
        self.held_size = held_size


class StateConflict(Outage):
    """Another process moved this mirror's state; the offer was not answered and may be made again."""


class OverQuota(Refusal):
    """An offer larger than this mirror takes at once."""
