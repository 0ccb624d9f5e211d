"""`Verified`: an entry that passed the gate. Authentic, unaltered, as held. It never means true."""

import hashlib
from dataclasses import InitVar, dataclass, field

_SEAL = object()


@dataclass(frozen=True, slots=True)
class Verified:
    """One entry of a log, made only inside tocsin.mirror.

    `data` are the bytes as logged. `t_receipt_s` is the POSIX time of the first receipt that this mirror gave for
    it, None where it gave none.
    """

    origin: str
    index: int
    data: bytes
    t_receipt_s: int | None = None
    seal: InitVar[object] = None
    _sha256: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise AssertionError("only tocsin.mirror makes Verified entries: offer the bytes to a Mirror")

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes as logged, in hex, as references and votes name it (V1)."""
        if not self._sha256:
            object.__setattr__(self, "_sha256", hashlib.sha256(self.data).hexdigest())
        return self._sha256


def seal_entry(origin: str, index: int, data: bytes, t_receipt_s: int | None) -> Verified:
    """For this package alone (tests/mirror/test_gate.py holds that)."""
    return Verified(origin, index, data, t_receipt_s, _SEAL)
