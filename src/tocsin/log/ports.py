"""What a log needs from outside: a store, a compare-and-set cell, signers, a clock. No implementation here.

All calls are synchronous. A port that cannot do its work raises tocsin.errors.Outage and may be asked again.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from tocsin.log.keys import VerifierKey

TileId = tuple[int, int]
"""(level, index) of a tile; its bytes are the hashes held so far, 32 to 8192 bytes."""


class Clock(Protocol):
    """A wall clock; it may be wrong and may step back."""

    def posix_s(self) -> int:
        """POSIX time in whole seconds."""
        ...


class Signer(Protocol):
    """A private key somewhere (memory, file, token)."""

    @property
    def key(self) -> VerifierKey:
        """The public half, with the name and type under which it signs."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Raw signature over `message`: 64 bytes (Ed25519) or 2,420 (ML-DSA-44)."""
        ...


class LogReader(Protocol):
    """Reading half of a store; what it returns is checked against the signed root, never trusted."""

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries [start, end) as stored; fewer if the store ends or a page is missing."""
        ...

    def tile(self, level: int, index: int) -> bytes:
        """Widest version held of a tile (32 bytes a hash), empty if there is none."""
        ...


class LogStore(LogReader, Protocol):
    """Entries and tiles of one log, with one writer.

    A partial tile is a prefix of its full one, so that only the widest is kept.
    """

    def put_entries(self, start: int, entries: Sequence[bytes]) -> None:
        """Hold `entries` from index `start` on, in place of whatever was held at and past `start`."""
        ...

    def put_tiles(self, tiles: Mapping[TileId, bytes]) -> None:
        """Hold these tiles in place of earlier versions."""
        ...

    def sync(self) -> None:
        """Return only when everything put so far survives a power cut."""
        ...


class CheckpointStore(Protocol):
    """A few small cells with durable compare-and-set.

    Never restored from a backup and never on an asynchronous replica: a log would fork itself (L1).
    """

    def load(self, name: str) -> bytes | None:
        """Value of a cell, None if it was never set."""
        ...

    def swap(self, name: str, old: bytes | None, new: bytes) -> bool:
        """Set a cell to `new` if it holds `old`; durable on return. False if it holds something else.

        After an Outage the swap has happened or never will; the caller loads the cell to learn which.
        """
        ...
